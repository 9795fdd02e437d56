// SPDX-License-Identifier: Apache-2.0
// Workbench: what the command line can ask of the core, free of geometry, so that one program serves every geometry it
// was built with. Each geometry's build of this folder provides one.
#ifndef HPFUZZ_REGISTRY_WORKBENCH_H_
#define HPFUZZ_REGISTRY_WORKBENCH_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "registry/report_picture.h"

namespace hpfuzz {

// One trace run on every pair that is chosen (pair_choice.h).
struct Replay {
  bool agrees = false;   // with contract and expectations, in every pair
  std::string key;       // of the first finding
  std::string text;      // for people: every step, then the verdicts
  std::string verdicts;  // the end of `text`, a line a pair
  std::string json;      // one object, for programs
  std::string left_out;  // what of the file was not run and why; empty: nothing
  // Clauses that allowed a difference, each once: those of operations in order of first use, then those of facts.
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

// How far a minimising run is.
struct MinimizeProgress {
  std::string key;
  size_t operations_at_first = 0;
  size_t operations = 0;  // of the best trace so far
  size_t candidates = 0;  // tried
};

struct MinimizeRequest {
  // The key of a trace, given as text and as bytes; "" for none. Empty: traces run in this process.
  std::function<std::string(const std::string& text, const std::vector<uint8_t>& bytes)> key_elsewhere;
  // Asked before every candidate whether to end with the best so far. Empty: never.
  std::function<bool()> enough;
  // Called when the key is known, and after every candidate. May be empty.
  std::function<void(const MinimizeProgress& progress)> progress;
  // On to the root: from the smallest trace with the key, operations go as long as any finding is left, whatever its
  // key, and become plainer (trace/plainer.h) as long as the same comparison fails. One cause shows under many keys,
  // depending on what touches the damage; most of these have one root.
  bool to_root = false;
};

// A trace that has the same key, of the fewest operations and the simplest values that single steps lead to.
struct Minimized {
  std::string own_key;  // of the trace as it was given
  std::string key;      // the same, unless it went to the root
  std::string text;
  std::vector<uint8_t> bytes;
  bool bytes_have_key = false;     // not so when it is about what the trace expects, which bytes do not carry
  bool minimal = false;            // no single step is left to take; false: it was enough before
  std::vector<std::string> kinds;  // of its operations, each once, in alphabetical order
  std::string last_kind;           // of its last operation; "": it has none
  MinimizeProgress progress;
  std::string left_out;  // as in Replay
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
  // Physical memory after each step of a trace, as text. Errors as ReplayTrace.
  virtual absl::StatusOr<std::string> Draw(absl::string_view content, absl::string_view file) const = 0;
  // What a report shows of a trace. Errors as ReplayTrace.
  virtual absl::StatusOr<ReportPicture> Picture(absl::string_view content, absl::string_view file) const = 0;
  // A smaller trace with the same key as this one. NotFound: it has none. Other errors as ReplayTrace.
  virtual absl::StatusOr<Minimized> Minimize(absl::string_view content, absl::string_view file,
                                             const MinimizeRequest& request) const = 0;
  // A trace in text with the answers that it gets now as what it expects. Errors as ReplayTrace.
  virtual absl::StatusOr<std::string> Settle(absl::string_view content, absl::string_view file) const = 0;
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
