#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Test: what check_bugs.py says of patches and of the tables about them. Not covered: how it compiles.

usage: check_bugs_test.py

Exit codes: 0 every case is as it should be, 1 some are not.
"""
import os
import sys
import tempfile

import check_bugs

SOUND = {
    "bugs/catalogue.txt": "# n\nA1 short-pad\nC3 a race\nF1 alignment\n",
    "bugs/nvdimm/a1-short.patch": """A1, short-pad
kernel    before 5.3
function  pad
trigger   a pad
expected  ns_create.legacy-*, ns_read.legacy-answer
kind      sequential

diff --git a/pad.cc b/pad.cc
""",
    "bugs/blocks/f1-inverse-both.patch": """inverse of F1, alignment: both ends
kernel    5.1
function  check
trigger   a range
expected  add_memory.*
kind      sequential

""",
    "bugs/witness/order.patch": "wrong rule   one\nright        two\nexpected     three\n\n",
    "docs/bugs.md": """# Bugs

| bug | name | here | patches |
|---|---|---|---|
| A1 | short-pad | seeded | `nvdimm/a1-short` |
| C3 | a race | not modelled: two threads | |
| F1 | alignment | inverse | `blocks/f1-inverse-both` |

| patch | target | seconds | executions | keys |
|---|---|---|---|---|
| `nvdimm/a1-short` | namespace | 1.0 | 100 | `ns_create.legacy-lookup` |
| `blocks/f1-inverse-both` | differential | 60 | 1000 | not found |
""",
}
A1, F1, DOCS = "bugs/nvdimm/a1-short.patch", "bugs/blocks/f1-inverse-both.patch", "docs/bugs.md"
ROWS, FINDINGS = "the rows of bugs in docs/bugs.md", "the rows of findings in docs/bugs.md"

# What is changed: file, text, replacement; the problems, in order.
CASES = [
    ("a sound tree", A1, "", "", []),
    ("a field without a text", A1, "trigger   a pad\n", "trigger\n",
     [f"{A1}: head: read \"trigger\", expected \"trigger\" and what it is"]),
    ("a field that nobody knows", A1, "sequential\n", "sequential\nseverity  low\n",
     [f"{A1}: head: read \"severity  low\", expected an empty line"]),
    ("a kind that is none", A1, "sequential", "both",
     [f"{A1}: kind: read \"both\", expected sequential or concurrent"]),
    ("another name", F1, "alignment", "alignments",
     [f"{F1}: head: read \"inverse of F1, alignments: both ends\", expected [\"inverse of \"]NUMBER, NAME of bugs/catalogue.txt",
      f"{DOCS}: F1: no such patch: {F1}", f"{DOCS}: F1: read \"inverse\", expected \"not modelled: \"",
      f"blocks/f1-inverse-both: in {ROWS}, and nowhere else", f"blocks/f1-inverse-both: in {FINDINGS}, and nowhere else"]),
    ("the folder of another letter", A1, "A1, short-pad", "C3, a race",
     [f"{A1}: expected in bugs/sections/c3-...", f"{DOCS}: A1: {A1} is of C3"]),
    ("a witness rule without what is right", "bugs/witness/order.patch", "right        two\n", "",
     ["bugs/witness/order.patch: head: read \"expected     three\", expected \"right\" and what it is",
      "bugs/witness/order.patch: head: read \"\", expected \"expected\" and what it is"]),
    ("a bug without a row", DOCS, "| C3 | a race | not modelled: two threads | |\n", "", [f"C3: 0 times in {ROWS}, expected once"]),
    ("a row of no bug", DOCS, "| C3 | a race", "| C4 | a race",
     [f"{DOCS}: C4 a race: expected a number of bugs/catalogue.txt", f"C3: 0 times in {ROWS}, expected once",
      f"C4: in {ROWS}, and nowhere else"]),
    ("no reason", DOCS, "not modelled: two threads", "not modelled:", [f"{DOCS}: C3: read \"not modelled:\", expected \"not modelled: \""]),
    ("an inverse that is called seeded", DOCS, "| inverse |", "| seeded |", [f"{DOCS}: F1: read \"seeded\", expected \"inverse\""]),
    ("a patch that no bug names", DOCS, "seeded | `nvdimm/a1-short`", "not modelled: pads |",
     [f"nvdimm/a1-short: 0 times in {ROWS}, expected once"]),
    ("a patch that is not there", DOCS, "seeded | `nvdimm/a1-short`", "seeded | `nvdimm/a1-short`, `nvdimm/a1-long`",
     [f"{DOCS}: A1: no such patch: bugs/nvdimm/a1-long.patch", f"nvdimm/a1-long: in {ROWS}, and nowhere else"]),
    ("a patch that nobody looked for", DOCS, "| `blocks/f1-inverse-both` | differential | 60 | 1000 | not found |\n", "",
     [f"blocks/f1-inverse-both: 0 times in {FINDINGS}, expected once"]),
    ("a key that is not expected", DOCS, "ns_create.legacy-lookup", "ns_read.legacy-media",
     [f"{DOCS}: nvdimm/a1-short: found as ns_read.legacy-media, expected ns_create.legacy-*, ns_read.legacy-answer"]),
    ("neither a key nor none", DOCS, "not found", "",
     [f"{DOCS}: blocks/f1-inverse-both: read \"\", expected keys or \"not found\""]),
]


def problems_of(files):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
            with open(os.path.join(root, name), "w", encoding="utf-8") as out:
                out.write(text)
        return check_bugs.check_table(root)


def main():
    failures = 0
    for case, file, text, replacement, expected in CASES:
        got = problems_of({**SOUND, file: SOUND[file].replace(text, replacement, 1)})
        if got != expected:
            failures += 1
            print(f"FAIL: {case}: got\n  " + "\n  ".join(got) + "\nexpected\n  " + "\n  ".join(expected))
    print(f"{len(CASES)} cases, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
