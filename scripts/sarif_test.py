#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Test: SARIF logs are valid by the JSON schema of SARIF 2.1.0 (tests/schema/).

usage: sarif_test.py SCHEMA.json.xz FILE...

A FILE is a log, or a golden file (tests/golden.h), of which every output that is a log, or ends in one, is taken. Exit codes:
0 all are valid, 1 some are not or there is none, 2 usage, 77 Python has no jsonschema here. That the validator sees what is
wrong is tried each time on a log that is.
"""
import json
import lzma
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: no jsonschema (Debian: python3-jsonschema)")
    sys.exit(77)


def logs_in(text):
    """The logs in a file, each with a name."""
    if not text.startswith("{"):
        for case in text.split("\n==== ")[1:]:
            name, _, rest = case.partition("\n")
            _, _, output = rest.partition("\n----\n")
            start = output.find('{\n  "$schema"')
            if start >= 0:
                yield name, json.loads(output[start:])
    else:
        yield "", json.loads(text)


def main(schema_file, files):
    with lzma.open(schema_file, "rt", encoding="utf-8") as schema_text:
        schema = json.load(schema_text)
    jsonschema.Draft4Validator.check_schema(schema)
    validator = jsonschema.Draft4Validator(schema)
    wrong = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"}}, "results": [{"ruleId": "no message"}]}]}
    if validator.is_valid(wrong):
        print("FAIL: the validator takes a result without a message")
        return 1
    checked = failures = 0
    for file in files:
        with open(file, encoding="utf-8") as text:
            for name, log in logs_in(text.read()):
                checked += 1
                for error in validator.iter_errors(log):
                    failures += 1
                    place = "/".join(map(str, error.absolute_path))
                    print(f"FAIL: {file} {name}: at {place}: {error.message}")
    print(f"{checked} logs, {failures} errors")
    return 0 if checked and not failures else 1


if __name__ == "__main__":
    if len(sys.argv) < 3:
        print("usage: sarif_test.py SCHEMA.json.xz FILE...", file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
