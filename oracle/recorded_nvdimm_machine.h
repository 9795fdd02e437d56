// SPDX-License-Identifier: Apache-2.0
// A machine with NVDIMMs as a recorded request had it: System RAM, other resources and regions, and namespaces each all
// of a region, with the info block on media that the kernel came to. Not covered: what is asked of it.
#ifndef HPFUZZ_ORACLE_RECORDED_NVDIMM_MACHINE_H_
#define HPFUZZ_ORACLE_RECORDED_NVDIMM_MACHINE_H_

#include <string>
#include <vector>

#include "hotplug/layer.h"
#include "trace/recorded_info_blocks.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct Dimm {
  RegionRequest region;
  Uuid parent{};
  InfoBlock block{};
};

struct NvdimmBoot {
  const FirmwareMap* map = nullptr;
  std::vector<Dimm> dimms;  // region and namespace have the number of the DIMM as their handle
  std::vector<RegionRequest> neighbours;
  std::vector<PhysRange> others;  // idle resources that are no System RAM
};

// What of neighbours lies outside of `range`: no region of this machine can overlap another. That says the same to a
// kernel, which asks whether one reaches up to the borders of the range.
std::vector<RegionRequest> NeighboursOf(PhysRange range, const std::vector<PhysRange>& regions,
                                        std::vector<PhysRange>* others);

// Boots `layer` as `boot` says. Empty, or what of it the machine refused.
std::string Start(const NvdimmBoot& boot, HotplugLayer& layer);
// The same machine again with the media that another left.
std::string Restart(const NvdimmBoot& boot, const MediaImage& image, HotplugLayer& layer);

// nvdimm_setup_pfn of DIMM `nr` with the settings; what it was before is replaced.
PfnView SetUp(const NvdimmBoot& boot, Handle nr, const PfnSettings& settings, HotplugLayer& layer);

// The info block on the media of region `nr` as they are now.
InfoBlock BlockOnMedia(const MediaImage& image, Handle nr);
InfoBlock BlockOnMedia(HotplugLayer& layer, Handle nr);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_RECORDED_NVDIMM_MACHINE_H_
