#!/usr/bin/env python3
"""What real programs say when something is wrong: every error text, measured.

`measure.py --write TABLE` measures and writes the table that the pages of
`explain` quote; `measure.py --check TABLE LEAST` measures again and compares
with it. A text must be the same where the program has the version of the table.
Paths, ports, process ids and times are put into one form, nothing else.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import ciphers  # noqa: E402
import containers  # noqa: E402
import files  # noqa: E402
import servers  # noqa: E402

# Pairs of files for a server, and what is wrong with them.
PAIRS = {
    "a pair that is right": ("fullchain.pem", "server.key"),
    "the key of another certificate": ("server.crt", "other.key"),
    "the intermediate first": ("reversed.pem", "server.key"),
    "a certificate in DER": ("der.crt", "server.key"),
    "a key in DER": ("server.crt", "der.key"),
    "UTF-16": ("utf16.crt", "server.key"),
    "a byte order mark": ("bom.pem", "server.key"),
    "no END line": ("cut.crt", "server.key"),
    "a second certificate cut off": ("cut.pem", "server.key"),
    "a character that is no base64": ("star.crt", "server.key"),
    "a character of base64 missing": ("short.crt", "server.key"),
    "BEGIN and END with different labels": ("labels.crt", "server.key"),
    "the label X509 CERTIFICATE": ("x509label.crt", "server.key"),
    "END and BEGIN glued": ("glued.pem", "server.key"),
    "base64 without BEGIN and END": ("bare.crt", "server.key"),
    "an HTML page": ("html.crt", "server.key"),
    "an empty file": ("empty.crt", "server.key"),
    "text inside BEGIN and END": ("inside.crt", "server.key"),
    "a second section that is no certificate": ("garbage-second.pem", "server.key"),
    "text inside a key": ("server.crt", "inside.key"),
    "a key that is cut off": ("server.crt", "cut.key"),
    "PKCS#7": ("chain.p7b", "server.key"),
    "a certificate as the key": ("server.crt", "mid.crt"),
    "a key as the certificate": ("server.key", "server.key"),
    "an encrypted key": ("server.crt", "encrypted.key"),
    "an encrypted key, traditional": ("server.crt", "traditional.key"),
    "RSA of 1024 bits": ("weak.crt", "weak.key"),
    "signed with SHA-1": ("sha1.crt", "server.key"),
    "no such certificate file": ("missing.crt", "server.key"),
    "no such key file": ("server.crt", "missing.key"),
}

# A Python that has requests: of the environment that TabPy is tested in.
REQUESTS = os.environ.get("REQUESTS_PYTHON", str(HERE.parents[1] / "target/real-servers/tabpy/bin/python"))
PROGRAM = {"python": "python3", "requests": REQUESTS}
# What the other side hears of these clients is kept too.
HEARD = ("python", "go", "java", "gnutls-cli", "tstclnt", "chromium")
HEARD_WHEN = ("the intermediate is not sent", "expired", "another name", "for clients only", "TLS 1.0 alone",
              "no cipher in common", "a client certificate is demanded")
# Not installed for this alone, 300 MB: measured where it is there.
LARGE = {"chromium"}

VERSION = {
    "openssl": (["openssl", "version"], r"OpenSSL (\S+)"),
    "curl": (["curl", "--version"], r"curl (\S+)"),
    "python": (["python3", "--version"], r"Python (\S+)"),
    "requests": ([REQUESTS, "-c", "import requests; print(requests.__version__)"], r"(\S+)"),
    "node": (["node", "--version"], r"v(\S+)"),
    "go": (["go", "version"], r"go(\d\S+)"),
    "java": (["java", "-version"], r'version "([^"]+)"'),
    "keytool": (["java", "-version"], r'version "([^"]+)"'),
    "gnutls-cli": (["gnutls-cli", "--version"], r"gnutls-cli (\S+)"),
    "certtool": (["certtool", "--version"], r"certtool (\S+)"),
    "tstclnt": (["dpkg-query", "-W", "-f", "${Version}", "libnss3"], r"(?:\d+:)?(\d[\d.]*)"),
    "certutil": (["dpkg-query", "-W", "-f", "${Version}", "libnss3"], r"(?:\d+:)?(\d[\d.]*)"),
    "pk12util": (["dpkg-query", "-W", "-f", "${Version}", "libnss3"], r"(?:\d+:)?(\d[\d.]*)"),
    "psql": (["psql", "--version"], r"PostgreSQL\) (\S+)"),
    "nginx": (["nginx", "-v"], r"nginx/(\S+)"),
    "apache2": (["apache2", "-v"], r"Apache/([\d.]+)"),
    "haproxy": (["haproxy", "-v"], r"version ([\d.]+)"),
    "wget": (["wget", "--version"], r"Wget (\S+)"),
    "git": (["git", "--version"], r"git version (\S+)"),
    "chromium": (["chromium", "--version"], r"Chromium (\d+)"),
}


rows = []


def run(*arguments, data="", timeout=60, env=None):
    """Both outputs, and whether it went well."""
    try:
        done = subprocess.run(["setsid", "-w", *arguments], input=data.encode(), capture_output=True,
                              timeout=timeout, env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})})
    except subprocess.TimeoutExpired:
        return "timeout", False
    return (done.stderr + done.stdout).decode(errors="replace"), done.returncode == 0


def have(program):
    """The program's version, or nothing."""
    if not shutil.which(PROGRAM.get(program, program)):
        return None
    command, pattern = VERSION[program]
    found = re.search(pattern, run(*command)[0])
    return found.group(1) if found else None


