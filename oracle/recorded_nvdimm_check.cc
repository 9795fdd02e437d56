// SPDX-License-Identifier: Apache-2.0
// Recorded check of namespaces: the replays, by the kind of request.
#include "oracle/recorded_nvdimm_check.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "oracle/recorded_nvdimm_battery.h"
#include "oracle/recorded_nvdimm_machine.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using Values = std::vector<NvdimmValue>;
using K = NvdimmKey;

NvdimmValue Number(NvdimmKey key, uint64_t number) { return {.key = key, .numbers = {number}}; }
NvdimmValue Error(NvdimmKey key, int error) { return Number(key, static_cast<uint64_t>(int64_t{error})); }

// A kernel that answers: alone, or as the reader of what another wrote.
struct TagKernels {
  NvdimmTag tag;
  NvdimmKernel writer;
  std::optional<NvdimmKernel> reader;

  NvdimmKernel answering() const { return reader.value_or(writer); }
};
constexpr TagKernels kTags[] = {
    {NvdimmTag::kL, NvdimmKernel::k5_1, std::nullopt},        {NvdimmTag::kS, NvdimmKernel::k6_1, std::nullopt},
    {NvdimmTag::kLS, NvdimmKernel::k5_1, NvdimmKernel::k6_1}, {NvdimmTag::kSL, NvdimmKernel::k6_1, NvdimmKernel::k5_1},
    {NvdimmTag::kLL, NvdimmKernel::k5_1, NvdimmKernel::k5_1}, {NvdimmTag::kSS, NvdimmKernel::k6_1, NvdimmKernel::k6_1},
    {NvdimmTag::k5_1, NvdimmKernel::k5_1, std::nullopt},      {NvdimmTag::k6_1, NvdimmKernel::k6_1, std::nullopt},
    {NvdimmTag::k6_12, NvdimmKernel::k6_12, std::nullopt},
};

const TagKernels& KernelsOf(NvdimmTag tag) {
  for (const TagKernels& row : kTags) {
    if (row.tag == tag) return row;
  }
  __builtin_unreachable();
}

// What nvdimm_setup_pfn left in memory.
void AddSetup(const PfnView& pfn, Values& ours) {
  ours.push_back(Number(K::kLive, pfn.npfns));
  ours.push_back({.key = K::kMap, .numbers = {pfn.mapped.start, pfn.mapped.start + (pfn.mapped.size - 1)}});
  NvdimmValue altmap{.key = K::kAlt, .none = pfn.mode != MemmapMode::kPmem};
  if (!altmap.none) altmap.numbers = {pfn.altmap_base, pfn.altmap_reserve, pfn.altmap_free};
  ours.push_back(altmap);
  ours.push_back(Number(K::kWrote, pfn.wrote ? 1 : 0));
}

void AddBlock(const InfoBlock& block, Values& ours) {
  const InfoBlockFields fields = FieldsOf(block);
  ours.push_back(Number(K::kPad, fields.start_pad));
  ours.push_back(Number(K::kTrunc, fields.end_trunc));
  ours.push_back(Number(K::kOff, fields.dataoff));
  ours.push_back(Number(K::kNpfns, fields.npfns));
  ours.push_back(Number(K::kMinor, fields.minor));
  ours.push_back(Number(K::kCsum, fields.checksum));
}

bool SameValue(const NvdimmValue& recorded, const NvdimmValue& ours) {
  // How often media were written is an accident.
  if (recorded.key == K::kWrote) return (recorded.numbers[0] != 0) == (ours.numbers[0] != 0);
  return recorded == ours;
}

// One replay of one answer: what we say, or what the machine refused of the request.
struct Replay {
  std::string refused;
  Values ours;

  std::string Says(NvdimmKey key) const {
    const NvdimmValue* value = FindValue(ours, key);
    return value == nullptr ? "nothing" : PrintNvdimmValue(*value);
  }
};

class Check {
 public:
  Check(const RecordedNvdimmCase& recorded, const InfoBlockFiles& blocks, const NvdimmMachines& machines)
      : case_(recorded), blocks_(blocks), machines_(machines) {}

  std::vector<NvdimmDifference> Run() {
    for (const NvdimmAnswer& answer : case_.answers) {
      switch (case_.op) {
        case NvdimmOp::kCreate: Compare(answer, {Create(KernelsOf(answer.tag))}); break;
        case NvdimmOp::kValidate: Compare(answer, {Validate(KernelsOf(answer.tag).writer)}); break;
        case NvdimmOp::kProbe: Compare(answer, Probes(KernelsOf(answer.tag).writer)); break;
      }
    }
    return std::move(differences_);
  }

 private:
  HotplugLayer& machine(NvdimmKernel kernel) const { return *machines_[static_cast<unsigned>(kernel)]; }

  NvdimmBoot BootOfCase() const;
  Replay Create(const TagKernels& kernels) const;
  Replay Validate(NvdimmKernel kernel) const;
  std::vector<Replay> Probes(NvdimmKernel kernel) const;
  static Replay Probe(const NvdimmBoot& boot, size_t nr, bool first, HotplugLayer& layer);

