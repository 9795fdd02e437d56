// SPDX-License-Identifier: Apache-2.0
// NvdimmBus: libnvdimm of one Linux generation, over the memory-hotplug layer of the same machine. Layers and
// references both have one; nobody above this interface knows which.
//
// What stands here is the same in every generation: what the hardware and ndctl do. What the kernels do (create,
// validate, pad, map, which pfn direct_access names) is theirs.
#ifndef HPFUZZ_HOTPLUG_NVDIMM_BUS_H_
#define HPFUZZ_HOTPLUG_NVDIMM_BUS_H_

#include <cstdint>

#include "hotplug/answer.h"
#include "hotplug/nvdimm.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class NvdimmBus {
 public:
  virtual ~NvdimmBus() = default;

  // --- Operations. Those that map or release answer what devm_memremap_pages and its release answered (warnings,
  // altmap counters, a stop), with mapping MappingOfNamespace(ns).

  // A region of media of zeroes. -EINVAL: not whole pages, empty, wraps, or reaches past what the section table or the
  // resource tree can name. -EBUSY: overlaps another region or RAM of the firmware map, or, if it is to be visible and
  // does not lie inside a `pmem` range of the firmware map, its resource cannot be inserted (as InsertResource).
  virtual Answer AddRegion(Handle region, const RegionRequest& request) = 0;

  // A label, then (ndctl create-namespace) the device over it. `ns` was never used before. kNone: the region is not
  // there. -EINVAL: offset or size are not whole pages, size is 0, or it reaches past the region. A label of exactly
  // that range that is idle is replaced, with its handle, and its media stay; -EBUSY: any other label overlaps.
  // Personality kRaw: a block device over all of it, whatever the media hold (force_raw). Else: nvdimm_setup_pfn with
  // the settings, which may write a block, then the mapping. When either fails the label stays: idle if setup failed,
  // else kPfnFailed or kDaxFailed.
  virtual Answer NsCreate(Handle ns, const NsRequest& request) = 0;

  // The namespace driver is bound: probes for a pfn, then for a dax device; what is found claims the namespace and is
  // set up and mapped, else a raw block device. kNone: no such namespace. kAlready: kRaw, kPfn or kDax. kPending: a
  // mapping of it still waits for a pinned page. In kPfnFailed and kDaxFailed that device is bound once more.
  virtual Answer NsEnable(Handle ns) = 0;

  // kNone: no such namespace. kAlready: idle. kPending: waits for a pinned page; the namespace is idle to the eye, and
  // cannot be enabled, created anew or destroyed, until the last unpin completes it.
  virtual Answer NsDisable(Handle ns) = 0;

  // Removes the label of an idle namespace, else -EBUSY (pending too). A block that begins with the signature of a pfn
  // or dax device is overwritten with zeroes first; -EPERM, and nothing happens, when the region is read-only then.
  virtual Answer NsDestroy(Handle ns) = 0;

  // What the user reads. kNone: absent, idle, failed; or a block device asked of a dax device. -EINVAL: length 0, or it
  // reaches past the capacity; `dax` on a raw block device; `dax` where this kernel refuses to mount with it. -EIO: the
  // media cannot be read. kData: Answer::value is the byte that all of it holds, kDataMixed, or kDataUnspecified when
  // any byte is, and Answer::detail is then 0, else DataHash() of the bytes.
  virtual Answer NsRead(Handle ns, const NsAccess& access) = 0;
  // The user writes `byte` all over it: 0, or as NsRead; -EPERM: the region is read-only (after -EINVAL). A page that
  // is unspecified stays so unless all of it is written.
  virtual Answer NsWrite(Handle ns, const NsAccess& access, uint8_t byte) = 0;

  // direct_access of the page with byte `offset` of what the user sees: kDax with Answer::detail the pfn, and
  // Answer::value 0, or -EINVAL where this kernel refuses to mount with dax. kNone: as NsRead with dax. -EINVAL: raw;
  // -ERANGE: beyond the capacity.
  virtual Answer DaxAccess(Handle ns, uint64_t offset) = 0;

  // Writes to the media of a namespace in any state, read-only or not. kNone: no such namespace. -EINVAL: length 0 or
  // past its end, or `sealed` and it ends before its info block does. Unspecified pages: as NsWrite.
  virtual Answer Corrupt(Handle ns, const Corruption& corruption) = 0;

  // --- Reboot.

  // After HotplugLayer::Boot(), which forgets everything: the regions of `image`, their start moved by `delta` (modulo
  // 2^64), in the order of their handles as by AddRegion(); one that is refused is not there in this boot, but is in
  // the next Image(), moved. Labels and media as they were; every namespace is idle.
  virtual void Restore(const MediaImage& image, uint64_t delta) = 0;

  // --- Observation; changes nothing.

  virtual NamespaceFacts Namespace(Handle ns) const = 0;
  // nd_pfn_validate on the media of a namespace as they are, with these settings, and nothing done about it; then, of a
  // block that is right, what nvdimm_setup_pfn would map. `wrote` stays false.
  virtual PfnView Examine(Handle ns, const PfnSettings& settings) const = 0;
  virtual void Image(MediaImage* image) const = 0;
};

// How an answer carries data that are not all the same: FNV-1a, 64 bits, over each maximal run of equal bytes in turn,
// its byte and then its length as eight bytes, lowest first.
inline constexpr uint64_t kDataHashStart = 0xcbf29ce484222325;
constexpr uint64_t DataHash(uint64_t hash, uint8_t byte, uint64_t length) {
  constexpr uint64_t kPrime = 0x100000001b3;
  hash = (hash ^ byte) * kPrime;
  for (unsigned shift = 0; shift < 64; shift += 8) hash = (hash ^ (length >> shift & 0xff)) * kPrime;
  return hash;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_HOTPLUG_NVDIMM_BUS_H_
