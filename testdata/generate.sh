#!/usr/bin/env bash
# Rebuilds the fixtures: a small PKI in pki/, and in the case directories the
# files that are made from it. Needs OpenSSL 3 with its legacy provider.
#
#   testdata/generate.sh            what is missing; everything else comes out byte for byte
#   testdata/generate.sh --fresh    new keys, and so new everything
#
# Keys, and what is random by nature (encryption salts), are made once and then
# kept. Serial numbers and dates are fixed, and RSA signatures (PKCS#1 v1.5) are
# deterministic: a second run changes nothing, which .ci/run checks. The cases
# judge at 2026-11-22T12:00:00Z; every date is chosen around that moment.
set -euo pipefail
cd "$(dirname "$0")"

here=$PWD
pki=$here/pki
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$pki"
[ "${1:-}" != --fresh ] || rm -f "$pki"/*.key "$pki"/*.p12 "$pki"/*.csr

printf '[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=x\n' > "$work/empty.cnf"
export OPENSSL_CONF=$work/empty.cnf
quiet() { "$@" 2> "$work/stderr" || { cat "$work/stderr" >&2; return 1; }; }

# --- keys -------------------------------------------------------------------

key() { # NAME GENPKEY-OPTIONS... : a PKCS#8 key, unless there is one
  local name=$1; shift
  [ -s "$pki/$name.key" ] || quiet openssl genpkey "$@" -out "$pki/$name.key"
}
rsa() { key "$1" -algorithm RSA -pkeyopt "rsa_keygen_bits:${2:-2048}"; }
ec() { key "$1" -algorithm EC -pkeyopt "ec_paramgen_curve:$2"; }
once() { # FILE COMMAND... : runs COMMAND unless FILE is there
  local file=$1; shift
  [ -s "$file" ] || quiet "$@"
}

for name in root other-root issuing issuing-rekeyed other-issuing sub constrained server other; do rsa "$name"; done
rsa weak1024 1024
rsa rsa2000 2000
ec p256 P-256; ec p384 P-384; ec p521 P-521
key ed25519 -algorithm ED25519
if [ ! -s "$pki/dsa.key" ]; then
  quiet openssl dsaparam -genkey -noout -out "$work/dsa.pem" 2048
  quiet openssl pkcs8 -topk8 -nocrypt -in "$work/dsa.pem" -out "$pki/dsa.key"
fi

# --- certificates -------------------------------------------------------------

cat > "$work/ca.cnf" <<X
[ca]
default_ca=d
[d]
database=$work/index
new_certs_dir=$work
serial=$work/serial
default_md=sha256
policy=any
unique_subject=no
[any]
O=optional
CN=optional
X

# issue NAME KEY SUBJECT ISSUER SERIAL FROM TO [MD] < extensions
# ISSUER is a certificate in pki/, with the key of that name or of $issuer_key; `self` signs itself.
issue() {
  local name=$1 key=$2 subject=$3 issuer=$4 serial=$5 from=$6 to=$7 md=${8:-sha256} signer
  cat > "$work/ext"
  : > "$work/index"; echo "unique_subject = no" > "$work/index.attr"; echo "$serial" > "$work/serial"
  quiet openssl req -new -utf8 -key "$pki/$key.key" -subj "$subject" -out "$work/csr"
  if [ "$issuer" = self ]; then
    signer=(-selfsign -keyfile "$pki/$key.key")
  else
    signer=(-cert "$pki/$issuer.crt" -keyfile "$pki/${issuer_key:-$issuer}.key")
  fi
  quiet openssl ca -batch -config "$work/ca.cnf" "${signer[@]}" -in "$work/csr" -md "$md" -notext \
    -preserveDN -startdate "$from" -enddate "$to" -extfile "$work/ext" -out "$pki/$name.crt"
}
ca() { # PATHLEN : the extensions of a CA
  echo "basicConstraints=critical,CA:TRUE${1:+,pathlen:$1}"
  printf '%s\n' keyUsage=critical,keyCertSign,cRLSign subjectKeyIdentifier=hash
}
with_issuer() { cat; echo authorityKeyIdentifier=keyid; }
leaf() { # SAN [EKU] : the extensions of a server's certificate; an empty argument leaves its line out
  printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature,keyEncipherment
  printf '%s\n' subjectKeyIdentifier=hash authorityKeyIdentifier=keyid
  [ -z "$1" ] || echo "subjectAltName=$1"
  [ -z "${2-serverAuth}" ] || echo "extendedKeyUsage=${2-serverAuth}"
}
# server NAME KEY SERIAL FROM TO [MD] < extensions : issued by the issuing CA for server.example.test
server() { issue "$1" "$2" "/O=Example/CN=server.example.test" issuing "$3" "$4" "$5" "${6:-sha256}"; }

names=DNS:server.example.test,DNS:www.example.test
aia='authorityInfoAccess=caIssuers;URI:http://pki.example.test/issuing.der'
from=20260601000000Z
to=20270601000000Z

root="/O=Example Trust/CN=Example Root CA"
issuing="/O=Example Trust/CN=Example Issuing CA"
ca | issue root root "$root" self 01 20200101000000Z 20400101000000Z
ca | issue root-sha1 root "$root" self 02 20200101000000Z 20400101000000Z sha1
ca | issue other-root other-root "/O=Other Trust/CN=Other Root CA" self 01 20200101000000Z 20400101000000Z
ca 0 | with_issuer | issue issuing issuing "$issuing" root 1001 20220101000000Z 20350101000000Z
ca 0 | with_issuer | issue issuing-rekeyed issuing-rekeyed "$issuing" root 1002 20220101000000Z 20350101000000Z
ca 0 | with_issuer | issue issuing-expired issuing "$issuing" root 1003 20200101000000Z 20250309000000Z
ca 0 | with_issuer | issue issuing-sha1 issuing "$issuing" root 1004 20220101000000Z 20350101000000Z sha1
ca | with_issuer | issue other-issuing other-issuing "/O=Other Trust/CN=Other Issuing CA" other-root 1001 20220101000000Z 20350101000000Z
# Below the issuing CA, whose path length constraint of 0 forbids it.
ca | with_issuer | issue sub sub "/O=Example Trust/CN=Example Department CA" issuing 1005 20230101000000Z 20340101000000Z
{ ca; echo 'nameConstraints=critical,permitted;DNS:.internal.test'; } | with_issuer |
  issue constrained constrained "/O=Example Trust/CN=Example Internal CA" root 1006 20220101000000Z 20350101000000Z
# The key of the issuing CA in a certificate that is not a CA's.
printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature subjectKeyIdentifier=hash |
  with_issuer | issue issuing-not-ca issuing "$issuing" root 1007 20220101000000Z 20350101000000Z

# Roots that are over, and that would like to be a path, a command and another line.
ca | issue old-root root "/O=Example Trust/CN=Example Old Root CA" self 03 20150101000000Z 20250101000000Z
ca | issue hostile root $'/O=Example/CN=..\\/..\\/etc\\/$(touch pwned)`id`\ntouch pwned\xe2\x80\xaetxt' self 04 20200101000000Z 20400101000000Z
# What `openssl req -x509 -addext subjectAltName=…` makes: a CA by its own word, for a server.
printf '%s\n' basicConstraints=critical,CA:TRUE subjectKeyIdentifier=hash "subjectAltName=$names" |
  issue self-ca server "/O=Example/CN=server.example.test" self 05 $from $to

{ leaf $names; echo "$aia"; } | server server server 2001 $from $to
leaf $names | server p256 p256 2002 $from $to
leaf $names | server p384 p384 2003 $from $to
leaf $names | server p521 p521 2004 $from $to
leaf $names | server ed25519 ed25519 2005 $from $to
leaf $names | server dsa dsa 2006 $from $to
leaf $names | server weak1024 weak1024 2007 $from $to
leaf $names | server other other 2008 $from $to
leaf $names | server expired server 2009 20240101000000Z 20250101000000Z
leaf $names | server future server 200a 20270101000000Z 20271231000000Z
leaf $names | server soon server 200b $from 20261201000000Z
leaf $names | server long server 200c 20260101000000Z 20340101000000Z
leaf $names | server sha1 server 200d $from $to sha1
leaf $names clientAuth | server client-only server 200e $from $to
# A root with the name of a public one, and a client's certificate of it.
ca | issue named-as-public other-root "/C=US/O=Internet Security Research Group/CN=ISRG Root X1" self 06 20200101000000Z 20400101000000Z
leaf $names serverAuth,clientAuth | issuer_key=other-root issue client-public server "/O=Example/CN=server.example.test" named-as-public 2060 $from $to
leaf $names "" | server no-eku server 200f $from $to
leaf "" | server cn-only server 2010 $from $to
leaf "DNS:other.example.test,DNS:another.example.test" | server wrong-host server 2011 $from $to
leaf "DNS:*.example.test" | server wildcard server 2012 $from $to
leaf "DNS:my_db.example.test" | server underscore server 2090 $from $to
leaf "IP:192.0.2.10,IP:2001:db8::10" | server ip server 2013 $from $to
{ leaf ""; echo '2.5.29.17=DER:30:08:82:7f:61:2e:74:65:73:74'; } | server bad-san server 2014 $from $to
{ leaf $names; echo '1.3.6.1.4.1.55555.1=critical,DER:05:00'; } | server unknown-critical server 2015 $from $to
leaf $names | issue deep server "/O=Example/CN=server.example.test" sub 2016 $from $to
leaf $names | issue outside server "/O=Example/CN=server.example.test" constrained 2017 $from $to
{ printf '%s\n' basicConstraints=critical,CA:TRUE keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign
  printf '%s\n' subjectKeyIdentifier=hash extendedKeyUsage=serverAuth "subjectAltName=$names"; } | with_issuer |
  issue ca-as-server server "/O=Example/CN=server.example.test" root 2018 $from $to
printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature,keyEncipherment \
  subjectKeyIdentifier=hash extendedKeyUsage=serverAuth "subjectAltName=$names" |
  issue self-signed server "/O=Example/CN=server.example.test" self 2019 $from $to
# Issued by an Ed25519 key, whose signature names no hash.
ca | issue ed25519-root ed25519 "/O=Example Trust/CN=Example Ed25519 Root CA" self 01 20200101000000Z 20400101000000Z
leaf $names | issuer_key=ed25519 issue ed25519-issued p256 "/O=Example/CN=server.example.test" ed25519-root 2036 $from $to

# For the stories of scenarios/: a root whose key an older one signed as well, and
# both that one and its signature are over (AddTrust, 2020-05-30).
ca | issue old-external-root other-root "/O=Old Trust/CN=Old External CA Root" self 01 20000530104838Z 20200530104838Z
ca | with_issuer | issuer_key=other-root issue root-cross root "$root" old-external-root 02 20000530104838Z 20200530104838Z
{ leaf $names; echo tlsfeature=status_request; } | server must-staple server 201a $from $to
# A root as `openssl req -x509` with a home-made configuration makes it.
printf '%s\n' basicConstraints=CA:TRUE subjectKeyIdentifier=hash |
  issue soft-root other-root "/O=Home/CN=Home Root CA" self 01 20200101000000Z 20400101000000Z
leaf $names | issuer_key=other-root issue soft server "/O=Example/CN=server.example.test" soft-root 201b $from $to

leaf $names | issuer_key=other-root issue below-old-root server "/O=Example/CN=server.example.test" old-external-root 201c $from $to
# What `openssl req -x509` makes of a server's certificate: a CA's.
{ printf '%s\n' basicConstraints=critical,CA:TRUE subjectKeyIdentifier=hash "subjectAltName=$names"; } |
  issue self-signed-ca server "/O=Example/CN=server.example.test" self 201d $from $to

# What the profiles differ about: a key with a curve that is written out, one that
# may only sign certificates, one of 2,000 bits, a week of life, a root with
# constraints of its own.
cp "$here/keys/ec-P-256-explicit.pem" "$pki/explicit.key"
leaf $names | server explicit explicit 2020 $from $to
printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,keyCertSign subjectKeyIdentifier=hash \
  authorityKeyIdentifier=keyid "subjectAltName=$names" | server sign-only server 2021 $from $to
leaf $names | server rsa2000 rsa2000 2022 $from $to
leaf $names | server week server 2023 20261118000000Z 20261125000000Z
{ ca; echo 'nameConstraints=critical,permitted;DNS:.internal.test'; } |
  issue constrained-root other-root "/O=Other Trust/CN=Other Internal Root CA" self 06 20200101000000Z 20400101000000Z
leaf $names | issuer_key=other-root issue below-constrained-root server "/O=Example/CN=server.example.test" constrained-root 2024 $from $to
# A CA from which one host is excluded, and a wildcard that could stand for it.
{ ca; echo 'nameConstraints=critical,excluded;DNS:www.example.test'; } | with_issuer |
  issue excluding constrained "/O=Example Trust/CN=Example Excluding CA" root 100c 20220101000000Z 20350101000000Z
leaf "DNS:*.example.test" | issuer_key=constrained issue below-excluding server "/O=Example/CN=server.example.test" excluding 2030 $from $to
# Constraints that Java compares or reads otherwise: IPv6 excluded below an IPv4 address, and a
# URI with a scheme.
{ ca 0; echo "nameConstraints=critical,permitted;IP:10.0.0.0/255.0.0.0,excluded;IP:0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0"; } | with_issuer |
  issue no-ipv6 constrained "/O=Example Trust/CN=Example IPv4 CA" root 100d 20220101000000Z 20350101000000Z
leaf "$names,IP:10.1.2.3" | issuer_key=constrained issue below-no-ipv6 server "/O=Example/CN=server.example.test" no-ipv6 2037 $from $to
{ ca 0; echo "nameConstraints=critical,permitted;URI:https://example.test/"; } | with_issuer |
  issue uri-constrained constrained "/O=Example Trust/CN=Example URI CA" root 100e 20220101000000Z 20350101000000Z
leaf "$names" | issuer_key=constrained issue below-uri-constrained server "/O=Example/CN=server.example.test" uri-constrained 2038 $from $to
# Roots with OpenSSL's own settings.
quiet openssl x509 -in "$pki/root.crt" -addreject serverAuth -trustout -out "$pki/root-rejected.crt"
quiet openssl x509 -in "$pki/root.crt" -addtrust serverAuth -trustout -out "$pki/root-trusted.crt"

# Keys that are known to be bad; a certificate for one of them.
(cd "$here/known-bad" && python3 make.py)
cp "$here/known-bad/roca.key" "$pki/roca.key"
leaf $names | server roca roca 2025 $from $to
# The serial number of server.crt once more, and a server that bears its CA's name:
# without key identifiers, OpenSSL takes the signature for its own.
leaf $names | server repeated-serial other 2001 $from $to
printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature "subjectAltName=$names" |
  issue name-of-ca server "$issuing" issuing 2026 $from $to
# Key identifiers of another key, and of another serial number.
identifiers() { leaf $names | sed "s/^authorityKeyIdentifier=.*/authorityKeyIdentifier=DER:$1/"; }
identifiers 30:16:80:14:00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10:11:12:13 | server other-key-id server 2027 $from $to

