"""Configuration trees of nginx and Apache, grown by a grammar from a fixed seed: what certcheck
predicts of each (whether the server starts, which certificate each name gets at each address)
against the real program. Called by .ci/config-trees.

A tree is a main file, files that it includes in several ways and depths, and servers that share
addresses, ports and names. A fault is planted in a good third of them, and some grow one of
their own. The names are in every certificate, so that only the key tells which one was sent.
"""
import argparse
import collections
import contextlib
import fnmatch
import hashlib
import json
import os
import random
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time

NAMES = ["a.t", "b.t", "c.t", "d.t", "x.w.t", "y.w.t", "w.t", "www.q.t", "r7.t", "unknown.t"]
NGINX_NAMES = ["a.t", "b.t", "c.t", "d.t", "*.w.t", ".w.t", "www.*", "~^r\\d\\.t$", "x.w.t", "_", '""', "A.T"]
APACHE_NAMES = ["a.t", "b.t", "c.t", "d.t", "x.w.t", "A.T", "w.t"]
APACHE_ALIASES = ["b.t", "*.w.t", "c.t", "r?.t", "*.q.t", "x.w.t", "d.t"]
ADDRESSES = ["127.0.0.1", "127.0.0.2", "*"]
PAIRS = 6
MODULES = "/usr/lib/apache2/modules"


def certificates(directory):
    """Pairs of one kind, each with every name; and what no server takes."""
    alternatives = ",".join("DNS:" + name for name in NAMES + ["*.w.t", "localhost"])
    digests = {}
    for number in range(PAIRS):
        base = f"{directory}/p{number}"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
             "-subj", f"/CN=pair {number}", "-addext", "subjectAltName=" + alternatives,
             "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth",
             "-keyout", base + ".key", "-out", base + ".crt"], check=True, capture_output=True)
        text = open(base + ".crt").read()
        digests[hashlib.sha256(ssl.PEM_cert_to_DER_cert(text)).hexdigest()] = number
    subprocess.run(["openssl", "ec", "-in", f"{directory}/p0.key", "-aes256", "-passout", "pass:x", "-out",
                    f"{directory}/enc.key"], check=True, capture_output=True)
    open(f"{directory}/empty.crt", "w").close()
    with open(f"{directory}/der.crt", "wb") as file:
        file.write(ssl.PEM_cert_to_DER_cert(open(f"{directory}/p0.crt").read()))
    return digests


class Tree:
    """Files that are being written."""

    def __init__(self, dice, root, pki, ports):
        self.dice, self.root, self.pki, self.ports = dice, root, pki, ports
        self.files, self.count = {}, 0
        self.asked, self.narrow = set(), set()

    def put(self, name, text):
        self.files[name] = self.files.get(name, "") + text

    def chance(self, percent):
        return self.dice.randrange(100) < percent

    def write(self):
        for name, text in self.files.items():
            path = os.path.join(self.root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)

    def some(self, text, directory, suffix=".conf"):
        """The text itself, or an include of a file with it, now and then two deep."""
        if not self.chance(45):
            return text
        self.count += 1
        name = f"{directory}/s{self.count}{suffix}"
        if self.chance(25):
            self.count += 1
            inner = f"{directory}/s{self.count}{suffix}"
            self.put(inner, text)
            text = self.include(inner)
        self.put(name, text)
        return self.include(name)


