// SPDX-License-Identifier: Apache-2.0
// KeyOfSummary.
#include "process/sanitizer_summary.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace hpfuzz {
namespace {

// "/a/b/file.cc:12:3" -> "file.cc"; "(/a/program+0x12)" -> "program".
std::string FileName(absl::string_view place) {
  absl::ConsumePrefix(&place, "(");
  place = place.substr(0, place.find_first_of(":+) "));
  return std::string(place.substr(place.find_last_of('/') + 1));
}

}  // namespace

std::string KeyOfSummary(absl::string_view summary) {
  if (absl::StrContains(summary, " leaked in ")) return "memory-leak";
  std::string text = absl::StrReplaceAll(summary, {{"(anonymous namespace)::", ""}});
  const size_t in = text.find(" in ");
  const std::vector<absl::string_view> words = absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (words.empty()) return "unnamed";
  std::string key(words[0].substr(0, words[0].find('(')));
  if (in != std::string::npos) {
    const absl::string_view function = absl::string_view(text).substr(in + 4);
    absl::StrAppend(&key, ".", function.substr(0, function.find('(')));
  } else if (words.size() > 1 && absl::StrContains(words[1], '/')) {
    absl::StrAppend(&key, ".", FileName(words[1]));
  } else {  // libFuzzer's own: words and nothing else
    key = text.substr(0, text.find('('));
  }
  absl::StripAsciiWhitespace(&key);
  std::replace_if(
      key.begin(), key.end(), [](char c) { return !absl::ascii_isgraph(static_cast<unsigned char>(c)) || c == '#'; },
      '-');
  return key.empty() ? "unnamed" : key;
}

}  // namespace hpfuzz
