// SPDX-License-Identifier: Apache-2.0
// NvdimmBusModel: pfn and dax devices: probing, validating and writing info blocks, and mapping what they describe.
#include "oracle/reference/nvdimm_bus_model.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {
namespace {

// Of the block in memory, once it is known to be right.
void Describe(const InfoBlock& block, const PfnSettings& settings, PfnView* view) {
  view->start_pad = block.start_pad;
  view->end_trunc = block.end_trunc;
  view->mode = settings.mode;
  view->align = settings.align;
  view->dataoff = block.dataoff;
}

// Settings that a probe without a uuid takes from the block.
PfnSettings TakenFrom(const Evidence& evidence) {
  PfnSettings settings = evidence.settings;
  if (settings.has_uuid) return settings;
  settings.has_uuid = true;
  settings.uuid = evidence.block.uuid;
  settings.align = evidence.align;
  settings.mode = static_cast<MemmapMode>(evidence.block.mode);
  return settings;
}

}  // namespace

Evidence NvdimmBusModel::Look(const Device& ns, const PfnSettings& settings) const {
  const Region& region = RegionOf(ns);
  const uint64_t at = ns.label.offset + kInfoBlockOffset;
  const bool whole = ns.size() >= kInfoBlockReserve;
  const bool readable = !region.request.unreadable && (whole || rules_.reads_past_end);
  // A namespace of one page at the end of its region has nothing behind it.
  const bool there = readable && at + kInfoBlockSize <= region.range().size;
  const MediaImage::Page page = there ? region.media.Read(at) : MediaImage::Page{};
  Evidence evidence = Examined(page, RangeOf(ns), ns.label.parent, settings);
  evidence.memory = !region.request.blk;
  evidence.readable = readable;
  return evidence;
}

int NvdimmBusModel::Validate(const Evidence& evidence) const {
  for (const Check& check : rules_.checks) {
    if (check.fails(evidence)) return -check.code;
  }
  return 0;
}

// The range that the block leaves, and its memmap.
int NvdimmBusModel::Arrange(const Device& ns, const PfnSettings& settings, const InfoBlock& block,
                            PfnView* view) const {
  const PhysRange whole = RangeOf(ns);
  const PhysRange mapped{whole.start + block.start_pad, whole.size - block.start_pad - block.end_trunc};
  if (settings.mode == MemmapMode::kRam) {
    if (block.dataoff < kInfoBlockReserve) return -kEINVAL;
    view->npfns = block.npfns;
  } else {
    view->npfns = AlignUp((mapped.size - block.dataoff) / kPageSize, rules_.live_grain);
    const uint64_t base = AlignDown(mapped.start, rules_.altmap_grain);
    view->altmap_base = base / kPageSize;
    view->altmap_reserve = (mapped.start - base + kInfoBlockReserve) / kPageSize;
    view->altmap_free = (block.dataoff - kInfoBlockReserve) / kPageSize;
  }
  view->mapped = mapped;
  return 0;
}

bool NvdimmBusModel::Crowded(Handle region, PhysRange range) const {
  if (layer_.RegionIntersects(range).value == static_cast<int16_t>(Overlap::kMixed)) return true;
  for (const Region& other : regions_) {
    if (other.handle == region || !other.present || other.request.blk) continue;
    const uint64_t start = other.range().start;
    const uint64_t end = other.range().end();
    // Only the ends of the range are looked for.
    if ((start <= range.start && range.start < end) || (start < range.end() && range.end() <= end)) return true;
  }
  return false;
}

int NvdimmBusModel::WriteBlock(Device& ns, InfoBlock* block) {
  Region& region = RegionOf(ns);
  if (region.request.read_only) return -kENXIO;
  *block = {.signature = SignatureOf(ns.settings.personality),
            .uuid = ns.settings.uuid,
            .parent = ns.label.parent,
            .major = 1,
            .minor = rules_.minor,
            .mode = static_cast<uint32_t>(ns.settings.mode),
            .align = static_cast<uint32_t>(ns.settings.align)};
  if (rules_.has_page_sizes) {
    block->page_size = kPageSize;
    block->page_struct_size = kStructPageSize;
  }
  const Plot plot{
      .range = RangeOf(ns), .mode = ns.settings.mode, .align = ns.settings.align, .crowded = [&](PhysRange range) {
        return Crowded(region.handle, range);
      }};
  const int error = rules_.plan(plot, block);
  const uint64_t at = ns.label.offset + kInfoBlockOffset;
  if (error == 0 && at + kInfoBlockSize <= region.range().size) region.media.Write(at, WriteInfoBlock(*block));
  return error;
}

