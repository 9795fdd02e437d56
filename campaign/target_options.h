// SPDX-License-Identifier: Apache-2.0
// fuzzers/TARGET.options: lines "name = value" below a line "[section]". What OSS-Fuzz reads, too.
#ifndef HPFUZZ_CAMPAIGN_TARGET_OPTIONS_H_
#define HPFUZZ_CAMPAIGN_TARGET_OPTIONS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace hpfuzz {

using TargetOptions = std::vector<std::pair<std::string, std::string>>;

// Those of one section, in their order. What is no such line says nothing.
TargetOptions OptionsIn(absl::string_view text, absl::string_view section);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_TARGET_OPTIONS_H_
