// SPDX-License-Identifier: Apache-2.0
// ShownText: what is not seen, or turns what follows, is shown as its number; everything else stays.
#include "triage/shown_text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hpfuzz {
namespace {

using namespace std::string_view_literals;

struct Row {
  std::string_view what;
  std::string_view text;
  std::string_view expected;
};

constexpr Row kRows[] = {
    {"nothing", "", ""},
    {"letters, line ends and tabs", "a\tb\nc ~", "a\tb\nc ~"},
    {"line ends of another system", "a\r\nb", "a\nb"},
    {"a lone carriage return", "a\rb", "a<U+000D>b"},
    {"a colour of a terminal", "\x1b[31m", "<U+001B>[31m"},
    {"NUL", "a\0b"sv, "a<U+0000>b"},
    {"NUL at the end", "a\0"sv, "a<U+0000>"},
    {"delete", "\x7f", "<U+007F>"},
    {"a control character of two bytes", "\xc2\x85", "<U+0085>"},
    {"the letters behind those", "\xc2\xa0\xc2\xa9", "\xc2\xa0\xc2\xa9"},
    {"from right to left", "a\xe2\x80\xaeghi", "a<U+202E>ghi"},
    {"an isolate", "\xe2\x81\xa6", "<U+2066>"},
    {"a line separator", "\xe2\x80\xa8", "<U+2028>"},
    {"a byte order mark", "\xef\xbb\xbf#", "<U+FEFF>#"},
    {"other signs of that block", "\xe2\x80\x94\xe2\x80\xa6", "\xe2\x80\x94\xe2\x80\xa6"},
    {"no UTF-8", "\xe2\x80", "\xe2\x80"},
    {"a penguin", "\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7"},
};

TEST(ShownText, Rows) {
  for (const Row& row : kRows) EXPECT_EQ(ShownText(row.text), row.expected) << row.what;
}

}  // namespace
}  // namespace hpfuzz
