// SPDX-License-Identifier: Apache-2.0
// trace_text: any bytes are a text; the parser refuses it with a position or takes it, and what it took must survive
// printing and parsing again, and the way through bytes. Not covered: running traces (differential).
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/strings/string_view.h"
#include "trace/bytes.h"
#include "trace/text.h"

namespace {

// One trapping function a finding, so that engines tell them apart by their stacks.
#define HPFUZZ_FAILS(name, key)                                                      \
  [[noreturn]] __attribute__((noinline)) void name() {                               \
    std::fputs("Assertion failure: text." key " FuzzerHash=text." key "\n", stderr); \
    std::fflush(stderr);                                                             \
    __builtin_trap();                                                                \
  }
HPFUZZ_FAILS(ErrorHasNoPosition, "error-has-no-position")
HPFUZZ_FAILS(PrintedTraceDoesNotParse, "printed-trace-does-not-parse")
HPFUZZ_FAILS(PrintedTraceIsAnother, "printed-trace-is-another")
HPFUZZ_FAILS(BytesLoseTheTrace, "bytes-lose-the-trace")
#undef HPFUZZ_FAILS

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<hpfuzz::Trace> trace = hpfuzz::ParseTrace(text, "input");
  if (!trace.ok()) {
    if (trace.status().message().substr(0, 6) != "input:") ErrorHasNoPosition();
    return 0;
  }
  const std::string printed = hpfuzz::PrintTrace(*trace);
  const absl::StatusOr<hpfuzz::Trace> again = hpfuzz::ParseTrace(printed, "printed");
  if (!again.ok()) PrintedTraceDoesNotParse();
  if (!again->SameProgram(*trace) || again->expectations != trace->expectations ||
      hpfuzz::PrintTrace(*again) != printed) {
    PrintedTraceIsAnother();
  }
  hpfuzz::Trace decoded;
  hpfuzz::DecodeTrace(hpfuzz::EncodeTrace(*trace), &decoded);
  if (!decoded.SameProgram(*trace)) BytesLoseTheTrace();
  return 0;
}
