// SPDX-License-Identifier: Apache-2.0
// NvdimmPlayer: one scenario.
#include "witness/nvdimm_player.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "oracle/compare.h"
#include "trace/apply.h"
#include "trace/text.h"
#include "witness/comparison.h"
#include "witness/nvdimm_guest.h"
#include "witness/session.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// What QEMU and the kernel take for a label area.
constexpr uint64_t kLabelSize = uint64_t{2} << 20;
// The module's handle of a mapping that is not its own.
constexpr Handle kOfAnother = 0xfffe;

// The RAM of a guest, for the machine on which 5.1 made the media: nothing of it is near them.
constexpr PhysRange kLegacyRam = {0x100000, 0x1ff00000};

const char* NameOf(Disposition disposition) {
  constexpr const char* kNames[] = {"absent", "idle", "raw", "pfn", "dax", "pfn without driver", "dax without driver"};
  return kNames[static_cast<unsigned>(disposition)];
}

std::string StateText(Disposition disposition, uint64_t capacity) {
  return capacity == 0 ? NameOf(disposition) : absl::StrFormat("%s of %x", NameOf(disposition), capacity);
}

bool IsAccess(OpKind kind) { return kind == OpKind::kNsRead || kind == OpKind::kNsWrite; }

class Player {
 public:
  Player(const Implementation& implementation, const Trace& trace, NvdimmPlan plan,
         absl::FunctionRef<void(const NvdimmCheck&)> say)
      : model_{implementation.make_layer(), implementation.make_reference()},
        trace_(trace),
        plan_(std::move(plan)),
        say_(say) {}

  absl::StatusOr<NvdimmResult> Play(const std::string& directory, Accelerator accelerator) {
    absl::Status status = MakeMedia();
    if (status.ok()) status = Boot(directory, accelerator);
    for (const Op& op : plan_.guest) {
      if (status.ok()) status = Do(op);
    }
    if (!status.ok()) return status;
    CompareAllMedia();
    return result_;
  }

 private:
  // Where a namespace lies.
  struct Place {
    Handle region = kNoHandle;
    uint64_t offset = 0;
    PhysRange range;
    std::optional<uint64_t> file;  // of its user's bytes: where the file is
  };

  absl::Status MakeMedia();
  absl::Status Boot(const std::string& directory, Accelerator accelerator);
  absl::Status Do(const Op& op);
  absl::StatusOr<NvdimmAnswer> Ask(const Op& op, Place* place, Op* for_models);
  absl::StatusOr<NvdimmAnswer> AskAccess(const Op& op, Place* place, Op* for_models);
  absl::Status Corrupt(const Op& op, const Place& place);
  Answer ApplyToModel(const Op& op, const std::optional<NamespaceSight>& sight, HotplugLayer& model);

  void Check(const std::string& what, const std::string& kernel, const std::string (&model)[kModels], bool agrees);
  void CheckAnswer(const Op& op, const NvdimmAnswer& kernel, const Answer (&answer)[kModels]);
  void CheckState(Handle ns, const std::optional<NamespaceSight>& sight);
  void CheckBlock(const Place& place);
  absl::Status CheckSections();
  void CompareAllMedia();

  Place PlaceOf(const Op& create) const;
  DimmFile& FileOf(Handle region);

  std::unique_ptr<HotplugLayer> model_[kModels];
  const Trace& trace_;
  NvdimmPlan plan_;
  absl::FunctionRef<void(const NvdimmCheck&)> say_;
  std::vector<DimmFile> files_;  // parallel to the regions of the plan
  MediaImage media_;             // on which the guest boots
  FirmwareMap map_;
  std::unique_ptr<NvdimmGuest> guest_;
  std::map<Handle, Place> places_;
  NvdimmResult result_;
};

DimmFile& Player::FileOf(Handle region) {
  size_t i = 0;
  while (plan_.regions[i].handle != region) ++i;
  return files_[i];
}

Player::Place Player::PlaceOf(const Op& create) const {
  for (const NvdimmPlan::Region& region : plan_.regions) {
    if (region.handle != create.region) continue;
    const uint64_t start = region.request.range.start + create.extent.start;
    return {create.region, create.extent.start, {start, create.extent.size}, {}};
  }
  return {};
}

