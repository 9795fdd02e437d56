// SPDX-License-Identifier: Apache-2.0
// TraceMutator: the steps and how often each is taken. Those that change places are in mutate_places.cc.
#include "trace/mutate.h"

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "trace/byte_io.h"
#include "trace/kind_traits.h"
#include "trace/mutate_map.h"
#include "trace/op_bytes.h"
#include "trace/op_codes.h"
#include "trace/op_limits.h"
#include "trace/relink.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr size_t kMaxInserted = 4;
constexpr size_t kMaxErased = 8;
constexpr size_t kMaxRepeated = 8;
constexpr size_t kMaxSteps = 5;
// Of the number of the request that is refused.
constexpr uint64_t kFailBits = 11;
// Tries to put in an operation of a kind that is not forbidden.
constexpr unsigned kInsertTries = 4;

// Bytes that no argument exhausts.
using RandomBytes = std::array<uint8_t, 64>;
RandomBytes AnyBytes(Rng& rng) {
  RandomBytes bytes;
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(rng.Next() >> 32);
  return bytes;
}

auto At(std::vector<Op>& ops, size_t index) { return ops.begin() + static_cast<std::ptrdiff_t>(index); }

// A kind takes the place of another that is given in the same way.
bool CanBecome(OpKind from, OpKind to) {
  const Arg place = HasArg(from, Arg::kRange) ? Arg::kRange : Arg::kPfn;
  return from != to && HasArg(to, place);
}

}  // namespace

// What adds and what moves comes first; what loses most of a trace, or the meaning of all of it, is rare.
const TraceMutator::StepRow TraceMutator::kSteps[] = {
    {&TraceMutator::Insert, 24},       {&TraceMutator::Erase, 10},   {&TraceMutator::Repeat, 8},
    {&TraceMutator::Exchange, 5},      {&TraceMutator::Move, 16},    {&TraceMutator::Resize, 12},
    {&TraceMutator::Retype, 10},       {&TraceMutator::Rewrite, 12}, {&TraceMutator::Forbid, 2},
    {&TraceMutator::ChangeMachine, 3}, {&TraceMutator::Arm, 4},      {&TraceMutator::MoveTogether, 5},
    {&TraceMutator::TakeRest, 4},
};

// After swarm testing (Groce et al. 2012): half of the mutators put in no operations of some kinds, so that what these
// would undo or refuse at once lives longer. Forbid() takes out those that are there.
TraceMutator::TraceMutator(uint64_t seed, bool nvdimm) : rng_(seed), nvdimm_(nvdimm) {
  if (rng_.Below(2) == 0) forbidden_ = AnyKinds();
}

uint64_t TraceMutator::AnyKinds() { return rng_.Next() & (rng_.Below(2) == 0 ? rng_.Next() : ~uint64_t{0}); }

void TraceMutator::Changed(size_t index) { first_changed_ = std::min(first_changed_, index); }

void TraceMutator::Mutate(Trace* trace) {
  trace_ = trace;
  first_changed_ = trace->ops.size();
  unsigned total = 0;
  for (const StepRow& row : kSteps) total += row.weight;
  for (size_t left = rng_.Below(3) == 0 ? 2 + rng_.Below(kMaxSteps - 1) : 1; left != 0; --left) {
    uint64_t at = rng_.Below(total);
    const StepRow* row = kSteps;
    for (; at >= row->weight; ++row) at -= row->weight;
    // A trace that a step cannot work on gets something to work on.
    if (!(this->*row->step)()) Insert();
    Relink(&trace->ops);
  }
}

void TraceMutator::Splice(const Trace& other, Trace* trace) {
  trace_ = trace;
  const size_t kept = rng_.Below(trace->ops.size() + 1);
  const size_t from = other.ops.empty() ? 0 : rng_.Below(other.ops.size());
  first_changed_ = kept;
  trace->ops.resize(kept);
  const Landmarks here = LandmarksAt(kept);
  Landmarks there;
  there.Start(other.map, nvdimm_);
  const uint64_t distance = here.window_start() - there.window_start();
  for (size_t i = 0; i < from; ++i) PassOp(other.ops[i], there);
  for (size_t i = from; i < other.ops.size() && trace->ops.size() < kMaxOps; ++i) {
    Op op = other.ops[i];
    if (op.range.size != 0) op.range.start += distance;
    if (op.has_second) op.second.start += distance;
    if (op.altmap.given) op.altmap.base += distance;
    if (HasArg(op.kind, Arg::kPfn)) op.pfn = op.pfn + (distance >> kPageShift);
    trace->ops.push_back(op);
  }
  // What stood before the cut is replaced by what stands there now.
  MakeForeign(absl::MakeSpan(trace->ops).subspan(kept), there.defined(), kept);
  Relink(&trace->ops);
}

