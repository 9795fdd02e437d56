// SPDX-License-Identifier: Apache-2.0
// The rules of Linux 6.1 and 6.12. They differ in namespaces without room for data: 6.12 makes and takes none.
#include "oracle/reference/mainline_nvdimm.h"

#include <algorithm>

#include "oracle/reference/mainline_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::mainline_reference {
namespace {

using reference::Evidence;
using reference::Fits;
using reference::InfoBlock;
using reference::Plot;
namespace checks = reference::checks;

// memremap_compat_align() of x86-64.
constexpr uint64_t kCompatAlign = kSubsectionSize;

bool IsPmem(const Evidence& e) { return e.block.mode == static_cast<uint32_t>(MemmapMode::kPmem); }
bool LargerPages(const Evidence& e) { return IsPmem(e) && e.block.page_size > kPageSize; }
bool SmallerStructPages(const Evidence& e) { return IsPmem(e) && e.block.page_struct_size < kStructPageSize; }

// A device for processes maps pages of sizes that there are: PAGE_SIZE, PMD_SIZE, PUD_SIZE.
bool DaxAlignUnknown(const Evidence& e) {
  constexpr uint64_t kPudSize = uint64_t{1} << 30;
  return e.settings.personality == Personality::kDax && e.align != kPageSize && e.align != kCompatAlign &&
         e.align != kPudSize;
}

bool StartMisaligned(const Evidence& e) { return !Fits(e.range.start + e.block.start_pad, kCompatAlign); }
bool EndMisaligned(const Evidence& e) { return !Fits(e.range.end() - e.block.end_trunc, kCompatAlign); }
// Pads that exceed the namespace leave, modulo 2^64, plenty.
bool SmallNamespace(const Evidence& e) {
  return e.block.dataoff >= e.range.size - e.block.start_pad - e.block.end_trunc;
}

constexpr reference::Check kChecks[] = {
    {checks::NoMemory, kENODEV},
    {checks::Unreadable, kENXIO},
    {checks::OtherSignature, kENODEV},
    {checks::OtherChecksum, kENODEV},
    {checks::OtherParent, kENODEV},
    {checks::NoMode, kENXIO},
    {LargerPages, kEOPNOTSUPP},
    {SmallerStructPages, kEOPNOTSUPP},
    {DaxAlignUnknown, kEOPNOTSUPP},
    {checks::OtherUuid, kENODEV},
    {checks::OtherSettings, kEOPNOTSUPP},
    {checks::AlignAboveCapacity, kEOPNOTSUPP},
    {checks::DataBeyondNamespace, kEOPNOTSUPP},
    {checks::DataMisaligned, kEOPNOTSUPP},
    {StartMisaligned, kEOPNOTSUPP},
    {EndMisaligned, kEOPNOTSUPP},
    {SmallNamespace, kEOPNOTSUPP},  // 6.12 only: the last one
};
constexpr std::span<const reference::Check> kChecksOf6_12 = kChecks;
constexpr std::span<const reference::Check> kChecksOf6_1 = kChecksOf6_12.first(kChecksOf6_12.size() - 1);

template <bool kRefusesZeroCapacity>
int Plan(const Plot& plot, InfoBlock* block) {
  const uint64_t start = plot.range.start;
  const uint64_t size = plot.range.size;
  const uint64_t align = std::max(plot.align, kCompatAlign);
  if (!Fits(start, kCompatAlign)) return -kEINVAL;
  block->end_trunc = static_cast<uint32_t>(start + size - AlignDown(start + size, align));
  uint64_t data = start + kInfoBlockReserve;
  if (plot.mode == MemmapMode::kPmem) {
    data += kStructPageSize * ((size - kInfoBlockReserve) / kPageSize);
  } else if (plot.mode != MemmapMode::kRam) {
    return -kENXIO;
  }
  block->dataoff = AlignUp(data, align) - start;
  if (block->dataoff >= (kRefusesZeroCapacity ? size - block->end_trunc : size)) return -kENXIO;
  block->npfns = (size - block->dataoff - block->end_trunc) / kPageSize;
  return 0;
}

constexpr reference::NvdimmRules kRulesOf6_1{.checks = kChecksOf6_1,
                                             .plan = Plan<false>,
                                             .minor = 4,
                                             .has_page_sizes = true,
                                             .reads_past_end = true,
                                             .refusal_means_none = true,
                                             .dax_checks_pad = false,
                                             .altmap_grain = kSubsectionSize,
                                             .live_grain = 1};

constexpr reference::NvdimmRules WithoutSmallNamespaces(reference::NvdimmRules rules) {
  rules.checks = kChecksOf6_12;
  rules.plan = Plan<true>;
  return rules;
}
constexpr reference::NvdimmRules kRulesOf6_12 = WithoutSmallNamespaces(kRulesOf6_1);

}  // namespace

const reference::NvdimmRules& NvdimmRulesOf(Kernel kernel) {
  if (kernel == Kernel::kSeriesV5) return NvdimmRulesOfSeriesV5();
  return kernel == Kernel::k6_12 ? kRulesOf6_12 : kRulesOf6_1;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::mainline_reference
