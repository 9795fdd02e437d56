// SPDX-License-Identifier: Apache-2.0
// The checks of an info block that all kernels have.
#include "oracle/reference/nvdimm_rules.h"

#include <bit>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {

Evidence Examined(const MediaImage::Page& page, PhysRange range, const Uuid& parent, const PfnSettings& settings) {
  Evidence e{.memory = true,
             .readable = true,
             .block = ReadInfoBlock(page),
             .range = range,
             .parent = parent,
             .settings = settings};
  InfoBlock& block = e.block;
  e.sealed = block.checksum == RightChecksum(page);
  if (block.minor < 1) block.start_pad = block.end_trunc = 0;
  if (block.minor < 2) block.align = 0;
  if (block.minor < 4) {
    block.page_size = kPageSize;
    block.page_struct_size = kStructPageSize;
  }
  e.align = block.align;
  // The power of two that ilog2() answers; that of 0 is the highest one.
  if (e.align == 0) e.align = block.dataoff == 0 ? uint64_t{1} << 63 : std::bit_floor(block.dataoff);
  return e;
}

namespace checks {

bool NoMemory(const Evidence& e) { return !e.memory; }
bool Unreadable(const Evidence& e) { return !e.readable; }
bool OtherSignature(const Evidence& e) { return e.block.signature != SignatureOf(e.settings.personality); }
bool OtherChecksum(const Evidence& e) { return !e.sealed; }
bool OtherParent(const Evidence& e) { return e.block.parent != e.parent; }

bool NoMode(const Evidence& e) {
  return e.block.mode != static_cast<uint32_t>(MemmapMode::kRam) &&
         e.block.mode != static_cast<uint32_t>(MemmapMode::kPmem);
}

bool OtherUuid(const Evidence& e) { return e.settings.has_uuid && e.block.uuid != e.settings.uuid; }

bool OtherSettings(const Evidence& e) {
  return e.settings.has_uuid && (e.align != e.settings.align || e.block.mode != static_cast<uint32_t>(e.settings.mode));
}

bool AlignAboveCapacity(const Evidence& e) { return e.align > e.range.size; }
bool DataBeyondNamespace(const Evidence& e) { return e.block.dataoff >= e.range.size; }

bool DataMisaligned(const Evidence& e) {
  return !Fits(e.range.start + e.block.dataoff + e.block.start_pad, e.align) || !Fits(e.block.dataoff, kPageSize);
}

}  // namespace checks
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference
