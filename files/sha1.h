// SPDX-License-Identifier: Apache-2.0
// SHA-1 (FIPS 180-4), because libFuzzer names files by it: an input that two engines found has one name. Not for
// secrets.
#ifndef HPFUZZ_FILES_SHA1_H_
#define HPFUZZ_FILES_SHA1_H_

#include <string>

#include "absl/strings/string_view.h"

namespace hpfuzz {

// 40 hexadecimal digits.
std::string Sha1(absl::string_view bytes);

}  // namespace hpfuzz

#endif  // HPFUZZ_FILES_SHA1_H_
