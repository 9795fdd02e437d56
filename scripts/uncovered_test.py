#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Test: what uncovered.py says of regions and reasons. Not covered: what llvm-cov exports (coverage.sh).

usage: uncovered_test.py

Exit codes: 0 every case is as it should be, 1 some are not.
"""
import json
import os
import subprocess
import sys
import tempfile

UNCOVERED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "uncovered.py")
CODE, GAP = 0, 3  # kinds of regions

SOURCE = """int Half(int n) {
  if (n < 0) return -1;
  return flag | n / 2;
}
"""


def region(line, column, count, kind=CODE):
    return [line, column, line, column + 1, count, 0, 0, kind]


def function(*regions, name="_Z4Halfi", file="machine/half.cc"):
    return {"name": name, "filenames": [file], "regions": list(regions)}


BODY = region(1, 17, 5)
EARLY = region(2, 14, 0)  # not reached
EXPECTED = ('expected FILE | SOURCE or "in" FUNCTION | KIND: REASON, of kind compiler, finding, build, tests, '
            'untested, never\n')
UNREACHED = "no reason: machine/half.cc:2:14: if (n < 0) return -1;\n"

# What is checked: functions of the export, rows of the reasons, what is printed, exit code.
CASES = [
    ("all is reached", [function(BODY, region(2, 14, 1))], "", "", 0),
    ("a region without a reason", [function(BODY, EARLY)], "", UNREACHED, 1),
    ("a reason for its text", [function(BODY, EARLY)], "machine/half.cc | return -1; | never: n is a size\n", "", 0),
    ("a reason for its function", [function(BODY, EARLY)], "machine/half.cc | in 4Half | never: nobody calls it\n", "", 0),
    ("a reason for another function", [function(BODY, EARLY)], "machine/half.cc | in 5Third | never: nobody calls it\n",
     UNREACHED + "not needed: REASONS:1: machine/half.cc | in 5Third\n", 1),
    ("a reason for another file", [function(BODY, EARLY)], "machine/third.cc | return -1; | never: n is a size\n",
     UNREACHED + "not needed: REASONS:1: machine/third.cc | return -1;\n", 1),
    ("a reason that nothing needs", [function(BODY, region(2, 14, 1))],
     "# n\n\nmachine/half.cc | return -1; | never: n is a size\n", "not needed: REASONS:3: machine/half.cc | return -1;\n", 1),
    ("a reason of a folder that is not asked about", [function(BODY)], "trace/op.cc | return; | never: n is a size\n", "", 0),
    ("a text with a bar", [function(BODY, region(3, 3, 0))], "machine/half.cc | flag | n / 2 | never: nobody halves\n", "", 0),
    ("another text with a bar", [function(BODY, region(3, 3, 0))], "machine/half.cc | flag | n / 3 | never: nobody halves\n",
     "no reason: machine/half.cc:3:3: return flag | n / 2;\nnot needed: REASONS:1: machine/half.cc | flag | n / 3\n", 1),
    ("a row that is no row", [function(BODY, EARLY)], "# n\nmachine/half.cc | return -1;\n",
     'uncovered.py: REASONS:2:1: read "machine/half.cc | return -1;", ' + EXPECTED, 2),
    ("a row without a reason", [function(BODY, EARLY)], "machine/half.cc | return -1; | never: \n",
     'uncovered.py: REASONS:1:1: read "machine/half.cc | return -1; | never: ", ' + EXPECTED, 2),
    ("a reason of no kind", [function(BODY, EARLY)], "machine/half.cc | return -1; | perhaps: n is a size\n",
     'uncovered.py: REASONS:1:1: read "machine/half.cc | return -1; | perhaps: n is a size", ' + EXPECTED, 2),
    ("reached in one program and not in another", [function(BODY, EARLY), function(BODY, region(2, 14, 3))], "", "", 0),
    ("reached in one instance of a template", [function(region(2, 14, 3), name="_Z4HalfIiE"),
                                                function(region(2, 14, 0), name="_Z4HalfIlE")], "", "", 0),
    ("seen through an include root of the build",
     [function(BODY, EARLY, file="ROOT/build/coverage/include/machine/machine/half.cc")], "", UNREACHED, 1),
    ("by its place in the tree", [function(BODY, EARLY, file="ROOT/machine/half.cc")], "", UNREACHED, 1),
    ("a gap between regions", [function(BODY, region(2, 13, 0, GAP))], "", "", 0),
    ("a folder that is not asked about", [function(BODY, EARLY, file="trace/half.cc")], "", "", 0),
]


SUMMARY_LINES = 2  # the head and a row for machine/


def run(folder, export, reasons):
    """(printed, exit code) of uncovered.py over machine/, with the place of the tree written as ROOT."""
    export_file, reasons_file = os.path.join(folder, "export.json"), os.path.join(folder, "reasons.txt")
    with open(export_file, "w", encoding="utf-8") as out:
        out.write(json.dumps({"data": [export]}).replace("ROOT", folder))
    with open(reasons_file, "w", encoding="utf-8") as out:
        out.write(reasons)
    done = subprocess.run([sys.executable, UNCOVERED, export_file, reasons_file, folder, "machine"], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.stdout.replace(reasons_file, "REASONS"), done.returncode


def summary(folder):
    """Of six lines four are reached and one is run by the compiler only: four of five. A file elsewhere does not count."""
    lines = [{"filename": name, "summary": {"lines": {"count": 6, "covered": 4}}} for name in ("machine/a.h", "trace/b.h")]
    printed, _ = run(folder, {"functions": [function(BODY, EARLY, region(3, 3, 0))], "files": lines},
                     "machine/half.cc | return -1; | compiler: only in static_assert\n")
    return printed.split("\n")[:SUMMARY_LINES]


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "machine"))
        with open(os.path.join(folder, "machine", "half.cc"), "w", encoding="utf-8") as source:
            source.write(SOURCE)
        for name, functions, reasons, printed, code in CASES:
            got, got_code = run(folder, {"functions": functions}, reasons)
            if got_code != 2:
                got = "".join(got.splitlines(keepends=True)[SUMMARY_LINES:])
            if (got, got_code) != (printed, code):
                failures += 1
                print(f"FAIL: {name}: exit code {got_code}, expected {code}; printed:\n{got}expected:\n{printed}")
        head, row = summary(folder)
        if row.split() != ["machine", "1", "0", "0", "0", "0", "0", "1", "5", "80.00"]:
            failures += 1
            print(f"FAIL: the summary:\n{head}\n{row}")
    print(f"{len(CASES) + 1} cases, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
