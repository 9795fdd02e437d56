// SPDX-License-Identifier: Apache-2.0
// NvdimmRules: what distinguishes libnvdimm of one kernel from that of another, as tables and formulas. All arithmetic
// is the kernel's: 64 bits, modulo; alignments are masks, whatever number they are. The bus that goes by these rules is
// nvdimm_bus_model.h.
#ifndef HPFUZZ_ORACLE_REFERENCE_NVDIMM_RULES_H_
#define HPFUZZ_ORACLE_REFERENCE_NVDIMM_RULES_H_

#include <cstdint>
#include <functional>
#include <span>

#include "hotplug/answer.h"
#include "hotplug/nvdimm.h"
#include "oracle/reference/info_block.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {

// All that nd_pfn_validate() goes by.
struct Evidence {
  bool memory = false;    // the region is byte-addressable
  bool readable = false;  // the block could be read; else it is all zeroes
  bool sealed = false;    // its checksum is right
  InfoBlock block;        // as the kernels see it: fields that its minor version does not have are replaced
  uint64_t align = 0;     // of the block, or guessed
  PhysRange range;        // of the namespace
  Uuid parent{};
  PfnSettings settings;
};

// The block as it lies on media, before the first check.
Evidence Examined(const MediaImage::Page& page, PhysRange range, const Uuid& parent, const PfnSettings& settings);

// One check of nd_pfn_validate(): the code that it answers when `fails`.
struct Check {
  bool (*fails)(const Evidence&);
  Errno code;
};

// The checks that are there in more than one kernel.
namespace checks {
bool NoMemory(const Evidence& e);
bool Unreadable(const Evidence& e);
bool OtherSignature(const Evidence& e);
bool OtherChecksum(const Evidence& e);
bool OtherParent(const Evidence& e);
bool NoMode(const Evidence& e);
bool OtherUuid(const Evidence& e);
bool OtherSettings(const Evidence& e);
bool AlignAboveCapacity(const Evidence& e);
bool DataBeyondNamespace(const Evidence& e);
bool DataMisaligned(const Evidence& e);
}  // namespace checks

// Whether an address fits an alignment as IS_ALIGNED() has it, for any number.
constexpr bool Fits(uint64_t address, uint64_t align) { return (address & (align - 1)) == 0; }

// What a new block is made for.
struct Plot {
  PhysRange range;
  MemmapMode mode = MemmapMode::kNone;
  uint64_t align = 0;
  // The range meets System RAM beside other resources, or an end of it lies in another region.
  std::function<bool(PhysRange)> crowded;
};

struct NvdimmRules {
  std::span<const Check> checks;
  // start_pad, end_trunc, dataoff and npfns of a new block; 0 or a negated errno.
  int (*plan)(const Plot& plot, InfoBlock* block);
  uint16_t minor;           // version of new blocks
  bool has_page_sizes;      // of new blocks
  bool reads_past_end;      // the block is read even where the namespace ends before it
  bool refusal_means_none;  // -EOPNOTSUPP while probing: no driver at all, else a raw block device
  bool dax_checks_pad;      // no dax on a block device with a start_pad
  uint64_t altmap_grain;    // the altmap begins at a multiple of this, in bytes
  uint64_t live_grain;      // npfns in PMEM mode are rounded up to a multiple of this, in pages
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference

#endif  // HPFUZZ_ORACLE_REFERENCE_NVDIMM_RULES_H_