def clean(text):
    """Without what differs from run to run."""
    text = text.replace(os.getcwd() + "/", "/etc/ssl/").replace(str(HERE) + "/", "")
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = re.sub(r"127\.0\.0\.1[: ]+(port )?\d{4,5}\b", r"127.0.0.1:\g<1>443", text)
    text = re.sub(r"localhost:\d{4,5}\b", "localhost:443", text)
    text = re.sub(r"(port=|port |->|-> )\d{4,5}\b", r"\g<1>443", text)
    text = re.sub(r"\b[0-9A-F]{12,16}:error:", "error:", text)
    text = re.sub(r"\[(emerg|warn)\] \d+#\d+:", r"[\1] 1#1:", text)
    text = re.sub(r"\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\dZ?", "TIME", text)
    text = re.sub(r"\b[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d [A-Z]+ \d{4}", "TIME", text)
    text = re.sub(r"\b[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \d{4}", "TIME", text)
    text = re.sub(r"\[(ALERT|WARNING) *\] +\(\d+\) +:", r"[\1] (1) :", text)
    return text.strip()


def add(program, version, condition, text, lines=()):
    """A row, of the lines that say what is wrong."""
    kept = [line.strip() for line in clean(text).splitlines() if line.strip()]
    if lines:
        kept = [line for line in kept if re.search("|".join(lines), line)]
    seen = dict.fromkeys(kept)
    if seen:
        rows.append((program, version, condition, "\n".join(seen)[:900]))


def batch(program, command, jobs, version, words):
    """One process for all jobs: (condition, parts)."""
    lines = "".join("\t".join(map(str, (number, *parts))) + "\n" for number, (_, parts) in enumerate(jobs))
    output, _ = run(*command, data=lines, timeout=180)
    answers = dict(line.split("\t", 1) for line in output.splitlines() if re.match(r"\d+\t", line))
    if len(answers) != len(jobs):
        sys.exit(f"{program}: {len(answers)} answers to {len(jobs)} jobs\n{output[-2000:]}")
    for number, (condition, _) in enumerate(jobs):
        text = answers[str(number)].replace("\\n", "\n")
        if text:
            add(program, version, f"{condition}{words}", text)


