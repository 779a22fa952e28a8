#!/usr/bin/env python3
"""Makes the ML-DSA keys of this directory anew, in the directory that is given
or this one, with pyca/cryptography 50 (which brings OpenSSL 4.0): OpenSSL 3.0
knows nothing of ML-DSA. They are keys of tests: their secrets are public."""

import pathlib
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import mldsa

here = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__)
here = here if here.is_dir() else here.resolve().parent
for size in (44, 65, 87):
    key = getattr(mldsa, f"MLDSA{size}PrivateKey").generate()
    (here / f"ml-dsa-{size}.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (here / f"ml-dsa-{size}.pub").write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )
    )
