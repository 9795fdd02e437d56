// SPDX-License-Identifier: Apache-2.0
// The byte form of traces, for fuzzing engines: every byte string is a trace, most short ones a sensible one.
//
// The first byte names the machine (trace/presets.h) or announces a map of its own; then operations follow until the
// bytes end, typically two to four each. Addresses are relative to what the trace itself named before (trace/places.h).
// Not carried: names, expected answers.
#ifndef HPFUZZ_TRACE_BYTES_H_
#define HPFUZZ_TRACE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Reuses the memory of `trace`; what it held before is gone. Missing bytes read as 0. A trace ends before the operation
// that would exceed kMaxOps or kMaxTraceSections; returns how many bytes it was made of.
size_t DecodeTrace(absl::Span<const uint8_t> bytes, Trace* trace);
// The same, and where the bytes of the map and of each operation end.
size_t DecodeTrace(absl::Span<const uint8_t> bytes, Trace* trace, std::vector<size_t>* ends);

// Whether the bytes are of the family of traces that may speak of NVDIMMs: their first byte says so, and the bytes of
// operations then mean others.
bool SpeaksOfNvdimms(absl::Span<const uint8_t> bytes);
// A first byte of that family for each byte; those of the family stay.
uint8_t NvdimmFirstByte(uint8_t byte);

// The shortest form, the same for the same program. DecodeTrace gives back map and operations of every trace that
// ParseTrace accepts.
std::vector<uint8_t> EncodeTrace(const Trace& trace);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_BYTES_H_
