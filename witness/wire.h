// SPDX-License-Identifier: Apache-2.0
// Wire: requests to the witness module and its answers, one line each, as data. Numbers are hexadecimal.
//
// Not covered: sending (guest.h), judging (comparison.h). The other end is witness/module/.
#ifndef HPFUZZ_WITNESS_WIRE_H_
#define HPFUZZ_WITNESS_WIRE_H_

#include <array>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hotplug/answer.h"
#include "hotplug/facts.h"
#include "hotplug/firmware_map.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// What is asked of a kernel, in the order in which it is asked.
struct Request {
  enum class Kind : uint8_t { kOperation, kSection, kPage, kSpans, kResources };
  Kind kind = Kind::kOperation;
  uint32_t op = 0;         // the operation, or the one after which this is looked at; ops.size(): when all are done
  SectionNr section = {};  // kSection
  Pfn pfn = {};            // kPage
  PhysRange range = {};    // kResources: whole top-level resources that reach into it
};

// Whether the module has this operation.
bool IsAskable(const Op& op);
std::string RequestLine(const Request& request, const Trace& trace);

// A section as it can be seen from outside: its facts, and of the first page of each sub-section whether it is valid
// and online and whom it looks up to.
struct SectionSight {
  SectionFacts facts;
  uint64_t valid = 0;
  uint64_t online = 0;
  std::array<Handle, kSubsectionsPerSection> lookup;
  SectionSight() { lookup.fill(kNoHandle); }
  bool operator==(const SectionSight&) const = default;
};

// In place of the answer to an operation that the machine did not survive.
inline constexpr absl::string_view kDiedOfBug = "BUG";
inline constexpr absl::string_view kDiedOfFault = "FAULT";

// Errors: InvalidArgument, with the line. An answer of the module that it refuses ("?") is one.
absl::StatusOr<Answer> ParseOperationAnswer(absl::string_view line);
absl::StatusOr<SectionSight> ParseSectionSight(absl::string_view line);
absl::StatusOr<PfnFacts> ParsePageSight(absl::string_view line);
absl::StatusOr<NodeSpans> ParseSpans(absl::string_view line);
absl::StatusOr<std::vector<ResourceRow>> ParseResources(absl::string_view line);

// The answer to `machine`.
struct Machine {
  std::string release;
  FirmwareMap map;
};
absl::StatusOr<Machine> ParseMachine(absl::string_view line);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_WIRE_H_
