"""Loads each file as a server with OpenSSL does: SSL_CTX_use_certificate_chain_file.

Arguments: files. One line for each: name, `taken` or `refused`, and the
SHA-256 of the certificates that are seen, in order. Exit 3: no libssl.
"""
import ctypes
import ctypes.util
import hashlib
import sys

name = ctypes.util.find_library("ssl")
if not name:
    sys.exit(3)
ssl = ctypes.CDLL(name)
crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
for function in (ssl.TLS_method, ssl.SSL_CTX_new, ssl.SSL_CTX_get0_certificate, crypto.OPENSSL_sk_value):
    function.restype = ctypes.c_void_p
ssl.SSL_CTX_ctrl.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_long, ctypes.c_void_p]
GET_CHAIN = 115


def digest(certificate):
    out = ctypes.POINTER(ctypes.c_ubyte)()
    size = crypto.i2d_X509(ctypes.c_void_p(certificate), ctypes.byref(out))
    return hashlib.sha256(bytes(out[:size])).hexdigest()


for path in sys.argv[1:]:
    context = ssl.SSL_CTX_new(ctypes.c_void_p(ssl.TLS_method()))
    taken = ssl.SSL_CTX_use_certificate_chain_file(ctypes.c_void_p(context), path.encode()) == 1
    seen = []
    if taken:
        seen.append(digest(ssl.SSL_CTX_get0_certificate(ctypes.c_void_p(context))))
        chain = ctypes.c_void_p()
        ssl.SSL_CTX_ctrl(context, GET_CHAIN, 0, ctypes.byref(chain))
        for index in range(max(crypto.OPENSSL_sk_num(chain), 0) if chain else 0):
            seen.append(digest(crypto.OPENSSL_sk_value(chain, index)))
    crypto.ERR_clear_error()
    ssl.SSL_CTX_free(ctypes.c_void_p(context))
    print(path, "taken" if taken else "refused", ",".join(seen), sep="\t")
