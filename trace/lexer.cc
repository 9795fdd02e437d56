// SPDX-License-Identifier: Apache-2.0
// Words, numbers and ranges of trace text.
#include "trace/lexer.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr absl::string_view kArrow = "->";
// Errors quote no more of a word than this; input may be binary rubbish.
constexpr size_t kMaxQuoted = 40;

size_t WordLength(absl::string_view rest) {
  if (rest.front() == ',') return 1;
  if (absl::StartsWith(rest, kArrow)) return kArrow.size();
  size_t length = 0;
  while (length < rest.size() && !absl::ascii_isspace(static_cast<unsigned char>(rest[length])) &&
         rest[length] != ',' && rest[length] != '#' && !absl::StartsWith(rest.substr(length), kArrow)) {
    ++length;
  }
  return length;
}

}  // namespace

std::string Quoted(absl::string_view word) {
  const bool cut = word.size() > kMaxQuoted;
  return absl::StrCat("\"", absl::CHexEscape(word.substr(0, kMaxQuoted)), cut ? "...\"" : "\"");
}

LineReader::LineReader(absl::string_view line, absl::string_view file, int line_number)
    : line_(line), file_(file), line_number_(line_number), word_(line.substr(0, 0)) {
  Next();
}

void LineReader::Next() {
  begin_ += word_.size();
  while (begin_ < line_.size() && absl::ascii_isspace(static_cast<unsigned char>(line_[begin_]))) ++begin_;
  const absl::string_view rest = line_.substr(begin_);
  word_ = rest.empty() || rest.front() == '#' ? rest.substr(0, 0) : rest.substr(0, WordLength(rest));
}

bool LineReader::TakeIf(absl::string_view expected) {
  if (word_ != expected) return false;
  Next();
  return true;
}

absl::Status LineReader::ErrorAt(absl::string_view read, size_t offset_in_word, absl::string_view expected) const {
  return absl::InvalidArgumentError(absl::StrCat(file_, ":", line_number_, ":", begin_ + offset_in_word + 1, ": read ",
                                                 read.empty() ? "end of line" : Quoted(read), ", expected ", expected));
}

absl::Status LineReader::ParseHex(absl::string_view digits, size_t offset, absl::string_view what,
                                  uint64_t* value) const {
  uint64_t result = 0;
  bool fits = true;
  for (const char c : digits) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return ErrorAt(digits, offset, what);
    fits = fits && result >> 60 == 0;
    const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
    result = result << 4 | static_cast<uint64_t>(lower <= '9' ? lower - '0' : lower - 'a' + 10);
  }
  if (digits.empty()) return ErrorAt(digits, offset, what);
  if (!fits) return ErrorAt(digits, offset, "a number of at most 64 bits");
  *value = result;
  return absl::OkStatus();
}

absl::Status LineReader::TakeHex(absl::string_view what, uint64_t* value) {
  const absl::Status status = ParseHex(word_, 0, what, value);
  if (status.ok()) Next();
  return status;
}

absl::Status LineReader::TakeDecimal(absl::string_view what, int64_t low, int64_t high, int64_t* value) {
  const bool digit = !word_.empty() && (absl::ascii_isdigit(static_cast<unsigned char>(word_.back())));
  const bool sign = !word_.empty() && word_.front() == '+';
  if (!digit || sign || !absl::SimpleAtoi(word_, value) || *value < low || *value > high) {
    return Error(absl::StrCat(what, " from ", low, " to ", high));
  }
  Next();
  return absl::OkStatus();
}

absl::Status LineReader::TakeRange(PhysRange* range) {
  static constexpr absl::string_view kWhat = "a range START-LAST or START+LENGTH in hexadecimal";
  const size_t sign = word_.find_first_of("-+");
  if (sign == absl::string_view::npos) return Error(kWhat);
  uint64_t second = 0;
  absl::Status status = ParseHex(word_.substr(0, sign), 0, kWhat, &range->start);
  if (status.ok()) status = ParseHex(word_.substr(sign + 1), sign + 1, kWhat, &second);
  if (!status.ok()) return status;
  if (word_[sign] == '+') {
    range->size = second;
  } else {
    if (second < range->start) return Error("a range whose last byte does not lie before its start");
    if (second - range->start == ~uint64_t{0}) return Error("a range of at most 2^64 - 1 bytes");
    range->size = second - range->start + 1;
  }
  Next();
  return absl::OkStatus();
}

std::string RangeText(PhysRange range) {
  if (range.size == 0 || range.wraps()) return absl::StrCat(absl::Hex(range.start), "+", absl::Hex(range.size));
  return absl::StrCat(absl::Hex(range.start), "-", absl::Hex(range.start + (range.size - 1)));
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
