"""Loads each file as Python does: ssl.SSLContext.load_cert_chain.

The key is another one, so that a file that is read ends in a mismatch, which
is an answer too. Arguments: key, then files. Output as in openssl.py, with no
digests: the module does not say what it saw.
"""
import ssl
import sys

for path in sys.argv[2:]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(path, sys.argv[1])
        taken = True
    except ssl.SSLError as error:
        taken = error.reason in (
            "KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED")
    print(path, "taken" if taken else "refused", "", sep="\t")