def handshakes():
    """Every client against every server that is wrong."""
    running = {name: (servers.Server(**given), store, host) for name, (given, store, host) in servers.WRONG.items()}
    jobs = [(name, ("client", server.port, store, host)) for name, (server, store, host) in running.items()]

    def heard(program, version):
        for name, (server, _, _) in running.items():
            for text in server.heard if program in HEARD and name in HEARD_WHEN else ():
                if "EOF" not in text:
                    add("python", have("python"), f"{name}: the server's side of {program}", text)
            server.heard.clear()

    if version := have("python"):
        strict = [("no key identifiers, VERIFY_X509_STRICT as from Python 3.13",
                   ("strict", servers.Server("no-ids.pem").port, "root.crt", "localhost"))]
        batch("python", ["python3", f"{HERE}/clients.py"], jobs + strict, version, "")
        heard("python", version)
    if version := have("node"):
        batch("node", ["node", f"{HERE}/clients.js"], jobs, version, "")
        heard("node", version)
    if version := have("go"):
        batch("go", [go_program()], jobs, version, "")
        heard("go", version)
    if version := have("java"):
        batch("java", ["java", f"{HERE}/Clients.java"], jobs, version, "")
        heard("java", version)
    for program in ("openssl", "curl", "gnutls-cli", "tstclnt", "psql", "wget", "git", "requests", "chromium"):
        if version := have(program):
            for name, (server, store, host) in running.items():
                one_client(program, version, name, server.port, store, host)
            heard(program, version)
    server = servers.Server()
    run("curl", "-sS", f"http://127.0.0.1:{server.port}/")
    add("python", have("python"), "a client that speaks plain HTTP: the server's side", "\n".join(server.heard))
    server = servers.Server(prepare=servers.demands_client)
    run("curl", "-sS", "-k", "--cert", "self-signed.crt", "--key", "server.key", f"https://127.0.0.1:{server.port}/")
    add("python", have("python"), "a client certificate of an unknown CA: the server's side", "\n".join(server.heard))


def go_program():
    """clients.go, built; what Go tolerates is set by the module's version."""
    module = pathlib.Path("go")
    if not module.exists():
        module.mkdir()
        (module / "go.mod").write_text("module clients\n\ngo 1.23\n")
        shutil.copy(HERE / "clients.go", module)
        output, well = run("env", "-C", "go", "go", "build", "-o", "../clients-go", ".", env={"GOTOOLCHAIN": "local"}, timeout=240)
        if not well:
            sys.exit(output)
    return os.path.abspath("clients-go")


# Who hangs up before the answer comes, so that chance decides what they say.
HASTY = {("a client certificate is demanded", program) for program in ("openssl", "curl", "git", "chromium")}


def one_client(program, version, name, port, store, host):
    if (name, program) in HASTY:
        return
    if program == "openssl":
        output, _ = run("openssl", "s_client", "-verify_return_error", "-verify_hostname", host, "-servername", host,
                        "-CAfile", store, "-connect", f"127.0.0.1:{port}", data="Q\n")
        add("openssl s_client", version, name, output, ("error", "alert"))
    elif program == "curl":
        output, _ = run("curl", "-sS", "--cacert", store, "--resolve", f"{host}:{port}:127.0.0.1", f"https://{host}:{port}/")
        add(program, version, name, output, ("curl:",))
    elif program == "requests":
        at = "localhost" if host == "localhost" else "127.0.0.1"
        code = f"import requests; requests.get('https://{at}:{port}/', verify='{store}')"
        output, _ = run(REQUESTS, "-c", code)
        add(program, version, name, output.strip().splitlines()[-1] if output.strip() else "")
    elif program == "gnutls-cli":
        output, _ = run("gnutls-cli", "--x509cafile", store, "--sni-hostname", host, "--verify-hostname", host,
                        "-p", str(port), "127.0.0.1")
        add(program, version, name, output, (r"\*\*\*", "error", "NOT trusted", "alert"))
    elif program == "tstclnt":
        database = pathlib.Path(f"nss-{store}")
        if not database.exists():
            database.mkdir()
            run("certutil", "-N", "-d", f"sql:{database}", "--empty-password")
            run("certutil", "-A", "-d", f"sql:{database}", "-n", "anchor", "-t", "C,,", "-i", store)
        output, _ = run("tstclnt", "-h", "127.0.0.1", "-a", host, "-p", str(port), "-d", f"sql:{database}", "-V", "tls1.2:", "-Q")
        add("NSS tstclnt", version, name, output, ("ERROR",))
    elif program == "psql":
        output, _ = run("psql", f"host={host} hostaddr=127.0.0.1 port={port} user=u dbname=d sslmode=verify-full "
                        f"sslrootcert={store} gssencmode=disable connect_timeout=5", "-c", "select 1")
        if "expected authentication request" not in output:  # the handshake went well
            add(program, version, name, output, ("psql:", "SSL", "server"))
    elif program == "wget":
        at = "localhost" if host == "localhost" else "127.0.0.1"
        output, well = run("wget", "-nv", "-O", "-", "-t", "1", f"--ca-certificate={store}", f"https://{at}:{port}/")
        add(program, version, name, "" if well else output, ("ERROR", "GnuTLS", "OpenSSL", "[Tt]he certificate"))
    elif program == "git":
        at = "localhost" if host == "localhost" else "127.0.0.1"
        output, _ = run("git", "ls-remote", f"https://{at}:{port}/x", env={"GIT_SSL_CAINFO": os.path.abspath(store)})
        if "not found" not in output:
            add(program, version, name, output, ("fatal",))
    elif program == "chromium":
        browser(version, name, port, store, host)


