// SPDX-License-Identifier: Apache-2.0
// Recorded info blocks: the blocks that kernels wrote, byte for byte, the index that says what was asked for, and
// blocks made of fields. Not covered: what a kernel makes of a block.
#ifndef HPFUZZ_TRACE_RECORDED_INFO_BLOCKS_H_
#define HPFUZZ_TRACE_RECORDED_INFO_BLOCKS_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hotplug/nvdimm.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

using InfoBlock = MediaImage::Page;

// struct nd_pfn_sb as far as lines give its fields, in its order.
struct InfoBlockFields {
  std::array<char, 16> signature{};
  Uuid uuid{};
  Uuid parent{};
  uint32_t flags = 0;
  uint16_t major = 1;
  uint16_t minor = 0;
  uint64_t dataoff = 0;
  uint64_t npfns = 0;
  uint32_t mode = 0;
  uint32_t start_pad = 0;
  uint32_t end_trunc = 0;
  uint32_t align = 0;
  uint32_t page_size = 0;
  uint16_t page_struct_size = 0;
  uint64_t checksum = 0;
};
InfoBlockFields FieldsOf(const InfoBlock& block);
// The rest of the block as it was.
void SetFields(const InfoBlockFields& fields, InfoBlock& block);

// Of the block with zeroes in the place of its checksum.
uint64_t InfoBlockChecksum(const InfoBlock& block);
// Makes the checksum right.
void Seal(InfoBlock& block);

constexpr std::array<char, 16> Signature(std::string_view text) {
  std::array<char, 16> signature{};
  for (size_t i = 0; i < text.size() && i < signature.size(); ++i) signature[i] = text[i];
  return signature;
}
inline constexpr std::array<char, 16> kPfnSignature = Signature("NVDIMM_PFN_INFO");
inline constexpr std::array<char, 16> kDaxSignature = Signature("NVDIMM_DAX_INFO");

// Blocks of one file by the name of their record, without "@".
using InfoBlockFile = std::map<std::string, InfoBlock, std::less<>>;
// And of several by the name of the file.
using InfoBlockFiles = std::map<std::string, InfoBlockFile, std::less<>>;

// "@name" and then "offset: 32 hexadecimal digits" for each row of 16 bytes that is not zero, ascending. Errors are
// InvalidArgument, "file:line:column: read ..., expected ...".
absl::StatusOr<InfoBlockFile> ParseInfoBlocks(absl::string_view text, absl::string_view file_name);

// What the index says about one record; fields that it does not give are unset.
struct InfoBlockRequest {
  int line = 0;
  std::string file;
  std::string record;
  std::string kernel;
  std::string media;
  std::optional<uint64_t> start;
  std::optional<uint64_t> size;
  std::optional<Personality> sig;
  std::optional<MemmapMode> mode;
  std::optional<uint64_t> align;
  std::optional<Uuid> uuid;
  std::optional<Uuid> parent;
  std::string neighbours;
  std::string collide;  // "start" or "both": what lies in the section before and behind
  std::vector<PhysRange> ram;
  std::vector<PhysRange> regions;
  std::vector<std::string> notes;  // words without "="
};
absl::StatusOr<std::vector<InfoBlockRequest>> ParseInfoBlockIndex(absl::string_view text, absl::string_view file_name);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_RECORDED_INFO_BLOCKS_H_
