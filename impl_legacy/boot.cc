// SPDX-License-Identifier: Apache-2.0
// Boot of a Linux 5.1 machine.
#include "impl_legacy/boot.h"

#include <algorithm>

#include "impl_legacy/sparse.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy {
namespace {

// memmap_init: only pages of RAM. The holes of a boot section keep zeroed struct pages, which read as zone DMA of node
// 0.
void InitStructPages(Kernel& kernel, Nid nid, PfnRange ram) {
  while (!ram.empty()) {
    const BootZone zone = BootZoneOf(*kernel.map, ram.first);
    const PfnRange part{ram.first, std::min(ram.end, zone.end)};
    kernel.pages.Fill(part, {.zone = static_cast<uint8_t>(zone.zone), .nid = nid, .initialised = true});
    ram.first = part.end;
  }
}

void BootRam(Kernel& kernel, Nid nid, PfnRange ram) {
  const SectionNr last = SectionNr::Of(ram.end - 1);
  for (SectionNr nr = SectionNr::Of(ram.first); nr <= last; ++nr) SparseBootSection(kernel, nid, nr);
  InitStructPages(kernel, nid, ram);
  kernel.direct_map.Add(ram);
}

}  // namespace

void BootKernel(Kernel& kernel, const FirmwareMap& map) {
  const uint64_t sections = map.physmem_end() >> kSectionShift;
  kernel.map = &map;
  kernel.sections.Reset(sections);
  kernel.valid.Clear();
  kernel.pages.Reset(sections);
  kernel.direct_map.Reset(sections);
  kernel.zones.Boot(map);
  kernel.resources.Boot(map);
  kernel.usemap_balance = 0;
  kernel.warned = 0;
  for (const FirmwareRange& entry : map) {
    if (entry.kind != FirmwareKind::kRam) continue;
    PfnRange ram = entry.range.pfns();
    ram.end = std::min(ram.end, Pfn::OfByte(map.physmem_end()));
    if (!ram.empty()) BootRam(kernel, entry.nid, ram);
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::legacy
