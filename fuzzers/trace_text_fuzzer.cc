// SPDX-License-Identifier: Apache-2.0
// trace_text: any bytes are a text; the parser refuses it with a position or takes it, and what it took must survive
// printing and parsing again, and the way through bytes. Not covered: running traces (differential).
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/string_view.h"
#include "trace/bytes.h"
#include "trace/text.h"

namespace {

// Named so that engines tell the four findings apart by their stacks.
#define HPFUZZ_FAILS(name) \
  [[noreturn]] __attribute__((noinline)) void name() { \
    asm volatile("" ::"r"(#name)); \
    __builtin_trap(); \
  }
HPFUZZ_FAILS(ErrorHasNoPosition)
HPFUZZ_FAILS(PrintedTraceDoesNotParse)
HPFUZZ_FAILS(PrintedTraceIsAnother)
HPFUZZ_FAILS(BytesLoseTheTrace)
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
  if (!again->SameProgram(*trace) || again->expectations != trace->expectations || hpfuzz::PrintTrace(*again) != printed) {
    PrintedTraceIsAnother();
  }
  hpfuzz::Trace decoded;
  hpfuzz::DecodeTrace(hpfuzz::EncodeTrace(*trace), &decoded);
  if (!decoded.SameProgram(*trace)) BytesLoseTheTrace();
  return 0;
}
