// SPDX-License-Identifier: Apache-2.0
// The operation part of a recorded line, up to "=>". Numbers are bytes; the words are the recording driver's.
#include <cstdint>

#include "trace/recorded_parts.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// What follows the word of an operation.
enum class Shape : uint8_t {
  kRange,       // S L
  kZoneRange,   // ZONE S L
  kOnline,      // S TYPE
  kBlock,       // S
  kMap,         // ID S L [options]
  kMapTwo,      // ID S1 L1 S2 L2 [options]
  kUnmap,       // ID
  kResource,    // ID S L FLAGS
  kUnresource,  // ID
  kPage,        // S
  kPages,       // S S..
  kFail,        // at|from|log N [FILTER]
  kSet,         // fill N | safe 1
  kNone,
};

struct Word {
  absl::string_view name;
  Shape shape;
  LineKind line;
  OpKind kind;
  MemoryType type = MemoryType::kGeneric;
};

constexpr Word kWords[] = {
    {"add_pages", Shape::kRange, LineKind::kOp, OpKind::kAddPages},
    {"remove_pages", Shape::kZoneRange, LineKind::kOp, OpKind::kRemovePages},
    {"tozone", Shape::kZoneRange, LineKind::kOp, OpKind::kMovePfnRangeToZone},
    {"fromzone", Shape::kZoneRange, LineKind::kOp, OpKind::kRemovePfnRangeFromZone},
    {"arch_add", Shape::kRange, LineKind::kOp, OpKind::kArchAddMemory},
    {"arch_remove", Shape::kRange, LineKind::kOp, OpKind::kArchRemoveMemory},
    {"add_mem", Shape::kRange, LineKind::kOp, OpKind::kAddMemory},
    {"rm_mem", Shape::kRange, LineKind::kOp, OpKind::kRemoveMemory},
    {"online", Shape::kOnline, LineKind::kOp, OpKind::kOnlinePages},
    {"offline", Shape::kBlock, LineKind::kOp, OpKind::kOfflinePages},
    {"map", Shape::kMap, LineKind::kOp, OpKind::kMemremapPages},
    {"mapfs", Shape::kMap, LineKind::kOp, OpKind::kMemremapPages, MemoryType::kFsDax},
    {"map0", Shape::kMap, LineKind::kOp, OpKind::kMemremapPages, MemoryType::kUnset},
    {"mapm", Shape::kMapTwo, LineKind::kOp, OpKind::kMemremapPages},
    {"unmap", Shape::kUnmap, LineKind::kOp, OpKind::kMemunmapPages},
    {"res", Shape::kResource, LineKind::kOp, OpKind::kInsertResource},
    {"unres", Shape::kUnresource, LineKind::kOp, OpKind::kRemoveResource},
    {"ri", Shape::kRange, LineKind::kOp, OpKind::kRegionIntersects},
    {"get", Shape::kPage, LineKind::kOp, OpKind::kGetDevPagemap},
    {"page", Shape::kPage, LineKind::kPage, OpKind::kStructPage},
    {"pv", Shape::kPages, LineKind::kManyPages, OpKind::kPfnValid},
    {"fail", Shape::kFail, LineKind::kFail, OpKind::kFailAlloc},
    {"set", Shape::kSet, LineKind::kOp, OpKind::kMemmapFill},
    {"state", Shape::kNone, LineKind::kNothing, OpKind::kFailAlloc},
};

const Word* FindWord(absl::string_view name) {
  for (const Word& word : kWords) {
    if (word.name == name) return &word;
  }
  return nullptr;
}

PhysRange ReadRange(RecordedReader& reader) {
  PhysRange range;
  range.start = reader.NextHex();
  range.size = reader.NextHex();
  return range;
}

// The memory block device that holds a byte.
PhysRange BlockOf(uint64_t byte) { return {AlignDown(byte, kSectionSize), kSectionSize}; }

Zone ReadZone(RecordedReader& reader) {
  const absl::string_view name = reader.Word("", "a zone");
  const std::optional<Zone> zone = ZoneOfName(name);
  if (!zone.has_value()) reader.FailAt(reader.position() - name.size(), "a zone");
  return zone.value_or(Zone::kNormal);
}

OnlineType ReadOnlineType(RecordedReader& reader) {
  if (reader.AcceptNext("movable")) return OnlineType::kMovable;
  if (reader.AcceptNext("kernel")) return OnlineType::kKernel;
  reader.ExpectNext("keep");
  return OnlineType::kKeep;
}

