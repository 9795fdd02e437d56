// SPDX-License-Identifier: Apache-2.0
// Recorded check of namespaces: each case is replayed on a machine of every generation that answered it; where one says
// something else than the recorded kernel, that is a difference.
//
// Compared: every value that was recorded, commentary excepted. DIMMs that were in one boot were bound in an order that
// was not recorded: the recorded answer must be one of two, of a DIMM bound before all others or after all others,
// fsdax before devdax, with each failed bind tried once more at the end, as that kernel did.
#ifndef HPFUZZ_ORACLE_RECORDED_NVDIMM_CHECK_H_
#define HPFUZZ_ORACLE_RECORDED_NVDIMM_CHECK_H_

#include <array>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "hotplug/layer.h"
#include "trace/recorded_info_blocks.h"
#include "trace/recorded_nvdimm.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// All layers, or all references.
using NvdimmMachines = std::array<HotplugLayer*, kNvdimmKernels>;

struct NvdimmDifference {
  NvdimmKernel kernel = NvdimmKernel::k5_1;  // whose answer it is
  std::string what;                          // "L rc", "6.1.192 disp", ...
  std::string recorded;
  std::string ours;
};

// All differences of a case in the order of its answers. `blocks` holds the files it names; see CheckBlockNames().
std::vector<NvdimmDifference> CheckRecordedNvdimm(const RecordedNvdimmCase& recorded, const InfoBlockFiles& blocks,
                                                  const NvdimmMachines& machines);

// InvalidArgument, "file:line:column: ...", when a case names a block that `blocks` has not.
absl::Status CheckBlockNames(const std::vector<RecordedNvdimmCase>& cases, const InfoBlockFiles& blocks,
                             absl::string_view file_name);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_RECORDED_NVDIMM_CHECK_H_
