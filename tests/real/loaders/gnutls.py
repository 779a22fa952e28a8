"""Loads each file as GnuTLS does: gnutls_x509_crt_list_import2, PEM.

Arguments and output as in openssl.py. Exit 3: no libgnutls.
"""
import ctypes
import ctypes.util
import hashlib
import sys

name = ctypes.util.find_library("gnutls")
if not name:
    sys.exit(3)
gnutls = ctypes.CDLL(name)


class Datum(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_uint)]


gnutls.gnutls_global_init()
for path in sys.argv[1:]:
    data = open(path, "rb").read()
    buffer = ctypes.create_string_buffer(data, len(data) + 1)
    datum = Datum(ctypes.cast(buffer, ctypes.c_void_p), len(data))
    certificates, count = ctypes.POINTER(ctypes.c_void_p)(), ctypes.c_uint()
    result = gnutls.gnutls_x509_crt_list_import2(
        ctypes.byref(certificates), ctypes.byref(count), ctypes.byref(datum), 1, 0)
    seen = []
    for index in range(count.value if result >= 0 else 0):
        out = Datum()
        gnutls.gnutls_x509_crt_export2(ctypes.c_void_p(certificates[index]), 0, ctypes.byref(out))
        seen.append(hashlib.sha256(ctypes.string_at(out.data, out.size)).hexdigest())
    print(path, "taken" if seen else "refused", ",".join(seen), sep="\t")
