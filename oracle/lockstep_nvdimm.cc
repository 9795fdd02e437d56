// SPDX-License-Identifier: Apache-2.0
// Lockstep: regions, namespaces and reboots. After every operation about them each layer's namespaces and every byte of
// its media are compared with its reference; what users wrote is read back whenever a namespace is attached and at the
// end; what a probe turned into is held against the table in nvdimm_rules.h.
#include <algorithm>

#include "hotplug/info_block_fields.h"
#include "oracle/compare.h"
#include "oracle/lockstep.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

bool Attached(const NamespaceFacts& facts) {
  return facts.disposition == Disposition::kRaw || facts.disposition == Disposition::kPfn ||
         facts.disposition == Disposition::kDax;
}

bool AllZero(const MediaImage::Page& page, uint64_t begin, uint64_t end) {
  return std::all_of(page.begin() + static_cast<std::ptrdiff_t>(begin), page.begin() + static_cast<std::ptrdiff_t>(end),
                     [](uint8_t byte) { return byte == 0; });
}

// Pages with bytes of their own that one operation may cost to compare, on average.
constexpr size_t kPagesComparedPerOp = 64;

// The page of an info block if it has bytes of its own; nullptr: all of it is alike.
const MediaImage::Page* FindPage(const MediaImage& image, Handle region, uint64_t page) {
  for (const MediaImage::Run& run : image.runs) {
    if (run.region == region && run.first_page == page && run.fill == MediaImage::kLiteral) {
      return &image.pages[run.literal];
    }
  }
  return nullptr;
}

constexpr PhysRange kInfoBlock{kInfoBlockOffset, kInfoBlockSize};  // in its namespace

constexpr InfoBlockField Field(std::string_view name) {
  for (const InfoBlockField& field : kInfoBlockFields) {
    if (field.name == name) return field;
  }
  return {};
}

// Whether a device that its user wrote to has become a raw disk because no block was found, which nobody had torn. A
// region that is no memory has no blocks as far as a probe is concerned.
bool BlockLost(const Ledger& ledger, const NamespaceFacts& facts, bool blk) {
  const bool formatted = ledger.device == Disposition::kPfn || ledger.device == Disposition::kDax;
  return formatted && !ledger.torn && !ledger.runs().empty() && !blk && facts.disposition == Disposition::kRaw &&
         facts.pfn.validate == -kENODEV;
}

}  // namespace

Finding Lockstep::Rule(unsigned side, NvdimmRule rule, Handle ns) const {
  Finding finding = Reference(side, Check::kNamespace);
  finding.kind = Finding::Kind::kRule;
  finding.rule = rule;
  finding.ns = ns;
  return finding;
}

void Lockstep::PrepareNvdimm(const Op& op) {
  if (op.kind == OpKind::kRegion) watch_.AddRegion(op);
  if (op.kind == OpKind::kNsCreate) watch_.AddNamespace(op);
  if (op.kind == OpKind::kRegion || op.kind == OpKind::kReboot) return;
  Situation::Nvdimm& nvdimm = situation_.nvdimm;
  nvdimm.ns = op.handle;
  for (unsigned side = 0; side < kSides; ++side) {
    nvdimm.before[side] = world_[side].reference->Nvdimm().Namespace(op.handle);
  }
}

// Which of the kernels' checks decides about a new mapping shows when the references have made it. What looks at the
// sections themselves has to look before, as for any operation.
void Lockstep::GovernNvdimm() {
  Situation::Nvdimm& nvdimm = situation_.nvdimm;
  for (unsigned side = 0; side < kSides; ++side) {
    nvdimm.after[side] = world_[side].reference->Nvdimm().Namespace(nvdimm.ns);
  }
  if (step_.applied[0] && step_.applied[1] && BindsNamespace(step_.op->kind)) GovernStep();
}

// Machines of both generations boot anew, each on its own media or on the other's.
Finding Lockstep::Reboot(const Op& op) {
  if (Finding finding = CheckTouched(true)) return finding;
  for (unsigned side = 0; side < kSides; ++side) {
    world_[side].layer->Nvdimm().Image(&media_[side]);
    world_[side].reference->Nvdimm().Image(&reference_media_[side]);
  }
  BootWorlds();
  for (unsigned side = 0; side < kSides; ++side) {
    const unsigned from = op.other ? 1 - side : side;
    world_[side].layer->Nvdimm().Restore(media_[from], op.number);
    world_[side].reference->Nvdimm().Restore(reference_media_[from], op.number);
    step_.applied[side] = true;
  }
  watch_.Reboot(op.other, op.number);
  divergence_.resources = watch_.AnyRegionRefused();
  return {};
}

