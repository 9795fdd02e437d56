// SPDX-License-Identifier: Apache-2.0
// TraceMutator: small changes to a trace that keep what the rest of it means: operations put in, taken out, repeated,
// exchanged, moved to edges that matter, alone or with all that is there, made longer or shorter, made the rest of
// another one's sections, turned into others, refused memory. What comes out is always a trace that has bytes; decoding
// them gives it back but for what exceeds a limit.
//
// Not covered: bytes (mutate_bytes.h), making a trace smaller for a purpose.
#ifndef HPFUZZ_TRACE_MUTATE_H_
#define HPFUZZ_TRACE_MUTATE_H_

#include <cstddef>
#include <cstdint>

#include "trace/landmarks.h"
#include "trace/rng.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class TraceMutator {
 public:
  // A pure function of seed and traces. `nvdimm`: the trace may speak of NVDIMMs.
  TraceMutator(uint64_t seed, bool nvdimm);

  // One step, or a few.
  void Mutate(Trace* trace);
  // The beginning of `trace`, then the end of `other`, moved to where the machine of `trace` has room.
  void Splice(const Trace& other, Trace* trace);

  // The operations before this one are as they were, and when there are any, so is the map.
  size_t first_changed() const { return first_changed_; }

 private:
  using Step = bool (TraceMutator::*)();
  struct StepRow {
    Step step;
    unsigned weight;
  };
  static const StepRow kSteps[];

  // Each changes the trace, or returns false when it has nothing to work on.
  bool Insert();
  bool Erase();
  bool Repeat();
  bool Exchange();
  bool Move();
  bool Resize();
  bool Retype();
  bool Rewrite();
  bool Forbid();
  bool ChangeMachine();
  bool Arm();
  bool MoveTogether();
  bool TakeRest();

  size_t AnyOp() { return rng_.Below(trace_->ops.size()); }
  size_t AnyRun(size_t first, size_t most);
  size_t AnyRanged();
  size_t AnyNear(size_t index);
  Landmarks LandmarksAt(size_t index) const;
  uint64_t AnyEdge(size_t index);
  uint64_t Nudge(uint64_t point);
  uint64_t AnyHighBit();
  FailPlan AnyFailure(AllocSites sites);
  void RewriteBodies(size_t index, Op* op);
  bool Allowed(OpKind kind) const { return (forbidden_ >> static_cast<unsigned>(kind) & 1) == 0; }
  uint64_t AnyKinds();
  // The operations from `index` on are new or stand elsewhere.
  void Changed(size_t index);

  Rng rng_;
  const bool nvdimm_;
  uint64_t forbidden_ = 0;  // kinds that are put in rarely, a bit each
  Trace* trace_ = nullptr;
  size_t first_changed_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_MUTATE_H_
