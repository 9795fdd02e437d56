// SPDX-License-Identifier: Apache-2.0
// NvdimmGuest: commands and what they come to.
#include "witness/nvdimm_guest.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// A file system takes its time on an emulated machine of a busy host.
constexpr std::chrono::seconds kCommandLimit(60);
// What in_file of witness/guest/nvdimm answers when the mount is refused.
constexpr int kMountRefused = 32;

absl::Status Unexpected(absl::string_view command, const CommandOutput& output) {
  return absl::InternalError(
      absl::StrCat("'", command, "' ended with ", output.exit_code, ": ", absl::StrJoin(output.lines, " ")));
}

// ndctl asks the kernel for no other sizes; the kernel takes them. Regions without labels keep the alignment that they
// are born with, those with labels had theirs made smaller.
bool IsForNdctl(const Op& create, bool whole) {
  constexpr uint64_t kLeast = uint64_t{16} << 20;
  const uint64_t size = create.extent.size;
  return size >= kLeast && size % std::max(create.number, whole ? kLeast : kSubsectionSize) == 0;
}

}  // namespace

std::string CreateCommand(const Op& create, const std::string& region, bool whole) {
  const bool pmem = create.mode == MemmapMode::kPmem;
  // "regionN" -> "namespaceN.0"
  const std::string existing = absl::StrCat("namespace", region.substr(region.find_first_of("0123456789")), ".0");
  if (create.personality == Personality::kRaw) {
    return absl::StrCat("ndctl create-namespace -f -m raw ",
                        whole ? "-e " + existing : absl::StrCat("-r ", region, " -s ", create.extent.size));
  }
  if (IsForNdctl(create, whole)) {
    return absl::StrCat("ndctl create-namespace -f ",
                        whole ? "-e " + existing : absl::StrCat("-r ", region, " -s ", create.extent.size), " -m ",
                        create.personality == Personality::kPfn ? "fsdax" : "devdax", " -M ", pmem ? "dev" : "mem",
                        " -a ", create.number);
  }
  // The namespace needs a uuid, too: any that no other one has.
  const std::string allocate =
      absl::StrCat("allocate ", region, " ", create.extent.size, " ", UuidText(UuidOfSeed(create.uuid + 1)), " && ");
  return absl::StrCat(whole ? "" : allocate, "set_up ", create.personality == Personality::kPfn ? "pfn" : "dax", " ",
                      whole ? existing : "$namespace", " ", pmem ? "pmem" : "ram", " ", create.number, " ",
                      UuidText(UuidOfSeed(create.uuid)));
}

absl::StatusOr<std::unique_ptr<NvdimmGuest>> NvdimmGuest::Boot(const std::string& directory, Accelerator accelerator,
                                                               const NvdimmPlan& plan, absl::Span<DimmFile> files) {
  GuestHardware hardware;
  for (const DimmFile& file : files) hardware.dimms.push_back(file.dimm());
  absl::StatusOr<std::unique_ptr<Guest>> booted = Guest::Boot(directory, hardware, accelerator);
  if (!booted.ok()) return booted.status();
  auto guest = std::unique_ptr<NvdimmGuest>(new NvdimmGuest);
  guest->guest_ = *std::move(booted);
  std::vector<std::string> setup;
  if (std::any_of(plan.regions.begin(), plan.regions.end(), [](const auto& region) { return region.labels; })) {
    setup = {"ndctl disable-region all", "ndctl init-labels -f all", "ndctl enable-region all", "align_regions"};
  }
  setup.insert(setup.end(), {"ndctl disable-namespace all", "complaints"});
  for (const std::string& command : setup) {
    if (absl::StatusOr<CommandOutput> output = guest->Run(command); !output.ok()) return output.status();
  }
  // Those of boot are nobody's.
  if (absl::StatusOr<unsigned> warnings = guest->Warnings(); !warnings.ok()) return warnings.status();
  const absl::StatusOr<CommandOutput> output = guest->Run("look_regions");
  if (!output.ok()) return output.status();
  absl::StatusOr<std::vector<RegionSight>> regions = ParseRegions(output->lines);
  if (!regions.ok()) return regions.status();
  guest->regions_ = *std::move(regions);
  return guest;
}

absl::StatusOr<CommandOutput> NvdimmGuest::Run(const std::string& command) {
  const std::string lines[] = {"run " + command};
  std::vector<std::string> answers;
  if (absl::Status status = guest_->Ask(lines, &answers, kCommandLimit); !status.ok()) {
    return absl::Status(status.code(), absl::StrCat(command, ": ", status.message()));
  }
  return ParseCommandOutput(answers[0]);
}

// The module counts them; the kernel's log does not have them.
absl::StatusOr<unsigned> NvdimmGuest::Warnings() {
  const std::string lines[] = {"warnings"};
  std::vector<std::string> answers;
  if (absl::Status status = guest_->Ask(lines, &answers, kCommandLimit); !status.ok()) return status;
  const absl::StatusOr<Answer> answer = ParseOperationAnswer(answers[0]);
  return answer.ok() ? absl::StatusOr<unsigned>(answer->warnings) : answer.status();
}

