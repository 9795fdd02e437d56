// SPDX-License-Identifier: Apache-2.0
// BytesMutator: what fuzzing engines call to mutate inputs: bytes become a trace, the trace is changed, and becomes
// bytes again. Not covered: the changes (mutate.h); plain mutation of bytes, which engines bring.
#ifndef HPFUZZ_TRACE_MUTATE_BYTES_H_
#define HPFUZZ_TRACE_MUTATE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "trace/byte_io.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class BytesMutator {
 public:
  // `nvdimm`: inputs are of the family that speaks of NVDIMMs, and stay so; otherwise they never are.
  explicit BytesMutator(bool nvdimm) : nvdimm_(nvdimm) {}

  // Makes bytes that are not of the family into such as are: the first byte alone decides.
  void KeepFamily(absl::Span<uint8_t> bytes) const;

  // Changes data[0, size) in place and returns the new size, from 1 to `max_size`, which is not 0. The same for the
  // same bytes and seed. Operations that find no room are left out.
  size_t Mutate(uint8_t* data, size_t size, size_t max_size, uint64_t seed);
  // The beginning of one input and the end of another, to `out`.
  size_t CrossOver(absl::Span<const uint8_t> first, absl::Span<const uint8_t> second, absl::Span<uint8_t> out,
                   uint64_t seed);

 private:
  void Decode(absl::Span<const uint8_t> bytes);
  size_t Write(const class TraceMutator& mutator, absl::Span<uint8_t> out);

  const bool nvdimm_;
  // Kept for their memory.
  Trace trace_;
  Trace other_;
  std::vector<size_t> ends_;
  Bytes old_;
  Bytes new_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_MUTATE_BYTES_H_
