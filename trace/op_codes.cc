// SPDX-License-Identifier: Apache-2.0
// The table of operation codes with its weights. The order of rows is part of the byte form.
#include "trace/op_codes.h"

#include <array>
#include <iterator>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr unsigned kBytes = 256;

// Builds rows: Make(kind) with the small arguments that follow.
class Make {
 public:
  constexpr explicit Make(OpKind kind) { op_.kind = kind; }
  template <typename Change>
  constexpr Make With(Change change) const {
    Make copy = *this;
    change(copy.op_);
    return copy;
  }
  constexpr Make On(Zone zone) const {
    return With([&](Op& o) { o.zone = zone; });
  }
  constexpr Make Node(Nid nid) const {
    return With([&](Op& o) { o.nid = nid; });
  }
  constexpr Make As(MemoryType type) const {
    return With([&](Op& o) { o.type = type; });
  }
  constexpr Make As(OnlineType type) const {
    return With([&](Op& o) { o.online = type; });
  }
  constexpr Make Memblock() const {
    return With([](Op& o) { o.memblock = true; });
  }
  constexpr Make NoRef() const {
    return With([](Op& o) { o.no_ref = true; });
  }
  constexpr Make Busy() const {
    return With([](Op& o) { o.busy = true; });
  }
  constexpr Make Ram() const {
    return With([](Op& o) { o.ram = true; });
  }
  constexpr Make Second() const {
    return With([](Op& o) { o.has_second = true; });
  }
  constexpr Make WithAltmap() const {
    return With([](Op& o) { o.altmap.given = true; });
  }
  constexpr Make Fill(int fill) const {
    return With([&](Op& o) { o.fill = static_cast<int16_t>(fill); });
  }

  constexpr OpCode Take(uint8_t age, uint8_t weight) const { return {op_, Shape::kTake, age, weight}; }
  constexpr OpCode Body(uint8_t weight) const { return {op_, BodyShape(), 0, weight}; }
  constexpr OpCode Whole(uint8_t weight) const { return {op_, Shape::kWhole, 0, weight}; }
  constexpr OpCode Free(uint8_t weight) const { return {op_, Shape::kFree, 0, weight}; }

 private:
  // Most bodies are one range or one page.
  constexpr Shape BodyShape() const {
    if (op_.has_second || op_.altmap.given) return Shape::kBody;
    if (TraitsOf(op_.kind).has_range) return Shape::kPlace;
    return HasArg(op_.kind, Arg::kPfn) ? Shape::kPoint : Shape::kBody;
  }

  Op op_;
};

