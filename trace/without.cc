// SPDX-License-Identifier: Apache-2.0
// Traces with something taken out.
#include "trace/without.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "trace/map_builder.h"
#include "trace/relink.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// What became of the mappings and namespaces of a trace whose operations were taken out and linked anew.
class Renumbering {
 public:
  void Note(const Op& before, const Op& after) {
    const Counter defines = TraitsOf(before.kind).defines;
    if (defines != Counter::kNone) known_.push_back({defines, before.handle, after.handle});
  }

  // False when what the answer speaks of is gone.
  bool Apply(Answer* answer) const {
    if (answer->kind == Answer::Kind::kPage) return Apply(&answer->page.map);
    if (answer->kind != Answer::Kind::kMapping) return true;
    auto handle = static_cast<Handle>(answer->value);
    const bool found = Apply(&handle);
    answer->value = static_cast<int16_t>(handle);
    return found;
  }

 private:
  struct Known {
    Counter counter;
    Handle before;
    Handle after;
  };

  bool Apply(Handle* mapping) const {
    if (*mapping == kNoHandle || *mapping == kForeignHandle) return true;
    const bool of_namespace = IsNamespaceMapping(*mapping);
    const Counter counter = of_namespace ? Counter::kNamespaces : Counter::kMappings;
    const Handle handle = of_namespace ? NamespaceOfMapping(*mapping) : *mapping;
    for (const Known& known : known_) {
      if (known.counter != counter || known.before != handle) continue;
      *mapping = of_namespace ? MappingOfNamespace(known.after) : known.after;
      return true;
    }
    return false;
  }

  std::vector<Known> known_;
};

// Where an address is when [first, end) of the address space is gone; those inside come to stand at its border.
uint64_t Moved(uint64_t address, uint64_t first, uint64_t end) {
  return address >= end ? address - (end - first) : std::min(address, first);
}

bool Inside(uint64_t address, uint64_t first, uint64_t end) { return first <= address && address < end; }

// False when nothing of the range is left. A range that wraps is no place and stays.
bool Move(PhysRange* range, uint64_t first, uint64_t end) {
  if (range->wraps() || range->size == 0 || range->end() == 0) return true;
  const uint64_t last = Moved(range->end(), first, end);
  range->start = Moved(range->start, first, end);
  range->size = last - range->start;
  return range->size != 0;
}

bool Move(Op* op, uint64_t first, uint64_t end) {
  if (HasArg(op->kind, Arg::kRange) && !Move(&op->range, first, end)) return false;
  if (op->has_second && !Move(&op->second, first, end)) return false;
  if (op->altmap.given) {
    if (Inside(op->altmap.base, first, end)) return false;
    op->altmap.base = Moved(op->altmap.base, first, end);
  }
  if (!HasArg(op->kind, Arg::kPfn) || op->pfn.value() >> (64 - kPageShift) != 0) return true;
  if (Inside(op->pfn.byte(), first, end)) return false;
  op->pfn = Pfn::OfByte(Moved(op->pfn.byte(), first, end));
  return true;
}

}  // namespace

Trace WithoutOps(const Trace& trace, size_t first, size_t count) {
  Trace shorter;
  shorter.map = trace.map;
  std::vector<size_t> kept;
  for (size_t i = 0; i < trace.ops.size(); ++i) {
    if (i >= first && i < first + count) continue;
    kept.push_back(i);
    shorter.ops.push_back(trace.ops[i]);
  }
  Relink(&shorter.ops);
  if (trace.expectations.empty()) return shorter;
  Renumbering numbers;
  for (size_t i = 0; i < kept.size(); ++i) numbers.Note(trace.ops[kept[i]], shorter.ops[i]);
  for (const size_t i : kept) {
    shorter.expectations.emplace_back();
    for (Expectation expectation : trace.expectations[i]) {
      if (numbers.Apply(&expectation.answer)) shorter.expectations.back().push_back(std::move(expectation));
    }
  }
  return shorter;
}

Trace WithoutExpectation(const Trace& trace, size_t index) {
  Trace fewer = trace;
  for (std::vector<Expectation>& expectations : fewer.expectations) {
    if (index < expectations.size()) {
      expectations.erase(expectations.begin() + static_cast<std::ptrdiff_t>(index));
      break;
    }
    index -= expectations.size();
  }
  return fewer;
}

bool OnRanges(const Trace& trace, const std::vector<FirmwareRange>& ranges, Trace* out) {
  *out = trace;
  out->map.count = 0;
  return std::all_of(ranges.begin(), ranges.end(),
                     [out](const FirmwareRange& range) { return InsertRange(range, &out->map) == MapError::kNone; });
}

bool WithoutSlice(const Trace& trace, Slice slice, Trace* out) {
  const uint64_t first = slice.first.first_byte();
  const uint64_t end = slice.end.first_byte();
  std::vector<FirmwareRange> ranges;
  for (FirmwareRange range : trace.map) {
    if (Move(&range.range, first, end)) ranges.push_back(range);
  }
  if (!OnRanges(trace, ranges, out)) return false;
  out->map.movable_start = Moved(trace.map.movable_start, first, end);
  return std::all_of(out->ops.begin(), out->ops.end(), [=](Op& op) { return Move(&op, first, end); });
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
