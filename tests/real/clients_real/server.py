"""TLS servers on loopback, one for each line of standard input: chain, key.

Prints one port a line. Speaks HTTP for curl, and PostgreSQL's SSLRequest; what
follows the handshake does not matter.
"""

import socket
import ssl
import sys
import threading


def serve(listener, context):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection, context), daemon=True).start()


def answer(connection, context):
    try:
        connection.settimeout(20)
        if connection.recv(1, socket.MSG_PEEK) != b"\x16":
            connection.recv(8, socket.MSG_WAITALL)
            connection.sendall(b"S")
        with context.wrap_socket(connection, server_side=True) as tls:
            if tls.recv(4096).startswith(b"GET"):
                tls.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")
    except OSError:
        pass
    finally:
        connection.close()


for line in sys.stdin:
    chain, key = line.rstrip("\n").split("\t")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(chain, key)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)
    threading.Thread(target=serve, args=(listener, context), daemon=True).start()
print("ready", flush=True)
threading.Event().wait()
