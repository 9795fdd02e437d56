// SPDX-License-Identifier: Apache-2.0
// NVDIMMs: what a machine is asked about regions and namespaces, what can be seen of a namespace, and what survives a
// reboot. The interface that takes these is hotplug/nvdimm_bus.h. Not covered: BTT, labels as bytes, bad blocks.
//
// An info block of 4 KiB at offset 4 KiB of a namespace (struct nd_pfn_sb) says how it is mapped: a pfn device (fsdax,
// with a block device over it) or a dax device (devdax, mapped by processes).
#ifndef HPFUZZ_HOTPLUG_NVDIMM_H_
#define HPFUZZ_HOTPLUG_NVDIMM_H_

#include <array>
#include <cstdint>
#include <vector>

#include "hotplug/attributes.h"
#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Where the info block lies in a namespace and how long it is, and what the two kernels keep free in front of data.
// Bytes; the same in every geometry, as on x86-64.
inline constexpr uint64_t kInfoBlockOffset = 4096;
inline constexpr uint64_t kInfoBlockSize = 4096;
inline constexpr uint64_t kInfoBlockReserve = kInfoBlockOffset + kInfoBlockSize;
static_assert(kPageSize == kInfoBlockSize, "media are kept in pages of which the info block is one");

using Uuid = std::array<uint8_t, 16>;

// `seed`, `seed` + 1, ... ; 0 gives the uuid of zeroes. Traces name uuids by their seed.
constexpr Uuid UuidOfSeed(uint8_t seed) {
  Uuid uuid{};
  if (seed == 0) return uuid;
  for (unsigned i = 0; i < uuid.size(); ++i) uuid[i] = static_cast<uint8_t>(seed + i);
  return uuid;
}

struct RegionRequest {
  PhysRange range;
  bool read_only = false;
  bool hidden = false;      // not in the resource tree; else an idle resource that is no System RAM
  bool unreadable = false;  // reading its media fails
  bool blk = false;         // not byte-addressable: no region of memory (nd_blk)
  bool operator==(const RegionRequest&) const = default;
};

// The device that is to be made over a namespace, by the signature of its info block.
enum class Personality : uint8_t { kRaw, kPfn, kDax };
// nd_pfn_mode, with the numbers of the info block.
enum class MemmapMode : uint8_t { kNone, kRam, kPmem };

// What is set on a pfn or dax device before it is bound: attributes uuid, align and mode.
struct PfnSettings {
  Personality personality = Personality::kPfn;
  MemmapMode mode = MemmapMode::kNone;
  uint64_t align = 0;
  // Unset while a namespace is only probed: align, mode and uuid are then taken from the block.
  bool has_uuid = false;
  Uuid uuid{};
  bool operator==(const PfnSettings&) const = default;
};

struct NsRequest {
  Handle region = kNoHandle;
  uint64_t offset = 0;  // bytes from the start of the region
  uint64_t size = 0;
  Uuid parent{};         // of the namespace itself; the info block repeats it
  PfnSettings settings;  // `has_uuid` is true
  bool operator==(const NsRequest&) const = default;
};

// A part of what a namespace holds for its user: of the block device, or, with `dax`, through a mapping of its pages.
struct NsAccess {
  uint64_t offset = 0;
  uint64_t length = 0;
  bool dax = false;
  bool operator==(const NsAccess&) const = default;
};

// Bytes of a namespace that something else than its user wrote: `length` bytes from `offset`, little endian `value` for
// at most 8, its lowest byte repeated for more.
struct Corruption {
  uint64_t offset = 0;
  uint64_t length = 0;
  uint64_t value = 0;
  bool sealed = false;  // the checksum of the info block is made right afterwards
  bool operator==(const Corruption&) const = default;
};

