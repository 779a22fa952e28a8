"""Loads each file as Rserve does: SSL_CTX_use_certificate_file, which takes one
certificate.

Arguments and output as in openssl.py. Exit 3: no libssl.
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
for function in (ssl.TLS_method, ssl.SSL_CTX_new, ssl.SSL_CTX_get0_certificate):
    function.restype = ctypes.c_void_p
PEM = 1

for path in sys.argv[1:]:
    context = ctypes.c_void_p(ssl.SSL_CTX_new(ctypes.c_void_p(ssl.TLS_method())))
    seen = ""
    if ssl.SSL_CTX_use_certificate_file(context, path.encode(), PEM) == 1:
        out = ctypes.POINTER(ctypes.c_ubyte)()
        certificate = ctypes.c_void_p(ssl.SSL_CTX_get0_certificate(context))
        size = crypto.i2d_X509(certificate, ctypes.byref(out))
        seen = hashlib.sha256(bytes(out[:size])).hexdigest()
    crypto.ERR_clear_error()
    ssl.SSL_CTX_free(context)
    print(path, "taken" if seen else "refused", seen, sep="\t")
