// SPDX-License-Identifier: Apache-2.0
// ReportPicture: what a report shows of a run, free of geometry: a pair of implementations step by step, and what
// physical memory looked like after each. Rows of memory are kept once, and of each step what it changed. All numbers
// that are no addresses and no counts are indices into the lists of the picture.
//
// Not covered: what it looks like (triage/html_report.h, triage/svg_report.h).
#ifndef HPFUZZ_REGISTRY_REPORT_PICTURE_H_
#define HPFUZZ_REGISTRY_REPORT_PICTURE_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hpfuzz {

struct ReportPicture {
  // Legacy, then the sub-section generation.
  static constexpr unsigned kSides = 2;

  // What a sub-section may show: the legend.
  struct State {
    std::string id;  // for programs
    char letter = 0;
    std::string meaning;
  };
  // A state, and of some whose it is.
  struct Cell {
    size_t state = 0;
    std::optional<size_t> owner;
    auto operator<=>(const Cell&) const = default;
  };
  struct Run {
    size_t count = 0;  // of sub-sections
    size_t cell = 0;
    auto operator<=>(const Run&) const = default;
  };
  // One section as one side has it.
  using Row = std::vector<Run>;

  struct Clause {
    std::string id;
    std::string relation;
    std::string when;
    std::string because;
  };

  // Sub-sections [first, first + count) that the sides show differently, and the step that made them so.
  struct Difference {
    size_t first = 0;
    size_t count = 0;
    size_t since = 0;
  };
  struct Change {
    size_t section = 0;
    std::array<size_t, kSides> row = {};
    std::vector<Difference> differs;
  };
  // From a sub-section of a section to one of the same or a later one, both included.
  struct Stretch {
    size_t first_section = 0;
    size_t first = 0;
    size_t last_section = 0;
    size_t last = 0;
  };

  struct Step {
    std::string label;  // "boot", the number of the operation, "end"
    std::string operation;
    std::array<std::string, kSides> answer;    // "": none, the machine had stopped or was not asked
    std::array<std::string, kSides> expected;  // of the reference, where it is another one
    std::optional<size_t> clause;
    bool not_run = false;
    bool differs = false;  // in its answers, or it made memory differ
    bool failing = false;
    std::vector<std::string> unmet;  // what the trace expects and did not get
    std::vector<Stretch> asked;      // what the operation names, as far as it is shown
    std::vector<Change> changes;     // of the first step: every section
  };

  std::string geometry;
  std::array<std::string, kSides> names;
  std::string key;          // of the finding; "": none
  std::string explanation;  // of the finding in this pair
  std::string verdicts;     // of every pair, a line or more each
  std::string trace;        // its text
  std::string left_out;     // as in Replay

  size_t cells = 0;  // sub-sections of a section
  uint64_t section_size = 0;
  size_t hidden_sections = 0;      // touched by the trace, and not shown
  std::vector<uint64_t> sections;  // their numbers, ascending
  std::vector<State> states;
  std::vector<std::string> owners;
  std::vector<Cell> kinds;  // of cells
  std::vector<Row> rows;
  std::vector<Clause> clauses;
  std::vector<Step> steps;  // the first is what the machines booted with
};

}  // namespace hpfuzz

#endif  // HPFUZZ_REGISTRY_REPORT_PICTURE_H_