// Blank, or as 5.1 leaves them.
absl::Status Player::MakeMedia() {
  for (const NvdimmPlan::Region& region : plan_.regions) {
    absl::StatusOr<DimmFile> file = DimmFile::Create(region.request.range, region.labels ? kLabelSize : 0);
    if (!file.ok()) return file.status();
    files_.push_back(*std::move(file));
  }
  FirmwareMap map;
  map.ranges[map.count++] = {.kind = FirmwareKind::kRam, .nid = 0, .range = kLegacyRam};
  const std::unique_ptr<HotplugLayer> legacy = FindImplementation("legacy")->make_layer();
  legacy->Boot(map);
  for (const NvdimmPlan::Region& region : plan_.regions) legacy->Nvdimm().AddRegion(region.handle, region.request);
  for (const Op& op : plan_.legacy) {
    const Answer answer = Apply(op, *legacy);
    if (op.kind == OpKind::kNsCreate) places_[op.handle] = PlaceOf(op);
    say_({PrintOp(op, NamesOf(trace_)), "5.1 made the media", "legacy " + PrintAnswer(answer), true});
  }
  legacy->Nvdimm().Image(&media_);
  for (size_t i = 0; i < files_.size(); ++i) {
    if (!WriteMedia(media_, plan_.regions[i].handle, &files_[i]))
      return absl::UnavailableError("media cannot be written");
  }
  return absl::OkStatus();
}

absl::Status Player::Boot(const std::string& directory, Accelerator accelerator) {
  absl::StatusOr<std::unique_ptr<NvdimmGuest>> guest =
      NvdimmGuest::Boot(directory, accelerator, plan_, absl::MakeSpan(files_));
  if (!guest.ok()) return guest.status();
  guest_ = *std::move(guest);
  result_.boot_seconds = guest_->guest().boot_seconds();
  const absl::StatusOr<Machine> machine = ParseMachine(guest_->guest().machine());
  if (!machine.ok()) return machine.status();
  map_ = machine->map;
  // The regions are made below; they need not be there twice.
  map_.count = 0;
  for (const FirmwareRange& range : machine->map) {
    if (range.kind != FirmwareKind::kPmem) map_.ranges[map_.count++] = range;
  }
  for (auto& model : model_) {
    model->Boot(map_);
    model->Nvdimm().Restore(media_, 0);
  }
  return CheckSections();
}

absl::StatusOr<NvdimmAnswer> Player::AskAccess(const Op& op, Place* place, Op* for_models) {
  if (op.extent.start + op.extent.size > NvdimmGuest::kFileSize && (op.dax || place->file.has_value())) {
    return absl::FailedPreconditionError("an access with dax reaches past the file");
  }
  const absl::StatusOr<std::optional<NamespaceSight>> sight = guest_->Look(place->range);
  if (!sight.ok()) return sight.status();
  const bool pfn = sight->has_value() && (*sight)->disposition() == Disposition::kPfn;
  if (op.dax && pfn && !place->file.has_value()) {
    const absl::StatusOr<uint64_t> file = guest_->MakeFile(place->range);
    if (!file.ok() && !absl::IsNotFound(file.status())) return file.status();
    if (file.ok()) {
      place->file = *file;
      const NsAccess all{*file, NvdimmGuest::kFileSize, false};
      for (auto& model : model_) model->Nvdimm().NsWrite(op.handle, all, 0);
    }
  }
  const absl::StatusOr<Answer> answer = guest_->Access(op, place->range, place->file.has_value());
  if (!answer.ok()) return answer.status();
  for_models->extent.start += place->file.value_or(0);
  return NvdimmAnswer{.answer = *answer, .words = ""};
}

absl::Status Player::Corrupt(const Op& op, const Place& place) {
  std::vector<uint8_t> bytes(op.extent.size, static_cast<uint8_t>(op.number));
  if (bytes.size() <= 8) {
    for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(op.number >> 8 * i);
  }
  DimmFile& file = FileOf(place.region);
  bool written = file.Write(place.offset + op.extent.start, bytes);
  if (op.sealed) {
    InfoBlock block = BlockIn(file, place.offset);
    block.Seal();
    written = written && file.Write(place.offset + kInfoBlockOffset, block.bytes());
  }
  return written ? absl::OkStatus() : absl::FailedPreconditionError("corrupt: past the end of the media");
}

absl::StatusOr<NvdimmAnswer> Player::Ask(const Op& op, Place* place, Op* for_models) {
  if (op.kind == OpKind::kNsCreate) {
    for (const NvdimmPlan::Region& region : plan_.regions) {
      if (region.handle == op.region) return guest_->Create(op, region.request.range);
    }
    return absl::FailedPreconditionError("ns_create in no region");
  }
  if (IsAccess(op.kind)) return AskAccess(op, place, for_models);
  if (op.kind != OpKind::kCorrupt) return guest_->Change(op.kind, place->range);
  if (absl::Status status = Corrupt(op, *place); !status.ok()) return status;
  return NvdimmAnswer{.answer = Answer::Value(0), .words = ""};
}

