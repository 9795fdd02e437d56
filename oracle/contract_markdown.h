// SPDX-License-Identifier: Apache-2.0
// The contract and the invariants as the text of docs/contract.md, and parts of it for those who quote one row.
#ifndef HPFUZZ_ORACLE_CONTRACT_MARKDOWN_H_
#define HPFUZZ_ORACLE_CONTRACT_MARKDOWN_H_

#include <cstdint>
#include <string>

#include "oracle/contract.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::string ContractMarkdown();

// "anything", "succeeds or stops", "-EINVAL".
std::string ForetoldText(const Foretold& foretold);
// What suspends an invariant: "never", "a change of zone by hand".
std::string SuspendedText(uint8_t suspended_by);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_CONTRACT_MARKDOWN_H_
