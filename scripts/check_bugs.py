#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the known bugs of bugs/: what is written about them, and that each compiles.

usage: check_bugs.py table ROOT
       check_bugs.py build ROOT BUILD [JOBS]

table  Every patch has a head with all fields, stands in the folder of its letter and under a name with its number. Each number
       of bugs/catalogue.txt has one row in docs/bugs.md, which names its patches, all of them, or says why there are none; each
       patch has one row that says how it was found, by a key that its head expects.
build  Each patch applies without fuzz, and what it touches compiles with the flags of BUILD, warnings being errors, for every
       geometry, and what includes that for one: compile_commands.json says how. Nothing but syntax and types is looked at.

Not covered: whether a bug is found (find_bug.sh); that the rules of bugs/witness/ are contradicted (witness_mutants.sh).
Exit codes: 0 all is right, 1 something is not, 2 bad usage.
"""
import concurrent.futures
import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

FOLDERS = {"A": "nvdimm", "B": "series", "C": "sections", "D": "spans", "E": "devm", "F": "blocks"}
# The head of a patch: its first line, then one line a field.
TITLE = re.compile(r"(inverse of )?([A-F][0-9]+), (\S.*)")
FIELDS = ["kernel", "function", "trigger", "expected", "kind"]
WITNESS_FIELDS = ["wrong rule", "right", "expected"]
KINDS = ["sequential", "concurrent"]
CATALOGUE, TABLE = "bugs/catalogue.txt", "docs/bugs.md"
NOT_FOUND = "not found"


def lines_of(root, name):
    with open(os.path.join(root, name), encoding="utf-8") as text:
        return text.read().split("\n")


def patches_in(root):
    """bugs/FOLDER/NAME.patch, as FOLDER/NAME."""
    found = []
    for folder in sorted(os.listdir(os.path.join(root, "bugs"))):
        where = os.path.join(root, "bugs", folder)
        if os.path.isdir(where):
            found += [f"{folder}/{name[:-len('.patch')]}" for name in sorted(os.listdir(where)) if name.endswith(".patch")]
    return found


def read_catalogue(root):
    """{number: name}"""
    rows = [line.split(" ", 1) for line in lines_of(root, CATALOGUE) if line and not line.startswith("#")]
    return dict(rows)


def head_of(root, patch):
    lines = lines_of(root, f"bugs/{patch}.patch")
    return lines[:lines.index("")] if "" in lines else []


def check_fields(patch, lines, fields, problems):
    """{field: text} of lines that must be those fields, in that order."""
    values = {}
    for i, field in enumerate(fields):
        line = lines[i] if i < len(lines) else ""
        text = line[len(field):].strip()
        if not line.startswith(field + " ") or not text:
            problems.append(f"bugs/{patch}.patch: head: read \"{line}\", expected \"{field}\" and what it is")
        values[field] = text
    for line in lines[len(fields):]:
        problems.append(f"bugs/{patch}.patch: head: read \"{line}\", expected an empty line")
    return values


def read_patches(root, catalogue, problems):
    """{patch: (number, whether it is an inverse, keys that are expected)}"""
    patches = {}
    for patch in patches_in(root):
        folder, name = patch.split("/")
        head = head_of(root, patch)
        if folder == "witness":
            check_fields(patch, head, WITNESS_FIELDS, problems)
            continue
        title = TITLE.fullmatch(head[0]) if head else None
        if not title or not (title[3] + ":").startswith(catalogue.get(title[2], "?") + ":"):
            problems.append(f"bugs/{patch}.patch: head: read \"{head[0] if head else ''}\", expected [\"inverse of \"]NUMBER, NAME "
                            f"of {CATALOGUE}")
            continue
        fields = check_fields(patch, head[1:], FIELDS, problems)
        if fields["kind"] not in KINDS:
            problems.append(f"bugs/{patch}.patch: kind: read \"{fields['kind']}\", expected {' or '.join(KINDS)}")
        if folder != FOLDERS[title[2][0]] or not name.startswith(title[2].lower() + "-"):
            problems.append(f"bugs/{patch}.patch: expected in bugs/{FOLDERS[title[2][0]]}/{title[2].lower()}-...")
        patches[patch] = (title[2], bool(title[1]), fields["expected"].split(", "))
    return patches


def rows_of(root, columns):
    """The rows of the table with that head, as lists of cells."""
    rows, inside = [], False
    for line in lines_of(root, TABLE):
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells == columns:
            inside = True
        elif not cells:
            inside = False
        elif inside and not re.fullmatch(r"[-: |]+", line):
            rows.append(cells)
    return rows


def check_catalogue_rows(root, catalogue, patches, problems):
    seen, named = [], []
    for cells in rows_of(root, ["bug", "name", "here", "patches"]):
        number, name, here, cell = (cells + [""] * 4)[:4]
        seen.append(number)
        if catalogue.get(number) != name:
            problems.append(f"{TABLE}: {number} {name}: expected {catalogue.get(number, 'a number of ' + CATALOGUE)}")
        own = re.findall(r"`([^`]+)`", cell)
        named += own
        for patch in own:
            if patch not in patches:
                problems.append(f"{TABLE}: {number}: no such patch: bugs/{patch}.patch")
            elif patches[patch][0] != number:
                problems.append(f"{TABLE}: {number}: bugs/{patch}.patch is of {patches[patch][0]}")
        inverses = {patches[patch][1] for patch in own if patch in patches}
        expected = {frozenset([False]): "seeded", frozenset([True]): "inverse", frozenset([False, True]): "seeded, inverse",
                    frozenset(): "not modelled: "}[frozenset(inverses)]
        if not (here + ": ").startswith(expected) or (not own and len(here) <= len(expected)):
            problems.append(f"{TABLE}: {number}: read \"{here}\", expected \"{expected}\"")
    report_counts(catalogue, seen, f"the rows of bugs in {TABLE}", problems)
    report_counts(patches, named, f"the rows of bugs in {TABLE}", problems)


def check_finding_rows(root, patches, problems):
    seen = []
    for cells in rows_of(root, ["patch", "target", "seconds", "executions", "keys"]):
        patch, key = cells[0].strip("`"), cells[-1]
        seen.append(patch)
        keys = re.findall(r"`([^`]+)`", key)
        if not keys and not key.startswith(NOT_FOUND):
            problems.append(f"{TABLE}: {patch}: read \"{key}\", expected keys or \"{NOT_FOUND}\"")
        for one in keys:
            if patch in patches and not any(fnmatch.fnmatchcase(one, pattern) for pattern in patches[patch][2]):
                problems.append(f"{TABLE}: {patch}: found as {one}, expected {', '.join(patches[patch][2])}")
    report_counts(patches, seen, f"the rows of findings in {TABLE}", problems)


def report_counts(wanted, seen, where, problems):
    for one in wanted:
        if seen.count(one) != 1:
            problems.append(f"{one}: {seen.count(one)} times in {where}, expected once")
    for one in sorted(set(seen) - set(wanted)):
        problems.append(f"{one}: in {where}, and nowhere else")


def check_table(root):
    problems = []
    catalogue = read_catalogue(root)
    patches = read_patches(root, catalogue, problems)
    check_catalogue_rows(root, catalogue, patches, problems)
    check_finding_rows(root, patches, problems)
    return problems


class Compiler:
    """How each source is compiled, and who includes whom."""

    def __init__(self, root, build):
        self.root = root
        self.commands = {}  # {source: arguments, one list a geometry}
        self.includes = {}
        with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as text:
            for entry in json.load(text):
                source = os.path.relpath(entry["file"], root)
                arguments = self.flags(shlex.split(entry["command"]))
                # Programs that are broken on purpose compile some sources once more.
                if "-DHPFUZZ_CANARY" not in arguments and arguments not in self.commands.setdefault(source, []):
                    self.commands[source].append(arguments)

    @staticmethod
    def flags(arguments):
        """Without launcher, input, output and include roots, which see the tree as it is."""
        while not re.search(r"(clang|g)\+\+[-0-9.]*$", arguments[0]):
            arguments = arguments[1:]
        drop = {"-c": 1, "-o": 2, "-MF": 2, "-MT": 2, "-MD": 1}
        kept, i = arguments[:1], 1
        while i < len(arguments) - 1:
            width = drop.get(arguments[i], 0)
            if not width and not arguments[i].startswith("-I"):
                kept.append(arguments[i])
            i += width or 1
        return kept

    def includes_of(self, file):
        if file not in self.includes:
            self.includes[file] = set()
            path = os.path.join(self.root, file)
            if os.path.isfile(path):
                with open(path, encoding="utf-8") as text:
                    direct = re.findall(r'^#include "([^"]+)"', text.read(), re.MULTILINE)
                self.includes[file] = set(direct).union(*(self.includes_of(one) for one in direct))
        return self.includes[file]

    def sources_with(self, touched):
        """What is compiled of the core and holds one of the files `touched`."""
        core = [source for source in self.commands if re.match(r"(machine|impl_[a-z]+)/", source)]
        return [source for source in core if source in touched or self.includes_of(source) & touched]

    def compile(self, patch, overlay):
        """What is wrong with `patch`, which is applied in `overlay`."""
        text = "\n".join(lines_of(self.root, f"bugs/{patch}.patch"))
        touched = set(re.findall(r"^\+\+\+ b/(\S+)", text, re.MULTILINE))
        for file in touched:
            os.makedirs(os.path.dirname(os.path.join(overlay, file)), exist_ok=True)
            shutil.copy(os.path.join(self.root, file), os.path.join(overlay, file))
        # git would otherwise find the repository around the overlay, and apply nothing.
        applied = run(["git", "apply", "-p1", os.path.join(self.root, f"bugs/{patch}.patch")], overlay,
                      {**os.environ, "GIT_CEILING_DIRECTORIES": os.path.dirname(overlay)})
        if applied:
            return [f"bugs/{patch}.patch does not apply: {applied}"]
        problems = []
        for source in self.sources_with(touched):
            place = os.path.join(overlay if source in touched else self.root, source)
            # Who only includes what is touched does so in every geometry alike.
            for arguments in self.commands[source][:None if source in touched else 1]:
                said = run([*arguments, "-Werror", "-fsyntax-only", f"-I{overlay}", f"-I{self.root}", place], self.root)
                if said:
                    problems.append(f"bugs/{patch}.patch: {source} does not compile:\n{said}")
        if not touched or not self.sources_with(touched):
            problems.append(f"bugs/{patch}.patch touches nothing that is compiled")
        return problems


def run(command, folder, environment=None):
    """What a command that fails says; else nothing."""
    done = subprocess.run(command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    return (done.stdout or f"exit code {done.returncode}") if done.returncode else ""


def check_builds(root, build, jobs):
    compiler = Compiler(root, build)
    problems = []
    patches = patches_in(root)
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        overlays = [os.path.join(folder, patch) for patch in patches]
        for overlay in overlays:
            os.makedirs(overlay)
        for found in pool.map(compiler.compile, patches, overlays):
            problems += found
    return problems


def main(arguments):
    if arguments[:1] == ["table"] and len(arguments) == 2:
        problems = check_table(os.path.realpath(arguments[1]))
    elif arguments[:1] == ["build"] and len(arguments) in (3, 4):
        jobs = int(arguments[3]) if len(arguments) == 4 else os.cpu_count()
        problems = check_builds(os.path.realpath(arguments[1]), arguments[2], jobs)
    else:
        print(__doc__, file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
