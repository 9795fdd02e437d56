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
};
inline constexpr unsigned kOpKinds = 23;

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
  Handle handle = kNoHandle;  // the ordinal of the mapping or resource, each counted on its own in trace order
  int16_t fill = 0;           // 0..255, or kFillKeep
  FailPlan fail = {};
  Pfn pfn = {};
  PhysRange range = {};
  PhysRange second = {};
  Altmap altmap = {};
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
};

// What an operation can change, and so what is compared after it.
enum Effect : uint8_t {
  kNothing = 0,
  kSections = 1,   // sections, pages and lookups around its range (or, for handles, around that mapping's ranges)
  kSpans = 2,      // zone and node spans
  kResources = 4,  // the resource tree
  kEverything = kSections | kSpans | kResources,
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
}};

// Rows stand in the order of OpKind and none is missing.
consteval bool OpSpecsAreComplete() {
  for (unsigned i = 0; i < kOpKinds; ++i) {
    if (kOpSpecs[i].kind != static_cast<OpKind>(i) || kOpSpecs[i].name.empty()) return false;
  }
  return true;
}
static_assert(OpSpecsAreComplete());
static_assert(static_cast<unsigned>(OpKind::kFailAlloc) + 1 == kOpKinds);

constexpr const OpSpec& SpecOf(OpKind kind) { return kOpSpecs[static_cast<unsigned>(kind)]; }

// The arguments of each kind as a set: HasArg() is asked several times an operation.
consteval std::array<uint32_t, kOpKinds> MakeArgSets() {
  std::array<uint32_t, kOpKinds> sets{};
  for (unsigned kind = 0; kind < kOpKinds; ++kind) {
    for (const Arg arg : kOpSpecs[kind].args) sets[kind] |= uint32_t{1} << static_cast<unsigned>(arg);
  }
  return sets;
}
inline constexpr std::array<uint32_t, kOpKinds> kArgSets = MakeArgSets();
constexpr bool HasArg(OpKind kind, Arg arg) {
  return (kArgSets[static_cast<unsigned>(kind)] >> static_cast<unsigned>(arg) & 1) != 0;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_OP_H_
