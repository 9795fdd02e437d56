// SPDX-License-Identifier: Apache-2.0
// Memory of a report after a step: the latest change of each section.
#include "triage/report_memory.h"

#include <tuple>

namespace hpfuzz {
namespace {

using Rows = std::array<size_t, ReportPicture::kSides>;

void AddAsked(const ReportPicture& picture, const ReportPicture::Step& step, size_t section, ReportGroup* group) {
  for (const ReportPicture::Stretch& stretch : step.asked) {
    if (section < stretch.first_section || section > stretch.last_section) continue;
    group->asked.emplace_back(section == stretch.first_section ? stretch.first : 0,
                              section == stretch.last_section ? stretch.last : picture.cells - 1);
  }
}

// What must be equal for two neighbours to be shown once.
auto LooksOf(const ReportGroup& group) {
  std::vector<std::array<size_t, 3>> differs;
  for (const ReportPicture::Difference& d : group.differs) differs.push_back({d.first, d.count, d.since});
  return std::tuple(group.row, group.before, std::move(differs), group.asked);
}

}  // namespace

std::vector<ReportGroup> MemoryAfter(const ReportPicture& picture, size_t step) {
  std::vector<const ReportPicture::Change*> latest(picture.sections.size());
  std::vector<Rows> before(picture.sections.size());
  for (size_t i = 0; i <= step; ++i) {
    for (const ReportPicture::Change& change : picture.steps[i].changes) {
      before[change.section] = i == step && i != 0 ? latest[change.section]->row : change.row;
      latest[change.section] = &change;
    }
  }
  std::vector<ReportGroup> groups;
  for (size_t section = 0; section < latest.size(); ++section) {
    ReportGroup group{.section = section,
                      .count = 1,
                      .row = latest[section]->row,
                      .before = before[section],
                      .differs = latest[section]->differs,
                      .asked = {}};
    AddAsked(picture, picture.steps[step], section, &group);
    const bool goes_on = !groups.empty() && picture.sections[section] == picture.sections[section - 1] + 1 &&
                         LooksOf(groups.back()) == LooksOf(group);
    if (goes_on) {
      ++groups.back().count;
    } else {
      groups.push_back(std::move(group));
    }
  }
  return groups;
}

}  // namespace hpfuzz
