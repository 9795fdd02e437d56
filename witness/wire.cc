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

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

absl::Status Unread(absl::string_view line, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat("the witness said \"", line, "\", expected ", expected));
}

// Takes the numbers of a line one after the other; remembers that one was missing.
class Numbers {
 public:
  explicit Numbers(absl::string_view line) {
    for (absl::string_view word : absl::StrSplit(line, ' ', absl::SkipEmpty())) words_.push_back(word);
  }
  uint64_t Next() {
    uint64_t value = 0;
    if (at_ >= words_.size() || !absl::SimpleHexAtoi(words_[at_], &value)) bad_ = true;
    ++at_;
    return value;
  }
  template <typename Field>
  void Into(Field& field) {
    const uint64_t value = Next();
    field = static_cast<Field>(value);
    bad_ |= static_cast<uint64_t>(field) != value;
  }
  absl::string_view Word() { return at_ < words_.size() ? words_[at_++] : absl::string_view(); }
  bool More() const { return at_ < words_.size() && !bad_; }
  bool Complete() const { return at_ == words_.size() && !bad_; }

 private:
  std::vector<absl::string_view> words_;
  size_t at_ = 0;
  bool bad_ = false;
};

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
  Numbers numbers(line.substr(1));
  Answer answer;
  switch (line[0]) {
    case 'v': {
      int value = 0;
      if (!absl::SimpleAtoi(numbers.Word(), &value)) return Unread(line, "v VALUE WARNINGS");
      answer = Answer::Value(value, static_cast<unsigned>(numbers.Next()));
      if (numbers.More()) {
        numbers.Into(answer.altmap_alloc);
        numbers.Into(answer.altmap_align);
      }
      break;
    }
    case 'a': answer = Answer::Of(Answer::Kind::kAlready, static_cast<unsigned>(numbers.Next())); break;
    case 'n': answer = Answer::Of(Answer::Kind::kNone); break;
    case 'o': {
      const uint64_t overlap = numbers.Next();
      if (overlap > static_cast<uint64_t>(Overlap::kMixed)) return Unread(line, "an overlap");
      answer = Answer::Intersects(static_cast<Overlap>(overlap));
      break;
    }
    case 'm': {
      Handle handle = kNoHandle;
      numbers.Into(handle);
      answer = Answer::Mapping(handle);
      break;
    }
    default: {
      // struct_page is asked for as `page`.
      const absl::StatusOr<PfnFacts> facts = ParsePageSight(line);
      return facts.ok() ? absl::StatusOr<Answer>(StructPageAnswer(*facts)) : facts.status();
    }
  }
  return numbers.Complete() ? absl::StatusOr<Answer>(answer) : Unread(line, "an answer");
}

absl::StatusOr<SectionSight> ParseSectionSight(absl::string_view line) {
  Numbers numbers(line);
  SectionSight sight;
  const uint64_t flags = numbers.Next();
  sight.facts.present = (flags & 0x01) != 0;
  sight.facts.valid = (flags & 0x02) != 0;
  sight.facts.online = (flags & 0x04) != 0;
  sight.facts.early = (flags & 0x08) != 0;
  sight.facts.tainted = (flags & 0x10) != 0;
  sight.facts.kept_usage = (flags & 0x20) != 0;
  numbers.Into(sight.facts.block);
  numbers.Into(sight.facts.memmap);
  numbers.Into(sight.facts.memmap_pages);
  if (sight.facts.memmap != MemmapKind::kPart) sight.facts.memmap_pages = 0;
  numbers.Into(sight.facts.bitmap);
  numbers.Into(sight.facts.direct_map);
  numbers.Into(sight.valid);
  numbers.Into(sight.online);
  while (numbers.More()) {
    Handle handle = kNoHandle;
    numbers.Into(handle);
    const uint64_t first = numbers.Next();
    const uint64_t end = numbers.Next();
    for (uint64_t i = first; i < end && i < kSubsectionsPerSection; ++i) sight.lookup[i] = handle;
  }
  return numbers.Complete() ? absl::StatusOr<SectionSight>(sight) : Unread(line, "a section");
}

absl::StatusOr<PfnFacts> ParsePageSight(absl::string_view line) {
  Numbers numbers(line);
  PfnFacts facts;
  numbers.Into(facts.valid);
  numbers.Into(facts.online);
  numbers.Into(facts.backed);
  numbers.Into(facts.map);
  PageView page;
  // What nobody wrote may be any number, and need not be a zone's; such a page is not compared, but printed.
  const uint64_t zone = numbers.Next();
  page.zone = zone < kZones ? static_cast<Zone>(zone) : Zone::kDma;
  page.nid = static_cast<uint8_t>(numbers.Next());
  numbers.Into(page.reserved);
  page.count = static_cast<uint8_t>(numbers.Next());
  numbers.Into(page.map);
  page.initialised = true;
  if (facts.backed) facts.page = page;
  return numbers.Complete() ? absl::StatusOr<PfnFacts>(facts) : Unread(line, "a page");
}

absl::StatusOr<NodeSpans> ParseSpans(absl::string_view line) {
  Numbers numbers(line);
  NodeSpans spans;
  const auto next = [&numbers](Span* span) {
    span->start = Pfn(numbers.Next());
    span->end = Pfn(numbers.Next());
    span->present = numbers.Next();
  };
  for (Span& zone : spans.zone) next(&zone);
  next(&spans.node);
  return numbers.Complete() ? absl::StatusOr<NodeSpans>(spans) : Unread(line, "spans");
}

absl::StatusOr<std::vector<ResourceRow>> ParseResources(absl::string_view line) {
  if (line.empty() || line[0] != 'r') return Unread(line, "resources");
  Numbers numbers(line.substr(1));
  std::vector<ResourceRow> rows;
  while (numbers.More()) {
    ResourceRow row;
    row.range.start = numbers.Next();
    row.range.size = numbers.Next() - row.range.start + 1;
    numbers.Into(row.depth);
    numbers.Into(row.busy);
    numbers.Into(row.ram);
    rows.push_back(row);
  }
  return numbers.Complete() ? absl::StatusOr<std::vector<ResourceRow>>(rows) : Unread(line, "resources");
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