Landmarks TraceMutator::LandmarksAt(size_t index) const {
  Landmarks marks;
  marks.Start(trace_->map, nvdimm_);
  for (size_t i = 0; i < index; ++i) PassOp(trace_->ops[i], marks);
  return marks;
}

// Operations from `first` on, mostly few.
size_t TraceMutator::AnyRun(size_t first, size_t most) {
  size_t count = 1;
  while (count < most && rng_.Below(2) == 0) ++count;
  return std::min(count, trace_->ops.size() - first);
}

// At the end more often than not: what was built up to there is then all in use.
bool TraceMutator::Insert() {
  std::vector<Op>& ops = trace_->ops;
  const size_t at = rng_.Below(3) == 0 ? ops.size() : rng_.Below(ops.size() + 1);
  Landmarks marks = LandmarksAt(at);
  const Defined defined = marks.defined();
  std::array<Op, kMaxInserted> fresh;
  size_t count = 0;
  for (size_t wanted = 1 + rng_.Below(kMaxInserted); count < wanted && ops.size() + count < kMaxOps; ++count) {
    Landmarks after = marks;
    for (unsigned tries = kInsertTries; tries != 0; --tries) {
      const RandomBytes bytes = AnyBytes(rng_);
      ByteReader in(bytes.data(), bytes.size());
      after = marks;
      ReadOp(in, after, &fresh[count]);
      if (Allowed(fresh[count].kind)) break;
    }
    marks = after;
  }
  MakeForeign(absl::MakeSpan(fresh.data(), count), defined, ops.size());
  ops.insert(At(ops, at), fresh.begin(), fresh.begin() + static_cast<std::ptrdiff_t>(count));
  Changed(at);
  return true;
}

bool TraceMutator::Erase() {
  if (trace_->ops.size() < 2) return false;
  const size_t first = AnyOp();
  trace_->ops.erase(At(trace_->ops, first), At(trace_->ops, first + AnyRun(first, kMaxErased)));
  Changed(first);
  return true;
}

// A run of operations once more: behind itself, at the end, where what undid it is done with, or anywhere. What it
// defines is defined again.
bool TraceMutator::Repeat() {
  std::vector<Op>& ops = trace_->ops;
  if (ops.empty()) return false;
  const size_t first = AnyOp();
  const size_t count = AnyRun(first, std::min(kMaxRepeated, kMaxOps - ops.size()));
  if (ops.size() + count > kMaxOps) return false;
  const std::vector<Op> copy(At(ops, first), At(ops, first + count));
  const uint64_t where = rng_.Below(3);
  const size_t at = where == 0 ? first + count : where == 1 ? ops.size() : rng_.Below(ops.size() + 1);
  ops.insert(At(ops, at), copy.begin(), copy.end());
  Changed(at);
  return true;
}

bool TraceMutator::Exchange() {
  if (trace_->ops.size() < 2) return false;
  const size_t a = AnyOp();
  const size_t b = rng_.Below(2) == 0 ? (a + 1) % trace_->ops.size() : AnyOp();
  std::swap(trace_->ops[a], trace_->ops[b]);
  Changed(std::min(a, b));
  return true;
}

// Arguments that are coded apart, read again from random bytes.
void TraceMutator::RewriteBodies(size_t index, Op* op) {
  const Landmarks marks = LandmarksAt(index);
  for (const Arg arg : {Arg::kSecond, Arg::kAltmap}) {
    const RandomBytes bytes = AnyBytes(rng_);
    ByteReader in(bytes.data(), bytes.size());
    if (HasArg(op->kind, arg)) ReadArg(in, arg, marks, op);
  }
}

