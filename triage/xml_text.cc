// SPDX-License-Identifier: Apache-2.0
// XmlText: decoding UTF-8, then a table of escapes.
#include "triage/xml_text.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace hpfuzz {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// Lead bytes of sequences of two to four bytes, the bits of theirs that count, and the least character that may be
// written with so many: RFC 3629.
struct Sequence {
  uint8_t mask;
  uint8_t lead;
  size_t length;
  uint32_t least;
};
constexpr std::array<Sequence, 4> kSequences = {{
    {0x80, 0x00, 1, 0},
    {0xe0, 0xc0, 2, 0x80},
    {0xf0, 0xe0, 3, 0x800},
    {0xf8, 0xf0, 4, 0x10000},
}};

// How many bytes the character at the front of `bytes`, which are not empty, takes, if XML allows it; 0 if it is none.
size_t AllowedLength(std::string_view bytes) {
  for (const Sequence& sequence : kSequences) {
    const auto first = static_cast<uint8_t>(bytes[0]);
    if ((first & sequence.mask) != sequence.lead) continue;
    if (bytes.size() < sequence.length) return 0;
    uint32_t character = first & static_cast<uint8_t>(~sequence.mask);
    for (size_t i = 1; i < sequence.length; ++i) {
      const auto next = static_cast<uint8_t>(bytes[i]);
      if ((next & 0xc0) != 0x80) return 0;
      character = character << 6 | (next & 0x3f);
    }
    const bool control = character < 0x20 && character != '\t' && character != '\n' && character != '\r';
    const bool surrogate = character >= 0xd800 && character < 0xe000;
    const bool none = character == 0xfffe || character == 0xffff || character > 0x10ffff || character < sequence.least;
    return control || surrogate || none ? 0 : sequence.length;
  }
  return 0;
}

// Empty: stands for itself.
std::string_view EscapeOf(char character) {
  switch (character) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\r': return "&#13;";  // readers turn a bare one into a line end
    default: return {};
  }
}

}  // namespace

std::string XmlText(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const size_t length = AllowedLength(bytes);
    const std::string_view escape = EscapeOf(bytes[0]);
    text.append(length == 0 ? kReplacement : !escape.empty() ? escape : bytes.substr(0, length));
    bytes.remove_prefix(length == 0 ? 1 : length);
  }
  return text;
}

}  // namespace hpfuzz
