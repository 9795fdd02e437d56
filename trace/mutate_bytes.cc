// SPDX-License-Identifier: Apache-2.0
// BytesMutator: what did not change keeps its bytes; only the rest is coded again, which costs as much as running it.
#include "trace/mutate_bytes.h"

#include <algorithm>

#include "trace/bytes.h"
#include "trace/landmarks.h"
#include "trace/map_bytes.h"
#include "trace/mutate.h"
#include "trace/op_bytes.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

void BytesMutator::KeepFamily(absl::Span<uint8_t> bytes) const {
  if (SpeaksOfNvdimms(bytes) == nvdimm_ || bytes.empty()) return;
  bytes[0] = nvdimm_ ? NvdimmFirstByte(bytes[0]) : 0;
}

void BytesMutator::Decode(absl::Span<const uint8_t> bytes) {
  old_.assign(bytes.begin(), bytes.end());
  if (old_.empty()) old_.push_back(0);
  KeepFamily(absl::MakeSpan(old_));
  DecodeTrace(old_, &trace_, &ends_);
}

size_t BytesMutator::Write(const TraceMutator& mutator, absl::Span<uint8_t> out) {
  new_.clear();
  Landmarks marks;
  // Of the last operation, or of the map, bytes may be missing, which others must not stand in for.
  const size_t complete = ends_.size() < 2 ? 0 : ends_.size() - 2;
  size_t first = std::min({mutator.first_changed(), complete, trace_.ops.size()});
  while (first > 0 && ends_[first] > out.size()) --first;
  if (first == 0) {
    PutMap(trace_.map, nvdimm_, &new_);
  } else {
    new_.assign(old_.begin(), old_.begin() + static_cast<std::ptrdiff_t>(ends_[first]));
  }
  marks.Start(trace_.map, nvdimm_);
  for (size_t i = 0; i < first; ++i) PassOp(trace_.ops[i], marks);
  for (size_t i = first; i < trace_.ops.size(); ++i) {
    const size_t before = new_.size();
    PutOp(trace_.ops[i], marks, &new_);
    if (new_.size() <= out.size()) continue;
    new_.resize(before);
    break;
  }
  const size_t size = std::min(new_.size(), out.size());
  std::copy_n(new_.begin(), size, out.begin());
  return size;
}

size_t BytesMutator::Mutate(uint8_t* data, size_t size, size_t max_size, uint64_t seed) {
  Decode({data, size});
  TraceMutator mutator(seed, nvdimm_);
  mutator.Mutate(&trace_);
  return Write(mutator, {data, max_size});
}

size_t BytesMutator::CrossOver(absl::Span<const uint8_t> first, absl::Span<const uint8_t> second,
                               absl::Span<uint8_t> out, uint64_t seed) {
  Decode(second);
  std::swap(trace_, other_);
  Decode(first);
  TraceMutator mutator(seed, nvdimm_);
  mutator.Splice(other_, &trace_);
  return Write(mutator, out);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
