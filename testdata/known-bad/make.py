#!/usr/bin/env python3
"""Makes the broken RSA keys of this directory: the same ones each time.

Their secrets are public. Nobody who makes keys for use draws them from a seed.
"""

import base64
import hashlib
import random
import textwrap
from math import prod

draw = random.Random("certcheck: known-bad")
E = 65537


def is_prime(n):
    if any(n % small == 0 for small in SMALL):
        return n in SMALL
    s = ((n - 1) & -(n - 1)).bit_length() - 1
    for base in SMALL[:40]:
        x = pow(base, (n - 1) >> s, n)
        if x not in (1, n - 1):
            for _ in range(s - 1):
                x = x * x % n
                if x == n - 1:
                    break
            else:
                return False
    return True


SMALL = [n for n in range(2, 2000) if all(n % m for m in range(2, int(n**0.5) + 1))]


def suits(p):
    return is_prime(p) and p % E != 1


def next_prime(n):
    n |= 1
    while not suits(n):
        n += 2
    return n


def prime(bits):
    return next_prime(draw.getrandbits(bits) | 3 << (bits - 2))


def roca_prime():
    """As Infineon's library made them: k * M + (65537^a mod M)."""
    primorial = prod(SMALL[:126])
    while True:
        k = draw.getrandbits(1024 - primorial.bit_length()) | 3 << (1022 - primorial.bit_length())
        p = k * primorial + pow(E, draw.getrandbits(256), primorial)
        if suits(p):
            return p


def length(n):
    if n < 128:
        return bytes([n])
    octets = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def tlv(tag, value):
    return bytes([tag]) + length(len(value)) + value


def integer(n):
    return tlv(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))


def write(name, p, q, e=E):
    p, q = max(p, q), min(p, q)
    n, d = p * q, pow(e, -1, (p - 1) * (q - 1))
    numbers = [0, n, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p)]
    der = tlv(0x30, b"".join(map(integer, numbers)))
    body = "\n".join(textwrap.wrap(base64.b64encode(der).decode(), 64))
    with open(name + ".key", "w") as file:
        file.write(f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n")
    return n


write("roca", roca_prime(), roca_prime())
p = prime(1024)
write("close", p, next_prime(p + (draw.getrandbits(500) | 1)))
write("small-factor", 65521, prime(2032))
shared = prime(1024)
write("shared-1", shared, prime(1024))
write("shared-2", prime(1024), shared)
write("sound", prime(1024), prime(1024))
write("exponent-1", prime(1024), prime(1024), 1)

n = write("listed", prime(1024), prime(1024))
# What `openssl rsa -noout -modulus | sha1sum | cut -c21-40` prints.
digest = hashlib.sha1(f"Modulus={n:X}\n".encode()).hexdigest()
with open("blocklist", "w") as file:
    file.write("# as /usr/share/openssl-blacklist/blacklist.RSA-2048\n")
    file.write(f"00005890bc78bcbee3ca\n{digest[20:]}\nffffd2a9a0cd3d5a5fc5\n")
