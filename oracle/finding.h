// SPDX-License-Identifier: Apache-2.0
// Finding: what went wrong in a run, as small numbers in the hot path and as a key outside it. The key
// `<operation>.<what>` names the bucket, the test and the file; it holds characters [a-z_.-] only, because engines
// normalise digits and addresses away.
#ifndef HPFUZZ_ORACLE_FINDING_H_
#define HPFUZZ_ORACLE_FINDING_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "hotplug/units.h"
#include "oracle/contract.h"
#include "oracle/nvdimm_rules.h"
#include "oracle/side.h"
#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// What is compared, between a layer and its reference or between the two layers.
enum class Check : uint8_t {
  kAnswer,
  kSectionFlags,
  kBitmap,
  kBlock,
  kMemmap,
  kDirectMap,
  kPfnValid,
  kOnlinePage,
  kLookup,
  kStructPage,
  kSpans,
  kResources,
  kUsemapBalance,
  kNamespace,       // what became of a namespace, and its info block as it is used
  kMedia,           // every byte of every region
  kFailedRequests,  // sites where requests were refused: layer and reference only
};
inline constexpr unsigned kChecks = 16;
std::string_view CheckName(Check check);

using InvariantIndex = uint8_t;

// What the machine of a side is, where that is not what the side is called. In a byte: findings are made of nothing all
// the time.
enum class OfGeneration : uint8_t { kAsSide, kLegacy, kSeries, kMainline };
constexpr OfGeneration Of(Generation generation) {
  return static_cast<OfGeneration>(static_cast<unsigned>(generation) + 1);
}

struct Finding {
  enum class Kind : uint8_t {
    kNothing,
    kReference,    // a layer and its reference differ: `side`, `check`
    kPair,         // the two generations differ and no clause allows it: `check`
    kClause,       // a clause foretold something else: `clause`
    kInvariant,    // `side`, `invariant`
    kExpectation,  // a trace expected another answer: `side`
    kRule,         // `side`, `rule` of NVDIMMs
  };
  Kind kind = Kind::kNothing;
  Side side = Side::kLegacy;
  Check check = Check::kAnswer;
  ClauseIndex clause = kNoClause;
  InvariantIndex invariant = 0;
  NvdimmRule rule = NvdimmRule::kProbeOutcome;
  OfGeneration generation = OfGeneration::kAsSide;
  bool switched_off = false;  // kClause: the clause would have allowed it
  // The operation after which it was seen; ops.size() and beyond: at the end, or in tear-down after it.
  uint32_t step = 0;
  OpKind op = OpKind::kPfnValid;
  bool at_end = false;
  Pfn pfn;                // where, if it is a fact of a place
  Handle ns = kNoHandle;  // which namespace, if it is about one

  explicit operator bool() const { return kind != Kind::kNothing; }
};

// "memremap_pages.legacy-bitmap", "end.pair-spans", "add_memory.add-memory-over-pages"; "" for no finding.
std::string FindingKey(const Finding& finding);
// The part of the key behind the dot.
std::string FindingName(const Finding& finding);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_FINDING_H_
