#!/usr/bin/env python3
"""Hostile text of 1 to 64 MB: `benches/bombs.py PROGRAM`, the release binary.

Each row is `certcheck inspect --format json` on one kind of text at growing
sizes: seconds of CPU (the least of three runs, or of one that takes a second),
the peak of memory in MiB, and by how much the time grows when the input grows
from 16 to 64 MB. Linear is 4.
"""

import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CERTIFICATE = (ROOT / "testdata" / "pki" / "server.crt").read_bytes()
SIZES = [1, 4, 16, 64]

KINDS = {
    "BEGIN lines": b"-----BEGIN CERTIFICATE-----\n",
    "END lines": b"-----END CERTIFICATE-----\n",
    "dashes": b"-----",
    "blanks": b" ",
    "empty lines": b"\n",
    "base64 without an end": b"MIIB" * 16 + b"\n",
    "one line of base64": b"MIIB",
    "mismatched labels": CERTIFICATE.replace(b"END CERTIFICATE", b"END CERTIFICATF"),
    "cut off in turn": CERTIFICATE[: len(CERTIFICATE) // 2] + b"\n",
    "BEGIN a:b, END a:b": b"-----BEGIN a:b-----\n-----END a:b-----\n",
    "escaped newlines": CERTIFICATE.replace(b"\n", b"\\n"),
    "old labels": CERTIFICATE.replace(b" CERTIFICATE", b" X509 CERTIFICATE"),
    "one certificate again and again": CERTIFICATE,
}


def write(path, text, length):
    """In pieces: a process begins with the memory of the script that starts it."""
    block = text * (1_000_000 // len(text) + 1)
    with open(path, "wb") as file:
        while length > 0:
            length -= file.write(block[:length])


def once(argv, quiet):
    """Seconds of CPU and MiB at the peak."""
    pid = os.posix_spawn(argv[0], argv, dict(os.environ), file_actions=[
        (os.POSIX_SPAWN_DUP2, quiet, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)])
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{argv}: status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    program = os.path.abspath(sys.argv[1])
    quiet = os.open(os.devnull, os.O_WRONLY)
    heads = "".join(f" {size} MB: s | MiB |" for size in SIZES)
    print(f"| text |{heads} 16 to 64 MB |")
    print("| --- |" + " ---: | ---: |" * len(SIZES) + " ---: |")
    slow = []
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "bomb.pem")
        for name, text in KINDS.items():
            cells, times = "", []
            for size in SIZES:
                # A little below the limit of 64 MiB.
                write(path, text, size * 1_000_000)
                argv = [program, "inspect", "--format", "json", path]
                runs = [once(argv, quiet)]
                while len(runs) < 3 and runs[0][0] < 1:
                    runs.append(once(argv, quiet))
                time = min(run[0] for run in runs)
                times.append(time)
                cells += f" {time:.2f} | {max(run[1] for run in runs):.0f} |"
            growth = times[-1] / times[-2]
            if growth > 8:
                slow.append(name)
            print(f"| {name} |{cells} {growth:.1f} |", flush=True)
    if slow:
        sys.exit(f"more than linear: {', '.join(slow)}")


main()
