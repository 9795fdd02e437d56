// SPDX-License-Identifier: Apache-2.0
// Rules of NVDIMMs that hold in each world by itself, whatever its reference says: what a probe turns into, and what
// happens to a user's data. Not covered: where the two generations may differ (nvdimm_clauses.h).
#ifndef HPFUZZ_ORACLE_NVDIMM_RULES_H_
#define HPFUZZ_ORACLE_NVDIMM_RULES_H_

#include <cstdint>
#include <string_view>

#include "absl/types/span.h"
#include "hotplug/nvdimm.h"
#include "oracle/side.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class NvdimmRule : uint8_t { kProbeOutcome, kUserDataKept, kInfoBlockZeroed, kSizesAddUp };
inline constexpr unsigned kNvdimmRuleCount = 4;

struct NvdimmRuleRow {
  std::string_view id;  // characters [a-z-]
  std::string_view says;
  std::string_view source;
};
// By NvdimmRule.
absl::Span<const NvdimmRuleRow> NvdimmRules();

// A set of dispositions.
using Dispositions = uint8_t;
constexpr Dispositions Be(Disposition disposition) {
  return static_cast<Dispositions>(1U << static_cast<unsigned>(disposition));
}

// A device that could not be attached: enabled again, it makes a new block where it finds none.
inline constexpr Dispositions kFailedDevice = Be(Disposition::kPfnFailed) | Be(Disposition::kDaxFailed);

// What the driver of a namespace makes of what nd_pfn_validate says, in each generation: a row for each answer that it
// can give (0 or a negated errno).
struct ProbeRow {
  Side side;
  int16_t validate;
  Dispositions outcomes;  // one of these
  int16_t answer;         // of the probe itself when no device claims the namespace
};
absl::Span<const ProbeRow> ProbeTable();
// The row, or nullptr: that answer is never given.
const ProbeRow* FindProbe(Side side, int validate);

// Whether sizes add up in a namespace that is attached.
bool SizesAddUp(const NamespaceFacts& facts, uint64_t size);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_NVDIMM_RULES_H_
