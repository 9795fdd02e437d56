#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores the buckets of `hpfuzz triage` whose inputs are named BUG--ANYTHING (scripts/triage_bench.sh).

usage: triage_score.py BUCKETS [--check]

Prints which bugs each bucket has, how many buckets each bug has, and over all pairs of inputs precision and recall. With --check
it fails when a bug has more than three buckets or a bucket is flaky.
"""
import collections
import json
import pathlib
import sys

MOST_BUCKETS = 3


def read(folder):
    """(name of the bucket, flaky, bug -> inputs) of each bucket, by name."""
    rows = []
    for file in sorted(pathlib.Path(folder).glob("*/bucket.json")):
        bucket = json.loads(file.read_text(encoding="utf-8"))
        bugs = collections.Counter()
        for entry in bucket["inputs"]:
            for name in entry["names"]:
                bugs[name.split("--")[0]] += 1
        rows.append((file.parent.name, bucket["flaky"], bugs))
    return rows


def pairs(n):
    return n * (n - 1) // 2


def score(rows):
    """Precision and recall over pairs of inputs."""
    of_bug = collections.Counter()
    together = same = 0
    for _, _, bugs in rows:
        together += pairs(sum(bugs.values()))
        same += sum(pairs(n) for n in bugs.values())
        of_bug.update(bugs)
    all_same = sum(pairs(n) for n in of_bug.values())
    return same / max(together, 1), same / max(all_same, 1)


def main(arguments):
    check = "--check" in arguments
    folders = [one for one in arguments if one != "--check"]
    if len(folders) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    rows = read(folders[0])
    buckets_of = collections.defaultdict(list)
    for name, flaky, bugs in rows:
        whose = ", ".join(f"{bug} {n}" for bug, n in sorted(bugs.items()))
        print(f"{name}{' FLAKY' if flaky else ''}\n    {whose}")
        for bug in bugs:
            buckets_of[bug].append(name)
    print()
    for bug, names in sorted(buckets_of.items()):
        print(f"{bug:40} {len(names):2} buckets")
    precision, recall = score(rows)
    inputs = sum(sum(bugs.values()) for _, _, bugs in rows)
    flaky = sum(1 for _, is_flaky, _ in rows if is_flaky)
    print(f"{inputs} inputs of {len(buckets_of)} bugs in {len(rows)} buckets, {flaky} flaky: "
          f"precision {precision:.3f}, recall {recall:.3f}")
    too_many = [bug for bug, names in buckets_of.items() if len(names) > MOST_BUCKETS]
    return 1 if check and (too_many or flaky or not rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
