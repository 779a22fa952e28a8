"""Chromium, headless, one process for each trust store, told what to do through its
debugging pipe (Chrome DevTools Protocol, messages that end in a null byte).

A line of standard input is a page: number, port, store, database, name, certificates sent. The database is
NSS's, with the store's certificates; Chromium on Linux takes added roots from
`$HOME/.pki/nssdb`. Prints number, `ok` or `no`, and the error that its page shows.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

ERROR = "net::ERR_"


def start(home, browser):
    """The process, and where to write to and read from: its descriptors 3 and 4."""
    to_browser, writes = os.pipe()
    reads, from_browser = os.pipe()

    def join():
        # Both may already be 3 or 4: through numbers that nothing uses.
        os.dup2(to_browser, 100)
        os.dup2(from_browser, 101)
        os.dup2(100, 3)
        os.dup2(101, 4)

    words = [
        browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-extensions", "--no-proxy-server", "--password-store=basic",
        "--host-resolver-rules=MAP * 127.0.0.1", "--remote-debugging-pipe",
        f"--user-data-dir={home}/profile", "about:blank",
    ]
    kept = {name: value for name, value in os.environ.items() if name != "XDG_DATA_HOME"}
    surroundings = {**kept, "HOME": home, "XDG_CONFIG_HOME": f"{home}/config", "XDG_CACHE_HOME": f"{home}/cache"}
    process = subprocess.Popen(
        words, preexec_fn=join, close_fds=False, env=surroundings,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    os.close(to_browser)
    os.close(from_browser)
    return process, os.fdopen(writes, "wb", 0), os.fdopen(reads, "rb")


class Pipe:
    def __init__(self, writes, reads):
        self.writes, self.reads, self.number, self.rest = writes, reads, 0, b""

    def ask(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self.writes.write(json.dumps(message).encode() + b"\0")
        while True:
            said = json.loads(self.message())
            if said.get("id") == self.number:
                return said["result"]

    def message(self):
        while b"\0" not in self.rest:
            more = self.reads.read1(65536)
            if not more:
                raise EOFError("the browser has ended")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return message


def of_store(database, pages):
    home = tempfile.mkdtemp(prefix="chromium-")
    os.makedirs(f"{home}/.pki")
    os.symlink(database, f"{home}/.pki/nssdb")
    process, writes, reads = start(home, shutil.which("chromium"))
    try:
        browser = Pipe(writes, reads)
        target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for number, port, _, _, name, _ in pages:
            said = browser.ask("Page.navigate", session, url=f"https://{name}:{port}/")
            error = said.get("errorText", "")
            # One write each: `print` writes the end of the line apart, and another thread may come between.
            sys.stdout.write(f"{number}\t{'no' if error else 'ok'}\t{error}\n")
            sys.stdout.flush()
        browser.writes.write(b'{"id": 0, "method": "Browser.close"}\0')
    finally:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        writes.close()
        reads.close()
        shutil.rmtree(home, ignore_errors=True)


lines = [line.rstrip("\n").split("\t") for line in sys.stdin]
stores = groupby(sorted(lines, key=lambda line: line[3]), key=lambda line: line[3])
with ThreadPoolExecutor(2) as pool:
    list(pool.map(lambda store: of_store(*store), [(it, list(pages)) for it, pages in stores]))
