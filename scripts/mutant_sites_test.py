#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where mutants are found and how they are written, on small texts. Not covered: compiling (./hpfuzz bench mutants)."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import make_mutants  # noqa: E402
import mutant_sites  # noqa: E402


def changes_of(body):
    """{kind: changes} of a function with that body."""
    text = mutant_sites.masked("int F(int a) {\n" + body + "\n}\n")
    found = {}
    for unit in mutant_sites.units_in(text):
        for _, kind, change, _ in mutant_sites.changes(unit, text):
            found.setdefault(kind, []).append(change)
    return found


class Sites(unittest.TestCase):
    def test_conditions(self):
        self.assertEqual(changes_of("if (a < b && c) return x;"),
                         {"comparison": ["< to <="], "operator": ["&& to ||"], "condition": ["negated"]})
        self.assertEqual(changes_of("while (!done) { }"), {"condition": ["negated"]})
        self.assertEqual(changes_of("for (int i = 0; i != n; ++i) { }"), {"comparison": ["!= to =="], "condition": ["negated"]})

    def test_a_declaration_is_no_condition(self):
        self.assertEqual(changes_of("if (const Status status = Go(); status != x) return y;"),
                         {"comparison": ["!= to =="], "condition": ["negated"]})
        self.assertEqual(changes_of("if (Finding finding = Go()) return finding;"), {})

    def test_values(self):
        self.assertEqual(changes_of("return a + 1;"), {"operator": ["+ to -"], "constant": ["1 to 2", "1 to 0"]})
        self.assertEqual(changes_of("const int x = 0x10u;"), {"constant": ["0x10u to 0x11u", "0x10u to 0xfu"]})
        self.assertEqual(changes_of("return Call(a, b);"), {"arguments": ["Call(a, b) exchanged"]})
        self.assertEqual(changes_of("const bool x = true;"), {"constant": ["true to false"]})
        # Neither names nor lists in braces.
        self.assertEqual(changes_of("return Limit(kMax2);"), {})
        self.assertEqual(changes_of("return {a, b + 1};"), {})

    def test_statements(self):
        self.assertEqual(changes_of("Call();"), {"statement": ["removed"]})
        self.assertEqual(changes_of("x->y = z;"), {"statement": ["removed"]})
        self.assertEqual(changes_of("++x;"), {"statement": ["removed"]})
        # What declares a name cannot go, and what returns is a value.
        for kept in ("int x;", "Type x(a);", "const Type& x = y;", "std::vector<int> x{};", "break;", "return;", "return x;"):
            self.assertEqual(changes_of(kept), {}, kept)

    def test_nested_statements(self):
        self.assertEqual(changes_of("if (a) {\n  B();\n} else if (c) D();\nelse E();"),
                         {"condition": ["negated", "negated"], "statement": ["removed"] * 3})
        self.assertEqual(changes_of("switch (a) {\n  case K::kB: C(); break;\n  default: D();\n}"), {"statement": ["removed"] * 2})

    def test_what_does_not_run(self):
        for text in ("constexpr int F() { return 1 + 2; }\n", "struct S { int x = 1; };\n", "constexpr int kX[] = {1, 2};\n",
                     "enum E { kA = 1 };\n", "// F() { return 1; }\n", "#if defined(X)\nint F() { return 1; }\n#endif\n"):
            self.assertEqual(mutant_sites.units_in(mutant_sites.masked(text)), [], text)

    def test_bodies(self):
        text = mutant_sites.masked("namespace a {\nclass B : C {\n  B(int x) : x_(x), y_{1} { F(); }\n  bool G() const override { return x_; }\n"
                                   "};\n}\n")
        self.assertEqual([text[start:end].strip() for start, end in mutant_sites.bodies(text)], ["F();", "return x_;"])


class Writing(unittest.TestCase):
    SOURCE = "#include <x>\nint F(int a) {\n  if (a < 2) G();\n  return a;\n}\n"

    def mutants(self):
        masked = mutant_sites.masked(self.SOURCE)
        found = [make_mutants.Mutant("f.cc", unit, place, kind, change, new, self.SOURCE)
                 for unit in mutant_sites.units_in(masked) for place, kind, change, new in mutant_sites.changes(unit, masked)]
        for number, mutant in enumerate(found, 1):
            mutant.number = number
        return found

    def test_text(self):
        text, _ = make_mutants.mutated(self.SOURCE, self.mutants())
        self.assertEqual(text, "#include <x>\nint F(int a) {\n  if ((\nHPFUZZ_IS(1) ? (a <= 2) :\nHPFUZZ_IS(2) ? (a < 3) :\n"
                               "HPFUZZ_IS(3) ? (a < 1) :\nHPFUZZ_IS(4) ? (!(a < 2)) :\n(a < 2))) { if (!HPFUZZ_IS(5))\nG();\n}\n  return a;\n}\n")

    def test_blame(self):
        mutants = self.mutants()
        text, blame = make_mutants.mutated(self.SOURCE, mutants)
        lines = text.split("\n")
        # A change alone where it stands alone; all of them where the unit is at fault.
        self.assertEqual([m.number for m in blame[lines.index("HPFUZZ_IS(2) ? (a < 3) :") + 1]], [2])
        self.assertEqual(sorted(m.number for m in blame[lines.index("(a < 2))) { if (!HPFUZZ_IS(5))") + 1]), [1, 2, 3, 4, 5])
        self.assertEqual([m.number for m in make_mutants.blamed(blame, lines.index("  return a;") + 1)], [5])

    def test_place(self):
        self.assertEqual([(m.line, m.source) for m in self.mutants()], [(3, "if (a < 2) G();")] * 5)


class Explained(unittest.TestCase):
    def check(self, line):
        with tempfile.TemporaryDirectory() as root:
            for folder in ("bugs", "impl_legacy", "impl_subsection"):
                os.mkdir(os.path.join(root, folder))
            for name, text in (("impl_legacy/f.cc", Writing.SOURCE), (make_mutants.EXPLANATIONS, "# head\n" + line + "\n")):
                with open(os.path.join(root, name), "w", encoding="utf-8") as file:
                    file.write(text)
            return make_mutants.check(root)

    def test_explanations(self):
        self.assertEqual(self.check("impl_legacy/f.cc\tif (a < 2) G();\t< to <=\ta is never 2"), 0)
        self.assertEqual(self.check("impl_legacy/f.cc\tif (a < 2) G();\t< to <=\t"), 1)
        self.assertEqual(self.check("impl_legacy/f.cc\tif (a < 2) H();\t< to <=\ta is never 2"), 1)
        self.assertEqual(self.check("impl_legacy/f.cc\tif (a < 2) G();\t> to >=\ta is never 2"), 1)


if __name__ == "__main__":
    unittest.main()
