#!/usr/bin/env python3
"""What the servers make of files of CA certificates and revocation lists.

Makes each form of file from testdata/pki, lets every server load it by every
directive (nginx -t, haproxy -c, a start of httpd and of PostgreSQL on loopback),
and writes testdata/servers/authority_files.tsv (--write) or compares (--check).
The forms themselves go to testdata/servers/authority_files/ with --forms.
"""
import argparse, base64, os, pathlib, re, shutil, socket, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PKI = ROOT / "testdata/pki"
FORMS = ROOT / "testdata/servers/authority_files"
TABLE = ROOT / "testdata/servers/authority_files.tsv"

NGINX = ["ssl_client_certificate", "ssl_trusted_certificate", "ssl_crl",
         "proxy_ssl_trusted_certificate", "proxy_ssl_crl"]
HAPROXY = ["bind ca-file", "bind crl-file", "bind ca-verify-file", "server ca-file", "server crl-file"]
APACHE = ["SSLCACertificateFile", "SSLCADNRequestFile", "SSLCARevocationFile",
          "SSLProxyCACertificateFile", "SSLProxyCARevocationFile",
          "SSLProxyMachineCertificateFile", "SSLProxyMachineCertificateChainFile"]
POSTGRES = ["ssl_ca_file", "ssl_crl_file"]


def openssl(*arguments):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True).stdout


