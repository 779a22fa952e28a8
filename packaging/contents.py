#!/usr/bin/env python3
"""What the program is made of, by `cargo metadata` and Cargo.lock alone:

    packaging/contents.py sbom TARGET         a CycloneDX 1.5 document
    packaging/contents.py licences TARGET     the licences and notices of what is linked in

The same input gives the same bytes: no time, and no path of this machine.
"""

import json
import os
import re
import subprocess
import sys
import uuid
from urllib.parse import quote

NOTICE = re.compile(r"^(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)


def metadata(target):
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", target]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def linked(data):
    """Packages that are reached without tests, and each one's own dependencies.

    Those of build scripts are left out: they make the program, and are not in it."""
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    root = data["resolve"]["root"]
    edges, waiting = {}, [root]
    while waiting:
        at = waiting.pop()
        if at in edges:
            continue
        edges[at] = sorted(
            dep["pkg"]
            for dep in nodes[at]["deps"]
            if any(kind["kind"] is None for kind in dep["dep_kinds"])
        )
        waiting.extend(edges[at])
    packages = {package["id"]: package for package in data["packages"]}
    return root, {of: packages[of] for of in edges}, edges


def procedural(package):
    """A macro runs in the compiler."""
    return any("proc-macro" in target["kind"] for target in package["targets"])


def checksums():
    with open("Cargo.lock", encoding="utf-8") as lock:
        text = lock.read()
    pattern = r'name = "(.+?)"\nversion = "(.+?)"\nsource = ".+?"\nchecksum = "([0-9a-f]{64})"'
    return {(name, version): digest for name, version, digest in re.findall(pattern, text)}


def expression(package):
    # `MIT/Apache-2.0` is how older manifests write `OR`.
    return (package["license"] or "NOASSERTION").replace("/", " OR ")


def sbom(target):
    root, packages, edges = linked(metadata(target))
    digests = checksums()

    def ref(of):
        package = packages[of]
        return f"pkg:cargo/{quote(package['name'])}@{quote(package['version'], safe='')}"

    def component(of, kind):
        package = packages[of]
        entry = {
            "type": kind,
            "bom-ref": ref(of),
            "name": package["name"],
            "version": package["version"],
            "scope": "excluded" if procedural(package) else "required",
            "licenses": [{"expression": expression(package)}],
            "purl": ref(of),
        }
        digest = digests.get((package["name"], package["version"]))
        if digest:
            entry["hashes"] = [{"alg": "SHA-256", "content": digest}]
        if package.get("description"):
            entry["description"] = " ".join(package["description"].split())
        if package.get("repository"):
            entry["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
        return entry

    names = sorted((of for of in packages if of != root), key=ref)
    body = {
        "metadata": {
            "component": component(root, "application"),
            "properties": [{"name": "cdx:rustc:target", "value": target}],
        },
        "components": [component(of, "library") for of in names],
        "dependencies": [
            {"ref": ref(of), "dependsOn": sorted({ref(to) for to in edges[of]})}
            for of in [root, *names]
        ],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(body, sort_keys=True))
    head = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
    }
    print(json.dumps({**head, **body}, indent=1, ensure_ascii=False))


def notices(package):
    folder = os.path.dirname(package["manifest_path"])
    names = {name for name in os.listdir(folder) if NOTICE.match(name)}
    if package.get("license_file"):
        names.add(package["license_file"])
    for name in sorted(names):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                yield name, file.read().replace("\r\n", "\n").strip()


def licences(target):
    root, packages, _ = linked(metadata(target))
    used, without = {}, []
    for of, package in sorted(packages.items(), key=lambda item: (item[1]["name"], item[1]["version"])):
        if of == root or procedural(package):
            continue
        label = f"{package['name']} {package['version']} ({expression(package)})"
        found = list(notices(package))
        if not found:
            without.append(label)
        for _, text in found:
            used.setdefault(text, []).append(label)
    print("certcheck contains the following libraries. Each text names the libraries to which it applies.")
    if without:
        print("\nThese come without a text of their own; their licence is the one in brackets:\n")
        for label in without:
            print(f"  {label}")
    for text, labels in sorted(used.items(), key=lambda item: item[1]):
        print("\n" + "=" * 80)
        for label in labels:
            print(label)
        print("=" * 80 + "\n\n" + text)


if __name__ == "__main__":
    kinds = {"sbom": sbom, "licences": licences}
    if len(sys.argv) != 3 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    kinds[sys.argv[1]](sys.argv[2])
