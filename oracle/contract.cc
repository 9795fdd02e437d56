// SPDX-License-Identifier: Apache-2.0
// The contract: the table of all rows, and which of them governs. The rows themselves are in memory_clauses.h,
// nvdimm_clauses.h and series_clauses.h.
#include "oracle/contract.h"

#include "oracle/memory_clauses.h"
#include "oracle/nvdimm_clauses.h"
#include "oracle/series_clauses.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr size_t kMergedRows = std::size(memory_clauses::kRows) + std::size(nvdimm_clauses::kRows);

// Rows about NVDIMMs stand before those that govern what nothing else does; those about the series behind all others,
// in whose pairs they come first.
constexpr auto kTable = [] {
  std::array<Clause, kMergedRows + std::size(series_clauses::kRows)> table{};
  size_t at = 0;
  for (const Clause& row : memory_clauses::kRows) {
    if (row.id == "diverged-before") {
      for (const Clause& other : nvdimm_clauses::kRows) table[at++] = other;
    }
    table[at++] = row;
  }
  // What the rows on refused requests say of the order of requests is about 5.1 beside mainline.
  bool refused = true;
  for (size_t i = 0; i < kMergedRows; ++i) {
    if (!refused) table[i].pairs = series_clauses::PairsOf(table[i].id);
    if (table[i].id == "failed-in-subsection") refused = false;
  }
  for (const Clause& row : series_clauses::kRows) table[at++] = row;
  return table;
}();

// A name that no row has runs past the table, which does not compile.
consteval ClauseIndex Row(std::string_view id) {
  size_t i = 0;
  while (kTable[i].id != id) ++i;
  return static_cast<ClauseIndex>(i);
}
constexpr ClauseIndex kFactClauses[] = {Row("boot-hole-facts"),
                                        Row("offline-pages-reserved"),
                                        Row("span-timing"),
                                        Row("diverged-before"),
                                        Row("one-side-stopped"),
                                        Row("boot-range-lost-facts"),
                                        Row("boot-granule-short-facts"),
                                        Row("boot-hole-invalid-facts"),
                                        Row("online-by-section-facts"),
                                        Row("span-kept")};
static_assert(std::size(kTable) < kNoClause);
constexpr ClauseIndex kFailureRows = Row("failed-in-subsection") + 1;
constexpr ClauseIndex kSeriesRows = kMergedRows;
constexpr ClauseIndex kSeriesFailureRows = kSeriesRows + series_clauses::kFailureRows;

// The rows that hold in a pair and name each kind, in order, without those on refused requests.
struct Rows {
  std::array<ClauseIndex, 40> index{};
  unsigned count = 0;
};
constexpr std::array<Rows, kOpKinds> MakeRows(PairKind pair) {
  std::array<Rows, kOpKinds> rows{};
  const auto add = [&](unsigned kind, size_t from, size_t to) {
    for (size_t i = from; i < to; ++i) {
      if ((kTable[i].ops >> kind & 1) == 0 || !kTable[i].HoldsIn(pair)) continue;
      rows[kind].index[rows[kind].count++] = static_cast<ClauseIndex>(i);
    }
  };
  for (unsigned kind = 0; kind < kOpKinds; ++kind) {
    add(kind, kSeriesFailureRows, std::size(kTable));
    add(kind, kFailureRows, kMergedRows);
  }
  return rows;
}
constexpr std::array<Rows, kOpKinds> kRows[kPairKinds] = {
    MakeRows(PairKind::kLegacyMainline), MakeRows(PairKind::kLegacySeries), MakeRows(PairKind::kSeriesMainline),
    MakeRows(PairKind::kAlike)};

}  // namespace

absl::Span<const Clause> Clauses() { return kTable; }

std::string_view RelationName(Relation relation) {
  switch (relation) {
    case Relation::kLegacyRefuses: return "legacy-refuses";
    case Relation::kSubsectionRefuses: return "subsection-refuses";
    case Relation::kBothRefuse: return "both-refuse";
    case Relation::kLegacyStops: return "legacy-stops";
    case Relation::kBothStop: return "both-stop";
    case Relation::kCapacityRounded: return "capacity-rounded";
    case Relation::kCapacityLost: return "capacity-lost";
    case Relation::kKernelDefect: return "kernel-defect";
    case Relation::kNoCounterpart: return "no-counterpart";
    case Relation::kFactsDiffer: return "facts-differ";
    case Relation::kUnspecified: return "unspecified";
  }
  __builtin_unreachable();
}

Outcome OutcomeOf(const Answer& answer) {
  if (answer.stops()) return kStops;
  switch (answer.kind) {
    case Answer::Kind::kValue:
    case Answer::Kind::kDax: return answer.value < 0 ? kRefuses : kSucceeds;
    case Answer::Kind::kOverlap:
    case Answer::Kind::kMapping:
    case Answer::Kind::kData:
    case Answer::Kind::kPage: return kSucceeds;
    default: return kElse;
  }
}

bool Foretold::Allows(const Answer& answer) const {
  const Outcome outcome = OutcomeOf(answer);
  if ((outcomes & outcome) == 0) return false;
  return outcome != kRefuses || error == 0 || answer.value == -error;
}

ClauseIndex Govern(const Situation& situation, ClauseIndex passed_over) {
  const Rows& rows = kRows[static_cast<unsigned>(situation.pair)][static_cast<unsigned>(situation.op->kind)];
  unsigned i = 0;
  if (passed_over != kNoClause) {
    while (i < rows.count && rows.index[i++] != passed_over) continue;
  }
  for (; i < rows.count; ++i) {
    if (kTable[rows.index[i]].holds(situation)) return rows.index[i];
  }
  return kNoClause;
}

ClauseIndex GovernFailure(const Situation& situation, ClauseIndex passed_over) {
  const bool with_series = situation.pair == PairKind::kLegacySeries || situation.pair == PairKind::kSeriesMainline;
  const ClauseIndex first = with_series ? kSeriesRows : 0;
  const ClauseIndex end = with_series ? kSeriesFailureRows : kFailureRows;
  for (ClauseIndex i = passed_over == kNoClause ? first : passed_over + 1; i < end; ++i) {
    if (!kTable[i].HoldsIn(situation.pair)) continue;
    if ((kTable[i].ops & Ops(situation.op->kind)) != 0 && kTable[i].holds(situation)) return i;
  }
  return kNoClause;
}

ClauseIndex IndexOf(FactClause clause) { return kFactClauses[static_cast<unsigned>(clause)]; }

bool SameMapping(const PageView& legacy, const PageView& subsection) {
  constexpr auto known = [](Handle map) { return map == kForeignHandle ? kNoHandle : map; };
  return known(legacy.map) == known(subsection.map);
}

bool SameAnswer(const Answer& legacy, const Answer& subsection) {
  Answer normalised = legacy;
  normalised.killed = subsection.killed;
  if (SameMapping(legacy.page, subsection.page)) normalised.page.map = subsection.page.map;
  return normalised == subsection;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
