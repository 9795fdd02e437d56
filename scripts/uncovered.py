#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Regions of the code that no input reached, each with the reason that somebody wrote down for it.

usage: uncovered.py EXPORT REASONS ROOT FOLDER...

EXPORT is what `llvm-cov export` prints, REASONS a text file (docs/uncovered.txt says how it is written). Prints for each
FOLDER below ROOT how many regions nothing reached, by the kind of their reason, and the share of lines without those that
only a compiler runs; then the regions that have no reason, and the reasons that no region needs any more. Exit codes: 0 none
of either, 1 some, 2 bad usage or input.
"""
import collections
import json
import os
import re
import sys

CODE = 0  # the kind of a region that is executed; others are expansions, skipped text and gaps

# Kinds of reasons, and where a region is reached instead.
COMPILER = "compiler"
KINDS = (COMPILER, "finding", "build", "tests", "untested", "never")
NO_REASON = "no reason"


def bad_input(text):
    print(f"uncovered.py: {text}", file=sys.stderr)
    sys.exit(2)


class Reason:
    """A row of REASONS: FILE | SOURCE | KIND: REASON, or FILE | in FUNCTION | KIND: REASON."""

    def __init__(self, path, number, line):
        file, _, rest = line.partition(" | ")
        what, _, why = rest.rpartition(" | ")  # SOURCE may hold bars of its own
        kind, _, why = why.partition(": ")
        if not (file.strip() and what.strip() and kind.strip() in KINDS and why.strip()):
            bad_input(f"{path}:{number}:1: read \"{line}\", expected FILE | SOURCE or \"in\" FUNCTION | KIND: REASON, "
                      f"of kind {', '.join(KINDS)}")
        self.place = f"{path}:{number}"
        self.file, self.what, self.kind = file.strip(), what.strip(), kind.strip()
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


class Region:
    """What begins at one place. One file belongs to several programs and, where it has templates, to several functions:
    what one of them reached is reached."""

    def __init__(self):
        self.reached = 0
        self.functions = set()
        self.last_line = 0


def regions(export, root, folders):
    """{(file, line, column): Region}"""
    found = collections.defaultdict(Region)
    for function in export["data"][0]["functions"]:
        files = [in_tree(name, root) for name in function["filenames"]]
        for line, column, last_line, _, count, file, _, kind, *_ in function["regions"]:
            if kind == CODE and os.path.dirname(files[file]) in folders:
                region = found[files[file], line, column]
                region.reached = max(region.reached, count)
                region.functions.add(function["name"])
                region.last_line = last_line
    return found


class Row:
    """What the summary says of a folder."""

    def __init__(self):
        self.regions = collections.Counter()  # not reached, by kind
        self.compiler_lines = set()  # (file, line) of those that only a compiler runs
        self.lines = self.missed = 0


def rows(export, root, folders):
    """{folder: Row} with the lines that llvm-cov counts."""
    found = {folder: Row() for folder in folders}
    for file in export["data"][0].get("files", []):
        row = found.get(os.path.dirname(in_tree(file["filename"], root)))
        if row:
            row.lines += file["summary"]["lines"]["count"]
            row.missed += file["summary"]["lines"]["count"] - file["summary"]["lines"]["covered"]
    return found


def print_summary(summary):
    kinds = (*KINDS, NO_REASON)
    print(f"{'regions not reached':<19}", *(f"{kind:>9}" for kind in kinds), f"{'lines run':>10} {'%':>7}")
    for folder, row in summary.items():
        lines = row.lines - len(row.compiler_lines)
        share = 100 * (row.lines - row.missed) / lines if lines > 0 else 100
        print(f"{folder:<19}", *(f"{row.regions[kind]:>9}" for kind in kinds), f"{lines:>10} {share:>7.2f}")


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
    summary = rows(export, root, folders)
    sources, complaints = {}, []
    for (file, line, column), region in sorted(regions(export, root, folders).items()):
        if region.reached != 0:
            continue
        if file not in sources:
            with open(os.path.join(root, file), encoding="utf-8") as text:
                sources[file] = text.read().split("\n")
        source = sources[file][line - 1].strip()
        given = [reason for reason in reasons if any(reason.covers(file, source, name) for name in region.functions)]
        for reason in given:
            reason.used = True
        row = summary[os.path.dirname(file)]
        kind = given[0].kind if given else NO_REASON
        row.regions[kind] += 1
        if kind == COMPILER:
            row.compiler_lines.update((file, at) for at in range(line, region.last_line + 1))
        if not given:
            complaints.append(f"{NO_REASON}: {file}:{line}:{column}: {source}")
    for reason in reasons:
        if not reason.used and os.path.dirname(reason.file) in folders:
            complaints.append(f"not needed: {reason.place}: {reason.file} | {reason.what}")
    print_summary(summary)
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
