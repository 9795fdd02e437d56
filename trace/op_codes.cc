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

  constexpr Make Hidden() const {
    return With([](Op& o) { o.hidden = true; });
  }
  constexpr Make Dax() const {
    return With([](Op& o) { o.dax = true; });
  }
  constexpr Make Sealed() const {
    return With([](Op& o) { o.sealed = true; });
  }
  constexpr Make Other() const {
    return With([](Op& o) { o.other = true; });
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

// In traces that speak of NVDIMMs, before those of kRows with one byte each.
constexpr OpCode kNvdimmRows[] = {
    Make(OpKind::kRegion).Body(11),         Make(OpKind::kRegion).Hidden().Body(1),
    Make(OpKind::kRegion).Free(3),          Make(OpKind::kNsCreate).Body(35),
    Make(OpKind::kNsCreate).Free(1),        Make(OpKind::kNsEnable).Take(0, 12),
    Make(OpKind::kNsEnable).Take(1, 8),     Make(OpKind::kNsEnable).Take(2, 4),
    Make(OpKind::kNsEnable).Free(2),        Make(OpKind::kNsDisable).Take(0, 10),
    Make(OpKind::kNsDisable).Take(1, 6),    Make(OpKind::kNsDisable).Take(2, 3),
    Make(OpKind::kNsDisable).Free(1),       Make(OpKind::kNsDestroy).Take(0, 4),
    Make(OpKind::kNsDestroy).Take(1, 2),    Make(OpKind::kNsDestroy).Free(1),
    Make(OpKind::kNsRead).Body(9),          Make(OpKind::kNsRead).Dax().Body(3),
    Make(OpKind::kNsRead).Free(1),          Make(OpKind::kNsWrite).Body(11),
    Make(OpKind::kNsWrite).Dax().Body(4),   Make(OpKind::kNsWrite).Free(1),
    Make(OpKind::kDaxAccess).Body(7),       Make(OpKind::kDaxAccess).Free(1),
    Make(OpKind::kCorrupt).Body(6),         Make(OpKind::kCorrupt).Sealed().Body(11),
    Make(OpKind::kCorrupt).Free(1),         Make(OpKind::kReboot).Whole(5),
    Make(OpKind::kReboot).Other().Whole(8), Make(OpKind::kReboot).Body(2),
    Make(OpKind::kReboot).Other().Body(3),
};

// What makes the thing that `kind` would undo, or work with.
constexpr OpKind MakerFor(OpKind kind) {
  switch (kind) {
    case OpKind::kMemunmapPages: return OpKind::kMemremapPages;
    case OpKind::kRemoveMemory:
    case OpKind::kOnlinePages:
    case OpKind::kOfflinePages: return OpKind::kAddMemory;
    case OpKind::kArchRemoveMemory: return OpKind::kArchAddMemory;
    case OpKind::kUnpinPage: return OpKind::kPinPage;
    case OpKind::kRemoveResource: return OpKind::kInsertResource;
    case OpKind::kNsCreate: return OpKind::kRegion;
    default: return IsNvdimmOp(kind) ? OpKind::kNsCreate : OpKind::kAddPages;
  }
}

constexpr bool HasBody(Shape shape) {
  return shape == Shape::kPlace || shape == Shape::kPoint || shape == Shape::kBody;
}

// The bank that must not be empty for the operation to make sense.
constexpr BankId NeededBank(const OpCode& code) {
  if (code.shape == Shape::kTake) return TraitsOf(code.op.kind).takes;
  if (code.shape == Shape::kFree) return BankId::kNone;  // so that whatever is asked for has a code
  if (code.op.kind == OpKind::kNsCreate) return BankId::kRegions;
  return HasArg(code.op.kind, Arg::kNamespace) ? BankId::kNamespaces : BankId::kNone;
}

consteval void AddRow(const OpCode& row, unsigned weight, unsigned* byte, OpCodeTable* codes) {
  const unsigned number = codes->count++;
  codes->rows[number] = row;
  codes->first_byte[number] = static_cast<uint8_t>(*byte);
  for (unsigned i = 0; i < weight; ++i) codes->row_of_byte[(*byte)++] = static_cast<uint8_t>(number);
}

consteval void FillBanks(OpCodeTable* codes) {
  for (unsigned row = 0; row < codes->count; ++row) {
    OpCode& code = codes->rows[row];
    code.instead = static_cast<uint8_t>(row);
    code.bank = NeededBank(code);
    if (code.bank == BankId::kNone) continue;
    code.instead = 0;
    const auto makes = [&](const OpCode& other) {
      return other.op.kind == MakerFor(code.op.kind) && HasBody(other.shape);
    };
    while (!makes(codes->rows[code.instead])) ++code.instead;
  }
}

consteval OpCodeTable MakeCodes() {
  OpCodeTable codes;
  unsigned byte = 0;
  for (const OpCode& row : kRows) AddRow(row, row.weight, &byte, &codes);
  FillBanks(&codes);
  return codes;
}

consteval OpCodeTable MakeNvdimmCodes() {
  OpCodeTable codes;
  unsigned byte = 0;
  for (const OpCode& row : kNvdimmRows) AddRow(row, row.weight, &byte, &codes);
  for (const OpCode& row : kRows) AddRow(row, 1, &byte, &codes);
  FillBanks(&codes);
  return codes;
}

template <size_t kCount>
consteval unsigned TotalWeight(const OpCode (&rows)[kCount]) {
  unsigned total = 0;
  for (const OpCode& row : rows) total += row.weight;
  return total;
}
static_assert(TotalWeight(kRows) == kBytes);
static_assert(TotalWeight(kNvdimmRows) + std::size(kRows) == kBytes);
static_assert(std::size(kNvdimmRows) + std::size(kRows) <= kMaxOpCodes);

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
    case Arg::kRam:
    case Arg::kReadOnly:
    case Arg::kHidden:
    case Arg::kUnreadable:
    case Arg::kBlk:
    case Arg::kDax:
    case Arg::kSealed:
    case Arg::kOther: return 2;
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
    case Arg::kReadOnly: return op.read_only;
    case Arg::kHidden: return op.hidden;
    case Arg::kUnreadable: return op.unreadable;
    case Arg::kBlk: return op.blk;
    case Arg::kDax: return op.dax;
    case Arg::kSealed: return op.sealed;
    case Arg::kOther: return op.other;
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
    case Arg::kReadOnly: op->read_only = value != 0; break;
    case Arg::kHidden: op->hidden = value != 0; break;
    case Arg::kUnreadable: op->unreadable = value != 0; break;
    case Arg::kBlk: op->blk = value != 0; break;
    case Arg::kDax: op->dax = value != 0; break;
    case Arg::kSealed: op->sealed = value != 0; break;
    case Arg::kOther: op->other = value != 0; break;
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
constinit const OpCodeTable kNvdimmCodeTable = MakeNvdimmCodes();

ChosenCode ChooseCode(const Op& op, const Landmarks& marks) {
  const OpCodeTable& table = marks.nvdimm() ? kNvdimmCodeTable : kOpCodeTable;
  ChosenCode body;
  const uint8_t small = SmallArgs(op);
  for (unsigned row = 0; row < table.count; ++row) {
    const OpCode& code = table.rows[row];
    if (code.op.kind != op.kind || (code.bank != BankId::kNone && marks.bank(code.bank).empty())) continue;
    const ChosenCode chosen{table.first_byte[row], code.shape};
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