  void Compare(const NvdimmAnswer& answer, const std::vector<Replay>& replays);

  const RecordedNvdimmCase& case_;
  const InfoBlockFiles& blocks_;
  const NvdimmMachines& machines_;
  std::vector<NvdimmDifference> differences_;
};

NvdimmBoot Check::BootOfCase() const {
  NvdimmBoot boot;
  boot.map = &case_.map;
  boot.others = case_.others;
  boot.neighbours = NeighboursOf(case_.range, case_.regions, &boot.others);
  Dimm dimm{.region = case_.region, .parent = case_.parent, .block = case_.block};
  dimm.region.range = case_.range;
  boot.dimms.push_back(dimm);
  return boot;
}

Replay Check::Create(const TagKernels& kernels) const {
  Replay replay;
  const NvdimmBoot boot = BootOfCase();
  HotplugLayer* layer = &machine(kernels.writer);
  replay.refused = Start(boot, *layer);
  if (!replay.refused.empty()) return replay;
  PfnView pfn = SetUp(boot, 0, case_.settings, *layer);
  if (kernels.reader.has_value()) {
    MediaImage image;
    layer->Nvdimm().Image(&image);
    layer = &machine(*kernels.reader);
    replay.refused = Restart(boot, image, *layer);
    if (!replay.refused.empty()) return replay;
    PfnSettings probe;
    probe.personality = case_.settings.personality;
    replay.ours.push_back(Error(K::kProbe, layer->Nvdimm().Examine(image.labels[0].handle, probe).validate));
    pfn = SetUp(boot, 0, case_.settings, *layer);
  }
  replay.ours.push_back(Error(K::kRc, pfn.setup));
  if (pfn.setup != 0) return replay;
  AddSetup(pfn, replay.ours);
  AddBlock(BlockOnMedia(*layer, 0), replay.ours);
  return replay;
}

Replay Check::Validate(NvdimmKernel kernel) const {
  Replay replay;
  const NvdimmBoot boot = BootOfCase();
  HotplugLayer& layer = machine(kernel);
  replay.refused = Start(boot, layer);
  if (!replay.refused.empty()) return replay;
  const PfnView seen = layer.Nvdimm().Examine(0, case_.settings);
  replay.ours.push_back(Error(K::kRc, seen.validate));
  if (seen.validate == 0) {
    replay.ours.push_back(Number(K::kMemPad, seen.start_pad));
    replay.ours.push_back(Number(K::kMemTrunc, seen.end_trunc));
    replay.ours.push_back(Number(K::kLiveAlign, seen.align));
    replay.ours.push_back(Number(K::kLiveMode, static_cast<uint64_t>(seen.mode)));
  }
  const PfnView pfn = SetUp(boot, 0, case_.settings, layer);
  replay.ours.push_back(Error(K::kSetup, pfn.setup));
  if (pfn.setup == 0) AddSetup(pfn, replay.ours);
  return replay;
}

// What sysfs shows of a namespace after its last bind, which answered `last`.
Values Shown(const NamespaceFacts& facts, const Answer& last, PhysRange range) {
  const PfnView& pfn = facts.pfn;
  RecordedDisposition shown = RecordedDisposition::kNone;
  int rc = 0;
  switch (facts.disposition) {
    case Disposition::kAbsent:
    case Disposition::kIdle: rc = last.value; break;
    case Disposition::kRaw: shown = RecordedDisposition::kRaw; break;
    case Disposition::kPfn: shown = RecordedDisposition::kPfn; break;
    case Disposition::kDax: shown = RecordedDisposition::kDax; break;
    case Disposition::kPfnFailed:
      shown = RecordedDisposition::kPfnFail;
      rc = pfn.setup != 0 ? pfn.setup : facts.attach;
      break;
    case Disposition::kDaxFailed:
      // dax_pmem does not map; where device_dax fails to, what dax_pmem made stays.
      shown = pfn.setup != 0 ? RecordedDisposition::kDaxFail : RecordedDisposition::kDax;
      rc = pfn.setup;
      break;
  }
  Values values = {Number(K::kDisp, static_cast<uint64_t>(shown)), Error(K::kRc, rc)};
  if (shown == RecordedDisposition::kPfn || shown == RecordedDisposition::kDax) {
    const uint64_t front = uint64_t{pfn.start_pad} + pfn.dataoff;
    values.push_back(Number(K::kHres, range.start + front));
    values.push_back(Number(K::kHsize, range.size - front - pfn.end_trunc));
  } else if (shown == RecordedDisposition::kRaw) {
    values.push_back(Number(K::kHres, range.start));
    values.push_back(Number(K::kHsize, range.size));
  }
  return values;
}

bool Failed(const Values& shown) {
  const auto disposition = static_cast<RecordedDisposition>(FindValue(shown, K::kDisp)->numbers[0]);
  return disposition == RecordedDisposition::kPfnFail || disposition == RecordedDisposition::kDaxFail;
}

