"""Writes docs/versions.md from the rows that .ci/laboratory kept."""

import sys

# Differences that were looked at: (program, beginning of the version) and why they are right.
EXPLAINED = {
    ("gnutls", "3.7.1"): "every CA was sent twice, and the store has the issuing one alone: this"
    " version accepts, and certcheck predicts that it refuses, as 3.7.9 and later do.",
    ("nss", "3.110"): "the store has one name with two keys: certcheck is undecided, and this"
    " version accepts.",
}

HEAD = """\
# Versions that were compared

Written by `.ci/laboratory`: each program in each version was asked the same questions as in
`tests/real/clients_real.rs` and `tests/real/servers_real.rs`, and its answers were compared with
the prediction for that version (`--client NAME@VERSION`, `--system`). A cell is one answer of one
program. Programs of this machine itself are in [full-run.md](full-run.md).
"""


def explained(program, version):
    for (name, begins), why in EXPLAINED.items():
        if name == program and version.startswith(begins):
            return why
    return "not explained"


def main():
    rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8")]
    order = ["node", "go", "java", "debian-11", "debian-13"]
    rows.sort(key=lambda row: order.index(row[0]))
    clients = sum(int(row[4]) for row in rows if row[1] == "clients")
    servers = sum(int(row[4]) for row in rows if row[1] != "clients")
    differ = sum(int(row[5]) for row in rows)
    print(HEAD)
    print(
        f"{len(rows)} versions of programs, {clients:,} cells of clients and {servers:,} of servers:"
        f" {differ} differ.\n"
    )
    print("| program | version | from | cells | differences | run on | certcheck |")
    print("| --- | --- | --- | ---: | ---: | --- | --- |")
    sources = {"node": "npm", "go": "PyPI", "java": "PyPI"}
    notes = []
    for part, _, program, version, cells, differs, day, commit in rows:
        if int(differs):
            notes.append(f"- {program} {version}, {differs}: {explained(program, version)}")
        shown = version.replace("+openssl-", " with OpenSSL ")
        source = sources.get(part, part)
        print(f"| {program} | {shown} | {source} | {cells} | {differs} | {day} | {commit} |")
    print("\n## Differences\n")
    print("\n".join(notes) if notes else "None.")


main()
