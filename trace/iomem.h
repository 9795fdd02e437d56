// SPDX-License-Identifier: Apache-2.0
// Iomem: the resource tree of a running machine (/proc/iomem) as the firmware map it booted with.
//
// Top-level System RAM and Persistent Memory are taken as they are, cut to whole pages; every other top-level resource
// is a reserved range. Of what is nested only two things count: resources inside RAM (the kernel image, crash kernels,
// firmware tables) can never be taken offline, and RAM below anything but itself was added after boot and is left out.
// Not covered: nodes, Movable and paging, which the file does not tell.
#ifndef HPFUZZ_TRACE_IOMEM_H_
#define HPFUZZ_TRACE_IOMEM_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hotplug/firmware_map.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct IomemMap {
  FirmwareMap map;
  // What of the file is not in the map, or is there in another form; a sentence each, without an end of line.
  std::vector<std::string> notes;
};

// Lines that begin with '#' are comments. Errors are InvalidArgument, "file:line:column: read ..., expected ...". A
// machine with more ranges than a map holds keeps its RAM and PMEM exactly and has its reserved ranges joined across
// the smallest gaps that hold neither. FailedPrecondition: every address is zero, as the kernel shows them to anybody
// but root.
absl::StatusOr<IomemMap> ParseIomem(absl::string_view text, absl::string_view file_name);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_IOMEM_H_
