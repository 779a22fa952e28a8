"""TLS servers on loopback, whose certificates are wrong in one way each, and what they hear of it."""

import socket
import ssl
import threading


class Server:
    """A server of one chain; `heard` is what its side of each handshake said."""

    def __init__(self, chain="fullchain.pem", key="server.key", prepare=None, plain=False):
        self.heard = []
        self.plain = plain
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.set_ciphers("ALL:@SECLEVEL=0")
        self.context.load_cert_chain(chain, key)
        if prepare:
            prepare(self.context)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        try:
            connection.settimeout(10)
            if self.plain:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
                return
            if connection.recv(1, socket.MSG_PEEK) == b"\x00":  # PostgreSQL asks before it speaks TLS
                connection.recv(8, socket.MSG_WAITALL)
                connection.sendall(b"S")
            with self.context.wrap_socket(connection, server_side=True) as tls:
                tls.recv(4096)
                tls.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")
        except OSError as error:
            self.heard.append(f"{type(error).__module__}.{type(error).__qualname__}: {error}".replace("builtins.", ""))
            self.drain(connection)
        finally:
            connection.close()

    @staticmethod
    def drain(connection):
        """What the client still sends, so that it hears the alert and no reset."""
        try:
            connection.settimeout(1)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass
        except OSError:
            pass


def old(context):
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1


def one_cipher(context):
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA256:@SECLEVEL=0")


def demands_client(context):
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations("root.crt")


# What is wrong: the server, and what the client trusts and calls it.
WRONG = {
    "a client with root and intermediate is content": (dict(), "root.crt", "localhost"),
    "the intermediate is not sent": (dict(chain="server.crt"), "root.crt", "localhost"),
    "the root is not trusted": (dict(), "other-root.crt", "localhost"),
    "the root is sent and not trusted": (dict(chain="with-root.pem"), "other-root.crt", "localhost"),
    "the intermediate alone is trusted": (dict(), "mid.crt", "localhost"),
    "self-signed, not trusted": (dict(chain="self-signed.crt"), "root.crt", "localhost"),
    "expired": (dict(chain="expired.pem"), "root.crt", "localhost"),
    "not yet valid": (dict(chain="future.pem"), "root.crt", "localhost"),
    "another name": (dict(), "root.crt", "www.example.com"),
    "the name in commonName alone": (dict(chain="cn-only.pem"), "root.crt", "localhost"),
    "for clients only": (dict(chain="client-only.pem"), "root.crt", "localhost"),
    "signed with SHA-1": (dict(chain="sha1.pem"), "root.crt", "localhost"),
    "RSA of 1024 bits": (dict(chain="weak.pem", key="weak.key"), "root.crt", "localhost"),
    "an unknown critical extension": (dict(chain="critical.pem"), "root.crt", "localhost"),
    "the intermediate has expired": (dict(chain="below-old.pem"), "root.crt", "localhost"),
    "issued by no CA": (dict(chain="below-plain.pem"), "root.crt", "localhost"),
    "too many CAs": (dict(chain="too-deep.pem"), "root.crt", "localhost"),
    "outside name constraints": (dict(chain="outside.pem"), "root.crt", "localhost"),
    "an issuer of the same name with another key": (dict(chain="wrong-issuer.pem"), "root.crt", "localhost"),
    "an issuer of the same name with another key, no key identifiers": (dict(chain="wrong-nameless.pem"), "root.crt", "localhost"),
    "a negative serial number": (dict(chain="negative.pem"), "root.crt", "localhost"),
    "TLS 1.0 alone": (dict(prepare=old), "root.crt", "localhost"),
    "no cipher in common": (dict(prepare=one_cipher), "root.crt", "localhost"),
    "plain HTTP": (dict(plain=True), "root.crt", "localhost"),
    "a client certificate is demanded": (dict(prepare=demands_client), "root.crt", "localhost"),
}
