// SPDX-License-Identifier: Apache-2.0
// RegressionTestSource: literals that hold any bytes, words that are safe in comments and names, and one template.
#include "triage/regression_test_source.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "files/sha1.h"
#include "triage/crash_key.h"

namespace hpfuzz {
namespace {

// Of a literal: short lines, and far below the 65,536 characters that every compiler takes.
constexpr size_t kMostColumns = 100;
// Names of tests become names of classes and of files.
constexpr size_t kMostName = 80;
constexpr size_t kMostKey = 160;

// $WORD$ stands for what differs. No formatting: lines are as long as keys are.
constexpr char kTemplate[] = R"(// SPDX-License-Identifier: Apache-2.0
// $KEY$: $BEFORE$.
// To keep the finding mended, copy this file, which `hpfuzz triage` made, to
// $PATH$
// clang-format off
#include <gtest/gtest.h>

$STANDARD$#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "hotplug/geometry.h"
$PROJECT$#include "registry/workbench_geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using namespace std::string_view_literals;

static_assert(kGeometryName == $GEOMETRY$sv, "the trace is of another geometry: see the path above");

// Lines of the trace; long ones in pieces.
const std::string_view kTrace[] = {
$TRACE$};

TEST(Regression, $NAME$) {
  std::string trace;
  for (const std::string_view piece : kTrace) trace += piece;
$CHOOSE$  const absl::StatusOr<Replay> replay = GetWorkbench().ReplayTrace(trace, "$KEY$");
$FORGET$  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_TRUE(replay->agrees) << "found as $KEY$, now " << replay->key << "\n" << replay->text;
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
)";

// A byte inside a literal. Octal digits end after three, unlike hexadecimal ones; two question marks would begin a
// trigraph.
std::string Escaped(char c, char before) {
  if (c == '\n') return "\\n";
  if (c == '"' || c == '\\') return {'\\', c};
  if (c == '?' && before == '?') return "\\?";
  if (absl::ascii_isprint(static_cast<unsigned char>(c))) return {c};
  const auto byte = static_cast<uint8_t>(c);
  const auto digit = [byte](int shift) { return static_cast<char>('0' + (byte >> shift & 7)); };
  return {'\\', digit(6), digit(3), digit(0)};
}

// Literals, a row each, that are `bytes` one after the other: at least one.
std::string LiteralRows(std::string_view bytes) {
  std::string rows;
  std::string literal;
  char before = 0;
  const auto end_row = [&] {
    absl::StrAppend(&rows, "    \"", literal, "\"sv,\n");
    literal.clear();
    before = 0;
  };
  for (const char c : bytes) {
    literal += Escaped(c, before);
    before = c;
    if (c == '\n' || literal.size() >= kMostColumns) end_row();
  }
  if (!literal.empty() || rows.empty()) end_row();
  return rows;
}

std::string Literal(std::string_view bytes) {
  std::string literal = "\"";
  char before = 0;
  for (const char c : bytes.substr(0, kMostColumns)) {
    literal += Escaped(c, before);
    before = c;
  }
  return literal + "\"";
}

// The characters of keys as they are, the others as '_': for comments and for literals.
std::string KeyWord(std::string_view key) {
  std::string word;
  for (const char c : key.substr(0, kMostKey)) {
    const bool plain = absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-';
    word += plain ? c : '_';
  }
  return word.empty() ? "finding" : word;
}

// Tells tests of one key apart.
std::string Fingerprint(const RegressionTest& test) {
  const std::string end(1, '\0');
  const std::string pair = test.pair.empty() ? "" : absl::StrCat(test.pair, end);
  return Sha1(absl::StrCat(pair, test.name, end, test.key, end, test.trace)).substr(0, 8);
}

std::string_view Title(const RegressionTest& test) { return test.name.empty() ? test.key : test.name; }

// Words of letters and digits, each with a capital.
std::string TestName(const RegressionTest& test) {
  std::string name;
  bool capital = true;
  for (const char c : Title(test).substr(0, kMostName)) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) name += capital ? absl::ascii_toupper(byte) : c;
    capital = !absl::ascii_isalnum(byte);
  }
  return absl::StrCat(name.empty() ? "Finding" : name, "X", Fingerprint(test));
}

std::string FileStem(const RegressionTest& test) {
  std::string stem;
  for (const char c : Title(test).substr(0, kMostName)) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) {
      stem += absl::ascii_tolower(byte);
    } else if (!stem.empty() && stem.back() != '_') {
      stem += '_';
    }
  }
  if (stem.empty()) stem = "finding";
  return absl::StrCat(stem, stem.back() == '_' ? "" : "_", Fingerprint(test));
}

}  // namespace

std::string RegressionTestPath(const RegressionTest& test) {
  // The geometry of real machines has no folder of its own.
  const std::string folder = test.geometry == "tiny" ? "tests/tiny/regression/" : "tests/regression/";
  return absl::StrCat(folder, FileStem(test), "_test.cc");
}

std::string RegressionTestSource(const RegressionTest& test) {
  const std::string before =
      IsCrashKey(test.key) ? "ends this test, as long as it is there" : "fails this test, as long as it is there";
  const std::string key = KeyWord(test.key);
  const bool chosen = !test.pair.empty();
  return absl::StrReplaceAll(
      kTemplate, {{"$KEY$", key},
                  {"$BEFORE$", before},
                  {"$PATH$", RegressionTestPath(test)},
                  {"$STANDARD$", chosen ? "#include <cstdlib>\n" : ""},
                  {"$PROJECT$", chosen ? "#include \"registry/pair_choice.h\"\n" : ""},
                  {"$CHOOSE$", chosen ? absl::StrCat("  setenv(kPairVariable, ", Literal(test.pair), ", 1);\n") : ""},
                  {"$FORGET$", chosen ? "  unsetenv(kPairVariable);\n" : ""},
                  {"$GEOMETRY$", Literal(test.geometry)},
                  {"$TRACE$", LiteralRows(test.trace)},
                  {"$NAME$", TestName(test)}});
}

}  // namespace hpfuzz
