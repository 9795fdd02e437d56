// SPDX-License-Identifier: Apache-2.0
// RecordedReader: words, numbers and errors with their column.
#include "trace/recorded_reader.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "trace/lexer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

absl::string_view RecordedReader::Between(size_t begin, size_t end) const {
  return absl::StripTrailingAsciiWhitespace(text_.substr(begin, end - begin));
}

void RecordedReader::SkipBlanks() {
  while (position_ < text_.size() && text_[position_] == ' ') ++position_;
}

bool RecordedReader::AtEnd() {
  SkipBlanks();
  return position_ == text_.size();
}

bool RecordedReader::Sees(absl::string_view literal) {
  SkipBlanks();
  return absl::StartsWith(text_.substr(position_), literal);
}

bool RecordedReader::Accept(absl::string_view literal) {
  if (!absl::StartsWith(text_.substr(position_), literal)) return false;
  position_ += literal.size();
  return true;
}

void RecordedReader::Expect(absl::string_view literal) {
  if (!Accept(literal)) Fail(absl::StrCat("\"", literal, "\""));
}

bool RecordedReader::AcceptNext(absl::string_view literal) {
  SkipBlanks();
  return Accept(literal);
}

void RecordedReader::ExpectNext(absl::string_view literal) {
  SkipBlanks();
  Expect(literal);
}

absl::string_view RecordedReader::Word(absl::string_view delimiters, absl::string_view expected) {
  SkipBlanks();
  const size_t begin = position_;
  while (position_ < text_.size() && text_[position_] != ' ' &&
         delimiters.find(text_[position_]) == absl::string_view::npos) {
    ++position_;
  }
  if (position_ == begin) Fail(expected);
  return text_.substr(begin, position_ - begin);
}

uint64_t RecordedReader::Hex() {
  const size_t begin = position_;
  uint64_t value = 0;
  for (; position_ < text_.size() && HexDigit(text_[position_]) >= 0; ++position_) {
    if (value >> 60 != 0) {
      FailAt(begin, "a number of at most 64 bits");
      return 0;
    }
    value = value << 4 | static_cast<uint64_t>(HexDigit(text_[position_]));
  }
  if (position_ == begin) Fail("a hexadecimal number");
  return value;
}

uint64_t RecordedReader::Decimal(uint64_t max) {
  const size_t begin = position_;
  uint64_t value = 0;
  for (; position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9'; ++position_) {
    const auto digit = static_cast<uint64_t>(text_[position_] - '0');
    if (digit > max || value > (max - digit) / 10) {
      FailAt(begin, absl::StrCat("a number of at most ", max));
      return 0;
    }
    value = value * 10 + digit;
  }
  if (position_ == begin) Fail("a decimal number");
  return value;
}

int64_t RecordedReader::SignedDecimal(int64_t max) {
  const bool negative = Accept("-");
  const auto value = static_cast<int64_t>(Decimal(static_cast<uint64_t>(max)));
  return negative ? -value : value;
}

uint64_t RecordedReader::NextHex() {
  SkipBlanks();
  return Hex();
}

void RecordedReader::FailAt(size_t position, absl::string_view expected) {
  if (status_.ok()) {
    absl::string_view here = text_.substr(position);
    here = here.substr(0, here.find(' '));
    const std::string read = here.empty() ? "nothing" : Quoted(here);
    status_ = absl::InvalidArgumentError(
        absl::StrCat(file_, ":", line_, ":", position + 1, ": read ", read, ", expected ", expected));
  }
  position_ = text_.size();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
