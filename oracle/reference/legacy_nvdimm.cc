// SPDX-License-Identifier: Apache-2.0
// The rules of Linux 5.1.
#include "oracle/reference/legacy_nvdimm.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference {
namespace {

using reference::InfoBlock;
using reference::Plot;
namespace checks = reference::checks;

// clang-format off
constexpr reference::Check kChecks[] = {
    {checks::NoMemory, kENODEV},
    {checks::Unreadable, kENXIO},
    {checks::OtherSignature, kENODEV},
    {checks::OtherChecksum, kENODEV},
    {checks::OtherParent, kENODEV},
    {checks::NoMode, kENXIO},
    {checks::OtherUuid, kENODEV},
    {checks::OtherSettings, kEINVAL},
    {checks::AlignAboveCapacity, kEINVAL},
    {checks::DataBeyondNamespace, kEBUSY},
    {checks::DataMisaligned, kENXIO},
};
// clang-format on

// An end that shares its section with RAM or another region is moved to the section border inside the namespace; the
// upper one also when it does not fit the alignment.
int Plan(const Plot& plot, InfoBlock* block) {
  const uint64_t start = plot.range.start;
  const uint64_t size = plot.range.size;
  const uint64_t end = start + size;
  const uint64_t below = AlignDown(start, kSectionSize);
  const uint64_t above = AlignUp(end, kSectionSize);
  if (plot.crowded({below, end - below})) {
    block->start_pad = static_cast<uint32_t>(AlignUp(start, kSectionSize) - start);
  }
  if (plot.crowded({start, above - start}) || !reference::Fits(end, plot.align)) {
    block->end_trunc = static_cast<uint32_t>(end - std::min(AlignDown(end, kSectionSize), AlignDown(end, plot.align)));
  }
  const uint64_t pads = uint64_t{block->start_pad} + block->end_trunc;
  const uint64_t padded_start = start + block->start_pad;
  uint64_t data = padded_start + kInfoBlockReserve;
  if (plot.mode == MemmapMode::kPmem) {
    const uint64_t pages = AlignUp((size - pads - kInfoBlockReserve) / kPageSize, kPagesPerSection);
    // The memmap of a section is one large page.
    constexpr uint64_t kLargePage = kMemmapPagesPerSection * kPageSize;
    data = AlignUp(data + kStructPageSize * pages, std::max(plot.align, kLargePage));
  } else if (plot.mode == MemmapMode::kRam) {
    data = AlignUp(data, plot.align);
  } else {
    return -kENXIO;
  }
  block->dataoff = data - padded_start;
  if (block->dataoff + pads >= size) return -kENXIO;
  block->npfns = (size - block->dataoff - pads) / kPageSize;
  return 0;
}

}  // namespace

std::span<const reference::Check> ChecksOf5_1() { return kChecks; }

const reference::NvdimmRules& NvdimmRulesOf5_1() {
  static constexpr reference::NvdimmRules kRules{.checks = kChecks,
                                                 .plan = Plan,
                                                 .minor = 2,
                                                 .has_page_sizes = false,
                                                 .reads_past_end = false,
                                                 .refusal_means_none = false,
                                                 .dax_checks_pad = true,
                                                 .altmap_grain = kSectionSize,
                                                 .live_grain = kPagesPerSection};
  return kRules;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy_reference
