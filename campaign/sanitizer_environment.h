// SPDX-License-Identifier: Apache-2.0
// What a fuzz target's sanitizers are told. What the user has in the environment comes later and wins.
#ifndef HPFUZZ_CAMPAIGN_SANITIZER_ENVIRONMENT_H_
#define HPFUZZ_CAMPAIGN_SANITIZER_ENVIRONMENT_H_

#include "process/child.h"

namespace hpfuzz {

Environment SanitizerEnvironment();

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_SANITIZER_ENVIRONMENT_H_