def block(label, der):
    text = base64.b64encode(der).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def forms():
    root, issuing = (PKI / "root.crt").read_bytes(), (PKI / "issuing.crt").read_bytes()
    crl = (PKI / "issuing.crl").read_bytes()
    pem = lambda text: text[text.index(b"-----BEGIN"):]
    root, issuing, crl = pem(root), pem(issuing), pem(crl)
    key, pkcs1 = (PKI / "server.key").read_bytes(), (PKI / "server.pkcs1.key").read_bytes()
    leaf, csr = pem((PKI / "server.crt").read_bytes()), (PKI / "server.csr").read_bytes()
    leaf = leaf[:leaf.index(b"-----END CERTIFICATE-----") + 26]
    der = openssl("x509", "-in", PKI / "root.crt", "-outform", "DER")
    crl_der = openssl("crl", "-in", PKI / "issuing.crl", "-outform", "DER")
    p7 = openssl("crl2pkcs7", "-nocrl", "-certfile", PKI / "root.crt", "-outform", "DER")
    trusted = openssl("x509", "-in", PKI / "root.crt", "-trustout", "-addtrust", "clientAuth")
    p12 = openssl("pkcs12", "-export", "-nokeys", "-in", PKI / "root.crt", "-passout", "pass:", "-certpbe", "NONE", "-nomac")
    damaged = bytearray(der); damaged[4] ^= 0x11
    damaged_crl = bytearray(crl_der); damaged_crl[4] ^= 0x11
    broken = root.replace(b"\n", b"\n!", 3)
    all = {
        "root.pem": root, "two.pem": root + issuing, "same-twice.pem": root + root,
        "x509.pem": block("X509 CERTIFICATE", der), "trusted.pem": trusted,
        "trusted-as-plain.pem": trusted.replace(b"TRUSTED ", b""),
        "plain-as-trusted.pem": root.replace(b" CERTIFICATE", b" TRUSTED CERTIFICATE"),
        "certificate-trusted.pem": root + trusted, "trusted-certificate.pem": trusted + root,
        "root.der": der, "root.p7b": block("PKCS7", p7), "root.p7d": p7, "root.p12": p12,
        "p7b-certificate.pem": block("PKCS7", p7) + root,
        "crl.pem": crl, "crl.der": crl_der, "certificate-crl.pem": root + crl, "crl-certificate.pem": crl + root,
        "crl-lead.pem": b"this is a list\n" + crl, "crl-indented.pem": b"".join(b"  " + l for l in crl.splitlines(True)),
        "crl-utf16.pem": crl.decode().encode("utf-16"), "crl-one-line.pem": crl.replace(b"\n", b""),
        "crl-lone-cr.pem": crl.replace(b"\n", b"\r"), "crl-damaged.pem": block("X509 CRL", bytes(damaged_crl)),
        "crl-truncated.pem": crl[:len(crl) // 2], "crl-wrong-label.pem": crl.replace(b"X509 CRL", b"CRL"),
        "certificate-crl-damaged.pem": root + block("X509 CRL", bytes(damaged_crl)),
        "key.pem": key, "csr.pem": csr, "empty.pem": b"", "text.pem": b"no certificate here\n",
        "certificate-key.pem": root + key, "certificate-pkcs1.pem": root + pkcs1,
        "pair.pem": leaf + key, "pair-pkcs1.pem": leaf + pkcs1, "pkcs1-pair.pem": pkcs1 + leaf,
        "pair-other.pem": leaf + (PKI / "server.pkcs1.key").read_bytes() + root,
        "pair-ec.pem": pem((PKI / "p256.crt").read_bytes()) + (PKI / "p256.sec1.key").read_bytes(),
        "pair-crl.pem": leaf + pkcs1 + crl,
        "wrong-pair.pem": root + pkcs1,
        "pkcs1-only.pem": pkcs1,
        "certificate-broken-pkcs1.pem": root + block("RSA PRIVATE KEY", b"0\x03\x02\x01\x00"),
        "certificate-broken-key.pem": root + block("PRIVATE KEY", b"0\x03\x02\x01\x00"),
        "certificate-csr.pem": root + csr,
        "certificate-encrypted-key.pem": root + (PKI / "server.dek.key").read_bytes(),
        "indented.pem": b"".join(b"  " + l for l in root.splitlines(True)),
        "utf16.pem": root.decode().encode("utf-16"), "utf16be.pem": root.decode().encode("utf-16-be"),
        "one-line.pem": root.replace(b"\n", b""), "lone-cr.pem": root.replace(b"\n", b"\r"),
        "crlf.pem": root.replace(b"\n", b"\r\n"), "bom.pem": b"\xef\xbb\xbf" + root,
        "certificate-bom.pem": root + b"\xef\xbb\xbf" + root,
        "lead.pem": b"Subject: a root\n" + root, "lead-same-line.pem": b"x " + root,
        "trailing-spaces.pem": root.replace(b"\n", b"   \n"),
        "body-one-line.pem": block("CERTIFICATE", der) and b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(der) + b"\n-----END CERTIFICATE-----\n",
        "truncated.pem": root[:len(root) // 2], "no-end.pem": root[:root.index(b"-----END")],
        "certificate-truncated.pem": root + issuing[:len(issuing) // 2],
        "damaged.pem": block("CERTIFICATE", bytes(damaged)), "broken-base64.pem": broken,
        "certificate-damaged.pem": root + block("CERTIFICATE", bytes(damaged)),
        "damaged-certificate.pem": block("CERTIFICATE", bytes(damaged)) + root,
        "certificate-broken-base64.pem": root + broken,
        "certificate-other-end.pem": root + issuing.replace(b"END CERTIFICATE", b"END X509"),
        "certificate-trailing-der.pem": block("CERTIFICATE", der + b"more"),
        "certificate-empty-section.pem": root + b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "dsa-key.pem": root + (PKI / "dsa.traditional.key").read_bytes(),
        "mismatch-pair.pem": pem((PKI / "p256.crt").read_bytes()) + pkcs1,
    }
    return all


def said(text, pattern):
    lines = [line.strip() for line in text.splitlines() if re.search(pattern, line)]
    return lines


def tidy(text, work):
    text = text.replace(str(work), "…").replace("\t", " ")
    return re.sub(r"\s+", " ", text).strip()[:300]


def nginx(work, directive, file):
    proxied = directive.startswith("proxy_")
    inner = f"location / {{ proxy_pass https://127.0.0.1:1; {'proxy_ssl_verify on; proxy_ssl_trusted_certificate own/root.pem;' if directive == 'proxy_ssl_crl' else ''} {'proxy_ssl_verify on;' if directive == 'proxy_ssl_trusted_certificate' else ''} {directive} {file}; }}" \
        if proxied else f"{'ssl_verify_client optional;' if directive == 'ssl_client_certificate' else 'ssl_verify_client optional; ssl_client_certificate own/root.pem;'} {directive} {file};"
    (work / "n.conf").write_text(f"pid {work}/n.pid; error_log stderr;\nevents {{}}\nhttp {{ access_log off; server {{ listen 127.0.0.1:1 ssl; server_name www.example.test; ssl_certificate own/server.crt; ssl_certificate_key own/server.key; {inner} }} }}\n")
    run = subprocess.run(["nginx", "-t", "-p", work, "-c", work / "n.conf"], capture_output=True, text=True)
    lines = said(run.stderr, r"\[emerg\]")
    message = re.sub(r"^.*\[emerg\] \d+#\d+: ", "", lines[0]) if lines else ""
    return ("starts" if run.returncode == 0 else "config-test"), message


def haproxy(work, directive, file):
    where, word = directive.split(" ", 1)
    bind = server = ""
    if where == "bind":
        bind = f"verify optional {'' if word == 'ca-file' else 'ca-file own/root.pem '}{word} {file}"
    else:
        server = f"ssl verify required {'' if word == 'ca-file' else 'ca-file own/root.pem '}{word} {file}"
    (work / "h.cfg").write_text(f"defaults\n mode http\n timeout connect 1s\n timeout client 1s\n timeout server 1s\nfrontend f\n bind 127.0.0.1:18543 ssl crt own/server.pem {bind}\n default_backend b\nbackend b\n server s 127.0.0.1:1 {server}\n")
    run = subprocess.run(["haproxy", "-c", "-f", "h.cfg"], cwd=work, capture_output=True, text=True)
    lines = said(run.stderr, "ALERT")
    message = re.sub(r"^\[ALERT\]\s+\(\d+\) : (config : )?", "", lines[0]) if lines else ""
    return ("starts" if run.returncode == 0 else "config-test"), message


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def apache(work, directive, file):
    port = free_port()
    modules = "".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n" for m in "mpm_event authz_core ssl socache_shmcb proxy proxy_http".split())
    extra = {"SSLCADNRequestFile": "SSLCACertificateFile own/root.pem\n", "SSLCARevocationFile": "SSLCACertificateFile own/root.pem\nSSLCARevocationCheck chain\n",
             "SSLProxyCARevocationFile": "SSLProxyEngine on\nSSLProxyCACertificateFile own/root.pem\nSSLProxyCARevocationCheck chain\n",
             "SSLProxyMachineCertificateChainFile": "SSLProxyEngine on\nSSLProxyMachineCertificateFile own/pair.pem\n"}
    extra = extra.get(directive, "SSLProxyEngine on\n" if "Proxy" in directive else "SSLVerifyClient optional\n")
    log = work / "a.err"
    log.write_text("")
    (work / "a.conf").write_text(f"ServerRoot {work}\nServerName x\nPidFile {work}/a.pid\nErrorLog {log}\nDefaultRuntimeDir {work}\nListen 127.0.0.1:{port}\n{modules}<VirtualHost 127.0.0.1:{port}>\nServerName www.example.test\nSSLEngine on\nSSLCertificateFile own/server.crt\nSSLCertificateKeyFile own/server.key\n{extra}{directive} {file}\n</VirtualHost>\n")
    test = subprocess.run(["apache2", "-t", "-d", work, "-f", work / "a.conf"], capture_output=True, text=True)
    if test.returncode:
        lines = [l for l in test.stderr.splitlines() if directive in l]
        return "config-test", (lines or [test.stderr])[-1]
    log.write_text("")
    run = subprocess.Popen(["apache2", "-d", work, "-f", work / "a.conf", "-DFOREGROUND"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    started = None
    for _ in range(100):
        time.sleep(.03)
        if run.poll() is not None:
            started = False
            break
        if "resuming normal" in log.read_text():
            started = True
            break
    if run.poll() is None:
        run.terminate()
    run.communicate()
    lines = [re.sub(r"^.*?(AH\d{5}: )", r"\1", l) for l in log.read_text().splitlines() if re.search(r":(emerg|error|warn|crit)\]", l) and "AH02311" not in l and "AH00020" not in l and "AH00016" not in l]
    lines = [re.sub(r"^\[.*\] ", "", l) for l in lines]
    lines = [l for l in lines if not re.match(r"AH(01882|01906|01909|02312)", l)]
    return ("starts" if started else "start"), " / ".join(lines)


class Postgres:
    def __init__(self, work):
        self.work, self.data = work, work / "pg"
        self.bin = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.data.mkdir(); shutil.chown(self.data, "postgres", "postgres")
        self.su(f"{self.bin}/initdb", "-D", self.data, "-A", "trust", "-N")
        for name in ["server.crt", "server.key", "root.pem"]:
            shutil.copy(work / "own" / name, self.data / name)
            shutil.chown(self.data / name, "postgres", "postgres")
        os.chmod(self.data / "server.key", 0o600)

    def su(self, *arguments):
        return subprocess.run(["runuser", "-u", "postgres", "--", *map(str, arguments)], check=True, capture_output=True)

    def __call__(self, work, directive, file):
        target = self.data / "tested"
        if target.is_dir(): target.rmdir()
        elif target.exists(): target.unlink()
        source = work / file
        if source.is_dir(): target.mkdir()
        else: shutil.copy(source, target)
        shutil.chown(target, "postgres", "postgres")
        ca = "-c ssl_ca_file=root.pem" if directive == "ssl_crl_file" else ""
        options = f"-c ssl=on -c ssl_cert_file=server.crt -c ssl_key_file=server.key -c listen_addresses= -c unix_socket_directories={self.data} -c fsync=off {ca} -c {directive}=tested"
        run = subprocess.Popen(["runuser", "-u", "postgres", "--", f"{self.bin}/postgres", "-D", str(self.data), *options.split()],
                               stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        lines = []
        for line in run.stderr:
            lines.append(line.strip())
            if "ready to accept" in line or "FATAL" in line: break
        started = any("ready to accept" in l for l in lines)
        fatal = [re.sub(r"^.*FATAL:\s+", "", l) for l in lines if "FATAL" in l]
        if started:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 3)
        run.communicate()
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        return ("starts" if started else "start"), (fatal or [""])[0]


def measured(chosen):
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        os.chmod(work, 0o755)
        own = work / "own"; own.mkdir()
        for name, content in forms().items():
            (work / name).write_bytes(content)
        (work / "directory").mkdir()
        pem = lambda text: text[text.index(b"-----BEGIN"):]
        (own / "root.pem").write_bytes(pem((PKI / "root.crt").read_bytes()))
        (own / "server.crt").write_bytes((PKI / "server.crt").read_bytes())
        (own / "server.key").write_bytes((PKI / "server.key").read_bytes())
        (own / "server.pem").write_bytes((PKI / "server.crt").read_bytes() + (PKI / "server.key").read_bytes())
        (own / "pair.pem").write_bytes((work / "pair-pkcs1.pem").read_bytes())
        postgres = Postgres(work) if "postgres" in chosen else None
        servers = [("nginx", NGINX, nginx), ("haproxy", HAPROXY, haproxy), ("apache", APACHE, apache), ("postgres", POSTGRES, postgres)]
        for server, directives, run in servers:
            if server not in chosen: continue
            for directive in directives:
                for name in [*forms(), "directory"]:
                    outcome, message = run(work, directive, name)
                    yield "\t".join([server, directive, name, outcome, tidy(message, work)])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--write", action="store_true")
    arguments.add_argument("--check", action="store_true")
    arguments.add_argument("--forms", action="store_true")
    arguments.add_argument("--servers", default="nginx,haproxy,apache,postgres")
    given = arguments.parse_args()
    if given.forms:
        FORMS.mkdir(exist_ok=True)
        for name, content in forms().items():
            (FORMS / name).write_bytes(content)
        return
    rows = ["server\tdirective\tfile\trefused\tmessage"]
    for row in measured(given.servers.split(",")):
        rows.append(row)
        if not (given.write or given.check): print(row, flush=True)
    if given.check:
        known = TABLE.read_text().splitlines()
        outcome = lambda row: row.split("\t")[:4]
        differ = [row for row in rows if outcome(row) not in map(outcome, known)]
        print("\n".join(differ) or f"{len(rows) - 1} rows as in the table")
        sys.exit(bool(differ))
    if given.write:
        TABLE.write_text("\n".join(rows) + "\n")


main()
