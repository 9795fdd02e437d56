// SPDX-License-Identifier: Apache-2.0
// Round trips between text, bytes and traces, for the tests of every geometry.
#ifndef HPFUZZ_TESTS_TRACE_ROUND_TRIP_H_
#define HPFUZZ_TESTS_TRACE_ROUND_TRIP_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "trace/bytes.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Any bytes: the trace is one that text can say, and its shortest form is a fixed point. `buffer` is used again and
// again, as a fuzz target uses it.
inline void CheckBytes(const std::vector<uint8_t>& bytes, Trace* buffer) {
  DecodeTrace(bytes, buffer);
  const std::string text = PrintTrace(*buffer);
  const std::vector<uint8_t> encoded = EncodeTrace(*buffer);
  Trace again;
  DecodeTrace(encoded, &again);
  ASSERT_TRUE(again.SameProgram(*buffer)) << text << "---\n" << PrintTrace(again);
  ASSERT_EQ(EncodeTrace(again), encoded) << text;
  const absl::StatusOr<Trace> parsed = ParseTrace(text, "printed");
  ASSERT_TRUE(parsed.ok()) << parsed.status() << "\n" << text;
  ASSERT_TRUE(parsed->SameProgram(*buffer)) << text;
}

// Any trace that text can say: text to bytes to text.
inline void CheckTrace(const Trace& trace, Trace* buffer) {
  const std::string text = PrintTrace(trace);
  const absl::StatusOr<Trace> parsed = ParseTrace(text, "printed");
  ASSERT_TRUE(parsed.ok()) << parsed.status() << "\n" << text;
  ASSERT_TRUE(parsed->SameProgram(trace)) << text;
  const std::vector<uint8_t> encoded = EncodeTrace(*parsed);
  DecodeTrace(encoded, buffer);
  ASSERT_TRUE(buffer->SameProgram(trace)) << text << "---\n" << PrintTrace(*buffer);
  ASSERT_EQ(PrintTrace(*buffer), text);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_TRACE_ROUND_TRIP_H_
