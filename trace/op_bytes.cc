// SPDX-License-Identifier: Apache-2.0
// The byte form of operations: the code, and the arguments that need bytes.
#include "trace/op_bytes.h"

#include <array>

#include "trace/nvdimm_bytes.h"
#include "trace/op_codes.h"
#include "trace/op_limits.h"
#include "trace/places.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// --- Altmaps: one byte with a choice of base, reserve and free each; the last choice is a number that follows.
constexpr unsigned kBases = 4;
constexpr unsigned kReserves = 8;
constexpr unsigned kFrees = 8;

uint64_t SectionsOf(PhysRange range) {
  return range.size == 0 ? 0 : (range.start + (range.size - 1)) / kSectionSize - range.start / kSectionSize + 1;
}

std::array<uint64_t, kBases - 1> BaseChoices(PhysRange range) {
  return {range.start, AlignDown(range.start, kSectionSize), range.start + kSubsectionSize};
}
std::array<uint64_t, kReserves - 1> ReserveChoices() {
  return {0,
          kPageSize,
          2 * kPageSize,
          kMemmapPagesPerSubsection * kPageSize,
          kMemmapPagesPerSection * kPageSize,
          kPageSize / 2,
          kSubsectionSize};
}
// Exactly enough, for sections or for the pages alone; half; all that is left; one section more than needed; none; one
// section.
std::array<uint64_t, kFrees - 1> FreeChoices(PhysRange range, uint64_t reserve) {
  const uint64_t whole = SectionsOf(range) * kMemmapPagesPerSection * kPageSize;
  const uint64_t pages = range.size / kPageSize * kStructPageSize;
  return {whole,
          AlignUp(pages, kPageSize),
          whole / 2,
          range.size - reserve,
          whole + kMemmapPagesPerSection * kPageSize,
          0,
          kMemmapPagesPerSection * kPageSize};
}

template <size_t kCount>
uint64_t ReadChoice(ByteReader& in, unsigned choice, const std::array<uint64_t, kCount>& values) {
  return choice < kCount ? values[choice] : in.Varint();
}
template <size_t kCount>
unsigned ChoiceOf(uint64_t value, const std::array<uint64_t, kCount>& values) {
  unsigned choice = 0;
  while (choice < kCount && values[choice] != value) ++choice;
  return choice;
}

void ReadAltmap(ByteReader& in, PhysRange range, Altmap* altmap) {
  unsigned code = in.Byte();
  altmap->base = ReadChoice(in, code % kBases, BaseChoices(range));
  code /= kBases;
  altmap->reserve = ReadChoice(in, code % kReserves, ReserveChoices());
  code /= kReserves;
  altmap->free = ReadChoice(in, code, FreeChoices(range, altmap->reserve));
}

void PutAltmap(const Altmap& altmap, PhysRange range, Bytes* out) {
  const unsigned base = ChoiceOf(altmap.base, BaseChoices(range));
  const unsigned reserve = ChoiceOf(altmap.reserve, ReserveChoices());
  const unsigned free = ChoiceOf(altmap.free, FreeChoices(range, altmap.reserve));
  out->push_back(static_cast<uint8_t>(base + kBases * (reserve + kReserves * free)));
  if (base == kBases - 1) PutVarint(altmap.base, out);
  if (reserve == kReserves - 1) PutVarint(altmap.reserve, out);
  if (free == kFrees - 1) PutVarint(altmap.free, out);
}

// --- Failures: site, at or from, and a small number in one byte; larger numbers follow.
constexpr unsigned kFailModes = 2;
constexpr unsigned kSmallFails = 10;
constexpr unsigned kLargeFail = kAllocSites * kFailModes * kSmallFails;

void ReadFail(ByteReader& in, FailPlan* fail) {
  const unsigned code = in.Byte();
  fail->site = static_cast<AllocSite>(code % kAllocSites);
  if (code < kLargeFail) {
    fail->from = code / kAllocSites % kFailModes != 0;
    fail->n = code / (kAllocSites * kFailModes) + 1;
    return;
  }
  const uint64_t number = in.Varint();
  fail->from = number % kFailModes != 0;
  fail->n = static_cast<uint32_t>(number / kFailModes);
  if (fail->n == 0) fail->n = 1;
}

void PutFail(const FailPlan& fail, Bytes* out) {
  const auto site = static_cast<unsigned>(fail.site);
  const unsigned from = fail.from ? 1 : 0;
  const bool small = fail.n >= 1 && fail.n <= kSmallFails;
  const unsigned code = small ? site + kAllocSites * (from + kFailModes * (fail.n - 1)) : kLargeFail + site;
  out->push_back(static_cast<uint8_t>(code));
  if (!small) PutVarint(uint64_t{fail.n} * kFailModes + from, out);
}
static_assert(kLargeFail % kAllocSites == 0 && kLargeFail + kAllocSites <= 256);