# keyUsage without digitalSignature, and without keyEncipherment; names that clients cannot be
# asked for.
usage() { leaf $names | sed "s/^keyUsage=.*/keyUsage=critical,$1/"; }
usage keyEncipherment | server encipher-only server 2031 $from $to
usage digitalSignature | server sign-handshakes-only server 2032 $from $to
leaf DNS:my_server.example.test,DNS:server.example.test | server underscored server 2033 $from $to
leaf "DNS:server.example.test,DNS:*,DNS:*.co.uk,DNS:w*.example.test,DNS:server.example.test.,DNS:192.0.2.7" |
  server odd-names server 2034 $from $to
printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,keyEncipherment subjectKeyIdentifier=hash \
  authorityKeyIdentifier=keyid extendedKeyUsage=clientAuth "subjectAltName=$names" | server client-encipher-only server 2035 $from $to

# resign NAME FROM SERIAL : a certificate with another serial number, in hexadecimal, signed anew.
resign() {
  python3 - "$pki/$2.crt" "$3" "$work/tbs" "$work/algorithm" <<'PY'
import base64, sys
def tlv(tag, value):
    n = len(value)
    size = bytes([n]) if n < 128 else bytes([0x82]) + n.to_bytes(2, "big")
    return bytes([tag]) + size + value
def read(der, at):
    n, head = der[at + 1], 2
    if n & 0x80:
        head = 2 + (n & 0x7F)
        n = int.from_bytes(der[at + 2 : at + head], "big")
    return der[at + head : at + head + n], at + head + n
source, serial, tbs_file, algorithm_file = sys.argv[1:]
lines = open(source).read().split("-----")[2]
outer, _ = read(base64.b64decode(lines), 0)
tbs, behind = read(outer, 0)
_, algorithm_end = read(outer, behind)
_, version_end = read(tbs, 0)
_, serial_end = read(tbs, version_end)
new = tlv(0x30, tbs[:version_end] + tlv(2, bytes.fromhex(serial)) + tbs[serial_end:])
open(tbs_file, "wb").write(new)
open(algorithm_file, "wb").write(outer[behind:algorithm_end])
PY
  quiet openssl dgst -sha256 -sign "$pki/issuing.key" -binary -out "$work/signature" "$work/tbs"
  python3 - "$work/tbs" "$work/algorithm" "$work/signature" "$pki/$1.crt" <<'PY'
import base64, sys, textwrap
tbs, algorithm, signature = (open(name, "rb").read() for name in sys.argv[1:4])
bits = bytes([3, 0x82]) + (len(signature) + 1).to_bytes(2, "big") + b"\0" + signature
body = tbs + algorithm + bits
der = bytes([0x30, 0x82]) + len(body).to_bytes(2, "big") + body
text = "\n".join(textwrap.wrap(base64.b64encode(der).decode(), 64))
open(sys.argv[4], "w").write(f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
PY
}
resign negative-serial server 85a1
resign long-serial server 11223344556677889900112233445566778899aabb

# --- other forms of the same key ------------------------------------------------

passphrase='tangerine-quarrel-81'
printf '%s\n' "$passphrase" > "$pki/passphrase.txt"
printf 'marmalade-verdict-17\n' > "$pki/wrong-passphrase.txt"
quiet openssl pkey -in "$pki/server.key" -traditional -out "$pki/server.pkcs1.key"
quiet openssl pkey -in "$pki/server.key" -outform DER -out "$pki/server.der.key"
quiet openssl pkey -in "$pki/p256.key" -traditional -out "$pki/p256.sec1.key"
quiet openssl pkey -in "$pki/dsa.key" -traditional -out "$pki/dsa.traditional.key"
once "$pki/server.pbes2.key" openssl pkcs8 -topk8 -v2 aes-256-cbc -passout "pass:$passphrase" -in "$pki/server.key" -out "$pki/server.pbes2.key"
once "$pki/server.dek.key" openssl rsa -aes256 -traditional -passout "pass:$passphrase" -in "$pki/server.key" -out "$pki/server.dek.key"
once "$pki/server.pbe-des.key" openssl pkcs8 -provider legacy -provider default -topk8 -v1 PBE-MD5-DES \
  -passout "pass:$passphrase" -in "$pki/server.key" -out "$pki/server.pbe-des.key"
once "$pki/server.p12" openssl pkcs12 -export -inkey "$pki/server.key" -in "$pki/server.crt" -certfile "$pki/issuing.crt" \
  -passout "pass:$passphrase" -out "$pki/server.p12"
quiet openssl crl2pkcs7 -nocrl -certfile "$pki/server.crt" -certfile "$pki/issuing.crt" -out "$pki/server.p7b"
once "$pki/server.csr" openssl req -new -key "$pki/server.key" -subj "/O=Example/CN=server.example.test" \
  -addext "subjectAltName=$names" -out "$pki/server.csr"
once "$pki/other.csr" openssl req -new -key "$pki/other.key" -subj "/O=Example/CN=other.example.test" -out "$pki/other.csr"
quiet openssl x509 -in "$pki/server.crt" -outform DER -out "$pki/server.der"
quiet openssl x509 -in "$pki/issuing.crt" -outform DER -out "$pki/issuing.der"

# A forgery: the modulus and exponent of one key, everything else of another.
numbers() { openssl asn1parse -in "$1" | sed -n 's/.*INTEGER *:/0x/p'; }
quiet openssl pkey -in "$pki/other.key" -traditional -out "$work/other.pem"
{ mapfile -t mine < <(numbers "$pki/server.pkcs1.key"); mapfile -t theirs < <(numbers "$work/other.pem")
  echo asn1=SEQUENCE:key; echo '[key]'
  for i in 0 1 2 3 4 5 6 7 8; do
    case $i in 1|2) echo "n$i=INTEGER:${mine[i]}";; *) echo "n$i=INTEGER:${theirs[i]}";; esac
  done; } > "$work/forged.cnf"