int NvdimmBusModel::SetUp(Device& ns) {
  PfnView& view = ns.pfn = {};
  const Evidence evidence = Look(ns, ns.settings);
  InfoBlock block = evidence.block;
  int error = Validate(evidence);
  view.validate = static_cast<int16_t>(error);
  if (error == 0) {
    Describe(block, ns.settings, &view);
  } else if (error == -kENODEV) {
    error = WriteBlock(ns, &block);
    view.wrote = error == 0;
  }
  if (error == 0) error = Arrange(ns, ns.settings, block, &view);
  if (error == 0) Describe(block, ns.settings, &view);
  view.setup = static_cast<int16_t>(error);
  return error;
}

Answer NvdimmBusModel::Bind(Device& ns, Disposition unless_set_up) {
  ns.disposition = unless_set_up;
  const int error = SetUp(ns);
  if (error != 0) return Answer::Value(error);

  const bool dax = ns.settings.personality == Personality::kDax;
  const bool pmem = ns.settings.mode == MemmapMode::kPmem;
  MemremapRequest request;
  request.range = ns.pfn.mapped;
  request.type = dax ? MemoryType::kGeneric : MemoryType::kFsDax;
  if (pmem) {
    request.altmap = {.given = true,
                      .base = ns.pfn.altmap_base * kPageSize,
                      .reserve = ns.pfn.altmap_reserve * kPageSize,
                      .free = ns.pfn.altmap_free * kPageSize};
  }
  const Answer answer = layer_.MemremapPages(MappingOfNamespace(ns.handle), request);
  ns.disposition = dax ? Disposition::kDaxFailed : Disposition::kPfnFailed;
  if (answer.stops()) return answer;
  if (answer.ok()) ns.disposition = dax ? Disposition::kDax : Disposition::kPfn;
  ns.attach = answer.value;
  const uint64_t pad = AlignDown(ns.pfn.start_pad, kPageSize);
  const uint64_t first = pad + kInfoBlockReserve;
  const uint64_t end = std::min(pad + AlignDown(ns.pfn.dataoff, kPageSize), ns.size());
  if (pmem && first < end) {
    RegionOf(ns).media.MakeUnspecified(ns.label.offset + first, ns.label.offset + end);
  }
  return answer;
}

Answer NvdimmBusModel::NsEnable(Handle ns) {
  Device* device = Find(ns);
  if (device == nullptr) return Answer::Of(Answer::Kind::kNone);
  if (device->bound()) return Answer::Of(Answer::Kind::kAlready);
  if (Pending(ns)) return Answer::Of(Answer::Kind::kPending);
  if (device->failed()) return Bind(*device, device->disposition);

  device->pfn = {};
  for (const Personality personality : {Personality::kPfn, Personality::kDax}) {
    const Evidence evidence = Look(*device, {.personality = personality});
    const int error = Validate(evidence);
    // A block has one signature: the other probe sees no device.
    if (personality == Personality::kPfn || error != -kENODEV) device->pfn.validate = static_cast<int16_t>(error);
    if (error == -kEOPNOTSUPP && rules_.refusal_means_none) return Answer::Value(error);
    if (error == 0) {
      device->settings = TakenFrom(evidence);
      return Bind(*device, personality == Personality::kDax ? Disposition::kDaxFailed : Disposition::kPfnFailed);
    }
  }
  device->disposition = Disposition::kRaw;
  return Answer::Value(0);
}

NamespaceFacts NvdimmBusModel::Namespace(Handle ns) const {
  const Device* device = Find(ns);
  if (device == nullptr) return {};
  return {
      .disposition = device->disposition, .attach = device->attach, .capacity = device->Capacity(), .pfn = device->pfn};
}

PfnView NvdimmBusModel::Examine(Handle ns, const PfnSettings& settings) const {
  PfnView view;
  const Device* device = Find(ns);
  if (device == nullptr || settings.personality == Personality::kRaw) return view;
  const Evidence evidence = Look(*device, settings);
  const int error = Validate(evidence);
  view.validate = static_cast<int16_t>(error);
  if (error != 0) return view;
  const PfnSettings taken = TakenFrom(evidence);
  Describe(evidence.block, taken, &view);
  view.setup = static_cast<int16_t>(Arrange(*device, taken, evidence.block, &view));
  return view;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference
