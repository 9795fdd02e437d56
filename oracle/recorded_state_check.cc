// SPDX-License-Identifier: Apache-2.0
// Recorded check, the state: sections, spans, usage maps, resources and lookups against what the driver printed.
#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "oracle/recorded_compare.h"
#include "trace/op_limits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

std::string SectionText(const SectionFacts& facts, uint64_t direct_map_mask) {
  std::string text;
  const auto flag = [&text](bool set, const char* name) {
    if (set) text += name;
  };
  flag(facts.present, "P");
  flag(facts.valid, "V");
  flag(facts.online, "O");
  flag(facts.early, "E");
  flag(facts.tainted, "T");
  flag(facts.memmap == MemmapKind::kHuge, "m");
  flag(facts.memmap == MemmapKind::kBase, "t");
  flag(facts.memmap == MemmapKind::kPart, "q");
  flag(facts.kept_usage, "U");
  flag(facts.block == BlockState::kOnline, "/on");
  flag(facts.block == BlockState::kOffline, "/off");
  if (text.empty()) text = "-";
  absl::StrAppendFormat(&text, " bits=%016x", facts.bitmap);
  if (facts.memmap_pages != 0) absl::StrAppendFormat(&text, " vm=%x", facts.memmap_pages);
  absl::StrAppendFormat(&text, " dm=%016x", facts.direct_map & direct_map_mask);
  return text;
}

std::string SpanText(const Span& span) {
  return absl::StrFormat("%x-%x/%x", span.start.byte(), span.end.byte(), span.present);
}

std::string ResourcesText(const std::vector<ResourceRow>& rows) {
  std::string text;
  unsigned depth = 0;
  for (const ResourceRow& row : rows) {
    for (; depth < row.depth; ++depth) text += "(";
    for (; depth > row.depth; --depth) text += ")";
    absl::StrAppendFormat(&text, " %x-%x:%s%s", row.range.start, row.range.start + (row.range.size - 1),
                          row.ram ? "ram" : "other", row.busy ? "" : "-idle");
  }
  for (; depth > 0; --depth) text += ")";
  return text;
}

std::string LookupsText(const RecordedCase& recorded, const std::vector<RecordedLookup>& lookups) {
  std::string text;
  for (const RecordedLookup& lookup : lookups) {
    const std::string name =
        lookup.mapping < recorded.mapping_names.size() ? recorded.mapping_names[lookup.mapping] : "unknown";
    absl::StrAppendFormat(&text, " %s@%x-%x", name, lookup.start, lookup.end);
  }
  return text;
}

// The kernel's own image is a child of boot RAM and no part of memory hotplug.
bool IsImage(const FirmwareMap& map, const ResourceRow& row) {
  if (row.depth == 0) return false;
  return std::any_of(map.begin(), map.end(), [&row](const FirmwareRange& range) {
    return range.kind == FirmwareKind::kRam && range.range.contains(row.range);
  });
}

// Top-level rows that reach to `first` or above it, with their children but without the kernel's image.
std::vector<ResourceRow> Shown(absl::Span<const ResourceRow> rows, const FirmwareMap& map, SectionNr first) {
  std::vector<ResourceRow> shown;
  bool keep = false;
  for (const ResourceRow& row : rows) {
    if (row.depth == 0) keep = row.range.start + (row.range.size - 1) >= first.first_byte();
    if (keep && !IsImage(map, row)) shown.push_back(row);
  }
  return shown;
}

// The driver joins steps of one mapping that follow each other.
void AppendStep(std::vector<RecordedLookup>& lookups, Handle mapping, uint64_t address) {
  if (!lookups.empty() && lookups.back().mapping == mapping && lookups.back().end == address) {
    lookups.back().end += kSubsectionSize;
  } else {
    lookups.push_back({mapping, address, address + kSubsectionSize});
  }
}

void SortAndUnique(std::vector<SectionNr>& sections) {
  std::sort(sections.begin(), sections.end());
  sections.erase(std::unique(sections.begin(), sections.end()), sections.end());
}

}  // namespace

