"""Odd certificates, each odd in one way. Deterministic but for signatures and keys."""
import os, sys, hashlib
from cryptography.hazmat.primitives.asymmetric import ec, rsa, padding
from cryptography.hazmat.primitives import hashes, serialization as ser
OUT=sys.argv[1]
def L(n):
    if n<128: return bytes([n])
    b=n.to_bytes((n.bit_length()+7)//8,'big'); return bytes([0x80|len(b)])+b
def T(tag,*c):
    c=b''.join(c); return bytes([tag])+L(len(c))+c
S=lambda *c:T(0x30,*c)
def oid(s):
    a=[int(x) for x in s.split('.')]; out=[a[0]*40+a[1]]
    for v in a[2:]:
        p=[v&127]; v>>=7
        while v: p.insert(0,(v&127)|128); v>>=7
        out+=p
    return T(6,bytes(out))
def I(n):
    l=(n.bit_length()//8)+1 if n>=0 else ((n+1).bit_length()//8)+1
    return T(2,n.to_bytes(l,'big',signed=True))
U=lambda s:T(0x0c,s.encode())
def attr(o,v): return T(0x31,S(oid(o),v))
def name(*rdn): return S(*rdn)
CN='2.5.4.3';O='2.5.4.10';C='2.5.4.6';EMAIL='1.2.840.113549.1.9.1'
def bits(b,unused=0): return T(3,bytes([unused])+b)
def ext(o,v,crit=None):
    c=b'' if crit is None else (T(1,b'\xff') if crit is True else T(1,crit))
    return S(oid(o),c,T(4,v))
ECDSA=S(oid('1.2.840.10045.4.3.2')); RSASIG=S(oid('1.2.840.113549.1.1.11'),T(5))
def spki(k): return k.public_key().public_bytes(ser.Encoding.DER,ser.PublicFormat.SubjectPublicKeyInfo)
def ski(sp):
    return hashlib.sha1(sp).digest()
HOST='server.example.test'
ROOTN=name(attr(O,U('Example')),attr(CN,U('Example Root')))
MIDN=name(attr(O,U('Example')),attr(CN,U('Example Issuing')))
LEAFN=name(attr(O,U('Example')),attr(CN,U(HOST)))
UT=lambda s:T(0x17,s.encode()); GT=lambda s:T(0x18,s.encode())
VALID=S(UT('261127160000Z'),UT('270226160000Z'))
CAVALID=S(UT('251127160000Z'),UT('340226160000Z'))
SAN='2.5.29.17';BC='2.5.29.19';KU='2.5.29.15';EKU='2.5.29.37';SKI='2.5.29.14';AKI='2.5.29.35';CDP='2.5.29.31';POL='2.5.29.32';AIA='1.3.6.1.5.5.7.1.1';NC='2.5.29.30'
rk=ec.generate_private_key(ec.SECP256R1()); mk=ec.generate_private_key(ec.SECP256R1()); lk=ec.generate_private_key(ec.SECP256R1())
rsak=rsa.generate_private_key(65537,2048)
mrsa=rsa.generate_private_key(65537,2048)
def sign(k,tbs,unused=0):
    if isinstance(k,rsa.RSAPrivateKey): s=k.sign(tbs,padding.PKCS1v15(),hashes.SHA256())
    else: s=k.sign(tbs,ec.ECDSA(hashes.SHA256()))
    return bits(s,unused)
def cert(**o):
    sp=o.get('spki') or spki(o.get('key',lk))
    alg=o.get('alg',ECDSA)
    tbs=S(o.get('version',T(0xa0,I(2))),o.get('serial',I(0x1234567890abcdef)),o.get('inner',alg),o.get('issuer',MIDN),o.get('valid',VALID),o.get('subject',LEAFN),sp,o.get('uids',b''),
      T(0xa3,S(*o['exts'])) if o.get('exts') is not None else b'', o.get('tbsmore',b''))
    if 'tbsedit' in o: tbs=o['tbsedit'](tbs)
    return S(tbs,o.get('outer',alg),sign(o.get('signer',mk),tbs,o.get('unused',0)))+o.get('tail',b'')
def caexts(k,issuer,pathlen=None,crit=True):
    return [ext(BC,S(T(1,b'\xff'),*( [I(pathlen)] if pathlen is not None else [])),True),ext(KU,bits(b'\x06',1),True),ext(SKI,T(4,ski(spki(k)))),ext(AKI,S(T(0x80,ski(spki(issuer)))))]
ROOT=cert(key=rk,signer=rk,issuer=ROOTN,subject=ROOTN,valid=CAVALID,serial=I(0x11223344),exts=caexts(rk,rk))
MID=cert(key=mk,signer=rk,issuer=ROOTN,subject=MIDN,valid=CAVALID,serial=I(0x55667788),exts=caexts(mk,rk))
DNS=lambda s:T(0x82,s if isinstance(s,bytes) else s.encode())
def base(key=None,**r):
    e={}
    sp=spki(key or lk)
    e['bc']=ext(BC,S()); e['ku']=ext(KU,bits(b'\x80',7),True); e['eku']=ext(EKU,S(oid('1.3.6.1.5.5.7.3.1')))
    e['ski']=ext(SKI,T(4,ski(sp))); e['aki']=ext(AKI,S(T(0x80,ski(spki(mk))))); e['san']=ext(SAN,S(DNS(HOST)))
    for k,v in r.items():
        if v is None: e.pop(k,None)
        else: e[k]=v
    return list(e.values())
cases={}
def case(n,der,key=None,chain=None,root=None,host=HOST): cases[n]=(der,key or lk,chain if chain is not None else [MID],root or ROOT,host)
def leaf(n,host=HOST,key=None,**o):
    o.setdefault('exts',base(key)); 
    if key: o['key']=key
    case(n,cert(**o),key,host=host)
def midcase(n,**o):
    m=dict(key=mk,signer=rk,issuer=ROOTN,subject=MIDN,valid=CAVALID,serial=I(0x55667788),exts=caexts(mk,rk)); m.update(o)
    case(n,cert(exts=base(),**({'issuer':o['subject']} if 'subject' in o else {})),chain=[cert(**m)])
leaf('plain')
leaf('boolean-01',exts=base(ku=ext(KU,bits(b'\x80',7),b'\x01')))
leaf('boolean-false-explicit',exts=base(ku=ext(KU,bits(b'\x80',7),b'\x00')))
leaf('bc-ca-false-explicit',exts=base(bc=ext(BC,S(T(1,b'\x00')))))
midcase('mid-boolean-01',exts=[ext(BC,S(T(1,b'\x01')),True)]+caexts(mk,rk)[1:])
midcase('mid-critical-01',exts=[ext(BC,S(T(1,b'\xff')),b'\x01')]+caexts(mk,rk)[1:])
for n,v in dict(under=b'dev_team',at=b'a@b',star=b'a*b',amp=b'a&b',semi=b'a;b',high=b'caf\xe9').items():
    leaf('printable-'+n,subject=name(attr(O,T(0x13,v)),attr(CN,U(HOST))))
leaf('ia5-high',subject=name(attr(O,U('Example')),attr(CN,U(HOST)),attr(EMAIL,T(0x16,b'caf\xe9@example.test'))))
leaf('numeric-alpha',subject=name(attr(O,T(0x12,b'abc')),attr(CN,U(HOST))))
leaf('utf8-latin1',subject=name(attr(O,T(0x0c,b'Caf\xe9')),attr(CN,U(HOST))))
leaf('bmp',subject=name(attr(O,T(0x1e,'Café'.encode('utf-16-be'))),attr(CN,U(HOST))))
leaf('bmp-odd',subject=name(attr(O,T(0x1e,b'abc')),attr(CN,U(HOST))))
leaf('bmp-surrogate',subject=name(attr(O,T(0x1e,b'\xd8\x3d\xde\x00')),attr(CN,U(HOST))))
leaf('teletex-latin1',subject=name(attr(O,T(0x14,b'Caf\xe9')),attr(CN,U(HOST))))
leaf('universal',subject=name(attr(O,T(0x1c,'Ex'.encode('utf-32-be'))),attr(CN,U(HOST))))
leaf('universal-odd',subject=name(attr(O,T(0x1c,b'abcde')),attr(CN,U(HOST))))
leaf('visible',subject=name(attr(O,T(0x1a,b'Example')),attr(CN,U(HOST))))
leaf('general-string',subject=name(attr(O,T(0x1b,b'Example')),attr(CN,U(HOST))))
leaf('attribute-integer',subject=name(attr(O,I(5)),attr(CN,U(HOST))))
leaf('attribute-octets',subject=name(attr(O,T(4,b'abc')),attr(CN,U(HOST))))
leaf('attribute-bits',subject=name(attr(O,U('x')),attr('2.5.4.45',bits(b'\x80',0)),attr(CN,U(HOST))))
leaf('attribute-sequence',subject=name(attr(O,S(U('x'))),attr(CN,U(HOST))))
leaf('attribute-empty',subject=name(attr(O,U('')),attr(CN,U(HOST))))
leaf('cn-long',subject=name(attr(O,U('Example')),attr(CN,U('x'*100))))
leaf('country-three',subject=name(attr(C,T(0x13,b'USA')),attr(CN,U(HOST))))
leaf('rdn-empty',subject=name(T(0x31),attr(CN,U(HOST))))
leaf('rdn-unsorted',subject=name(T(0x31,S(oid(O),U('b')),S(oid(CN),U('a')))))
leaf('subject-empty-san-critical',subject=S(),exts=base(san=ext(SAN,S(DNS(HOST)),True)))
leaf('subject-empty-san-not-critical',subject=S())
leaf('subject-empty-no-san',subject=S(),exts=base(san=None))
case('issuer-empty',cert(issuer=S(),exts=base()),chain=[cert(key=mk,signer=rk,issuer=ROOTN,subject=S(),valid=CAVALID,serial=I(5),exts=caexts(mk,rk))])
def rsaspki(n,e,null=T(5)): return S(S(oid('1.2.840.113549.1.1.1'),null),bits(S(I(n),I(e))))
pn=rsak.public_key().public_numbers()
rex=base(rsak,ku=ext(KU,bits(b'\xa0',5),True))
leaf('rsa-plain',key=rsak,exts=rex)
leaf('rsa-spki-no-null',key=rsak,spki=rsaspki(pn.n,pn.e,b''),exts=rex)
leaf('rsa-spki-params-odd',key=rsak,spki=rsaspki(pn.n,pn.e,S()),exts=rex)
MIDR=cert(key=mrsa,signer=rk,issuer=ROOTN,subject=MIDN,valid=CAVALID,serial=I(7),exts=caexts(mrsa,rk))
mn=mrsa.public_key().public_numbers()
def rleaf(n,chain,**o): case(n,cert(signer=mrsa,exts=base(aki=ext(AKI,S(T(0x80,ski(spki(mrsa)))))),**o),chain=chain)
rleaf('rsa-signed',[MIDR],alg=RSASIG)
rleaf('rsa-signature-no-null',[MIDR],alg=S(oid('1.2.840.113549.1.1.11')))
rleaf('rsa-ca-spki-no-null',[cert(key=mrsa,spki=rsaspki(mn.n,mn.e,b''),signer=rk,issuer=ROOTN,subject=MIDN,valid=CAVALID,serial=I(7),exts=caexts(mrsa,rk))],alg=RSASIG)
leaf('ecdsa-alg-null',alg=S(oid('1.2.840.10045.4.3.2'),T(5)))
rleaf('algorithms-differ',[MIDR],inner=S(oid('1.2.840.113549.1.1.13'),T(5)),outer=RSASIG)
rleaf('algorithms-differ-null',[MIDR],inner=S(oid('1.2.840.113549.1.1.11')),outer=RSASIG)
P=2**256-2**224+2**192+2**96-1
x9=S(I(1),S(oid('1.2.840.10045.1.1'),I(P)),S(T(4,(P-3).to_bytes(32,'big')),T(4,bytes.fromhex('5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b'))),T(4,bytes.fromhex('046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5')),I(int('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',16)),I(1))
def ecx(k): return S(S(oid('1.2.840.10045.2.1'),x9),bits(k.public_key().public_bytes(ser.Encoding.X962,ser.PublicFormat.UncompressedPoint)))
leaf('ec-explicit',spki=ecx(lk))
case('mid-ec-explicit',cert(exts=base()),chain=[cert(spki=ecx(mk),signer=rk,issuer=ROOTN,subject=MIDN,valid=CAVALID,serial=I(9),exts=caexts(mk,rk))])
leaf('ec-compressed',spki=S(S(oid('1.2.840.10045.2.1'),oid('1.2.840.10045.3.1.7')),bits(lk.public_key().public_bytes(ser.Encoding.X962,ser.PublicFormat.CompressedPoint))))
leaf('serial-negative',serial=T(2,b'\x80\x01'))
leaf('serial-zero',serial=I(0))
leaf('serial-20-high',serial=T(2,b'\x00'+b'\x81'*20))
leaf('serial-21',serial=T(2,b'\x01'*21))
leaf('serial-40',serial=T(2,b'\x01'*40))
leaf('serial-not-shortest',serial=T(2,b'\x00\x01\x02'))
leaf('serial-negative-not-shortest',serial=T(2,b'\xff\x81\x02'))
leaf('serial-empty',serial=T(2))
midcase('mid-serial-negative',serial=T(2,b'\x80\x01'))
leaf('san-empty',exts=base(san=ext(SAN,S())))
leaf('san-trailing',exts=base(san=ext(SAN,S(DNS(HOST))+b'\x00\x00')))
leaf('san-raw-utf8',exts=base(san=ext(SAN,S(DNS('sérver.example.test'),DNS(HOST)))))
leaf('san-latin1',exts=base(san=ext(SAN,S(DNS(b's\xe9rver.example.test'),DNS(HOST)))))
leaf('san-nul',exts=base(san=ext(SAN,S(DNS(b'www.example.test\x00.evil.test'),DNS(HOST)))))
leaf('san-ip-5',exts=base(san=ext(SAN,S(DNS(HOST),T(0x87,b'\x01\x02\x03\x04\x05')))))
leaf('san-ip-8',exts=base(san=ext(SAN,S(DNS(HOST),T(0x87,b'\x0a\0\0\0\xff\xff\xff\0')))))
leaf('san-tag-9',exts=base(san=ext(SAN,S(DNS(HOST),T(0x89,b'abc')))))
leaf('san-tag-a2',exts=base(san=ext(SAN,S(T(0xa2,HOST.encode())))))
leaf('san-uri-bad',exts=base(san=ext(SAN,S(DNS(HOST),T(0x86,b'http://[bad')))))
leaf('san-uri-relative',exts=base(san=ext(SAN,S(DNS(HOST),T(0x86,b'not a uri')))))
leaf('san-uri-utf8',exts=base(san=ext(SAN,S(DNS(HOST),T(0x86,'http://é/'.encode())))))
leaf('san-email-utf8',exts=base(san=ext(SAN,S(DNS(HOST),T(0x81,'é@example.test'.encode())))))
leaf('san-email-no-at',exts=base(san=ext(SAN,S(DNS(HOST),T(0x81,b'nobody')))))
leaf('san-dns-blank',exts=base(san=ext(SAN,S(DNS(HOST),DNS('two words')))))
leaf('san-dns-empty',exts=base(san=ext(SAN,S(DNS(HOST),DNS('')))))
leaf('san-dns-at',exts=base(san=ext(SAN,S(DNS(HOST),DNS('a@b')))))
leaf('san-underscore',host='my_server.example.test',exts=base(san=ext(SAN,S(DNS('my_server.example.test')))))
leaf('san-underscore-beside',exts=base(san=ext(SAN,S(DNS('my_server.example.test'),DNS(HOST)))))
leaf('san-twice',exts=base()+[ext(SAN,S(DNS('other.example.test')))])
leaf('ku-twice',exts=base()+[ext(KU,bits(b'\x80',7),True)])
leaf('unknown-twice',exts=base()+[ext('1.2.3.4',b'\x05\x00'),ext('1.2.3.4',b'\x05\x00')])
midcase('mid-bc-twice',exts=caexts(mk,rk)+caexts(mk,rk)[:1])
leaf('utc-no-seconds',valid=S(UT('2611271600Z'),UT('2702261600Z')))
leaf('utc-offset',valid=S(UT('261127160000+0100'),UT('270226160000+0100')))
leaf('utc-no-zone',valid=S(UT('261127160000'),UT('270226160000')))
leaf('general-fraction',valid=S(GT('20261127160000.5Z'),GT('20270226160000.5Z')))
leaf('general-before-2050',valid=S(GT('20261127160000Z'),GT('20270226160000Z')))
leaf('general-no-seconds',valid=S(GT('202611271600Z'),GT('202702261600Z')))
leaf('general-9999',valid=S(UT('261127160000Z'),GT('99991231235959Z')))
leaf('time-not-a-day',valid=S(UT('261127160000Z'),UT('270231160000Z')))
leaf('time-60',valid=S(UT('261127160060Z'),UT('270226160000Z')))
leaf('time-reversed',valid=S(UT('270226160000Z'),UT('261127160000Z')))
midcase('mid-general-fraction',valid=S(GT('20251127160000.5Z'),GT('20340226160000.5Z')))
leaf('trailing-outer',tail=b'\x00\x00')
leaf('trailing-tbs',tbsmore=b'\x05\x00')
leaf('version-4',version=T(0xa0,I(3)))
leaf('version-1-explicit-with-extensions',version=T(0xa0,I(0)))
leaf('version-absent-with-extensions',version=b'')
leaf('version-2-with-extensions',version=T(0xa0,I(1)))
leaf('version-absent',version=b'',exts=None)
leaf('version-3-no-extensions',exts=None)
leaf('extensions-empty',exts=[])
leaf('unique-ids',uids=T(0x81,b'\0\1\2')+T(0x82,b'\0\3\4'))
leaf('ku-empty',exts=base(ku=ext(KU,T(3,b'\0'),True)))
leaf('ku-zero',exts=base(ku=ext(KU,bits(b'\0',7),True)))
leaf('ku-unused-set',exts=base(ku=ext(KU,bits(b'\x81',7),True)))
leaf('ku-not-shortest',exts=base(ku=ext(KU,bits(b'\x80\x00',0),True)))
leaf('ku-not-minimal-unused',exts=base(ku=ext(KU,bits(b'\x80',0),True)))
leaf('ku-trailing',exts=base(ku=ext(KU,bits(b'\x80',7)+b'\0',True)))
leaf('ku-junk',exts=base(ku=ext(KU,b'\x05\x00\xff\xff',True)))
leaf('eku-empty',exts=base(eku=ext(EKU,S())))
leaf('eku-junk',exts=base(eku=ext(EKU,b'\x04\x01\0')))
leaf('eku-trailing',exts=base(eku=ext(EKU,S(oid('1.3.6.1.5.5.7.3.1'))+b'\0')))
leaf('bc-path-not-ca',exts=base(bc=ext(BC,S(I(0)))))
leaf('bc-path-negative',exts=base(bc=ext(BC,S(T(1,b'\xff'),I(-1)))))
leaf('bc-trailing',exts=base(bc=ext(BC,S()+b'\0')))
midcase('mid-bc-path-negative',exts=[ext(BC,S(T(1,b'\xff'),I(-1)),True)]+caexts(mk,rk)[1:])
leaf('ski-bare',exts=base(ski=ext(SKI,ski(spki(lk)))))
leaf('ski-empty',exts=base(ski=ext(SKI,T(4))))
leaf('aki-junk',exts=base(aki=ext(AKI,b'\x04\x02ab')))
leaf('aki-critical',exts=base(aki=ext(AKI,S(T(0x80,ski(spki(mk)))),True)))
leaf('aki-trailing',exts=base(aki=ext(AKI,S(T(0x80,ski(spki(mk))))+b'\0')))
leaf('aia-junk',exts=base()+[ext(AIA,b'\x04\x02ab')])
leaf('aia-critical',exts=base()+[ext(AIA,S(S(oid('1.3.6.1.5.5.7.48.2'),T(0x86,b'http://x/y'))),True)])
leaf('aia-empty',exts=base()+[ext(AIA,S())])
cdp=S(S(T(0xa0,T(0xa0,T(0x86,b'http://crl.example.test/c')))))
leaf('cdp-critical',exts=base()+[ext(CDP,cdp,True)])
leaf('cdp-junk',exts=base()+[ext(CDP,b'\x04\x02ab')])
leaf('cdp-empty',exts=base()+[ext(CDP,S())])
leaf('policy-critical',exts=base()+[ext(POL,S(S(oid('1.2.3.4'))),True)])
leaf('policy-twice',exts=base()+[ext(POL,S(S(oid('1.2.3.4')),S(oid('1.2.3.4'))))])
leaf('policy-empty',exts=base()+[ext(POL,S())])
leaf('policy-junk',exts=base()+[ext(POL,b'\x04\x02ab')])
leaf('nc-in-leaf',exts=base()+[ext(NC,S(T(0xa0,S(DNS('example.test')))),True)])
leaf('nc-junk',exts=base()+[ext(NC,b'\x04\x02ab')])
midcase('mid-nc-empty',exts=caexts(mk,rk)+[ext(NC,S(),True)])
midcase('mid-nc-min',exts=caexts(mk,rk)+[ext(NC,S(T(0xa0,S(DNS('example.test'),T(0x80,b'\x01')))),True)])
leaf('unknown-not-critical',exts=base()+[ext('1.2.3.4',b'junk')])
leaf('unknown-critical',exts=base()+[ext('1.2.3.4',b'junk',True)])
leaf('issuer-alt-critical',exts=base()+[ext('2.5.29.18',S(DNS('x')),True)])
leaf('tls-feature-critical',exts=base()+[ext('1.3.6.1.5.5.7.1.24',S(),True)])
leaf('sct-junk',exts=base()+[ext('1.3.6.1.4.1.11129.2.4.2',b'junk')])
leaf('ct-poison',exts=base()+[ext('1.3.6.1.4.1.11129.2.4.3',T(5),True)])
leaf('ns-cert-type-client',exts=base()+[ext('2.16.840.1.113730.1.1',bits(b'\x80',7))])
leaf('extension-order-value-first',exts=base())
def nonmin(tbs):
    # the outer length of the TBS in one byte more than needed
    hdr=2+(tbs[1]&0x7f); body=tbs[hdr:]; return b'\x30\x83'+len(body).to_bytes(3,'big')+body
leaf('length-not-shortest',tbsedit=nonmin)
def indef(tbs):
    hdr=2+(tbs[1]&0x7f); return b'\x30\x80'+tbs[hdr:]+b'\0\0'
leaf('length-indefinite',tbsedit=indef)
leaf('signature-unused-bits',unused=1)
leaf('bc-missing',exts=base(bc=None))
leaf('only-san',exts=[ext(SAN,S(DNS(HOST)))])
big=rsa.generate_private_key(65537,2048)
def numkey(e):
    from math import gcd
    while True:
        k=rsa.generate_private_key(65537,2048); p,q=k.private_numbers().p,k.private_numbers().q
        phi=(p-1)*(q-1)
        if gcd(e,phi)==1:
            d=pow(e,-1,phi)
            return ('raw',p,q,d,e,p*q)
def rawpem(t):
    _,p,q,d,e,n=t
    der=S(I(0),I(n),I(e),I(d),I(p),I(q),I(d%(p-1)),I(d%(q-1)),I(pow(q,-1,p)))
    import base64
    return '-----BEGIN RSA PRIVATE KEY-----\n'+'\n'.join(base64.b64encode(der).decode()[i:i+64] for i in range(0,10**5,64) if base64.b64encode(der)[i:i+64])+'\n-----END RSA PRIVATE KEY-----\n'
for nm,e in (('rsa-e-3',3),('rsa-e-2-31-plus',2**31+11),('rsa-e-2-33',2**33+17),('rsa-e-2-64',2**64+13)):
    t=numkey(e); sp=rsaspki(t[5],e)
    case(nm,cert(spki=sp,exts=base(ku=ext(KU,bits(b'\xa0',5),True),ski=ext(SKI,T(4,ski(sp))))),key=t)
if '--big' in sys.argv:
    import subprocess
    for b in (8200,):
        f=f'/tmp/cl/rsa{b}.key'
        if not os.path.exists(f): subprocess.run(['openssl','genrsa','-out',f,str(b)],check=True,capture_output=True)
        k=ser.load_pem_private_key(open(f,'rb').read(),None)
        leaf(f'rsa-{b}',key=k,exts=base(k,ku=ext(KU,bits(b'\xa0',5),True)))
import base64
def pem(der): b=base64.b64encode(der).decode(); return '-----BEGIN CERTIFICATE-----\n'+'\n'.join(b[i:i+64] for i in range(0,len(b),64))+'\n-----END CERTIFICATE-----\n'
for n,(der,key,chain,root,host) in cases.items():
    d=f'{OUT}/{n}'; os.makedirs(d,exist_ok=True)
    open(d+'/fullchain.crt','w').write(''.join(pem(c) for c in [der]+chain))
    open(d+'/root.crt','w').write(pem(root))
    open(d+'/server.key','w').write(rawpem(key) if isinstance(key,tuple) else key.private_bytes(ser.Encoding.PEM,ser.PrivateFormat.PKCS8,ser.NoEncryption()).decode())
    os.chmod(d+'/server.key',0o600)
    open(d+'/host','w').write(host)
print(len(cases))
