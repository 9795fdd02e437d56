// SPDX-License-Identifier: Apache-2.0
// ResourceTree: the tree of physical address ranges behind /proc/iomem. Siblings ascend and do not overlap; children
// lie inside their parent. Kernel functions: __request_region, insert_resource, remove_resource,
// release_mem_region_adjustable, region_intersects.
#ifndef HPFUZZ_MACHINE_RESOURCE_TREE_H_
#define HPFUZZ_MACHINE_RESOURCE_TREE_H_

#include <cstddef>
#include <cstdint>

#include "hotplug/answer.h"
#include "hotplug/facts.h"
#include "hotplug/firmware_map.h"
#include "hotplug/units.h"
#include "machine/kept_vector.h"
#include "machine/page_allocator.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class ResourceTree {
 public:
  // The tree a machine boots with: System RAM busy, Persistent Memory and reserved ranges idle.
  void Boot(const FirmwareMap& map);

  // __request_region for System RAM: descends into idle nodes, as far as they contain the range. False: a busy node, an
  // idle one that overlaps in part, a range of length 0, wrapping, or beyond 2^phys_bits.
  bool RequestRam(PhysRange range);
  // The node that RequestRam made for exactly this range, taken back (release_memory_resource).
  void ReleaseRam(PhysRange range);
  // release_mem_region_adjustable: trims or splits the busy node that contains the range, or does nothing when there is
  // none (a range over two nodes), when its children are in the way, or when a split has no spare node for the upper
  // part. With an `allocator` as in 5.1: it is asked for that node before anything of the tree is looked at but its
  // end, and what lies in another node than System RAM stays (65c78784135f, taken back by e686c32590f4, 6.3
  // and 6.1.16). False where later kernels warn: children in the way, or a range beyond the tree.
  bool ReleaseAdjustable(PhysRange range, PageAllocator* allocator = nullptr);

  // insert_resource: false on a partial overlap (-EBUSY).
  bool Insert(Handle handle, PhysRange range, bool busy, bool ram);
  // remove_resource: children move up. False: no such node.
  bool Remove(Handle handle);

  // region_intersects against System RAM: by top-level nodes only (up to 6.11) ...
  Overlap IntersectsTopLevel(PhysRange range) const;
  // ... or by descendants too where the top-level node is not RAM itself (6.12 and stable kernels).
  Overlap IntersectsNested(PhysRange range) const;

  // One step of 5.1's walk_system_ram_range: the first of `*rest` that lie in one busy System RAM node, at any depth,
  // are given out as `*ram` (whole pages; there may be none) and cut off `*rest` with all before them. False: no such
  // node.
  bool NextSystemRam(PhysRange* rest, PfnRange* ram) const;
  // How many pages of the range such nodes hold, as 6.1's walk finds them.
  uint64_t SystemRamPages(PhysRange range) const;

  size_t Rows(ResourceRow* rows, size_t capacity) const;

 private:
  using Index = uint16_t;
  static constexpr Index kRoot = 0;
  static constexpr Index kNil = 0xffff;

  // `last` is inclusive, as in struct resource.
  struct Node {
    Node(uint64_t start, uint64_t last, Handle handle, bool busy, bool ram)
        : start(start), last(last), handle(handle), busy(busy), ram(ram) {}
    uint64_t start;
    uint64_t last;
    Index parent = kNil;
    Index child = kNil;
    Index sibling = kNil;
    Handle handle;
    bool busy;
    bool ram;
  };

  Index New(PhysRange range, bool busy, bool ram, Handle handle);
  Index RequestUnder(Index parent, Index node);
  void Unlink(Index node);
  bool Adjust(Index node, uint64_t start, uint64_t last);
  bool Split(Index node, uint64_t start, uint64_t last);
  bool Overlaps(Index node, uint64_t start, uint64_t last) const {
    return nodes_[node].start <= last && nodes_[node].last >= start;
  }
  // What begins behind the range and ends a search for System RAM: 5.1 looks at such RAM only, 5.3 and later at
  // anything.
  enum class EndsSearch : uint8_t { kWantedNode, kAnyNode };
  bool FindSystemRam(PhysRange* rest, PfnRange* ram, EndsSearch ends) const;
  bool CoveredByRam(Index top, uint64_t start, uint64_t last, bool* any) const;
  Index NextBelow(Index top, Index node) const;

  KeptVector<Node> nodes_;  // [kRoot] is the root; freed nodes are not used again within a run
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_RESOURCE_TREE_H_
