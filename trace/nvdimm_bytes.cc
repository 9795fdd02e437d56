// SPDX-License-Identifier: Apache-2.0
// Tables of choices for the arguments of operations about NVDIMMs.
#include "trace/nvdimm_bytes.h"

#include <algorithm>
#include <array>

#include "hotplug/info_block_fields.h"
#include "trace/op_limits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kHalf = kSectionSize / 2;
// The largest alignment of a pfn device: 1 GiB on x86-64 (a PUD).
constexpr uint64_t kHugeAlign = 8 * kSectionSize;
// sub-section.sh of ndctl makes namespaces of 16 MiB.
constexpr uint64_t kSmall = 8 * kSubsectionSize;

template <size_t kCount>
unsigned ChoiceOf(uint64_t value, const std::array<uint64_t, kCount>& values) {
  unsigned choice = 0;
  while (choice < kCount && values[choice] != value) ++choice;
  return choice;
}

// --- Extents: one byte with a choice of offset and of length; those that choose none follow, in pages or in bytes.
constexpr unsigned kOffsets = 8;
constexpr unsigned kLengths = 16;
constexpr unsigned kInBytes = kOffsets * kLengths;  // added when the numbers that follow are bytes

using OffsetChoices = std::array<uint64_t, kOffsets - 1>;
using LengthChoices = std::array<uint64_t, kLengths - 1>;

// Of a namespace in a region of `whole` bytes, beside or in place of the one before. What is chosen fits, so that most
// namespaces come to be; what does not is left to numbers.
OffsetChoices OffsetsInRegion(uint64_t whole, PhysRange last) {
  OffsetChoices offsets = {
      0, last.end(), last.start, kSubsectionSize, kHalf, kSectionSize, AlignDown(whole / 2, kPageSize)};
  for (uint64_t& offset : offsets) offset = offset < whole ? offset : 0;
  return offsets;
}
LengthChoices LengthsInRegion(uint64_t whole, PhysRange last, uint64_t offset) {
  const uint64_t rest = whole - std::min(offset, whole);
  LengthChoices lengths = {rest,
                           kSmall,
                           kSectionSize,
                           last.size,
                           kHalf,
                           2 * kSectionSize,
                           kSectionSize + kHalf,
                           kSectionSize + kSubsectionSize,
                           kSectionSize - kSubsectionSize,
                           kHugeAlign + kHalf,
                           kSubsectionSize,
                           kSmall + 2 * kSubsectionSize,
                           kSmall + kPageSize,
                           kSubsectionSize + kPageSize,
                           kInfoBlockReserve};
  for (uint64_t& length : lengths) length = std::min(length, rest);
  return lengths;
}

// Of what a user reads and writes of the newest namespaces, or of what is torn.
OffsetChoices OffsetsInNamespace(PhysRange last) {
  return {0, kPageSize, kHalf, kInfoBlockOffset, kSubsectionSize, AlignDown(last.size / 2, kPageSize), kSmall};
}
LengthChoices LengthsInNamespace(PhysRange last) {
  return {kPageSize,
          1,
          512,
          kSubsectionSize,
          2 * kPageSize,
          8,
          kInfoBlockReserve,
          last.size,
          last.size - kSubsectionSize,
          kSmall,
          kHalf,
          3,
          64,
          kPageSize / 2,
          kPageSize + 1};
}

OffsetChoices OffsetsFor(const Op& op, const Landmarks& marks) {
  if (op.kind == OpKind::kNsCreate) return OffsetsInRegion(marks.Region(op.region).size, marks.last_extent());
  return OffsetsInNamespace(marks.last_extent());
}
LengthChoices LengthsFor(const Op& op, const Landmarks& marks) {
  if (op.kind != OpKind::kNsCreate) return LengthsInNamespace(marks.last_extent());
  return LengthsInRegion(marks.Region(op.region).size, marks.last_extent(), op.extent.start);
}

void ReadExtent(ByteReader& in, const Landmarks& marks, Op* op) {
  const unsigned code = in.Byte();
  const unsigned shift = code < kInBytes ? kPageShift : 0;
  const unsigned offset = code % kOffsets;
  const unsigned length = code / kOffsets % kLengths;
  op->extent.start = offset + 1 < kOffsets ? OffsetsFor(*op, marks)[offset] : in.Varint() << shift;
  op->extent.size = length + 1 < kLengths ? LengthsFor(*op, marks)[length] : in.Varint() << shift;
}