absl::StatusOr<NvdimmAnswer> NvdimmGuest::Judge(const CommandOutput& output) {
  const absl::StatusOr<CommandOutput> complaints = Run("complaints");
  if (!complaints.ok()) return complaints.status();
  NvdimmAnswer result;
  const int told = ErrnoOf(complaints->lines);
  const int error = told != 0 ? told : ErrnoOfWrite(output.lines);
  const absl::StatusOr<unsigned> warnings = Warnings();
  if (!warnings.ok()) return warnings.status();
  result.answer = Answer::Value(-error, *warnings);
  if (output.exit_code == 0 && error == 0) return result;
  result.errno_told = error != 0;
  if (!result.errno_told) result.answer.value = -kENXIO;
  result.words = absl::StrJoin(output.lines, " ");
  return result;
}

absl::StatusOr<std::optional<NamespaceSight>> NvdimmGuest::Look(PhysRange range) {
  const absl::StatusOr<CommandOutput> output = Run("look_namespaces");
  if (!output.ok()) return output.status();
  const absl::StatusOr<std::vector<NamespaceSight>> sights = ParseNamespaces(output->lines);
  if (!sights.ok()) return sights.status();
  for (const NamespaceSight& sight : *sights) {
    if (sight.range == range) return std::optional<NamespaceSight>(sight);
  }
  return std::optional<NamespaceSight>();
}

absl::StatusOr<NvdimmAnswer> NvdimmGuest::Create(const Op& op, PhysRange region) {
  const auto sight = std::find_if(regions_.begin(), regions_.end(),
                                  [region](const RegionSight& candidate) { return candidate.range == region; });
  if (sight == regions_.end()) return absl::InternalError(absl::StrFormat("the guest has no region %x", region.start));
  const bool whole = op.extent.start == 0 && op.extent.size == region.size;
  const absl::StatusOr<CommandOutput> output = Run(CreateCommand(op, sight->name, whole));
  return output.ok() ? Judge(*output) : output.status();
}

absl::StatusOr<NvdimmAnswer> NvdimmGuest::Change(OpKind kind, PhysRange range) {
  const absl::StatusOr<std::optional<NamespaceSight>> sight = Look(range);
  if (!sight.ok()) return sight.status();
  if (!sight->has_value()) return NvdimmAnswer{.answer = Answer::Of(Answer::Kind::kNone), .words = ""};
  const Disposition now = (*sight)->disposition();
  const bool attached = now == Disposition::kRaw || now == Disposition::kPfn || now == Disposition::kDax;
  const bool already =
      (kind == OpKind::kNsEnable && attached) || (kind == OpKind::kNsDisable && now == Disposition::kIdle);
  if (already) return NvdimmAnswer{.answer = Answer::Of(Answer::Kind::kAlready), .words = ""};
  const char* verb = kind == OpKind::kNsEnable ? "enable" : kind == OpKind::kNsDisable ? "disable" : "destroy";
  const absl::StatusOr<CommandOutput> output = Run(absl::StrCat("ndctl ", verb, "-namespace ", (*sight)->name));
  return output.ok() ? Judge(*output) : output.status();
}

absl::StatusOr<std::optional<uint64_t>> NvdimmGuest::MakeFile(PhysRange range) {
  const absl::StatusOr<std::optional<NamespaceSight>> sight = Look(range);
  if (!sight.ok()) return sight.status();
  if (!sight->has_value() || (*sight)->block.empty()) return std::optional<uint64_t>();
  const std::string command = absl::StrCat("make_file ", (*sight)->block, " ", kFileSize);
  const absl::StatusOr<CommandOutput> output = Run(command);
  if (!output.ok()) return output.status();
  if (output->exit_code == kMountRefused) return std::optional<uint64_t>();
  uint64_t block = 0;
  if (output->exit_code != 0 || output->lines.empty() || !absl::SimpleAtoi(output->lines.back(), &block)) {
    return Unexpected(command, *output);
  }
  return std::optional<uint64_t>(block * kPageSize);
}

absl::StatusOr<Answer> NvdimmGuest::Access(const Op& op, PhysRange range, bool in_file) {
  const absl::StatusOr<std::optional<NamespaceSight>> sight = Look(range);
  if (!sight.ok()) return sight.status();
  const Answer none = Answer::Of(Answer::Kind::kNone);
  if (!sight->has_value() || (!op.dax && !(*sight)->dax.empty())) return none;
  const std::string& device = in_file || (*sight)->dax.empty() ? (*sight)->block : (*sight)->dax;
  if (device.empty()) return none;
  std::string command = in_file ? absl::StrCat("in_file ", device, " ") : "";
  absl::StrAppend(&command, "bytes ", op.dax ? "map" : "io", " ", in_file ? "/mnt/file" : "/dev/" + device, " ",
                  op.extent.start, " ", op.extent.size);
  if (op.kind == OpKind::kNsWrite) absl::StrAppendFormat(&command, " %x", op.fill);
  const absl::StatusOr<CommandOutput> output = Run(command);
  if (!output.ok()) return output.status();
  if (output->exit_code == kMountRefused) return Answer::Error(kEINVAL);
  if (output->exit_code != 0) return Unexpected(command, *output);
  return op.kind == OpKind::kNsWrite ? absl::StatusOr<Answer>(Answer::Value(0)) : ParseRuns(output->lines);
}

absl::StatusOr<std::string> NvdimmGuest::Section(SectionNr nr) {
  const std::string lines[] = {absl::StrFormat("section %x", nr.value())};
  std::vector<std::string> answers;
  if (absl::Status status = guest_->Ask(lines, &answers); !status.ok()) return status;
  return answers[0];
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
