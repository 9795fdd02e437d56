// SPDX-License-Identifier: Apache-2.0
// The traces that are kept in the source tree.
#ifndef HPFUZZ_TESTS_FILES_H_
#define HPFUZZ_TESTS_FILES_H_

#include <string>
#include <string_view>
#include <vector>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Regular files below a folder of the source tree whose names end in `extension`, in the order of their names. None
// when there is no such folder.
std::vector<std::string> FilesBelow(std::string_view folder, std::string_view extension = {});

std::string ContentOf(const std::string& path);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_FILES_H_
