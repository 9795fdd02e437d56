#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Test: the page of `hpfuzz report` in a browser. Stepped through with the keyboard it shows, after every step and of every
sub-section, what `hpfuzz replay --draw` draws; it opens where the trace fails; a stranger's text stays text; nothing is said
on the console and nothing loaded; 500 operations over a map of 4 TiB open in under a second.

usage: report_test.py HPFUZZ SOURCE_DIR [--pictures DIR]

Pictures of the pages are left in DIR. Exit codes: 0 passed, 1 failed, 2 usage, 77 there is no chromium here.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from browser import Browser, find_chromium  # noqa: E402

OPEN_SECONDS = 1.0
# What a page shows of memory: a row a group of sections, a letter a cell.
READ_STATE = """(() => {
  const letters = Object.fromEntries(report.states.map((state) => [state.id, state.letter]));
  const rows = {};
  for (const run of document.querySelectorAll('#map .cells')) {
    const {section, side, state, count} = run.dataset;
    ((rows[section] ||= {})[side] ||= []).push(letters[state].repeat(count));
  }
  return {
    step: Number(document.body.dataset.step), title: document.getElementById('title').textContent,
    selected: [...document.querySelectorAll('#timeline [aria-selected=true]')].map((item) => item.textContent),
    told: document.getElementById('told').textContent, status: document.getElementById('status').textContent,
    rows: Object.entries(rows).map(([section, sides]) => [section, Object.values(sides).map((row) => row.join(''))]),
    differences: [...document.querySelectorAll('.group')].map((group) => [group.dataset.section,
        [...group.querySelectorAll('.difference')].map((rect) => [+rect.dataset.first, +rect.dataset.count])]),
  };
})()"""