quiet openssl asn1parse -genconf "$work/forged.cnf" -noout -out "$work/forged.der"
{ echo '-----BEGIN RSA PRIVATE KEY-----'; openssl base64 -in "$work/forged.der"; echo '-----END RSA PRIVATE KEY-----'; } > "$pki/forged.key"

# The server's key, its private exponent larger than its modulus by a multiple of
# (p-1)(q-1): it computes the same.
{ echo asn1=SEQUENCE:key; echo '[key]'
  for i in 0 1 2 3 4 5 6 7 8; do
    case $i in
      3) echo "n$i=INTEGER:$(python3 -c 'import sys; d, p, q = (int(x, 16) for x in sys.argv[1:]); print(hex(d + 2 * (p - 1) * (q - 1)))' \
           "${mine[3]}" "${mine[4]}" "${mine[5]}")";;
      *) echo "n$i=INTEGER:${mine[i]}";;
    esac
  done; } > "$work/large.cnf"
quiet openssl asn1parse -genconf "$work/large.cnf" -noout -out "$work/large.der"
{ echo '-----BEGIN RSA PRIVATE KEY-----'; openssl base64 -in "$work/large.der"; echo '-----END RSA PRIVATE KEY-----'; } > "$pki/server.large-exponent.key"

# A key of an algorithm that nobody knows.
printf '%s\n' asn1=SEQUENCE:key '[key]' version=INTEGER:0 algorithm=SEQUENCE:algorithm key=FORMAT:HEX,OCTETSTRING:0001020304050607 \
  '[algorithm]' oid=OID:1.3.6.1.4.1.55555.2 > "$work/unknown.cnf"
