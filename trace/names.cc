// SPDX-License-Identifier: Apache-2.0
// Names: rules, generated names, scope.
#include "trace/names.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// In the place of an answer these mean something else.
constexpr absl::string_view kAnswerWords[] = {"already",  "none",       "pending", "BUG",  "FAULT",
                                              "disjoint", "intersects", "mixed",   "DMA",  "DMA32",
                                              "Normal",   "Movable",    "Device",  "data", "pfn"};
constexpr unsigned kLetters = 26;

// What a generated name begins with; 0: it is made of letters alone.
constexpr char LetterOf(NameKind kind) {
  switch (kind) {
    case NameKind::kMapping: return 0;
    case NameKind::kResource: return 'r';
    case NameKind::kRegion: return 'p';
    case NameKind::kNamespace: return 'n';
  }
  return 0;
}

}  // namespace

bool IsName(absl::string_view word) {
  if (word.empty() || word.size() > kMaxNameBytes) return false;
  if (absl::ascii_isdigit(static_cast<unsigned char>(word[0])) || word[0] == '.') return false;
  for (const unsigned char c : word) {
    if (!absl::ascii_isalnum(c) && c != '_' && c != '.') return false;
  }
  return std::find(std::begin(kAnswerWords), std::end(kAnswerWords), word) == std::end(kAnswerWords);
}

// Bijective base 26. No answer word is one: kMaxOps handles need three letters at most, and `pfn` would come after
// them.
std::string GeneratedName(NameKind kind, Handle handle) {
  if (const char letter = LetterOf(kind); letter != 0) return absl::StrCat(absl::string_view(&letter, 1), handle);
  std::string name;
  for (unsigned rest = handle + 1U; rest != 0; rest = (rest - 1) / kLetters) {
    name.insert(name.begin(), static_cast<char>('a' + (rest - 1) % kLetters));
  }
  return name;
}

std::string NameOf(NameKind kind, Handle handle, absl::Span<const std::string> names) {
  if (handle == kNoHandle) return "-";
  if (handle == kForeignHandle) return "?";
  return handle < names.size() ? names[handle] : GeneratedName(kind, handle);
}

std::optional<Handle> HandleOf(NameKind kind, absl::string_view word, absl::Span<const std::string> names) {
  for (size_t i = names.size(); i-- > 0;) {
    if (names[i] == word) return static_cast<Handle>(i);
  }
  uint32_t handle = 0;
  if (const char letter = LetterOf(kind); letter != 0) {
    if (word.empty() || word[0] != letter || !absl::SimpleAtoi(word.substr(1), &handle)) return std::nullopt;
  } else {
    for (const char c : word.substr(0, 4)) {
      if (!absl::ascii_islower(static_cast<unsigned char>(c))) return std::nullopt;
      handle = handle * kLetters + static_cast<uint32_t>(c - 'a') + 1;
    }
    --handle;
  }
  const bool is_generated =
      handle < kMaxOps && handle >= names.size() && GeneratedName(kind, static_cast<Handle>(handle)) == word;
  return is_generated ? std::optional<Handle>(static_cast<Handle>(handle)) : std::nullopt;
}

Handle NameScope::Define(absl::string_view name) {
  const auto handle = static_cast<Handle>(by_handle_.size());
  by_handle_.emplace_back(name);
  latest_[name] = handle;
  return handle;
}

std::optional<Handle> NameScope::Find(absl::string_view name) const {
  const auto it = latest_.find(name);
  return it == latest_.end() ? std::nullopt : std::optional<Handle>(it->second);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
