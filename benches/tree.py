#!/usr/bin/env python3
"""Makes a tree to scan, or a bundle: `benches/tree.py DIRECTORY FILES [--certificates]`,
`benches/tree.py FILE.pem CERTIFICATES --bundle`. It needs the package `cryptography`.

Every certificate has its own key (EC P-256), ten extensions and the size of one that a public
CA issues today. A tree has fifty files a directory: of ten files seven are certificates, one is
a private key, one alternates between a chain and a Kubernetes Secret, and one is a text of
settings. With --certificates all files are certificates. The same number makes the same keys.
"""

import base64
import datetime
import os
import pathlib
import random
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
START = datetime.datetime(2026, 1, 1)
PEM = serialization.Encoding.PEM
chance = random.Random(20_261_122)


def key_of(number):
    return ec.derive_private_key(random.Random(number).randrange(1, ORDER), ec.SECP256R1())


def name_of(common, organisation):
    return x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CH"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
        x509.NameAttribute(NameOID.COMMON_NAME, common),
    ])


class Authority:
    def __init__(self, number):
        self.key = key_of(-1 - number)
        self.name = name_of(f"Fleet Issuing CA {number}", "Example Trust")
        self.key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = x509.CertificateBuilder(
            self.name, self.name, self.key.public_key(), number + 1,
            START - datetime.timedelta(days=700), START + datetime.timedelta(days=7000))
        builder = builder.add_extension(x509.BasicConstraints(True, 0), True)
        self.pem = builder.sign(self.key, hashes.SHA256()).public_bytes(PEM)

    def issue(self, number, key):
        host = f"host-{number}.example.test"
        begin = START + datetime.timedelta(minutes=number % 300_000)
        url = "http://pki.example.test"
        add = x509.CertificateBuilder(
            self.name, name_of(host, "Example"), key.public_key(), 1 << 120 | number, begin,
            begin + datetime.timedelta(days=397))
        names = [x509.DNSName(f"{word}{host}") for word in ("", "www.", "api.", "mail.", "static.", "cdn.")]
        usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
        policy = x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.2"), [f"{url}/cps"])
        extensions = [
            (x509.BasicConstraints(False, None), True),
            (usage, True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), False),
            (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
            (self.key_id, False),
            (x509.SubjectAlternativeName(names), False),
            (x509.AuthorityInformationAccess([
                x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{url}/ocsp")),
                x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(f"{url}/ca.der")),
            ]), False),
            (x509.CRLDistributionPoints([x509.DistributionPoint(
                [x509.UniformResourceIdentifier(f"{url}/ca.crl")], None, None, None)]), False),
            (x509.CertificatePolicies([policy]), False),
            # As long as two signed certificate timestamps.
            (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"),
                                        b"\x04\x81\xf0" + chance.randbytes(240)), False),
        ]
        for extension, critical in extensions:
            add = add.add_extension(extension, critical)
        return add.sign(self.key, hashes.SHA256()).public_bytes(PEM)


def pem_of(key):
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def secret(number, certificate, key):
    lines = ["apiVersion: v1", "kind: Secret", "metadata:", f"  name: web-{number}", "  namespace: shop",
             "type: kubernetes.io/tls", "data:"]
    lines += [f"  {name}: {base64.b64encode(data).decode()}" for name, data in (("tls.crt", certificate), ("tls.key", key))]
    return ("\n".join(lines) + "\n").encode()


def tree(root, count, only):
    authorities = [Authority(number) for number in range(20)]
    key = certificate = None
    for number in range(count):
        directory = root / f"site-{number // 50:05}"
        if number % 50 == 0:
            directory.mkdir(parents=True)
        kind, mode = number % 10, 0o644
        authority = authorities[number // 50 % len(authorities)]
        if only or kind < 8 or key is None:
            if only or kind != 7:
                key = key_of(number)
                certificate = authority.issue(number, key)
                file, data = f"{number}.crt", certificate
            else:
                file, data, mode = f"{number}.key", pem_of(key), 0o600
        elif kind == 8 and number // 10 % 2:
            file, data = f"{number}.chain.pem", certificate + authority.pem
        elif kind == 8:
            file, data, mode = f"{number}.yaml", secret(number, certificate, pem_of(key)), 0o600
        else:
            file, data = f"{number}.conf", b"# a server's settings\nlisten 443 ssl;\n" * 60
        path = directory / file
        path.write_bytes(data)
        os.chmod(path, mode)


def main():
    target, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    if "--bundle" in sys.argv:
        authorities = [Authority(number) for number in range(20)]
        with open(target, "wb") as out:
            for number in range(count):
                out.write(authorities[number % 20].issue(number, key_of(number)))
    else:
        tree(target, count, "--certificates" in sys.argv)


if __name__ == "__main__":
    main()
