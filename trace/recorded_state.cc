// SPDX-License-Identifier: Apache-2.0
// The state part of a recorded line: | S <sections> | Z <zones> node:<node> | U <n> | R <resources> | G <lookups>
#include <cstdint>

#include "trace/recorded_parts.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint8_t kMaxResourceDepth = 32;

struct SectionToken {
  SectionNr nr;
  SectionFacts facts;
  bool direct_map_of_first_byte = false;
  bool has_direct_map_bits = false;
};

void ReadFlags(RecordedReader& reader, SectionToken& section) {
  SectionFacts& facts = section.facts;
  for (;;) {
    if (reader.Accept("P")) facts.present = true;
    else if (reader.Accept("V")) facts.valid = true;
    else if (reader.Accept("O")) facts.online = true;
    else if (reader.Accept("E")) facts.early = true;
    else if (reader.Accept("T")) facts.tainted = true;
    else if (reader.Accept("U")) facts.kept_usage = true;
    else if (reader.Accept("m")) facts.memmap = MemmapKind::kHuge;
    else if (reader.Accept("t")) facts.memmap = MemmapKind::kBase;
    else if (reader.Accept("q")) facts.memmap = MemmapKind::kPart;
    else if (reader.Accept("d")) section.direct_map_of_first_byte = true;
    else if (reader.Accept("/on")) facts.block = BlockState::kOnline;
    else if (reader.Accept("/off")) facts.block = BlockState::kOffline;
    else return;
  }
}

// nr:flags [bits=..] [vm=..] [dm=..]
SectionToken ReadSection(RecordedReader& reader) {
  SectionToken section;
  section.nr = SectionNr(reader.NextHex());
  reader.Expect(":");
  ReadFlags(reader, section);
  while (reader.ok()) {
    if (reader.AcceptNext("bits=")) {
      section.facts.bitmap = reader.Hex();
    } else if (reader.AcceptNext("vm=")) {
      const size_t at = reader.position();
      const uint64_t pages = reader.Hex();
      if (pages > kMemmapPagesPerSection) reader.FailAt(at, "the base pages of one section's memmap");
      section.facts.memmap_pages = static_cast<uint16_t>(pages);
    } else if (reader.AcceptNext("dm=")) {
      section.facts.direct_map = reader.Hex();
      section.has_direct_map_bits = true;
    } else {
      break;
    }
  }
  return section;
}

// What is not printed because it follows: legacy knows neither bitmaps nor steps; mainline prints the direct map only
// when it is neither whole nor empty, and the pages of a memmap also when it is complete.
void Complete(RecordedKernel kernel, SectionToken& section) {
  SectionFacts& facts = section.facts;
  if (facts.memmap != MemmapKind::kPart) facts.memmap_pages = 0;
  if (kernel == RecordedKernel::kLegacy) {
    facts.bitmap = facts.valid ? kFullBitmap : 0;
    facts.direct_map = section.direct_map_of_first_byte ? 1 : 0;
  } else if (!section.has_direct_map_bits) {
    facts.direct_map = section.direct_map_of_first_byte ? kFullBitmap : 0;
  }
}

void ReadSections(RecordedReader& reader, RecordedKernel kernel, RecordedState& state) {
  while (!reader.AtEnd() && !reader.Sees("|")) {
    const size_t at = reader.position();
    SectionToken section = ReadSection(reader);
    if (!state.sections.empty() && section.nr <= state.sections.back().nr)
      reader.FailAt(at, "sections in ascending order");
    Complete(kernel, section);
    if (reader.ok()) state.sections.push_back({section.nr, section.facts});
  }
}

Pfn ReadPageBorder(RecordedReader& reader) {
  const size_t at = reader.position();
  const uint64_t byte = reader.Hex();
  if (byte % kPageSize != 0) reader.FailAt(at, "the border of a page");
  return Pfn::OfByte(byte);
}