constexpr OpCode kRows[] = {
    Make(OpKind::kMemremapPages).Body(28),
    Make(OpKind::kMemremapPages).As(MemoryType::kFsDax).Body(4),
    Make(OpKind::kMemremapPages).As(MemoryType::kPrivate).Body(3),
    Make(OpKind::kMemremapPages).As(MemoryType::kUnset).Body(1),
    Make(OpKind::kMemremapPages).NoRef().Body(1),
    Make(OpKind::kMemremapPages).WithAltmap().Body(5),
    Make(OpKind::kMemremapPages).Second().Body(3),
    Make(OpKind::kMemremapPages).Free(1),
    Make(OpKind::kMemunmapPages).Take(0, 10),
    Make(OpKind::kMemunmapPages).Take(1, 7),
    Make(OpKind::kMemunmapPages).Take(2, 4),
    Make(OpKind::kMemunmapPages).Take(3, 2),
    Make(OpKind::kMemunmapPages).Free(1),
    Make(OpKind::kAddMemory).Body(16),
    Make(OpKind::kAddMemory).Node(1).Body(2),
    Make(OpKind::kAddMemory).Free(1),
    Make(OpKind::kRemoveMemory).Take(0, 6),
    Make(OpKind::kRemoveMemory).Take(1, 3),
    Make(OpKind::kRemoveMemory).Take(2, 2),
    Make(OpKind::kRemoveMemory).Free(1),
    Make(OpKind::kOnlinePages).As(OnlineType::kMovable).Take(0, 4),
    Make(OpKind::kOnlinePages).As(OnlineType::kKeep).Take(0, 3),
    Make(OpKind::kOnlinePages).As(OnlineType::kKernel).Take(0, 2),
    Make(OpKind::kOnlinePages).As(OnlineType::kMovable).Take(1, 3),
    Make(OpKind::kOnlinePages).As(OnlineType::kKeep).Take(1, 1),
    Make(OpKind::kOnlinePages).As(OnlineType::kMovable).Take(2, 1),
    Make(OpKind::kOnlinePages).As(OnlineType::kMovable).Body(2),
    Make(OpKind::kOnlinePages).As(OnlineType::kKeep).Body(1),
    Make(OpKind::kOnlinePages).As(OnlineType::kKernel).Body(1),
    Make(OpKind::kOnlinePages).Free(1),
    Make(OpKind::kOfflinePages).Take(0, 6),
    Make(OpKind::kOfflinePages).Take(1, 3),
    Make(OpKind::kOfflinePages).Take(2, 1),
    Make(OpKind::kOfflinePages).Body(2),
    Make(OpKind::kAddPages).Body(7),
    Make(OpKind::kAddPages).Free(1),
    Make(OpKind::kRemovePages).On(Zone::kNormal).Take(0, 2),
    Make(OpKind::kRemovePages).On(Zone::kMovable).Take(0, 1),
    Make(OpKind::kRemovePages).On(Zone::kDevice).Take(0, 1),
    Make(OpKind::kRemovePages).On(Zone::kDma).Take(0, 1),
    Make(OpKind::kRemovePages).On(Zone::kNormal).Take(1, 1),
    Make(OpKind::kRemovePages).Free(1),
    Make(OpKind::kArchAddMemory).Body(4),
    Make(OpKind::kArchAddMemory).Memblock().Body(3),
    Make(OpKind::kArchAddMemory).WithAltmap().Body(2),
    Make(OpKind::kArchAddMemory).Free(1),
    Make(OpKind::kArchRemoveMemory).Take(0, 3),
    Make(OpKind::kArchRemoveMemory).Memblock().Take(0, 2),
    Make(OpKind::kArchRemoveMemory).Take(1, 1),
    Make(OpKind::kArchRemoveMemory).Free(1),
    Make(OpKind::kMovePfnRangeToZone).On(Zone::kNormal).Take(0, 2),
    Make(OpKind::kMovePfnRangeToZone).On(Zone::kMovable).Take(0, 1),
    Make(OpKind::kMovePfnRangeToZone).On(Zone::kDevice).Take(0, 1),
    Make(OpKind::kMovePfnRangeToZone).Free(1),
    Make(OpKind::kRemovePfnRangeFromZone).On(Zone::kNormal).Take(0, 1),
    Make(OpKind::kRemovePfnRangeFromZone).On(Zone::kMovable).Take(0, 1),
    Make(OpKind::kRemovePfnRangeFromZone).Free(1),
    Make(OpKind::kPinPage).Body(5),
    Make(OpKind::kUnpinPage).Take(0, 3),
    Make(OpKind::kUnpinPage).Take(1, 1),
    Make(OpKind::kUnpinPage).Body(1),
    Make(OpKind::kInsertResource).Busy().Body(2),
    Make(OpKind::kInsertResource).Body(2),
    Make(OpKind::kInsertResource).Busy().Ram().Body(1),
    Make(OpKind::kInsertResource).Ram().Body(1),
    Make(OpKind::kRemoveResource).Take(0, 2),
    Make(OpKind::kRemoveResource).Take(1, 1),
    Make(OpKind::kRemoveResource).Free(1),
    Make(OpKind::kRegionIntersects).Body(7),
    Make(OpKind::kPfnValid).Body(12),
    Make(OpKind::kPfnToOnlinePage).Body(12),
    Make(OpKind::kGetDevPagemap).Body(12),
    Make(OpKind::kStructPage).Body(12),
    Make(OpKind::kMemmapFill).Fill(0).Whole(1),
    Make(OpKind::kMemmapFill).Fill(0xff).Whole(1),
    Make(OpKind::kMemmapFill).Fill(0x55).Whole(1),
    Make(OpKind::kMemmapFill).Fill(kFillKeep).Whole(1),
    Make(OpKind::kMemmapFill).Free(1),
    Make(OpKind::kFailAlloc).Free(4),
};
constexpr unsigned kCodeRows = std::size(kRows);

// What makes the thing that `kind` would undo.
constexpr OpKind MakerFor(OpKind kind) {
  switch (kind) {
    case OpKind::kMemunmapPages: return OpKind::kMemremapPages;
    case OpKind::kRemoveMemory:
    case OpKind::kOnlinePages:
    case OpKind::kOfflinePages: return OpKind::kAddMemory;
    case OpKind::kArchRemoveMemory: return OpKind::kArchAddMemory;
    case OpKind::kUnpinPage: return OpKind::kPinPage;
    case OpKind::kRemoveResource: return OpKind::kInsertResource;
    default: return OpKind::kAddPages;
  }
}

static_assert(kCodeRows == kOpCodes);

constexpr bool HasBody(Shape shape) {
  return shape == Shape::kPlace || shape == Shape::kPoint || shape == Shape::kBody;
}

