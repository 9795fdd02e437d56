// SPDX-License-Identifier: Apache-2.0
// Options of sanitizers. The launcher's words for tests set the same (scripts/common.sh).
#include "campaign/sanitizer_environment.h"

#include <unistd.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace hpfuzz {
namespace {

std::string With(const char* name, const std::string& ours) {
  const char* users = std::getenv(name);
  return users == nullptr || *users == '\0' ? ours : absl::StrCat(ours, ":", users);
}

}  // namespace

Environment SanitizerEnvironment() {
  // A report costs memory and time per allocation; two frames of context and a small quarantine are enough for code
  // that hardly allocates.
  Environment environment = {{"ASAN_OPTIONS", With("ASAN_OPTIONS", "quarantine_size_mb=8:malloc_context_size=2")},
                             {"UBSAN_OPTIONS", With("UBSAN_OPTIONS", "print_stacktrace=1")}};
  if (std::getenv("ASAN_SYMBOLIZER_PATH") != nullptr) return environment;
  // Debian keeps the symbolizer out of PATH under its bare name, the only one sanitizers look for.
  for (const int version : {22, 19, 14}) {
    const std::string program = absl::StrCat("/usr/lib/llvm-", version, "/bin/llvm-symbolizer");
    if (access(program.c_str(), X_OK) != 0) continue;
    environment.emplace_back("ASAN_SYMBOLIZER_PATH", program);
    break;
  }
  return environment;
}

}  // namespace hpfuzz
