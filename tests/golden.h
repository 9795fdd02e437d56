// SPDX-License-Identifier: Apache-2.0
// Golden files: inputs and expected outputs side by side in one text file, under tests/golden/.
//
//   ==== name of the case
//   input, any number of lines
//   ----
//   expected output, any number of lines
//
// With HPFUZZ_UPDATE_GOLDEN=1 in the environment a file is rewritten with the actual outputs instead of compared.
#ifndef HPFUZZ_TESTS_GOLDEN_H_
#define HPFUZZ_TESTS_GOLDEN_H_

#include <functional>
#include <string>
#include <string_view>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Runs every case of tests/golden/`file_name`; each difference is a failure that names file and case.
void CheckGolden(std::string_view file_name, const std::function<std::string(const std::string& input)>& run);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_GOLDEN_H_
