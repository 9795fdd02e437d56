// SPDX-License-Identifier: Apache-2.0
// Finding: names and keys.
#include "oracle/finding.h"

#include "oracle/invariants.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

std::string Whose(const Finding& finding) {
  if (finding.generation == OfGeneration::kAsSide) return std::string(SideName(finding.side));
  return std::string(GenerationName(static_cast<Generation>(static_cast<unsigned>(finding.generation) - 1)));
}

}  // namespace

std::string_view CheckName(Check check) {
  static constexpr std::string_view kNames[kChecks] = {
      "answer", "section-flags", "bitmap", "block",     "memmap",         "direct-map", "pfn-valid", "online-page",
      "lookup", "struct-page",   "spans",  "resources", "usemap-balance", "namespace",  "media",     "failed-requests"};
  return kNames[static_cast<unsigned>(check)];
}

std::string FindingName(const Finding& finding) {
  switch (finding.kind) {
    case Finding::Kind::kNothing: return {};
    case Finding::Kind::kReference: return Whose(finding) + "-" + std::string(CheckName(finding.check));
    case Finding::Kind::kPair: return "pair-" + std::string(CheckName(finding.check));
    case Finding::Kind::kClause: return std::string(Clauses()[finding.clause].id);
    case Finding::Kind::kInvariant: return std::string(Invariants()[finding.invariant].id);
    case Finding::Kind::kRule: return std::string(NvdimmRules()[static_cast<unsigned>(finding.rule)].id);
    case Finding::Kind::kExpectation: return Whose(finding) + "-expectation";
  }
  __builtin_unreachable();
}

std::string FindingKey(const Finding& finding) {
  if (!finding) return {};
  const std::string_view place = finding.at_end ? std::string_view("end") : SpecOf(finding.op).name;
  return std::string(place) + "." + FindingName(finding);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
