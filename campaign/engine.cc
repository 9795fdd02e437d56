// SPDX-License-Identifier: Apache-2.0
// What engines share.
#include "campaign/engine.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace hpfuzz {

std::string FailureText(const std::string& what, const std::filesystem::path& log, const std::string& output) {
  constexpr size_t kLines = 20;  // a sanitizer's complaint, or what a shell says of a missing library
  const std::vector<absl::string_view> lines = absl::StrSplit(absl::StripSuffix(output, "\n"), '\n');
  const size_t first = lines.size() - std::min(lines.size(), kLines);
  return absl::StrCat(what, " The end of ", log.string(), ":\n",
                      absl::StrJoin(lines.begin() + static_cast<std::ptrdiff_t>(first), lines.end(), "\n"), "\n");
}

}  // namespace hpfuzz