RecordedStateCheck::RecordedStateCheck(const RecordedCase& recorded) : case_(recorded), rows_(kMaxResourceRows) {
  for (SectionNr nr = recorded.first_shown; nr < SectionNr(kRecordedLookupSections); ++nr) sections_.push_back(nr);
  for (const RecordedLine& line : recorded.lines) {
    for (const RecordedStep& step : line.steps) {
      Touch(step.op.range);
      if (step.op.has_second) Touch(step.op.second);
    }
    if (!line.state.has_value()) continue;
    for (const RecordedSection& section : line.state->sections) sections_.push_back(section.nr);
  }
  SortAndUnique(sections_);
  SortAndUnique(lookups_);
}

// Beyond the last section table nothing can be; of a range that is too long for traces, nothing but its first part is
// looked at (the recorded ones were all refused).
void RecordedStateCheck::Touch(PhysRange range) {
  range = ClampToRangeLimit(OpKind::kMemremapPages, range);
  const SectionNr end = SectionNr::OfByte(uint64_t{1} << kPhysmemBits5Level);
  const SectionNr first = SectionNr::OfByte(range.start);
  const uint64_t last_byte = range.size == 0 || range.wraps() ? range.start : range.start + (range.size - 1);
  for (SectionNr nr = first; nr < end && nr <= SectionNr::OfByte(last_byte); ++nr) {
    if (nr >= case_.first_shown) sections_.push_back(nr);
    if (nr < SectionNr(kRecordedLookupSections)) lookups_.push_back(nr);
  }
}

void RecordedStateCheck::Compare(const RecordedState& state, const HotplugLayer& layer, std::vector<Mismatch>& out) {
  CompareSections(state, layer, out);
  const NodeSpans& spans = layer.Node(0);
  for (unsigned i = static_cast<unsigned>(Zone::kDma32); i < kZones; ++i) {
    if (spans.zone[i] == state.spans.zone[i]) continue;
    out.push_back({absl::StrCat("zone ", std::string(ZoneName(static_cast<Zone>(i)))), SpanText(state.spans.zone[i]),
                   SpanText(spans.zone[i])});
  }
  if (!(spans.node == state.spans.node)) out.push_back({"node", SpanText(state.spans.node), SpanText(spans.node)});
  const int usemaps = layer.UsemapBalance();
  if (usemaps != state.usemaps) out.push_back({"usemaps", std::to_string(state.usemaps), std::to_string(usemaps)});
  CompareResources(state, layer, out);
  CompareLookups(state, layer, out);
}

void RecordedStateCheck::CompareSections(const RecordedState& state, const HotplugLayer& layer,
                                         std::vector<Mismatch>& out) const {
  const uint64_t direct_map_mask = case_.kernel == RecordedKernel::kLegacy ? 1 : kFullBitmap;
  auto recorded = state.sections.begin();
  for (const SectionNr nr : sections_) {
    SectionFacts expected;
    if (recorded != state.sections.end() && recorded->nr == nr) expected = (recorded++)->facts;
    SectionFacts ours = layer.Section(nr);
    ours.direct_map &= direct_map_mask;
    if (ours == expected) continue;
    out.push_back({absl::StrFormat("section %x", nr.value()), SectionText(expected, direct_map_mask),
                   SectionText(ours, direct_map_mask)});
  }
}

void RecordedStateCheck::CompareResources(const RecordedState& state, const HotplugLayer& layer,
                                          std::vector<Mismatch>& out) {
  const size_t count = std::min(layer.Resources(rows_.data(), rows_.size()), rows_.size());
  const std::vector<ResourceRow> ours = Shown(absl::MakeConstSpan(rows_.data(), count), case_.map, case_.first_shown);
  const std::vector<ResourceRow> recorded = Shown(state.resources, case_.map, case_.first_shown);
  if (ours != recorded) out.push_back({"resources", ResourcesText(recorded), ResourcesText(ours)});
}

void RecordedStateCheck::CompareLookups(const RecordedState& state, const HotplugLayer& layer,
                                        std::vector<Mismatch>& out) const {
  std::vector<RecordedLookup> ours;
  for (const SectionNr nr : lookups_) {
    for (unsigned i = 0; i < kSubsectionsPerSection; ++i) {
      const uint64_t address = nr.first_byte() + i * kSubsectionSize;
      const Handle mapping = layer.Facts(Pfn::OfByte(address)).map;
      if (mapping != kNoHandle) AppendStep(ours, mapping, address);
    }
  }
  if (ours != state.lookups) {
    out.push_back({"lookups", LookupsText(case_, state.lookups), LookupsText(case_, ours)});
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
