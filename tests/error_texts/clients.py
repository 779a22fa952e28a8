"""What Python's ssl says: connections and pairs of files, one job a line."""

import socket
import ssl
import sys


def answer(kind, of):
    if kind == "pair":
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*of, password=lambda: "")
        return
    port, store, name = of
    context = ssl.create_default_context(cafile=store)
    if kind == "strict":
        context.verify_flags |= ssl.VERIFY_X509_STRICT
    with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname=name) as tls:
            tls.sendall(b"GET / HTTP/1.0\r\n\r\n")
            tls.recv(1)


for line in sys.stdin:
    number, kind, *of = line.rstrip("\n").split("\t")
    text = ""
    try:
        answer(kind, of)
    except Exception as error:
        text = f"{type(error).__module__}.{type(error).__qualname__}: {error}".replace("builtins.", "")
    print(number, text.replace("\n", "\\n"), sep="\t", flush=True)
