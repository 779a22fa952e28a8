"""Loads each key as Python does: ssl.SSLContext.load_cert_chain.

Arguments and output as in openssl.py.
"""
import ssl
import sys

for key, certificate in zip(sys.argv[2::2], sys.argv[3::2]):
    asked = []

    def answer():
        asked.append(True)
        return sys.argv[1]

    said = ""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, answer)
        verdict = "asks" if asked else "taken"
    except (ssl.SSLError, OSError, ValueError) as error:
        said = str(error)
        verdict = "weak" if "EE_KEY_TOO_SMALL" in said else "refused"
    print(key, verdict, said.replace("\n", " "), sep="\t")