void PutExtent(const Op& op, const Landmarks& marks, Bytes* out) {
  const unsigned offset = ChoiceOf(op.extent.start, OffsetsFor(op, marks));
  const unsigned length = ChoiceOf(op.extent.size, LengthsFor(op, marks));
  const uint64_t numbers =
      (offset + 1 == kOffsets ? op.extent.start : 0) | (length + 1 == kLengths ? op.extent.size : 0);
  const unsigned shift = numbers % kPageSize == 0 ? kPageShift : 0;
  out->push_back(static_cast<uint8_t>(offset + kOffsets * length + (shift == 0 ? kInBytes : 0)));
  if (offset + 1 == kOffsets) PutVarint(op.extent.start >> shift, out);
  if (length + 1 == kLengths) PutVarint(op.extent.size >> shift, out);
}

// --- Settings: one byte with personality, mode, a choice of alignment, and whether uuids of its own follow.
// A value that stands here more than once is meant more often.
constexpr std::array<uint64_t, 7> kAligns = {kSubsectionSize, kPageSize,   kSubsectionSize, kHugeAlign, 0,
                                             kPageSize,       kSectionSize};
constexpr unsigned kAlignChoices = kAligns.size() + 1;
constexpr unsigned kPersonalities = 3;
constexpr unsigned kModes = 5;
constexpr unsigned kSettings = kPersonalities * kModes * kAlignChoices;
// The uuid of a device that names none.
constexpr uint8_t kUsualUuid = 0x10;
// What a random byte means most often comes first: devices before raw disks, memmaps before none.
constexpr std::array<Personality, kPersonalities> kPersonalityOf = {Personality::kPfn, Personality::kDax,
                                                                    Personality::kRaw};
constexpr std::array<MemmapMode, kModes> kModeOf = {MemmapMode::kPmem, MemmapMode::kRam, MemmapMode::kPmem,
                                                    MemmapMode::kRam, MemmapMode::kNone};
static_assert(2 * kSettings <= 256);

template <typename Value, size_t kCount>
unsigned IndexIn(const std::array<Value, kCount>& values, Value value) {
  unsigned index = 0;
  while (values[index] != value) ++index;
  return index;
}

void ReadSettings(ByteReader& in, Op* op) {
  unsigned code = in.Byte();
  const bool uuids = code / kSettings % 2 != 0;
  code %= kSettings;
  op->personality = kPersonalityOf[code % kPersonalities];
  op->mode = kModeOf[code / kPersonalities % kModes];
  const unsigned align = code / (kPersonalities * kModes);
  op->number = align < kAligns.size() ? kAligns[align] : in.Varint();
  op->uuid = uuids ? in.Byte() : kUsualUuid;
  op->parent = uuids ? in.Byte() : 0;
  if (op->personality != Personality::kRaw) return;
  op->mode = MemmapMode::kNone;
  op->number = 0;
  op->uuid = 0;
  op->parent = 0;
}

void PutSettings(const Op& op, Bytes* out) {
  const unsigned align = ChoiceOf(op.number, kAligns);
  const bool raw = op.personality == Personality::kRaw;
  const bool uuids = !raw && (op.uuid != kUsualUuid || op.parent != 0);
  const unsigned code = IndexIn(kPersonalityOf, op.personality) + kPersonalities * IndexIn(kModeOf, op.mode) +
                        kPersonalities * kModes * align;
  out->push_back(static_cast<uint8_t>(code + (uuids ? kSettings : 0)));
  if (align == kAligns.size()) PutVarint(op.number, out);
  if (!uuids) return;
  out->push_back(op.uuid);
  out->push_back(op.parent);
}

// --- Parts of a namespace: a field of its info block, or an extent.
constexpr unsigned kFields = kInfoBlockFields.size();
constexpr PhysRange PartOf(unsigned field) {
  return {kInfoBlockOffset + kInfoBlockFields[field].offset, kInfoBlockFields[field].size};
}

void ReadPart(ByteReader& in, const Landmarks& marks, Op* op) {
  const unsigned code = in.Byte() % (kFields + 2);
  if (code < kFields) {
    op->extent = PartOf(code);
  } else {
    ReadExtent(in, marks, op);
  }
}

void PutPart(const Op& op, const Landmarks& marks, Bytes* out) {
  unsigned field = 0;
  while (field < kFields && PartOf(field) != op.extent) ++field;
  out->push_back(static_cast<uint8_t>(field));
  if (field == kFields) PutExtent(op, marks, out);
}

