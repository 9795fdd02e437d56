// SPDX-License-Identifier: Apache-2.0
// Registry: the tables of implementations and pairs.
#include "registry/registry.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "impl_legacy/legacy_layer.h"
#include "impl_subsection/mainline_layer.h"
#include "impl_subsection/series_v5_layer.h"
#include "oracle/reference/legacy.h"
#include "oracle/reference/mainline.h"
#include "oracle/reference/series_v5.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// From the oldest on.
constexpr Implementation kTable[] = {
    {"legacy", Generation::kLegacy, [] { return MakeLegacyLayer(); }, [] { return MakeLegacyReference(); }},
    {"series-v5", Generation::kSeries, [] { return MakeSeriesV5Layer(); }, [] { return MakeSeriesV5Reference(); }},
    {"mainline-6.1", Generation::kMainline, [] { return MakeMainlineLayer(MainlineVersion::k6_1); },
     [] { return MakeMainlineReference(MainlineReferenceVersion::k6_1); }},
    {"mainline-6.12", Generation::kMainline, [] { return MakeMainlineLayer(MainlineVersion::k6_12); },
     [] { return MakeMainlineReference(MainlineReferenceVersion::k6_12); }},
};

constexpr ImplementationPair kDefaultPairs[] = {{&kTable[0], &kTable[2]}, {&kTable[0], &kTable[3]}};

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

std::string KnownNames() {
  return absl::StrJoin(kTable, ", ",
                       [](std::string* out, const Implementation& one) { absl::StrAppend(out, Absl(one.name)); });
}

}  // namespace

absl::Span<const Implementation> Implementations() { return kTable; }
absl::Span<const ImplementationPair> DefaultPairs() { return kDefaultPairs; }

const Implementation* FindImplementation(std::string_view name) {
  for (const Implementation& implementation : kTable) {
    if (implementation.name == name) return &implementation;
  }
  return nullptr;
}

absl::StatusOr<ImplementationPair> ParsePair(absl::string_view text) {
  const std::vector<absl::string_view> names = absl::StrSplit(text, ',');
  std::array<const Implementation*, 2> found{};
  for (size_t i = 0; i < names.size() && i < found.size(); ++i) {
    found[i] = FindImplementation({names[i].data(), names[i].size()});
  }
  if (names.size() != 2 || found[0] == nullptr || found[1] == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("no pair '", text, "'; two of ", KnownNames(), ", with a comma"));
  }
  // They stand in one table.
  return ImplementationPair{std::min(found[0], found[1]), std::max(found[0], found[1])};
}

Party MakeParty(const Implementation& implementation) {
  return {implementation.name, implementation.generation, implementation.make_layer(), implementation.make_reference()};
}

Lockstep MakeLockstep(const ImplementationPair& pair) {
  return Lockstep(MakeParty(*pair.left), MakeParty(*pair.right));
}
Lockstep MakeDefaultLockstep() { return MakeLockstep(kDefaultPairs[0]); }

absl::Status SwitchOffClauses(absl::string_view list, Lockstep* lockstep) {
  const auto clauses = Clauses();
  for (const absl::string_view name : absl::StrSplit(list, ',', absl::SkipEmpty())) {
    bool found = false;
    for (size_t i = 0; i < clauses.size(); ++i) {
      const Clause& clause = clauses[i];
      const bool named =
          name == Absl(clause.id) || (!clause.known.empty() && (name == "known" || name == Absl(clause.known)));
      if (!named || !clause.HoldsIn(lockstep->pair())) continue;
      lockstep->SwitchOff(static_cast<ClauseIndex>(i));
      found = true;
    }
    if (!found) {
      return absl::InvalidArgumentError(absl::StrCat(
          "no clause '", name, "' in this pair; a clause of hpfuzz contract, the number of a known bug, or known"));
    }
  }
  return absl::OkStatus();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
