// SPDX-License-Identifier: Apache-2.0
// KindTraits: what the byte form and the generator know of a kind of operation beyond its row in kOpSpecs: what it
// undoes, what it leaves to be undone.
#ifndef HPFUZZ_TRACE_KIND_TRAITS_H_
#define HPFUZZ_TRACE_KIND_TRAITS_H_

#include <array>
#include <cstdint>

#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Things that one operation leaves for a later one that undoes it or carries on with it.
enum class BankId : uint8_t {
  kNone,
  kBare,
  kArch,
  kOffline,
  kOnline,
  kMapped,
  kPinned,
  kInserted,
  kRegions,
  kNamespaces
};
inline constexpr unsigned kBanks = 10;

// What such a thing is remembered by.
enum class EntryIs : uint8_t { kRange, kHandle, kPfn };

// Handles are counted for each sort of thing that has a name.
enum class Counter : uint8_t { kNone, kMappings, kResources, kRegions, kNamespaces };
inline constexpr unsigned kCounters = 5;
// How many of each sort of thing were defined, by Counter.
using Defined = std::array<Handle, kCounters>;

struct KindTraits {
  BankId takes = BankId::kNone;
  BankId gives = BankId::kNone;
  EntryIs entry = EntryIs::kRange;
  bool has_range = false;
  Counter defines = Counter::kNone;
  bool whole_blocks = false;  // anything but whole sections is refused at once
  AllocSites sites = 0;       // where it asks for memory in one generation or in both
};

constexpr KindTraits BanksOf(OpKind kind) {
  switch (kind) {
    case OpKind::kAddPages: return {.gives = BankId::kBare};
    case OpKind::kRemovePages: return {.takes = BankId::kBare};
    case OpKind::kArchAddMemory: return {.gives = BankId::kArch};
    case OpKind::kArchRemoveMemory: return {.takes = BankId::kArch};
    case OpKind::kAddMemory: return {.gives = BankId::kOffline};
    case OpKind::kRemoveMemory: return {.takes = BankId::kOffline};
    case OpKind::kOnlinePages: return {.takes = BankId::kOffline, .gives = BankId::kOnline};
    case OpKind::kOfflinePages: return {.takes = BankId::kOnline, .gives = BankId::kOffline};
    case OpKind::kMovePfnRangeToZone:
    case OpKind::kRemovePfnRangeFromZone: return {.takes = BankId::kBare, .gives = BankId::kBare};
    case OpKind::kMemremapPages: return {.gives = BankId::kMapped};
    case OpKind::kMemunmapPages: return {.takes = BankId::kMapped};
    case OpKind::kPinPage: return {.gives = BankId::kPinned};
    case OpKind::kUnpinPage: return {.takes = BankId::kPinned};
    case OpKind::kInsertResource: return {.gives = BankId::kInserted};
    case OpKind::kRemoveResource: return {.takes = BankId::kInserted};
    case OpKind::kRegion: return {.gives = BankId::kRegions};
    case OpKind::kNsCreate: return {.gives = BankId::kNamespaces};
    case OpKind::kNsEnable:
    case OpKind::kNsDisable: return {.takes = BankId::kNamespaces, .gives = BankId::kNamespaces};
    case OpKind::kNsDestroy: return {.takes = BankId::kNamespaces};
    default: return {};
  }
}

constexpr AllocSites SitesOf(OpKind kind) {
  using enum AllocSite;
  constexpr AllocSites kPages = Sites(kRoot, kMemmap, kMemmapBase, kUsemap);
  constexpr AllocSites kArch = kPages | Sites(kDirectMap, kBlock, kBlockName);
  switch (kind) {
    case OpKind::kAddPages: return kPages;
    case OpKind::kArchAddMemory: return kArch;
    case OpKind::kAddMemory: return kArch | Sites(kResource);
    case OpKind::kRemoveMemory: return Sites(kResource);  // legacy, for the second half of a resource that is split
    case OpKind::kNsCreate:
    case OpKind::kNsEnable:
    case OpKind::kMemremapPages: return kPages | Sites(kDirectMap, kLookup, kPat, kAction, kCounter);
    default: return 0;
  }
}

constexpr KindTraits MakeTraits(OpKind kind) {
  KindTraits traits = BanksOf(kind);
  traits.has_range = HasArg(kind, Arg::kRange);
  if (HasArg(kind, Arg::kNewMapping)) traits.defines = Counter::kMappings;
  if (HasArg(kind, Arg::kNewResource)) traits.defines = Counter::kResources;
  if (HasArg(kind, Arg::kNewRegion)) traits.defines = Counter::kRegions;
  if (HasArg(kind, Arg::kNewNamespace)) traits.defines = Counter::kNamespaces;
  const bool handle = traits.defines != Counter::kNone || HasArg(kind, Arg::kMapping) || HasArg(kind, Arg::kResource) ||
                      HasArg(kind, Arg::kNamespace);
  traits.entry = handle ? EntryIs::kHandle : HasArg(kind, Arg::kPfn) ? EntryIs::kPfn : EntryIs::kRange;
  traits.whole_blocks = kind == OpKind::kAddMemory || kind == OpKind::kRemoveMemory || kind == OpKind::kOnlinePages ||
                        kind == OpKind::kOfflinePages;
  traits.sites = SitesOf(kind);
  return traits;
}

consteval std::array<KindTraits, kOpKinds> MakeAllTraits() {
  std::array<KindTraits, kOpKinds> all;
  for (unsigned i = 0; i < kOpKinds; ++i) all[i] = MakeTraits(static_cast<OpKind>(i));
  return all;
}
inline constexpr std::array<KindTraits, kOpKinds> kKindTraits = MakeAllTraits();

constexpr const KindTraits& TraitsOf(OpKind kind) { return kKindTraits[static_cast<unsigned>(kind)]; }

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_KIND_TRAITS_H_