def browser(version, name, port, store, host):
    """The error page's code: Chromium, whose home is a directory of its own."""
    home = os.path.abspath("browser")
    if not os.path.exists(home):
        os.makedirs(f"{home}/.pki/nssdb")
        run("certutil", "-N", "-d", f"sql:{home}/.pki/nssdb", "--empty-password")
        run("certutil", "-A", "-d", f"sql:{home}/.pki/nssdb", "-n", "root", "-t", "C,,", "-i", "root.crt")
    if store != "root.crt":
        return
    output, _ = run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0",
                    f"--user-data-dir={home}/data", f"--host-resolver-rules=MAP {host} 127.0.0.1", "--dump-dom",
                    f"https://{host}:{port}/", env={"HOME": home}, timeout=40)
    codes = dict.fromkeys(re.findall(r"\b(?:NET::)?ERR_[A-Z0-9_]+", output))
    logged = dict.fromkeys(re.findall(r"net_error -\d+", output))
    add("chromium", version, name, "\n".join([*codes, *logged]))


def pairs():
    """Every loader with every pair."""
    jobs = [(name, ("pair", *given)) for name, given in PAIRS.items()]
    if version := have("python"):
        batch("python", ["python3", f"{HERE}/clients.py"], jobs, version, ": load_cert_chain")
    if version := have("node"):
        more = [("a PKCS#12 with another passphrase", ("p12", "server.p12", "wrong")),
                ("a PKCS#12 with RC2", ("p12", "legacy.p12", "correct horse"))]
        batch("node", ["node", f"{HERE}/clients.js"], jobs + more, version, ": createSecureContext")
    if version := have("go"):
        batch("go", [go_program()], jobs, version, ": LoadX509KeyPair")
    if version := have("java"):
        more = [("a PKCS#12 with another passphrase", ("keystore", "PKCS12", "server.p12", "wrong")),
                ("a PKCS#12 with another passphrase, as JKS", ("keystore", "JKS", "server.p12", "wrong")),
                ("PEM where a keystore is wanted, JKS", ("keystore", "JKS", "server.crt", "wrong")),
                ("PEM where a keystore is wanted, PKCS12", ("keystore", "PKCS12", "server.crt", "wrong"))]
        more += [(name, ("certificates", given[0])) for name, given in PAIRS.items() if given[0] not in ("missing.crt", "server.crt")]
        batch("java", ["java", f"{HERE}/Clients.java"], more, version, ": CertificateFactory, KeyStore")
    port = servers.Server().port
    for name, (certificate, key) in PAIRS.items():
        servers_start(name, certificate, key)
        if version := have("curl"):
            output, _ = run("curl", "-sS", "--cacert", "root.crt", "--cert", certificate, "--key", key, f"https://localhost:{port}/")
            add("curl", version, f"{name}: --cert and --key", output, (r"curl: \((58|35|77|60)\)",))
    if version := have("curl"):
        for name, store in (("no such CA file", "missing.crt"), ("an HTML page as the CA file", "html.crt"), ("an empty CA file", "empty.crt")):
            output, _ = run("curl", "-sS", "--cacert", store, f"https://localhost:{port}/")
            add("curl", version, name, output, ("curl:",))


