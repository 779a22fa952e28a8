#!/usr/bin/env python3
"""Thousands of certificates: `benches/fleet.py PROGRAM [FILES [ROUNDS]]`.

PROGRAM is the release binary. It reads FILES certificates (20,000 unless told),
each another: as so many files in one process, and as one bundle of as many as the
limit of 64 MiB leaves room for. Beside it run `cat`, `openssl storeutl -text`, and
a small Go program that parses and prints, where there are such, each in turn.
Printed are the medians of the CPU time as ratios to certcheck's text, and peaks of
memory; one below this script's own, which a process begins with, is not seen. Last
comes a bundle beyond the limit.
"""

import base64
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATTERNS = ["server", "issuing", "wildcard"]
LIMIT = 64 << 20

GO = """package main
import ("crypto/x509"; "encoding/pem"; "fmt"; "os"; "bufio")
func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, name := range os.Args[1:] {
		rest, err := os.ReadFile(name)
		if err != nil { panic(err) }
		for {
			var block *pem.Block
			if block, rest = pem.Decode(rest); block == nil { break }
			read, err := x509.ParseCertificate(block.Bytes)
			if err != nil { panic(err) }
			fmt.Fprintln(out, name, read.Subject, read.Issuer, read.SerialNumber, read.NotBefore,
				read.NotAfter, read.PublicKeyAlgorithm, read.SignatureAlgorithm, read.DNSNames,
				read.IPAddresses, read.KeyUsage, read.ExtKeyUsage, read.SubjectKeyId, read.AuthorityKeyId)
		}
	}
}
"""


class Pattern:
    """A certificate of testdata, to be had with any signature: none is verified."""

    def __init__(self, name):
        text = (ROOT / "testdata" / "pki" / f"{name}.crt").read_text()
        body = text.split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0]
        self.der = bytearray(base64.b64decode(body))

    def pem(self, number):
        self.der[-4:] = number.to_bytes(4, "big")
        body = base64.b64encode(self.der)
        lines = [body[at:at + 64] for at in range(0, len(body), 64)]
        return b"\n".join([b"-----BEGIN CERTIFICATE-----", *lines, b"-----END CERTIFICATE-----", b""])


def once(argv, quiet):
    """Seconds of CPU and MiB at the peak."""
    pid = os.posix_spawn(argv[0], argv, dict(os.environ), file_actions=[
        (os.POSIX_SPAWN_DUP2, quiet, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)])
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{argv[:4]}: status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def table(title, size, certificates, members, rounds, quiet):
    runs = {name: [] for name in members}
    for _ in range(rounds):
        for name, argv in members.items():
            runs[name].append(once(argv, quiet))
    base = runs["inspect"]
    print(f"\n{title}, {size / 1e6:.0f} MB; medians of {rounds} interleaved rounds\n")
    print("| program | CPU to `inspect` | MiB at the peak | KiB a certificate |")
    print("| --- | ---: | ---: | ---: |")
    for name, all_of in runs.items():
        cpu = statistics.median(a[0] / b[0] for a, b in zip(all_of, base))
        peak = max(a[1] for a in all_of)
        print(f"| {name} | {cpu:.2f} | {peak:.0f} | {peak * 1024 / certificates:.1f} |", flush=True)


def main():
    program = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    patterns = [Pattern(name) for name in PATTERNS]
    number = 0

    def another():
        nonlocal number
        number += 1
        return patterns[number % len(patterns)].pem(number)

    quiet = os.open(os.devnull, os.O_WRONLY)
    openssl, go = shutil.which("openssl"), shutil.which("go")
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        if go:
            pathlib.Path("parse.go").write_text(GO)
            subprocess.run([go, "build", "-o", "parse", "parse.go"], check=True)
        os.mkdir("fleet")
        names, size = [], 0
        for place in range(count):
            names.append(f"fleet/{place}.pem")
            with open(names[-1], "wb") as file:
                size += file.write(another())

        def members(names, store):
            cells = {
                "cat": [shutil.which("cat"), *names],
                "inspect": [program, "inspect", *names],
                "inspect --format json": [program, "inspect", "--format", "json", *names],
            }
            if go:
                cells["Go, parse and print"] = [os.path.abspath("parse"), *names]
            if openssl:
                cells["openssl storeutl -text"] = [openssl, "storeutl", "-noout", "-text", "-r", store]
            return cells

        table(f"{count} files", size, count, members(names, "fleet"), rounds, quiet)
        size, count = 0, 0
        with open("bundle.pem", "wb") as file:
            while size + 4096 < LIMIT:
                size += file.write(another())
                count += 1
        table(f"a bundle of {count}", size, count, members(["bundle.pem"], "bundle.pem"), rounds, quiet)
        with open("bundle.pem", "ab") as file:
            while size < 100_000_000:
                size += file.write(another())
        refused = subprocess.run([program, "inspect", "bundle.pem"], capture_output=True, text=True)
        print(f"\na bundle of 100 MB: exit code {refused.returncode}, {refused.stderr.strip()}")


main()
