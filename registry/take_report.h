// SPDX-License-Identifier: Apache-2.0
// Taking the picture for a report: of the first pair of implementations that has a finding, else of the first.
#ifndef HPFUZZ_REGISTRY_TAKE_REPORT_H_
#define HPFUZZ_REGISTRY_TAKE_REPORT_H_

#include "registry/report_picture.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// `verdicts`, `trace` and `left_out` are left empty: they are not of one pair alone.
ReportPicture TakeReport(const Trace& trace);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_REGISTRY_TAKE_REPORT_H_