quiet openssl asn1parse -genconf "$work/unknown.cnf" -noout -out "$work/unknown.der"
{ echo '-----BEGIN PRIVATE KEY-----'; openssl base64 -in "$work/unknown.der"; echo '-----END PRIVATE KEY-----'; } > "$pki/unknown.key"

# --- revocation lists -------------------------------------------------------------

cat > "$work/crl.cnf" <<X
[ca]
default_ca=d
[d]
database=$work/index
crlnumber=$work/crlnumber
default_md=sha256
crl_extensions=crl
[crl]
authorityKeyIdentifier=keyid
X
# crl NAME ISSUER NUMBER FROM TO [SERIAL...] : a list that revokes these
crl() {
  local name=$1 issuer=$2 number=$3 from=$4 to=$5 serial; shift 5
  : > "$work/index"; echo "$number" > "$work/crlnumber"
  for serial in "$@"; do
    printf 'R\t350101000000Z\t261001000000Z,keyCompromise\t%s\tunknown\t/CN=x\n' "$serial" >> "$work/index"
  done
  quiet openssl ca -gencrl -config "$work/crl.cnf" -cert "$pki/$issuer.crt" -keyfile "$pki/${issuer_key:-$issuer}.key" \
    -crl_lastupdate "$from" -crl_nextupdate "$to" -out "$pki/$name.crl"
}
# The CA's lists by a key that signs nothing else.
printf '%s\n' basicConstraints=critical,CA:TRUE keyUsage=critical,cRLSign subjectKeyIdentifier=hash | with_issuer |
  issue issuing-crl-signer issuing-rekeyed "$issuing" root 1008 20220101000000Z 20350101000000Z