class Nginx(Tree):
    main = "nginx.conf"

    def include(self, name):
        form = self.dice.randrange(3)
        if form == 0:
            return f"include {name};\n"
        if form == 1:
            return f"include {self.root}/{name};\n"
        stem, suffix = os.path.splitext(name)
        return f"include {stem}*{suffix};\n" if not stem[-1].isdigit() else f"include {stem}[.]{suffix[1:]};\n"

    def pair(self):
        number = self.dice.randrange(PAIRS)
        lines = [f"ssl_certificate {self.pki}/p{number}.crt;\n", f"ssl_certificate_key {self.pki}/p{number}.key;\n"]
        if self.chance(20):
            lines.reverse()
        return "".join(lines)

    def listen(self, tls):
        address, port = self.dice.choice(ADDRESSES), self.dice.choice(self.ports)
        self.asked.add(("127.0.0.1" if address == "*" else address, port))
        self.narrow.add((address, port))
        if address == "*":
            self.asked.add(("127.0.0.2", port))
        where = str(port) if address == "*" and self.chance(50) else f"{address}:{port}"
        words = [where]
        if tls:
            words.append("ssl")
        if self.chance(12):
            words.append("default_server")
        return "listen " + " ".join(words) + ";\n"

    def server(self):
        tls = self.chance(88)
        lines = [self.listen(tls)]
        if self.chance(25):
            lines.append(self.listen(tls))
        names = self.dice.sample(NGINX_NAMES, self.dice.randrange(0, 4))
        if names:
            lines.append("server_name " + " ".join(names) + ";\n")
        if tls and self.chance(82) or self.chance(10):
            lines.append(self.some(self.pair(), "snippets"))
        if self.chance(8):
            lines.append("ssl_reject_handshake on;\n")
        if self.chance(15):
            lines.append("ssl_protocols TLSv1.2 TLSv1.3;\n")
        if self.chance(15):
            lines.append("location / { return 200; }\n")
        self.dice.shuffle(lines)
        return "server {\n" + "".join(lines) + "}\n"

    def grow(self):
        http = ["access_log off;\n"]
        if self.chance(35):
            http.append(self.some(self.pair(), "conf.d/tls"))
        if self.chance(30):
            http.append("ssl_protocols TLSv1.2;\n")
        for number in range(self.dice.randrange(1, 6)):
            text = self.server()
            form = self.dice.randrange(4)
            if form == 0:
                http.append(text)
            elif form == 1:
                self.put(f"sites/{self.dice.choice('zamk')}{number}.conf", text)
            elif form == 2:
                self.put(f"sites/.h{number}.conf", text)
                http.append(f"include sites/.h{number}.conf;\n")
            else:
                http.append(self.some(text, "more"))
        http.append("include sites/*.conf;\n")
        if self.chance(30):
            http.append("include nothing/*.conf;\n")
        if self.chance(30):
            self.dice.shuffle(http)
        self.put(self.main, f"pid {self.root}/pid; error_log {self.root}/log; daemon off; master_process off;\n"
                            "events { worker_connections 64; }\n" + self.some("http {\n" + "".join(http) + "}\n", "top"))

    FAULTS = ["missing", "mismatch", "include", "directive", "semicolon", "regex", "protocol", "encrypted", "empty",
              "der", "keyless", "default", "brace", "again", "link", "directory", "value", "certless"]

    def fault(self, kind):
        """Plants it in one of the files; false where there is no place for it."""
        holds = [name for name, text in self.files.items() if "ssl_certificate " in text]
        any_file = self.dice.choice(sorted(self.files))
        servers = [name for name, text in self.files.items() if "server {" in text]
        def change(name, pattern, new):
            text, done = re.subn(pattern, new, self.files[name], count=1)
            self.files[name] = text
            return bool(done)
        if kind in ("missing", "mismatch", "encrypted", "empty", "der", "keyless", "certless"):
            if not holds:
                return False
            name = self.dice.choice(sorted(holds))
            pattern, new = {
                "missing": (r"p\d\.crt;", "gone.crt;"),
                "mismatch": (r"p(\d)\.key;", lambda found: f"p{(int(found[1]) + 1) % PAIRS}.key;"),
                "encrypted": (r"p\d\.key;", "enc.key;"),
                "empty": (r"p\d\.crt;", "empty.crt;"),
                "der": (r"p\d\.crt;", "der.crt;"),
                "keyless": (r"ssl_certificate_key [^;]*;\n", ""),
                "certless": (r"ssl_certificate [^;]*;\n", ""),
            }[kind]
            return change(name, pattern, new)
        if kind == "include":
            return change(any_file, r"$", "\ninclude gone/file.conf;\n")
        if kind == "directive":
            return change(any_file, r"\A", "nonsense on;\n")
        if kind == "semicolon":
            return change(any_file, r";\n", "\n")
        if kind == "brace":
            return change(any_file, r"\}\n\Z", "\n")
        if kind in ("link", "directory"):
            os.makedirs(f"{self.root}/sites", exist_ok=True)
            if kind == "link":
                os.symlink("gone", f"{self.root}/sites/l.conf")
            else:
                os.makedirs(f"{self.root}/sites/d.conf")
            return True
        name = self.dice.choice(sorted(servers)) if servers else None
        if not name:
            return False
        port = self.dice.choice(self.ports)
        line = {
            "regex": "server_name ~^(a;\n",
            "protocol": "ssl_protocols TLSv9;\n",
            "default": f"listen 127.0.0.1:{port} ssl default_server; listen 127.0.0.1:{port} ssl default_server;\n",
            "again": "ssl_session_tickets on; ssl_session_tickets off;\n",
            "value": "ssl_prefer_server_ciphers maybe;\n",
        }[kind]
        return change(name, r"server \{\n", lambda _: "server {\n" + line)

    def opened(self):
        """The files of settings that the program itself says it has read."""
        said = subprocess.run(["nginx", "-T", "-p", self.root, "-e", f"{self.root}/log", "-c", f"{self.root}/{self.main}"],
                              capture_output=True, text=True, env=dict(os.environ, OPENSSL_CONF="/dev/null")).stdout
        return set(re.findall(r"^# configuration file (.*):$", said, re.M))

    def command(self):
        return ["nginx", "-p", self.root, "-e", f"{self.root}/log", "-c", f"{self.root}/{self.main}"]


