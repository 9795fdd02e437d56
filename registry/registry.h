// SPDX-License-Identifier: Apache-2.0
// Registry: the implementations by name, each with the reference it is judged by. A new implementation is one folder,
// one factory and one row of the table in registry.cc.
#ifndef HPFUZZ_REGISTRY_REGISTRY_H_
#define HPFUZZ_REGISTRY_REGISTRY_H_

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hotplug/layer.h"
#include "oracle/lockstep.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct Implementation {
  std::string_view name;  // as traces and reports call it
  Generation generation;  // it belongs to
  std::unique_ptr<HotplugLayer> (*make_layer)();
  std::unique_ptr<HotplugLayer> (*make_reference)();
};

absl::Span<const Implementation> Implementations();
// nullptr when there is none of that name.
const Implementation* FindImplementation(std::string_view name);

// Two of them, the older one first; one beside itself is judged by its reference alone.
struct ImplementationPair {
  const Implementation* left;
  const Implementation* right;
};
// What is run where nobody asks for another pair: legacy beside each version of mainline.
absl::Span<const ImplementationPair> DefaultPairs();
// "A,B" in any order. InvalidArgument: it is not that, or there is none of that name.
absl::StatusOr<ImplementationPair> ParsePair(absl::string_view text);

Party MakeParty(const Implementation& implementation);
Lockstep MakeLockstep(const ImplementationPair& pair);
// The first of the default pairs, which fuzz targets run: legacy and mainline-6.1.
Lockstep MakeDefaultLockstep();
// Switches off the clauses that hold in the pair and are named by `list`, comma-separated: by id, by the number of a
// known bug, or by "known", which means every difference that is known to be a fault. InvalidArgument: no such clause.
absl::Status SwitchOffClauses(absl::string_view list, Lockstep* lockstep);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_REGISTRY_REGISTRY_H_