def servers_start(name, certificate, key):
    if version := have("nginx"):
        pathlib.Path("nginx.conf").write_text(
            "daemon off; master_process off; pid nginx.pid; error_log nginx.log;\nevents {}\nhttp { access_log off; server {\n"
            f" listen 127.0.0.1:1 ssl; ssl_certificate {certificate}; ssl_certificate_key {key}; }} }}\n")
        output, _ = run("nginx", "-t", "-p", os.getcwd(), "-c", "nginx.conf", "-e", "nginx.log")
        add("nginx", version, name, output, ("emerg",))
    if version := have("haproxy"):
        for old in pathlib.Path(".").glob("own.pem*"):
            old.unlink()
        if pathlib.Path(certificate).exists():
            shutil.copy(certificate, "own.pem")
        if pathlib.Path(key).exists():
            shutil.copy(key, "own.pem.key")
        haproxy(version, name, "ssl crt own.pem")


def haproxy(version, name, bind):
    pathlib.Path("haproxy.cfg").write_text(
        "defaults\n mode http\n timeout client 5s\n timeout connect 5s\n timeout server 5s\n"
        f"frontend f\n bind 127.0.0.1:1 {bind}\n")
    output, _ = run("haproxy", "-c", "-f", "haproxy.cfg")
    output = re.sub(r".*(NOTICE|\(s\) found in|Fatal errors found).*\n?", "", output)
    output = re.sub(r" :\s*\n\s*", " : ", output)
    add("haproxy", version, name, "" if "is valid" in output else output)