def drawn(text, section_size):
    """What `replay --draw` says: for boot and every operation {section: (letters, letters)}."""
    steps, memory = [], {}
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if line == "boot" or re.match(r" {0,3}\d+  ", line):
            steps.append(memory := dict(memory))
        span = re.fullmatch(r" {8}([0-9a-f]+)-([0-9a-f]+)(?:, \d+ sections alike)?", line)
        if not span or not steps:
            continue
        rows = tuple(lines[i + k].split()[1] for k in (1, 2))
        first, last = (int(end, 16) // section_size for end in span.groups())
        for section in range(first, last + 1):
            memory[section] = rows
    return steps


class ReportTest(unittest.TestCase):
    """The pages are made by the program, each test has its own."""

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser(find_chromium())
        cls.folder = tempfile.TemporaryDirectory(prefix="hpfuzz-report-")

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.folder.cleanup()

    def setUp(self):
        self.browser.problems.clear()
        self.browser.dark(False)

    def page(self, trace, name="a.trace"):
        """The URL of the report on a trace."""
        path = pathlib.Path(self.folder.name, name)
        path.write_bytes(trace if isinstance(trace, bytes) else trace.encode())
        page = path.with_suffix(".html")
        subprocess.run([HPFUZZ, "report", path.name, "-o", page.name], check=True, cwd=self.folder.name,
                       stderr=subprocess.DEVNULL)
        return page.as_uri()

    def state(self):
        return self.browser.value(READ_STATE)

    def picture(self, name):
        if PICTURES:
            pathlib.Path(PICTURES, name + ".png").write_bytes(self.browser.picture())

    def step_through(self, trace):
        """With the arrow key from boot to the end; returns how many steps there were."""
        url = self.page(trace)
        self.browser.open(url)
        text = subprocess.run([HPFUZZ, "replay", "--draw", "a.trace"], cwd=self.folder.name, stdout=subprocess.PIPE,
                              text=True, check=False).stdout
        steps = drawn(text, self.browser.value("report.sectionSize"))
        counts = {int(group["section"], 16): int(group["sections"])
                  for group in self.browser.value("[...document.querySelectorAll('#map .group')].map((g) => ({...g.dataset}))")}
        self.browser.press("Home")
        for index, memory in enumerate(steps):
            state = self.state()
            self.assertEqual(state["step"], index)
            self.assertEqual(len(state["selected"]), 1)
            shown = {}
            for section, rows in state["rows"]:
                for k in range(counts[int(section, 16)]):
                    shown[int(section, 16) + k] = tuple(rows)
            self.assertEqual(shown, memory, f"step {index}")
            for section, differences in state["differences"]:
                outlined = {i for first, count in differences for i in range(first, first + count)}
                rows = memory[int(section, 16)]
                differ = {i for i, (a, b) in enumerate(zip(*rows)) if a != b}
                self.assertLessEqual(differ, outlined, f"step {index}, section {section}")
            self.browser.press("ArrowDown")
        return len(steps)

    def kept(self, name):
        return pathlib.Path(SOURCE, "repro", name).read_text(encoding="utf-8")

    def test_steps_show_what_replay_draws(self):
        self.assertEqual(self.step_through(self.kept("cover-letter.trace")), 6)
        self.picture("cover-letter-end")
        self.assertGreater(self.step_through(self.kept("ndctl-sub-section.trace")), 10)
        self.assertGreater(self.step_through(self.kept("nvdimm/dax-writes-too-low.trace")), 8)
        self.assertEqual(self.browser.problems, [])

    def test_keys(self):
        self.browser.open(self.page(self.kept("cover-letter.trace")))
        for key, step in (("Home", 0), ("j", 1), ("ArrowRight", 2), ("k", 1), ("ArrowUp", 0), ("ArrowUp", 0), ("n", 1),
                          ("n", 3), ("p", 1), ("End", 5), ("j", 5), ("ArrowLeft", 4), ("f", 4)):
            self.browser.press(key)
            self.assertEqual(self.state()["step"], step, key)
        self.assertEqual(self.browser.problems, [])

    def test_mouse(self):
        self.browser.open(self.page(self.kept("cover-letter.trace")))
        spot = "(() => { const b = document.querySelector('%s').getBoundingClientRect();" \
               "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        self.browser.click(*self.browser.value(spot % "#step-2"))
        self.assertEqual(self.state()["step"], 2)
        self.browser.click(*self.browser.value(spot % "#previous"))
        self.assertEqual(self.state()["step"], 1)
        x, y = self.browser.value(spot % '.cells[data-section="5f"]')
        self.browser.point(x, y)
        place = self.browser.value("document.getElementById('place').textContent")
        self.assertIn("2fa000000-2fa1fffff", place)
        self.assertIn("legacy: memmap of nobody · mainline-6.1: device mapping a", place)
        self.assertIn("differs since step 1: clause ram-in-section", place)

    def test_opens_where_it_fails(self):
        self.browser.open(self.page(self.kept("cover-letter.trace").replace("legacy none, subsection a", "subsection none")))
        state = self.state()
        self.assertEqual(state["step"], 3)
        self.assertIn("fails", state["title"])
        self.assertIn("fails", state["status"])
        self.assertIn("the trace expects mainline-6.1 none", state["told"])
        self.assertIn("get_dev_pagemap.subsection-expectation", self.browser.value("document.getElementById('key').textContent"))
        self.picture("finding-light")
        self.browser.press("Home")
        self.browser.press("f")
        self.assertEqual(self.state()["step"], 3)
        self.assertEqual(self.browser.problems, [])

    def test_dark(self):
        colour = "getComputedStyle(document.body).backgroundColor"
        self.browser.open(self.page(self.kept("nvdimm/dax-writes-too-low.trace")))
        light = self.browser.value(colour)
        self.picture("namespace-light")
        self.browser.dark(True)
        self.assertNotEqual(self.browser.value(colour), light)
        self.picture("namespace-dark")

    def test_prints_the_steps_that_differ(self):
        self.browser.open(self.page(self.kept("cover-letter.trace")))
        pdf = self.browser.print()
        self.assertTrue(pdf.startswith(b"%PDF"))
        if PICTURES:
            pathlib.Path(PICTURES, "print.pdf").write_bytes(pdf)
        titles = self.browser.value("[...document.querySelectorAll('#print h2')].map((title) => title.textContent)")
        self.assertEqual(titles, [f"Step {i} of 5 — differs" for i in (1, 3, 5)])

    def test_a_strangers_text_stays_text(self):
        attack = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1><svg onload=hacked=1>"
        trace = f"# {attack}\npfn_valid 0 # {attack}\nmemremap_pages onerror 200000000-207ffffff\n"
        self.browser.open(self.page(trace, "<img src=x onerror=hacked=1>.trace"))
        self.assertEqual(self.browser.value("[typeof hacked, document.images.length, document.scripts.length]"),
                         ["undefined", 0, 2])
        self.assertIn(attack, self.browser.value("document.getElementById('trace').textContent"))
        self.assertIn("<img src=x", self.browser.value("document.getElementById('about').textContent"))
        self.assertEqual(self.browser.problems, [])
        # Nor would it run if it were markup.
        self.browser.value("document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\" onerror=\"hacked=1\">');"
                           "document.body.append(Object.assign(document.createElement('script'), {text: 'hacked=1'}))")
        self.assertEqual(self.browser.value("new Promise((done) => setTimeout(() => done(typeof hacked), 300))"), "undefined")
        self.assertNotEqual(self.browser.problems, [])

    def test_many_operations_open_at_once(self):
        url = self.page(many_operations())
        seconds = min(self.browser.open(url) for _ in range(3))
        print(f"500 operations over 4 TiB: {os.path.getsize(url[7:]) >> 10} KiB, open after {seconds:.2f} s", file=sys.stderr)
        self.assertEqual(self.browser.value("report.steps.length"), 501)
        self.assertEqual(sum(map(len, (row for _, rows in self.state()["rows"] for row in rows))), 64 * 2 * 64)
        self.assertLess(seconds, OPEN_SECONDS)
        stepping = self.browser.value("(() => { const start = performance.now(); for (let i = 0; i <= 500; ++i) go(i);"
                                      "return performance.now() - start; })()")
        print(f"stepping through all of it: {stepping:.0f} ms", file=sys.stderr)
        self.picture("many")
        self.assertEqual(self.browser.problems, [])


def many_operations():
    """64 sections all over the map, mapped and unmapped in parts by turns, so that each step changes a row."""
    lines = ["ram 0-ffffffffff", "pmem 10000000000-3ffffffffff"]
    stride = (3 << 40) // 64
    for i in range(250):
        start = (1 << 40) + i % 64 * stride + (i * 7 % 32) * (2 << 20)
        lines.append(f"memremap_pages m{i} {start:x}-{start + (i % 31 + 1) * (2 << 20) - 1:x}")
        lines.append(f"memunmap_pages m{i // 2}" if i % 2 else f"pfn_valid {start >> 12:x}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if len(sys.argv) not in (3, 5) or (len(sys.argv) == 5 and sys.argv[3] != "--pictures"):
        print(__doc__)
        sys.exit(2)
    HPFUZZ, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    PICTURES = sys.argv[4] if len(sys.argv) == 5 else None
    if find_chromium() is None:
        print("skipped: no chromium (Debian: chromium)")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
