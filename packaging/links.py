#!/usr/bin/env python3
"""Checks the links of a built site: each file and each anchor that a page names exists.

    packaging/links.py DIRECTORY

Addresses of other machines are counted, not fetched."""

import os
import sys
from html.parser import HTMLParser
from urllib.parse import unquote


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.ids = [], set()

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src") and value:
                self.links.append(value)
            elif name in ("id", "name") and value:
                self.ids.add(value)


def read(path):
    page = Page()
    with open(path, encoding="utf-8") as file:
        page.feed(file.read())
    return page


def main(folder):
    pages = {}
    for at, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".html"):
                path = os.path.join(at, name)
                pages[os.path.normpath(path)] = read(path)
    inside = outside = 0
    broken = []
    for path, page in sorted(pages.items()):
        # It is shown at any address; mdBook gives it a base of its own.
        if os.path.basename(path) == "404.html":
            continue
        for link in page.links:
            if ":" in link.split("/")[0] or link.startswith("//"):
                outside += 1
                continue
            inside += 1
            target, _, anchor = link.partition("#")
            there = os.path.normpath(os.path.join(os.path.dirname(path), unquote(target))) if target else path
            if os.path.isdir(there):
                there = os.path.join(there, "index.html")
            if not os.path.exists(there):
                broken.append(f"{path}: {link}: no such file")
            elif anchor and there in pages and unquote(anchor) not in pages[there].ids:
                broken.append(f"{path}: {link}: no such anchor")
    print(*broken, sep="\n")
    print(f"{len(pages)} pages, {inside} links within, {outside} to other sites, {len(broken)} broken")
    return 1 if broken or not inside else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
