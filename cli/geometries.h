// SPDX-License-Identifier: Apache-2.0
// The geometries this program was built with.
#ifndef HPFUZZ_CLI_GEOMETRIES_H_
#define HPFUZZ_CLI_GEOMETRIES_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/workbench.h"

namespace hpfuzz {

// The workbench of real machines.
const Workbench& DefaultWorkbench();

// The workbench for a file: of the geometry its text names, or the default. An error when this program has no such
// geometry.
absl::StatusOr<const Workbench*> WorkbenchFor(absl::string_view content, absl::string_view file);

// The one called `geometry`, an option of the user's; when that is empty, as above.
absl::StatusOr<const Workbench*> WorkbenchFor(absl::string_view content, absl::string_view file,
                                              absl::string_view geometry);

}  // namespace hpfuzz

#endif  // HPFUZZ_CLI_GEOMETRIES_H_
