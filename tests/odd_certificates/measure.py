import subprocess,os,sys,time,re,concurrent.futures as cf,socket
D=sys.argv[1]; OUTF=sys.argv[2]; only=sys.argv[3:] 
E='/work/wt/clients/tests/error_texts'
names=[n for n in sorted(os.listdir(D)) if os.path.isdir(D+'/'+n) and (not only or n in only)]
host={n:(open(f'{D}/{n}/host').read() if os.path.exists(f'{D}/{n}/host') else 'server.example.test') for n in names}
port={}; procs={}; started={}
base=23000
for i,n in enumerate(names):
    d=f'{D}/{n}'; port[n]=base+i
    procs[n]=subprocess.Popen(['openssl','s_server','-accept',f'127.0.0.1:{port[n]}','-cert',d+'/fullchain.crt','-cert_chain',d+'/fullchain.crt','-key',d+'/server.key','-cipher','DEFAULT:@SECLEVEL=0','-www','-quiet'],stdin=subprocess.DEVNULL,stdout=subprocess.DEVNULL,stderr=open(f'/tmp/cl/m/{n}.err','w'))
# chain: skip the first certificate of the file
time.sleep(15)
rows=[]
for n in names:
    if procs[n].poll() is not None:
        rows.append((n,host[n],'server','does-not-start',open(f'/tmp/cl/m/{n}.err').read().replace('\n','|')[:300]))
live=[n for n in names if procs[n].poll() is None]
def run(a,data='',timeout=30):
    try:
        p=subprocess.run(a,input=data.encode(),capture_output=True,timeout=timeout,env={**os.environ,'LC_ALL':'C.UTF-8'})
        return (p.stdout+p.stderr).decode(errors='replace'),p.returncode
    except subprocess.TimeoutExpired: return 'timeout',99
def batch(c,cmd):
    data=''.join(f'{i}\tclient\t{port[n]}\t{D}/{n}/root.crt\t{host[n]}\n' for i,n in enumerate(live))
    o,_=run(cmd,data,500)
    a=dict(l.split('\t',1) for l in o.splitlines() if re.match(r'\d+\t',l))
    for i,n in enumerate(live):
        t=a.get(str(i),'NOANSWER '+o[-200:] if not a else 'NOANSWER')
        rows.append((n,host[n],c,'accepts' if not t else 'refuses',t[:400]))
def cli(n):
    p=port[n];h=host[n];r=f'{D}/{n}/root.crt'
    o,c=run(['openssl','s_client','-verify_return_error','-verify_hostname',h,'-servername',h,'-CAfile',r,'-connect',f'127.0.0.1:{p}'],'Q\n')
    err=[l for l in o.splitlines() if 'error' in l.lower() or 'alert' in l]
    rows.append((n,h,'openssl','accepts' if 'Verify return code: 0' in o and c==0 else 'refuses','|'.join(err)[:400] if c else ''))
    o,c=run(['curl','-sS','--cacert',r,'--resolve',f'{h}:{p}:127.0.0.1',f'https://{h}:{p}/','-o','/dev/null'])
    rows.append((n,h,'curl','accepts' if c==0 else 'refuses',o.replace('\n','|')[:400] if c else ''))
    o,c=run(['gnutls-cli','--x509cafile',r,'--sni-hostname',h,'--verify-hostname',h,'-p',str(p),'127.0.0.1'],'GET / HTTP/1.0\r\n\r\n')
    bad=[l for l in o.splitlines() if re.search(r'\*\*\*|NOT trusted|alert',l)]
    rows.append((n,h,'gnutls','accepts' if 'Handshake was completed' in o else 'refuses','|'.join(bad)[:400]))
    db=f'/tmp/cl/m/nss-{n}'
    if not os.path.exists(db):
        os.makedirs(db); run(['certutil','-N','-d','sql:'+db,'--empty-password']); run(['certutil','-A','-d','sql:'+db,'-n','anchor','-t','C,,','-i',r])
    o,c=run(['tstclnt','-h','127.0.0.1','-a',h,'-p',str(p),'-d','sql:'+db,'-V','tls1.2:','-Q'])
    rows.append((n,h,'nss','accepts' if c==0 else 'refuses','|'.join(l for l in o.splitlines() if 'ERROR' in l or 'rror' in l)[:400] if c else ''))
def save(): open(OUTF,'w').write('case\thost\tclient\tverdict\tsays\n'+''.join('\t'.join(x.replace('\t',' ').replace('\n','|') for x in r)+'\n' for r in sorted(rows)))
os.makedirs('/tmp/cl/go',exist_ok=True)
if not os.path.exists('/tmp/cl/clients-go'):
    open('/tmp/cl/go/go.mod','w').write('module clients\n\ngo 1.23\n'); import shutil; shutil.copy(E+'/clients.go','/tmp/cl/go/')
    print(run(['env','-C','/tmp/cl/go','GOTOOLCHAIN=local','/work/tools/go/bin/go','build','-o','/tmp/cl/clients-go','.'],timeout=300))
for c,cmd in (('python',['python3',E+'/clients.py']),('python-3.13',['/root/.pyenv/versions/3.13.0/bin/python3.13',E+'/clients.py']),('node',['node',E+'/clients.js']),('go',['/tmp/cl/clients-go']),('java',['java',E+'/Clients.java'])):
    batch(c,cmd); save(); print(c,time.time(),flush=True)
with cf.ThreadPoolExecutor(3) as ex: list(ex.map(cli,live))
save()
for p in procs.values(): p.terminate()
print('done')
