"""Loads each key as GnuTLS does: gnutls_certificate_set_x509_key_file2, PEM.

Arguments and output as in openssl.py, and `aborts`: the program does not
survive it. So each key is loaded by a process of its own. Exit 3: no libgnutls.
"""
import ctypes
import ctypes.util
import os
import sys

name = ctypes.util.find_library("gnutls")
if not name:
    sys.exit(3)
gnutls = ctypes.CDLL(name)
gnutls.gnutls_strerror_name.restype = ctypes.c_char_p
gnutls.gnutls_global_init()
PEM = 1


def load(key, certificate, passphrase):
    held = ctypes.c_void_p()
    gnutls.gnutls_certificate_allocate_credentials(ctypes.byref(held))
    result = gnutls.gnutls_certificate_set_x509_key_file2(
        held, certificate.encode(), key.encode(), PEM, passphrase, 0)
    gnutls.gnutls_certificate_free_credentials(held)
    return result


def judge(key, certificate):
    result, said, verdict = load(key, certificate, None), "", "taken"
    if result < 0:
        said = gnutls.gnutls_strerror_name(result).decode()
        opened = load(key, certificate, sys.argv[1].encode())
        verdict = "asks" if opened >= 0 else "refused"
        if opened < 0 and opened != result:
            said += " / " + gnutls.gnutls_strerror_name(opened).decode()
    print(key, verdict, said, sep="\t", flush=True)


for key, certificate in zip(sys.argv[2::2], sys.argv[3::2]):
    child = os.fork()
    if child == 0:
        judge(key, certificate)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        print(key, "aborts", "", sep="\t", flush=True)