crl root root 05 20260601000000Z 20270601000000Z
crl issuing issuing 11 20261101000000Z 20270201000000Z 2009
crl issuing-revoked issuing 12 20261110000000Z 20270201000000Z 2009 2001
# As new as issuing.crl, and of another opinion.
crl issuing-equal issuing 11 20261101000000Z 20270201000000Z 2009 2001
issuer_key=issuing-rekeyed crl issuing-apart issuing-crl-signer 13 20261110000000Z 20270201000000Z 2001
issuer_key=issuing-rekeyed crl issuing-apart-rekeyed issuing-rekeyed 13 20261110000000Z 20270201000000Z 2001
crl issuing-soon issuing 11 20261101000000Z 20261201000000Z 2009
crl issuing-ended issuing 10 20261001000000Z 20261101000000Z 2009
crl other-issuing other-issuing 03 20261101000000Z 20270201000000Z
quiet openssl crl -in "$pki/issuing.crl" -outform DER -out "$pki/issuing.der.crl"

# A label that no loader looks for, and OneAsymmetricKey: the public key behind the private one.
mkdir -p "$here/key/any-label" "$here/key/public-key-behind"
sed 's/PRIVATE KEY/ANY PRIVATE KEY/' "$pki/server.key" > "$here/key/any-label/server.key"
{
  printf '\x30\x51\x02\x01\x01\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20'
  openssl pkey -in "$pki/ed25519.key" -outform DER | tail -c 32
  printf '\x81\x21\x00'
  openssl pkey -in "$pki/ed25519.key" -pubout -outform DER | tail -c 32
} | { echo '-----BEGIN PRIVATE KEY-----'; openssl base64; echo '-----END PRIVATE KEY-----'; } \
  > "$here/key/public-key-behind/ed25519.key"

