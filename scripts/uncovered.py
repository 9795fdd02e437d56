#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Regions of the code that no input reached, each with the reason that somebody wrote down for it.

usage: uncovered.py EXPORT REASONS ROOT FOLDER...

EXPORT is what `llvm-cov export` prints, REASONS a text file (docs/uncovered.txt says how it is written). Prints, for each
FOLDER below ROOT, the regions that have no reason, and the reasons that no region needs any more. Exit codes: 0 none of
either, 1 some, 2 bad usage or input.
"""
import collections
import json
import os
import re
import sys

CODE = 0  # the kind of a region that is executed; others are expansions, skipped text and gaps


def bad_input(text):
    print(f"uncovered.py: {text}", file=sys.stderr)
    sys.exit(2)


class Reason:
    """A row of REASONS: FILE | SOURCE | REASON, or FILE | in FUNCTION | REASON."""

    def __init__(self, path, number, line):
        file, _, rest = line.partition(" | ")
        what, _, why = rest.rpartition(" | ")  # SOURCE may hold bars of its own
        if not (file.strip() and what.strip() and why.strip()):
            bad_input(f"{path}:{number}:1: read \"{line}\", expected FILE | SOURCE or \"in\" FUNCTION | REASON")
        self.place = f"{path}:{number}"
        self.file, self.what, self.why = file.strip(), what.strip(), why.strip()
        self.function = self.what[3:] if self.what.startswith("in ") else None
        self.used = False

    def covers(self, file, source, function):
        if file != self.file:
            return False
        return self.function in function if self.function else self.what in source


def read_reasons(path):
    with open(path, encoding="utf-8") as lines:
        return [Reason(path, number, line.rstrip("\n")) for number, line in enumerate(lines, 1)
                if line.strip() and not line.startswith("#")]


def in_tree(name, root):
    """The file below ROOT: a build sees each folder through an include root of its own."""
    name = re.sub(r".*/build/[^/]+/include/[a-z_]+/", "", name)
    return os.path.relpath(name, root) if os.path.isabs(name) else name


def regions(export, root, folders):
    """{(file, line, column): (times reached, names of the functions)}. One file belongs to several programs and, where it
    has templates, to several functions: what one of them reached is reached."""
    found = collections.defaultdict(lambda: [0, set()])
    for function in export["data"][0]["functions"]:
        files = [in_tree(name, root) for name in function["filenames"]]
        for line, column, _, _, count, file, _, kind, *_ in function["regions"]:
            if kind == CODE and os.path.dirname(files[file]) in folders:
                region = found[files[file], line, column]
                region[0] = max(region[0], count)
                region[1].add(function["name"])
    return found


def main(arguments):
    if len(arguments) < 4:
        bad_input("needs EXPORT REASONS ROOT FOLDER...")
    export_file, reasons_file, root, *folders = arguments
    try:
        with open(export_file, encoding="utf-8") as file:
            export = json.load(file)
        reasons = read_reasons(reasons_file)
    except (OSError, ValueError) as error:
        bad_input(error)
    sources, bad = {}, 0
    for (file, line, column), (count, functions) in sorted(regions(export, root, folders).items()):
        if count != 0:
            continue
        if file not in sources:
            with open(os.path.join(root, file), encoding="utf-8") as text:
                sources[file] = text.read().split("\n")
        source = sources[file][line - 1].strip()
        given = [reason for reason in reasons if any(reason.covers(file, source, name) for name in functions)]
        for reason in given:
            reason.used = True
        if not given:
            print(f"no reason: {file}:{line}:{column}: {source}")
            bad += 1
    for reason in reasons:
        if not reason.used and os.path.dirname(reason.file) in folders:
            print(f"not needed: {reason.place}: {reason.file} | {reason.what}")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
