#!/usr/bin/env python3
"""Writes the cases of testdata/encoding from the objects in base/.

    testdata/encoding/generate.py            the cases, from base/ as it is
    testdata/encoding/generate.py --base     base/ first, anew, with openssl

The keys are for tests only and protect nothing. Every case is a folder with
one file, `input`, and the expectation beside it, which people write.
"""
import base64
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
BASE = HERE / "base"

EXTENSIONS = """
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[leaf]
basicConstraints=critical,CA:FALSE
subjectAltName=DNS:server.test
extendedKeyUsage=serverAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[req]
distinguished_name=dn
[dn]
"""


def openssl(*words, **keywords):
    return subprocess.run(["openssl", *words], check=True, capture_output=True, **keywords).stdout


def make_base():
    BASE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        at = lambda name: f"{folder}/{name}"
        config = pathlib.Path(at("x.cnf"))
        config.write_text(EXTENSIONS)
        rsa = ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        ec = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        for name, kind in [("root", ec), ("mid", ec), ("leaf", rsa), ("ec", ec)]:
            openssl(*kind, "-out", at(name + ".key"))
        openssl("req", "-config", config, "-x509", "-new", "-key", at("root.key"), "-days", "7300",
                "-subj", "/O=Example/CN=Example Root", "-extensions", "ca", "-out", at("root.crt"))
        for name, issuer, section, subject in [
            ("mid", "root", "ca", "/O=Example/CN=Example Issuing CA"),
            ("leaf", "mid", "leaf", "/O=Example/CN=server.test"),
        ]:
            openssl("req", "-config", config, "-new", "-key", at(name + ".key"), "-subj", subject,
                    "-out", at(name + ".csr"))
            openssl("x509", "-req", "-in", at(name + ".csr"), "-CA", at(issuer + ".crt"),
                    "-CAkey", at(issuer + ".key"), "-CAcreateserial", "-days", "7300",
                    "-extfile", config, "-extensions", section, "-out", at(name + ".crt"))
        secret = ["-passout", "pass:secret"]
        leaf, out = at("leaf.key"), lambda name: ["-out", BASE / name]
        for name in ("root.crt", "mid.crt", "leaf.crt", "leaf.key", "leaf.csr"):
            (BASE / name).write_bytes(pathlib.Path(at(name)).read_bytes())
        openssl("rsa", "-traditional", "-in", leaf, *out("leaf.pkcs1.key"))
        openssl("rsa", "-traditional", "-aes256", *secret, "-in", leaf, *out("leaf.dek.key"))
        openssl("pkcs8", "-topk8", *secret, "-in", leaf, *out("leaf.enc.key"))
        openssl("ec", "-in", at("ec.key"), *out("ec.sec1.key"))
        openssl("ecparam", "-name", "prime256v1", *out("ec.params"))
        openssl("dsaparam", "-genkey", "-out", at("dsa.pem"), "1024")
        dsa = pathlib.Path(at("dsa.pem")).read_text()
        params, key = dsa.split("-----BEGIN DSA PRIVATE KEY", 1) if "DSA PRIVATE KEY" in dsa else ("", "")
        if not key:
            key = openssl("dsa", "-in", at("dsa.pem")).decode().split("-----BEGIN DSA PRIVATE KEY", 1)[1]
        (BASE / "dsa.key").write_text("-----BEGIN DSA PRIVATE KEY" + key)
        openssl("dsaparam", "-in", at("dsa.pem"), *out("dsa.params"))
        openssl("dhparam", *out("dh.params"), "512")
        openssl("pkey", "-in", leaf, "-pubout", *out("leaf.pub"))
        openssl("rsa", "-in", leaf, "-RSAPublicKey_out", *out("leaf.rsapub"))
        openssl("crl2pkcs7", "-nocrl", "-certfile", at("leaf.crt"), "-certfile", at("mid.crt"), *out("chain.p7b"))
        openssl("pkcs12", "-export", "-inkey", leaf, "-in", at("leaf.crt"), "-certfile", at("mid.crt"),
                *secret, *out("bundle.p12"))
        openssl("pkcs12", "-in", BASE / "bundle.p12", "-passin", "pass:secret", "-nodes", *out("bag.pem"))
        openssl("x509", "-in", at("leaf.crt"), "-trustout", "-addtrust", "serverAuth", *out("trusted.crt"))
        openssl("x509", "-in", at("leaf.crt"), "-text", *out("leaf.text.crt"))
        pathlib.Path(at("index")).write_text("")
        pathlib.Path(at("ca.cnf")).write_text(
            f"[ca]\ndefault_ca=d\n[d]\ndatabase={at('index')}\ndefault_md=sha256\ndefault_crl_days=3650\n")
        openssl("ca", "-config", at("ca.cnf"), "-gencrl", "-cert", at("mid.crt"), "-keyfile", at("mid.key"),
                *out("mid.crl"))
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", at("ssh")], check=True)
        (BASE / "ssh.key").write_bytes(pathlib.Path(at("ssh")).read_bytes())
        (BASE / "ssh.pub").write_bytes(pathlib.Path(at("ssh.pub")).read_bytes())


