// SPDX-License-Identifier: Apache-2.0
// Picture: what physical memory looked like on both sides at boot and after every operation of a run, sub-section by
// sub-section, as data for those who draw it (draw_picture.h).
//
// Not covered: facts that are not about a place (spans, resources); what the references say.
#ifndef HPFUZZ_ORACLE_PICTURE_H_
#define HPFUZZ_ORACLE_PICTURE_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "oracle/explain.h"
#include "oracle/lockstep.h"
#include "oracle/side.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Who has a sub-section, as its first and last page tell.
enum class Tenant : uint8_t {
  kHole,        // no memmap
  kBootRam,     // online, from boot
  kHotOnline,   // online, added later
  kHotOffline,  // has a memmap and a memory block, neither of its pages is online
  kDevice,      // a live device mapping
  kPadding,     // of a namespace, and kept out of its mapping
  kNobody,      // a memmap that belongs to none of them
  kMixed,       // the first and the last page have different ones
};
inline constexpr unsigned kTenants = 8;

// How those who draw call them.
struct TenantSpec {
  Tenant tenant;
  std::string_view id;  // for programs
  char letter;
  std::string_view meaning;
};
inline constexpr std::array<TenantSpec, kTenants> kTenantSpecs = {{
    {Tenant::kHole, "hole", '.', "nothing"},
    {Tenant::kBootRam, "boot-ram", '#', "boot RAM"},
    {Tenant::kHotOnline, "hot-online", '+', "RAM added, online"},
    {Tenant::kHotOffline, "hot-offline", 'o', "RAM offline"},
    {Tenant::kDevice, "device", 'D', "device mapping"},
    {Tenant::kPadding, "padding", 'p', "padding of a namespace"},
    {Tenant::kNobody, "nobody", 'm', "memmap of nobody"},
    {Tenant::kMixed, "mixed", '%', "two of these"},
}};
consteval bool TenantSpecsAreComplete() {
  for (unsigned i = 0; i < kTenants; ++i) {
    if (kTenantSpecs[i].tenant != static_cast<Tenant>(i) || kTenantSpecs[i].id.empty()) return false;
  }
  return static_cast<unsigned>(Tenant::kMixed) + 1 == kTenants;
}
static_assert(TenantSpecsAreComplete());

struct SubsectionPicture {
  Tenant tenant = Tenant::kHole;
  // Of kDevice and kPadding: whose, by the mapping; of a namespace, MappingOfNamespace().
  Handle owner = kNoHandle;
  bool operator==(const SubsectionPicture&) const = default;
};

struct SectionPicture {
  SectionNr nr;
  std::array<SubsectionPicture, kSubsectionsPerSection> side[kSides] = {};

  // A bit for each sub-section that the sides show differently.
  uint64_t differs() const;
  // The same whatever its number is.
  bool LooksLike(const SectionPicture& other) const;
};
// In ascending order.
using MemoryPicture = std::vector<SectionPicture>;

// Sections that one picture shows. A range may touch thousands; they mostly look the same.
inline constexpr size_t kMostPictureSections = 64;

struct Picture {
  size_t hidden_sections = 0;  // touched by the trace, beyond kMostPictureSections
  MemoryPicture boot;
  StepLog log;                        // tear-down included
  std::vector<MemoryPicture> memory;  // after each step of `log`
  Finding finding;
};

// Runs the trace and keeps what was seen of the sections that it touches; of too many, those first that the finding, or
// an expectation that is not met, is about. What `lockstep` can be asked afterwards is as after one run.
Picture TakePicture(const Trace& trace, Lockstep& lockstep);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_PICTURE_H_
