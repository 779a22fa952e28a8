#!/usr/bin/env python3
"""Makes the PKCS#12 files of this directory that begin with `python-`, with the
cryptography package (48), and `pbmac1.p12` by hand (RFC 9579), which that
package (OpenSSL 4.0) then reads back. The passphrase is `open sesame`."""
import hashlib, hmac, os, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

os.chdir(os.path.dirname(os.path.abspath(__file__)))
PASS = b"open sesame"
read = lambda name: open(name, "rb").read()
key = serialization.load_pem_private_key(read("server.key"), None)
server = x509.load_pem_x509_certificate(read("server.crt"))
ca = x509.load_pem_x509_certificate(read("ca.crt"))


def write(name, encryption):
    data = pkcs12.serialize_key_and_certificates("Straße".encode(), key, server, [ca], encryption)
    open(name, "wb").write(data)


builder = serialization.PrivateFormat.PKCS12.encryption_builder
write("python-best.p12", serialization.BestAvailableEncryption(PASS))
write("python-none.p12", serialization.NoEncryption())
write("python-3des.p12", builder().kdf_rounds(3000).key_cert_algorithm(
    pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).hmac_hash(hashes.SHA1()).build(PASS))
write("python-aes.p12", builder().kdf_rounds(3000).key_cert_algorithm(
    pkcs12.PBES.PBESv2SHA256AndAES256CBC).hmac_hash(hashes.SHA256()).build(PASS))


# PBMAC1 over the contents of without-mac.p12.
def tlv(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def elements(body):
    while body:
        length, head = body[1], 2
        if length & 0x80:
            head = 2 + (length & 0x7F)
            length = int.from_bytes(body[2:head], "big")
        yield body[0], body[head:head + length], body[:head + length]
        body = body[head + length:]


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    out = bytes([first * 40 + second])
    for arc in rest:
        digits = [arc & 0x7F]
        while arc := arc >> 7:
            digits.append(0x80 | arc & 0x7F)
        out += bytes(reversed(digits))
    return tlv(6, out)


def pbmac1(name, digest, last, length):
    (_, pfx, _), = elements(read("without-mac.p12"))
    (_, _, version), (_, safe, whole) = elements(pfx)
    (_, _, _), (_, explicit, _) = elements(safe)
    (_, content, _), = elements(explicit)
    salt = hashlib.sha256(name.encode()).digest()[:16]
    hmac_id = tlv(0x30, oid(f"1.2.840.113549.2.{last}"), tlv(5))
    kdf = tlv(0x30, oid("1.2.840.113549.1.5.12"), tlv(0x30, tlv(4, salt), tlv(2, b"\x08\x00"),
              tlv(2, bytes([length])), hmac_id))
    algorithm = tlv(0x30, oid("1.2.840.113549.1.5.14"), tlv(0x30, kdf, hmac_id))
    code = hmac.digest(hashlib.pbkdf2_hmac(digest, PASS, salt, 2048, length), content, digest)
    mac = tlv(0x30, tlv(0x30, algorithm, tlv(4, code)), tlv(4, b"NOT USED"), tlv(2, b"\x02"))
    data = tlv(0x30, version, whole, mac)
    open(name, "wb").write(data)
    print(name, pkcs12.load_pkcs12(data, PASS).cert.certificate == server)
    try:
        pkcs12.load_pkcs12(data, b"wrong")
        sys.exit("a wrong passphrase passed")
    except ValueError as error:
        print(error)


pbmac1("pbmac1.p12", "sha256", 9, 32)
pbmac1("pbmac1-sha512.p12", "sha512", 11, 64)