Finding Lockstep::ProbeNvdimm(const Op& op) {
  for (unsigned side = 0; side < kSides; ++side) {
    if (world_[side].frozen) continue;
    // No driver writes when it lets go.
    const bool compared = op.kind != OpKind::kNsDisable && MediaDue(side, op);
    if (compared) {
      if (Finding finding = CompareMedia(side)) return finding;
    }
    if (op.kind == OpKind::kReboot) continue;
    if (Finding finding = ProbeNamespace(side, op.handle)) return finding;
    if (op.kind == OpKind::kNsEnable) {
      if (Finding finding = CheckProbe(side, op)) return finding;
    }
    const bool fails = (Be(situation_.nvdimm.before[side].disposition) & kFailedDevice) != 0;
    const bool may_write = op.kind == OpKind::kNsCreate || (op.kind == OpKind::kNsEnable && fails);
    if (may_write && compared) {
      if (Finding finding = CheckNewBlock(side, op.handle)) return finding;
    }
    if (op.kind != OpKind::kNsEnable) continue;
    if (Finding finding = CheckData(side, op.handle)) return finding;
  }
  return op.kind == OpKind::kReboot ? Finding{} : CompareNamespaces(op.handle);
}

Finding Lockstep::ProbeNamespace(unsigned side, Handle ns) {
  const NamespaceFacts facts = world_[side].layer->Nvdimm().Namespace(ns);
  if (!(facts == world_[side].reference->Nvdimm().Namespace(ns))) {
    Finding finding = Reference(side, Check::kNamespace);
    finding.ns = ns;
    return finding;
  }
  const NvdimmWatch::Namespace* noted = watch_.Find(ns);
  if (noted == nullptr || !Attached(facts)) return {};
  return SizesAddUp(facts, noted->extent.size) ? Finding{} : Rule(side, NvdimmRule::kSizesAddUp, ns);
}

// Whether every byte is compared after this operation. Media of few pages always are; those of thousands only after so
// many operations that the cost of a trace stays linear. What is missed here is found at the next reboot or the end.
bool Lockstep::MediaDue(unsigned side, const Op& op) {
  if (op.kind == OpKind::kReboot || media_rest_[side] == 0) return true;
  --media_rest_[side];
  return false;
}

Finding Lockstep::CompareMedia(unsigned side) {
  world_[side].layer->Nvdimm().Image(&media_[side]);
  world_[side].reference->Nvdimm().Image(&reference_media_[side]);
  media_rest_[side] = media_[side].pages.size() / kPagesComparedPerOp;
  return media_[side] == reference_media_[side] ? Finding{} : Reference(side, Check::kMedia);
}

// What both generations must agree in; live page counts differ by rounding (5.1 counts whole sections).
Finding Lockstep::CompareNamespaces(Handle ns) {
  const NvdimmWatch::Namespace* noted = watch_.Find(ns);
  if (!BothRun() || noted == nullptr) return {};
  if (noted->marked) {
    CountSuspended(IndexOf(FactClause::kDiverged));
    return {};
  }
  ++statistics_.compared;
  const NamespaceFacts legacy = world_[0].layer->Nvdimm().Namespace(ns);
  const NamespaceFacts subsection = world_[1].layer->Nvdimm().Namespace(ns);
  const bool same = legacy.disposition == subsection.disposition && legacy.attach == subsection.attach &&
                    legacy.capacity == subsection.capacity && legacy.pfn.start_pad == subsection.pfn.start_pad &&
                    legacy.pfn.end_trunc == subsection.pfn.end_trunc && legacy.pfn.dataoff == subsection.pfn.dataoff &&
                    legacy.pfn.mapped == subsection.pfn.mapped;
  if (same) return {};
  Finding finding = Pair(Check::kNamespace);
  finding.ns = ns;
  return finding;
}

// What a probe of an idle namespace turned into.
Finding Lockstep::CheckProbe(unsigned side, const Op& op) {
  if (situation_.nvdimm.before[side].disposition != Disposition::kIdle) return {};
  const Answer& answer = step_.answer[side];
  if (answer.kind == Answer::Kind::kPending) return {};
  const NamespaceFacts facts = world_[side].layer->Nvdimm().Namespace(op.handle);
  const ProbeRow* row = FindProbe(NvdimmOf(side), facts.pfn.validate);
  const bool right = row != nullptr && (row->outcomes & Be(facts.disposition)) != 0 &&
                     (facts.disposition != Disposition::kIdle || answer.value == row->answer);
  return right ? Finding{} : Rule(side, NvdimmRule::kProbeOutcome, op.handle);
}

