// SPDX-License-Identifier: Apache-2.0
// Arguments of the operations about NVDIMMs as text.
#include <algorithm>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "hotplug/info_block_fields.h"
#include "trace/arg_row.h"
#include "trace/op_limits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr absl::string_view kPersonalityWords[] = {"raw", "fsdax", "devdax"};  // by Personality
constexpr absl::string_view kModeWords[] = {"none", "ram", "pmem"};            // by MemmapMode
constexpr absl::string_view kOtherWords[] = {"same", "other"};

// A field of the info block as a part of its namespace.
constexpr PhysRange PartOf(const InfoBlockField& field) { return {kInfoBlockOffset + field.offset, field.size}; }

// --- Reading.

absl::Status ReadNewRegion(LineReader& line, TextScope& scope, Op* op) {
  return DefineName(line, scope.of(NameKind::kRegion), &op->handle);
}
absl::Status ReadNewNamespace(LineReader& line, TextScope& scope, Op* op) {
  return DefineName(line, scope.of(NameKind::kNamespace), &op->handle);
}
absl::Status ReadRegion(LineReader& line, TextScope& scope, Op* op) {
  return FindName(line, scope.of(NameKind::kRegion), "a region defined before, or -", &op->region);
}
absl::Status ReadNamespace(LineReader& line, TextScope& scope, Op* op) {
  return FindName(line, scope.of(NameKind::kNamespace), "a namespace defined before, or -", &op->handle);
}

// An optional word that sets a flag.
struct FlagWord {
  absl::string_view word;
  bool Op::*flag;
};
constexpr FlagWord kReadOnly{"ro", &Op::read_only};
constexpr FlagWord kHidden{"hidden", &Op::hidden};
constexpr FlagWord kUnreadable{"unreadable", &Op::unreadable};
constexpr FlagWord kBlk{"blk", &Op::blk};
constexpr FlagWord kDax{"dax", &Op::dax};
constexpr FlagWord kSealed{"sealed", &Op::sealed};

template <const FlagWord& kWord>
absl::Status ReadFlag(LineReader& line, TextScope&, Op* op) {
  op->*kWord.flag = line.TakeIf(kWord.word);
  return absl::OkStatus();
}

// OFFSET+LENGTH
absl::Status ReadExtent(LineReader& line, TextScope&, Op* op) {
  if (!absl::StrContains(line.word(), '+')) return line.Error("OFFSET+LENGTH in hexadecimal");
  return line.TakeRange(&op->extent);
}

absl::Status TakeByte(LineReader& line, absl::string_view what, uint64_t* value) {
  const LineReader at_byte = line;
  const absl::Status status = line.TakeHex(what, value);
  if (!status.ok()) return status;
  return *value > std::numeric_limits<uint8_t>::max() ? at_byte.Error(what) : status;
}

// uuid SEED, parent SEED; the second is optional.
absl::Status ReadUuids(LineReader& line, Op* op) {
  if (!line.TakeIf("uuid")) return line.Error("uuid SEED");
  uint64_t seed = 0;
  absl::Status status = TakeByte(line, "the seed of a uuid, 00..ff", &seed);
  op->uuid = static_cast<uint8_t>(seed);
  if (!status.ok() || !line.TakeIf("parent")) return status;
  status = TakeByte(line, "the seed of a uuid, 00..ff", &seed);
  op->parent = static_cast<uint8_t>(seed);
  return status;
}

absl::Status ReadSettings(LineReader& line, TextScope&, Op* op) {
  absl::Status status = TakeOneOf(line, kPersonalityWords, &op->personality);
  if (!status.ok() || op->personality == Personality::kRaw) return status;
  status = TakeOneOf(line, kModeWords, &op->mode);
  if (!status.ok()) return status;
  if (!line.TakeIf("align")) return line.Error("align N");
  status = line.TakeHex("an alignment in hexadecimal", &op->number);
  return status.ok() ? ReadUuids(line, op) : status;
}

absl::Status ReadByte(LineReader& line, TextScope&, Op* op) {
  uint64_t value = 0;
  const absl::Status status = TakeByte(line, "a byte 00..ff", &value);
  op->fill = static_cast<int16_t>(value);
  return status;
}

absl::Status ReadNumber(LineReader& line, TextScope&, Op* op) {
  return line.TakeHex("a number in hexadecimal", &op->number);
}

absl::Status ReadValue(LineReader& line, TextScope&, Op* op) {
  static constexpr absl::string_view kWhat =
      "a number in hexadecimal that fits: as many bytes, or one where there are more than eight";
  const LineReader at_value = line;
  const absl::Status status = line.TakeHex(kWhat, &op->number);
  return status.ok() && op->number > MaxCorruptValue(op->extent) ? at_value.Error(kWhat) : status;
}

absl::Status ReadPart(LineReader& line, TextScope& scope, Op* op) {
  for (const InfoBlockField& field : kInfoBlockFields) {
    if (!line.TakeIf(View(field.name))) continue;
    op->extent = PartOf(field);
    return absl::OkStatus();
  }
  if (absl::StrContains(line.word(), '+')) return ReadExtent(line, scope, op);
  return line.Error("a field of the info block, or OFFSET+LENGTH");
}

absl::Status ReadOther(LineReader& line, TextScope&, Op* op) { return TakeOneOf(line, kOtherWords, &op->other); }

