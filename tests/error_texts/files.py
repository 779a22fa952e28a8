"""Certificates and keys for what can be wrong, made with openssl(1) in the working directory."""

import datetime
import pathlib
import subprocess

CONFIG = """[ca]
default_ca = one
[one]
database = index.txt
new_certs_dir = new
rand_serial = yes
unique_subject = no
copy_extensions = none
policy = any
default_md = sha256
[any]
commonName = supplied
"""
CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
SERVER = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n"
NAMES = "subjectAltName=DNS:localhost,DNS:db.example.com\n"
KEY_IDS = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"


def openssl(*arguments, data=None):
    run = subprocess.run(["openssl", *arguments], input=data, capture_output=True)
    if run.returncode:
        raise RuntimeError(f"openssl {arguments}: {run.stderr.decode()}")
    return run.stdout


def read(name):
    return pathlib.Path(name).read_bytes()


def write(name, data):
    pathlib.Path(name).write_bytes(data)


def day(offset):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=offset)
    return when.strftime("%Y%m%d000000Z")


def rsa(name, bits=2048):
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}", "-out", name)
    pathlib.Path(name).chmod(0o600)


def issue(name, subject, extensions, issuer=None, key=None, days=(-2, 90), more=()):
    """NAME.crt for KEY (NAME.key, made if it is not there), by ISSUER or itself."""
    key = key or f"{name}.key"
    if not pathlib.Path(key).exists():
        rsa(key)
    openssl("req", "-new", "-key", key, "-subj", subject, "-out", f"{name}.csr")
    write(f"{name}.ext", extensions.encode())
    by = ["-cert", f"{issuer[0]}.crt", "-keyfile", f"{issuer[1]}.key"] if issuer else ["-selfsign", "-keyfile", key]
    openssl("ca", "-batch", "-notext", "-config", "ca.cnf", "-in", f"{name}.csr", "-out", f"{name}.crt",
            "-extfile", f"{name}.ext", "-startdate", day(days[0]), "-enddate", day(days[1]), *by, *more)


def made():
    """Everything; the working directory is empty before."""
    write("ca.cnf", CONFIG.encode())
    write("index.txt", b"")
    pathlib.Path("new").mkdir()
    ids = KEY_IDS
    issue("root", "/CN=Example Root CA", CA + "subjectKeyIdentifier=hash\n", days=(-900, 900))
    issue("other-root", "/CN=Another Root CA", CA + "subjectKeyIdentifier=hash\n", days=(-900, 900))
    root, mid = ("root", "root"), ("mid", "mid")
    issue("mid", "/CN=Example Issuing CA", CA + ids, root, days=(-800, 800))
    full = SERVER + ids
    key = "server.key"
    issue("server", "/CN=localhost", full + NAMES, mid)
    issue("expired", "/CN=localhost", full + NAMES, mid, key, (-90, -5))
    issue("future", "/CN=localhost", full + NAMES, mid, key, (20, 90))
    issue("cn-only", "/CN=localhost", full, mid, key)
    issue("client-only", "/CN=localhost", full.replace("serverAuth", "clientAuth") + NAMES, mid, key)
    issue("sha1", "/CN=localhost", full + NAMES, mid, key, more=("-md", "sha1"))
    issue("critical", "/CN=localhost", full + NAMES + "1.2.3.4.5=critical,ASN1:NULL\n", mid, key)
    rsa("weak.key", 1024)
    issue("weak", "/CN=localhost", full + NAMES, mid)
    issue("self-signed", "/CN=localhost", full.replace(",keyid", "") + NAMES, None, key)
    issue("old-mid", "/CN=Example Old CA", CA + ids, root, "mid.key", (-800, -5))
    issue("below-old", "/CN=localhost", full + NAMES, ("old-mid", "mid"), key)
    issue("plain", "/CN=plain.example.com", full, mid)
    issue("below-plain", "/CN=localhost", full + NAMES, ("plain", "plain"), key)
    issue("short", "/CN=Example Short CA", CA.replace("TRUE", "TRUE,pathlen:0") + ids, root, "mid.key")
    issue("under-short", "/CN=Example CA Below", CA + ids, ("short", "mid"))
    issue("too-deep", "/CN=localhost", full + NAMES, ("under-short", "under-short"), key)
    issue("narrow", "/CN=Example Narrow CA", CA + ids + "nameConstraints=critical,permitted;DNS:example.org\n", root, "mid.key")
    issue("outside", "/CN=localhost", full + NAMES, ("narrow", "mid"), key)
    issue("rekeyed", "/CN=Example Issuing CA", CA, root)
    issue("nameless", "/CN=Example Issuing CA", CA + "subjectKeyIdentifier=none\n", root, "rekeyed.key")
    none = "subjectKeyIdentifier=none\nauthorityKeyIdentifier=none\n"
    issue("no-ids", "/CN=localhost", SERVER + NAMES + none, mid, key)
    openssl("ca", "-gencrl", "-config", "ca.cnf", "-cert", "mid.crt", "-keyfile", "mid.key", "-crldays", "30", "-out", "mid.crl")
    openssl("ca", "-gencrl", "-config", "ca.cnf", "-cert", "mid.crt", "-keyfile", "mid.key",
            "-crl_lastupdate", day(-90), "-crl_nextupdate", day(-5), "-out", "old.crl")
    openssl("ca", "-config", "ca.cnf", "-cert", "mid.crt", "-keyfile", "mid.key", "-revoke", "server.crt")
    openssl("ca", "-gencrl", "-config", "ca.cnf", "-cert", "mid.crt", "-keyfile", "mid.key", "-crldays", "30", "-out", "revoked.crl")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "mid.crt", "-CAkey", "mid.key", "-set_serial", "-5",
            "-extfile", "server.ext", "-out", "negative.crt")
    for name, parts in CHAINS.items():
        write(name, b"".join(read(f"{part}.crt") for part in parts))
    damaged()


