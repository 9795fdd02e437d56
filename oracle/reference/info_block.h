// SPDX-License-Identifier: Apache-2.0
// InfoBlock: the fields of a pfn or dax info block and how they lie in its 4 KiB. Not covered: what they mean.
#ifndef HPFUZZ_ORACLE_REFERENCE_INFO_BLOCK_H_
#define HPFUZZ_ORACLE_REFERENCE_INFO_BLOCK_H_

#include <array>
#include <cstdint>

#include "hotplug/nvdimm.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {

using Signature = std::array<uint8_t, 16>;
// Of the personality that is not raw.
const Signature& SignatureOf(Personality personality);

struct InfoBlock {
  Signature signature{};
  Uuid uuid{};
  Uuid parent{};
  uint16_t major = 0;
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

// Where the checksum lies in the block, and what it has to be, whatever stands there.
inline constexpr uint64_t kChecksumOffset = 4088;
uint64_t RightChecksum(const MediaImage::Page& page);

InfoBlock ReadInfoBlock(const MediaImage::Page& page);
// With the right checksum, and zeroes in everything that is no field.
MediaImage::Page WriteInfoBlock(const InfoBlock& block);

// `count` bytes from `at`, lowest first.
void PutNumber(MediaImage::Page* page, uint64_t at, unsigned count, uint64_t value);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference

#endif  // HPFUZZ_ORACLE_REFERENCE_INFO_BLOCK_H_