absl::Status ReadDelta(LineReader& line, TextScope&, Op* op) {
  static constexpr absl::string_view kWhat = "base+N or base-N, N hexadecimal";
  absl::string_view word = line.word();
  if (!absl::ConsumePrefix(&word, "base")) return absl::OkStatus();
  const bool minus = absl::ConsumePrefix(&word, "-");
  if (!minus && !absl::ConsumePrefix(&word, "+")) return line.Error(kWhat);
  const bool digits = std::all_of(word.begin(), word.end(), [](unsigned char c) { return absl::ascii_isxdigit(c); });
  if (!digits || !absl::SimpleHexAtoi(word, &op->number)) return line.Error(kWhat);
  if (minus) op->number = ~op->number + 1;
  line.Next();
  return absl::OkStatus();
}

// --- Writing.

void AppendNewRegion(const Op& op, const HandleNames& names, std::string* out) {
  absl::StrAppend(out, " ", NameOf(NameKind::kRegion, op.handle, names.regions));
}
void AppendRegion(const Op& op, const HandleNames& names, std::string* out) {
  absl::StrAppend(out, " ", NameOf(NameKind::kRegion, op.region, names.regions));
}
void AppendNamespace(const Op& op, const HandleNames& names, std::string* out) {
  absl::StrAppend(out, " ", NameOf(NameKind::kNamespace, op.handle, names.namespaces));
}

template <const FlagWord& kWord>
void AppendFlag(const Op& op, const HandleNames&, std::string* out) {
  if (op.*kWord.flag) absl::StrAppend(out, " ", kWord.word);
}
void AppendExtent(const Op& op, const HandleNames&, std::string* out) {
  absl::StrAppend(out, " ", absl::Hex(op.extent.start), "+", absl::Hex(op.extent.size));
}
void AppendSettings(const Op& op, const HandleNames&, std::string* out) {
  absl::StrAppend(out, " ", kPersonalityWords[static_cast<unsigned>(op.personality)]);
  if (op.personality == Personality::kRaw) return;
  absl::StrAppend(out, " ", kModeWords[static_cast<unsigned>(op.mode)], " align ", absl::Hex(op.number), " uuid ",
                  absl::Hex(op.uuid, absl::kZeroPad2));
  if (op.parent != 0) absl::StrAppend(out, " parent ", absl::Hex(op.parent, absl::kZeroPad2));
}
void AppendByte(const Op& op, const HandleNames&, std::string* out) {
  absl::StrAppend(out, " ", absl::Hex(op.fill, absl::kZeroPad2));
}
void AppendNumber(const Op& op, const HandleNames&, std::string* out) {
  absl::StrAppend(out, " ", absl::Hex(op.number));
}
void AppendPart(const Op& op, const HandleNames& names, std::string* out) {
  for (const InfoBlockField& field : kInfoBlockFields) {
    if (op.extent == PartOf(field)) return absl::StrAppend(out, " ", View(field.name));
  }
  AppendExtent(op, names, out);
}
void AppendOther(const Op& op, const HandleNames&, std::string* out) {
  absl::StrAppend(out, " ", kOtherWords[op.other ? 1 : 0]);
}
void AppendDelta(const Op& op, const HandleNames&, std::string* out) {
  if (op.number == 0) return;
  const bool minus = op.number >> 63 != 0;
  absl::StrAppend(out, minus ? " base-" : " base+", absl::Hex(minus ? ~op.number + 1 : op.number));
}

constexpr ArgRow kRows[] = {
    {Arg::kNewRegion, ReadNewRegion, AppendNewRegion},
    {Arg::kReadOnly, ReadFlag<kReadOnly>, AppendFlag<kReadOnly>},
    {Arg::kHidden, ReadFlag<kHidden>, AppendFlag<kHidden>},
    {Arg::kUnreadable, ReadFlag<kUnreadable>, AppendFlag<kUnreadable>},
    {Arg::kBlk, ReadFlag<kBlk>, AppendFlag<kBlk>},
    {Arg::kNewNamespace, ReadNewNamespace, AppendNamespace},
    {Arg::kRegion, ReadRegion, AppendRegion},
    {Arg::kNamespace, ReadNamespace, AppendNamespace},
    {Arg::kExtent, ReadExtent, AppendExtent},
    {Arg::kSettings, ReadSettings, AppendSettings},
    {Arg::kByte, ReadByte, AppendByte},
    {Arg::kDax, ReadFlag<kDax>, AppendFlag<kDax>},
    {Arg::kOffset, ReadNumber, AppendNumber},
    {Arg::kPart, ReadPart, AppendPart},
    {Arg::kValue, ReadValue, AppendNumber},
    {Arg::kSealed, ReadFlag<kSealed>, AppendFlag<kSealed>},
    {Arg::kOther, ReadOther, AppendOther},
    {Arg::kDelta, ReadDelta, AppendDelta},
};

constexpr unsigned kFirst = static_cast<unsigned>(Arg::kNewRegion);
consteval bool RowsAreComplete() {
  for (unsigned i = 0; i < std::size(kRows); ++i) {
    if (kRows[i].arg != static_cast<Arg>(kFirst + i)) return false;
  }
  return kFirst + std::size(kRows) == static_cast<unsigned>(Arg::kDelta) + 1;
}
static_assert(RowsAreComplete() && static_cast<unsigned>(Arg::kFail) + 1 == kFirst);

}  // namespace

const ArgRow& NvdimmArgRow(Arg arg) { return kRows[static_cast<unsigned>(arg) - kFirst]; }

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
