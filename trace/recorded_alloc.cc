// SPDX-License-Identifier: Apache-2.0
// Which of our allocation sites an injected failure hit, as plans that make a layer fail there. The driver counted
// every request of an operation, whoever made it; a layer counts by site. The log, in the order of the kernels'
// requests, tells them apart:
//   legacy    memremap: lookup nodes, tracking entry, [direct map], sections, action
//   mainline  memremap: counter, then for each range: lookup nodes, tracking entry, [direct map], sections; action
//   both      add_memory: resource, [direct map], sections, memory blocks (legacy: each block right after its section)
//   sections  [root], legacy: memmap, usemap; mainline: usage record, memmap
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "trace/recorded_parts.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Sizes by which the requests of the two recorded kernels are told apart.
constexpr uint32_t kRootBytes = 4096;
constexpr uint32_t kLegacyUsemapBytes = 16;
constexpr uint32_t kLookupNodeBytes = 192;   // struct xa_node takes this slab in both configurations
constexpr uint32_t kSmallRecordBytes = 64;   // resource, tracking entry, reference counter, release action
constexpr uint32_t kMemoryBlockBytes = 512;  // struct memory_block: the first request for each block device
constexpr uint32_t kNameBytes = 8;           // "memory8"
constexpr uint32_t kEventBytes = 32;         // hotplug notifications: their failure changes nothing

class LogWalk {
 public:
  LogWalk(RecordedKernel kernel, const Op& op, const Answer& answer, bool from)
      : legacy_(kernel == RecordedKernel::kLegacy),
        from_(from),
        op_(op.kind),
        ranges_(op.has_second ? 2 : 1),
        answer_(answer) {}

  void Take(const AllocRequest& request) {
    std::optional<AllocSite> site = request.unit == 'p'   ? OfPages(request)
                                    : request.unit == 'u' ? OfUsemap()
                                                          : OfSlab(request.size);
    if (!site.has_value()) return;
    // Of several that failed the first decides.
    const uint32_t after = request.failed ? request.count - 1 : 0;
    Count(*site, request.count - after);
    if (request.failed && Matters(*site)) {
      FailPlan& plan = *site == AllocSite::kMemmap ? large_page_ : fatal_;
      if (plan.n == 0) plan = {.site = *site, .from = from_, .n = Number(*site)};
    }
    Count(*site, after);
  }
  std::vector<FailPlan> failures() const {
    std::vector<FailPlan> plans;
    for (const FailPlan& plan : {large_page_, fatal_}) {
      if (plan.n != 0) plans.push_back(plan);
    }
    return plans;
  }

 private:
  static unsigned Index(AllocSite site) { return static_cast<unsigned>(site); }

  void Count(AllocSite site, uint32_t requests) {
    asked_[Index(site)] += requests;
    if (site == AllocSite::kMemmapBase) base_pages_ += requests;
  }

  // Direct-map tables never show here: their failure is a FAULT, of which no log is left.
  std::optional<AllocSite> OfPages(const AllocRequest& request) {
    if (request.size == kMemmapPagesPerSection) {
      StartSection();
      return AllocSite::kMemmap;
    }
    if (request.size == 1) return AllocSite::kMemmapBase;
    return std::nullopt;
  }

  std::optional<AllocSite> OfUsemap() {
    StartSection();
    return AllocSite::kUsemap;
  }

  std::optional<AllocSite> OfSlab(uint32_t size) {
    if (op_ == OpKind::kAddMemory && size == kMemoryBlockBytes) {
      in_block_ = true;
      ++blocks_;
    }
    if (in_block_) return OfBlock(size);
    if (size == kRootBytes) return AllocSite::kRoot;
    if (legacy_ && size == kLegacyUsemapBytes) return OfUsemap();
    if (op_ == OpKind::kAddMemory && size == kSmallRecordBytes) return AllocSite::kResource;
    if (op_ != OpKind::kMemremapPages) return std::nullopt;
    if (size == kLookupNodeBytes) return AllocSite::kLookup;
    if (size == kSmallRecordBytes) return OfMapping();
    return std::nullopt;
  }

  std::optional<AllocSite> OfBlock(uint32_t size) const {
    if (size == kRootBytes || size == kEventBytes) return std::nullopt;
    return size == kNameBytes && answer_.is_error(kEINVAL) ? AllocSite::kBlockName : AllocSite::kBlock;
  }

  AllocSite OfMapping() {
    const unsigned ordinal = small_records_++ + (legacy_ ? 1 : 0);
    if (ordinal == 0) return AllocSite::kCounter;
    return ordinal <= ranges_ ? AllocSite::kPat : AllocSite::kAction;
  }

  void StartSection() {
    in_block_ = false;
    // Less the page tables: the struct pages of whole sub-sections remain.
    full_base_pages_ += AlignDown(base_pages_, kMemmapPagesPerSubsection);
    base_pages_ = 0;
  }

  // Without a large page the kernel goes on, with base pages in its place. The store's request is repeated with the
  // lock dropped, so it may get over one failure there. Every other failure counts only if it is the one answered.
  bool Matters(AllocSite site) const {
    return !answer_.ok() || site == AllocSite::kLookup || site == AllocSite::kMemmap;
  }

  uint32_t Number(AllocSite site) const {
    if (site == AllocSite::kBlock || site == AllocSite::kBlockName) return blocks_;
    if (site != AllocSite::kMemmapBase) return asked_[Index(site)];
    // The first page of a section's memmap may be a page table, which layers do not count. One page too early in the
    // same section changes nothing: all of its memmap goes.
    return static_cast<uint32_t>(full_base_pages_ + std::max<uint64_t>(base_pages_, 2) - 1);
  }

  const bool legacy_;
  const bool from_;
  const OpKind op_;
  const unsigned ranges_;  // of a device mapping: each has a tracking entry
  const Answer& answer_;
  bool in_block_ = false;
  uint32_t blocks_ = 0;
  unsigned small_records_ = 0;
  uint64_t base_pages_ = 0;       // of the current section
  uint64_t full_base_pages_ = 0;  // of those before it
  std::array<uint32_t, kAllocSites> asked_ = {};
  FailPlan large_page_;  // the first that failed
  FailPlan fatal_;       // the first failure at any other site
};

}  // namespace

std::vector<FailPlan> PlansOfLog(RecordedKernel kernel, const Op& op, const Answer& answer, bool from,
                                 const std::vector<AllocRequest>& log) {
  switch (op.kind) {
    case OpKind::kAddPages:
    case OpKind::kArchAddMemory:
    case OpKind::kAddMemory:
    case OpKind::kMemremapPages: break;
    default: return {};  // releases and state changes get over every failure
  }
  if (answer.kind == Answer::Kind::kFault) return {{.site = AllocSite::kDirectMap, .from = from, .n = 1}};
  LogWalk walk(kernel, op, answer, from);
  for (const AllocRequest& request : log) walk.Take(request);
  return walk.failures();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
