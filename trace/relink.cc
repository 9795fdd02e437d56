// SPDX-License-Identifier: Apache-2.0
// Relink: one pass with a table of old numbers for each sort of thing.
#include "trace/relink.h"

#include <array>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// What `handle` of a kind that defines nothing counts.
Counter NamedBy(OpKind kind) {
  if (HasArg(kind, Arg::kMapping)) return Counter::kMappings;
  if (HasArg(kind, Arg::kResource)) return Counter::kResources;
  return HasArg(kind, Arg::kNamespace) ? Counter::kNamespaces : Counter::kNone;
}

// Calls each(counter, handle) for what the operation names, in the order in which it does.
template <typename Each>
void ForEachName(Op& op, Each each) {
  if (HasArg(op.kind, Arg::kRegion)) each(Counter::kRegions, &op.region);
  if (const Counter named = NamedBy(op.kind); named != Counter::kNone) each(named, &op.handle);
}

}  // namespace

void MakeForeign(absl::Span<Op> ops, const Defined& defined, size_t size) {
  const auto shift = [&](Counter counter, Handle* handle) {
    const bool own = *handle != kNoHandle && *handle >= defined[static_cast<unsigned>(counter)];
    if (own) *handle = static_cast<Handle>(*handle + size);
  };
  for (Op& op : ops) {
    ForEachName(op, shift);
    if (const Counter defines = TraitsOf(op.kind).defines; defines != Counter::kNone) shift(defines, &op.handle);
  }
}

void Relink(std::vector<Op>* ops) {
  std::array<std::vector<Handle>, kCounters> now;  // by old number
  Defined next{};
  for (Op& op : *ops) {
    ForEachName(op, [&](Counter counter, Handle* handle) {
      const auto& known = now[static_cast<unsigned>(counter)];
      *handle = *handle < known.size() ? known[*handle] : kNoHandle;
    });
    const auto defines = static_cast<unsigned>(TraitsOf(op.kind).defines);
    if (TraitsOf(op.kind).defines == Counter::kNone) continue;
    auto& known = now[defines];
    if (op.handle >= known.size()) known.resize(op.handle + size_t{1}, kNoHandle);
    known[op.handle] = next[defines];
    op.handle = next[defines]++;
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
