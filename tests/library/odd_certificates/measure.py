#!/usr/bin/env python3
"""Asks the installed clients what they say of odd certificates.

    measure.py DIRECTORY TABLE [CASE...]

DIRECTORY has a folder for each case, as make.py writes it: fullchain.crt, server.key,
root.crt and, where another name than server.example.test is asked for, host. For each
case `openssl s_server` presents the chain on loopback, at security level 0 so that it
loads what it can. TABLE gets a row for each case and client: case, host, client,
verdict, what it says. A client that is not installed is named on standard error and
has no rows. Python 3.13 is taken from PYTHON_3_13 where that is set.
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

CLIENTS = pathlib.Path(__file__).resolve().parent.parent.parent / "error_texts"
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}


def run(command, data="", timeout=30):
    """What a command prints, and its exit code."""
    try:
        done = subprocess.run(command, input=data.encode(), capture_output=True, timeout=timeout, env=ENVIRONMENT)
    except subprocess.TimeoutExpired:
        return "no answer in time", None
    return (done.stdout + done.stderr).decode(errors="replace"), done.returncode


class Case:
    """One folder, and the server that presents its chain."""

    def __init__(self, folder):
        self.folder, self.name = folder, folder.name
        host = folder / "host"
        self.host = host.read_text().strip() if host.exists() else "server.example.test"
        self.root = str(folder / "root.crt")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        chain, key = str(folder / "fullchain.crt"), str(folder / "server.key")
        self.server = subprocess.Popen(
            ["openssl", "s_server", "-accept", f"127.0.0.1:{self.port}", "-cert", chain, "-cert_chain", chain,
             "-key", key, "-cipher", "DEFAULT:@SECLEVEL=0", "-www", "-quiet"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def listens(self):
        """Whether the server loads the chain: it ends, or it listens."""
        while self.server.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return True
            except OSError:
                time.sleep(0.05)
        return False


def one_by_one(case, scratch):
    """The clients that are started anew for each case: (client, accepts, says)."""
    at = f"127.0.0.1:{case.port}"
    text, code = run(["openssl", "s_client", "-verify_return_error", "-verify_hostname", case.host, "-servername",
                      case.host, "-CAfile", case.root, "-connect", at], "Q\n")
    says = "|".join(line for line in text.splitlines() if "error" in line.lower() or "alert" in line)
    yield "openssl", "Verify return code: 0" in text and code == 0, says
    if shutil.which("curl"):
        text, code = run(["curl", "-sS", "--cacert", case.root, "--resolve", f"{case.host}:{case.port}:127.0.0.1",
                          f"https://{case.host}:{case.port}/", "-o", os.devnull])
        yield "curl", code == 0, text
    if shutil.which("gnutls-cli"):
        text, _ = run(["gnutls-cli", "--x509cafile", case.root, "--sni-hostname", case.host, "--verify-hostname",
                       case.host, "-p", str(case.port), "127.0.0.1"], "GET / HTTP/1.0\r\n\r\n")
        says = "|".join(line for line in text.splitlines() if re.search(r"\*\*\*|NOT trusted|alert", line))
        yield "gnutls", "Handshake was completed" in text, says
    if shutil.which("tstclnt"):
        database = f"sql:{scratch / case.name}"
        (scratch / case.name).mkdir()
        run(["certutil", "-N", "-d", database, "--empty-password"])
        run(["certutil", "-A", "-d", database, "-n", "anchor", "-t", "C,,", "-i", case.root])
        text, code = run(["tstclnt", "-h", "127.0.0.1", "-a", case.host, "-p", str(case.port), "-d", database,
                          "-V", "tls1.2:", "-Q"])
        says = "|".join(line for line in text.splitlines() if "rror" in line or "ERROR" in line)
        yield "nss", code == 0, says


def in_batches(scratch):
    """The clients of tests/error_texts, which take all cases in one run, by command."""
    commands = {"python": ["python3", CLIENTS / "clients.py"], "node": ["node", CLIENTS / "clients.js"],
                "java": ["java", CLIENTS / "Clients.java"]}
    if os.environ.get("PYTHON_3_13"):
        commands["python-3.13"] = [os.environ["PYTHON_3_13"], CLIENTS / "clients.py"]
    if shutil.which("go"):
        module, program = scratch / "go", scratch / "clients-go"
        module.mkdir()
        (module / "go.mod").write_text("module clients\n\ngo 1.23\n")
        shutil.copy(CLIENTS / "clients.go", module)
        run(["go", "build", "-C", module, "-o", program, "."], timeout=300)
        commands["go"] = [program]
    for client, command in commands.items():
        if shutil.which(command[0]):
            yield client, list(map(str, command))
        else:
            print(f"{client}: {command[0]} is not installed", file=sys.stderr)


def ask(client, command, cases):
    """One client's answers to all cases; an empty text is yes."""
    lines = (f"{number}\tclient\t{case.port}\t{case.root}\t{case.host}\n" for number, case in enumerate(cases))
    text, _ = run(command, "".join(lines), timeout=600)
    answers = dict(line.split("\t", 1) for line in text.splitlines() if re.match(r"\d+\t", line))
    for number, case in enumerate(cases):
        says = answers.get(str(number))
        if says is None:
            sys.exit(f"{client} says nothing of {case.name}: {text[-400:]}")
        yield case, client, not says, says


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    wanted = set(sys.argv[3:])
    folders = sorted(it for it in pathlib.Path(sys.argv[1]).iterdir() if it.is_dir())
    cases = [Case(it) for it in folders if not wanted or it.name in wanted]
    rows = []
    try:
        loaded = [case for case in cases if case.listens()]
        for case in cases:
            if case not in loaded:
                print(f"{case.name}: openssl s_server does not load it", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            scratch = pathlib.Path(folder)
            for client, command in in_batches(scratch):
                rows.extend(ask(client, command, loaded))
            with concurrent.futures.ThreadPoolExecutor(3) as pool:
                for case, answers in zip(loaded, pool.map(lambda it: list(one_by_one(it, scratch)), loaded)):
                    rows.extend((case, *answer) for answer in answers)
    finally:
        for case in cases:
            case.server.terminate()
    with open(sys.argv[2], "w", encoding="utf-8") as table:
        table.write("case\thost\tclient\tverdict\tsays\n")
        for case, client, accepts, says in sorted(rows, key=lambda row: (row[0].name, row[1])):
            said = "" if accepts else says.replace("\t", " ").replace("\n", "|")[:400]
            table.write(f"{case.name}\t{case.host}\t{client}\t{'accepts' if accepts else 'refuses'}\t{said}\n")


if __name__ == "__main__":
    main()