// A new block says nothing beyond its fields. CompareMedia() has just been called.
Finding Lockstep::CheckNewBlock(unsigned side, Handle ns) {
  const NvdimmWatch::Namespace* noted = watch_.Find(ns);
  if (noted == nullptr || !world_[side].layer->Nvdimm().Namespace(ns).pfn.wrote) return {};
  // A namespace too short for a block, at the end of its region: nothing is written.
  const NvdimmWatch::Region* region = watch_.FindRegion(noted->region);
  if (region == nullptr || region->range.size - noted->extent.start < kInfoBlockOffset + kInfoBlockSize) return {};
  const uint64_t page = (noted->extent.start + kInfoBlockOffset) / kPageSize;
  const MediaImage::Page* block = FindPage(media_[side], noted->region, page);
  constexpr InfoBlockField kFlags = Field("flags");
  // 5.1 knows no field behind `align`.
  constexpr InfoBlockField kUnknown[kSides] = {Field("page_size"), Field("padding")};
  const bool zeroed = block != nullptr && AllZero(*block, kFlags.offset, kFlags.offset + kFlags.size) &&
                      AllZero(*block, kUnknown[static_cast<unsigned>(NvdimmOf(side))].offset, Field("checksum").offset);
  return zeroed ? Finding{} : Rule(side, NvdimmRule::kInfoBlockZeroed, ns);
}

// What the user wrote through the device that is attached now.
Finding Lockstep::CheckData(unsigned side, Handle ns) {
  const NvdimmWatch::Namespace* noted = watch_.Find(ns);
  if (noted == nullptr) return {};
  NvdimmBus& bus = world_[side].layer->Nvdimm();
  const Ledger& ledger = noted->ledger[side];
  const Disposition disposition = bus.Namespace(ns).disposition;
  if (disposition != ledger.device) {
    const bool blk = noted->region < watch_.regions().size() && watch_.regions()[noted->region].blk;
    return BlockLost(ledger, bus.Namespace(ns), blk) ? Rule(side, NvdimmRule::kUserDataKept, ns) : Finding{};
  }
  for (const Ledger::Run& run : ledger.runs()) {
    const bool dax = disposition == Disposition::kDax;
    const Answer data = bus.NsRead(ns, {run.start, run.end - run.start, dax});
    if (data.is_error(kEIO)) return {};
    // Less than a page written over struct pages leaves the page unspecified.
    const bool part = !PhysRange{run.start, run.end - run.start}.aligned_to(kPageSize);
    if (part && data.kind == Answer::Kind::kData && data.value == kDataUnspecified) continue;
    if (data.kind != Answer::Kind::kData || data.value != run.byte) return Rule(side, NvdimmRule::kUserDataKept, ns);
  }
  return {};
}

void Lockstep::RememberData(unsigned side, const Op& op) {
  NvdimmWatch::Namespace* ns = watch_.Find(op.handle);
  if (ns == nullptr || !step_.applied[side] || !step_.expected[side].ok()) return;
  Ledger& ledger = ns->ledger[side];
  const NamespaceFacts& facts = situation_.nvdimm.before[side];
  if (op.kind == OpKind::kNsWrite) {
    if (ledger.device != facts.disposition) ledger.Forget();
    ledger.device = facts.disposition;
    // Through dax a padded namespace is written start_pad too low, over whatever lies there (dax-on-padded-namespace).
    const bool misplaced = op.dax && facts.disposition == Disposition::kPfn && facts.pfn.start_pad != 0;
    if (misplaced || ledger.block_changed) {
      ledger.Forget();
    } else {
      ledger.Write(op.extent.start, op.extent.size, static_cast<uint8_t>(op.fill));
    }
  }
  if (op.kind == OpKind::kCorrupt || op.kind == OpKind::kNsDestroy) ledger.Forget();
  // A user of the raw disk may write over the block, too.
  ledger.torn |= op.kind == OpKind::kCorrupt || ledger.device == Disposition::kRaw;
  if (op.kind == OpKind::kCorrupt) ledger.block_changed |= op.extent.overlaps(kInfoBlock);
  if (op.kind == OpKind::kNsEnable && facts.disposition == Disposition::kIdle) ledger.block_changed = false;
}

void Lockstep::RememberNvdimm(const Op& op) {
  if (op.kind == OpKind::kReboot) return;
  if (op.kind == OpKind::kRegion) {
    NvdimmWatch::Region* region = watch_.FindRegion(op.handle);
    const bool alike = step_.applied[0] && step_.applied[1] && step_.expected[0] == step_.expected[1];
    region->refused = !alike;
    return;
  }
  for (unsigned side = 0; side < kSides; ++side) RememberData(side, op);
  NvdimmWatch::Namespace* ns = watch_.Find(op.handle);
  if (ns == nullptr) return;
  if (!step_.applied[0] || !step_.applied[1]) watch_.Mark(op.handle);
  if (!BindsNamespace(op.kind)) return;
  const PfnView& view = situation_.nvdimm.after[1].pfn;
  ns->mapping.altmap = {view.mode == MemmapMode::kPmem && view.setup == 0, view.altmap_base << kPageShift,
                        view.altmap_reserve << kPageShift, view.altmap_free << kPageShift};
  if (ns->mapping.altmap.given) altmaps_.push_back(&ns->mapping);
  NvdimmWatch::Region* region = watch_.FindRegion(ns->region);
  const bool wrote = situation_.nvdimm.after[0].pfn.wrote || view.wrote;
  if (wrote && region != nullptr) region->blocks.push_back(ns->extent.start + kInfoBlockOffset);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