void ReadMapOptions(RecordedReader& reader, Op& op) {
  while (!reader.AtEnd() && !reader.Sees("=>")) {
    if (reader.Accept("noref")) {
      op.no_ref = true;
      continue;
    }
    reader.Expect("altmap");
    op.altmap.given = true;
    op.altmap.base = reader.NextHex();
    op.altmap.reserve = reader.NextHex();
    op.altmap.free = reader.NextHex();
    if (op.has_second) reader.Fail("no altmap with two ranges");
  }
}

void ReadResourceFlags(RecordedReader& reader, Op& op) {
  op.busy = reader.AcceptNext("b");
  if (!op.busy) reader.Expect("i");
  op.ram = reader.Accept("r");
}

// Only `fill` is an operation; `safe` tells the driver what to refuse.
void ReadSetting(RecordedReader& reader, RawOp& raw, Op& op) {
  if (reader.AcceptNext("safe")) {
    raw.kind = LineKind::kNothing;
    reader.ExpectNext("1");
    return;
  }
  reader.ExpectNext("fill");
  if (reader.AcceptNext("-1")) {
    op.fill = kFillKeep;
  } else if (reader.AcceptNext("0x")) {
    const uint64_t fill = reader.Hex();
    if (fill > 0xff) reader.Fail("a byte");
    op.fill = static_cast<int16_t>(fill & 0xff);
  } else {
    op.fill = static_cast<int16_t>(reader.Decimal(0xff));
  }
}

// The plan's site and count come from the log of the next line; here only whether it goes on failing.
void ReadFailure(RecordedReader& reader, Op& op) {
  op.fail.from = reader.AcceptNext("from");
  if (!op.fail.from && !reader.Accept("at")) reader.Expect("log");
  reader.SkipBlanks();
  reader.Decimal(UINT32_MAX);
  if (reader.AcceptNext("0x")) reader.Hex();
}

void ReadArguments(RecordedReader& reader, const Word& word, const RecordedIds& mappings, const RecordedIds& resources,
                   RawOp& raw, Op& op) {
  const auto read_id = [&reader] {
    reader.SkipBlanks();
    return reader.Decimal(RecordedIds::kMaxId);
  };
  switch (word.shape) {
    case Shape::kZoneRange: op.zone = ReadZone(reader); [[fallthrough]];
    case Shape::kRange: op.range = ReadRange(reader); break;
    case Shape::kOnline:
      op.range = BlockOf(reader.NextHex());
      op.online = ReadOnlineType(reader);
      break;
    case Shape::kBlock: op.range = BlockOf(reader.NextHex()); break;
    case Shape::kMap:
    case Shape::kMapTwo:
      raw.new_id = read_id();
      op.range = ReadRange(reader);
      op.has_second = word.shape == Shape::kMapTwo;
      if (op.has_second) op.second = ReadRange(reader);
      ReadMapOptions(reader, op);
      break;
    case Shape::kUnmap: op.handle = mappings.Of(read_id()); break;
    case Shape::kResource:
      raw.new_id = read_id();
      op.range = ReadRange(reader);
      ReadResourceFlags(reader, op);
      break;
    case Shape::kUnresource: op.handle = resources.Of(read_id()); break;
    case Shape::kPage:
    case Shape::kPages: op.pfn = Pfn::OfByte(reader.NextHex()); break;
    case Shape::kFail: ReadFailure(reader, op); break;
    case Shape::kSet: ReadSetting(reader, raw, op); break;
    case Shape::kNone: break;
  }
}

}  // namespace

void ReadRecordedOp(RecordedReader& reader, const RecordedIds& mappings, const RecordedIds& resources, RawOp& raw) {
  const absl::string_view name = reader.Word("", "an operation");
  const Word* word = FindWord(name);
  if (word == nullptr) {
    reader.FailAt(reader.position() - name.size(), "an operation");
    return;
  }
  raw.kind = word->line;
  Op op;
  op.kind = word->kind;
  op.type = word->type;
  ReadArguments(reader, *word, mappings, resources, raw, op);
  if (raw.kind != LineKind::kNothing) raw.ops.push_back(op);
  while (raw.kind == LineKind::kManyPages && !reader.AtEnd() && !reader.Sees("=>")) {
    op.pfn = Pfn::OfByte(reader.Hex());
    raw.ops.push_back(op);
  }
  reader.ExpectNext("=>");
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