class Apache(Tree):
    main = "httpd.conf"

    def include(self, name):
        form = self.dice.randrange(4)
        word = "Include" if self.chance(50) else "IncludeOptional"
        if form == 0:
            return f"{word} {name}\n"
        if form == 1:
            return f"{word} {self.root}/{name}\n"
        if form == 2:
            return f"{word} ${{TREE}}/{name}\n"
        stem, suffix = os.path.splitext(name)
        return f"{word} {stem}[.]{suffix[1:]}\n"

    def pair(self):
        number = self.dice.randrange(PAIRS)
        form = self.dice.randrange(4)
        path = {0: "pki", 1: "${PKI}", 2: self.pki, 3: f'"{self.pki}"'}[form]
        if form == 0:
            path = self.pki
        quote = lambda text: text.replace('"/', '/') + '"' if text.startswith('"') else text
        name = lambda suffix: f'"{self.pki}/p{number}.{suffix}"' if form == 3 else f"{path}/p{number}.{suffix}"
        del quote
        lines = [f"SSLCertificateFile {name('crt')}\n", f"SSLCertificateKeyFile {name('key')}\n"]
        if self.chance(20):
            lines.reverse()
        text = "".join(lines)
        if self.chance(15):
            text = f"<IfModule mod_ssl.c>\n{text}</IfModule>\n"
        elif self.chance(15):
            text = f"<IfDefine !NOTHING>\n{text}</IfDefine>\n"
        elif self.chance(10):
            text = f"<IfDefine NOTHING>\nNonsense\n</IfDefine>\n{text}"
        return text

    def host(self):
        where = []
        for _ in range(2 if self.chance(15) else 1):
            address, port = self.dice.choice(ADDRESSES), self.dice.choice(self.ports)
            where.append(f"{address}:{port}")
            self.narrow.add((address, port))
        lines = []
        if self.chance(88):
            lines.append(f"ServerName {self.dice.choice(APACHE_NAMES)}\n")
        if self.chance(45):
            lines.append("ServerAlias " + " ".join(self.dice.sample(APACHE_ALIASES, self.dice.randrange(1, 3))) + "\n")
        if self.chance(88):
            lines.append(self.some("SSLEngine on\n", "snippets"))
            if self.chance(88):
                lines.append(self.some(self.pair(), "snippets"))
        elif self.chance(40):
            lines.append("SSLEngine off\n")
        if self.chance(15):
            lines.append("SSLProtocol -all +TLSv1.2 +TLSv1.3\n")
        self.dice.shuffle(lines)
        return f"<VirtualHost {' '.join(where)}>\n" + "".join(lines) + "</VirtualHost>\n"

    def grow(self):
        for port in self.ports:
            self.asked.update({("127.0.0.1", port), ("127.0.0.2", port)})
        head = (f"ServerRoot {self.root}\nServerName main.t\nPidFile {self.root}/pid\nErrorLog {self.root}/log\n"
                f"DefaultRuntimeDir {self.root}\nMutex file:{self.root} default\nUser nobody\nGroup nogroup\n")
        for module in ["mpm_event", "authz_core", "socache_shmcb", "ssl"]:
            head += f"LoadModule {module}_module {MODULES}/mod_{module}.so\n"
        head += f"Define TREE {self.root}\nDefine PKI {self.pki}\n"
        head += "".join(f"Listen {port}\n" for port in self.ports)
        rest = []
        if self.chance(25):
            rest.append(self.some(self.pair(), "conf"))
        if self.chance(10):
            rest.append("SSLEngine on\n")
        for number in range(self.dice.randrange(1, 6)):
            text = self.host()
            form = self.dice.randrange(4)
            if form == 0:
                rest.append(text)
            elif form == 1:
                self.put(f"sites/{self.dice.choice('zamk')}{number}.conf", text)
            elif form == 2:
                self.put(f"whole/{self.dice.choice('zamk')}/{number}.conf", text)
            else:
                rest.append(self.some(text, "more"))
        rest.append("IncludeOptional sites/*.conf\n")
        if any(name.startswith("whole/") for name in self.files):
            rest.append("Include whole\n")
        if self.chance(30):
            rest.append("IncludeOptional nothing/*.conf\n")
        if self.chance(40):
            self.dice.shuffle(rest)
        self.put(self.main, head + "".join(rest))

    FAULTS = ["missing", "mismatch", "include", "directive", "section", "protocol", "empty", "keyless", "variable",
              "certless", "place", "engine", "closing", "link", "encrypted", "options", "depth"]

    def fault(self, kind):
        holds = [name for name, text in self.files.items() if "SSLCertificateFile " in text]
        hosts = [name for name, text in self.files.items() if "<VirtualHost" in text]
        any_file = self.dice.choice(sorted(self.files))
        def change(name, pattern, new):
            text, done = re.subn(pattern, new, self.files[name], count=1)
            self.files[name] = text
            return bool(done)
        if kind in ("missing", "mismatch", "empty", "keyless", "certless", "variable", "encrypted"):
            if not holds:
                return False
            pattern, new = {
                "missing": (r"p\d\.crt", "gone.crt"),
                "mismatch": (r"p(\d)\.key", lambda found: f"p{(int(found[1]) + 1) % PAIRS}.key"),
                "encrypted": (r"p\d\.key", "enc.key"),
                "empty": (r"p\d\.crt", "empty.crt"),
                "keyless": (r"SSLCertificateKeyFile .*\n", ""),
                "certless": (r"SSLCertificateFile .*\n", ""),
                "variable": (r"SSLCertificateFile \S*", "SSLCertificateFile ${UNDEFINED}/p0.crt"),
            }[kind]
            return change(self.dice.choice(sorted(holds)), pattern, new)
        if kind == "include":
            return change(any_file, r"\Z", "\nInclude gone/file.conf\n")
        if kind == "directive":
            return change(any_file, r"\Z", "\nNonsense on\n")
        if kind == "section":
            return change(any_file, r"\Z", "\n<IfModule mod_ssl.c>\n")
        if kind == "place":
            return change(any_file, r"\Z", "\nSSLEngine maybe\n")
        if kind == "link":
            os.makedirs(f"{self.root}/sites", exist_ok=True)
            os.symlink("gone", f"{self.root}/sites/l.conf")
            return True
        if not hosts:
            return False
        name = self.dice.choice(sorted(hosts))
        if kind == "closing":
            return change(name, r"</VirtualHost>\n", "")
        line = {"protocol": "SSLProtocol TLSv9\n", "engine": "SSLEngine on off\n", "options": "SSLOptions +Nothing\n",
                "depth": "SSLVerifyDepth deep\n"}[kind]
        return change(name, r"(<VirtualHost .*>\n)", lambda found: found[1] + line)

    def opened(self):
        said = subprocess.run(["apache2", "-t", "-D", "DUMP_INCLUDES", "-f", f"{self.root}/{self.main}"],
                              capture_output=True, text=True, env=dict(os.environ, OPENSSL_CONF="/dev/null")).stdout
        return set(re.findall(r"^ *\((?:\*|\d+)\) (.*)$", said, re.M))

    def command(self):
        return ["apache2", "-X", "-f", f"{self.root}/{self.main}"]


