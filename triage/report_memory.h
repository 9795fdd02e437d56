// SPDX-License-Identifier: Apache-2.0
// Memory of a report after one of its steps, put together from what each step changed, in rows of sections alike.
#ifndef HPFUZZ_TRIAGE_REPORT_MEMORY_H_
#define HPFUZZ_TRIAGE_REPORT_MEMORY_H_

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "registry/report_picture.h"

namespace hpfuzz {

// Sections that follow each other and look alike after a step and before it, and that the step names alike.
struct ReportGroup {
  size_t section = 0;  // the first, by its place in the picture
  size_t count = 0;
  std::array<size_t, ReportPicture::kSides> row = {};
  std::array<size_t, ReportPicture::kSides> before = {};  // its rows before the step
  std::vector<ReportPicture::Difference> differs;
  std::vector<std::pair<size_t, size_t>> asked;  // first and last sub-section that the operation names

  // The step has to do with it, or the sides differ in it.
  bool of_note() const { return row != before || !differs.empty() || !asked.empty(); }
};

std::vector<ReportGroup> MemoryAfter(const ReportPicture& picture, size_t step);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_REPORT_MEMORY_H_
