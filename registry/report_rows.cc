// SPDX-License-Identifier: Apache-2.0
// ReportRows: giving what was seen before the number it has, and anything new the next one.
#include "registry/report_rows.h"

#include <utility>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// The number of `value` in `list`.
template <typename Key, typename Value>
size_t NumberOf(const Key& key, const Value& value, absl::btree_map<Key, size_t>* numbers, std::vector<Value>* list) {
  const auto [found, is_new] = numbers->try_emplace(key, list->size());
  if (is_new) list->push_back(value);
  return found->second;
}

using Since = std::array<size_t, kSubsectionsPerSection>;

std::vector<ReportPicture::Difference> DifferencesOf(const SectionPicture& section, const Since& since) {
  std::vector<ReportPicture::Difference> differences;
  const uint64_t differs = section.differs();
  for (size_t i = 0; i < kSubsectionsPerSection; ++i) {
    if ((differs >> i & 1) == 0) continue;
    const bool goes_on = !differences.empty() && differences.back().first + differences.back().count == i &&
                         differences.back().since == since[i];
    if (!goes_on) differences.push_back({.first = i, .count = 0, .since = since[i]});
    ++differences.back().count;
  }
  return differences;
}

}  // namespace

size_t ReportRows::OwnerOf(Handle mapping) {
  return NumberOf(mapping, MappingName(mapping, names_), &owners_, &picture_->owners);
}

size_t ReportRows::KindOf(const SubsectionPicture& cell) {
  ReportPicture::Cell kind{.state = static_cast<size_t>(cell.tenant), .owner = {}};
  if (cell.owner != kNoHandle) kind.owner = OwnerOf(cell.owner);
  return NumberOf(kind, kind, &kinds_, &picture_->kinds);
}

size_t ReportRows::RowOf(const Cells& cells) {
  ReportPicture::Row row;
  for (const SubsectionPicture& cell : cells) {
    const size_t kind = KindOf(cell);
    if (row.empty() || row.back().cell != kind) row.push_back({.count = 0, .cell = kind});
    ++row.back().count;
  }
  return NumberOf(row, row, &rows_, &picture_->rows);
}

std::vector<ReportPicture::Change> ReportRows::Changes(const MemoryPicture& memory, size_t step) {
  std::vector<ReportPicture::Change> changes;
  since_.resize(memory.size());
  for (size_t i = 0; i < memory.size(); ++i) {
    const SectionPicture& section = memory[i];
    if (!before_.empty() && section.LooksLike(before_[i])) continue;
    for (size_t k = 0; k < kSubsectionsPerSection; ++k) {
      const auto changed = [&](unsigned side) { return section.side[side][k] != before_[i].side[side][k]; };
      if (before_.empty() || changed(0) || changed(1)) since_[i][k] = step;
    }
    changes.push_back({.section = i,
                       .row = {RowOf(section.side[0]), RowOf(section.side[1])},
                       .differs = DifferencesOf(section, since_[i])});
  }
  before_ = memory;
  return changes;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
