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
#include "trace/apply.h"
#include "trace/text.h"
#include "witness/nvdimm_guest.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// What QEMU and the kernel take for a label area.
constexpr uint64_t kLabelSize = uint64_t{2} << 20;

// The RAM of a guest, for the machine on which 5.1 made the media: nothing of it is near them.
constexpr PhysRange kLegacyRam = {0x100000, 0x1ff00000};

bool IsAccess(OpKind kind) { return kind == OpKind::kNsRead || kind == OpKind::kNsWrite; }

class Player {
 public:
  Player(const Implementation& implementation, const Trace& trace, NvdimmPlan plan, NvdimmJudge::Say say)
      : judge_(implementation, say), trace_(trace), plan_(std::move(plan)), say_(say) {}

  absl::StatusOr<NvdimmResult> Play(const std::string& directory, Accelerator accelerator);

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
  absl::Status Bury(const Op& op);
  absl::StatusOr<NvdimmAnswer> Ask(const Op& op, Place* place, Op* for_models);
  absl::StatusOr<NvdimmAnswer> AskAccess(const Op& op, Place* place, Op* for_models);
  absl::Status MakeFile(Handle ns, Place* place);
  absl::Status Corrupt(const Op& op, const Place& place);
  absl::Status CheckSections();
  void CheckMedia();

  const NvdimmPlan::Region* RegionOf(Handle region) const;
  Place PlaceOf(const Op& create) const;
  DimmFile& FileOf(Handle region) { return files_[static_cast<size_t>(RegionOf(region) - plan_.regions.data())]; }

  NvdimmJudge judge_;
  const Trace& trace_;
  NvdimmPlan plan_;
  NvdimmJudge::Say say_;
  std::vector<DimmFile> files_;  // parallel to the regions of the plan
  MediaImage media_;             // on which the guest boots
  std::unique_ptr<NvdimmGuest> guest_;
  std::map<Handle, Place> places_;
  bool died_ = false;
};

absl::StatusOr<NvdimmResult> Player::Play(const std::string& directory, Accelerator accelerator) {
  absl::Status status = MakeMedia();
  if (status.ok()) status = Boot(directory, accelerator);
  for (const Op& op : plan_.guest) {
    if (status.ok() && !died_) status = Do(op);
  }
  if (!status.ok()) return status;
  if (!died_) CheckMedia();
  NvdimmResult result = judge_.result();
  result.boot_seconds = guest_->guest().boot_seconds();
  return result;
}

const NvdimmPlan::Region* Player::RegionOf(Handle handle) const {
  for (const NvdimmPlan::Region& region : plan_.regions) {
    if (region.handle == handle) return &region;
  }
  return nullptr;
}

Player::Place Player::PlaceOf(const Op& create) const {
  const uint64_t start = RegionOf(create.region)->request.range.start;
  return {create.region, create.extent.start, {start + create.extent.start, create.extent.size}, {}};
}

// Blank, or as 5.1 leaves them.
absl::Status Player::MakeMedia() {
  FirmwareMap map;
  map.ranges[map.count++] = {.kind = FirmwareKind::kRam, .nid = 0, .range = kLegacyRam};
  const std::unique_ptr<HotplugLayer> legacy = FindImplementation("legacy")->make_layer();
  legacy->Boot(map);
  for (const NvdimmPlan::Region& region : plan_.regions) {
    absl::StatusOr<DimmFile> file = DimmFile::Create(region.request.range, region.labels ? kLabelSize : 0);
    if (!file.ok()) return file.status();
    files_.push_back(*std::move(file));
    legacy->Nvdimm().AddRegion(region.handle, region.request);
  }
  for (const Op& op : plan_.legacy) {
    const Answer answer = Apply(op, *legacy);
    if (op.kind == OpKind::kNsCreate) places_[op.handle] = PlaceOf(op);
    say_({PrintOp(op, NamesOf(trace_)), "5.1 made the media", "legacy " + PrintAnswer(answer), true});
  }
  legacy->Nvdimm().Image(&media_);
  for (size_t i = 0; i < files_.size(); ++i) {
    if (!WriteMedia(media_, plan_.regions[i].handle, &files_[i])) return absl::UnavailableError("media: no memory");
  }
  return absl::OkStatus();
}

absl::Status Player::Boot(const std::string& directory, Accelerator accelerator) {
  absl::StatusOr<std::unique_ptr<NvdimmGuest>> guest =
      NvdimmGuest::Boot(directory, accelerator, plan_, absl::MakeSpan(files_));
  if (!guest.ok()) return guest.status();
  guest_ = *std::move(guest);
  const absl::StatusOr<Machine> machine = ParseMachine(guest_->guest().machine());
  if (!machine.ok()) return machine.status();
  judge_.Boot(machine->map, media_);
  return CheckSections();
}

absl::Status Player::MakeFile(Handle ns, Place* place) {
  const absl::StatusOr<std::optional<uint64_t>> file = guest_->MakeFile(place->range);
  if (!file.ok()) return file.status();
  place->file = *file;
  if (!place->file.has_value()) return absl::OkStatus();
  const NsAccess all{**file, NvdimmGuest::kFileSize, false};
  judge_.Ask([&](HotplugLayer& model) { return model.Nvdimm().NsWrite(ns, all, 0); });
  return absl::OkStatus();
}

