// SPDX-License-Identifier: Apache-2.0
// Workbench: what the command line can ask of the core, free of geometry, so that one program serves every geometry it
// was built with. Each geometry's build of this folder provides one.
#ifndef HPFUZZ_REGISTRY_WORKBENCH_H_
#define HPFUZZ_REGISTRY_WORKBENCH_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace hpfuzz {

// One trace run on every pair of a legacy and a sub-section implementation.
struct Replay {
  bool agrees = false;   // with contract and expectations, in every pair
  std::string key;       // of the first finding
  std::string text;      // for people
  std::string json;      // one object, for programs
  std::string left_out;  // what of the file was not run and why; empty: nothing
  // Clauses that allowed a difference, each once, in order of first use.
  std::vector<std::string> clauses;
};

// A trace in another form.
struct Shown {
  std::string text;
  std::string left_out;  // as in Replay
};

// Differences of one recorded file from our answers.
struct RecordedReport {
  size_t cases = 0;
  size_t differences = 0;
  std::string text;  // one line a difference
};

// The content of a file that another one names, by its name without folders.
using ReadNamed = absl::FunctionRef<absl::StatusOr<std::string>(const std::string& name)>;

class Workbench {
 public:
  virtual ~Workbench() = default;

  virtual std::string_view geometry() const = 0;
  // The geometry a trace in text names, as a part of `content`; empty when it names none or is in bytes. Any workbench
  // can tell.
  virtual absl::string_view GeometryNamed(absl::string_view content) const = 0;

  // `content` is a trace in text or in bytes. Errors (absl::InvalidArgumentError) carry file, line and column.
  virtual absl::StatusOr<Replay> ReplayTrace(absl::string_view content, absl::string_view file) const = 0;
  // The text form of a trace in bytes (or in text: put in order).
  virtual absl::StatusOr<Shown> Show(absl::string_view content, absl::string_view file) const = 0;
  // An input of the fuzz target info_block, any bytes, as the trace that it stands for.
  virtual absl::StatusOr<Shown> ShowInfoBlock(absl::string_view content, absl::string_view file) const = 0;
  // The byte form of a trace in text.
  virtual absl::StatusOr<std::vector<uint8_t>> Encode(absl::string_view text, absl::string_view file) const = 0;

  // Recorded answers replayed on the implementation (and, beside it, the reference) that they belong to. Sequences of
  // operations or requests about namespaces, told by content; the latter may name files of info blocks.
  virtual absl::StatusOr<RecordedReport> CheckRecorded(absl::string_view text, absl::string_view file,
                                                       bool every_difference, ReadNamed read_named) const = 0;
  // A case of recorded answers as a trace with its answers as expectations.
  virtual absl::StatusOr<std::string> ExportRecorded(absl::string_view text, absl::string_view file,
                                                     absl::string_view case_name) const = 0;

  // A machine's /proc/iomem as the map lines of a trace.
  virtual absl::StatusOr<std::string> ImportIomem(absl::string_view text, absl::string_view file) const = 0;

  // docs/contract.md.
  virtual std::string ContractMarkdown() const = 0;
};

}  // namespace hpfuzz

#endif  // HPFUZZ_REGISTRY_WORKBENCH_H_
