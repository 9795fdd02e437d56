// SPDX-License-Identifier: Apache-2.0
// Map lines: ram, pmem, reserved, unmovable, phys_bits, paging, movable.
#include "trace/map_text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "trace/map_builder.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr absl::string_view kKindWords[] = {"ram", "pmem", "reserved", "unmovable"};  // by FirmwareKind
enum Setting : unsigned { kPhysBits, kPaging, kMovable };
constexpr absl::string_view kSettingWords[] = {"phys_bits", "paging", "movable"};
constexpr int64_t kFourLevel = 4;
constexpr int64_t kFiveLevel = 5;

template <size_t kWords>
unsigned IndexOf(const absl::string_view (&words)[kWords], absl::string_view word) {
  return static_cast<unsigned>(std::find(words, words + kWords, word) - words);
}

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

bool MapReader::Begins(absl::string_view word) {
  return IndexOf(kKindWords, word) < std::size(kKindWords) || IndexOf(kSettingWords, word) < std::size(kSettingWords);
}

absl::Status MapReader::ReadLine(LineReader& line) {
  const unsigned kind = IndexOf(kKindWords, line.word());
  if (kind < std::size(kKindWords)) return ReadRange(line, static_cast<FirmwareKind>(kind));
  return ReadSetting(line, IndexOf(kSettingWords, line.word()));
}

absl::Status MapReader::ReadRange(LineReader& line, FirmwareKind kind) {
  line.Next();
  FirmwareRange range{.kind = kind, .nid = 0, .range = {}};
  const LineReader at_range = line;
  absl::Status status = line.TakeRange(&range.range);
  const bool takes_node = kind == FirmwareKind::kRam || kind == FirmwareKind::kPmem;
  if (status.ok() && takes_node && line.TakeIf("node")) {
    int64_t nid = 0;
    status = line.TakeDecimal("a node", 0, kMaxNodes - 1, &nid);
    range.nid = static_cast<Nid>(nid);
  }
  if (!status.ok()) return status;
  const MapError error = InsertRange(range, map_);
  return error == MapError::kNone ? absl::OkStatus() : at_range.Error(View(MapErrorText(error)));
}

absl::Status MapReader::ReadSetting(LineReader& line, unsigned setting) {
  if ((settings_seen_ >> setting & 1) != 0) return line.Error("this setting only once");
  settings_seen_ = static_cast<uint8_t>(settings_seen_ | 1U << setting);
  line.Next();
  if (setting == kMovable) {
    const LineReader at_start = line;
    const absl::Status status = line.TakeHex("an address in hexadecimal", &map_->movable_start);
    if (!status.ok() || map_->movable_start % kPageSize == 0) return status;
    return at_start.Error("an address of a page");
  }
  int64_t value = 0;
  const bool paging = setting == kPaging;
  const absl::Status status = paging ? line.TakeDecimal("a number of levels", kFourLevel, kFiveLevel, &value)
                                     : line.TakeDecimal("a number of bits", kMinPhysBits, kMaxPhysBits, &value);
  if (!status.ok()) return status;
  if (paging) {
    map_->five_level = value == kFiveLevel;
  } else {
    map_->phys_bits = static_cast<uint8_t>(value);
  }
  return status;
}

void AppendMap(const FirmwareMap& map, std::string* out) {
  for (const FirmwareRange& range : map) {
    absl::StrAppend(out, kKindWords[static_cast<unsigned>(range.kind)], " ", RangeText(range.range));
    if (range.nid != 0) absl::StrAppend(out, " node ", range.nid);
    absl::StrAppend(out, "\n");
  }
  if (map.phys_bits != kPhysmemBits) absl::StrAppend(out, "phys_bits ", map.phys_bits, "\n");
  if (map.five_level) absl::StrAppend(out, "paging ", kFiveLevel, "\n");
  if (map.movable_start != 0) absl::StrAppend(out, "movable ", absl::Hex(map.movable_start), "\n");
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