// --- Handles: none, then by ordinal.
Handle ReadHandle(ByteReader& in, Handle defined) {
  const uint64_t code = in.Varint() % (uint64_t{defined} + 1);
  return code == 0 ? kNoHandle : static_cast<Handle>(code - 1);
}
void PutHandle(Handle handle, Bytes* out) { PutVarint(handle == kNoHandle ? 0 : uint64_t{handle} + 1, out); }

// --- The arguments of an operation that need bytes, in their order.
void PutBody(const Op& op, Landmarks& marks, Bytes* out) {
  for (const Arg arg : SpecOf(op.kind).args) {
    switch (arg) {
      case Arg::kEnd: return;
      case Arg::kRange: PutRange(op.range, StyleOf(op.kind), marks, out); break;
      case Arg::kSecond:
        if (!op.has_second) break;
        marks.Push(op.range);
        PutRange(op.second, StyleOf(op.kind), marks, out);
        break;
      case Arg::kPfn: PutPfn(op.pfn, marks, out); break;
      case Arg::kMapping:
      case Arg::kResource: PutHandle(op.handle, out); break;
      case Arg::kAltmap:
        if (op.altmap.given) PutAltmap(op.altmap, op.range, out);
        break;
      case Arg::kFill: out->push_back(static_cast<uint8_t>(op.fill)); break;
      case Arg::kFail: PutFail(op.fail, out); break;
      default: PutNvdimmArg(op, arg, marks, out); break;
    }
  }
}

PhysRange ReadLimitedRange(ByteReader& in, OpKind kind, const Landmarks& marks) {
  return ClampToRangeLimit(kind, ReadRange(in, StyleOf(kind), marks));
}

}  // namespace

void ReadArg(ByteReader& in, Arg arg, const Landmarks& marks, Op* op) {
  switch (arg) {
    case Arg::kEnd: return;
    case Arg::kRange: op->range = ReadLimitedRange(in, op->kind, marks); break;
    case Arg::kSecond:
      if (op->has_second) op->second = ReadLimitedRange(in, op->kind, marks);
      break;
    case Arg::kPfn: op->pfn = ReadPfn(in, marks); break;
    case Arg::kNewMapping: op->handle = marks.NextHandle(Counter::kMappings); break;
    case Arg::kNewResource: op->handle = marks.NextHandle(Counter::kResources); break;
    case Arg::kMapping: op->handle = ReadHandle(in, marks.NextHandle(Counter::kMappings)); break;
    case Arg::kResource: op->handle = ReadHandle(in, marks.NextHandle(Counter::kResources)); break;
    case Arg::kAltmap:
      if (op->altmap.given) ReadAltmap(in, op->range, &op->altmap);
      break;
    case Arg::kFill: op->fill = in.Byte(); break;
    case Arg::kFail: ReadFail(in, &op->fail); break;
    default: ReadNvdimmArg(in, arg, marks, op); break;
  }
}

namespace {

void ReadBody(ByteReader& in, Landmarks& marks, Op* op) {
  for (const Arg arg : SpecOf(op->kind).args) {
    if (arg == Arg::kEnd) return;
    if (arg == Arg::kSecond && op->has_second) marks.Push(op->range);
    ReadArg(in, arg, marks, op);
  }
}

}  // namespace

void ReadOp(ByteReader& in, Landmarks& marks, Op* op) {
  const OpCode& code = OpCodeOf(in.Byte(), marks);
  *op = code.op;
  switch (code.shape) {
    case Shape::kTake: SetFromEntry(marks.bank(code.bank).At(code.age), op); break;
    case Shape::kPlace:
      op->range = ReadLimitedRange(in, op->kind, marks);
      op->handle = marks.NextHandle(TraitsOf(op->kind).defines);
      break;
    case Shape::kPoint: op->pfn = ReadPfn(in, marks); break;
    case Shape::kWhole: break;
    case Shape::kFree: SetSmallArgs(in.Byte(), op); [[fallthrough]];
    case Shape::kBody: ReadBody(in, marks, op); break;
  }
  marks.Note(*op);
}

void PutOp(const Op& op, Landmarks& marks, Bytes* out) {
  const ChosenCode code = ChooseCode(op, marks);
  out->push_back(code.byte);
  if (code.shape == Shape::kFree) out->push_back(SmallArgs(op));
  if (code.shape != Shape::kTake && code.shape != Shape::kWhole) PutBody(op, marks, out);
  marks.Note(op);
}

void PassOp(const Op& op, Landmarks& marks) {
  if (op.has_second) marks.Push(op.range);
  marks.Note(op);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
