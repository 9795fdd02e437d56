// SPDX-License-Identifier: Apache-2.0
// Recorded answers about namespaces against every implementation and reference, in words.
#ifndef HPFUZZ_REGISTRY_RECORDED_NVDIMM_REPORT_H_
#define HPFUZZ_REGISTRY_RECORDED_NVDIMM_REPORT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hotplug/geometry.h"
#include "registry/workbench.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

absl::StatusOr<RecordedReport> CheckNvdimmFile(absl::string_view text, absl::string_view file, bool every_difference,
                                               ReadNamed read_named);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_REGISTRY_RECORDED_NVDIMM_REPORT_H_