bool TraceMutator::Retype() {
  const size_t index = AnyRanged();
  if (index == trace_->ops.size()) return false;
  Op& op = trace_->ops[index];
  std::array<OpKind, kOpKinds> kinds;
  size_t count = 0;
  for (unsigned i = 0; i < kOpKinds; ++i) {
    const auto kind = static_cast<OpKind>(i);
    if (CanBecome(op.kind, kind) && Allowed(kind) && (nvdimm_ || !IsNvdimmOp(kind))) kinds[count++] = kind;
  }
  if (count == 0) return false;
  Op fresh{.kind = kinds[rng_.Below(count)], .pfn = op.pfn, .range = op.range};
  if (rng_.Below(4) == 0) SetSmallArgs(static_cast<uint8_t>(rng_.Next() >> 32), &fresh);
  // Nothing in the trace means what it defines, and what named what it defined means none.
  if (TraitsOf(fresh.kind).defines != Counter::kNone) fresh.handle = static_cast<Handle>(trace_->ops.size());
  RewriteBodies(index, &fresh);
  op = fresh;
  Changed(index);
  return true;
}

// One argument, or all the small ones.
bool TraceMutator::Rewrite() {
  if (trace_->ops.empty()) return false;
  const size_t index = AnyOp();
  Op& op = trace_->ops[index];
  const auto& args = SpecOf(op.kind).args;
  const size_t count = static_cast<size_t>(std::find(args.begin(), args.end(), Arg::kEnd) - args.begin());
  const Arg arg = args[rng_.Below(count)];
  const RandomBytes bytes = AnyBytes(rng_);
  ByteReader in(bytes.data(), bytes.size());
  const Op before = op;
  const bool defines =
      arg == Arg::kNewMapping || arg == Arg::kNewResource || arg == Arg::kNewRegion || arg == Arg::kNewNamespace;
  if (!defines) ReadArg(in, arg, LandmarksAt(index), &op);
  if (op == before) {
    SetSmallArgs(in.Byte(), &op);
    if (op.has_second != before.has_second || op.altmap.given != before.altmap.given) {
      op.second = {};
      op.altmap = {.given = op.altmap.given};
      RewriteBodies(index, &op);
    }
  }
  Changed(index);
  return true;
}

// All operations of some kinds go.
bool TraceMutator::Forbid() {
  const uint64_t kinds = AnyKinds();
  std::vector<Op> rest;
  for (const Op& op : trace_->ops) {
    if ((kinds >> static_cast<unsigned>(op.kind) & 1) == 0) rest.push_back(op);
  }
  if (rest.empty() || rest.size() == trace_->ops.size()) return false;
  trace_->ops = std::move(rest);
  Changed(0);
  return true;
}

// A request for memory is refused that an operation may well make: fail_alloc before it.
bool TraceMutator::Arm() {
  std::vector<Op>& ops = trace_->ops;
  if (ops.empty() || ops.size() == kMaxOps || !Allowed(OpKind::kFailAlloc)) return false;
  const size_t from = AnyOp();
  for (size_t i = 0; i < ops.size(); ++i) {
    const size_t at = (from + i) % ops.size();
    if (TraitsOf(ops[at].kind).sites == 0) continue;
    const Op arming{.kind = OpKind::kFailAlloc, .fail = AnyFailure(TraitsOf(ops[at].kind).sites)};
    ops.insert(At(ops, at), arming);
    Changed(at);
    return true;
  }
  return false;
}

// Mostly the first request: there are hundreds for base pages, few elsewhere.
FailPlan TraceMutator::AnyFailure(AllocSites sites) {
  FailPlan plan{.from = rng_.Below(4) == 0, .n = 1};
  if (rng_.Below(2) == 0) plan.n += static_cast<uint32_t>(rng_.Below(uint64_t{1} << rng_.Below(kFailBits)));
  for (auto skipped = rng_.Below(static_cast<uint64_t>(std::popcount(sites))); skipped != 0; --skipped) {
    sites = static_cast<AllocSites>(sites & (sites - 1));
  }
  plan.site = static_cast<AllocSite>(std::countr_zero(sites));
  return plan;
}

bool TraceMutator::ChangeMachine() {
  MutateMap(rng_, &trace_->map);
  Changed(0);
  return true;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