def tools():
    """Commands that people type."""
    if version := have("openssl"):
        commands = {
            "openssl x509": [["x509", "-noout", "-in", name] for name in ("utf16.crt", "cut.crt", "star.crt", "html.crt", "inside.crt", "server.key", "missing.crt", "server.p12")],
            "openssl x509 -inform PEM": [["x509", "-noout", "-inform", "PEM", "-in", name] for name in ("der.crt", "html.crt", "star.crt")],
            "openssl pkey": [["pkey", "-noout", "-in", name] for name in ("server.crt", "cut.key", "inside.key", "missing.key", "empty.crt")]
            + [["pkey", "-noout", "-passin", "pass:wrong", "-in", name] for name in ("encrypted.key", "traditional.key")]
            + [["pkey", "-noout", "-passin", "pass:correct horse", "-in", "rc2.key"]],
            "openssl rsa": [["rsa", "-noout", "-in", name] for name in ("server.crt", "inside.key")],
            "openssl req": [["req", "-noout", "-in", "server.crt"]],
            "openssl crl": [["crl", "-noout", "-in", "server.crt"]],
            "openssl pkcs12": [["pkcs12", "-noout", "-in", "server.p12", "-passin", "pass:wrong"],
                               ["pkcs12", "-noout", "-in", "legacy.p12", "-passin", "pass:correct horse"],
                               ["pkcs12", "-noout", "-in", "server.crt", "-passin", "pass:wrong"],
                               ["pkcs12", "-export", "-in", "server.crt", "-inkey", "other.key", "-out", "new.p12", "-passout", "pass:x"]],
            "openssl verify": [["verify", "-CAfile", "root.crt", "server.crt"], ["verify", "-CAfile", "missing.crt", "server.crt"],
                               ["verify", "-CAfile", "html.crt", "server.crt"], ["verify", "-CAfile", "root.crt", "with-root.pem"],
                               ["verify", "-CAfile", "root.crt", "self-signed.crt"],
                               ["verify", "-CAfile", "root.crt", "-untrusted", "mid.crt", "-purpose", "sslserver", "client-only.crt"],
                               ["verify", "-CAfile", "root.crt", "-untrusted", "mid.crt", "-policy_check", "-explicit_policy", "server.crt"],
                               ["verify", "-CAfile", "root.crt", "-untrusted", "mid.crt", "-crl_check", "server.crt"],
                               ["verify", "-CAfile", "root.crt", "-untrusted", "mid.crt", "-crl_check", "-CRLfile", "old.crl", "server.crt"],
                               ["verify", "-CAfile", "root.crt", "-untrusted", "mid.crt", "-crl_check", "-CRLfile", "revoked.crl", "server.crt"],
                               ["verify", "-CAfile", "root.crt", "-untrusted", "mid.crt", "-x509_strict", "no-ids.crt"],
                               ["verify", "-CAfile", "root.crt", "-untrusted", "mid.crt", "-auth_level", "2", "weak.crt"],
                               ["verify", "-CAfile", "root.crt", "-untrusted", "mid.crt", "-auth_level", "2", "sha1.crt"]],
            "openssl s_server": [["s_server", "-accept", "127.0.0.1:0", "-cert", "server.crt", "-key", "other.key"],
                                 ["s_server", "-accept", "127.0.0.1:0", "-cert", "weak.crt", "-key", "weak.key"]],
        }
        for program, lines in commands.items():
            for line in lines:
                output, well = run("openssl", *line)
                if not well or "error" in output:
                    add(program, version, f"openssl {' '.join(line)}", output, ("rror", "nable", "ould not", "ailed", "unsupported"))
    if version := have("keytool"):
        common = ["-storepass", "changeit", "-noprompt"]
        run("keytool", "-importcert", *common, "-keystore", "trust.p12", "-alias", "root", "-file", "root.crt")
        for name in ("bom.pem", "utf16.crt", "html.crt", "empty.crt", "bare.crt", "star.crt", "server.key", "server.p12", "glued.pem"):
            add("keytool", version, f"keytool -importcert -file {name}", run("keytool", "-importcert", *common, "-keystore", "trust.p12", "-alias", "a", "-file", name)[0])
            add("keytool", version, f"keytool -printcert -file {name}", run("keytool", "-printcert", "-file", name)[0])
        for name, arguments in {
            "keytool -list of a PEM file": ["-list", "-keystore", "server.crt", "-storepass", "changeit"],
            "keytool -list of an HTML page": ["-list", "-keystore", "html.crt", "-storepass", "changeit"],
            "keytool -list with another password": ["-list", "-keystore", "server.p12", "-storepass", "wrongpass"],
            "keytool -list with another password, JKS": ["-list", "-keystore", "old.jks", "-storepass", "wrongpass"],
            "keytool -importcert of an alias that is there": ["-importcert", *common, "-keystore", "trust.p12", "-alias", "root", "-file", "other-root.crt"],
            "keytool -importcert with another password": ["-importcert", "-noprompt", "-storepass", "wrongpass", "-keystore", "trust.p12", "-alias", "b", "-file", "root.crt"],
            "keytool -list of an alias that is not there": ["-list", "-keystore", "trust.p12", "-storepass", "changeit", "-alias", "b"],
        }.items():
            if "old.jks" in arguments and not pathlib.Path("old.jks").exists():
                run("keytool", "-importcert", *common, "-storetype", "JKS", "-keystore", "old.jks", "-alias", "root", "-file", "root.crt")
            add("keytool", version, name, run("keytool", *arguments)[0], ("rror",))
    if version := have("certtool"):
        for name in ("der.crt", "utf16.crt", "html.crt", "star.crt", "inside.crt", "cut.crt", "glued.pem"):
            add("certtool", version, f"certtool -i --infile {name}", run("certtool", "-i", "--infile", name)[0], ("rror", "ailed"))
        for name in ("encrypted.key", "inside.key", "server.crt"):
            add("certtool", version, f"certtool -k --infile {name}", run("certtool", "-k", "--infile", name)[0], ("rror", "ailed"))
    if version := have("certutil"):
        pathlib.Path("nss").mkdir()
        run("certutil", "-N", "-d", "sql:nss", "--empty-password")
        for name in ("utf16.crt", "html.crt", "star.crt", "inside.crt", "x509label.crt", "server.key"):
            add("NSS certutil", version, f"certutil -A -i {name}", run("certutil", "-A", "-d", "sql:nss", "-n", "one", "-t", "C,,", "-i", name)[0])
        run("certutil", "-A", "-d", "sql:nss", "-n", "server", "-t", ",,", "-i", "server.crt")
        add("NSS certutil", version, "certutil -V of a server's certificate whose issuer is not there", run("certutil", "-V", "-d", "sql:nss", "-n", "server", "-u", "V")[0])
        add("NSS certutil", version, "certutil with a directory that has no database", run("certutil", "-L", "-d", "sql:missing")[0])
    if version := have("psql"):
        port = servers.Server().port
        connect = f"host=localhost hostaddr=127.0.0.1 port={port} user=u dbname=d gssencmode=disable connect_timeout=5"
        for name, more in {"no root certificate file": "sslmode=verify-full sslrootcert=missing.crt",
                           "a root certificate file without certificates": "sslmode=verify-full sslrootcert=html.crt",
                           "an empty root certificate file": "sslmode=verify-full sslrootcert=empty.crt",
                           "a root certificate file in DER": "sslmode=verify-full sslrootcert=der.crt",
                           "the client's key readable by others": "sslmode=require sslcert=server.crt sslkey=open.key",
                           "the client's key is another one": "sslmode=require sslcert=server.crt sslkey=other.key",
                           "the client's key is not there": "sslmode=require sslcert=server.crt sslkey=missing.key",
                           "the client's key is encrypted": "sslmode=require sslcert=server.crt sslkey=encrypted.key"}.items():
            add("psql", version, name, run("psql", f"{connect} {more}", "-c", "select 1")[0])
    if version := have("haproxy"):
        haproxy(version, "bind ssl without crt", "ssl")
        haproxy(version, "crt names no file", "ssl crt missing.pem")
        shutil.copy("server.crt", "alone.pem")
        haproxy(version, "crt names a certificate without a key", "ssl crt alone.pem")
        haproxy(version, "ca-file names no file", "ssl crt alone.pem ca-file missing.crt verify required")
    if version := have("nginx"):
        pathlib.Path("wrong.txt").write_text("another\n")
        for name, lines in {"listen ssl without ssl_certificate": "", "ssl_certificate without its key": "ssl_certificate server.crt;",
                            "ssl_client_certificate is not there": "ssl_certificate server.crt; ssl_certificate_key server.key; ssl_client_certificate missing.crt; ssl_verify_client on;",
                            "ssl_verify_client without a CA": "ssl_certificate server.crt; ssl_certificate_key server.key; ssl_verify_client on;",
                            "ssl_password_file with another passphrase": "ssl_certificate server.crt; ssl_certificate_key encrypted.key; ssl_password_file wrong.txt;",
                            "ssl_protocols with commas": "ssl_protocols TLSv1.2,TLSv1.3;", "ssl_protocols TLSv1.0": "ssl_protocols TLSv1.0;",
                            "ssl_protocols without a word": "ssl_protocols;",
                            "ssl_crl is not there": "ssl_certificate server.crt; ssl_certificate_key server.key; ssl_client_certificate root.crt; ssl_verify_client on; ssl_crl missing.crl;"}.items():
            pathlib.Path("nginx.conf").write_text(
                "daemon off; master_process off; pid nginx.pid; error_log nginx.log;\nevents {}\nhttp { access_log off; server {\n"
                f" listen 127.0.0.1:1 ssl; {lines} }} }}\n")
            add("nginx", version, name, run("nginx", "-t", "-p", os.getcwd(), "-c", "nginx.conf", "-e", "nginx.log")[0], ("emerg", "warn"))
    if version := have("node"):
        add("node", version, "NODE_EXTRA_CA_CERTS is not there", run("node", "-e", "require('tls').rootCertificates", env={"NODE_EXTRA_CA_CERTS": "missing.crt"})[0])


