// SPDX-License-Identifier: Apache-2.0
// NvdimmGuest: a guest with NVDIMMs, and the commands by which it is asked. Not covered: the models.
#ifndef HPFUZZ_WITNESS_NVDIMM_GUEST_H_
#define HPFUZZ_WITNESS_NVDIMM_GUEST_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "hotplug/nvdimm.h"
#include "trace/op.h"
#include "witness/guest.h"
#include "witness/nvdimm_media.h"
#include "witness/nvdimm_plan.h"
#include "witness/nvdimm_sight.h"
#include "witness/wire.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// What the kernel made of an operation on a namespace.
struct NvdimmAnswer {
  Answer answer;
  bool errno_told = true;  // false: it failed, and `answer` holds no errno that means anything
  std::string words;       // what ndctl said when it failed
};

// `ndctl create-namespace` for this request, in a region of that name; what ndctl refuses to ask the kernel for, by
// sysfs. `whole`: out of the namespace that is there.
std::string CreateCommand(const Op& create, const std::string& region, bool whole);

class NvdimmGuest {
 public:
  // Boots on the media of `files`, by region in the order of `plan.regions`; every namespace is idle then. Errors as
  // Guest::Boot().
  static absl::StatusOr<std::unique_ptr<NvdimmGuest>> Boot(const std::string& directory, Accelerator accelerator,
                                                           const NvdimmPlan& plan, absl::Span<DimmFile> files);

  // The namespace with that range, as it is now; nothing: there is none.
  absl::StatusOr<std::optional<NamespaceSight>> Look(PhysRange range);
  absl::StatusOr<NvdimmAnswer> Create(const Op& op, PhysRange region);
  // ns_enable, ns_disable, ns_destroy.
  absl::StatusOr<NvdimmAnswer> Change(OpKind kind, PhysRange range);
  // Makes a file system on the namespace and a file of kFileSize zeroes in it, which begins at this byte of what the
  // user sees. Nothing: there is no block device, or no mount with dax.
  absl::StatusOr<std::optional<uint64_t>> MakeFile(PhysRange range);
  absl::StatusOr<Answer> Access(const Op& op, PhysRange range, bool in_file);
  absl::StatusOr<std::string> Section(SectionNr nr);
  const Guest& guest() const { return *guest_; }

  static constexpr uint64_t kFileSize = uint64_t{64} << 10;

 private:
  absl::StatusOr<CommandOutput> Run(const std::string& command);
  // What the kernel complained about during a command that was just run.
  absl::StatusOr<unsigned> Warnings();
  absl::StatusOr<NvdimmAnswer> Judge(const CommandOutput& output);

  std::unique_ptr<Guest> guest_;
  std::vector<RegionSight> regions_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_NVDIMM_GUEST_H_
