#!/usr/bin/env python3
"""Makes the documents of a package complete in themselves: a link to a file that the package
does not have becomes its text.

    packaging/inside.py STAGE SCHEMA

STAGE/doc is the package's folder of documents, with STAGE/guides in it as docs/ and SCHEMA as
schema/."""

import os
import re
import sys

LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")


def main(stage, schema):
    places = {"": os.path.join(stage, "doc"), "docs": os.path.join(stage, "guides"), "schema": schema}
    there = {os.path.join(at, name) for at, folder in places.items() for name in os.listdir(folder)}
    there.update(places)
    taken = 0
    for at, folder in places.items():
        for name in sorted(os.listdir(folder)):
            if not name.endswith(".md"):
                continue

            def link(found, at=at):
                nonlocal taken
                text, target = found.groups()
                path = target.partition("#")[0]
                if not path or ":" in path or os.path.normpath(os.path.join(at, path)) in there:
                    return found.group(0)
                taken += 1
                return text

            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as file:
                text = file.read()
            with open(path, "w", encoding="utf-8") as file:
                file.write(LINK.sub(link, text))
    print(f"{taken} links to files that the package does not have are text")


main(*sys.argv[1:])
