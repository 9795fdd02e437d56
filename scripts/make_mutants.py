#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes many mutants of impl_legacy/ and impl_subsection/ in one copy of the tree, behind one switch, so that they are built
once: HPFUZZ_MUTANT=17 in the environment makes a program mutant 17; without it the program is as it was.

usage: make_mutants.py make SOURCE COPY COUNT SEED LIST COMPILER...
       make_mutants.py check SOURCE

make   Draws COUNT of all small changes (mutant_sites.py) of the sources in SOURCE, writes the mutated sources to COPY, which is a
       copy of SOURCE, and to LIST a line for each: number, file, line, kind, change, the line's text, with tabs between. What does
       not compile is replaced by another. The same for the same sources, count, seed and compiler.
check  Every line of bugs/equivalent_mutants.txt, which explains a mutant that nothing can see, is about a change that can be made
       of the sources as they are, and says why.

Exit codes: 0 done, 1 an explanation is wrong, 2 bad usage, 3 the sources do not compile, or have no COUNT mutants.
"""
import glob
import os
import random
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import mutant_sites  # noqa: E402

FOLDERS = ("impl_legacy", "impl_subsection")
EXPLANATIONS = "bugs/equivalent_mutants.txt"
SWITCH = "hotplug/mutant_switch.h"
SWITCH_TEXT = """// Made by scripts/make_mutants.py.
#ifndef HPFUZZ_HOTPLUG_MUTANT_SWITCH_H_
#define HPFUZZ_HOTPLUG_MUTANT_SWITCH_H_
#include <cstdlib>
namespace hpfuzz_mutant {
inline const int number = [] {
  const char* text = std::getenv("HPFUZZ_MUTANT");
  return text == nullptr ? 0 : std::atoi(text);
}();
}  // namespace hpfuzz_mutant
#define HPFUZZ_IS(n) __builtin_expect(hpfuzz_mutant::number == (n), 0)
#endif
"""
FLAGS = ["-std=c++20", "-fsyntax-only", "-ferror-limit=0", "-fno-caret-diagnostics", "-DHPFUZZ_GEOMETRY=x86_64", "-DHPFUZZ_GEOMETRY_X86_64"]
# A removed statement may be what declares a name that is used so many lines below.
REACH = 60


class Mutant:
    def __init__(self, file, unit, place, kind, change, new, text):
        self.file, self.unit, self.kind, self.change, self.new = file, unit, kind, change, new
        self.line = text.count("\n", 0, place) + 1
        self.source = mutant_sites.flat(text.split("\n")[self.line - 1])
        self.number = 0

    def identity(self):
        """What is left of it when lines move."""
        return (self.file, self.source, self.change)


def sources_of(root):
    found = []
    for folder in FOLDERS:
        found += [path for ending in ("*.cc", "*.h") for path in glob.glob(os.path.join(root, folder, ending))]
    return sorted(os.path.relpath(path, root) for path in found)


def read(root, name):
    with open(os.path.join(root, name), encoding="utf-8") as file:
        return file.read()


def candidates_in(root):
    found = []
    for name in sources_of(root):
        text = read(root, name)
        masked = mutant_sites.masked(text)
        for unit in mutant_sites.units_in(masked):
            for place, kind, change, new in mutant_sites.changes(unit, masked):
                found.append(Mutant(name, unit, place, kind, change, new, text))
    return found


def mutated(text, mutants):
    """The text with those mutants in it, and {line of it: mutants that an error there is blamed on}. Each change stands on a
    line of its own."""
    by_unit = {}
    for mutant in mutants:
        by_unit.setdefault((mutant.unit.start, mutant.unit.end, mutant.unit.kind), []).append(mutant)
    pieces = []  # (offset, order, text, mutants): before what stands there; what opens first comes first, what closes first too
    for (start, end, kind), group in by_unit.items():
        if kind == "statement":
            pieces.append((start, 0, f"{{ if (!HPFUZZ_IS({group[0].number}))\n", group))
            pieces.append((end, 1, "\n}", group))
            continue
        choice = "".join(f"HPFUZZ_IS({m.number}) ? ({mutant_sites.flat(m.new)}) :\n" for m in group)
        pieces.append((start, 2, "(\n" + choice + "(", group))
        pieces.append((end, -1, "))", group))
    out, blame, at = [], {}, 0
    line = 1
    for offset, _, piece, group in sorted(pieces, key=lambda p: p[:2]):
        out.append(text[at:offset])
        line += text.count("\n", at, offset)
        at = offset
        first = line
        line += piece.count("\n")
        out.append(piece)
        for number in range(first, line + 1):
            blame.setdefault(number, set()).update(group)
        if piece.startswith("(\n"):  # the change alone, where it stands alone
            for i, mutant in enumerate(group):
                blame[first + 1 + i] = {mutant}
    out.append(text[at:])
    return "".join(out), blame


def with_include(text):
    """Two lines more. Changes may look odd to a compiler: what it warns of is no reason to do without them."""
    at = text.index("#include")
    return text[:at] + f'#pragma clang diagnostic ignored "-Weverything"\n#include "{SWITCH}"\n' + text[at:]


def write_all(source, copy, chosen):
    """{file: blame}"""
    with open(os.path.join(copy, SWITCH), "w", encoding="utf-8") as file:
        file.write(SWITCH_TEXT)
    blames = {}
    for name in sources_of(source):
        mutants = [m for m in chosen if m.file == name]
        text = read(source, name)
        text, blame = mutated(text, mutants)
        if mutants:
            text = with_include(text)
            blame = {line + 2: group for line, group in blame.items()}
        blames[name] = blame
        path = os.path.join(copy, name)
        if read(copy, name) != text:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    return blames


def blamed(blame, line):
    if line in blame:
        return blame[line]
    near = set()
    for other in range(line - REACH, line + 1):
        near |= {m for m in blame.get(other, ()) if m.kind == "statement"}
    return near


def seen_by(copy, name):
    """What the compiler sees of the folder, when it compiles that file."""
    folder = os.path.dirname(name)
    return "".join(read(copy, other) for other in sources_of(copy)
                   if other == name or (os.path.dirname(other) == folder and other.endswith(".h")))


def broken_in(copy, compiler, files, blames, passed):
    """Mutants that keep the files from compiling. Exits when the files do not compile for another reason. `passed` holds what
    compiled before, and need not again."""
    broken = set()
    for name in files:
        text = seen_by(copy, name)
        if text in passed:
            continue
        run = subprocess.run([*compiler, *FLAGS, "-I", copy, os.path.join(copy, name)], capture_output=True, text=True)
        if run.returncode == 0:
            passed.add(text)
            continue
        errors = re.findall(r"^(\S+?):(\d+):\d+: (?:fatal )?error: .*", run.stderr, re.M)
        found = set()
        for path, line in errors:
            found |= blamed(blames.get(os.path.relpath(path, copy), {}), int(line))
        if not found:
            print(f"{name} does not compile, and no mutant is to blame:\n{run.stderr[:2000]}", file=sys.stderr)
            sys.exit(3)
        broken |= found
    return broken


def choose(source, copy, count, seed, compiler):
    rest = candidates_in(source)
    random.Random(seed).shuffle(rest)
    chosen, numbers, passed = [], 0, set()
    files = [name for name in sources_of(source) if name.endswith(".cc")]
    while True:
        missing = count - len(chosen)
        fresh, rest = rest[:missing], rest[missing:]
        if len(fresh) < missing:
            print(f"{source}: only {len(chosen) + len(fresh)} mutants, expected {count}", file=sys.stderr)
            sys.exit(3)
        for mutant in fresh:
            numbers += 1
            mutant.number = numbers
        chosen += fresh
        broken = broken_in(copy, compiler, files, write_all(source, copy, chosen), passed)
        if not broken:
            return chosen
        chosen = [mutant for mutant in chosen if mutant not in broken]


def make(source, copy, count, seed, list_file, compiler):
    chosen = choose(source, copy, int(count), int(seed), compiler)
    with open(list_file, "w", encoding="utf-8") as file:
        for mutant in chosen:
            fields = [str(mutant.number), mutant.file, str(mutant.line), mutant.kind, mutant.change, mutant.source]
            file.write("\t".join(fields) + "\n")
    return 0


def check(source):
    possible = {mutant.identity() for mutant in candidates_in(source)}
    wrong = 0
    for number, line in enumerate(read(source, EXPLANATIONS).split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 4 or not fields[3].strip():
            print(f"{EXPLANATIONS}:{number}: read \"{line}\", expected file, line's text, change and reason, with tabs")
            wrong += 1
        elif tuple(fields[:3]) not in possible:
            print(f"{EXPLANATIONS}:{number}: {fields[0]} has no line \"{fields[1]}\" that can be changed so: {fields[2]}")
            wrong += 1
    return 1 if wrong else 0


def main(words):
    if len(words) >= 7 and words[0] == "make" and words[3].isdigit() and words[4].isdigit():
        return make(*words[1:6], words[6:])
    if len(words) == 2 and words[0] == "check":
        return check(words[1])
    print(__doc__.split("\n\n")[1], file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
