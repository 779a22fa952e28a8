"""Python's ssl.create_default_context; arguments: flags to add. Jobs on standard input."""

import socket
import ssl
import sys

for line in sys.stdin:
    number, port, store, _, name = line.rstrip("\n").split("\t")
    try:
        context = ssl.create_default_context(cafile=store)
        for flag in sys.argv[1:]:
            context.verify_flags |= getattr(ssl, flag)
        with socket.create_connection(("127.0.0.1", int(port)), timeout=20) as plain:
            with context.wrap_socket(plain, server_hostname=name):
                print(f"{number}\tok")
    except (OSError, ValueError) as error:
        print(f"{number}\tno\t{error}")