consteval OpCodeTable MakeCodes() {
  OpCodeTable codes;
  unsigned byte = 0;
  for (unsigned row = 0; row < kCodeRows; ++row) {
    codes.rows[row] = kRows[row];
    codes.first_byte[row] = static_cast<uint8_t>(byte);
    for (unsigned i = 0; i < kRows[row].weight; ++i) codes.row_of_byte[byte++] = static_cast<uint8_t>(row);
  }
  for (unsigned row = 0; row < kCodeRows; ++row) {
    OpCode& code = codes.rows[row];
    code.instead = static_cast<uint8_t>(row);
    if (code.shape != Shape::kTake) continue;
    code.bank = TraitsOf(code.op.kind).takes;
    code.instead = 0;
    while (kRows[code.instead].op.kind != MakerFor(code.op.kind) || !HasBody(kRows[code.instead].shape)) ++code.instead;
  }
  return codes;
}

consteval unsigned TotalWeight() {
  unsigned total = 0;
  for (const OpCode& row : kRows) total += row.weight;
  return total;
}
static_assert(TotalWeight() == kBytes);

// Number of values of a small argument; 1 for arguments that are not small.
constexpr unsigned ValuesOf(Arg arg) {
  switch (arg) {
    case Arg::kZone: return kZones;
    case Arg::kNid: return kMaxNodes;
    case Arg::kType: return 4;
    case Arg::kOnlineType: return 3;
    case Arg::kMemblock:
    case Arg::kAltmap:
    case Arg::kNoRef:
    case Arg::kSecond:
    case Arg::kBusy:
    case Arg::kRam: return 2;
    default: return 1;
  }
}

unsigned Get(const Op& op, Arg arg) {
  switch (arg) {
    case Arg::kZone: return static_cast<unsigned>(op.zone);
    case Arg::kNid: return op.nid;
    case Arg::kType: return static_cast<unsigned>(op.type);
    case Arg::kOnlineType: return static_cast<unsigned>(op.online);
    case Arg::kMemblock: return op.memblock;
    case Arg::kAltmap: return op.altmap.given;
    case Arg::kNoRef: return op.no_ref;
    case Arg::kSecond: return op.has_second;
    case Arg::kBusy: return op.busy;
    case Arg::kRam: return op.ram;
    default: return 0;
  }
}

void Set(Arg arg, unsigned value, Op* op) {
  switch (arg) {
    case Arg::kZone: op->zone = static_cast<Zone>(value); break;
    case Arg::kNid: op->nid = static_cast<Nid>(value); break;
    case Arg::kType: op->type = static_cast<MemoryType>(value); break;
    case Arg::kOnlineType: op->online = static_cast<OnlineType>(value); break;
    case Arg::kMemblock: op->memblock = value != 0; break;
    case Arg::kAltmap: op->altmap.given = value != 0; break;
    case Arg::kNoRef: op->no_ref = value != 0; break;
    case Arg::kSecond: op->has_second = value != 0; break;
    case Arg::kBusy: op->busy = value != 0; break;
    case Arg::kRam: op->ram = value != 0; break;
    default: break;
  }
}

bool SaysWhole(const OpCode& code, const Op& op, const Landmarks& marks) {
  if (code.shape == Shape::kWhole) return code.op == op;
  if (code.shape != Shape::kTake) return false;
  const Bank& bank = marks.bank(code.bank);
  if (bank.empty()) return false;
  Op taken = code.op;
  SetFromEntry(bank.At(code.age), &taken);
  return taken == op;
}

}  // namespace

constinit const OpCodeTable kOpCodeTable = MakeCodes();

ChosenCode ChooseCode(const Op& op, const Landmarks& marks) {
  ChosenCode body;
  const uint8_t small = SmallArgs(op);
  for (unsigned row = 0; row < kCodeRows; ++row) {
    const OpCode& code = kOpCodeTable.rows[row];
    if (code.op.kind != op.kind) continue;
    const ChosenCode chosen{kOpCodeTable.first_byte[row], code.shape};
    if (SaysWhole(code, op, marks)) return chosen;
    if (HasBody(body.shape)) continue;
    if (code.shape == Shape::kFree || (HasBody(code.shape) && SmallArgs(code.op) == small)) body = chosen;
  }
  return body;
}

uint8_t SmallArgs(const Op& op) {
  unsigned number = 0;
  unsigned scale = 1;
  for (const Arg arg : SpecOf(op.kind).args) {
    number += Get(op, arg) * scale;
    scale *= ValuesOf(arg);
  }
  return static_cast<uint8_t>(number);
}

void SetSmallArgs(uint8_t number, Op* op) {
  unsigned rest = number;
  for (const Arg arg : SpecOf(op->kind).args) {
    const unsigned values = ValuesOf(arg);
    Set(arg, rest % values, op);
    rest /= values;
  }
  if (op->has_second || op->type == MemoryType::kPrivate) op->altmap.given = false;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