absl::StatusOr<NvdimmAnswer> Player::AskAccess(const Op& op, Place* place, Op* for_models) {
  const absl::StatusOr<std::optional<NamespaceSight>> sight = guest_->Look(place->range);
  if (!sight.ok()) return sight.status();
  const bool pfn = sight->has_value() && (*sight)->disposition() == Disposition::kPfn;
  if (op.dax && pfn && !place->file.has_value()) {
    if (absl::Status status = MakeFile(op.handle, place); !status.ok()) return status;
  }
  // What becomes of an access that ends behind the last byte is the block layer's business, or the file system's.
  const bool enabled = sight->has_value() && !((*sight)->block.empty() && (*sight)->dax.empty());
  const uint64_t bytes = place->file.has_value() ? NvdimmGuest::kFileSize : enabled ? (*sight)->capacity() : 0;
  if (enabled && (op.extent.size > bytes || op.extent.start > bytes - op.extent.size)) {
    return absl::FailedPreconditionError(
        absl::StrCat(PrintOp(op, NamesOf(trace_)), ": reaches past the ", bytes, " bytes that are there"));
  }
  const absl::StatusOr<Answer> answer = guest_->Access(op, place->range, place->file.has_value());
  if (!answer.ok()) return answer.status();
  for_models->extent.start += place->file.value_or(0);
  return NvdimmAnswer{.answer = *answer, .words = ""};
}

absl::Status Player::Corrupt(const Op& op, const Place& place) {
  std::vector<uint8_t> bytes(op.extent.size, static_cast<uint8_t>(op.number));
  for (size_t i = 0; bytes.size() <= sizeof(op.number) && i < bytes.size(); ++i) {
    bytes[i] = static_cast<uint8_t>(op.number >> 8 * i);
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
  if (op.kind == OpKind::kNsCreate) return guest_->Create(op, RegionOf(op.region)->request.range);
  if (IsAccess(op.kind)) return AskAccess(op, place, for_models);
  if (op.kind != OpKind::kCorrupt) return guest_->Change(op.kind, place->range);
  if (absl::Status status = Corrupt(op, *place); !status.ok()) return status;
  return NvdimmAnswer{.answer = Answer::Value(0), .words = ""};
}

// The uuids are those that ndctl chose, as the kernel tells them.
Answer CreateInModel(const Op& op, const NamespaceSight& sight, HotplugLayer& model) {
  const Uuid own = sight.holder.empty() ? UuidOfSeed(op.uuid) : sight.holder_uuid;
  return model.Nvdimm().NsCreate(
      op.handle,
      {.region = op.region,
       .offset = op.extent.start,
       .size = op.extent.size,
       .parent = sight.uuid,
       .settings = {
           .personality = op.personality, .mode = op.mode, .align = op.number, .has_uuid = true, .uuid = own}});
}

// The machine did not survive the operation. It can be asked nothing more.
absl::Status Player::Bury(const Op& op) {
  died_ = true;
  const absl::StatusOr<Answer> death = ParseOperationAnswer(CauseOfDeath(guest_->guest().Console()));
  if (!death.ok()) return absl::AbortedError("the machine died and did not say of what");
  const auto answers = judge_.Ask([&](HotplugLayer& model) { return Apply(op, model); });
  judge_.CheckAnswer(PrintOp(op, NamesOf(trace_)), {.answer = *death, .words = ""}, answers);
  return absl::OkStatus();
}

absl::Status Player::Do(const Op& op) {
  if (op.kind == OpKind::kNsCreate) places_[op.handle] = PlaceOf(op);
  Place& place = places_.at(op.handle);
  Op for_models = op;
  const absl::StatusOr<NvdimmAnswer> kernel = Ask(op, &place, &for_models);
  if (absl::IsAborted(kernel.status())) return Bury(for_models);
  if (!kernel.ok()) return kernel.status();
  const absl::StatusOr<std::optional<NamespaceSight>> sight = guest_->Look(place.range);
  if (!sight.ok()) return sight.status();
  const auto answers = judge_.Ask([&](HotplugLayer& model) {
    const bool made = op.kind == OpKind::kNsCreate && sight->has_value();
    return made ? CreateInModel(op, **sight, model) : Apply(for_models, model);
  });
  judge_.CheckAnswer(PrintOp(op, NamesOf(trace_)), *kernel, answers);
  if (IsAccess(op.kind)) return absl::OkStatus();
  judge_.CheckState(op.handle, *sight);
  judge_.CheckBlock(place.region, place.offset, FileOf(place.region));
  return CheckSections();
}

absl::Status Player::CheckSections() {
  std::set<SectionNr> sections;
  for (const NvdimmPlan::Region& region : plan_.regions) {
    const PhysRange range = region.request.range;
    const SectionNr last = SectionNr::OfByte(range.end() - 1);
    for (SectionNr nr = SectionNr::OfByte(range.start); nr <= last; ++nr) sections.insert(nr);
  }
  std::vector<std::pair<SectionNr, std::string>> lines;
  for (const SectionNr nr : sections) {
    absl::StatusOr<std::string> line = guest_->Section(nr);
    if (!line.ok()) return line.status();
    lines.emplace_back(nr, *std::move(line));
  }
  return judge_.CheckSections(lines);
}

// A file system writes what no model knows of.
void Player::CheckMedia() {
  for (size_t i = 0; i < files_.size(); ++i) {
    const Handle region = plan_.regions[i].handle;
    bool file_system = false;
    for (const auto& [ns, place] : places_) file_system |= place.region == region && place.file.has_value();
    if (!file_system) judge_.CheckMedia(region, files_[i]);
  }
}

}  // namespace

absl::StatusOr<NvdimmResult> PlayNvdimm(const std::string& directory, Accelerator accelerator,
                                        const Implementation& implementation, const Trace& trace,
                                        NvdimmJudge::Say say) {
  absl::StatusOr<NvdimmPlan> plan = PlanNvdimm(trace);
  if (!plan.ok()) return plan.status();
  return Player(implementation, trace, *std::move(plan), say).Play(directory, accelerator);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
