// SPDX-License-Identifier: Apache-2.0
// Wire: formatting requests, parsing answers.
#include "witness/wire.h"

#include <bit>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "trace/iomem.h"
#include "witness/words.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

std::string MemremapLine(const Op& op) {
  // MemoryType in the module's order.
  const unsigned type = op.type == MemoryType::kFsDax ? 1 : op.type == MemoryType::kUnset ? 3 : 0;
  std::string line = absl::StrFormat("memremap_pages %x %x %x %x %x %x %x %x", op.handle, op.range.start, op.range.size,
                                     type, op.altmap.given, op.altmap.base, op.altmap.reserve, op.altmap.free);
  if (op.has_second) absl::StrAppendFormat(&line, " %x %x", op.second.start, op.second.size);
  return line;
}

std::string OperationLine(const Op& op) {
  const std::string name(SpecOf(op.kind).name);
  const PhysRange& r = op.range;
  switch (op.kind) {
    case OpKind::kAddPages:
    case OpKind::kAddMemory: return absl::StrFormat("%s %x %x %x", name, r.start, r.size, op.nid);
    case OpKind::kRemovePages:
    case OpKind::kRemoveMemory:
    case OpKind::kOfflinePages:
    case OpKind::kRegionIntersects: return absl::StrFormat("%s %x %x", name, r.start, r.size);
    case OpKind::kArchAddMemory:
    case OpKind::kArchRemoveMemory:
      return absl::StrFormat("%s %x %x %x %x", name, r.start, r.size, op.nid, op.memblock);
    case OpKind::kOnlinePages:
      return absl::StrFormat("%s %x %x %x", name, r.start, r.size, static_cast<unsigned>(op.online));
    case OpKind::kMovePfnRangeToZone:
    case OpKind::kRemovePfnRangeFromZone:
      return absl::StrFormat("%s %x %x %x %x", name, static_cast<unsigned>(op.zone), r.start, r.size, op.nid);
    case OpKind::kMemremapPages: return MemremapLine(op);
    case OpKind::kMemunmapPages:
    case OpKind::kRemoveResource: return absl::StrFormat("%s %x", name, op.handle);
    case OpKind::kInsertResource:
      return absl::StrFormat("%s %x %x %x %x %x", name, op.handle, r.start, r.size, op.busy, op.ram);
    case OpKind::kStructPage: return absl::StrFormat("page %x", op.pfn.value());
    default: return absl::StrFormat("%s %x", name, op.pfn.value());
  }
}

// pfn_valid is asked first: struct_page of a pfn that is not valid has no answer, one without memory faults.
Answer StructPageAnswer(const PfnFacts& facts) {
  if (!facts.valid) return Answer::Of(Answer::Kind::kNone);
  return facts.backed ? Answer::Page(facts.page) : Answer::Of(Answer::Kind::kFault);
}

}  // namespace

bool IsAskable(const Op& op) {
  switch (op.kind) {
    case OpKind::kMemremapPages: return op.type != MemoryType::kPrivate;  // not built into these kernels
    case OpKind::kArchAddMemory:
    case OpKind::kArchRemoveMemory: return !op.altmap.given;
    // A pinned page would make the release wait for ever in the only task there is.
    case OpKind::kPinPage:
    case OpKind::kUnpinPage:
    case OpKind::kMemmapFill:
    case OpKind::kFailAlloc: return false;
    default: return !IsNvdimmOp(op.kind);
  }
}

std::string RequestLine(const Request& request, const Trace& trace) {
  switch (request.kind) {
    case Request::Kind::kOperation: return OperationLine(trace.ops[request.op]);
    case Request::Kind::kSection: return absl::StrFormat("section %x", request.section.value());
    case Request::Kind::kPage: return absl::StrFormat("page %x", request.pfn.value());
    case Request::Kind::kSpans: return "spans";
    case Request::Kind::kResources: break;
  }
  return absl::StrFormat("resources %x %x", request.range.start, request.range.start + (request.range.size - 1));
}

absl::StatusOr<Answer> ParseOperationAnswer(absl::string_view line) {
  if (line == kDiedOfBug) return Answer::Of(Answer::Kind::kBug);
  if (line == kDiedOfFault) return Answer::Of(Answer::Kind::kFault);
  if (line.empty() || line[0] == '?') return Unread(line, "an answer");
  Words words(line.substr(1));
  Answer answer;
  switch (line[0]) {
    case 'v': {
      int value = 0;
      if (!absl::SimpleAtoi(words.Next(), &value)) return Unread(line, "v VALUE WARNINGS");
      answer = Answer::Value(value, static_cast<unsigned>(words.Hex()));
      if (words.More()) {
        words.Into(answer.altmap_alloc);
        words.Into(answer.altmap_align);
      }
      break;
    }
    case 'a': answer = Answer::Of(Answer::Kind::kAlready, static_cast<unsigned>(words.Hex())); break;
    case 'n': answer = Answer::Of(Answer::Kind::kNone); break;
    case 'o': {
      const uint64_t overlap = words.Hex();
      if (overlap > static_cast<uint64_t>(Overlap::kMixed)) return Unread(line, "an overlap");
      answer = Answer::Intersects(static_cast<Overlap>(overlap));
      break;
    }
    case 'm': {
      Handle handle = kNoHandle;
      words.Into(handle);
      answer = Answer::Mapping(handle);
      break;
    }
    default: {
      // struct_page is asked for as `page`.
      const absl::StatusOr<PfnFacts> facts = ParsePageSight(line);
      return facts.ok() ? absl::StatusOr<Answer>(StructPageAnswer(*facts)) : facts.status();
    }
  }
  return words.Complete() ? absl::StatusOr<Answer>(answer) : Unread(line, "an answer");
}