CHAINS = {
    "fullchain.pem": ("server", "mid"), "with-root.pem": ("server", "mid", "root"),
    "reversed.pem": ("mid", "server"),
    **{f"{leaf}.pem": (leaf, "mid") for leaf in
       ("expired", "future", "cn-only", "client-only", "sha1", "critical", "weak", "no-ids", "negative")},
    "below-old.pem": ("below-old", "old-mid"), "below-plain.pem": ("below-plain", "plain", "mid"),
    "too-deep.pem": ("too-deep", "under-short", "short"), "outside.pem": ("outside", "narrow"),
    "wrong-issuer.pem": ("server", "rekeyed"), "wrong-nameless.pem": ("no-ids", "nameless"),
}


def damaged():
    """Files that loaders refuse, each for its own reason."""
    pem, key = read("server.crt"), read("server.key")
    lines = pem.decode().splitlines()
    rsa("other.key")
    openssl("x509", "-in", "server.crt", "-outform", "DER", "-out", "der.crt")
    openssl("pkey", "-in", "server.key", "-outform", "DER", "-out", "der.key")
    write("utf16.crt", pem.decode().encode("utf-16"))
    write("bom.pem", b"\xef\xbb\xbf" + read("fullchain.pem"))
    write("cut.crt", pem[: len(pem) * 2 // 3])
    write("cut.pem", read("fullchain.pem")[: len(pem) + 700])
    write("star.crt", "\n".join(lines[:3] + ["*" + lines[3][1:]] + lines[4:]).encode() + b"\n")
    write("short.crt", "\n".join(lines[:3] + [lines[3][:-1]] + lines[4:]).encode() + b"\n")
    write("labels.crt", pem.replace(b"END CERTIFICATE", b"END X509 CERTIFICATE"))
    write("x509label.crt", pem.replace(b" CERTIFICATE", b" X509 CERTIFICATE"))
    write("glued.pem", pem.rstrip() + read("mid.crt"))
    write("bare.crt", "\n".join(lines[1:-1]).encode() + b"\n")
    write("html.crt", b"<!DOCTYPE html><html><body>404 Not Found</body></html>\n")
    write("empty.crt", b"")
    write("inside.crt", b"-----BEGIN CERTIFICATE-----\nTm90IGEgY2VydGlmaWNhdGUgYXQgYWxsLCBvbmx5IHRleHQu\n-----END CERTIFICATE-----\n")
    write("garbage-second.pem", pem + read("inside.crt"))
    write("inside.key", b"-----BEGIN PRIVATE KEY-----\nTm90IGEga2V5IGF0IGFsbCwgb25seSB0ZXh0Lg==\n-----END PRIVATE KEY-----\n")
    write("cut.key", key[: len(key) // 2])
    openssl("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-in", "server.key", "-passout", "pass:correct horse", "-out", "encrypted.key")
    openssl("pkcs8", "-topk8", "-v1", "PBE-SHA1-RC2-40", "-provider", "legacy", "-provider", "default",
            "-in", "server.key", "-passout", "pass:correct horse", "-out", "rc2.key")
    openssl("rsa", "-traditional", "-aes128", "-in", "server.key", "-passout", "pass:correct horse", "-out", "traditional.key")
    parts = ("-export", "-in", "server.crt", "-inkey", "server.key", "-passout", "pass:correct horse")
    openssl("pkcs12", *parts, "-out", "server.p12")
    openssl("pkcs12", *parts, "-legacy", "-out", "legacy.p12")
    openssl("crl2pkcs7", "-nocrl", "-certfile", "fullchain.pem", "-out", "chain.p7b")
    write("open.key", key)
    pathlib.Path("open.key").chmod(0o644)