# --- files as people have them ----------------------------------------------------

# bundle FILE PART... : the parts one behind the other
bundle() { local file=$here/$1; shift; mkdir -p "$(dirname "$file")"; (cd "$pki" && cat "$@") > "$file"; }

bundle pki/fullchain.crt server.crt issuing.crt
bundle pki/fullchain-root.crt server.crt issuing.crt root.crt
bundle pki/combined.pem server.crt issuing.crt server.key
bundle pki/issuing-root.crt issuing.crt root.crt
bundle pki/anchors.crt root.crt other-root.crt
for name in p256 p384 p521 ed25519 dsa weak1024 rsa2000 week sign-only expired future soon long sha1 client-only no-eku cn-only wrong-host wildcard ip \
  bad-san unknown-critical encipher-only sign-handshakes-only underscored odd-names client-encipher-only; do
  bundle "pki/$name.chain.crt" "$name.crt" issuing.crt
done

bundle diff/underscore/old.crt underscore.crt issuing.crt
mkdir -p diff/directory-other-key/live
cp pki/fullchain.crt diff/directory-other-key/live/server.crt
cp pki/other.key diff/directory-other-key/live/server.key
mkdir -p diff/directory-split-chain/live
cp pki/server.crt diff/directory-split-chain/live/server.crt
cp pki/issuing.crt diff/directory-split-chain/live/other.pem
bundle chain/reversed/chain.crt root.crt issuing.crt server.crt
bundle chain/intermediate-first/chain.crt issuing.crt server.crt
bundle chain/root-before-intermediate/chain.crt server.crt root.crt issuing.crt
bundle chain/rekeyed-intermediate/chain.crt server.crt issuing-rekeyed.crt
bundle chain/rekeyed-beside-right/chain.crt server.crt issuing-rekeyed.crt issuing.crt
bundle chain/expired-intermediate/chain.crt server.crt issuing-expired.crt
bundle chain/expired-beside-valid/chain.crt server.crt issuing.crt issuing-expired.crt
bundle chain/sha1-intermediate/chain.crt server.crt issuing-sha1.crt
bundle chain/duplicate/chain.crt server.crt issuing.crt issuing.crt
bundle chain/unrelated/chain.crt server.crt issuing.crt other-issuing.crt
bundle chain/unrelated-only/chain.crt server.crt other-issuing.crt
bundle chain/path-length/chain.crt deep.crt sub.crt issuing.crt
bundle chain/gap/chain.crt deep.crt sub.crt root.crt
bundle chain/java-no-ipv6/chain.crt below-no-ipv6.crt no-ipv6.crt
bundle chain/java-uri-constraint/chain.crt below-uri-constrained.crt uri-constrained.crt
bundle chain/name-constraints/chain.crt outside.crt constrained.crt
bundle chain/issuer-not-a-ca/chain.crt server.crt issuing-not-ca.crt
bundle chain/chain-file-with-leaf/chain.crt server.crt issuing.crt
bundle chain/chain-file-wrong-order/chain.crt root.crt issuing.crt
bundle clients/repeated-serial/chain.crt server.crt issuing.crt repeated-serial.crt
bundle clients/wildcard-excluded/chain.crt below-excluding.crt excluding.crt