absl::StatusOr<SectionSight> ParseSectionSight(absl::string_view line) {
  Words words(line);
  SectionSight sight;
  const uint64_t flags = words.Hex();
  sight.facts.present = (flags & 0x01) != 0;
  sight.facts.valid = (flags & 0x02) != 0;
  sight.facts.online = (flags & 0x04) != 0;
  sight.facts.early = (flags & 0x08) != 0;
  sight.facts.tainted = (flags & 0x10) != 0;
  sight.facts.kept_usage = (flags & 0x20) != 0;
  words.Into(sight.facts.block);
  words.Into(sight.facts.memmap);
  words.Into(sight.facts.memmap_pages);
  if (sight.facts.memmap != MemmapKind::kPart) sight.facts.memmap_pages = 0;
  words.Into(sight.facts.bitmap);
  words.Into(sight.facts.direct_map);
  words.Into(sight.valid);
  words.Into(sight.online);
  while (words.More()) {
    Handle handle = kNoHandle;
    words.Into(handle);
    const uint64_t first = words.Hex();
    const uint64_t end = words.Hex();
    for (uint64_t i = first; i < end && i < kSubsectionsPerSection; ++i) sight.lookup[i] = handle;
  }
  return words.Complete() ? absl::StatusOr<SectionSight>(sight) : Unread(line, "a section");
}

absl::StatusOr<PfnFacts> ParsePageSight(absl::string_view line) {
  Words words(line);
  PfnFacts facts;
  words.Into(facts.valid);
  words.Into(facts.online);
  words.Into(facts.backed);
  words.Into(facts.map);
  PageView page;
  // What nobody wrote may be any number, and need not be a zone's; such a page is not compared, but printed.
  const uint64_t zone = words.Hex();
  page.zone = zone < kZones ? static_cast<Zone>(zone) : Zone::kDma;
  page.nid = static_cast<uint8_t>(words.Hex());
  words.Into(page.reserved);
  page.count = static_cast<uint8_t>(words.Hex());
  words.Into(page.map);
  page.initialised = true;
  if (facts.backed) facts.page = page;
  return words.Complete() ? absl::StatusOr<PfnFacts>(facts) : Unread(line, "a page");
}

absl::StatusOr<NodeSpans> ParseSpans(absl::string_view line) {
  Words words(line);
  NodeSpans spans;
  const auto next = [&words](Span* span) {
    span->start = Pfn(words.Hex());
    span->end = Pfn(words.Hex());
    span->present = words.Hex();
  };
  for (Span& zone : spans.zone) next(&zone);
  next(&spans.node);
  return words.Complete() ? absl::StatusOr<NodeSpans>(spans) : Unread(line, "spans");
}

absl::StatusOr<std::vector<ResourceRow>> ParseResources(absl::string_view line) {
  if (line.empty() || line[0] != 'r') return Unread(line, "resources");
  Words words(line.substr(1));
  std::vector<ResourceRow> rows;
  while (words.More()) {
    ResourceRow row;
    row.range.start = words.Hex();
    row.range.size = words.Hex() - row.range.start + 1;
    words.Into(row.depth);
    words.Into(row.busy);
    words.Into(row.ram);
    rows.push_back(row);
  }
  return words.Complete() ? absl::StatusOr<std::vector<ResourceRow>>(rows) : Unread(line, "resources");
}

absl::StatusOr<Machine> ParseMachine(absl::string_view line) {
  const std::vector<absl::string_view> parts = absl::StrSplit(line, '|');
  const std::vector<absl::string_view> head = absl::StrSplit(parts[0], ' ');
  uint64_t last_byte = 0;
  uint64_t table_bits = 0;
  if (head.size() != 3 || !absl::SimpleHexAtoi(head[1], &last_byte) || !absl::SimpleHexAtoi(head[2], &table_bits)) {
    return Unread(line, "RELEASE LAST BITS|RESOURCE|...");
  }
  const std::string iomem = absl::StrReplaceAll(line.substr(parts[0].size()), {{"|", "\n"}});
  absl::StatusOr<IomemMap> map = ParseIomem(iomem, "the guest's resources");
  if (!map.ok()) return map.status();
  map->map.phys_bits = static_cast<uint8_t>(std::bit_width(last_byte));
  map->map.five_level = table_bits == kPhysmemBits5Level;
  return Machine{std::string(head[0]), map->map};
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
