// SPDX-License-Identifier: Apache-2.0
// ExportTrace: a recorded case as a trace that can be printed, mailed and replayed.
#include <string>
#include <utility>

#include "trace/op_limits.h"
#include "trace/recorded.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Whether everything that an expectation says was recorded. Of a struct page a trace says more than the driver printed;
// it is a whole answer only where the printed part leaves no doubt that somebody had written the page.
bool IsWhole(const RecordedAnswer& recorded) {
  if (recorded.answer.kind != Answer::Kind::kPage) return true;
  const PageView& page = recorded.answer.page;
  return !recorded.page_is_fill && recorded.has_page_count && recorded.has_page_map && page.map != kForeignHandle;
}

Expectation ExpectationOf(const RecordedStep& step, RecordedKernel kernel) {
  const RecordedAnswer& recorded = step.recorded;
  Expectation expectation;
  expectation.who = std::string(ImplementationOf(kernel));
  expectation.answer = recorded.answer;
  if (expectation.answer.kind == Answer::Kind::kPage) expectation.answer.page.initialised = true;
  // A trace states a payload as a whole: counters that were not printed must not be taken for zero.
  const bool any = recorded.has_killed || recorded.has_refs || recorded.has_altmap_alloc;
  const bool altmap = step.op.altmap.given || recorded.has_altmap_alloc;
  expectation.payload = any && (!altmap || (recorded.has_altmap_alloc && recorded.has_altmap_align));
  if (!expectation.payload) {
    expectation.answer.killed = false;
    expectation.answer.refs_left = expectation.answer.altmap_alloc = expectation.answer.altmap_align = 0;
  }
  return expectation;
}

// Recorded kernels were also asked what no trace may ask. Nothing may follow that, as the state could have changed.
bool Fits(const Op& op) { return !ExceedsRangeLimit(op.kind, op.range) && !ExceedsRangeLimit(op.kind, op.second); }

}  // namespace

Trace ExportTrace(const RecordedCase& recorded) {
  Trace trace;
  trace.map = recorded.map;
  trace.mapping_names = recorded.mapping_names;
  trace.resource_names = recorded.resource_names;
  for (const RecordedLine& line : recorded.lines) {
    for (const RecordedStep& step : line.steps) {
      if (!Fits(step.op)) return trace;
      trace.ops.push_back(step.op);
      trace.lines.push_back(line.number);
      std::vector<Expectation>& expected = trace.expectations.emplace_back();
      if (step.op.kind != OpKind::kFailAlloc && IsWhole(step.recorded)) {
        expected.push_back(ExpectationOf(step, recorded.kernel));
      }
    }
  }
  return trace;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