bundle scenarios/s01-addtrust/chain.crt server.crt issuing.crt root-cross.crt
bundle scenarios/s02-old-root-in-store/roots.crt root.crt old-external-root.crt
bundle scenarios/s16-two-roots/cas.crt root.crt old-external-root.crt
bundle scenarios/s30-negative-serial/chain.crt negative-serial.crt issuing.crt
bundle scenarios/s32-must-staple/chain.crt must-staple.crt issuing.crt
bundle scenarios/s33-root-duplicate-unrelated/chain.crt server.crt issuing.crt issuing.crt other-issuing.crt root.crt

bundle files/key-in-certificate-file/all.crt server.key server.crt issuing.crt
bundle files/certificate-behind-key/server.key server.key server.crt
mkdir -p files/{byte-order-mark,utf16,crlf,text-preamble,truncated,truncated-in-line,garbage-base64,garbage-der,html,empty,glued,trusted-label,x509-label,label-mismatch,lost-begin,trailing-data}
{ printf '\xef\xbb\xbf'; cat pki/fullchain.crt; } > files/byte-order-mark/chain.crt
{ printf '\xff\xfe'; sed 's/$/\r/' pki/fullchain.crt | iconv -f ASCII -t UTF-16LE; } > files/utf16/chain.crt
sed 's/$/\r/' pki/fullchain.crt > files/crlf/chain.crt
sed 's/$/\r/' pki/server.key > files/crlf/server.key
{ quiet openssl x509 -in pki/server.crt -text; cat pki/issuing.crt; } > files/text-preamble/chain.crt
# Cut off behind the tenth line of the second certificate, and within a line.
awk '/BEGIN/{n++; l=0} {l++} n<2 || l<=10' pki/fullchain.crt > files/truncated/chain.crt
head -c "$(($(wc -c < pki/fullchain.crt) - 130))" pki/fullchain.crt > files/truncated-in-line/chain.crt
awk '/BEGIN/{n++; l=0} {l++} n==2 && l==6 {print "!!! this line was lost in the mail !!!"; next} {print}' pki/fullchain.crt > files/garbage-base64/chain.crt
{ cat pki/server.crt; echo '-----BEGIN CERTIFICATE-----'; printf 'this is not a certificate, whatever the label above says' | openssl base64
  echo '-----END CERTIFICATE-----'; } > files/garbage-der/chain.crt
printf '<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head>\n<body><h1>Not Found</h1></body></html>\n' > files/html/server.crt
: > files/empty/server.crt
{ printf '%s' "$(cat pki/server.crt)"; cat pki/issuing.crt; } > files/glued/chain.crt
sed 's/BEGIN CERT/BEGIN TRUSTED CERT/; s/END CERT/END TRUSTED CERT/' pki/server.crt > files/trusted-label/server.crt
sed 's/BEGIN CERT/BEGIN X509 CERT/; s/END CERT/END X509 CERT/' pki/fullchain.crt > files/x509-label/chain.crt
sed '0,/END CERTIFICATE/s/END CERTIFICATE/END X509 CERTIFICATE/' pki/fullchain.crt > files/label-mismatch/chain.crt

sed 1d pki/fullchain.crt > files/lost-begin/chain.crt
{ cat pki/server.der; printf '\0\0\0'; } > files/trailing-data/server.der

