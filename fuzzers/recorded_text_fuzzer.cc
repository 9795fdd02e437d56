// SPDX-License-Identifier: Apache-2.0
// recorded_text: the readers of other people's files. The first byte chooses: 'i', and the rest is a /proc/iomem; any
// other, and all of it is recorded answers. What a reader refuses has a position; what it takes must survive printing
// and parsing as a trace. Not covered: comparing recorded answers (oracle/recorded_check.h).
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "trace/iomem.h"
#include "trace/recorded.h"
#include "trace/text.h"

namespace {

constexpr char kIomem = 'i';

// One trapping function a finding, so that engines tell them apart by their stacks.
#define HPFUZZ_FAILS(name, key)                                                              \
  [[noreturn]] __attribute__((noinline)) void name() {                                       \
    std::fputs("Assertion failure: recorded." key " FuzzerHash=recorded." key "\n", stderr); \
    std::fflush(stderr);                                                                     \
    __builtin_trap();                                                                        \
  }
HPFUZZ_FAILS(ErrorHasNoPosition, "error-has-no-position")
HPFUZZ_FAILS(TraceDoesNotParse, "trace-does-not-parse")
HPFUZZ_FAILS(TraceIsAnother, "trace-is-another")
#undef HPFUZZ_FAILS

void RequirePosition(const absl::Status& status) {
  if (status.message().substr(0, 6) != "input:") ErrorHasNoPosition();
}

void RequireRoundTrip(const hpfuzz::Trace& trace) {
  const absl::StatusOr<hpfuzz::Trace> again = hpfuzz::ParseTrace(hpfuzz::PrintTrace(trace), "printed");
  if (!again.ok()) TraceDoesNotParse();
  if (!again->SameProgram(trace)) TraceIsAnother();
}

void ReadIomem(absl::string_view text) {
  const absl::StatusOr<hpfuzz::IomemMap> imported = hpfuzz::ParseIomem(text, "input");
  if (!imported.ok()) return RequirePosition(imported.status());
  hpfuzz::Trace trace;
  trace.map = imported->map;
  RequireRoundTrip(trace);
}

void ReadRecorded(absl::string_view text) {
  const absl::StatusOr<std::vector<hpfuzz::RecordedCase>> cases = hpfuzz::ParseRecorded(text, "input");
  if (!cases.ok()) return RequirePosition(cases.status());
  for (const hpfuzz::RecordedCase& recorded : *cases) RequireRoundTrip(hpfuzz::ExportTrace(recorded));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  if (size != 0 && text[0] == kIomem) {
    ReadIomem(text.substr(1));
  } else {
    ReadRecorded(text);
  }
  return 0;
}
