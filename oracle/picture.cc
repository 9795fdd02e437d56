// SPDX-License-Identifier: Apache-2.0
// Picture: which sections, and who has what is in them.
#include "oracle/picture.h"

#include <algorithm>
#include <set>
#include <utility>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// The region's bytes that a namespace is made of, and those of them that are mapped.
struct NamespacePlace {
  Handle mapping;
  PhysRange whole;
  PhysRange mapped;
};

class Places {
 public:
  explicit Places(const Trace& trace) : trace_(trace) {
    for (const Op& op : trace.ops) Add(op);
  }

  // What an operation is about before what others are.
  void Prefer(const Op& op) {
    std::set<SectionNr> edges = std::move(edges_);
    edges_.clear();
    Add(op);
    preferred_.insert(edges_.begin(), edges_.end());
    edges_ = std::move(edges);
  }
  void Prefer(SectionNr nr) {
    if (sections_.count(nr) != 0) preferred_.insert(nr);
  }

  // Those where something begins or ends before others, and how many are left out.
  std::vector<SectionNr> Shown(size_t* hidden) const {
    std::set<SectionNr> shown;
    for (const std::set<SectionNr>* sections : {&preferred_, &edges_, &sections_}) {
      for (auto nr = sections->begin(); nr != sections->end() && shown.size() < kMostPictureSections; ++nr) {
        shown.insert(*nr);
      }
    }
    *hidden = sections_.size() - shown.size();
    return {shown.begin(), shown.end()};
  }

 private:
  void Add(const Op& op) {
    if (HasArg(op.kind, Arg::kRange)) Add(op.range);
    if (op.has_second) Add(op.second);
    if (op.altmap.given) AddEnds({op.altmap.base, op.altmap.reserve + op.altmap.free});
    if (HasArg(op.kind, Arg::kPfn)) AddSection(SectionNr::Of(op.pfn));
  }
  // Ranges that wrap, and what no section table can name, are no memory.
  void Add(PhysRange range) {
    if (range.size == 0 || range.wraps()) return;
    const SectionNr first = SectionNr::OfByte(range.start);
    const SectionNr last = SectionNr::OfByte(range.start + (range.size - 1));
    for (SectionNr nr = first; nr <= last && IsMemory(nr); ++nr) sections_.insert(nr);
    AddEnds(range);
  }
  // Of what has no limit to its length, as an altmap: what lies between nothing names.
  void AddEnds(PhysRange range) {
    if (range.size == 0 || range.wraps()) return;
    AddSection(SectionNr::OfByte(range.start));
    AddSection(SectionNr::OfByte(range.start + (range.size - 1)));
  }
  void AddSection(SectionNr nr) {
    if (IsMemory(nr)) sections_.insert(nr), edges_.insert(nr);
  }
  bool IsMemory(SectionNr nr) const { return nr.value() < trace_.map.physmem_end() >> kSectionShift; }

  const Trace& trace_;
  std::set<SectionNr> sections_;
  std::set<SectionNr> edges_;
  std::set<SectionNr> preferred_;
};

// The operation of `trace` that defined a thing of this kind.
const Op* Definition(const Trace& trace, OpKind kind, Handle handle) {
  const auto found = std::find_if(trace.ops.begin(), trace.ops.end(),
                                  [=](const Op& op) { return op.kind == kind && op.handle == handle; });
  return found == trace.ops.end() ? nullptr : &*found;
}

// Of namespaces that are in use with an info block: what is not mapped then is padding.
std::vector<NamespacePlace> NamespacesOf(const Trace& trace, HotplugLayer& layer) {
  std::vector<NamespacePlace> places;
  for (const Op& op : trace.ops) {
    if (op.kind != OpKind::kNsCreate) continue;
    const Op* const region = Definition(trace, OpKind::kRegion, op.region);
    const PhysRange mapped = layer.Nvdimm().Namespace(op.handle).pfn.mapped;
    if (region == nullptr || mapped.size == 0) continue;
    places.push_back({MappingOfNamespace(op.handle), {region->range.start + op.extent.start, op.extent.size}, mapped});
  }
  return places;
}

Tenant TenantOf(const SectionFacts& section, const PfnFacts& page) {
  if (page.map != kNoHandle) return Tenant::kDevice;
  // A hole in a section of boot RAM counts as online; its struct pages are reserved, or nobody wrote them.
  const bool owned = page.page.initialised && !page.page.reserved;
  if (page.online && owned) return section.early ? Tenant::kBootRam : Tenant::kHotOnline;
  if (!page.valid) return Tenant::kHole;
  if (section.block == BlockState::kOffline) return Tenant::kHotOffline;
  return Tenant::kNobody;
}

class Painter {
 public:
  Painter(const Trace& trace, const std::vector<SectionNr>& sections) : trace_(trace), sections_(sections) {
    for (const FirmwareRange& range : trace.map) {
      if (range.kind == FirmwareKind::kRam) boot_ram_.push_back(range.range);
    }
  }

