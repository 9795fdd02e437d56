// SPDX-License-Identifier: Apache-2.0
// PairChoice: reading the environment.
#include "registry/pair_choice.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

absl::string_view Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? absl::string_view() : absl::string_view(value);
}

}  // namespace

absl::Status CheckPairChoice() {
  if (const absl::string_view pair = Variable(kPairVariable); !pair.empty()) {
    if (const auto parsed = ParsePair(pair); !parsed.ok()) return parsed.status();
  }
  const absl::string_view without = Variable(kWithoutVariable);
  if (without.empty()) return absl::OkStatus();
  for (const ImplementationPair& pair : ChosenPairs()) {
    Lockstep lockstep = MakeLockstep(pair);
    if (absl::Status done = SwitchOffClauses(without, &lockstep); !done.ok()) return done;
  }
  return absl::OkStatus();
}

std::vector<ImplementationPair> ChosenPairs() {
  const absl::string_view pair = Variable(kPairVariable);
  if (!pair.empty()) {
    if (const auto parsed = ParsePair(pair); parsed.ok()) return {*parsed};
  }
  return {DefaultPairs().begin(), DefaultPairs().end()};
}

Lockstep MakeChosenLockstep(const ImplementationPair& pair) {
  Lockstep lockstep = MakeLockstep(pair);
  SwitchOffClauses(Variable(kWithoutVariable), &lockstep).IgnoreError();  // CheckPairChoice() has told
  return lockstep;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
