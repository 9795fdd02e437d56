// SPDX-License-Identifier: Apache-2.0
// Plainer operations, by tables: what looks, and what lies beneath what.
#include "trace/plainer.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "trace/map_builder.h"
#include "trace/op_limits.h"
#include "trace/relink.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// The plainest first. Each is of one page, and changes nothing.
constexpr OpKind kLooks[] = {OpKind::kPfnValid, OpKind::kPfnToOnlinePage, OpKind::kGetDevPagemap, OpKind::kStructPage};

struct Beneath {
  OpKind above;
  OpKind below;
};
// What a layer does by another one, a row a kind: all of these are replaced together.
constexpr Beneath kPages[] = {
    {OpKind::kArchAddMemory, OpKind::kAddPages}, {OpKind::kArchRemoveMemory, OpKind::kRemovePages},
    {OpKind::kAddMemory, OpKind::kAddPages},     {OpKind::kRemoveMemory, OpKind::kRemovePages},
    {OpKind::kMemremapPages, OpKind::kAddPages}, {OpKind::kMemunmapPages, OpKind::kRemovePages}};
constexpr Beneath kArch[] = {{OpKind::kAddMemory, OpKind::kArchAddMemory},
                             {OpKind::kRemoveMemory, OpKind::kArchRemoveMemory},
                             {OpKind::kMemremapPages, OpKind::kArchAddMemory},
                             {OpKind::kMemunmapPages, OpKind::kArchRemoveMemory}};
constexpr Beneath kSpans[] = {{OpKind::kOnlinePages, OpKind::kMovePfnRangeToZone},
                              {OpKind::kOfflinePages, OpKind::kRemovePfnRangeFromZone},
                              {OpKind::kMemremapPages, OpKind::kMovePfnRangeToZone},
                              {OpKind::kMemunmapPages, OpKind::kRemovePfnRangeFromZone}};
struct Layer {
  absl::Span<const Beneath> rows;
  Zone zone = Zone::kNormal;
  Nid nid = 0;
};

constexpr OpKind kAdding[] = {OpKind::kAddPages, OpKind::kArchAddMemory, OpKind::kAddMemory};

constexpr uint64_t kAddressablePages = uint64_t{1} << (64 - kPageShift);

// Of whole blocks, as Apply goes through them.
PhysRange BlocksOf(PhysRange range) {
  const uint64_t start = AlignDown(range.start, kSectionSize);
  return {start, range.size == 0 || range.wraps() ? kSectionSize : AlignUp(range.end() - start, kSectionSize)};
}

// The bytes that operation `index` is about; none of a handle that nothing defined, of a page that no address names,
// nor of regions and what is theirs.
std::optional<PhysRange> RangeOf(const Trace& trace, size_t index) {
  const Op& op = trace.ops[index];
  if (IsNvdimmOp(op.kind)) return std::nullopt;
  if (op.kind == OpKind::kOnlinePages || op.kind == OpKind::kOfflinePages) return BlocksOf(op.range);
  if (HasArg(op.kind, Arg::kRange)) return op.range;
  if (HasArg(op.kind, Arg::kPfn) && op.pfn.value() < kAddressablePages) return PhysRange{op.pfn.byte(), kPageSize};
  if (!HasArg(op.kind, Arg::kMapping)) return std::nullopt;
  for (size_t i = 0; i < index; ++i) {
    const Op& maker = trace.ops[i];
    if (maker.kind == OpKind::kMemremapPages && maker.handle == op.handle) return maker.range;
  }
  return std::nullopt;
}

// The trace with other operations in place of some of its own; none when there are none.
template <typename Other>
std::optional<Trace> Replaced(const Trace& trace, const Other& other) {
  Trace out;
  out.map = trace.map;
  out.ops = trace.ops;
  bool any = false;
  for (size_t i = 0; i < trace.ops.size(); ++i) {
    if (const std::optional<Op> op = other(i)) {
      out.ops[i] = *op;
      any = true;
    }
  }
  if (!any) return std::nullopt;
  Relink(&out.ops);
  return out;
}

// Which zone it was, and whose, the layer above knows: each zone, on each node that the trace names.
std::vector<Layer> LayersOf(const Trace& trace) {
  std::set<Nid> nodes;
  for (const FirmwareRange& range : trace.map) nodes.insert(range.nid);
  for (const Op& op : trace.ops) nodes.insert(op.nid);
  std::vector<Layer> layers = {{.rows = kPages}, {.rows = kArch}};
  for (unsigned zone = 0; zone < kZones; ++zone) {
    for (const Nid nid : nodes) layers.push_back({.rows = kSpans, .zone = static_cast<Zone>(zone), .nid = nid});
  }
  return layers;
}

std::optional<Op> OpBeneath(const Trace& trace, size_t index, const Layer& layer) {
  for (const Beneath& row : layer.rows) {
    const std::optional<PhysRange> range = RangeOf(trace, index);
    // The walk of a lower layer may be much longer: of a range that wraps a higher one sees nothing.
    if (row.above == trace.ops[index].kind && range && !ExceedsRangeLimit(row.below, *range)) {
      return Op{.kind = row.below, .zone = layer.zone, .nid = layer.nid, .range = *range};
    }
  }
  return std::nullopt;
}

