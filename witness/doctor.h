// SPDX-License-Identifier: Apache-2.0
// Doctor: what a machine needs to boot a guest, what of it is there, and how to get the rest.
#ifndef HPFUZZ_WITNESS_DOCTOR_H_
#define HPFUZZ_WITNESS_DOCTOR_H_

#include <string>

#include "witness/guest.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct Diagnosis {
  bool healthy = false;
  std::string text;  // one line a thing looked at
};

// Looks for programs and files, then boots the guest in `directory` once.
Diagnosis Examine(const std::string& directory);

// The implementation that models the kernel of that release: the newest that is not newer.
std::string_view ImplementationForRelease(std::string_view release);
// What the kernel in `directory` calls itself. NotFound: there is none.
absl::StatusOr<std::string> ReleaseIn(const std::string& directory);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_DOCTOR_H_
