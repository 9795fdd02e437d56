// SPDX-License-Identifier: Apache-2.0
// A trace in a file that the command line names: what it holds, and the workbench it is for.
#ifndef HPFUZZ_CLI_TRACE_FILE_H_
#define HPFUZZ_CLI_TRACE_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "registry/workbench.h"

namespace hpfuzz {

struct TraceFile {
  const Workbench* workbench = nullptr;
  std::string content;   // in text or bytes; of an input of info_block the trace that it stands for, in text
  std::string left_out;  // as Shown::left_out, of an input of info_block
};

// `file` may be "-"; `geometry` as WorkbenchFor takes it, empty for none. Errors: those of reading, of WorkbenchFor and
// of Workbench::ShowInfoBlock.
absl::StatusOr<TraceFile> ReadTraceFile(const std::string& file, const std::string& geometry, bool info_block);

}  // namespace hpfuzz

#endif  // HPFUZZ_CLI_TRACE_FILE_H_
