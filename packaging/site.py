#!/usr/bin/env python3
"""The source of the documentation site, for mdBook:

    packaging/site.py PROGRAM DIRECTORY

It has README.md, the guides of docs/, a page for each command (its own --help), and a page
for each code, with the same words as `certcheck explain`. Links between documents keep their
targets; a link that leads nowhere is an error."""

import html
import json
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)")


def said(program, *words):
    return subprocess.run(
        [program, *words], check=True, stdout=subprocess.PIPE, env={**os.environ, "COLUMNS": "100"}
    ).stdout.decode()


def plain(text):
    """Text as text: what looks like HTML or Markdown in it is shown, but code in back quotes stays."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(
        part if part.startswith("`") and len(part) > 1 else re.sub(r"([\\*_\[\]|#])", r"\\\1", html.escape(part, quote=False))
        for part in parts
    )


def code(text):
    """Within a table: `|` would end the cell."""
    return "<code>" + html.escape(text, quote=False).replace("|", "&#124;") + "</code>"


def page(entry):
    lines = [f"# {entry['code']}", "", f"**{plain(entry['summary'][:1].upper() + entry['summary'][1:])}.**"]
    lines += ["", f"Default severity: {entry['severity']}."]
    for title, key in (("What breaks", "breaks"), ("For whom", "whom")):
        if entry.get(key):
            lines += ["", f"## {title}", "", plain(entry[key])]
    if entry.get("fix"):
        lines += ["", "## What to do", ""]
        lines += [f"- {plain(text)}" for text in entry["fix"]]
    if entry.get("run"):
        lines += ["", "```sh", *entry["run"], "```"]
    if entry.get("seen"):
        lines += ["", "## How it looks from outside", ""]
        lines += ["| message | program | source |", "| --- | --- | --- |"]
        lines += [
            f"| {code(seen['text'])} | {plain(seen['program'])} | {plain(seen['source'])} |"
            for seen in entry["seen"]
        ]
    lines += ["", "---", "", f"In a terminal: `certcheck explain {entry['code']}`", ""]
    return "\n".join(lines)


def commands(program, *words):
    listed = said(program, *words, "--help").split("\nCommands:\n")
    if len(listed) < 2:
        return []
    names = re.findall(r"^  ([a-z][a-z-]*)", listed[1].split("\n\n")[0], re.MULTILINE)
    return [name for name in names if name != "help"]


def title(path):
    with open(path, encoding="utf-8") as file:
        return next(line[2:].strip() for line in file if line.startswith("# "))


def relinked(text, name, known):
    """Links of a document of the repository: to its page on the site, or, for a file that is
    not on it, the bare words and the path."""
    folder = os.path.dirname(name)

    def to(match):
        words, target = match.groups()
        if re.match(r"[a-z]+:|#", target):
            return match.group(0)
        path, _, anchor = target.partition("#")
        path = os.path.normpath(os.path.join(folder, path))
        if not os.path.exists(os.path.join(ROOT, path)):
            sys.exit(f"{name}: {target} leads nowhere")
        if path not in known:
            return f"{words} (`{path}`)" if words != path else f"`{path}`"
        here = os.path.dirname(known[name]) or "."
        return f"[{words}]({os.path.relpath(known[path], here)}{'#' + anchor if anchor else ''})"

    # Not within code.
    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if part.startswith("```") else LINK.sub(to, part) for part in parts)


def main(program, to):
    source = os.path.join(to, "src")
    shutil.rmtree(source, ignore_errors=True)
    for folder in ("docs", "codes", "commands"):
        os.makedirs(os.path.join(source, folder))
    users = ["glossary", "exit-codes", "configuration", "install", "clients", "loaders", "path-validation", "trust-plans", "receipts"]
    guides = sorted(name[:-3] for name in os.listdir(os.path.join(ROOT, "docs")) if name.endswith(".md"))
    guides.remove("README")
    guides.sort(key=lambda name: (name not in users, name))
    known = {"README.md": "index.md", "CHANGELOG.md": "changelog.md", "SECURITY.md": "security.md",
             "CONTRIBUTING.md": "contributing.md", "docs/README.md": "docs/index.md",
             "examples/wiring/README.md": "wiring.md"}
    known.update({f"docs/{name}.md": f"docs/{name}.md" for name in guides})
    for name, target in known.items():
        with open(os.path.join(ROOT, name), encoding="utf-8") as file:
            text = relinked(file.read(), name, known)
        with open(os.path.join(source, target), "w", encoding="utf-8") as file:
            file.write(text)

    summary = ["# Summary", "", "[certcheck](index.md)", "", "# Guides", ""]
    summary += [f"- [{title(os.path.join(ROOT, 'docs', name + '.md'))}](docs/{name}.md)" for name in guides]
    summary += ["- [Wiring](wiring.md)", "", "# Commands", ""]
    for name in commands(program):
        for words in [[name], *([name, below] for below in commands(program, name))]:
            file = "-".join(words)
            with open(os.path.join(source, "commands", file + ".md"), "w", encoding="utf-8") as out:
                out.write(f"# certcheck {' '.join(words)}\n\n```text\n{said(program, *words, '--help').rstrip()}\n```\n")
            summary.append(f"{'  ' * (len(words) - 1)}- [certcheck {' '.join(words)}](commands/{file}.md)")

    entries = json.loads(said(program, "codes", "--format", "json"))["result"]["codes"]
    summary += ["", "# Codes", "", "- [All codes](codes/index.md)"]
    table = ["# All codes", "", "| code | severity | |", "| --- | --- | --- |"]
    for listed in sorted(entries, key=lambda entry: entry["code"]):
        name = listed["code"]
        entry = json.loads(said(program, "explain", name, "--format", "json"))["result"]["codes"][0]
        with open(os.path.join(source, "codes", name + ".md"), "w", encoding="utf-8") as out:
            out.write(page(entry))
        summary.append(f"  - [{name}](codes/{name}.md)")
        table.append(f"| [{name}]({name}.md) | {listed['severity']} | {plain(listed['summary'])} |")
    with open(os.path.join(source, "codes", "index.md"), "w", encoding="utf-8") as out:
        out.write("\n".join(table) + "\n")
    summary += ["", "---", "", "[Changelog](changelog.md)", "[Security](security.md)",
                "[Contributing](contributing.md)", "[Documents](docs/index.md)", ""]
    with open(os.path.join(source, "SUMMARY.md"), "w", encoding="utf-8") as out:
        out.write("\n".join(summary))
    with open(os.path.join(to, "book.toml"), "w", encoding="utf-8") as out:
        out.write(
            '[book]\ntitle = "certcheck"\nlanguage = "en"\nsrc = "src"\n\n[build]\nbuild-dir = "html"\n\n'
            "[output.html]\nno-section-label = true\n\n[output.html.fold]\nenable = true\nlevel = 0\n"
        )
    print(f"{len(guides)} guides, {len(entries)} codes")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(os.path.abspath(sys.argv[1]), sys.argv[2])
