// SPDX-License-Identifier: Apache-2.0
// Counts: how those of several processes are put together.
#include "campaign/counts.h"

#include <algorithm>

namespace hpfuzz {

void AddCounts(const Counts& process, Counts* sum) {
  for (const auto& [name, value] : process) {
    const auto [it, first] = sum->try_emplace(name, value);
    if (first) continue;
    uint64_t& total = it->second;
    if (name == "edges") {
      total = std::max(total, value);
    } else if (name == "stability") {
      total = std::min(total, value);
    } else {
      total += value;
    }
  }
}

uint64_t CountOf(const Counts& counts, const std::string& name) {
  const auto it = counts.find(name);
  return it == counts.end() ? 0 : it->second;
}

}  // namespace hpfuzz
