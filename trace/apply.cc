// SPDX-License-Identifier: Apache-2.0
// Apply: the dispatch from operations to HotplugLayer.
#include "trace/apply.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

ArchMemoryRequest ArchRequest(const Op& op) {
  return {.nid = op.nid, .range = op.range, .memblock = op.memblock, .altmap = op.altmap};
}

template <typename Change>
Answer ForEachBlock(PhysRange range, Change change) {
  const SectionNr first = SectionNr::OfByte(range.start);
  const SectionNr last = range.size == 0 || range.wraps() ? first : SectionNr::OfByte(range.start + (range.size - 1));
  bool all_already = true;
  unsigned warnings = 0;
  for (SectionNr block = first; block <= last; ++block) {
    Answer answer = change(block);
    warnings += answer.warnings;
    answer.warnings = static_cast<uint8_t>(std::min(warnings, 255U));
    if (answer.kind == Answer::Kind::kAlready) continue;
    if (answer.kind != Answer::Kind::kValue || answer.value != 0) return answer;
    all_already = false;
  }
  return Answer::Of(all_already ? Answer::Kind::kAlready : Answer::Kind::kValue, std::min(warnings, 255U));
}

NsRequest CreateRequest(const Op& op) {
  return {.region = op.region,
          .offset = op.extent.start,
          .size = op.extent.size,
          .parent = UuidOfSeed(op.parent),
          .settings = {.personality = op.personality,
                       .mode = op.mode,
                       .align = op.number,
                       .has_uuid = true,
                       .uuid = UuidOfSeed(op.uuid)}};
}

Answer ApplyNvdimm(const Op& op, NvdimmBus& bus) {
  const NsAccess access{op.extent.start, op.extent.size, op.dax};
  switch (op.kind) {
    case OpKind::kRegion: return bus.AddRegion(op.handle, {op.range, op.read_only, op.hidden, op.unreadable, op.blk});
    case OpKind::kNsCreate: return bus.NsCreate(op.handle, CreateRequest(op));
    case OpKind::kNsEnable: return bus.NsEnable(op.handle);
    case OpKind::kNsDisable: return bus.NsDisable(op.handle);
    case OpKind::kNsDestroy: return bus.NsDestroy(op.handle);
    case OpKind::kNsRead: return bus.NsRead(op.handle, access);
    case OpKind::kNsWrite: return bus.NsWrite(op.handle, access, static_cast<uint8_t>(op.fill));
    case OpKind::kDaxAccess: return bus.DaxAccess(op.handle, op.number);
    case OpKind::kCorrupt: return bus.Corrupt(op.handle, {op.extent.start, op.extent.size, op.number, op.sealed});
    default: return Answer::Value(0);  // reboot, which is of worlds and not of machines
  }
}

}  // namespace

Answer Apply(const Op& op, HotplugLayer& layer) {
  switch (op.kind) {
    case OpKind::kAddPages: return layer.AddPages(op.nid, op.range);
    case OpKind::kRemovePages: return layer.RemovePages(op.zone, op.range);
    case OpKind::kArchAddMemory: return layer.ArchAddMemory(ArchRequest(op));
    case OpKind::kArchRemoveMemory: return layer.ArchRemoveMemory(ArchRequest(op));
    case OpKind::kAddMemory: return layer.AddMemory(op.nid, op.range);
    case OpKind::kRemoveMemory: return layer.RemoveMemory(op.nid, op.range);
    case OpKind::kOnlinePages:
      return ForEachBlock(op.range, [&](SectionNr block) { return layer.OnlinePages(block, op.online); });
    case OpKind::kOfflinePages:
      return ForEachBlock(op.range, [&](SectionNr block) { return layer.OfflinePages(block); });
    case OpKind::kMovePfnRangeToZone: return layer.MovePfnRangeToZone(op.zone, op.nid, op.range);
    case OpKind::kRemovePfnRangeFromZone: return layer.RemovePfnRangeFromZone(op.zone, op.nid, op.range);
    case OpKind::kMemremapPages:
      return layer.MemremapPages(op.handle, {.range = op.range,
                                             .has_second = op.has_second,
                                             .second = op.second,
                                             .type = op.type,
                                             .no_ref = op.no_ref,
                                             .altmap = op.altmap});
    case OpKind::kMemunmapPages: return layer.MemunmapPages(op.handle);
    case OpKind::kPinPage: return layer.PinPage(op.pfn);
    case OpKind::kUnpinPage: return layer.UnpinPage(op.pfn);
    case OpKind::kInsertResource: return layer.InsertResource(op.handle, op.range, op.busy, op.ram);
    case OpKind::kRemoveResource: return layer.RemoveResource(op.handle);
    case OpKind::kRegionIntersects: return layer.RegionIntersects(op.range);
    case OpKind::kPfnValid: return layer.PfnValid(op.pfn);
    case OpKind::kPfnToOnlinePage: return layer.PfnToOnlinePage(op.pfn);
    case OpKind::kGetDevPagemap: return layer.GetDevPagemap(op.pfn);
    case OpKind::kStructPage: return layer.StructPage(op.pfn);
    case OpKind::kMemmapFill: layer.SetMemmapFill(op.fill); return Answer::Value(0);
    case OpKind::kFailAlloc: return Answer::Value(0);
    default: return ApplyNvdimm(op, layer.Nvdimm());
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
