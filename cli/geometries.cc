// SPDX-License-Identifier: Apache-2.0
// The geometries this program was built with: one declaration and one row for each.
#include "cli/geometries.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace hpfuzz {

namespace x86_64 {
const Workbench& GetWorkbench();
}
namespace tiny {
const Workbench& GetWorkbench();
}

namespace {

using Getter = const Workbench& (*)();
constexpr Getter kWorkbenches[] = {x86_64::GetWorkbench, tiny::GetWorkbench};

}  // namespace

const Workbench& DefaultWorkbench() { return kWorkbenches[0](); }

absl::StatusOr<const Workbench*> WorkbenchFor(absl::string_view content, absl::string_view file) {
  const std::string named = DefaultWorkbench().GeometryNamed(content);
  if (named.empty()) return &DefaultWorkbench();
  std::string known;
  for (Getter getter : kWorkbenches) {
    const Workbench& workbench = getter();
    if (workbench.geometry() == named) return &workbench;
    absl::StrAppend(&known, known.empty() ? "" : ", ", std::string(workbench.geometry()));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(file, ": read geometry '", named, "', expected one that this program was built with: ", known));
}

}  // namespace hpfuzz