mkdir -p tableau/pem-extension && cp pki/server.crt tableau/pem-extension/server.pem && cp pki/issuing.crt tableau/pem-extension/issuing.pem
mkdir -p files/der-tableau && cp pki/server.der files/der-tableau/server.crt
mkdir -p match/blank-line && awk '{print} NR==5 {print ""}' pki/server.key > match/blank-line/own.key
mkdir -p key/world-readable && cp pki/server.key key/world-readable/open.key
mkdir -p certificate/closed-to-the-service && cp pki/fullchain.crt certificate/closed-to-the-service/closed.crt
mkdir -p key/two-keys && cat pki/server.key pki/other.key > key/two-keys/server.key
# Scratch trees for trust plans: what a machine's store would look like.
trees=trust-command/trees
release() { mkdir -p "$here/$trees/$1/etc"; printf '%s\n' "${@:2}" > "$here/$trees/$1/etc/os-release"; }
release debian ID=debian 'VERSION_ID="12"'
bundle $trees/debian/etc/ssl/certs/ca-certificates.crt other-root.crt
bundle $trees/debian/etc/ssl/certs/stray.pem self-signed.crt
bundle $trees/debian/usr/share/ca-certificates/mozilla/other-root.crt other-root.crt
bundle $trees/debian/usr/local/share/ca-certificates/root.pem root.crt
printf 'mozilla/other-root.crt\n!mozilla/blocked.crt\n' > $trees/debian/etc/ca-certificates.conf
bundle $trees/debian/usr/share/ca-certificates/mozilla/blocked.crt ca-as-server.crt
release holding ID=ubuntu ID_LIKE=debian 'VERSION_ID="24.04"'
bundle $trees/holding/etc/ssl/certs/ca-certificates.crt root.crt issuing-rekeyed.crt
bundle "$trees/holding/etc/ssl/certs/$(openssl x509 -noout -hash -in pki/root.crt).0" root.crt
bundle $trees/holding/usr/local/share/ca-certificates/ours.crt root.crt
bundle $trees/holding/root/.postgresql/root.crt root.crt
release el9 ID=rocky 'ID_LIKE="rhel centos fedora"' 'VERSION_ID="9.4"'
bundle $trees/el9/etc/pki/ca-trust/source/blocklist/bad.pem root.crt
bundle $trees/el9/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem other-root.crt
release el8 ID=rhel 'ID_LIKE=fedora' 'VERSION_ID="8.10"'
bundle $trees/el8/etc/pki/ca-trust/source/blacklist/bad.pem root.crt
release plan9 ID=plan9
bundle trust-command/with-request/ca.crt root.crt server.csr
bundle trust-command/with-key/ca.crt root.key root.crt

echo "fixtures: $(find . -type f ! -name case.json ! -name '*.sh' | wc -l) files, $(du -sh . | cut -f1)"

# --- files that settings name, with modes of their own -------------------------

for place in settings/postgres-key-mode scenarios/s39-key-mode-postgres; do
  cp "$pki/server.key" "$place/server.key"
done
cat "$pki/fullchain.crt" "$pki/server.key" > settings/haproxy-good/site.pem
cp "$pki/fullchain.crt" settings/haproxy-key-beside/site.pem
for name in by-name by-common-name; do
  cat "$pki/wrong-host.crt" "$pki/issuing.crt" "$pki/server.key" > "settings/haproxy-$name/a.pem"
  cat "$pki/server.crt" "$pki/issuing.crt" "$pki/server.key" > "settings/haproxy-$name/b.pem"
  cat "$pki/wildcard.crt" "$pki/issuing.crt" "$pki/server.key" > "settings/haproxy-$name/w.pem"
done
cp "$pki/server.key" settings/haproxy-key-beside/site.pem.key
mkdir -p settings/haproxy-directory-no-key/certs settings/haproxy-issuers-each/issuers
cat "$pki/server.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-never-shown/a.pem
cat "$pki/expired.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-never-shown/b.pem
cat "$pki/expired.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-shown-first/a.pem
cat "$pki/server.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-shown-first/b.pem
cat "$pki/wrong-host.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-list-names/d.pem
cat "$pki/wildcard.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-list-names/w.pem
cat "$pki/server.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-list-names/s.pem
cat "$pki/wrong-host.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-list-name-removed/d.pem
cat "$pki/wildcard.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-list-name-removed/w.pem
cat "$pki/server.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-list-wrong-name/d.pem
cat "$pki/wrong-host.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-list-versions/d.pem
cat "$pki/server.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-list-versions/s.pem
cat "$pki/server.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-strict-unknown/s.pem
cat "$pki/server.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-bundle-default/b.pem.rsa
cat "$pki/p256.crt" "$pki/issuing.crt" "$pki/p256.key" > settings/haproxy-bundle-default/b.pem.ecdsa
cat "$pki/server.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-pattern-beside-name/s.pem
cat "$pki/p256.crt" "$pki/issuing.crt" "$pki/p256.key" > settings/haproxy-pattern-beside-name/e.pem
cat "$pki/server.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-directory-no-key/certs/a.pem
cat "$pki/wildcard.crt" "$pki/issuing.crt" > settings/haproxy-directory-no-key/certs/b.pem
cat "$pki/server.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-server-no-key/s.pem
cat "$pki/client-only.crt" "$pki/issuing.crt" > settings/haproxy-server-no-key/c.pem
cat "$pki/server.crt" "$pki/server.key" > settings/haproxy-issuers-each/a.pem
cat "$pki/wrong-host.crt" "$pki/issuing.crt" "$pki/server.key" > settings/haproxy-issuers-each/b.pem
cat "$pki/issuing.crt" > settings/haproxy-issuers-each/issuers/r.pem

# --- trees for scan ---------------------------------------------------------

python3 scan/make.py
