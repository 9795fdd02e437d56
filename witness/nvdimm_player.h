// SPDX-License-Identifier: Apache-2.0
// NvdimmPlayer: a trace of regions and namespaces played by a real kernel with ndctl and by its models, operation by
// operation. After each one it is compared what the operation answered, what the namespace has become and holds for its
// user, every byte of its info block, and the sections of all regions; at the end the media, unless a file system wrote
// to them.
//
// How an operation is asked: ns_create, ns_enable, ns_disable and ns_destroy are ndctl's commands; corrupt writes to
// the media from outside. The uuids of ns_create are those that ndctl chose. ns_read and ns_write are of the block
// device until the first access with `dax`: then there is a file system on it, and this and every later access of the
// namespace is of one file, through read() and write(), or with `dax` through a mapping; the file system is mounted
// with dax for each. A dax device is accessed through mappings only.
#ifndef HPFUZZ_WITNESS_NVDIMM_PLAYER_H_
#define HPFUZZ_WITNESS_NVDIMM_PLAYER_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "registry/registry.h"
#include "trace/trace.h"
#include "witness/guest.h"
#include "witness/nvdimm_judge.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// `say` is told every check. FailedPrecondition: no guest can play it; other errors: there is no guest.
absl::StatusOr<NvdimmResult> PlayNvdimm(const std::string& directory, Accelerator accelerator,
                                        const Implementation& implementation, const Trace& trace, NvdimmJudge::Say say);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_NVDIMM_PLAYER_H_
