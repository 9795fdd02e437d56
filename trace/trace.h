// SPDX-License-Identifier: Apache-2.0
// Trace: a firmware map, operations, and (in text only) names and expected answers.
#ifndef HPFUZZ_TRACE_TRACE_H_
#define HPFUZZ_TRACE_TRACE_H_

#include <string>
#include <utility>
#include <vector>

#include "hotplug/answer.h"
#include "hotplug/attributes.h"
#include "hotplug/firmware_map.h"
#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// What a trace says an implementation answers: only what was written is compared.
struct Expectation {
  std::string who;  // "legacy", "subsection", or an implementation's own name
  Answer answer;
  // The payload was written too (refs, altmap counters, killed). The kind, value and warnings always count.
  bool payload = false;
  bool operator==(const Expectation&) const = default;
};

struct Trace {
  FirmwareMap map;
  std::vector<Op> ops;  // at most kMaxOps

  // Text only; empty in traces that came from bytes. `expectations` and `lines` run parallel to `ops` when not empty.
  std::vector<std::vector<Expectation>> expectations;
  std::vector<int> lines;
  std::vector<std::string> mapping_names;    // by handle
  std::vector<std::string> resource_names;   // by handle
  std::vector<std::string> region_names;     // by handle
  std::vector<std::string> namespace_names;  // by handle

  // Forgets everything but keeps the memory, for targets that decode one input after another.
  HPFUZZ_UNCOVERED void Clear();
  // A new operation at the end.
  HPFUZZ_UNCOVERED Op& Append() { return ops.emplace_back(); }
  // Map and operations; what bytes carry.
  bool SameProgram(const Trace& other) const { return map == other.map && ops == other.ops; }
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_TRACE_H_