  MemoryPicture Paint(HotplugLayer* const (&layers)[kSides]) const {
    MemoryPicture memory(sections_.size());
    for (size_t i = 0; i < sections_.size(); ++i) memory[i].nr = sections_[i];
    for (unsigned side = 0; side < kSides; ++side) {
      const std::vector<NamespacePlace> namespaces = NamespacesOf(trace_, *layers[side]);
      for (SectionPicture& section : memory) {
        const SectionFacts facts = layers[side]->Section(section.nr);
        for (unsigned i = 0; i < kSubsectionsPerSection; ++i) {
          const Pfn first = section.nr.first_pfn() + i * kPagesPerSubsection;
          const SubsectionPicture low = At(*layers[side], facts, namespaces, first);
          const SubsectionPicture high = At(*layers[side], facts, namespaces, first + (kPagesPerSubsection - 1));
          section.side[side][i] = low == high ? low : SubsectionPicture{.tenant = Tenant::kMixed};
        }
      }
    }
    return memory;
  }

 private:
  SubsectionPicture At(const HotplugLayer& layer, SectionFacts section, const std::vector<NamespacePlace>& namespaces,
                       Pfn pfn) const {
    const PhysRange page{pfn.byte(), kPageSize};
    // Legacy has no flag for it; what was removed and added again is not told from what was there at boot.
    section.early =
        std::any_of(boot_ram_.begin(), boot_ram_.end(), [page](PhysRange ram) { return ram.contains(page); });
    const PfnFacts facts = layer.Facts(pfn);
    const Tenant tenant = TenantOf(section, facts);
    if (tenant == Tenant::kDevice) return {.tenant = tenant, .owner = facts.map};
    if (tenant != Tenant::kHole && tenant != Tenant::kNobody) return {.tenant = tenant};
    const auto padded = std::find_if(namespaces.begin(), namespaces.end(), [page](const NamespacePlace& place) {
      return place.whole.contains(page) && !place.mapped.contains(page);
    });
    if (padded == namespaces.end()) return {.tenant = tenant};
    return {.tenant = Tenant::kPadding, .owner = padded->mapping};
  }

  const Trace& trace_;
  const std::vector<SectionNr>& sections_;
  std::vector<PhysRange> boot_ram_;
};

class Recorder final : public StepObserver {
 public:
  Recorder(const Painter& painter, HotplugLayer* const (&layers)[kSides], Picture* picture)
      : painter_(painter), layers_(layers), picture_(picture) {}
  void OnStep(const Step& step) override {
    picture_->log.OnStep(step);
    const bool changes = (SpecOf(step.op->kind).effects & (kSections | kNamespaces)) != 0;
    const MemoryPicture& before = picture_->memory.empty() ? picture_->boot : picture_->memory.back();
    picture_->memory.push_back(changes ? painter_.Paint(layers_) : MemoryPicture(before));
  }

 private:
  const Painter& painter_;
  HotplugLayer* const (&layers_)[kSides];
  Picture* picture_;
};

// What a reader looks for first: where the run goes wrong.
void PreferWhatFails(const Trace& trace, Lockstep& lockstep, Places* places) {
  StepLog log;
  const Finding finding = lockstep.Run(trace, &log);
  if (finding) places->Prefer(SectionNr::Of(finding.pfn));
  if (finding && finding.step < trace.ops.size()) places->Prefer(trace.ops[finding.step]);
  for (const Side side : {Side::kLegacy, Side::kSubsection}) {
    const std::vector<Disappointment> unmet = UnmetExpectations(trace, log, side, lockstep.party(side));
    if (!unmet.empty()) places->Prefer(trace.ops[unmet.front().step]);
  }
}

}  // namespace

uint64_t SectionPicture::differs() const {
  uint64_t bits = 0;
  for (unsigned i = 0; i < kSubsectionsPerSection; ++i) bits |= uint64_t{side[0][i] != side[1][i]} << i;
  return bits;
}

bool SectionPicture::LooksLike(const SectionPicture& other) const {
  return side[0] == other.side[0] && side[1] == other.side[1];
}

Picture TakePicture(const Trace& trace, Lockstep& lockstep) {
  Picture picture;
  Places places(trace);
  PreferWhatFails(trace, lockstep, &places);
  const std::vector<SectionNr> sections = places.Shown(&picture.hidden_sections);
  const Painter painter(trace, sections);
  HotplugLayer* const layers[kSides] = {lockstep.party(Side::kLegacy).layer.get(),
                                        lockstep.party(Side::kSubsection).layer.get()};
  for (HotplugLayer* layer : layers) layer->Boot(trace.map);
  picture.boot = painter.Paint(layers);
  Recorder recorder(painter, layers, &picture);
  picture.finding = lockstep.Run(trace, &recorder);
  return picture;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
