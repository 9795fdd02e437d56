// SPDX-License-Identifier: Apache-2.0
// XmlText: what XML 1.0 allows stays or is escaped, everything else is replaced, byte by byte.
#include "triage/xml_text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace hpfuzz {
namespace {

struct Row {
  std::string_view what;
  std::string_view bytes;
  std::string_view expected;
};

using namespace std::string_view_literals;

constexpr Row kRows[] = {
    {"nothing", "", ""},
    {"letters, line ends and tabs", "a\tb\nc", "a\tb\nc"},
    {"markup", R"(<a b="c">&amp;</a>)", "&lt;a b=&quot;c&quot;&gt;&amp;amp;&lt;/a&gt;"},
    {"the end of a CDATA section", "]]>", "]]&gt;"},
    {"a carriage return", "\r", "&#13;"},
    {"a colour of a terminal", "\x1b[31m", "\xef\xbf\xbd[31m"},
    {"NUL", "a\0b"sv,
     "a\xef\xbf\xbd"
     "b"},
    {"two, three and four bytes", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7"},
    {"a byte that starts nothing", "\xff", "\xef\xbf\xbd"},
    {"a byte that only continues", "\x80", "\xef\xbf\xbd"},
    {"cut off at the end", "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},
    {"cut off by a letter", "\xe2\x82z", "\xef\xbf\xbd\xef\xbf\xbdz"},
    {"longer than needed", "\xc0\xbc", "\xef\xbf\xbd\xef\xbf\xbd"},
    {"a surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"U+FFFE and U+FFFF", "\xef\xbf\xbe\xef\xbf\xbf",
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"U+10FFFF", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
    {"beyond Unicode", "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
};

TEST(XmlText, Rows) {
  for (const Row& row : kRows) EXPECT_EQ(XmlText(row.bytes), row.expected) << row.what;
}

}  // namespace
}  // namespace hpfuzz
