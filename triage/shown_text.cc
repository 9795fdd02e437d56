// SPDX-License-Identifier: Apache-2.0
// ShownText: a table of ranges of characters, as their bytes in UTF-8, which sort as the characters do.
#include "triage/shown_text.h"

#include <array>
#include <cstdint>

#include "absl/strings/str_format.h"

namespace hpfuzz {
namespace {

struct Hidden {
  std::string_view first;
  std::string_view last;
};
using namespace std::string_view_literals;
constexpr std::array<Hidden, 10> kHidden = {{
    {"\x00"sv, "\x08"sv},                  // control characters, without tab and line end
    {"\x0b"sv, "\x1f"sv},                  //
    {"\x7f"sv, "\x7f"sv},                  //
    {"\xc2\x80"sv, "\xc2\x9f"sv},          //
    {"\xc2\xad"sv, "\xc2\xad"sv},          // soft hyphen
    {"\xd8\x9c"sv, "\xd8\x9c"sv},          // Arabic letter mark
    {"\xe2\x80\x8b"sv, "\xe2\x80\x8f"sv},  // zero width, marks of direction
    {"\xe2\x80\xa8"sv, "\xe2\x80\xae"sv},  // line and paragraph separators, embeddings and overrides
    {"\xe2\x81\xa0"sv, "\xe2\x81\xaf"sv},  // joiners, isolates
    {"\xef\xbb\xbf"sv, "\xef\xbb\xbf"sv},  // byte order mark
}};

// Bytes of the hidden character at the front; 0: it is none.
size_t HiddenLength(std::string_view text) {
  for (const Hidden& range : kHidden) {
    const std::string_view front = text.substr(0, range.first.size());
    if (range.first <= front && front <= range.last && front.size() == range.first.size()) return front.size();
  }
  return 0;
}

uint32_t CharacterOf(std::string_view bytes) {
  if (bytes.size() == 1) return static_cast<uint8_t>(bytes[0]);
  uint32_t character = static_cast<uint8_t>(bytes[0]) & (bytes.size() == 2 ? 0x1f : 0x0f);
  for (const char byte : bytes.substr(1)) character = character << 6 | (static_cast<uint8_t>(byte) & 0x3f);
  return character;
}

}  // namespace

std::string ShownText(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const size_t length = HiddenLength(text);
    if (length == 0) {
      shown += text[0];
    } else if (!text.starts_with("\r\n")) {
      absl::StrAppendFormat(&shown, "<U+%04X>", CharacterOf(text.substr(0, length)));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return shown;
}

}  // namespace hpfuzz
