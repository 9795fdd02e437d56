// SPDX-License-Identifier: Apache-2.0
// The smaller variants of one operation: the table.
#include "trace/smaller_args.h"

#include <algorithm>
#include <bit>
#include <initializer_list>
#include <iterator>

#include "hotplug/info_block_fields.h"
#include "trace/op_limits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using Ops = std::vector<Op>;

// Offers the operation with `member` at another value.
template <typename Member, typename Value>
void With(const Op& op, Member Op::*member, Value value, Ops* out) {
  out->push_back(op);
  out->back().*member = static_cast<Member>(value);
}

// --- What most arguments are: a value of which one is the usual, and names, of which none is simpler than another.

template <auto kMember, auto kUsual>
void WeighUsual(const Op& op, Cost* cost) {
  cost->words += op.*kMember != kUsual ? 1 : 0;
}
template <auto kMember, auto kUsual>
void MakeUsual(const Op& op, Ops* out) {
  With(op, kMember, kUsual, out);
}
void WeighNothing(const Op&, Cost*) {}
void NoneSmaller(const Op&, Ops*) {}

// --- Ranges and pages.

template <PhysRange Op::*kRange>
void WeighRange(const Op& op, Cost* cost) {
  AddRange(op.*kRange, cost);
}
template <PhysRange Op::*kRange>
void SmallerRange(const Op& op, Ops* out) {
  for (const PhysRange range : SmallerRanges(op.*kRange)) With(op, kRange, range, out);
}

// Towards 0 by whole sections, in leaps that halve: what must lie above a distant place gets there in a few steps.
// Bytes; less than a section when there is none below.
uint64_t FirstLeap(uint64_t start) { return std::bit_floor(start); }

// A page frame number has no bytes below the page; those of pages beyond 2^64 bytes count as what they are.
void WeighPfn(const Op& op, Cost* cost) {
  const uint64_t pfn = op.pfn.value();
  cost->rough += pfn % kPagesPerSection == 0 ? 0 : pfn % kPagesPerSubsection == 0 ? 1 : 2;
  cost->values += pfn;
}
void SmallerPfn(const Op& op, Ops* out) {
  With(op, &Op::pfn, Pfn(), out);
  for (const uint64_t pages : {kPagesPerSection, kPagesPerSubsection}) {
    With(op, &Op::pfn, Pfn(AlignDown(op.pfn.value(), pages)), out);
  }
  for (uint64_t leap = FirstLeap(op.pfn.byte()); leap >= kSectionSize; leap /= 2) {
    With(op, &Op::pfn, op.pfn - (leap >> kPageShift), out);
  }
}

void WeighSecond(const Op& op, Cost* cost) {
  if (!op.has_second) return;
  ++cost->words;
  AddRange(op.second, cost);
}
void SmallerSecond(const Op& op, Ops* out) {
  if (!op.has_second) return;
  With(op, &Op::has_second, false, out);
  out->back().second = {};
  SmallerRange<&Op::second>(op, out);
}

void WeighAltmap(const Op& op, Cost* cost) {
  if (!op.altmap.given) return;
  ++cost->words;
  AddAddress(op.altmap.base, cost);
  for (const uint64_t bytes : {op.altmap.reserve, op.altmap.free}) {
    cost->rough += bytes % kPageSize == 0 ? 0 : 1;
    cost->lengths += bytes;
  }
}
void SmallerAltmap(const Op& op, Ops* out) {
  if (!op.altmap.given) return;
  With(op, &Op::altmap, Altmap(), out);
  const auto with = [&](uint64_t Altmap::*member, std::initializer_list<uint64_t> values) {
    for (const uint64_t value : values) {
      out->push_back(op);
      out->back().altmap.*member = value;
    }
  };
  const auto [given, base, reserve, free] = op.altmap;
  with(&Altmap::base,
       {op.range.start, AlignDown(base, kSectionSize), AlignDown(base, kSubsectionSize), AlignDown(base, kPageSize)});
  with(&Altmap::reserve, {0, kPageSize, AlignDown(reserve / 2, kPageSize), AlignDown(reserve, kPageSize)});
  with(&Altmap::free, {0, kPageSize, AlignDown(free / 2, kPageSize), AlignDown(free, kPageSize)});
}

// --- Numbers.

// 0 is what memory holds anyway; that a page keeps what it held is simpler than a pattern.
void WeighFill(const Op& op, Cost* cost) { cost->words += op.fill == 0 ? 0 : op.fill == kFillKeep ? 1 : 2; }
void SmallerFill(const Op& op, Ops* out) {
  for (const int fill : {0, kFillKeep}) With(op, &Op::fill, fill, out);
}
void WeighByte(const Op& op, Cost* cost) { cost->words += op.fill == 0 ? 0 : op.fill == 1 ? 1 : 2; }
void SmallerByte(const Op& op, Ops* out) {
  for (const int fill : {0, 1}) With(op, &Op::fill, fill, out);
}