// Where the facts of an operation are compared: its first and last page, those beside, and, at the end of a trace,
// where its sections begin and end.
void AppendEdges(PhysRange range, std::vector<Pfn>* pages) {
  const Pfn first(range.start >> kPageShift);
  const Pfn last((range.start + (range.size - 1)) >> kPageShift);
  const Pfn section_first(AlignDown(first.value(), kPagesPerSection));
  const Pfn section_last(AlignDown(last.value(), kPagesPerSection) + (kPagesPerSection - 1));
  for (const Pfn pfn : {first, last, first - 1, last + 1, section_first, section_last}) {
    // Beside the first and the last of all pages there is none.
    if (pfn.value() >= kAddressablePages) continue;
    if (std::find(pages->begin(), pages->end(), pfn) == pages->end()) pages->push_back(pfn);
  }
}

// What may show what operation `index` shows. One without a place shows what boot left, at the firmware's ranges.
std::vector<Pfn> PagesToLookAt(const Trace& trace, size_t index) {
  std::vector<Pfn> pages;
  if (IsNvdimmOp(trace.ops[index].kind)) return pages;
  if (const std::optional<PhysRange> range = RangeOf(trace, index)) {
    if (range->size != 0) AppendEdges(*range, &pages);
    return pages;
  }
  for (size_t i = 0; i < trace.map.count; ++i) AppendEdges(trace.map.ranges[i].range, &pages);
  return pages;
}

bool EachLook(const Trace& trace, size_t index, absl::FunctionRef<bool(const Trace&)> take) {
  const Op& op = trace.ops[index];
  const std::vector<Pfn> pages = PagesToLookAt(trace, index);
  for (const OpKind look : kLooks) {
    // It is a look itself, and plainer than the rest.
    if (look == op.kind) return false;
    for (const Pfn pfn : pages) {
      if (take(*Replaced(trace, [&](size_t i) -> std::optional<Op> {
            if (i != index) return std::nullopt;
            return Op{.kind = look, .pfn = pfn};
          }))) {
        return true;
      }
    }
  }
  return false;
}

// The operations with every mapping `handle` in two; `other` names the second one.
std::vector<Op> InTwo(const std::vector<Op>& ops, Handle handle, Handle other) {
  std::vector<Op> out;
  for (const Op& op : ops) {
    out.push_back(op);
    if (op.handle != handle || (op.kind != OpKind::kMemremapPages && op.kind != OpKind::kMemunmapPages)) continue;
    Op second = op;
    second.handle = other;
    if (op.has_second) second.range = op.second;
    for (Op* half : {&out.back(), &second}) {
      half->has_second = false;
      half->second = {};
    }
    out.push_back(second);
  }
  return out;
}

}  // namespace

bool EachFromBoot(const Trace& trace, absl::FunctionRef<bool(const Trace&)> take) {
  for (size_t i = 0; i < trace.ops.size(); ++i) {
    const Op& op = trace.ops[i];
    if (std::find(std::begin(kAdding), std::end(kAdding), op.kind) == std::end(kAdding)) continue;
    Trace other;
    other.map = trace.map;
    if (InsertRange({.kind = FirmwareKind::kRam, .nid = op.nid, .range = op.range}, &other.map) != MapError::kNone)
      continue;
    other.ops = trace.ops;
    other.ops.erase(other.ops.begin() + static_cast<std::ptrdiff_t>(i));
    Relink(&other.ops);
    if (take(other)) return true;
  }
  return false;
}

bool EachInTwo(const Trace& trace, absl::FunctionRef<bool(const Trace&)> take) {
  // No operation of the trace defines or names this one.
  const Handle unused = static_cast<Handle>(trace.ops.size() + 1);
  for (const Op& op : trace.ops) {
    if (op.kind != OpKind::kMemremapPages || !op.has_second) continue;
    Trace other;
    other.map = trace.map;
    other.ops = InTwo(trace.ops, op.handle, unused);
    if (other.ops.size() > kMaxOps) continue;
    Relink(&other.ops);
    if (take(other)) return true;
  }
  return false;
}

bool EachWithLook(const Trace& trace, absl::FunctionRef<bool(const Trace&)> take) {
  for (size_t i = 0; i < trace.ops.size(); ++i) {
    if (EachLook(trace, i, take)) return true;
  }
  return false;
}

bool EachFromBeneath(const Trace& trace, absl::FunctionRef<bool(const Trace&)> take) {
  for (const Layer& layer : LayersOf(trace)) {
    const std::optional<Trace> all = Replaced(trace, [&](size_t i) { return OpBeneath(trace, i, layer); });
    if (!all) continue;
    if (take(*all)) return true;
    for (size_t one = 0; one < trace.ops.size(); ++one) {
      const std::optional<Trace> other =
          Replaced(trace, [&](size_t i) { return i == one ? OpBeneath(trace, i, layer) : std::nullopt; });
      if (other && take(*other)) return true;
    }
  }
  return false;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
