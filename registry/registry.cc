// SPDX-License-Identifier: Apache-2.0
// Registry: the table of implementations.
#include "registry/registry.h"

#include "impl_legacy/legacy_layer.h"
#include "impl_subsection/mainline_layer.h"
#include "oracle/reference/legacy.h"
#include "oracle/reference/mainline.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr Implementation kTable[] = {
    {"legacy", Side::kLegacy, [] { return MakeLegacyLayer(); }, [] { return MakeLegacyReference(); }},
    {"mainline-6.1", Side::kSubsection, [] { return MakeMainlineLayer(MainlineVersion::k6_1); },
     [] { return MakeMainlineReference(MainlineReferenceVersion::k6_1); }},
    {"mainline-6.12", Side::kSubsection, [] { return MakeMainlineLayer(MainlineVersion::k6_12); },
     [] { return MakeMainlineReference(MainlineReferenceVersion::k6_12); }},
};

}  // namespace

absl::Span<const Implementation> Implementations() { return kTable; }

const Implementation* FindImplementation(std::string_view name) {
  for (const Implementation& implementation : kTable) {
    if (implementation.name == name) return &implementation;
  }
  return nullptr;
}

Party MakeParty(const Implementation& implementation) {
  return {implementation.name, implementation.make_layer(), implementation.make_reference()};
}

Lockstep MakeDefaultLockstep() { return Lockstep(MakeParty(kTable[0]), MakeParty(kTable[1])); }

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
