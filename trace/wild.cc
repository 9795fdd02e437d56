// SPDX-License-Identifier: Apache-2.0
// Wild maps and operations, argument by argument.
#include "trace/wild.h"

#include "hotplug/info_block_fields.h"
#include "trace/map_builder.h"
#include "trace/op_limits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kUnits[] = {1, kPageSize, kSubsectionSize, kSectionSize};

// Small multiples of a unit, edges of the world, or all 64 bits.
uint64_t WildNumber(Rng& rng) {
  switch (rng.Below(8)) {
    case 0: return rng.Next();
    case 1: return rng.Next() >> rng.Below(64);
    case 2: return (uint64_t{1} << rng.Below(64)) - kUnits[rng.Below(4)] + kUnits[rng.Below(4)];
    default: return rng.Below(40) * kUnits[rng.Below(4)];
  }
}

PhysRange WildRange(Rng& rng, OpKind kind) {
  const uint64_t start = WildNumber(rng);
  return ClampToRangeLimit(kind, {start, WildNumber(rng)});
}

Handle WildHandle(Rng& rng, Handle defined) {
  return defined == 0 || rng.Below(8) == 0 ? kNoHandle : static_cast<Handle>(rng.Below(defined));
}

PhysRange WildExtent(Rng& rng) { return {WildNumber(rng), WildNumber(rng)}; }

void SetWildSettings(Rng& rng, Op* op) {
  op->personality = static_cast<Personality>(rng.Below(3));
  if (op->personality == Personality::kRaw) return;
  op->mode = static_cast<MemmapMode>(rng.Below(3));
  op->number = WildNumber(rng);
  op->uuid = static_cast<uint8_t>(rng.Next());
  op->parent = static_cast<uint8_t>(rng.Percent(50) ? 0 : rng.Next());
}

void SetWildNvdimm(Arg arg, Rng& rng, const Defined& defined, Op* op) {
  const auto count = [&](Counter counter) { return defined[static_cast<unsigned>(counter)]; };
  switch (arg) {
    case Arg::kNewRegion: op->handle = count(Counter::kRegions); break;
    case Arg::kReadOnly: op->read_only = rng.Percent(20); break;
    case Arg::kHidden: op->hidden = rng.Percent(20); break;
    case Arg::kUnreadable: op->unreadable = rng.Percent(10); break;
    case Arg::kBlk: op->blk = rng.Percent(10); break;
    case Arg::kNewNamespace: op->handle = count(Counter::kNamespaces); break;
    case Arg::kRegion: op->region = WildHandle(rng, count(Counter::kRegions)); break;
    case Arg::kNamespace: op->handle = WildHandle(rng, count(Counter::kNamespaces)); break;
    case Arg::kExtent: op->extent = WildExtent(rng); break;
    case Arg::kSettings: SetWildSettings(rng, op); break;
    case Arg::kByte: op->fill = static_cast<int16_t>(rng.Below(256)); break;
    case Arg::kDax: op->dax = rng.Percent(50); break;
    case Arg::kPart: {
      const InfoBlockField& field = kInfoBlockFields[rng.Below(kInfoBlockFields.size())];
      op->extent = rng.Percent(30) ? WildExtent(rng) : PhysRange{kInfoBlockOffset + field.offset, field.size};
      break;
    }
    case Arg::kSealed: op->sealed = rng.Percent(50); break;
    case Arg::kOther: op->other = rng.Percent(50); break;
    case Arg::kOffset:
    case Arg::kDelta: op->number = WildNumber(rng); break;
    case Arg::kValue: op->number = WildNumber(rng) & MaxCorruptValue(op->extent); break;
    default: break;
  }
}

void SetWild(Arg arg, Rng& rng, const Defined& defined, Op* op) {
  const Handle mappings = defined[static_cast<unsigned>(Counter::kMappings)];
  const Handle resources = defined[static_cast<unsigned>(Counter::kResources)];
  switch (arg) {
    case Arg::kEnd: break;
    case Arg::kRange: op->range = WildRange(rng, op->kind); break;
    case Arg::kPfn: op->pfn = rng.Below(8) == 0 ? Pfn(rng.Next()) : Pfn::OfByte(WildNumber(rng)); break;
    case Arg::kZone: op->zone = static_cast<Zone>(rng.Below(kZones)); break;
    case Arg::kNewMapping: op->handle = mappings; break;
    case Arg::kMapping: op->handle = WildHandle(rng, mappings); break;
    case Arg::kNewResource: op->handle = resources; break;
    case Arg::kResource: op->handle = WildHandle(rng, resources); break;
    case Arg::kNid: op->nid = static_cast<Nid>(rng.Below(kMaxNodes)); break;
    case Arg::kMemblock: op->memblock = rng.Percent(50); break;
    case Arg::kAltmap:
      if (op->has_second || op->type == MemoryType::kPrivate || rng.Percent(50)) break;
      op->altmap = {true, WildNumber(rng), WildNumber(rng), WildNumber(rng)};
      break;
    case Arg::kType: op->type = static_cast<MemoryType>(rng.Below(4)); break;
    case Arg::kNoRef: op->no_ref = rng.Percent(20); break;
    case Arg::kSecond:
      op->has_second = rng.Percent(20);
      if (op->has_second) op->second = WildRange(rng, op->kind);
      break;
    case Arg::kOnlineType: op->online = static_cast<OnlineType>(rng.Below(3)); break;
    case Arg::kBusy: op->busy = rng.Percent(50); break;
    case Arg::kRam: op->ram = rng.Percent(50); break;
    case Arg::kFill: op->fill = static_cast<int16_t>(rng.Below(257)) + kFillKeep; break;
    case Arg::kFail:
      op->fail = {static_cast<AllocSite>(rng.Below(kAllocSites)), rng.Percent(50),
                  static_cast<uint32_t>(rng.Next() >> (32 + rng.Below(32)) | 1)};
      break;
    default: SetWildNvdimm(arg, rng, defined, op); break;
  }
}

}  // namespace

void MakeWildMap(Rng& rng, FirmwareMap* map) {
  const uint64_t count = rng.Below(8);
  for (uint64_t i = 0; i < count; ++i) {
    FirmwareRange range;
    range.kind = static_cast<FirmwareKind>(rng.Percent(50) ? 0 : rng.Below(4));
    range.nid = static_cast<Nid>(rng.Percent(70) ? 0 : rng.Below(kMaxNodes));
    const uint64_t unit = kUnits[rng.Between(1, 3)];
    const uint64_t units = 12 * kSectionSize / unit;
    range.range.start = rng.Below(units) * unit;
    range.range.size = rng.Between(1, 4 * kSectionSize / unit) * unit;
    if (rng.Percent(3)) range.range = {AlignDown(WildNumber(rng), kPageSize), AlignDown(WildNumber(rng), kPageSize)};
    InsertRange(range, map);
  }
  if (rng.Percent(30)) map->phys_bits = static_cast<uint8_t>(rng.Between(kMinPhysBits, kMaxPhysBits));
  map->five_level = rng.Percent(20);
  if (rng.Percent(30)) map->movable_start = AlignDown(rng.Below(8 * kSectionSize), kPageSize);
}

Op MakeWildOp(Rng& rng, const Defined& defined) {
  Op op;
  op.kind = static_cast<OpKind>(rng.Below(kOpKinds));
  for (const Arg arg : SpecOf(op.kind).args) SetWild(arg, rng, defined, &op);
  return op;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
