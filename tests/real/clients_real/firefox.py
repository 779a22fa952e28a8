"""Firefox ESR, headless, one profile and process for each trust store, told what to do
through Marionette (JSON on a TCP port, each message with its length in front).

A line of standard input is a page: number, port, store, database, name, certificates sent. The database is
copied into the profile as `cert9.db`. Prints number, `ok` or `no`, and the error's name.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

PREFERENCES = {
    "marionette.port": 0,
    "network.dns.forceResolve": "127.0.0.1",
    "network.proxy.type": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "security.remote_settings.intermediates.enabled": False,
    "security.enterprise_roots.enabled": False,
    "security.OCSP.enabled": 0,
    "services.settings.server": "data:,",
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "extensions.systemAddon.update.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
}
# Asks for the page as the browser itself does, and gives the error's name.
SCRIPT = """
let [url, done] = arguments;
let errors = Cc["@mozilla.org/nss_errors_service;1"].getService(Ci.nsINSSErrorsService);
let request = new XMLHttpRequest({mozSystem: true});
request.open("GET", url);
request.onload = () => done("");
request.onerror = () => {
  let status = request.channel.QueryInterface(Ci.nsIRequest).status;
  let named = request.channel.securityInfo?.errorCodeString;
  done(named || "0x" + (status >>> 0).toString(16));
};
request.send();
"""


class Marionette:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 60)
        self.rest, self.number = b"", 0
        self.read()

    def read(self):
        while b":" not in self.rest:
            self.more()
        length, self.rest = self.rest.split(b":", 1)
        while len(self.rest) < int(length):
            self.more()
        message, self.rest = self.rest[: int(length)], self.rest[int(length) :]
        return json.loads(message)

    def more(self):
        more = self.socket.recv(65536)
        if not more:
            raise EOFError("the browser has ended")
        self.rest += more

    def ask(self, command, **parameters):
        self.number += 1
        message = json.dumps([0, self.number, command, parameters]).encode()
        self.socket.sendall(str(len(message)).encode() + b":" + message)
        _, _, error, value = self.read()
        if error:
            raise RuntimeError(f"{command}: {error}")
        return value


def of_store(database, pages):
    profile = tempfile.mkdtemp(prefix="firefox-")
    for file in ("cert9.db", "key4.db", "pkcs11.txt"):
        shutil.copy(f"{database}/{file}", profile)
    with open(f"{profile}/pkcs11.txt", encoding="ascii") as file:
        modules = file.read().replace(database, profile)
    with open(f"{profile}/pkcs11.txt", "w", encoding="ascii") as file:
        file.write(modules)
    with open(f"{profile}/user.js", "w", encoding="ascii") as file:
        for name, value in PREFERENCES.items():
            file.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")
    words = ["firefox-esr", "--headless", "--no-remote", "--marionette", "--remote-allow-system-access", "--profile", profile]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(words, env={**os.environ, "HOME": profile, "MOZ_CRASHREPORTER_DISABLE": "1"}, **quiet)
    try:
        told = f"{profile}/MarionetteActivePort"
        until = time.monotonic() + 90
        while not os.path.exists(told) or not os.path.getsize(told):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("Firefox does not start")
            time.sleep(0.05)
        with open(told, encoding="ascii") as file:
            browser = Marionette(int(file.read()))
        browser.ask("WebDriver:NewSession")
        browser.ask("Marionette:SetContext", value="chrome")
        for number, port, _, _, name, _ in pages:
            said = browser.ask("WebDriver:ExecuteAsyncScript", script=SCRIPT, args=[f"https://{name}:{port}/"])
            error = said["value"]
            # One write each: `print` writes the end of the line apart, and another thread may come between.
            sys.stdout.write(f"{number}\t{'no' if error else 'ok'}\t{error}\n")
            sys.stdout.flush()
        browser.ask("Marionette:Quit", flags=["eForceQuit"])
    finally:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(profile, ignore_errors=True)


lines = [line.rstrip("\n").split("\t") for line in sys.stdin]
# Firefox keeps the intermediates of the paths that it has found: those who send most come last.
lines.sort(key=lambda line: (line[3], int(line[5]), int(line[0])))
stores = [(it, list(pages)) for it, pages in groupby(lines, key=lambda line: line[3])]
with ThreadPoolExecutor(2) as pool:
    list(pool.map(lambda store: of_store(*store), stores))
