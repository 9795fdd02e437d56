// SPDX-License-Identifier: Apache-2.0
// The contract: where the two machines of a pair must answer alike and where, how and why they may differ. One table
// serves the oracle, the report and docs/contract.md; a clause says for which pairs it holds.
//
// For each operation the first clause that names its kind and whose predicate holds governs it: both answers must then
// be what the clause foretells. Where no clause holds the answers and the facts after them must be equal. Which request
// for memory an armed failure meets is known only when the operation is over: rows on that stand first and are asked
// then. Not covered: whether each layer is right by its own generation, which its reference decides.
#ifndef HPFUZZ_ORACLE_CONTRACT_H_
#define HPFUZZ_ORACLE_CONTRACT_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "absl/types/span.h"
#include "hotplug/answer.h"
#include "oracle/side.h"
#include "oracle/situation.h"
#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class Relation : uint8_t {
  kLegacyRefuses,
  kSubsectionRefuses,
  kBothRefuse,  // with different errors
  kLegacyStops,
  kBothStop,
  kCapacityRounded,  // both succeed, legacy takes whole sections
  kCapacityLost,     // legacy keeps less for its user, or nothing
  kKernelDefect,     // one of the kernels is known to be wrong
  kNoCounterpart,    // the operation or option does not exist in one of them
  kFactsDiffer,      // the answers are equal, what can be seen afterwards is not
  kUnspecified,      // not compared with each other, only each with its reference
};
std::string_view RelationName(Relation relation);

// What an answer may be, as a set.
enum Outcome : uint8_t {
  kSucceeds = 1,  // a value that is no error
  kRefuses = 2,   // an errno
  kStops = 4,     // BUG or FAULT
  kElse = 8,      // none, already, pending
  kAny = 15,
};
constexpr Outcome operator|(Outcome a, Outcome b) { return static_cast<Outcome>(int{a} | int{b}); }
Outcome OutcomeOf(const Answer& answer);

struct Foretold {
  Outcome outcomes = kAny;
  int16_t error = 0;  // a refusal must be this errno (positive); 0: any
  bool Allows(const Answer& answer) const;
};

// A set of operation kinds.
using OpSet = uint64_t;
constexpr OpSet Ops() { return 0; }
template <typename... More>
constexpr OpSet Ops(OpKind kind, More... more) {
  return OpSet{1} << static_cast<unsigned>(kind) | Ops(more...);
}

struct Clause {
  std::string_view id;  // characters [a-z-]; part of finding keys
  OpSet ops;            // 0: speaks of facts, not of answers
  bool (*holds)(const Situation&);
  Relation relation;
  Foretold legacy;
  Foretold subsection;
  // Whether what the operation touched may differ between the generations from then on.
  bool diverges;
  std::string_view when;     // the predicate in words
  std::string_view because;  // kernel function or commit
  PairSet pairs = In(PairKind::kLegacyMainline);
  // A difference that is known to be a fault: its number in the catalogue of bugs (docs/bugs.md). Such a clause can be
  // switched off, to see the fault found.
  std::string_view known = {};

  constexpr bool HoldsIn(PairKind pair) const { return (pairs & In(pair)) != 0; }
};

absl::Span<const Clause> Clauses();

using ClauseIndex = uint8_t;
inline constexpr ClauseIndex kNoClause = 0xff;

// The clause that governs the operation, or kNoClause: answers must be equal. With `passed_over`, the next one behind
// that.
ClauseIndex Govern(const Situation& situation, ClauseIndex passed_over = kNoClause);
// The same after an operation in which a request for memory was refused, in one reference or in both; kNoClause: the
// refusal changed nothing, and the clause from before it stands.
ClauseIndex GovernFailure(const Situation& situation, ClauseIndex passed_over = kNoClause);

// Clauses about facts, by the name the oracle asks for them.
enum class FactClause : uint8_t {
  kBootHole,
  kOfflinePages,
  kSpanTiming,
  kDiverged,
  kStopped,
  // Of the series as posted.
  kBootRangeLost,
  kBootGranuleShort,
  kBootHoleInvalid,
  kOnlineBySection,
  kSpanKept,
};
ClauseIndex IndexOf(FactClause clause);

// Whether two struct pages name the same mapping. One that is gone and one that was never written are both nobody's:
// what the field holds then is chance.
bool SameMapping(const PageView& legacy, const PageView& subsection);

// Equality of answers as the contract means it: the counter of a mapping is the caller's in legacy and the kernel's own
// in the sub-section generation, so `killed` has no counterpart.
bool SameAnswer(const Answer& legacy, const Answer& subsection);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_CONTRACT_H_