Span ReadSpan(RecordedReader& reader) {
  Span span;
  span.start = ReadPageBorder(reader);
  reader.Expect("-");
  span.end = ReadPageBorder(reader);
  reader.Expect("/");
  span.present = reader.Hex();
  return span;
}

// Ends with the node, which is always there.
void ReadSpans(RecordedReader& reader, RecordedState& state) {
  while (reader.ok() && !reader.Sees("node:")) {
    const absl::string_view name = reader.Word(":", "a zone or \"node\"");
    const std::optional<Zone> zone = ZoneOfName(name);
    if (!zone.has_value()) reader.FailAt(reader.position() - name.size(), "a zone or \"node\"");
    reader.Expect(":");
    const Span span = ReadSpan(reader);
    if (reader.ok()) state.spans.zone[static_cast<unsigned>(*zone)] = span;
  }
  reader.ExpectNext("node:");
  state.spans.node = ReadSpan(reader);
}

// start-last:ram|other[-idle], children in ( )
void ReadResources(RecordedReader& reader, RecordedState& state) {
  uint8_t depth = 0;
  while (!reader.AtEnd()) {
    if (depth > 0 && reader.Accept(")")) {
      --depth;
      continue;
    }
    if (depth == 0 && reader.Sees("|")) return;
    const size_t at = reader.position();
    ResourceRow row;
    row.depth = depth;
    row.range.start = reader.Hex();
    reader.Expect("-");
    const uint64_t last = reader.Hex();
    // Size 0 would be the whole of 2^64 bytes.
    if (last < row.range.start || last - row.range.start == ~uint64_t{0}) reader.FailAt(at, "a range START-LAST");
    row.range.size = last - row.range.start + 1;
    reader.Expect(":");
    row.ram = reader.Accept("ram");
    if (!row.ram) reader.Expect("other");
    row.busy = !reader.Accept("-idle");
    if (reader.Accept("(")) {
      if (++depth > kMaxResourceDepth) reader.Fail("resources less deep");
    }
    if (reader.ok()) state.resources.push_back(row);
  }
  if (depth > 0) reader.Fail("\")\"");
}

// ID@start-end
void ReadLookups(RecordedReader& reader, const RecordedIds& mappings, RecordedState& state) {
  while (!reader.AtEnd()) {
    const size_t at = reader.position();
    RecordedLookup lookup;
    lookup.mapping = mappings.Of(reader.Decimal(RecordedIds::kMaxId));
    if (lookup.mapping == kNoHandle) reader.FailAt(at, "a mapping made before");
    reader.Expect("@");
    lookup.start = reader.Hex();
    reader.Expect("-");
    lookup.end = reader.Hex();
    if (lookup.end <= lookup.start) reader.FailAt(at, "a range START-END");
    if (reader.ok()) state.lookups.push_back(lookup);
  }
}

void NextPart(RecordedReader& reader, absl::string_view name) {
  reader.ExpectNext("|");
  reader.ExpectNext(name);
  reader.SkipBlanks();
}

}  // namespace

std::optional<Zone> ZoneOfName(absl::string_view name) {
  for (unsigned i = 0; i < kZones; ++i) {
    const std::string_view known = ZoneName(static_cast<Zone>(i));
    if (name == absl::string_view(known.data(), known.size())) return static_cast<Zone>(i);
  }
  return std::nullopt;
}

void ReadRecordedState(RecordedReader& reader, RecordedKernel kernel, const RecordedIds& mappings,
                       RecordedState& state) {
  NextPart(reader, "S");
  ReadSections(reader, kernel, state);
  NextPart(reader, "Z");
  ReadSpans(reader, state);
  NextPart(reader, "U");
  state.usemaps = static_cast<int>(reader.SignedDecimal(INT32_MAX));
  NextPart(reader, "R");
  ReadResources(reader, state);
  NextPart(reader, "G");
  ReadLookups(reader, mappings, state);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
