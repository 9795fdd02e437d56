// SPDX-License-Identifier: Apache-2.0
// Names of files.
#include "files/file_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "files/sha1.h"

namespace hpfuzz {
namespace {

// File systems take 255 bytes; whoever appends to the name has room.
constexpr size_t kMaxTextBytes = 110;
constexpr absl::string_view kAllowed = "_.-+";

}  // namespace

std::string FileNameOf(const std::string& text) {
  std::string name = text.substr(0, kMaxTextBytes);
  std::replace_if(
      name.begin(), name.end(),
      [](unsigned char c) {
        return !absl::ascii_isalnum(c) && kAllowed.find(static_cast<char>(c)) == absl::string_view::npos;
      },
      '-');
  if (!name.empty() && name[0] == '.') name[0] = '-';
  return name == text && !name.empty() ? name : absl::StrCat(name, "-", Sha1(text).substr(0, 8));
}

}  // namespace hpfuzz
