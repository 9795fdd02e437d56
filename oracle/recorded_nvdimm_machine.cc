// SPDX-License-Identifier: Apache-2.0
// A machine with NVDIMMs as a recorded request had it: building it, and looking at its media.
#include "oracle/recorded_nvdimm_machine.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Namespaces that take the place of a DIMM's are numbered behind all of them.
constexpr Handle kReplacements = kMaxOps / 2;
constexpr uint64_t kBlockPage = kInfoBlockOffset / kPageSize;

std::string Refused(std::string_view what, PhysRange range, const Answer& answer) {
  return absl::StrFormat("%s %x+%x is refused: %s", absl::string_view(what.data(), what.size()), range.start,
                         range.size, std::string(ErrnoName(answer.value)));
}

// The page of the block as a run, in the form that MediaImage asks for.
void AddBlock(const InfoBlock& block, Handle region, MediaImage& image) {
  MediaImage::Run run{.region = region, .first_page = kBlockPage, .pages = 1};
  const bool one_byte = std::all_of(block.begin(), block.end(), [&](uint8_t byte) { return byte == block[0]; });
  if (one_byte && block[0] == 0) return;
  run.fill = block[0];
  if (!one_byte) {
    run.fill = MediaImage::kLiteral;
    run.literal = static_cast<uint32_t>(image.pages.size());
    image.pages.push_back(block);
  }
  image.runs.push_back(run);
}

MediaImage ImageOf(const std::vector<Dimm>& dimms) {
  MediaImage image;
  for (size_t i = 0; i < dimms.size(); ++i) {
    const auto handle = static_cast<Handle>(i);
    const PhysRange range = dimms[i].region.range;
    image.regions.push_back({.handle = handle, .request = dimms[i].region});
    image.labels.push_back(
        {.handle = handle, .region = handle, .offset = 0, .size = range.size, .parent = dimms[i].parent});
    if (range.size >= kInfoBlockReserve) AddBlock(dimms[i].block, handle, image);
  }
  return image;
}

// What is no region, before the regions: those find their places around it.
std::string InsertOthers(const NvdimmBoot& boot, HotplugLayer& layer) {
  for (size_t i = 0; i < boot.others.size(); ++i) {
    const Answer answer = layer.InsertResource(static_cast<Handle>(i), boot.others[i], false, false);
    if (!answer.ok()) return Refused("resource", boot.others[i], answer);
  }
  return {};
}

// The first DIMM that is not there.
std::string MissingDimm(const NvdimmBoot& boot, HotplugLayer& layer) {
  MediaImage image;
  layer.Nvdimm().Image(&image);
  for (size_t i = 0; i < boot.dimms.size(); ++i) {
    const auto is_its = [i](const MediaImage::Label& label) { return label.region == static_cast<Handle>(i); };
    const auto label = std::find_if(image.labels.begin(), image.labels.end(), is_its);
    if (label != image.labels.end() && layer.Nvdimm().Namespace(label->handle).disposition != Disposition::kAbsent) {
      continue;
    }
    const PhysRange range = boot.dimms[i].region.range;
    return absl::StrFormat("region %x+%x is refused", range.start, range.size);
  }
  return {};
}

}  // namespace

std::vector<RegionRequest> NeighboursOf(PhysRange range, const std::vector<PhysRange>& regions,
                                        std::vector<PhysRange>* others) {
  std::vector<RegionRequest> neighbours;
  for (const PhysRange& region : regions) {
    // A resource of just that range is the region's own.
    const auto own = std::find(others->begin(), others->end(), region);
    const bool hidden = own == others->end();
    if (!hidden) others->erase(own);
    const auto add = [&](uint64_t start, uint64_t end) {
      if (start < end) neighbours.push_back({.range = {start, end - start}, .hidden = hidden});
    };
    const uint64_t last = region.start + (region.size - 1);
    if (!region.overlaps(range)) {
      neighbours.push_back({.range = region, .hidden = hidden});
      continue;
    }
    add(region.start, range.start);
    if (last >= range.end()) add(range.end(), last + 1);
  }
  return neighbours;
}

std::string Start(const NvdimmBoot& boot, HotplugLayer& layer) {
  layer.Boot(*boot.map);
  std::string refused = InsertOthers(boot, layer);
  if (!refused.empty()) return refused;
  layer.Nvdimm().Restore(ImageOf(boot.dimms), 0);
  for (size_t i = 0; i < boot.neighbours.size(); ++i) {
    const auto handle = static_cast<Handle>(boot.dimms.size() + i);
    const Answer answer = layer.Nvdimm().AddRegion(handle, boot.neighbours[i]);
    if (!answer.ok()) return Refused("region", boot.neighbours[i].range, answer);
  }
  return MissingDimm(boot, layer);
}

std::string Restart(const NvdimmBoot& boot, const MediaImage& image, HotplugLayer& layer) {
  layer.Boot(*boot.map);
  std::string refused = InsertOthers(boot, layer);
  if (!refused.empty()) return refused;
  layer.Nvdimm().Restore(image, 0);
  return MissingDimm(boot, layer);
}

PfnView SetUp(const NvdimmBoot& boot, Handle nr, const PfnSettings& settings, HotplugLayer& layer) {
  const Dimm& dimm = boot.dimms[nr];
  NsRequest request;
  request.region = nr;
  request.size = dimm.region.range.size;
  request.parent = dimm.parent;
  request.settings = settings;
  request.settings.has_uuid = true;
  // A handle that no namespace of this media ever had.
  MediaImage image;
  layer.Nvdimm().Image(&image);
  Handle ns = kReplacements;
  for (const MediaImage::Label& label : image.labels) ns = std::max(ns, static_cast<Handle>(label.handle + 1));
  layer.Nvdimm().NsCreate(ns, request);
  return layer.Nvdimm().Namespace(ns).pfn;
}

InfoBlock BlockOnMedia(const MediaImage& image, Handle nr) {
  InfoBlock block{};
  for (const MediaImage::Run& run : image.runs) {
    if (run.region != nr || kBlockPage < run.first_page || kBlockPage - run.first_page >= run.pages) continue;
    if (run.fill == MediaImage::kLiteral) return image.pages[run.literal];
    block.fill(static_cast<uint8_t>(run.fill));
  }
  return block;
}

InfoBlock BlockOnMedia(HotplugLayer& layer, Handle nr) {
  MediaImage image;
  layer.Nvdimm().Image(&image);
  return BlockOnMedia(image, nr);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
