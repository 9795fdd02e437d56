// SPDX-License-Identifier: Apache-2.0
// Statistics: the lines that the launcher sums up.
#include "oracle/statistics.h"

#include "absl/strings/str_cat.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::string Statistics::Print() const {
  constexpr char kPrefix[] = "hpfuzz-stats: ";
  std::string text = absl::StrCat(kPrefix, "executions=", traces, "\n", kPrefix, "operations=", operations, "\n",
                                  kPrefix, "applied_both=", applied_both, "\n", kPrefix, "changed=", changed, "\n",
                                  kPrefix, "compared=", compared, "\n", kPrefix, "suspended=", suspended, "\n");
  const auto clauses = Clauses();
  for (size_t i = 0; i < clauses.size(); ++i) {
    if (!clauses[i].HoldsIn(pair)) continue;
    absl::StrAppend(&text, kPrefix, "clause:", absl::string_view(clauses[i].id.data(), clauses[i].id.size()), "=",
                    clause[i], "\n");
  }
  return text;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