def base(name):
    return (BASE / name).read_bytes()


def der(pem):
    text = pem.split(b"-----\n", 1)[1].split(b"-----END", 1)[0]
    return base64.b64decode(text)


def body(pem):
    return pem.split(b"-----\n", 1)[1].split(b"-----END", 1)[0]


def wrap(data, width, label=b"CERTIFICATE"):
    text = base64.b64encode(data)
    lines = [text[i:i + width] for i in range(0, len(text), width)]
    return b"-----BEGIN " + label + b"-----\n" + b"\n".join(lines) + b"\n-----END " + label + b"-----\n"


def nested(depth):
    der = b""
    for _ in range(depth):
        length = len(der)
        if length < 128:
            head = bytes([length])
        else:
            octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
            head = bytes([0x80 | len(octets)]) + octets
        der = b"\x30" + head + der
    return der


def cases():
    root, mid, leaf, key = base("root.crt"), base("mid.crt"), base("leaf.crt"), base("leaf.key")
    chain = leaf + mid
    text = chain.decode()
    lines = leaf.split(b"\n")
    bad = bytearray(chain)
    second = chain.index(b"-----BEGIN", 10)
    bad[second + 28 + 65 + 9] = ord("*")

    yield "clean-chain", chain
    yield "clean-key", key
    yield "clean-all-kinds", b"".join(base(n) for n in (
        "leaf.crt", "leaf.key", "leaf.csr", "leaf.pkcs1.key", "leaf.dek.key", "leaf.enc.key", "ec.params",
        "ec.sec1.key", "dsa.key", "dsa.params", "dh.params", "leaf.pub", "leaf.rsapub", "mid.crl", "chain.p7b"))
    yield "clean-no-final-newline", chain[:-1]
    yield "crlf", chain.replace(b"\n", b"\r\n")
    yield "mixed-line-endings", leaf.replace(b"\n", b"\r\n") + mid
    yield "mixed-inside-section", leaf.replace(b"\n", b"\r\n", 5)
    yield "lone-cr", chain.replace(b"\n", b"\r")
    yield "byte-order-mark", b"\xef\xbb\xbf" + chain
    yield "byte-order-mark-between", leaf + b"\xef\xbb\xbf" + mid
    yield "utf16-le", b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le")
    yield "utf16-be", b"\xfe\xff" + text.encode("utf-16-be")
    yield "utf16-le-without-mark", text.encode("utf-16-le")
    yield "utf16-be-without-mark", text.replace("\n", "\r\n").encode("utf-16-be")
    yield "utf16-lone-cr", b"\xff\xfe" + text.replace("\n", "\r").encode("utf-16-le")
    yield "preamble", base("leaf.text.crt")
    yield "bag-attributes", base("bag.pem")
    yield "text-between", leaf + b"and now the intermediate:\n" + mid + b"that is all\n"
    yield "one-line", wrap(der(leaf), 10**6) + wrap(der(mid), 10**6)
    yield "lines-of-76", wrap(der(leaf), 76)
    yield "lines-of-48", wrap(der(leaf), 48)
    yield "uneven-lines", b"\n".join(lines[:3] + [lines[3][:20], lines[3][20:]] + lines[4:])
    yield "lines-of-1", wrap(der(base("mid.crl")), 1, b"X509 CRL")
    yield "trailing-blanks", b"".join(line + b"  \n" for line in chain.split(b"\n")[:-1])
    yield "leading-blanks", re.sub(rb"(?m)^(?=[A-Za-z0-9+/])", b"  ", leaf)
    yield "blank-lines", b"\n".join(lines[:4] + [b""] + lines[4:])
    yield "double-spaced", chain.replace(b"\n", b"\n\n")
    yield "indented-yaml", b"tls:\n  cert: |\n" + b"".join(b"    " + l + b"\n" for l in chain.split(b"\n")[:-1])
    yield "indented", b"".join(b"    " + l + b"\n" for l in chain.split(b"\n")[:-1])
    yield "glued", leaf[:-1] + mid
    yield "glued-sharing-dashes", leaf[:-6] + mid
    yield "escaped-newlines", chain.replace(b"\n", b"\\n") + b"\n"
    yield "escaped-in-json", b'{"cert": "' + chain.replace(b"\n", b"\\n").replace(b"/", b"\\/") + b'"}\n'
    yield "escaped-crlf", b"CERT='" + leaf.replace(b"\n", b"\\r\\n") + b"'\n"
    yield "escaped-dek-info", base("leaf.dek.key").replace(b"\n", b"\\n")
    yield "spaces-for-newlines", leaf[:-1].replace(b"\n", b" ")
    yield "c-string", b"".join(b'    "' + l + b'\\n"\n' for l in leaf.split(b"\n")[:-1])
    yield "quoted-mail", b"".join(b"> " + l + b"\n" for l in leaf.split(b"\n")[:-1])
    yield "commented-out", b"".join(b"# " + l + b"\n" for l in leaf.split(b"\n")[:-1])
    yield "typographic-dashes", text.replace("-----", "\u2013\u2014\u2014").encode()
    yield "typographic-dashes-cp1252", text.replace("-----", "\u2014-").encode("cp1252")
    yield "typographic-dashes-utf16", text.replace("-----", "\u2014\u2014-").encode("utf-16-le")
    yield "four-dashes", leaf.replace(b"-----BEGIN", b"----BEGIN")
    yield "four-dashes-behind", leaf.replace(b"CERTIFICATE-----\n", b"CERTIFICATE----\n", 1)
    yield "six-dashes", leaf.replace(b"-----", b"------")
    yield "no-closing-dashes", leaf.replace(b"CERTIFICATE-----", b"CERTIFICATE")
    yield "lower-case", leaf.replace(b"BEGIN CERTIFICATE", b"begin certificate").replace(b"END CERTIFICATE", b"end certificate")
    yield "double-space", leaf.replace(b" CERT", b"  CERT")
    yield "base64-on-begin-line", leaf.replace(b"-----\n", b"-----", 1)
    yield "end-on-last-line", leaf.replace(b"\n-----END", b"-----END")
    yield "bare-base64", body(leaf)
    yield "bare-base64-chain", body(leaf) + b"\n" + body(mid)
    yield "bare-base64-one-line", base64.b64encode(der(leaf))
    yield "bare-base64-in-xml", b"<ds:X509Certificate>" + base64.b64encode(der(leaf)) + b"</ds:X509Certificate>\n"
    yield "bare-base64-key", body(key)
    yield "missing-begin", b"\n".join(lines[1:]) + mid
    yield "missing-begin-head-lost", b"\n".join(lines[4:]) + mid
    yield "missing-end", leaf.replace(b"-----END CERTIFICATE-----\n", b"")
    yield "missing-end-between", leaf.replace(b"-----END CERTIFICATE-----\n", b"") + mid
    yield "missing-end-text-follows", leaf.replace(b"-----END CERTIFICATE-----\n", b"") + b"that was it.\n"
    yield "truncated-last", chain[:second + 300]
    yield "truncated-end-line", chain[:-12]
    yield "truncated-in-dashes", chain[:-22]
    yield "nested-begin", b"-----BEGIN CERTIFICATE-----\n" + leaf
    yield "nested-begin-and-end", b"-----BEGIN CERTIFICATE-----\n" + leaf + b"-----END CERTIFICATE-----\n"
    yield "begin-inside-body", b"\n".join(lines[:5]) + b"\n" + mid
    yield "label-mismatch", leaf.replace(b"END CERTIFICATE", b"END TRUSTED CERTIFICATE")
    yield "label-mismatch-key", key.replace(b"END PRIVATE KEY", b"END RSA PRIVATE KEY") + leaf
    yield "x509-certificate", chain.replace(b"CERTIFICATE", b"X509 CERTIFICATE")
    yield "trusted-certificate", base("trusted.crt")
    yield "trusted-without-settings", leaf.replace(b"CERTIFICATE", b"TRUSTED CERTIFICATE")
    yield "new-certificate-request", base("leaf.csr").replace(b"CERTIFICATE REQUEST", b"NEW CERTIFICATE REQUEST")
    yield "unknown-label", leaf.replace(b"CERTIFICATE", b"MY CERT")
    yield "unknown-label-between", leaf + wrap(b"hello", 64, b"GREETING") + mid
    yield "empty-label", leaf.replace(b" CERTIFICATE", b" ")
    yield "key-labelled-certificate", key.replace(b"PRIVATE KEY", b"CERTIFICATE")
    yield "pkcs1-labelled-pkcs8", base("leaf.pkcs1.key").replace(b"RSA PRIVATE KEY", b"PRIVATE KEY")
    yield "damaged-base64", bytes(bad)
    yield "damaged-base64-crlf", bytes(bad).replace(b"\n", b"\r\n")
    yield "damaged-base64-utf16", bytes(bad).decode().encode("utf-16-le")
    yield "lost-character", chain[:100] + chain[101:]
    yield "lost-line", b"\n".join(lines[:4] + lines[5:]) + mid
    yield "base64url", leaf.replace(b"+", b"-").replace(b"/", b"_")
    yield "missing-padding", no_padding(leaf, mid, root)
    yield "bits-behind-padding", trailing_bits(leaf, mid, root)
    yield "data-behind-padding", leaf.replace(b"\n-----END", b"\n" + lines[1] + b"\n-----END")
    yield "no-break-spaces", leaf.replace(b"\n", b"\xc2\xa0\n", 6)
    yield "zero-width-spaces", leaf.replace(b"\nMII", b"\n\xe2\x80\x8bMII")
    yield "nul-bytes", leaf + b"\0" * 7
    yield "garbage-second", leaf + wrap(b"this is not a certificate" * 9, 64)
    yield "empty-section", leaf + b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"
    yield "trailing-data-in-section", wrap(der(leaf) + b"\0\0\0", 64)
    yield "cut-off-object", wrap(der(leaf)[:400], 64) + mid
    yield "two-objects-in-section", wrap(der(leaf) + der(mid), 64)
    yield "headers", leaf.replace(b"-----\n", b"-----\nComment: mine\nX-Line: a\n b\n\n", 1)
    yield "headers-without-blank", leaf.replace(b"-----\n", b"-----\nComment: mine\n", 1)
    yield "dek-info", base("leaf.dek.key")
    yield "dek-info-crlf", base("leaf.dek.key").replace(b"\n", b"\r\n")
    yield "nested-der-1000", wrap(nested(1000), 64)
    yield "nested-der-5000", nested(5000)
    yield "der-certificate", der(leaf)
    yield "der-csr", der(base("leaf.csr"))
    yield "der-crl", der(base("mid.crl"))
    yield "der-pkcs8", der(key)
    yield "der-encrypted-pkcs8", der(base("leaf.enc.key"))
    yield "der-pkcs1", der(base("leaf.pkcs1.key"))
    yield "der-sec1", der(base("ec.sec1.key"))
    yield "der-dsa", der(base("dsa.key"))
    yield "der-spki", der(base("leaf.pub"))
    yield "der-rsa-public-key", der(base("leaf.rsapub"))
    yield "der-dh-parameters", der(base("dh.params"))
    yield "der-dsa-parameters", der(base("dsa.params"))
    yield "der-pkcs7", der(base("chain.p7b"))
    yield "pkcs7-pem", base("chain.p7b")
    yield "pkcs12", base("bundle.p12")
    yield "der-two-certificates", der(leaf) + der(mid)
    yield "der-trailing-newline", der(leaf) + b"\n"
    yield "der-trailing-data", der(leaf) + b"\0" * 100
    yield "der-then-pem", der(leaf) + b"\n" + mid
    yield "der-cut-off", der(leaf)[:500]
    yield "ssh-private-key", base("ssh.key")
    yield "ssh-public-key", base("ssh.pub")
    yield "jks", b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\0" + b"\x55" * 20
    yield "html", b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body>no</body></html>\n"
    yield "plain-text", b"The certificate is in the attachment.\n"
    yield "directory-listing", b"total 8\n-rw-r--r-- 1 root root 1704 Nov 22 10:00 server.crt\n-rw------- 1 root root 1704 Nov 22 10:00 server.key\n"
    yield "empty", b""
    yield "blanks", b" \r\n\t\n"
    yield "dashes", b"-" * 500 + b"\n"
    yield "pgp", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: 1\n\nmQENBFAAAAABCADAAAAA\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n"
    yield "age-file", b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3YxCg==\n-----END AGE ENCRYPTED FILE-----\n"
    yield "hostile-label", b"-----BEGIN \x1b[31mRED\x07-----\nMAA=\n-----END \x1b[31mRED\x07-----\n"
    yield "key-and-chain", key + chain
    # The armour cases of the age test suite, by kind.
    yield "armour-no-match-end", leaf.replace(b"-----END CERTIFICATE-----", b"-----END CERTIFICATE ----")
    yield "armour-wrapped-at-63", wrap(der(leaf), 63)
    yield "armour-eol-in-begin", leaf.replace(b"BEGIN CERT", b"BEGIN\nCERT", 1)
    yield "armour-whitespace-before", b" \n\t\n" + leaf
    yield "armour-whitespace-after", leaf + b" \n\t\n"
    yield "armour-garbage-before", b"garbage\n" + leaf
    yield "armour-garbage-after", leaf + b"garbage\n"
    yield "armour-padding-doubled", leaf.replace(b"\n-----END", b"==\n-----END")
    yield "armour-padding-alone", leaf.replace(b"\n-----END", b"\n====\n-----END")


def no_padding(*pems):
    """The first of them that needs padding, without it."""
    pem = next(p for p in pems if b"=" in body(p))
    return pem.replace(b"=", b"")


def trailing_bits(*pems):
    pem = next(p for p in pems if b"=" in body(p))
    at = pem.index(b"=")
    return pem[:at - 1] + bytes([pem[at - 1] + 1]) + pem[at:]


def main():
    if "--base" in sys.argv:
        make_base()
    for name, data in cases():
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        (folder / "input").write_bytes(data)


main()
