// SPDX-License-Identifier: Apache-2.0
// The contract and the invariants as the text of docs/contract.md.
#ifndef HPFUZZ_ORACLE_CONTRACT_MARKDOWN_H_
#define HPFUZZ_ORACLE_CONTRACT_MARKDOWN_H_

#include <string>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::string ContractMarkdown();

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_CONTRACT_MARKDOWN_H_
