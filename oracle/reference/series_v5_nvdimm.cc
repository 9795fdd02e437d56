// SPDX-License-Identifier: Apache-2.0
// The rules of the series as posted. Uncertain: its patch 10 was read in later versions. Checks are those of 5.1, which
// it leaves alone; a new block pads nothing and cuts nothing off.
#include <algorithm>

#include "oracle/reference/legacy_nvdimm.h"
#include "oracle/reference/mainline_nvdimm.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::mainline_reference {
namespace {

using reference::InfoBlock;
using reference::Plot;
// Struct pages for every page behind the block, not for whole sections.
int Plan(const Plot& plot, InfoBlock* block) {
  uint64_t room = kInfoBlockReserve;
  uint64_t align = plot.align;
  if (plot.mode == MemmapMode::kPmem) {
    room += (plot.range.size - kInfoBlockReserve) / kPageSize * kStructPageSize;
    align = std::max(align, kSubsectionSize);  // PMD_SIZE
  } else if (plot.mode != MemmapMode::kRam) {
    return -kENXIO;
  }
  block->dataoff = AlignUp(plot.range.start + room, align) - plot.range.start;
  if (block->dataoff >= plot.range.size) return -kENXIO;
  block->npfns = (plot.range.size - block->dataoff) / kPageSize;
  return 0;
}

}  // namespace

const reference::NvdimmRules& NvdimmRulesOfSeriesV5() {
  static const reference::NvdimmRules kRules{.checks = legacy_reference::ChecksOf5_1(),
                                             .plan = Plan,
                                             .minor = 3,
                                             .has_page_sizes = false,
                                             .reads_past_end = false,
                                             .refusal_means_none = false,
                                             .dax_checks_pad = true,
                                             .altmap_grain = kSubsectionSize,
                                             .live_grain = 1};
  return kRules;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::mainline_reference
