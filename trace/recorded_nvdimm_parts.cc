// SPDX-License-Identifier: Apache-2.0
// Values of recorded lines about namespaces.
#include "trace/recorded_nvdimm_parts.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Ranges of one list: more than a firmware map holds makes no sense.
constexpr size_t kMaxRangesInList = FirmwareMap::kMaxRanges;

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

template <typename T>
struct Named {
  absl::string_view name;
  T value;
};

// A word of a table; `expected` names them all.
template <typename T, size_t n>
T ReadNamed(RecordedReader& reader, const Named<T> (&table)[n], absl::string_view expected) {
  const size_t begin = reader.position();
  const absl::string_view word = reader.Word(",", expected);
  for (const Named<T>& row : table) {
    if (row.name == word) return row.value;
  }
  reader.FailAt(begin, expected);
  return table[0].value;
}

constexpr absl::string_view kUuidExpected = "own, a number or a uuid";
constexpr size_t kShortUuid = 16;  // digits

Uuid ReadShortUuid(RecordedReader& reader, size_t begin, absl::string_view word) {
  Uuid uuid{};
  RecordedReader digits("", 0, word);
  uint64_t number = digits.Hex();
  if (!digits.ok() || !digits.Rest().empty()) reader.FailAt(begin, kUuidExpected);
  for (size_t i = uuid.size(); number != 0; number >>= 8) uuid[--i] = static_cast<uint8_t>(number);
  return uuid;
}

}  // namespace

uint64_t ReadHexUpTo(RecordedReader& reader, uint64_t max) {
  const size_t begin = reader.position();
  const uint64_t value = reader.Hex();
  if (reader.ok() && value > max) reader.FailAt(begin, absl::StrCat("a number of at most ", absl::Hex(max)));
  return reader.ok() ? value : 0;
}

uint8_t ReadHexByte(RecordedReader& reader) {
  const absl::string_view digits = reader.Rest().substr(0, 2);
  if (digits.size() < 2 || !IsHexDigit(digits[0]) || !IsHexDigit(digits[1])) {
    reader.Fail("two hexadecimal digits");
    return 0;
  }
  reader.Accept(digits);
  return static_cast<uint8_t>(RecordedReader("", 0, digits).Hex());
}

bool ReadFlag(RecordedReader& reader) {
  if (reader.Accept("1")) return true;
  if (!reader.Accept("0")) reader.Fail("0 or 1");
  return false;
}

Personality ReadPersonality(RecordedReader& reader) {
  static constexpr Named<Personality> kTable[] = {{"pfn", Personality::kPfn}, {"dax", Personality::kDax}};
  return ReadNamed(reader, kTable, "pfn or dax");
}

MemmapMode ReadMode(RecordedReader& reader) {
  static constexpr Named<MemmapMode> kTable[] = {
      {"none", MemmapMode::kNone}, {"ram", MemmapMode::kRam}, {"pmem", MemmapMode::kPmem}};
  return ReadNamed(reader, kTable, "none, ram or pmem");
}

Uuid ReadUuid(RecordedReader& reader, const Uuid& own) {
  Uuid uuid{};
  const size_t begin = reader.position();
  const absl::string_view word = reader.Word(",", kUuidExpected);
  if (word == "own") return own;
  if (word.size() <= kShortUuid) return ReadShortUuid(reader, begin, word);
  const bool dashes = word.size() == 36;
  size_t at = 0;
  for (size_t i = 0; i < uuid.size(); ++i) {
    if (dashes && (i == 4 || i == 6 || i == 8 || i == 10)) at += at < word.size() && word[at] == '-' ? 1 : word.size();
    RecordedReader digits("", 0, word.substr(std::min(at, word.size())));
    uuid[i] = ReadHexByte(digits);
    if (!digits.ok()) {
      reader.FailAt(begin, kUuidExpected);
      return {};
    }
    at += 2;
  }
  if (at != word.size()) reader.FailAt(begin, kUuidExpected);
  return uuid;
}

std::vector<PhysRange> ReadRanges(RecordedReader& reader) {
  std::vector<PhysRange> ranges;
  if (reader.Accept("-")) return ranges;
  do {
    PhysRange range;
    const size_t begin = reader.position();
    range.start = reader.Hex();
    reader.Expect("+");
    range.size = reader.Hex();
    if (reader.ok() && (range.size == 0 || range.wraps())) reader.FailAt(begin, "a range that is not empty");
    if (ranges.size() == kMaxRangesInList) reader.FailAt(begin, absl::StrCat("at most ", kMaxRangesInList, " ranges"));
    ranges.push_back(range);
  } while (reader.ok() && reader.Accept(","));
  return ranges;
}

std::string ReadName(RecordedReader& reader, absl::string_view delimiters, absl::string_view expected) {
  const size_t begin = reader.position();
  const absl::string_view word = reader.Word(delimiters, expected);
  for (const char c : word) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-' && c != '_') {
      reader.FailAt(begin, expected);
      return {};
    }
  }
  if (reader.ok() && word[0] == '.') reader.FailAt(begin, expected);
  return reader.ok() ? std::string(word) : std::string();
}

absl::Status ForEachRecordedLine(absl::string_view text, absl::string_view file_name,
                                 absl::FunctionRef<void(RecordedReader&, int line)> read) {
  if (text.size() > kMaxTextBytes) return absl::InvalidArgumentError(absl::StrCat(file_name, ": too large"));
  for (int number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const absl::string_view line = text.substr(0, end);
    text.remove_prefix(end == absl::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line[0] == '#') continue;
    RecordedReader reader(file_name, number, line);
    if (line.size() > kMaxLineBytes) reader.Fail("a shorter line");
    if (reader.ok()) read(reader, number);
    if (reader.ok() && !reader.AtEnd()) reader.Fail("the end of the line");
    if (!reader.ok()) return reader.status();
  }
  return absl::OkStatus();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