def free_ports(count):
    found = []
    with contextlib.ExitStack() as stack:
        while len(found) < count:
            one = stack.enter_context(socket.socket())
            one.bind(("127.0.0.1", 0))
            found.append(one.getsockname()[1])
    return found


def sent(address, port, name, digests):
    """The number of the pair that a client gets; a word where there is none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection((address, port), 5) as plain:
            with context.wrap_socket(plain, server_hostname=name) as tls:
                return digests.get(hashlib.sha256(tls.getpeercert(True)).hexdigest(), "another")
    except ConnectionRefusedError:
        return "closed"
    except (OSError, ValueError):
        return "no handshake"


def fits(pattern, name, server):
    """How well a name of an endpoint fits, as nginx ranks them; none where it does not."""
    pattern, name = pattern.lower(), name.lower()
    if server == "apache":
        return 1 if fnmatch.fnmatchcase(name, pattern) else None
    if pattern == name:
        return 4000
    if pattern.startswith("~"):
        return 1 if re.search(pattern[1:], name) else None
    if pattern.startswith(".") and (name == pattern[1:] or name.endswith(pattern)):
        return 4000 if name == pattern[1:] else 2000 + len(pattern) + 1
    if pattern.startswith("*.") and name.endswith(pattern[1:]):
        return 2000 + len(pattern)
    if pattern.endswith(".*") and name.startswith(pattern[:-1]):
        return 1000 + len(pattern)
    return None


def predicted(endpoints, address, port, name, server, narrow):
    """The endpoint that certcheck says answers; none where it says none."""
    at = [one for one in endpoints if f"{address}:{port}" in one["listen"]]
    every = {f"*:{port}", f"0.0.0.0:{port}", f"[::]:{port}"}
    # An address of its own keeps its clients, also where it speaks plain text.
    at = at if (address, port) in narrow else [one for one in endpoints if every & set(one["listen"])]
    best, most = None, 0
    for one in at:
        for pattern in one["names"] if name else []:
            rank = fits(pattern, name, server)
            if rank and rank > most:
                best, most = one, rank
    if best:
        return best
    default = [one for one in at if not one["names"]]
    return default[0] if default else None


def compare(kind, number, seed, pki, digests, program, keep):
    dice = random.Random(f"{seed} {kind.__name__} {number}")
    root = tempfile.mkdtemp(prefix="tree")
    os.chmod(root, 0o755)
    tree = kind(dice, root, pki, free_ports(2))
    tree.grow()
    planted = None
    if tree.chance(38):
        planted = dice.choice(kind.FAULTS)
        if not tree.fault(planted):
            planted = None
    tree.write()
    server = kind.__name__.lower()
    said = subprocess.run([program, "preflight", "--server", server, "--config", f"{root}/{tree.main}", "--format", "json"],
                          capture_output=True, text=True, timeout=60, cwd=root)
    result = dict(id=f"{server} {number}", fault=planted, differ=[], names=0, exit=said.returncode, root=root)
    nothing = said.returncode == 2 and "it configures no TLS endpoint" in said.stderr
    if nothing:
        answer = dict(result=dict(startup=None, endpoints=[]), verdict="none")
    elif said.returncode not in (0, 1):
        result["differ"].append(f"certcheck ended with {said.returncode}: {said.stderr[:200]}")
        answer = None
    else:
        answer = json.loads(said.stdout)
    environment = dict(os.environ, OPENSSL_CONF="/dev/null")
    child = subprocess.Popen(tree.command(), cwd=root, env=environment, stdin=subprocess.DEVNULL,
                             stdout=open(f"{root}/said", "w"), stderr=subprocess.STDOUT)
    begun, runs = time.monotonic(), None
    while runs is None:
        if child.poll() is not None:
            runs = False
        elif time.monotonic() - begun > 20:
            runs = False
            result["differ"].append("the program neither starts nor ends")
        else:
            # Written when nothing is left that could stop it; Apache listens before that.
            if os.path.exists(f"{root}/pid"):
                runs = True
            time.sleep(0.01)
    result["runs"] = runs
    if answer:
        startup = answer["result"]["startup"]
        outcome = startup and startup["outcome"]
        result["outcome"] = outcome
        result["verdict"] = answer["verdict"]
        starts = outcome in ("starts", "starts-without-tls", "fails-at-handshake")
        if outcome is not None and starts != runs:
            result["differ"].append(f"predicted {outcome}, and it {'runs' if runs else 'does not start'}")
        if said.returncode == 0 and not runs:
            result["false_pass"] = True
        if said.returncode == 1 and answer["verdict"] == "undecided":
            result["undecided"] = True
        if runs and (nothing or outcome in ("starts", "fails-at-handshake")):
            endpoints = answer["result"]["endpoints"]
            for address, port in sorted(tree.asked):
                for name in NAMES + [None]:
                    real = sent(address, port, name, digests)
                    one = predicted(endpoints, address, port, name, server, tree.narrow)
                    result["names"] += 1
                    claimed = "nothing" if one is None or not one["presented"] else digests.get(one["presented"][0])
                    same = claimed == real or claimed == "nothing" and real in ("no handshake", "closed")
                    if not same:
                        if said.returncode == 0 and claimed != "nothing":
                            result["false_pass"] = True
                        result["differ"].append(f"{name} at {address}:{port}: predicted {claimed}, sent {real}")
    if runs and not nothing:
        shown = subprocess.run([program, "config", f"{root}/{tree.main}", "--server", server, "--format", "json"],
                               capture_output=True, text=True, timeout=60, cwd=root)
        files = set(json.loads(shown.stdout)["result"]["files"]) if shown.returncode in (0, 1) else {shown.stderr}
        real = tree.opened()
        result["files"] = 1
        if files != real:
            result["differ"].append(f"files read: {sorted(files - real)} too many, {sorted(real - files)} missing")
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if not (keep and (result["differ"] or result.get("false_pass"))):
        shutil.rmtree(root)
    return result


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("--count", type=int, default=150, help="trees, half of each server")
    arguments.add_argument("--seed", type=int, default=20261129)
    arguments.add_argument("--from", type=int, default=0, dest="first")
    arguments.add_argument("--only", choices=["nginx", "apache"])
    arguments.add_argument("--pki", help="a directory for the pairs, which is left")
    arguments.add_argument("--keep", action="store_true", help="leave the trees that differ")
    asked = arguments.parse_args()
    failed = 0
    with contextlib.ExitStack() as stack:
        pki = asked.pki or stack.enter_context(tempfile.TemporaryDirectory())
        os.chmod(pki, 0o755)
        digests = certificates(pki)
        for kind in (Nginx, Apache):
            server = kind.__name__.lower()
            if asked.only and asked.only != server:
                continue
            count = asked.count // 2
            all_of = [compare(kind, asked.first + number, asked.seed, pki, digests, asked.program, asked.keep)
                      for number in range(count)]
            tally = collections.Counter()
            for one in all_of:
                tally["broken"] += not one["runs"]
                tally["names"] += one["names"]
                tally["files"] += one.get("files", 0)
                tally["undecided"] += one.get("undecided", False)
                tally["false passes"] += one.get("false_pass", False)
                tally["differ"] += bool(one["differ"])
                for line in one["differ"][:4]:
                    print(f"{one['id']} ({one['fault']}) {one['root'] if asked.keep else ''}: {line}")
            print(f"{server}: {count} trees, {tally['broken']} do not start, {tally['names']} handshakes, {tally['files']} lists of files, "
                  f"{tally['undecided']} undecided, {tally['false passes']} false passes, {tally['differ']} differ")
            least = count * 30 // 100
            bad = []
            if tally["broken"] < least:
                bad.append(f"fewer than {least} broken trees")
            if tally["names"] < count * 8:
                bad.append(f"fewer than {count * 8} handshakes")
            if tally["files"] < count // 4:
                bad.append(f"fewer than {count // 4} lists of files")
            if tally["undecided"] > count // 3:
                bad.append("more than a third undecided")
            if tally["false passes"]:
                bad.append(f"{tally['false passes']} false passes")
            if tally["differ"] * 50 > count:
                bad.append("more than 2 of 100 differ")
            for line in bad:
                print(f"FAILED {server}: {line}")
            failed += bool(bad)
            print(f"\nCOMPARED\tconfiguration trees\t{server}\t{count}\t{tally['differ']}")
    sys.exit(1 if failed else 0)


main()
