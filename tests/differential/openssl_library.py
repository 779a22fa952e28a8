"""Runs SSL_CONF commands in libssl and handshakes with what they leave.

One JSON document a line in: {"value": hex} for the value of `Protocol`, or
{"conf": hex} for the text of a section, which libcrypto's own reader takes
apart. One a line out: {"ok": bool, "effective": "TLSv1.2 TLSv1.3"}.
"""

import ctypes
import json
import sys
import tempfile

ssl = ctypes.CDLL("libssl.so.3")
crypto = ctypes.CDLL("libcrypto.so.3")
certificate, key = sys.argv[1:3]
if len(sys.argv) > 3 and sys.argv[3] == "--version":
    crypto.OpenSSL_version.restype = ctypes.c_char_p
    print(crypto.OpenSSL_version(0).decode())
    sys.exit()

POINTER = ctypes.c_void_p
for library, names in (
    (ssl, "TLS_server_method TLS_client_method SSL_CTX_new SSL_CONF_CTX_new SSL_new"),
    (crypto, "BIO_new BIO_s_mem NCONF_new NCONF_get_section OPENSSL_sk_value"),
):
    for name in names.split():
        getattr(library, name).restype = POINTER


class Value(ctypes.Structure):
    _fields_ = [("section", ctypes.c_char_p), ("name", ctypes.c_char_p), ("value", ctypes.c_char_p)]


SET_MIN, SET_MAX = 123, 124
VERSIONS = {"TLSv1": 0x301, "TLSv1.1": 0x302, "TLSv1.2": 0x303, "TLSv1.3": 0x304}
ANY_CIPHER = b"ALL:@SECLEVEL=0"


def shakes_hands(server_context, version):
    client_context = POINTER(ssl.SSL_CTX_new(POINTER(ssl.TLS_client_method())))
    ssl.SSL_CTX_set_cipher_list(client_context, ANY_CIPHER)
    for bound in (SET_MIN, SET_MAX):
        ssl.SSL_CTX_ctrl(client_context, bound, ctypes.c_long(version), None)
    server, client = (POINTER(ssl.SSL_new(context)) for context in (server_context, client_context))
    there, back = (POINTER(crypto.BIO_new(POINTER(crypto.BIO_s_mem()))) for _ in range(2))
    for bio in (there, back):
        crypto.BIO_up_ref(bio)
    ssl.SSL_set_bio(client, back, there)
    ssl.SSL_set_bio(server, there, back)
    ssl.SSL_set_accept_state(server)
    ssl.SSL_set_connect_state(client)
    for _ in range(10):
        done = [ssl.SSL_do_handshake(side) for side in (client, server)]
        if done == [1, 1]:
            break
    crypto.ERR_clear_error()
    ssl.SSL_free(server)
    ssl.SSL_free(client)
    ssl.SSL_CTX_free(client_context)
    return done == [1, 1]


def commands(text):
    with tempfile.NamedTemporaryFile(suffix=".cnf") as file:
        file.write(b"[section]\n" + text + b"\n")
        file.flush()
        conf = POINTER(crypto.NCONF_new(None))
        line = ctypes.c_long()
        if crypto.NCONF_load(conf, file.name.encode(), ctypes.byref(line)) <= 0:
            return None
    stack = POINTER(crypto.NCONF_get_section(conf, b"section"))
    found = []
    for index in range(max(crypto.OPENSSL_sk_num(stack), 0)):
        value = Value.from_address(crypto.OPENSSL_sk_value(stack, index))
        found.append((value.name.split(b".", 1)[-1], value.value))
    return found


def judge(request):
    context = POINTER(ssl.SSL_CTX_new(POINTER(ssl.TLS_server_method())))
    ssl.SSL_CTX_set_cipher_list(context, ANY_CIPHER)
    assert ssl.SSL_CTX_use_certificate_file(context, certificate.encode(), 1) == 1
    assert ssl.SSL_CTX_use_PrivateKey_file(context, key.encode(), 1) == 1
    settings = POINTER(ssl.SSL_CONF_CTX_new())
    # File, client, server, certificate: what conf_ssl.c asks for.
    ssl.SSL_CONF_CTX_set_flags(settings, 0x2 | 0x4 | 0x8 | 0x20)
    ssl.SSL_CONF_CTX_set_ssl_ctx(settings, context)
    if "value" in request:
        pairs = [(b"Protocol", bytes.fromhex(request["value"]))]
    else:
        pairs = commands(bytes.fromhex(request["conf"]))
        if pairs is None:
            return {"ok": False, "effective": None}
    results = [ssl.SSL_CONF_cmd(settings, name, value) for name, value in pairs]
    crypto.ERR_clear_error()
    effective = [name for name, version in VERSIONS.items() if shakes_hands(context, version)]
    ssl.SSL_CONF_CTX_free(settings)
    ssl.SSL_CTX_free(context)
    return {"ok": all(result == 2 for result in results), "effective": " ".join(effective)}


for request in sys.stdin:
    print(json.dumps(judge(json.loads(request))))
