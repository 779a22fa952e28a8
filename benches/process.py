#!/usr/bin/env python3
"""Whole processes beside one another: `benches/process.py PROGRAM [ROUNDS]`.

PROGRAM is the release binary. Beside it run a hello-world that this script
compiles with the same profile, and `openssl` where there is one, each in
turn, so that other users of the machine disturb all alike. Printed are the
medians of the ratios of each round, of CPU time and of elapsed time. `probe` and
`openssl s_client` (which makes one handshake, and certcheck eight) ask an
`openssl s_server` on loopback, whose own time is not counted.

A second table has `preflight` of Apache settings with 500 to 2,000 virtual hosts.
"""

import os
import pathlib
import shutil
import socket
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


SYMPTOM = "curl: (60) SSL certificate problem: unable to get local issuer certificate"


class Server:
    """`openssl s_server` with an RSA and an ECDSA pair, on a free port."""

    def __init__(self, openssl, pki):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [openssl, "s_server", "-quiet", "-accept", f"127.0.0.1:{self.port}",
             "-cert", str(pki / "server.crt"), "-key", str(pki / "server.key"),
             "-dcert", str(pki / "p256.crt"), "-dkey", str(pki / "p256.key")],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as there:
                if there.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        sys.exit("openssl s_server does not listen")

    def end(self):
        self.process.kill()
        self.process.wait()


def hosts(program, pki, scratch, quiet):
    """CPU and peak of `preflight` with many virtual hosts."""
    print("\n| virtual hosts | s of CPU | MiB at the peak |\n| ---: | ---: | ---: |")
    for count in (500, 1000, 2000):
        config = pathlib.Path(scratch, f"{count}.conf")
        config.write_text("Listen 443\n" + "".join(
            f"<VirtualHost *:443>\nServerName h{number}.example.test\nSSLEngine on\n"
            f"SSLCertificateFile {pki}/fullchain.crt\nSSLCertificateKeyFile {pki}/server.key\n</VirtualHost>\n"
            for number in range(count)))
        argv = [program, "preflight", "--server", "apache", "--config", str(config), "--at", "2026-11-22T00:00:00Z"]
        best, peak = 1e9, 0
        for _ in range(5):
            pid = os.posix_spawn(argv[0], argv, dict(os.environ), file_actions=[
                (os.POSIX_SPAWN_DUP2, quiet, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)])
            _, status, usage = os.wait4(pid, 0)
            if os.waitstatus_to_exitcode(status) not in (0, 1):
                sys.exit(f"{argv}: status {status}")
            best = min(best, usage.ru_utime + usage.ru_stime)
            peak = max(peak, usage.ru_maxrss / 1024)
        print(f"| {count} | {best:.2f} | {peak:.0f} |")


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
            "schema": [program, "schema"],
            "explain --symptom": [program, "explain", "--symptom", SYMPTOM],
            "chain --anchors native": [program, "chain", str(pki / "fullchain.crt"), "--anchors", "native"],
        }
        openssl = shutil.which("openssl")
        if openssl:
            commands["openssl x509 -text"] = [openssl, "x509", "-noout", "-text", "-in", str(pki / "server.crt")]
            server = Server(openssl, pki)
            there = f"127.0.0.1:{server.port}"
            commands["probe"] = [program, "probe", there, "--server-name", "server.example.test"]
            commands["openssl s_client"] = [openssl, "s_client", "-connect", there]
        quiet = os.open(os.devnull, os.O_WRONLY)
        # s_client ends when its standard input does.
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        runs = {name: [] for name in commands}
        for argv in commands.values():
            once(argv, quiet)
        for _ in range(rounds):
            for name, argv in commands.items():
                runs[name].append(once(argv, quiet))
        base = runs["hello, Rust"]
        if openssl:
            server.end()
        print(f"medians of {rounds} interleaved rounds, ratios to hello-world\n")
        print("| command | CPU | elapsed |\n| --- | ---: | ---: |")
        for name, all_of in runs.items():
            cpu = statistics.median(a[0] for a in all_of) / statistics.median(b[0] for b in base)
            elapsed = statistics.median(a[1] / b[1] for a, b in zip(all_of, base))
            print(f"| {name} | {cpu:.2f} | {elapsed:.2f} |")
        hosts(program, pki, scratch, quiet)


main()
