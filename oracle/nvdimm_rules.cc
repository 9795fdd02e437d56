// SPDX-License-Identifier: Apache-2.0
// The rules of NVDIMMs and the table of what a probe turns into.
#include "oracle/nvdimm_rules.h"

#include "hotplug/answer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr NvdimmRuleRow kRules[kNvdimmRuleCount] = {
    {"probe-outcome", "a namespace becomes what the answer of nd_pfn_validate makes of it: see the table of probes",
     "nd_pmem_probe, nd_pfn_probe, nd_dax_probe"},
    {"user-data-kept",
     "what a user wrote is read back through the same device, after a reboot too, with whichever generation",
     "an info block fixes where data lie (nd_pfn_validate honours start_pad and dataoff of every version)"},
    {"info-block-zeroed",
     "a new info block says nothing beyond its fields: flags are 0 and so is every byte of padding",
     "nd_pfn_init clears the block before it fills it (7e3e888dfc13 promises it by minor version 3)"},
    {"sizes-add-up", "pads, data offset and capacity of an attached namespace are its size", "nvdimm_setup_pfn"},
};

constexpr auto kLeg = Side::kLegacy;
constexpr auto kSub = Side::kSubsection;
// Attached, or a device without a driver where set-up or mapping failed.
constexpr Dispositions kClaimed = Be(Disposition::kPfn) | Be(Disposition::kDax) | kFailedDevice;
constexpr Dispositions kRawDisk = Be(Disposition::kRaw);

constexpr ProbeRow kProbes[] = {
    {kLeg, 0, kClaimed, 0},
    {kLeg, -kENODEV, kRawDisk, 0},
    {kLeg, -kENXIO, kRawDisk, 0},
    {kLeg, -kEINVAL, kRawDisk, 0},
    {kLeg, -kEBUSY, kRawDisk, 0},
    {kSub, 0, kClaimed, 0},
    {kSub, -kENODEV, kRawDisk, 0},
    {kSub, -kENXIO, kRawDisk, 0},
    {kSub, -kEOPNOTSUPP, Be(Disposition::kIdle), -kEOPNOTSUPP},
};

}  // namespace

absl::Span<const NvdimmRuleRow> NvdimmRules() { return kRules; }
absl::Span<const ProbeRow> ProbeTable() { return kProbes; }

const ProbeRow* FindProbe(Side side, int validate) {
  for (const ProbeRow& row : kProbes) {
    if (row.side == side && row.validate == validate) return &row;
  }
  return nullptr;
}

bool SizesAddUp(const NamespaceFacts& facts, uint64_t size) {
  if (facts.disposition == Disposition::kRaw) return facts.capacity == size;
  if (facts.disposition != Disposition::kPfn && facts.disposition != Disposition::kDax) return facts.capacity == 0;
  const uint64_t taken = uint64_t{facts.pfn.start_pad} + facts.pfn.end_trunc + facts.pfn.dataoff;
  return facts.pfn.dataoff >= size || taken >= size ? facts.capacity == 0 : facts.capacity == size - taken;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
