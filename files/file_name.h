// SPDX-License-Identifier: Apache-2.0
// Any text as the name of a file or a directory, so that no two texts share one and none leads to another directory.
#ifndef HPFUZZ_FILES_FILE_NAME_H_
#define HPFUZZ_FILES_FILE_NAME_H_

#include <string>

namespace hpfuzz {

// Letters, digits, '_', '.', '-', '+', at most 120 of them, the first no dot. A text that is none itself gets a number
// of its own.
std::string FileNameOf(const std::string& text);

}  // namespace hpfuzz

#endif  // HPFUZZ_FILES_FILE_NAME_H_
