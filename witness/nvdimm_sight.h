// SPDX-License-Identifier: Apache-2.0
// NvdimmSight: what the commands of witness/guest/nvdimm print, as data. Not covered: running them (nvdimm_player.h).
#ifndef HPFUZZ_WITNESS_NVDIMM_SIGHT_H_
#define HPFUZZ_WITNESS_NVDIMM_SIGHT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hotplug/answer.h"
#include "hotplug/nvdimm.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// The answer to a line "run COMMAND".
struct CommandOutput {
  int exit_code = 0;
  std::vector<std::string> lines;
};

// One namespace as sysfs shows it.
struct NamespaceSight {
  std::string name;
  PhysRange range;
  Uuid uuid{};         // of zeroes: it has none
  bool bound = false;  // its own driver: a raw block device
  std::string holder;  // the pfn or dax device that claimed it; empty: none
  Uuid holder_uuid{};
  bool holder_bound = false;
  std::string block;  // name of the block device over it, or empty
  uint64_t block_size = 0;
  std::string dax;  // the same of the dax device
  uint64_t dax_size = 0;

  Disposition disposition() const;
  uint64_t capacity() const { return dax.empty() ? block_size : dax_size; }
};

// Errors: InvalidArgument, with the line.
absl::StatusOr<CommandOutput> ParseCommandOutput(absl::string_view line);
// Of look_namespaces, all lines.
absl::StatusOr<std::vector<NamespaceSight>> ParseNamespaces(const std::vector<std::string>& lines);
// Of look_regions: name by place.
struct RegionSight {
  std::string name;
  PhysRange range;
};
absl::StatusOr<std::vector<RegionSight>> ParseRegions(const std::vector<std::string>& lines);
// Of `bytes`: runs of equal bytes, as the answer to ns_read.
absl::StatusOr<Answer> ParseRuns(const std::vector<std::string>& lines);
// "xxxxxxxx-xxxx-...", or "-" for none.
absl::StatusOr<Uuid> ParseUuid(absl::string_view text);
std::string UuidText(const Uuid& uuid);

// Of `complaints`: the last errno that a driver's probe is said to have failed with, positive; 0: none. A probe that
// fails with -ENXIO or -ENODEV is not said.
int ErrnoOf(const std::vector<std::string>& complaints);
// Of a command that writes to sysfs: the errno of the first write that failed.
int ErrnoOfWrite(const std::vector<std::string>& lines);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_NVDIMM_SIGHT_H_
