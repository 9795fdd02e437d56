// SPDX-License-Identifier: Apache-2.0
// PairChoice: which pairs traces are run on, and which clauses are switched off: the default pairs and none, or what
// these variables of the environment say. hpfuzz sets them by --pair and --without. Variables, because engines hand no
// options to a fuzz target, and because whoever minimises or triages runs traces in child processes, too.
#ifndef HPFUZZ_REGISTRY_PAIR_CHOICE_H_
#define HPFUZZ_REGISTRY_PAIR_CHOICE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "oracle/lockstep.h"
#include "registry/registry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

inline constexpr char kPairVariable[] = "HPFUZZ_PAIR";        // as ParsePair() takes it
inline constexpr char kWithoutVariable[] = "HPFUZZ_WITHOUT";  // as SwitchOffClauses() takes it

// InvalidArgument: a variable is set to what it cannot be.
absl::Status CheckPairChoice();
// Of a choice that is right.
std::vector<ImplementationPair> ChosenPairs();
Lockstep MakeChosenLockstep(const ImplementationPair& pair);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_REGISTRY_PAIR_CHOICE_H_