def escaped(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def unique():
    """One row for each program and condition, in the order measured."""
    kept = {}
    for program, version, condition, text in rows:
        kept.setdefault((program, condition), (version, escaped(text)))
    return kept


def lines(text):
    """A text's lines; OpenSSL's errors come in no fixed order."""
    return sorted(text.split("\\n"))


# What is said depends on chance: on the bits of keys and ciphertexts, which are made
# anew, or on whether the alert or the end of the connection is read first.
BY_CHANCE = (
    "an issuer of the same name with another key, no key identifiers",
    "a client certificate is demanded",
    "an encrypted key, traditional",
)
# Texts that may be other ones twice: not every chance is known yet. A program that
# changed says more than that otherwise.
MOST_WRONG = 3


def check(table, least):
    """How many of the table's texts were seen again, and what is wrong."""
    expected = {}
    for line in table.read_text().splitlines()[1:]:
        program, version, condition, text = line.split("\t")
        expected[program, condition] = (version, text)
    again = unique()
    same, other_version, wrong, absent = 0, [], {}, set()
    # "NSS tstclnt" is heard of as tstclnt.
    programs = {program for program, _ in again} | {program.rpartition(" ")[2] for program, _ in again}
    for key, (version, text) in expected.items():
        heard = key[1].partition(": the server's side of ")[2]
        if key[0] not in programs:
            absent.add(key[0])
        elif heard and heard not in programs:
            absent.add(heard)
        elif key not in again and key[1].startswith(BY_CHANCE):
            other_version.append(f"{key}: nothing was said")
        elif key not in again:
            wrong[key] = f"{key}: nothing was said, not {text!r}"
        elif lines(again[key][1]) == lines(text):
            same += 1
        elif again[key][0] != version or key[1].startswith(BY_CHANCE):
            other_version.append(f"{key}: {again[key][0]} says {again[key][1]!r}")
        else:
            wrong[key] = f"{key}:\n  table {text!r}\n  now   {again[key][1]!r}"
    for line in other_version + list(wrong.values()):
        print(line)
    for program in sorted(absent):
        print(f"SKIPPED: {program} is not installed")
    if os.environ.get("CI") and absent - LARGE:
        sys.exit("a program is missing")
    print(f"{same} of {len(expected)} texts seen again, {len(other_version)} others of other versions or by chance, {len(wrong)} wrong")
    return wrong, same >= least


def measured():
    """Everything, from the first file on."""
    rows.clear()
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        files.made()
        handshakes()
        pairs()
        tools()
        ciphers.measure(run, have, add)
        containers.measure(run, have, add)
        os.chdir(HERE)


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("--write", "--check"):
        sys.exit(__doc__)
    table = pathlib.Path(sys.argv[2]).resolve()
    measured()
    if sys.argv[1] == "--check":
        least = int(sys.argv[3])
        wrong, enough = check(table, least)
        if wrong:
            # A machine under load says some things otherwise; what is wrong is so twice.
            print("once more")
            measured()
            again, enough = check(table, least)
            wrong = wrong.keys() & again.keys()
        if len(wrong) > MOST_WRONG or not enough:
            sys.exit(f"at least {least} must be the same, and at most {MOST_WRONG} wrong twice")
        return
    lines = ["program\tversion\tcondition\ttext"]
    lines += ["\t".join((program, version, condition, text)) for (program, condition), (version, text) in unique().items()]
    table.write_text("\n".join(lines) + "\n")
    print(f"{len(lines) - 1} texts")


if __name__ == "__main__":
    main()
