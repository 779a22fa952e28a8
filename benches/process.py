#!/usr/bin/env python3
"""Whole processes beside one another: `benches/process.py PROGRAM [ROUNDS]`.

PROGRAM is the release binary. Beside it run a hello-world that this script
compiles with the same profile, and `openssl x509` where there is one, each in
turn, so that other users of the machine disturb all alike. Printed are the
medians of the ratios of each round, of CPU time and of elapsed time.
"""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HELLO = 'fn main() { println!("hello"); }'
FLAGS = ["-Copt-level=3", "-Clto=thin", "-Ccodegen-units=1", "-Cpanic=abort", "-Cstrip=symbols"]


def once(argv, quiet):
    """Seconds of CPU and of elapsed time of one run."""
    start = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, dict(os.environ), file_actions=[
        (os.POSIX_SPAWN_DUP2, quiet, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)])
    _, status, usage = os.wait4(pid, 0)
    elapsed = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{argv}: status {status}")
    return usage.ru_utime + usage.ru_stime, elapsed


def main():
    program = os.path.abspath(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    root = pathlib.Path(__file__).resolve().parent.parent
    pki = root / "testdata" / "pki"
    with tempfile.TemporaryDirectory() as scratch:
        source = pathlib.Path(scratch, "hello.rs")
        source.write_text(HELLO)
        hello = str(pathlib.Path(scratch, "hello"))
        subprocess.run(["rustc", *FLAGS, "-o", hello, str(source)], check=True)
        commands = {
            "hello, Rust": [hello],
            "inspect server.crt": [program, "inspect", str(pki / "server.crt")],
            "inspect --format json": [program, "inspect", "--format", "json", str(pki / "server.crt")],
            "match server.crt server.key": [program, "match", str(pki / "server.crt"), str(pki / "server.key")],
            "chain fullchain.crt": [program, "chain", str(pki / "fullchain.crt")],
            "chain --anchors native": [program, "chain", str(pki / "fullchain.crt"), "--anchors", "native"],
        }
        openssl = shutil.which("openssl")
        if openssl:
            commands["openssl x509 -text"] = [openssl, "x509", "-noout", "-text", "-in", str(pki / "server.crt")]
        quiet = os.open(os.devnull, os.O_WRONLY)
        runs = {name: [] for name in commands}
        for argv in commands.values():
            once(argv, quiet)
        for _ in range(rounds):
            for name, argv in commands.items():
                runs[name].append(once(argv, quiet))
        base = runs["hello, Rust"]
        print(f"medians of {rounds} interleaved rounds, ratios to hello-world\n")
        print("| command | CPU | elapsed |\n| --- | ---: | ---: |")
        for name, all_of in runs.items():
            cpu = statistics.median(a[0] for a in all_of) / statistics.median(b[0] for b in base)
            elapsed = statistics.median(a[1] / b[1] for a, b in zip(all_of, base))
            print(f"| {name} | {cpu:.2f} | {elapsed:.2f} |")


main()
