// SPDX-License-Identifier: Apache-2.0
// What an operation is about: its own ranges, or those of what it names.
#include "registry/asked.h"

#include <algorithm>
#include <utility>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

const Op* Definition(const Trace& trace, OpKind kind, Handle handle) {
  const auto found = std::find_if(trace.ops.begin(), trace.ops.end(),
                                  [=](const Op& op) { return op.kind == kind && op.handle == handle; });
  return found == trace.ops.end() ? nullptr : &*found;
}

class Ranges {
 public:
  void Add(PhysRange range) {
    if (range.size != 0 && !range.wraps()) ranges_.push_back(range);
  }
  void AddOwn(const Op& op) {
    if (HasArg(op.kind, Arg::kRange)) Add(op.range);
    if (op.has_second) Add(op.second);
    if (HasArg(op.kind, Arg::kPfn)) Add({op.pfn.byte(), kPageSize});
  }
  std::vector<PhysRange> Release() { return std::move(ranges_); }

 private:
  std::vector<PhysRange> ranges_;
};

}  // namespace

std::vector<PhysRange> AskedRanges(const Trace& trace, const Op& op) {
  Ranges ranges;
  ranges.AddOwn(op);
  if (HasArg(op.kind, Arg::kMapping)) {
    if (const Op* made = Definition(trace, OpKind::kMemremapPages, op.handle)) ranges.AddOwn(*made);
  }
  if (HasArg(op.kind, Arg::kNewNamespace) || HasArg(op.kind, Arg::kNamespace)) {
    const Op* const made = Definition(trace, OpKind::kNsCreate, op.handle);
    const Op* const region = made == nullptr ? nullptr : Definition(trace, OpKind::kRegion, made->region);
    if (region != nullptr) ranges.Add({region->range.start + made->extent.start, made->extent.size});
  }
  return ranges.Release();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
