#!/usr/bin/env python3
"""Makes the trees of the cases of `scan` from the PKI; generate.sh calls it."""

import base64
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
PKI = HERE.parent / "pki"


def data(name):
    return (PKI / name).read_bytes()


def wrapped(name):
    return base64.b64encode(data(name)).decode()


def put(case, name, content):
    path = HERE / case / "tree" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


COPIES = {
    "clean": {"site/server.crt": "server.crt", "site/server.key": "server.key",
              "ca/issuing.crt": "issuing.crt", "ca/root.crt": "root.crt"},
    "due": {"a/expired.crt": "expired.crt", "b/soon.crt": "soon.crt", "c/server.crt": "server.crt"},
    "relations": {"one/server.crt": "server.crt", "two/server.crt": "server.crt",
                  "two/renewed.crt": "soon.crt", "keys/other.key": "other.key"},
    "exposed": {"server.crt": "server.crt", "server.key": "server.key"},
    "passphrases": {"store.p12": "server.p12", "server.crt": "server.crt"},
    "closed": {"store.p12": "server.p12", "server.crt": "server.crt"},
    "broken-yaml": {"server.crt": "server.crt"},
    "weak": {"sha1.crt": "sha1.crt", "rsa1024.crt": "weak1024.crt"},
}

for case, files in COPIES.items():
    for name, source in files.items():
        put(case, name, data(source))
put("clean", "site/site.conf", "listen 443 ssl;\n")
put("nothing", "readme.txt", "nothing here\n")
put("broken-yaml", "secret.yaml", "apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: |\n    LS0t\n\t- x\n")
block = "".join(f"    {line}\n" for line in data("old-root.crt").decode().splitlines())
put("kubernetes", "secrets.yaml", f"""apiVersion: v1
kind: Secret
metadata:
  name: web
  namespace: shop
type: kubernetes.io/tls
data:
  tls.crt: {wrapped("soon.crt")}
  tls.key: {wrapped("server.key")}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: trust
data:
  ca.crt: |
{block}""")
items = [
    {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "api", "namespace": "shop"},
     "data": {"tls.crt": wrapped("expired.crt")}},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "ca"},
     "data": {"ca.pem": data("issuing.crt").decode()}},
]
put("kubernetes", "list.json", json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=1) + "\n")
put("kubeconfig", "config", f"""apiVersion: v1
kind: Config
current-context: lab
clusters:
- name: lab
  cluster:
    server: https://192.0.2.1:6443
    certificate-authority-data: {wrapped("root.crt")}
users:
- name: admin
  user:
    client-certificate-data: {wrapped("soon.crt")}
    client-key-data: {wrapped("server.key")}
""")
passphrase = data("passphrase.txt").decode().splitlines()[0]
(HERE / "passphrases" / "candidates.txt").write_text(f"not this one\n{passphrase}\n")
(HERE / "closed" / "wrong.txt").write_text("not this one\n")
