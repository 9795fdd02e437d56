// SPDX-License-Identifier: Apache-2.0
// NvdimmWatch: what the oracle itself keeps of the regions and namespaces of a trace: where they lie, whether a clause
// let them differ between the two worlds, and what users wrote to them. Made from operations and answers; no machine is
// asked. Not covered: the media, which are the machines' own.
#ifndef HPFUZZ_ORACLE_NVDIMM_WATCH_H_
#define HPFUZZ_ORACLE_NVDIMM_WATCH_H_

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "hotplug/nvdimm.h"
#include "oracle/side.h"
#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// What one user wrote to one namespace: bytes [start, end) of the device hold `byte`. Runs do not overlap.
class Ledger {
 public:
  struct Run {
    uint64_t start;
    uint64_t end;
    uint8_t byte;
  };
  void Write(uint64_t start, uint64_t length, uint8_t byte);
  void Forget() { runs_.clear(); }
  const std::vector<Run>& runs() const { return runs_; }
  // Through which device it was written. Another device over the same media has its bytes elsewhere.
  Disposition device = Disposition::kIdle;
  // Something else than the user wrote to the namespace since it was made: its block may be gone.
  bool torn = false;
  // The block was changed under the device that is attached: what is written now may lie elsewhere for the next one.
  bool block_changed = false;

 private:
  std::vector<Run> runs_;
};

class NvdimmWatch {
 public:
  struct Region {
    PhysRange range;  // in this boot
    bool read_only = false;
    bool blk = false;
    bool differs = false;               // from the other world's, as far as a user can see
    bool refused = false;               // by one of the machines
    std::vector<uint64_t> blocks = {};  // offsets at which a kernel wrote info blocks
  };
  struct Namespace {
    Handle region = kNoHandle;
    PhysRange extent;
    bool marked = false;
    // Its mapping as an operation: the whole namespace, which is never less than what is mapped.
    Op mapping;
    std::array<Ledger, kSides> ledger;
  };

  void Reset();

  // An operation that defines one, before it is applied.
  void AddRegion(const Op& op);
  void AddNamespace(const Op& op);
  // Bases move; the worlds swap what they hold when `other`.
  void Reboot(bool other, uint64_t delta);

  Region* FindRegion(Handle handle) { return handle < regions_.size() ? &regions_[handle] : nullptr; }
  Namespace* Find(Handle handle) { return handle < namespaces_.size() ? &namespaces_[handle] : nullptr; }
  const Namespace* Find(Handle handle) const { return const_cast<NvdimmWatch*>(this)->Find(handle); }
  const std::vector<Region>& regions() const { return regions_; }
  const std::deque<Namespace>& namespaces() const { return namespaces_; }
  // A namespace was let differ: so is what a later one finds in its region.
  void Mark(Handle handle);
  // Whether one machine has a region that the other has not.
  bool AnyRegionRefused() const;
  bool none() const { return regions_.empty() && namespaces_.empty(); }

 private:
  void Place(Handle handle);

  std::vector<Region> regions_;
  std::deque<Namespace> namespaces_;  // others keep pointers to their mappings
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_NVDIMM_WATCH_H_