// What became of a namespace.
enum class Disposition : uint8_t {
  kAbsent,     // no such namespace, or its region is not there in this boot
  kIdle,       // no driver
  kRaw,        // a block device over all of it
  kPfn,        // attached
  kDax,        // attached
  kPfnFailed,  // claimed by a pfn device that could not be attached: no block device
  kDaxFailed,
};

// nd_pfn_validate and nvdimm_setup_pfn: what they return and what they leave in memory. Zero where a step was not
// reached.
struct PfnView {
  int16_t validate = 0;  // 0 or a negated errno
  int16_t setup = 0;     // 0 or a negated errno, of nvdimm_setup_pfn: the block, its altmap and the range to map
  bool wrote = false;    // a new block was written
  // Of the block as it is used, after `validate` or `setup` answered 0.
  uint32_t start_pad = 0;
  uint32_t end_trunc = 0;
  MemmapMode mode = MemmapMode::kNone;
  uint64_t align = 0;
  uint64_t dataoff = 0;
  uint64_t npfns = 0;  // live: after setup, where it may have been cut or rounded
  // After `setup` answered 0.
  PhysRange mapped;             // the range that is handed to devm_memremap_pages; its size may be negative as a number
  uint64_t altmap_base = 0;     // pfn; PMEM mode only, as the next two
  uint64_t altmap_reserve = 0;  // pages
  uint64_t altmap_free = 0;     // pages
  bool operator==(const PfnView&) const = default;
};

// Everything observable about one namespace.
struct NamespaceFacts {
  Disposition disposition = Disposition::kAbsent;
  int16_t attach = 0;     // what mapping it answered last: 0 or a negated errno
  uint64_t capacity = 0;  // bytes for its user: of the block device or of the dax device; 0 where there is none
  // Of the last probe or creation. A probe that no device comes of keeps what the pfn device answered, or, where that
  // was -ENODEV, the dax device.
  PfnView pfn;
  bool operator==(const NamespaceFacts&) const = default;
};

// What survives a reboot, in one canonical form: regions and labels by ascending handle, media as ascending runs of
// pages of which no two neighbours could be one, pages of zeroes left out.
struct MediaImage {
  static constexpr uint16_t kUnspecified = 0x100;  // struct pages lie there: the kernel's business
  static constexpr uint16_t kLiteral = 0x101;      // one page with bytes of its own

  struct Region {
    Handle handle = kNoHandle;
    RegionRequest request;
    bool operator==(const Region&) const = default;
  };
  struct Label {
    Handle handle = kNoHandle;
    Handle region = kNoHandle;
    uint64_t offset = 0;
    uint64_t size = 0;
    Uuid parent{};
    bool operator==(const Label&) const = default;
  };
  struct Run {
    Handle region = kNoHandle;
    uint16_t fill = 0;        // a byte, kUnspecified or kLiteral
    uint32_t literal = 0;     // index in `pages` when kLiteral, else 0; ascending
    uint64_t first_page = 0;  // of the region
    uint64_t pages = 0;       // 1 when kLiteral
    bool operator==(const Run&) const = default;
  };
  using Page = std::array<uint8_t, kPageSize>;

  std::vector<Region> regions;
  std::vector<Label> labels;
  std::vector<Run> runs;
  std::vector<Page> pages;

  // Keeps the memory: images are taken after every operation.
  HPFUZZ_UNCOVERED void Clear() {
    regions.clear();
    labels.clear();
    runs.clear();
    pages.clear();
  }
  bool operator==(const MediaImage&) const = default;
};

// Mappings of namespaces are numbered behind those of memremap_pages.
constexpr Handle MappingOfNamespace(Handle ns) { return static_cast<Handle>(kMaxOps + ns); }
constexpr bool IsNamespaceMapping(Handle mapping) { return mapping >= kMaxOps && mapping < 2 * kMaxOps; }
constexpr Handle NamespaceOfMapping(Handle mapping) { return static_cast<Handle>(mapping - kMaxOps); }

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_HOTPLUG_NVDIMM_H_
