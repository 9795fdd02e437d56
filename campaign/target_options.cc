// SPDX-License-Identifier: Apache-2.0
// Options of fuzz targets.
#include "campaign/target_options.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace hpfuzz {

TargetOptions OptionsIn(absl::string_view text, absl::string_view section) {
  TargetOptions options;
  bool ours = false;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (absl::StartsWith(line, "[")) ours = line == absl::StrCat("[", section, "]");
    if (!ours || absl::StartsWith(line, "#") || !absl::StrContains(line, '=')) continue;
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits('=', 1));
    options.emplace_back(absl::StripAsciiWhitespace(parts.first), absl::StripAsciiWhitespace(parts.second));
  }
  return options;
}

}  // namespace hpfuzz