void WeighFail(const Op& op, Cost* cost) {
  cost->words += op.fail.from ? 1 : 0;
  cost->values += op.fail.n;
}
void SmallerFail(const Op& op, Ops* out) {
  const auto [site, from, n] = op.fail;
  for (const FailPlan plan : {FailPlan{site, false, n}, {site, from, 1}, {site, from, n / 2}, {site, from, n - 1}}) {
    if (plan.n != 0) With(op, &Op::fail, plan, out);  // 0 has no text
  }
}

void WeighOffset(const Op& op, Cost* cost) { AddAddress(op.number, cost); }
void SmallerOffset(const Op& op, Ops* out) {
  for (const uint64_t unit : {kSectionSize, kSubsectionSize, kPageSize}) {
    With(op, &Op::number, AlignDown(op.number, unit), out);
  }
  With(op, &Op::number, 0, out);
}

uint64_t Distance(uint64_t delta) { return std::min(delta, ~delta + 1); }
void WeighDelta(const Op& op, Cost* cost) {
  cost->words += op.number != 0 ? 1 : 0;
  AddAddress(Distance(op.number), cost);
}
void SmallerDelta(const Op& op, Ops* out) {
  for (const uint64_t distance : {uint64_t{0}, kSectionSize, kSubsectionSize}) {
    With(op, &Op::number, distance, out);
    With(op, &Op::number, ~distance + 1, out);
  }
}

void WeighValue(const Op& op, Cost* cost) { cost->values += op.number; }
void SmallerValue(const Op& op, Ops* out) {
  for (const uint64_t value : {uint64_t{0}, uint64_t{1}, op.number / 2}) With(op, &Op::number, value, out);
}

// --- Namespaces.

// A namespace is raw, or made for a file system, or for programs; that it holds nothing of its memmap is simplest.
void WeighSettings(const Op& op, Cost* cost) {
  if (op.personality == Personality::kRaw) return;
  cost->words += static_cast<unsigned>(op.personality) + static_cast<unsigned>(op.mode);
  cost->words += (op.number != kSubsectionSize ? 1 : 0) + (op.parent != 0 ? 1 : 0);
  cost->values += op.uuid;
}
void SmallerSettings(const Op& op, Ops* out) {
  if (op.personality == Personality::kRaw) return;
  Op raw = op;
  raw.personality = Personality::kRaw;
  raw.mode = MemmapMode::kNone;
  raw.number = raw.uuid = raw.parent = 0;
  out->push_back(raw);
  With(op, &Op::personality, Personality::kPfn, out);
  for (const MemmapMode mode : {MemmapMode::kNone, MemmapMode::kRam}) With(op, &Op::mode, mode, out);
  With(op, &Op::number, kSubsectionSize, out);
  With(op, &Op::parent, 0, out);
  for (const int uuid : {0, 1}) With(op, &Op::uuid, uuid, out);
}

PhysRange PartOf(const InfoBlockField& field) { return {kInfoBlockOffset + field.offset, field.size}; }
bool IsField(PhysRange part) {
  return std::any_of(std::begin(kInfoBlockFields), std::end(kInfoBlockFields),
                     [part](const InfoBlockField& field) { return PartOf(field) == part; });
}
// A field has a name and is better than any range.
void WeighPart(const Op& op, Cost* cost) {
  if (IsField(op.extent)) return;
  ++cost->words;
  cost->lengths += op.extent.size;
  cost->values += op.extent.start;
}
void SmallerPart(const Op& op, Ops* out) {
  const auto offer = [&](PhysRange part) {
    With(op, &Op::extent, part, out);
    out->back().number = std::min(op.number, MaxCorruptValue(part));
  };
  if (IsField(op.extent)) return;
  for (const InfoBlockField& field : kInfoBlockFields) {
    if (PartOf(field).overlaps(op.extent)) offer(PartOf(field));
  }
  const uint64_t half = op.extent.size / 2;
  if (half == 0) return;
  offer({op.extent.start, half});
  offer({op.extent.start + half, op.extent.size - half});
}

// --- The table.

struct Row {
  Arg arg;
  void (*weigh)(const Op&, Cost*);
  void (*smaller)(const Op&, Ops*);
};

template <auto kMember, auto kUsual>
constexpr Row Usual(Arg arg) {
  return {arg, WeighUsual<kMember, kUsual>, MakeUsual<kMember, kUsual>};
}
template <bool Op::*kFlag>
constexpr Row Flag(Arg arg) {
  return Usual<kFlag, false>(arg);
}
constexpr Row Name(Arg arg) { return {arg, WeighNothing, NoneSmaller}; }

