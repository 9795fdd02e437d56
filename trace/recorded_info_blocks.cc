// SPDX-License-Identifier: Apache-2.0
// Recorded info blocks: struct nd_pfn_sb as bytes, and the files of sparse hexadecimal rows.
#include "trace/recorded_info_blocks.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "trace/recorded_nvdimm_parts.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Offsets of struct nd_pfn_sb.
constexpr size_t kUuid = 16;
constexpr size_t kParent = 32;
constexpr size_t kFlags = 48;
constexpr size_t kMajor = 52;
constexpr size_t kMinor = 54;
constexpr size_t kDataoff = 56;
constexpr size_t kNpfns = 64;
constexpr size_t kMode = 72;
constexpr size_t kStartPad = 76;
constexpr size_t kEndTrunc = 80;
constexpr size_t kAlign = 84;
constexpr size_t kBlockPageSize = 88;
constexpr size_t kPageStructSize = 92;
constexpr size_t kChecksum = kInfoBlockSize - sizeof(uint64_t);

constexpr size_t kRowBytes = 16;
constexpr size_t kMaxRecords = 4096;  // of one file

template <typename T>
void Get(const InfoBlock& block, size_t at, T& value) {
  uint64_t bits = 0;
  for (size_t i = sizeof(T); i-- > 0;) bits = bits << 8 | block[at + i];
  value = static_cast<T>(bits);
}

template <typename T>
void Put(InfoBlock& block, size_t at, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) block[at + i] = static_cast<uint8_t>(uint64_t{value} >> 8 * i);
}

// Every number of the struct with its place, for reading and writing alike.
template <typename Fields, typename Visit>
void ForEachNumber(Fields& fields, Visit visit) {
  visit(kFlags, fields.flags);
  visit(kMajor, fields.major);
  visit(kMinor, fields.minor);
  visit(kDataoff, fields.dataoff);
  visit(kNpfns, fields.npfns);
  visit(kMode, fields.mode);
  visit(kStartPad, fields.start_pad);
  visit(kEndTrunc, fields.end_trunc);
  visit(kAlign, fields.align);
  visit(kBlockPageSize, fields.page_size);
  visit(kPageStructSize, fields.page_struct_size);
  visit(kChecksum, fields.checksum);
}

// "ff0: 32 digits" into the block, behind the row before.
void ReadRow(RecordedReader& reader, InfoBlock& block, size_t& next) {
  const size_t begin = reader.position();
  const uint64_t offset = reader.Hex();
  if (!reader.ok()) return;
  if (offset % kRowBytes != 0 || offset >= block.size() || offset < next) {
    reader.FailAt(begin, "the offset of a later row of 16 bytes");
    return;
  }
  reader.Expect(":");
  reader.SkipBlanks();
  for (size_t i = 0; i < kRowBytes; ++i) block[offset + i] = ReadHexByte(reader);
  next = offset + kRowBytes;
}

}  // namespace

InfoBlockFields FieldsOf(const InfoBlock& block) {
  InfoBlockFields fields;
  std::transform(block.begin(), block.begin() + kUuid, fields.signature.begin(),
                 [](uint8_t byte) { return static_cast<char>(byte); });
  std::copy_n(block.begin() + kUuid, fields.uuid.size(), fields.uuid.begin());
  std::copy_n(block.begin() + kParent, fields.parent.size(), fields.parent.begin());
  ForEachNumber(fields, [&block](size_t at, auto& value) { Get(block, at, value); });
  return fields;
}

void SetFields(const InfoBlockFields& fields, InfoBlock& block) {
  std::transform(fields.signature.begin(), fields.signature.end(), block.begin(),
                 [](char c) { return static_cast<uint8_t>(c); });
  std::copy(fields.uuid.begin(), fields.uuid.end(), block.begin() + kUuid);
  std::copy(fields.parent.begin(), fields.parent.end(), block.begin() + kParent);
  ForEachNumber(fields, [&block](size_t at, const auto& value) { Put(block, at, value); });
}

uint64_t InfoBlockChecksum(const InfoBlock& block) {
  uint32_t sum = 0;
  uint32_t sum_of_sums = 0;
  for (size_t at = 0; at < block.size(); at += sizeof(uint32_t)) {
    uint32_t word = 0;
    if (at < kChecksum) Get(block, at, word);
    sum += word;
    sum_of_sums += sum;
  }
  return uint64_t{sum_of_sums} << 32 | sum;
}

void Seal(InfoBlock& block) { Put(block, kChecksum, InfoBlockChecksum(block)); }

absl::StatusOr<InfoBlockFile> ParseInfoBlocks(absl::string_view text, absl::string_view file_name) {
  InfoBlockFile blocks;
  InfoBlock* current = nullptr;
  size_t next = 0;
  absl::Status status = ForEachRecordedLine(text, file_name, [&](RecordedReader& reader, int) {
    const size_t begin = reader.position();
    if (reader.Accept("@")) {
      const std::string name = ReadName(reader, "", "the name of a block");
      if (!reader.ok()) return;
      const auto [place, is_new] = blocks.emplace(name, InfoBlock{});
      if (!is_new) reader.FailAt(begin, "a name that no other block has");
      if (blocks.size() > kMaxRecords) reader.FailAt(begin, absl::StrCat("at most ", kMaxRecords, " blocks"));
      current = &place->second;
      next = 0;
    } else if (current == nullptr) {
      reader.Fail("\"@\"");
    } else {
      ReadRow(reader, *current, next);
    }
  });
  if (!status.ok()) return status;
  return blocks;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