bool IsDax(const Dimm& dimm) { return FieldsOf(dimm.block).signature == kDaxSignature; }

// DIMM `nr` before or after all others.
std::vector<size_t> OrderOf(const NvdimmBoot& boot, size_t nr, bool first) {
  std::vector<size_t> order;
  if (first) order.push_back(nr);
  for (size_t i = 0; i < boot.dimms.size(); ++i) {
    if (i != nr) order.push_back(i);
  }
  if (!first) order.push_back(nr);
  return order;
}

// Binds all DIMMs, and once more in the same order what failed. Dax devices come last: device_dax is a driver of its
// own, loaded for what dax_pmem made. Of three namespaces in one section of 5.1, the first, an fsdax one, attached at
// its second try, which it cannot after the third, a devdax one, has mapped.
Replay Check::Probe(const NvdimmBoot& boot, size_t nr, bool first, HotplugLayer& layer) {
  Replay replay;
  replay.refused = Start(boot, layer);
  if (!replay.refused.empty()) return replay;
  const std::vector<size_t> order = OrderOf(boot, nr, first);
  bool stopped = false;
  std::vector<Values> shown(boot.dimms.size());
  const auto bind = [&](size_t i) {
    const auto ns = static_cast<Handle>(i);
    const Answer answer = layer.Nvdimm().NsEnable(ns);
    stopped = answer.stops();
    shown[i] = Shown(layer.Nvdimm().Namespace(ns), answer, boot.dimms[i].region.range);
  };
  for (const bool dax : {false, true}) {
    for (size_t round = 0; round < 2; ++round) {
      for (const size_t i : order) {
        if (!stopped && IsDax(boot.dimms[i]) == dax && (round == 0 || Failed(shown[i]))) bind(i);
      }
    }
  }
  replay.ours = shown[nr];
  if (stopped) replay.refused = "the machine has stopped";
  return replay;
}

std::vector<Replay> Check::Probes(NvdimmKernel kernel) const {
  HotplugLayer& layer = machine(kernel);
  NvdimmBoot boot = BootOfCase();
  if (case_.block_file.empty()) return {Probe(boot, 0, true, layer)};
  const InfoBlockFile& file = blocks_.find(case_.block_file)->second;
  if (const std::optional<BatteryMember> battery = BatteryOf(case_.block_record, case_.range, file)) {
    return {Probe(battery->boot, battery->nr, true, layer), Probe(battery->boot, battery->nr, false, layer)};
  }
  // A block of a namespace with a label repeats that namespace's uuid.
  Dimm& dimm = boot.dimms[0];
  dimm.block = file.find(case_.block_record)->second;
  dimm.parent = FieldsOf(dimm.block).parent;
  return {Probe(boot, 0, true, layer)};
}

void Check::Compare(const NvdimmAnswer& answer, const std::vector<Replay>& replays) {
  const auto agrees = [](const NvdimmValue& recorded, const Replay& replay) {
    const NvdimmValue* ours = FindValue(replay.ours, recorded.key);
    return ours != nullptr && SameValue(recorded, *ours);
  };
  for (const Replay& replay : replays) {
    bool same = replay.refused.empty();
    for (const NvdimmValue& recorded : answer.values) same = same && agrees(recorded, replay);
    if (same) return;
  }
  const NvdimmKernel kernel = KernelsOf(answer.tag).answering();
  const std::string tag(NvdimmTagName(answer.tag));
  if (!replays[0].refused.empty()) {
    differences_.push_back({kernel, tag + " machine", "an answer", replays[0].refused});
    return;
  }
  for (const NvdimmValue& recorded : answer.values) {
    bool all = true;
    for (const Replay& replay : replays) all = all && agrees(recorded, replay);
    if (all) continue;
    std::string ours = replays[0].Says(recorded.key);
    for (size_t i = 1; i < replays.size(); ++i) {
      const std::string other = replays[i].Says(recorded.key);
      if (other != ours) ours = absl::StrCat(ours, " bound first, ", other, " bound last");
    }
    differences_.push_back(
        {kernel, absl::StrCat(tag, " ", std::string(NvdimmKeyName(recorded.key))), PrintNvdimmValue(recorded), ours});
  }
}

}  // namespace

std::vector<NvdimmDifference> CheckRecordedNvdimm(const RecordedNvdimmCase& recorded, const InfoBlockFiles& blocks,
                                                  const NvdimmMachines& machines) {
  return Check(recorded, blocks, machines).Run();
}

absl::Status CheckBlockNames(const std::vector<RecordedNvdimmCase>& cases, const InfoBlockFiles& blocks,
                             absl::string_view file_name) {
  for (const RecordedNvdimmCase& recorded : cases) {
    if (recorded.block_file.empty()) continue;
    const auto file = blocks.find(recorded.block_file);
    if (file != blocks.end() && file->second.count(recorded.block_record) != 0) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(file_name, ":", recorded.line, ":", recorded.block_column, ": read \"", recorded.block_file, "@",
                     recorded.block_record, "\", expected a block of a file beside this one or in its info-blocks/"));
  }
  return absl::OkStatus();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
