// SPDX-License-Identifier: Apache-2.0
// Where the fields of an info block lie (struct nd_pfn_sb of drivers/nvdimm/pfn.h, as Linux 6.1 has it; 5.1 knows those
// behind `align` as padding). Not covered: reading and writing them, which each side does by itself.
#ifndef HPFUZZ_HOTPLUG_INFO_BLOCK_FIELDS_H_
#define HPFUZZ_HOTPLUG_INFO_BLOCK_FIELDS_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "hotplug/nvdimm.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct InfoBlockField {
  std::string_view name;
  uint16_t offset;  // bytes from the start of the block
  uint16_t size;    // bytes, little endian
};

inline constexpr std::array<InfoBlockField, 16> kInfoBlockFields = {{
    {"signature", 0, 16},
    {"uuid", 16, 16},
    {"parent_uuid", 32, 16},
    {"flags", 48, 4},
    {"version_major", 52, 2},
    {"version_minor", 54, 2},
    {"dataoff", 56, 8},
    {"npfns", 64, 8},
    {"mode", 72, 4},
    {"start_pad", 76, 4},
    {"end_trunc", 80, 4},
    {"align", 84, 4},
    {"page_size", 88, 4},
    {"page_struct_size", 92, 2},
    {"padding", 94, 3994},
    {"checksum", 4088, 8},
}};

// Fields follow each other without a gap and fill the block.
consteval bool InfoBlockFieldsAreComplete() {
  uint64_t offset = 0;
  for (const InfoBlockField& field : kInfoBlockFields) {
    if (field.offset != offset) return false;
    offset += field.size;
  }
  return offset == kInfoBlockSize;
}
static_assert(InfoBlockFieldsAreComplete());

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_HOTPLUG_INFO_BLOCK_FIELDS_H_