// The uuids are those that ndctl chose, as the kernel tells them.
Answer Player::ApplyToModel(const Op& op, const std::optional<NamespaceSight>& sight, HotplugLayer& model) {
  if (op.kind != OpKind::kNsCreate || !sight.has_value()) return Apply(op, model);
  const Uuid own = sight->holder.empty() ? UuidOfSeed(op.uuid) : sight->holder_uuid;
  return model.Nvdimm().NsCreate(
      op.handle,
      {.region = op.region,
       .offset = op.extent.start,
       .size = op.extent.size,
       .parent = sight->uuid,
       .settings = {
           .personality = op.personality, .mode = op.mode, .align = op.number, .has_uuid = true, .uuid = own}});
}

absl::Status Player::Do(const Op& op) {
  if (op.kind == OpKind::kNsCreate) places_[op.handle] = PlaceOf(op);
  const auto found = places_.find(op.handle);
  if (found == places_.end()) return absl::FailedPreconditionError("an operation on a namespace that is not there");
  Place& place = found->second;
  Op for_models = op;
  const absl::StatusOr<NvdimmAnswer> kernel = Ask(op, &place, &for_models);
  if (!kernel.ok()) return kernel.status();
  const absl::StatusOr<std::optional<NamespaceSight>> sight = guest_->Look(place.range);
  if (!sight.ok()) return sight.status();
  Answer answer[kModels];
  for (unsigned i = 0; i < kModels; ++i) answer[i] = ApplyToModel(for_models, *sight, *model_[i]);
  CheckAnswer(op, *kernel, answer);
  if (IsAccess(op.kind)) return absl::OkStatus();
  CheckState(op.handle, *sight);
  CheckBlock(place);
  return CheckSections();
}

void Player::Check(const std::string& what, const std::string& kernel, const std::string (&model)[kModels],
                   bool agrees) {
  std::string text = model[0];
  if (model[1] != model[0]) absl::StrAppend(&text, " | reference ", model[1]);
  ++result_.checks;
  result_.differences += agrees ? 0 : 1;
  say_({what, kernel, text, agrees});
}

// An errno that nobody told is any; warnings and counters of a mapping are not for ndctl to see.
void Player::CheckAnswer(const Op& op, const NvdimmAnswer& kernel, const Answer (&answer)[kModels]) {
  std::string text[kModels];
  bool agrees = true;
  for (unsigned i = 0; i < kModels; ++i) {
    Answer said = answer[i];
    if (said.kind == Answer::Kind::kValue) said = Answer::Value(said.value, said.warnings);
    text[i] = PrintAnswer(said);
    const bool both_fail = !kernel.errno_told && said.kind == Answer::Kind::kValue && said.value < 0;
    agrees = agrees && (both_fail || SameAnswerAsReference(kernel.answer, said));
  }
  const std::string heard = kernel.errno_told ? PrintAnswer(kernel.answer) : "refused";
  Check(PrintOp(op, NamesOf(trace_)), kernel.words.empty() ? heard : absl::StrCat(heard, " (", kernel.words, ")"), text,
        agrees);
}

void Player::CheckState(Handle ns, const std::optional<NamespaceSight>& sight) {
  const std::string kernel =
      sight.has_value() ? StateText(sight->disposition(), sight->capacity()) : StateText(Disposition::kAbsent, 0);
  std::string text[kModels];
  for (unsigned i = 0; i < kModels; ++i) {
    const NamespaceFacts facts = model_[i]->Nvdimm().Namespace(ns);
    text[i] = StateText(facts.disposition, facts.capacity);
  }
  Check("  namespace", kernel, text, kernel == text[0] && kernel == text[1]);
}

void Player::CheckBlock(const Place& place) {
  const InfoBlock kernel = BlockIn(FileOf(place.region), place.offset);
  std::string text[kModels];
  bool agrees = true;
  MediaImage image;
  for (unsigned i = 0; i < kModels; ++i) {
    model_[i]->Nvdimm().Image(&image);
    const InfoBlock model = BlockIn(image, place.region, place.offset);
    const std::string difference = BlockDifference(kernel, model);
    text[i] = difference.empty() ? "the same 4096 bytes" : difference;
    agrees = agrees && difference.empty();
  }
  result_.block_bytes += kInfoBlockSize;
  Check("  info block", BlockText(kernel), text, agrees);
}

// A mapping of a namespace is nobody's whom the module knows; it is taken for the one that the model has there.
std::string WithNamespaces(SectionNr nr, const std::string& line, const HotplugLayer& model) {
  absl::StatusOr<SectionSight> sight = ParseSectionSight(line);
  const size_t words = 8;  // in front of the lookups
  if (!sight.ok()) return line;
  size_t end = 0;
  for (size_t i = 0; i < words && end != std::string::npos; ++i) end = line.find(' ', end + (i == 0 ? 0 : 1));
  std::string text = line.substr(0, end);
  for (unsigned i = 0; i < kSubsectionsPerSection; ++i) {
    if (sight->lookup[i] == kNoHandle) continue;
    const Handle map = model.Facts(nr.first_pfn() + i * kPagesPerSubsection).map;
    const Handle handle = IsNamespaceMapping(map) && sight->lookup[i] == kOfAnother ? map : sight->lookup[i];
    absl::StrAppendFormat(&text, " %x %x %x", handle, i, i + 1);
  }
  return text;
}

