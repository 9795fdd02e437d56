// SPDX-License-Identifier: Apache-2.0
// The geometries this program was built with: one declaration and one row for each.
#include "cli/geometries.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
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
constexpr size_t kMaxQuoted = 40;  // of a name that may be a whole file
constexpr Getter kWorkbenches[] = {x86_64::GetWorkbench, tiny::GetWorkbench};

}  // namespace

const Workbench& DefaultWorkbench() { return kWorkbenches[0](); }

absl::StatusOr<const Workbench*> WorkbenchFor(absl::string_view content, absl::string_view file) {
  const absl::string_view named = DefaultWorkbench().GeometryNamed(content);
  if (named.empty()) return &DefaultWorkbench();
  std::string known;
  for (Getter getter : kWorkbenches) {
    const Workbench& workbench = getter();
    if (workbench.geometry() == std::string(named)) return &workbench;
    absl::StrAppend(&known, known.empty() ? "" : ", ", std::string(workbench.geometry()));
  }
  const absl::string_view before = content.substr(0, static_cast<size_t>(named.data() - content.data()));
  const size_t line = 1 + static_cast<size_t>(std::count(before.begin(), before.end(), '\n'));
  const size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  const bool cut = named.size() > kMaxQuoted;
  return absl::InvalidArgumentError(absl::StrCat(file, ":", line, ":", column, ": read geometry '",
                                                 absl::CHexEscape(named.substr(0, kMaxQuoted)), cut ? "...'" : "'",
                                                 ", expected one that this program was built with: ", known));
}

absl::StatusOr<const Workbench*> WorkbenchFor(absl::string_view content, absl::string_view file,
                                              absl::string_view geometry) {
  if (geometry.empty()) return WorkbenchFor(content, file);
  return WorkbenchFor(absl::StrCat("geometry ", geometry, "\n"), "--geometry");
}

}  // namespace hpfuzz