// --- Values of fields, distances of a base, offsets.
using NumberChoices = std::array<uint64_t, 24>;
NumberChoices ValuesFor(const Landmarks& marks) {
  const uint64_t size = marks.last_extent().size;
  return {0,
          1,
          2,
          3,
          4,
          kPageSize,
          kSubsectionSize,
          2 * kSubsectionSize,
          kHalf,
          kSectionSize,
          kHugeAlign,
          size,
          size - kSubsectionSize,
          size - kHalf,
          size / 2,
          kInfoBlockReserve,
          kPageSize / 2,
          2 * kPageSize,
          kSubsectionSize + kPageSize,
          kStructPageSize,
          kStructPageSize - 8,
          ~uint64_t{0},
          uint64_t{1} << 63,
          0xffffffff};
}
constexpr NumberChoices kDeltas = {0,
                                   kHalf,
                                   kSubsectionSize,
                                   kSectionSize,
                                   ~kHalf + 1,
                                   ~kSubsectionSize + 1,
                                   ~kSectionSize + 1,
                                   kPageSize,
                                   ~kPageSize + 1,
                                   kHalf + kSubsectionSize,
                                   kHugeAlign,
                                   2 * kSectionSize};

void ReadNumber(ByteReader& in, const NumberChoices& choices, uint64_t* number) {
  const unsigned code = in.Byte() % (choices.size() + 1);
  *number = code < choices.size() ? choices[code] : in.Varint();
}
void PutNumber(uint64_t number, const NumberChoices& choices, Bytes* out) {
  const unsigned code = ChoiceOf(number, choices);
  out->push_back(static_cast<uint8_t>(code));
  if (code == choices.size()) PutVarint(number, out);
}

// --- Regions and namespaces: by age among those on offer, or, behind a byte of 255, none or by ordinal.
constexpr uint8_t kByOrdinal = 0xff;

Handle ReadRecent(ByteReader& in, const Bank& bank, Handle defined) {
  const uint8_t age = in.Byte();
  if (age != kByOrdinal) return bank.empty() ? kNoHandle : static_cast<Handle>(bank.At(age % bank.count()).start);
  const uint64_t code = in.Varint() % (uint64_t{defined} + 1);
  return code == 0 ? kNoHandle : static_cast<Handle>(code - 1);
}

void PutRecent(Handle handle, const Bank& bank, Bytes* out) {
  unsigned age = 0;
  while (age < bank.count() && bank.At(age).start != handle) ++age;
  if (age < bank.count() || (bank.empty() && handle == kNoHandle)) return out->push_back(static_cast<uint8_t>(age));
  out->push_back(kByOrdinal);
  PutVarint(handle == kNoHandle ? 0 : uint64_t{handle} + 1, out);
}

}  // namespace

void ReadNvdimmArg(ByteReader& in, Arg arg, const Landmarks& marks, Op* op) {
  switch (arg) {
    case Arg::kNewRegion: op->handle = marks.NextHandle(Counter::kRegions); break;
    case Arg::kNewNamespace: op->handle = marks.NextHandle(Counter::kNamespaces); break;
    case Arg::kRegion:
      op->region = ReadRecent(in, marks.bank(BankId::kRegions), marks.NextHandle(Counter::kRegions));
      break;
    case Arg::kNamespace:
      op->handle = ReadRecent(in, marks.bank(BankId::kNamespaces), marks.NextHandle(Counter::kNamespaces));
      break;
    case Arg::kExtent: ReadExtent(in, marks, op); break;
    case Arg::kSettings: ReadSettings(in, op); break;
    case Arg::kByte: op->fill = in.Byte(); break;
    case Arg::kPart: ReadPart(in, marks, op); break;
    case Arg::kOffset: ReadNumber(in, ValuesFor(marks), &op->number); break;
    case Arg::kValue:
      ReadNumber(in, ValuesFor(marks), &op->number);
      op->number &= MaxCorruptValue(op->extent);
      break;
    case Arg::kDelta: ReadNumber(in, kDeltas, &op->number); break;
    default: break;
  }
}

void PutNvdimmArg(const Op& op, Arg arg, const Landmarks& marks, Bytes* out) {
  switch (arg) {
    case Arg::kRegion: PutRecent(op.region, marks.bank(BankId::kRegions), out); break;
    case Arg::kNamespace: PutRecent(op.handle, marks.bank(BankId::kNamespaces), out); break;
    case Arg::kExtent: PutExtent(op, marks, out); break;
    case Arg::kSettings: PutSettings(op, out); break;
    case Arg::kByte: out->push_back(static_cast<uint8_t>(op.fill)); break;
    case Arg::kPart: PutPart(op, marks, out); break;
    case Arg::kOffset:
    case Arg::kValue: PutNumber(op.number, ValuesFor(marks), out); break;
    case Arg::kDelta: PutNumber(op.number, kDeltas, out); break;
    default: break;
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