// One line for all that hold something, in which bitmaps stand for the rest.
absl::Status Player::CheckSections() {
  std::set<SectionNr> sections;
  for (const NvdimmPlan::Region& region : plan_.regions) {
    const PhysRange range = region.request.range;
    for (SectionNr nr = SectionNr::OfByte(range.start); nr <= SectionNr::OfByte(range.end() - 1); ++nr) {
      sections.insert(nr);
    }
  }
  std::string kernel;
  std::string text[kModels];
  bool agrees = true;
  for (const SectionNr nr : sections) {
    const absl::StatusOr<std::string> line = guest_->Section(nr);
    if (!line.ok()) return line.status();
    const absl::StatusOr<SectionSight> sight = ParseSectionSight(*line);
    if (!sight.ok()) return sight.status();
    if (sight->facts.bitmap != 0) absl::StrAppendFormat(&kernel, "%x:%x ", nr.value(), sight->facts.bitmap);
    for (unsigned i = 0; i < kModels; ++i) {
      const SectionFacts facts = model_[i]->Section(nr);
      if (facts.bitmap != 0) absl::StrAppendFormat(&text[i], "%x:%x ", nr.value(), facts.bitmap);
      const Deviation deviation = CompareLook({.kind = Request::Kind::kSection, .section = nr},
                                              WithNamespaces(nr, *line, *model_[i]), *model_[i]);
      if (!deviation.found()) continue;
      agrees = false;
      absl::StrAppend(&text[i], "[", deviation.what, ": kernel ", deviation.kernel, "; model ", deviation.layer, "] ");
    }
  }
  for (std::string* each : {&kernel, &text[0], &text[1]}) {
    if (each->empty()) *each = "nothing";
  }
  Check("  sections", kernel, text, agrees);
  return absl::OkStatus();
}

// A file system writes what no model knows of.
void Player::CompareAllMedia() {
  MediaImage image;
  for (size_t i = 0; i < files_.size(); ++i) {
    const Handle region = plan_.regions[i].handle;
    bool file_system = false;
    for (const auto& [ns, place] : places_) file_system |= place.region == region && place.file.has_value();
    if (file_system) continue;
    std::string text[kModels];
    bool agrees = true;
    for (unsigned m = 0; m < kModels; ++m) {
      model_[m]->Nvdimm().Image(&image);
      const MediaComparison media = CompareMedia(files_[i], image, region);
      if (m == 0) result_.media_bytes += media.compared;
      text[m] = media.first_difference.has_value()
                    ? absl::StrFormat("at %x: %02x/%02x", *media.first_difference, media.kernel, media.model)
                    : absl::StrFormat("the same %d bytes", media.compared);
      agrees = agrees && !media.first_difference.has_value();
    }
    Check("media", absl::StrFormat("region %x", plan_.regions[i].request.range.start), text, agrees);
  }
}

}  // namespace

NvdimmResult& NvdimmResult::operator+=(const NvdimmResult& other) {
  checks += other.checks;
  differences += other.differences;
  block_bytes += other.block_bytes;
  media_bytes += other.media_bytes;
  boot_seconds += other.boot_seconds;
  return *this;
}

std::string NvdimmCheckText(const NvdimmCheck& check) {
  if (check.agrees && check.kernel == check.model) return absl::StrFormat("  %-60s %s\n", check.what, check.kernel);
  if (check.agrees) return absl::StrFormat("  %-60s %s | %s\n", check.what, check.kernel, check.model);
  return absl::StrFormat("  %s\n    DIFFERENCE: kernel %s\n                model  %s\n", check.what, check.kernel,
                         check.model);
}

std::string NvdimmSummaryText(const NvdimmResult& result, std::string_view implementation) {
  return absl::StrFormat(
      "%d checks against %s: %d differ; compared byte by byte: %d of info blocks, %d of media; booting took %.1f s\n",
      result.checks, std::string(implementation), result.differences, result.block_bytes, result.media_bytes,
      result.boot_seconds);
}

absl::StatusOr<NvdimmResult> PlayNvdimm(const std::string& directory, Accelerator accelerator,
                                        const Implementation& implementation, const Trace& trace,
                                        absl::FunctionRef<void(const NvdimmCheck&)> say) {
  absl::StatusOr<NvdimmPlan> plan = PlanNvdimm(trace);
  if (!plan.ok()) return plan.status();
  return Player(implementation, trace, *std::move(plan), say).Play(directory, accelerator);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
