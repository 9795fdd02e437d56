// SPDX-License-Identifier: Apache-2.0
// Reading a trace that the command line names.
#include "cli/trace_file.h"

#include <utility>

#include "cli/files.h"
#include "cli/geometries.h"

namespace hpfuzz {

absl::StatusOr<TraceFile> ReadTraceFile(const std::string& file, const std::string& geometry, bool info_block) {
  absl::StatusOr<std::string> content = ReadFile(file);
  if (!content.ok()) return content.status();
  const absl::StatusOr<const Workbench*> workbench = WorkbenchFor(*content, file, geometry);
  if (!workbench.ok()) return workbench.status();
  if (!info_block) return TraceFile{*workbench, *std::move(content), ""};
  absl::StatusOr<Shown> shown = (*workbench)->ShowInfoBlock(*content, file);
  if (!shown.ok()) return shown.status();
  return TraceFile{*workbench, std::move(shown->text), std::move(shown->left_out)};
}

}  // namespace hpfuzz
