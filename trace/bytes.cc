// SPDX-License-Identifier: Apache-2.0
// The byte form of traces: a map, then operations.
#include "trace/bytes.h"

#include <algorithm>

#include "trace/byte_io.h"
#include "trace/landmarks.h"
#include "trace/map_bytes.h"
#include "trace/op_bytes.h"
#include "trace/op_limits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

namespace {

// `passed` is called with the number of bytes used, behind the map and behind each operation.
template <typename Passed>
size_t Decode(absl::Span<const uint8_t> bytes, Trace* trace, Passed passed) {
  trace->Clear();
  ByteReader in(bytes.data(), bytes.size());
  const bool nvdimm = ReadMap(in, &trace->map);
  Landmarks marks;
  marks.Start(trace->map, nvdimm);
  size_t used = bytes.size() - in.left();
  passed(used);
  uint64_t sections = 0;
  while (!in.done() && trace->ops.size() < kMaxOps) {
    ReadOp(in, marks, &trace->Append());
    sections += SectionsWalked(trace->ops, trace->ops.size() - 1);
    if (sections > kMaxTraceSections) {
      trace->ops.pop_back();
      break;
    }
    used = bytes.size() - in.left();
    passed(used);
  }
  return used;
}

}  // namespace

size_t DecodeTrace(absl::Span<const uint8_t> bytes, Trace* trace) {
  return Decode(bytes, trace, [](size_t) {});
}

size_t DecodeTrace(absl::Span<const uint8_t> bytes, Trace* trace, std::vector<size_t>* ends) {
  ends->clear();
  return Decode(bytes, trace, [ends](size_t used) { ends->push_back(used); });
}

bool SpeaksOfNvdimms(absl::Span<const uint8_t> bytes) { return !bytes.empty() && MapSpeaksOfNvdimms(bytes[0]); }

uint8_t NvdimmFirstByte(uint8_t byte) { return NvdimmMapByte(byte); }

std::vector<uint8_t> EncodeTrace(const Trace& trace) {
  Bytes out;
  const bool nvdimm = std::any_of(trace.ops.begin(), trace.ops.end(), [](const Op& op) { return IsNvdimmOp(op.kind); });
  PutMap(trace.map, nvdimm, &out);
  Landmarks marks;
  marks.Start(trace.map, nvdimm);
  for (const Op& op : trace.ops) PutOp(op, marks, &out);
  return out;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
