// SPDX-License-Identifier: Apache-2.0
// Op: the closed set of operations, as data. One table row per kind (kOpSpecs) says its name, its arguments and what it
// can change; text, bytes, generation, reduction and probing are all driven by that row, so a new kind is one row, one
// case in Apply(), and nothing else. A kind without a row does not compile.
//
// Not covered: running (Apply is in trace/apply.h), the text and byte forms (trace/text.h, trace/bytes.h).
#ifndef HPFUZZ_TRACE_OP_H_
#define HPFUZZ_TRACE_OP_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "hotplug/layer.h"
#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class OpKind : uint8_t {
  kAddPages,
  kRemovePages,
  kArchAddMemory,
  kArchRemoveMemory,
  kAddMemory,
  kRemoveMemory,
  kOnlinePages,
  kOfflinePages,
  kMovePfnRangeToZone,
  kRemovePfnRangeFromZone,
  kMemremapPages,
  kMemunmapPages,
  kPinPage,
  kUnpinPage,
  kInsertResource,
  kRemoveResource,
  kRegionIntersects,
  kPfnValid,
  kPfnToOnlinePage,
  kGetDevPagemap,
  kStructPage,
  kMemmapFill,
  kFailAlloc,
  kRegion,
  kNsCreate,
  kNsEnable,
  kNsDisable,
  kNsDestroy,
  kNsRead,
  kNsWrite,
  kDaxAccess,
  kCorrupt,
  kReboot,
};
inline constexpr unsigned kOpKinds = 33;
// Those about NVDIMMs.
constexpr bool IsNvdimmOp(OpKind kind) { return kind >= OpKind::kRegion; }
// Probes a namespace, which may map it.
constexpr bool BindsNamespace(OpKind kind) { return kind == OpKind::kNsCreate || kind == OpKind::kNsEnable; }

// One operation. Fields that its kind does not name in its row hold their defaults, so that equality is meaningful.
struct Op {
  OpKind kind = OpKind::kPfnValid;
  Zone zone = Zone::kNormal;
  Nid nid = 0;
  MemoryType type = MemoryType::kGeneric;
  OnlineType online = OnlineType::kKeep;
  bool memblock = false;
  bool no_ref = false;
  bool busy = false;
  bool ram = false;
  bool has_second = false;
  // The ordinal of the mapping, resource, region or namespace, each counted on its own in trace order.
  Handle handle = kNoHandle;
  int16_t fill = 0;  // 0..255, or kFillKeep
  FailPlan fail = {};
  Pfn pfn = {};
  PhysRange range = {};
  PhysRange second = {};
  Altmap altmap = {};

  // region
  bool read_only = false;
  bool hidden = false;
  bool unreadable = false;
  bool blk = false;
  // ns_create; uuids by their seed
  Personality personality = Personality::kRaw;
  MemmapMode mode = MemmapMode::kNone;
  uint8_t uuid = 0;
  uint8_t parent = 0;
  Handle region = kNoHandle;  // the ordinal of the region
  bool dax = false;           // ns_read, ns_write
  bool sealed = false;        // corrupt
  bool other = false;         // reboot
  PhysRange extent = {};      // of a region (ns_create) or of a namespace (ns_read, ns_write, corrupt), in bytes
  uint64_t number = 0;        // align (ns_create), value (corrupt), delta (reboot), offset (dax_access)
  bool operator==(const Op&) const = default;
};

// Arguments, in the order in which they are written. "Optional" ones are written only when not the default.
enum class Arg : uint8_t {
  kEnd,
  kRange,  // START-LAST or START+LENGTH
  kPfn,
  kZone,
  kNewMapping,  // a name that this operation defines
  kMapping,     // a name defined before, or "-"
  kNewResource,
  kResource,
  kNid,         // optional: node N
  kMemblock,    // optional: memblock
  kAltmap,      // optional: altmap BASE RESERVE FREE
  kType,        // optional: fsdax | private | unset
  kNoRef,       // optional: noref
  kSecond,      // optional: and RANGE
  kOnlineType,  // movable | kernel | keep
  kBusy,        // busy | idle
  kRam,         // optional: ram
  kFill,        // 00..ff | keep
  kFail,        // at|from N SITE
  kNewRegion,
  kReadOnly,      // optional: ro
  kHidden,        // optional: hidden
  kUnreadable,    // optional: unreadable
  kBlk,           // optional: blk
  kNewNamespace,  // a name that this operation defines
  kRegion,        // a region defined before, or "-"
  kNamespace,     // a namespace defined before, or "-"
  kExtent,        // OFFSET+LENGTH
  kSettings,      // raw | fsdax|devdax none|ram|pmem align N uuid SEED, and optional: parent SEED
  kByte,          // 00..ff
  kDax,           // optional: dax
  kOffset,
  kPart,    // a field of the info block by its name, or OFFSET+LENGTH
  kValue,   // at most 64 bits
  kSealed,  // optional: sealed
  kOther,   // same | other
  kDelta,   // optional: base+N | base-N
};

// What an operation can change, and so what is compared after it.
enum Effect : uint8_t {
  kNothing = 0,
  kSections = 1,   // sections, pages and lookups around its range (or, for handles, around that mapping's ranges)
  kSpans = 2,      // zone and node spans
  kResources = 4,  // the resource tree
  kEverything = kSections | kSpans | kResources,
  kNamespaces = 8,  // what can be seen of namespaces, and what the media hold
};

struct OpSpec {
  OpKind kind;
  std::string_view name;
  std::array<Arg, 7> args;  // up to the first kEnd
  uint8_t effects;
};

