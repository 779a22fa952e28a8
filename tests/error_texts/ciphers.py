"""What programs say of a cipher string that names nothing they know."""

import contextlib
import os
import pathlib
import re
import socket
import threading

NONE = "NOSUCHSUITE"
OLD = "the cipher string names no suite"
NEW = "the suites of TLS 1.3 are unknown"
MODULES = "/usr/lib/apache2/modules"


def measure(run, have, add):
    """With measure.py's own way to run a program and to keep a row."""
    both = ((OLD, "cipher", "ciphers"), (NEW, "ciphersuites", "ciphersuites"))
    if version := have("nginx"):
        for name, line in ((OLD, f"ssl_ciphers {NONE};"), (NEW, f"ssl_conf_command Ciphersuites {NONE};")):
            pathlib.Path("nginx.conf").write_text(
                "daemon off; master_process off; pid nginx.pid; error_log nginx.log;\nevents {}\nhttp { access_log off; server {\n"
                f" listen 127.0.0.1:1 ssl; ssl_certificate server.crt; ssl_certificate_key server.key; {line} }} }}\n")
            add("nginx", version, name, run("nginx", "-t", "-p", os.getcwd(), "-c", "nginx.conf", "-e", "nginx.log")[0], ("emerg",))
    if version := have("apache2"):
        for name, line in ((OLD, f"SSLCipherSuite {NONE}"), (NEW, f"SSLCipherSuite TLSv1.3 {NONE}")):
            add("apache2", version, name, apache(run, line), ("AH01898", "AH10127", "AH02312", "Library Error"))
    if version := have("haproxy"):
        for name, _, option in both:
            pathlib.Path("own.pem").write_text(pathlib.Path("server.crt").read_text() + pathlib.Path("server.key").read_text())
            pathlib.Path("haproxy.cfg").write_text(
                "defaults\n mode http\n timeout client 5s\n timeout connect 5s\n timeout server 5s\n"
                f"frontend f\n bind 127.0.0.1:1 ssl crt own.pem {option} {NONE}\n")
            add("haproxy", version, name, run("haproxy", "-c", "-f", "haproxy.cfg")[0], (r"^\[ALERT\].*unable to set",))
    if version := have("openssl"):
        for name, option, _ in both:
            output, _ = run("openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", "server.crt", "-key", "server.key", f"-{option}", NONE)
            add("openssl s_server", version, name, output, ("rror", "ailed"))
        add("openssl ciphers", version, OLD, run("openssl", "ciphers", NONE)[0], ("rror",))
    if version := have("curl"):
        with serving() as port:
            for name, option in ((OLD, "--ciphers"), (NEW, "--tls13-ciphers")):
                add("curl", version, name, run("curl", "-sS", option, NONE, f"https://127.0.0.1:{port}/")[0], (r"^curl: ",))
    if version := have("python"):
        said, _ = run("python3", "-c", f"import ssl; ssl.create_default_context().set_ciphers('{NONE}')")
        add("python", version, OLD, said, (r"^ssl\.SSLError",))
    if version := have("node"):
        said, _ = run("node", "-e", f"try {{ require('tls').createSecureContext({{ciphers: '{NONE}'}}) }} catch (e) {{ console.log(String(e) + '\\n' + e.code) }}")
        add("node", version, OLD, said)


@contextlib.contextmanager
def serving():
    """The port of a server that answers nothing: curl sets its ciphers when it is connected."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)

        def take():
            for _ in range(2):
                with contextlib.suppress(OSError):
                    listening.accept()[0].close()

        threading.Thread(target=take, daemon=True).start()
        yield listening.getsockname()[1]


def apache(run, line):
    """Its log: the configuration test says nothing of this."""
    here, log = os.getcwd(), pathlib.Path("apache.log")
    log.unlink(missing_ok=True)
    modules = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n" for name in ("mpm_event", "authz_core", "ssl"))
    pathlib.Path("apache.conf").write_text(
        f"ServerRoot {here}\nServerName localhost\nPidFile {here}/apache.pid\nErrorLog {here}/apache.log\n"
        f"DefaultRuntimeDir {here}\nListen 127.0.0.1:1\n{modules}<VirtualHost 127.0.0.1:1>\nSSLEngine on\n"
        f"SSLCertificateFile server.crt\nSSLCertificateKeyFile server.key\n{line}\n</VirtualHost>\n")
    run("apache2", "-X", "-d", here, "-f", f"{here}/apache.conf", timeout=20)
    said = log.read_text() if log.exists() else ""
    return re.sub(r"^\[[^]]*\] \[[^]]*\] \[[^]]*\] ", "", said, flags=re.M)