constexpr Row kRows[] = {
    {Arg::kEnd, WeighNothing, NoneSmaller},
    {Arg::kRange, WeighRange<&Op::range>, SmallerRange<&Op::range>},
    {Arg::kPfn, WeighPfn, SmallerPfn},
    Usual<&Op::zone, Zone::kNormal>(Arg::kZone),
    Name(Arg::kNewMapping),
    Name(Arg::kMapping),
    Name(Arg::kNewResource),
    Name(Arg::kResource),
    Usual<&Op::nid, Nid{0}>(Arg::kNid),
    Flag<&Op::memblock>(Arg::kMemblock),
    {Arg::kAltmap, WeighAltmap, SmallerAltmap},
    Usual<&Op::type, MemoryType::kGeneric>(Arg::kType),
    Flag<&Op::no_ref>(Arg::kNoRef),
    {Arg::kSecond, WeighSecond, SmallerSecond},
    Usual<&Op::online, OnlineType::kKeep>(Arg::kOnlineType),
    Flag<&Op::busy>(Arg::kBusy),
    Flag<&Op::ram>(Arg::kRam),
    {Arg::kFill, WeighFill, SmallerFill},
    {Arg::kFail, WeighFail, SmallerFail},
    Name(Arg::kNewRegion),
    Flag<&Op::read_only>(Arg::kReadOnly),
    Flag<&Op::hidden>(Arg::kHidden),
    Flag<&Op::unreadable>(Arg::kUnreadable),
    Flag<&Op::blk>(Arg::kBlk),
    Name(Arg::kNewNamespace),
    Name(Arg::kRegion),
    Name(Arg::kNamespace),
    {Arg::kExtent, WeighRange<&Op::extent>, SmallerRange<&Op::extent>},
    {Arg::kSettings, WeighSettings, SmallerSettings},
    {Arg::kByte, WeighByte, SmallerByte},
    Flag<&Op::dax>(Arg::kDax),
    {Arg::kOffset, WeighOffset, SmallerOffset},
    {Arg::kPart, WeighPart, SmallerPart},
    {Arg::kValue, WeighValue, SmallerValue},
    Flag<&Op::sealed>(Arg::kSealed),
    Flag<&Op::other>(Arg::kOther),
    {Arg::kDelta, WeighDelta, SmallerDelta},
};

consteval bool RowsAreComplete() {
  for (unsigned i = 0; i < std::size(kRows); ++i) {
    if (kRows[i].arg != static_cast<Arg>(i)) return false;
  }
  return std::size(kRows) == static_cast<unsigned>(Arg::kDelta) + 1;
}
static_assert(RowsAreComplete());

}  // namespace

std::vector<PhysRange> SmallerRanges(PhysRange range) {
  std::vector<PhysRange> out;
  const auto offer = [&](uint64_t start, uint64_t size) {
    const PhysRange smaller{start, size};
    if (size != 0 && smaller != range) out.push_back(smaller);
  };
  const uint64_t end = range.end();
  for (const uint64_t unit : {kSectionSize, kSubsectionSize, kPageSize}) {
    const uint64_t start = AlignDown(range.start, unit);
    offer(start, kSubsectionSize);
    offer(start, kSectionSize);
    offer(start, range.size);
    offer(start, end - start);
    if (AlignUp(range.start, unit) - range.start < range.size)
      offer(AlignUp(range.start, unit), end - AlignUp(range.start, unit));
  }
  offer(0, range.size);
  for (uint64_t leap = FirstLeap(range.start); leap >= kSectionSize; leap /= 2) offer(range.start - leap, range.size);
  offer(range.start, kSubsectionSize);
  offer(range.start, kSectionSize);
  offer(end - kSubsectionSize, kSubsectionSize);
  offer(end - kSectionSize, kSectionSize);
  for (const uint64_t unit : {kSectionSize, kSubsectionSize, kPageSize}) {
    offer(range.start, AlignUp(range.size / 2, unit));
    offer(range.start, AlignDown(range.size, unit));
    offer(range.start, AlignUp(range.size, unit));
    offer(range.start, AlignDown(end, unit) - range.start);
    offer(range.start, AlignUp(end, unit) - range.start);
  }
  return out;
}

void AddArgs(const Op& op, Cost* cost) {
  for (const Arg arg : SpecOf(op.kind).args) kRows[static_cast<unsigned>(arg)].weigh(op, cost);
}

std::vector<Op> SmallerOps(const Op& op) {
  std::vector<Op> out;
  for (const Arg arg : SpecOf(op.kind).args) kRows[static_cast<unsigned>(arg)].smaller(op, &out);
  return out;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
