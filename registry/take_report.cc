// SPDX-License-Identifier: Apache-2.0
// Taking the picture for a report: which pair, then its steps: boot, each operation, and of tear-down what failed.
#include "registry/take_report.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "oracle/compare.h"
#include "oracle/contract.h"
#include "oracle/picture.h"
#include "registry/asked.h"
#include "registry/judge.h"
#include "registry/report_rows.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using Stretch = ReportPicture::Stretch;

std::vector<ReportPicture::State> States() {
  std::vector<ReportPicture::State> states;
  for (const TenantSpec& spec : kTenantSpecs) {
    states.push_back({.id = std::string(spec.id), .letter = spec.letter, .meaning = std::string(spec.meaning)});
  }
  return states;
}

// The part of a range that lies in sections of the picture, which stand in ascending order.
void AddStretch(const std::vector<uint64_t>& sections, PhysRange range, std::vector<Stretch>* stretches) {
  const uint64_t low = range.start >> kSectionShift;
  const uint64_t last_byte = range.start + (range.size - 1);
  const uint64_t high = last_byte >> kSectionShift;
  const auto first = std::lower_bound(sections.begin(), sections.end(), low);
  const auto end = std::upper_bound(first, sections.end(), high);
  if (first == end) return;
  const auto cell = [](uint64_t byte) { return static_cast<size_t>(byte % kSectionSize >> kSubsectionShift); };
  Stretch stretch;
  stretch.first_section = static_cast<size_t>(first - sections.begin());
  stretch.last_section = static_cast<size_t>(end - sections.begin()) - 1;
  stretch.first = *first == low ? cell(range.start) : 0;
  stretch.last = *(end - 1) == high ? cell(last_byte) : kSubsectionsPerSection - 1;
  stretches->push_back(stretch);
}

class Teller {
 public:
  Teller(const Trace& trace, const Picture& picture, ReportPicture* report)
      : trace_(trace), picture_(picture), names_(NamesOf(trace)), rows_(names_, report), report_(report) {}

  void TellSteps(const std::vector<Disappointment>& unmet, std::vector<size_t> failing) {
    const auto fails = [&failing](size_t i) { return std::find(failing.begin(), failing.end(), i) != failing.end(); };
    const StepLog& log = picture_.log;
    TellBoot();
    size_t i = 0;
    for (; i < log.size() && !log.step(i).teardown; ++i) Tell(i, fails(i));
    for (size_t rest = i; rest < trace_.ops.size(); ++rest) TellNotRun(rest);
    for (; i < log.size(); ++i) {
      if (fails(i)) Tell(i, true);
    }
    for (const Disappointment& one : unmet) {
      ReportPicture::Step& step = report_->steps[one.step + 1];
      step.unmet.push_back(absl::StrCat("the trace expects ", report_->names[static_cast<unsigned>(one.side)], " ",
                                        PrintAnswer(one.expected, names_)));
      step.failing = true;
    }
    if (picture_.finding && picture_.finding.at_end) TellEnd();
  }

 private:
  void TellBoot() {
    ReportPicture::Step& step = report_->steps.emplace_back();
    step.label = "boot";
    step.operation = "boot";
    step.changes = rows_.Changes(picture_.boot, 0);
  }

  void Tell(size_t i, bool fails) {
    const Step& seen = picture_.log.step(i);
    const size_t index = report_->steps.size();
    ReportPicture::Step& step = report_->steps.emplace_back();
    step.label = seen.teardown ? "end" : absl::StrCat(i + 1);
    step.operation = PrintOp(picture_.log.op(i), names_);
    for (unsigned side = 0; side < kSides; ++side) {
      if (!seen.applied[side]) continue;
      step.answer[side] = PrintAnswer(seen.answer[side], names_);
      if (!SameAnswerAsReference(seen.answer[side], seen.expected[side])) {
        step.expected[side] = PrintAnswer(seen.expected[side], names_);
      }
    }
    if (seen.clause != kNoClause) step.clause = ClauseOf(seen.clause);
    step.failing = fails;
    AddAsked(picture_.log.op(i), &step);
    step.changes = rows_.Changes(picture_.memory[i], index);
    step.differs =
        !seen.teardown && (!seen.applied[0] || !seen.applied[1] || !SameAnswer(seen.answer[0], seen.answer[1]));
    for (const ReportPicture::Change& change : step.changes) {
      for (const ReportPicture::Difference& difference : change.differs) step.differs |= difference.since == index;
    }
  }

  // Of nobody: behind a finding, or after both machines had stopped.
  void TellNotRun(size_t i) {
    ReportPicture::Step& step = report_->steps.emplace_back();
    step.label = absl::StrCat(i + 1);
    step.operation = PrintOp(trace_.ops[i], names_);
    step.not_run = true;
    AddAsked(trace_.ops[i], &step);
  }

  void TellEnd() {
    ReportPicture::Step& step = report_->steps.emplace_back();
    step.label = "end";
    step.operation = "end of the run: every section that was touched";
    step.failing = true;
  }

  void AddAsked(const Op& op, ReportPicture::Step* step) const {
    for (const PhysRange range : AskedRanges(trace_, op)) AddStretch(report_->sections, range, &step->asked);
  }

  size_t ClauseOf(ClauseIndex index) {
    const auto [found, is_new] = clauses_.try_emplace(index, report_->clauses.size());
    if (is_new) {
      const Clause& clause = Clauses()[index];
      report_->clauses.push_back({.id = std::string(clause.id),
                                  .relation = std::string(RelationName(clause.relation)),
                                  .when = std::string(clause.when),
                                  .because = std::string(clause.because)});
    }
    return found->second;
  }

  const Trace& trace_;
  const Picture& picture_;
  HandleNames names_;
  ReportRows rows_;
  ReportPicture* report_;
  absl::btree_map<ClauseIndex, size_t> clauses_;
};

}  // namespace

ReportPicture TakeReport(const Trace& trace) {
  Judge judge;
  Lockstep& lockstep = judge.pair(judge.Of(trace).pair);
  const Picture picture = TakePicture(trace, lockstep);
  const std::vector<Disappointment> unmet = UnmetBefore(picture.finding, trace, picture.log, lockstep);
  ReportPicture report;
  report.geometry = std::string(kGeometryName);
  for (const Side side : {Side::kLegacy, Side::kSubsection}) {
    report.names[static_cast<unsigned>(side)] = std::string(lockstep.party(side).name);
  }
  report.key = KeyOfRun(picture.finding, unmet, trace);
  if (picture.finding) report.explanation = ExplainFinding(picture.finding, lockstep);
  report.cells = kSubsectionsPerSection;
  report.section_size = kSectionSize;
  report.hidden_sections = picture.hidden_sections;
  for (const SectionPicture& section : picture.boot) report.sections.push_back(section.nr.value());
  report.states = States();
  Teller(trace, picture, &report).TellSteps(unmet, FailingSteps(picture.finding, unmet, picture.log));
  return report;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