inline constexpr std::array<OpSpec, kOpKinds> kOpSpecs = {{
    {OpKind::kAddPages, "__add_pages", {Arg::kRange, Arg::kNid}, kSections},
    {OpKind::kRemovePages, "__remove_pages", {Arg::kZone, Arg::kRange}, kSections | kSpans},
    {OpKind::kArchAddMemory, "arch_add_memory", {Arg::kRange, Arg::kNid, Arg::kMemblock, Arg::kAltmap}, kSections},
    {OpKind::kArchRemoveMemory,
     "arch_remove_memory",
     {Arg::kRange, Arg::kNid, Arg::kMemblock, Arg::kAltmap},
     kSections | kSpans},
    {OpKind::kAddMemory, "add_memory", {Arg::kRange, Arg::kNid}, kEverything},
    {OpKind::kRemoveMemory, "remove_memory", {Arg::kRange, Arg::kNid}, kEverything},
    {OpKind::kOnlinePages, "online_pages", {Arg::kRange, Arg::kOnlineType}, kSections | kSpans},
    {OpKind::kOfflinePages, "offline_pages", {Arg::kRange}, kSections | kSpans},
    {OpKind::kMovePfnRangeToZone, "move_pfn_range_to_zone", {Arg::kZone, Arg::kRange, Arg::kNid}, kSections | kSpans},
    {OpKind::kRemovePfnRangeFromZone,
     "remove_pfn_range_from_zone",
     {Arg::kZone, Arg::kRange, Arg::kNid},
     kSections | kSpans},
    {OpKind::kMemremapPages,
     "memremap_pages",
     {Arg::kNewMapping, Arg::kRange, Arg::kSecond, Arg::kType, Arg::kNoRef, Arg::kAltmap},
     kSections | kSpans},
    {OpKind::kMemunmapPages, "memunmap_pages", {Arg::kMapping}, kSections | kSpans},
    {OpKind::kPinPage, "pin_page", {Arg::kPfn}, kNothing},
    {OpKind::kUnpinPage, "unpin_page", {Arg::kPfn}, kSections | kSpans},
    {OpKind::kInsertResource, "insert_resource", {Arg::kNewResource, Arg::kRange, Arg::kBusy, Arg::kRam}, kResources},
    {OpKind::kRemoveResource, "remove_resource", {Arg::kResource}, kResources},
    {OpKind::kRegionIntersects, "region_intersects", {Arg::kRange}, kNothing},
    {OpKind::kPfnValid, "pfn_valid", {Arg::kPfn}, kNothing},
    {OpKind::kPfnToOnlinePage, "pfn_to_online_page", {Arg::kPfn}, kNothing},
    {OpKind::kGetDevPagemap, "get_dev_pagemap", {Arg::kPfn}, kNothing},
    {OpKind::kStructPage, "struct_page", {Arg::kPfn}, kNothing},
    {OpKind::kMemmapFill, "memmap_fill", {Arg::kFill}, kNothing},
    {OpKind::kFailAlloc, "fail_alloc", {Arg::kFail}, kNothing},
    {OpKind::kRegion,
     "region",
     {Arg::kNewRegion, Arg::kRange, Arg::kReadOnly, Arg::kHidden, Arg::kUnreadable, Arg::kBlk},
     kResources},
    {OpKind::kNsCreate,
     "ns_create",
     {Arg::kNewNamespace, Arg::kRegion, Arg::kExtent, Arg::kSettings},
     kSections | kSpans | kNamespaces},
    {OpKind::kNsEnable, "ns_enable", {Arg::kNamespace}, kSections | kSpans | kNamespaces},
    {OpKind::kNsDisable, "ns_disable", {Arg::kNamespace}, kSections | kSpans | kNamespaces},
    {OpKind::kNsDestroy, "ns_destroy", {Arg::kNamespace}, kNamespaces},
    {OpKind::kNsRead, "ns_read", {Arg::kNamespace, Arg::kExtent, Arg::kDax}, kNothing},
    {OpKind::kNsWrite, "ns_write", {Arg::kNamespace, Arg::kExtent, Arg::kByte, Arg::kDax}, kNamespaces},
    {OpKind::kDaxAccess, "dax_access", {Arg::kNamespace, Arg::kOffset}, kNothing},
    {OpKind::kCorrupt, "corrupt", {Arg::kNamespace, Arg::kPart, Arg::kValue, Arg::kSealed}, kNamespaces},
    {OpKind::kReboot, "reboot", {Arg::kOther, Arg::kDelta}, kEverything | kNamespaces},
}};

// Rows stand in the order of OpKind and none is missing.
consteval bool OpSpecsAreComplete() {
  for (unsigned i = 0; i < kOpKinds; ++i) {
    if (kOpSpecs[i].kind != static_cast<OpKind>(i) || kOpSpecs[i].name.empty()) return false;
  }
  return true;
}
static_assert(OpSpecsAreComplete());
static_assert(static_cast<unsigned>(OpKind::kReboot) + 1 == kOpKinds);

constexpr const OpSpec& SpecOf(OpKind kind) { return kOpSpecs[static_cast<unsigned>(kind)]; }

// The arguments of each kind as a set: HasArg() is asked several times an operation.
consteval std::array<uint64_t, kOpKinds> MakeArgSets() {
  std::array<uint64_t, kOpKinds> sets{};
  for (unsigned kind = 0; kind < kOpKinds; ++kind) {
    for (const Arg arg : kOpSpecs[kind].args) sets[kind] |= uint64_t{1} << static_cast<unsigned>(arg);
  }
  return sets;
}
inline constexpr std::array<uint64_t, kOpKinds> kArgSets = MakeArgSets();
constexpr bool HasArg(OpKind kind, Arg arg) {
  return (kArgSets[static_cast<unsigned>(kind)] >> static_cast<unsigned>(arg) & 1) != 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_OP_H_
