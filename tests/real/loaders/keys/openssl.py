"""Loads each key as a server with OpenSSL does: SSL_CTX_use_PrivateKey_file,
and then with its certificate.

Arguments: passphrase, then pairs of key and certificate. One line for each
key: name; `taken`, `asks` (for a passphrase, and takes it), `weak` (the key is
read, its certificate is refused for it) or `refused`; the library's own words.
Exit 3: no libssl.
"""
import ctypes
import ctypes.util
import sys

name = ctypes.util.find_library("ssl")
if not name:
    sys.exit(3)
ssl = ctypes.CDLL(name)
crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
for function in (ssl.TLS_method, ssl.SSL_CTX_new, crypto.ERR_reason_error_string):
    function.restype = ctypes.c_void_p
crypto.ERR_get_error.restype = ctypes.c_ulong
PEM = 1
passphrase = sys.argv[1].encode()
asked = False


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
def answer(buffer, size, writing, data):
    global asked
    asked = True
    ctypes.memmove(buffer, passphrase, len(passphrase))
    return len(passphrase)


def reasons():
    words = []
    while error := crypto.ERR_get_error():
        text = crypto.ERR_reason_error_string(ctypes.c_ulong(error))
        words.append(ctypes.string_at(text).decode() if text else hex(error))
    return " / ".join(words)


def context():
    made = ctypes.c_void_p(ssl.SSL_CTX_new(ctypes.c_void_p(ssl.TLS_method())))
    ssl.SSL_CTX_set_default_passwd_cb(made, answer)
    return made


for key, certificate in zip(sys.argv[2::2], sys.argv[3::2]):
    asked = False
    alone, pair = context(), context()
    said = ""
    if ssl.SSL_CTX_use_PrivateKey_file(alone, key.encode(), PEM) != 1:
        verdict, said = "refused", reasons()
    else:
        verdict = "asks" if asked else "taken"
        loads = ssl.SSL_CTX_use_certificate_file(pair, certificate.encode(), PEM) == 1
        if not loads:
            said = reasons()
            verdict = "weak" if "too small" in said else "refused"
        elif ssl.SSL_CTX_use_PrivateKey_file(pair, key.encode(), PEM) != 1:
            verdict, said = "refused", reasons()
    crypto.ERR_clear_error()
    ssl.SSL_CTX_free(alone)
    ssl.SSL_CTX_free(pair)
    print(key, verdict, said, sep="\t")
