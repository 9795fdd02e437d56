// SPDX-License-Identifier: Apache-2.0
// NvdimmBusModel: the NVDIMMs of a reference machine: regions, labels, media and what is bound to each namespace. What
// kernels see differently comes from its NvdimmRules; struct pages and resources are those of the layer around it.
//
// Choices where no document says: a handle that is in use answers -EBUSY, one that no trace can have kNone. An info
// block on an unspecified page is all zeroes, and so is one beyond the end of the region, where none can be written.
#ifndef HPFUZZ_ORACLE_REFERENCE_NVDIMM_BUS_MODEL_H_
#define HPFUZZ_ORACLE_REFERENCE_NVDIMM_BUS_MODEL_H_

#include <cstdint>
#include <vector>

#include "hotplug/layer.h"
#include "oracle/reference/nvdimm_media.h"
#include "oracle/reference/nvdimm_rules.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {

class NvdimmBusModel final : public NvdimmBus {
 public:
  // Whether the release of a mapping of that layer waits for a pinned page.
  using IsReleasing = bool (*)(const HotplugLayer& layer, Handle mapping);

  NvdimmBusModel(HotplugLayer& layer, const NvdimmRules& rules, IsReleasing is_releasing)
      : layer_(layer), rules_(rules), is_releasing_(is_releasing) {}

  // No regions, on a machine that was booted with `map`.
  void Boot(const FirmwareMap& map);

  Answer AddRegion(Handle region, const RegionRequest& request) override;
  Answer NsCreate(Handle ns, const NsRequest& request) override;
  Answer NsEnable(Handle ns) override;
  Answer NsDisable(Handle ns) override;
  Answer NsDestroy(Handle ns) override;
  Answer NsRead(Handle ns, const NsAccess& access) override;
  Answer NsWrite(Handle ns, const NsAccess& access, uint8_t byte) override;
  Answer DaxAccess(Handle ns, uint64_t offset) override;
  Answer Corrupt(Handle ns, const Corruption& corruption) override;
  void Restore(const MediaImage& image, uint64_t delta) override;
  NamespaceFacts Namespace(Handle ns) const override;
  PfnView Examine(Handle ns, const PfnSettings& settings) const override;
  void Image(MediaImage* image) const override;

 private:
  struct Region {
    Handle handle = kNoHandle;
    RegionRequest request;
    bool present = false;  // in this boot
    Media media;
    PhysRange range() const { return request.range; }
  };
  struct Device {
    Handle handle = kNoHandle;
    MediaImage::Label label;
    Disposition disposition = Disposition::kIdle;
    int16_t attach = 0;
    PfnSettings settings;  // of the pfn or dax device over it
    PfnView pfn;

    uint64_t size() const { return label.size; }
    bool failed() const { return disposition == Disposition::kPfnFailed || disposition == Disposition::kDaxFailed; }
    bool bound() const { return disposition != Disposition::kIdle && !failed(); }
    uint64_t Capacity() const;
  };
  // Bytes [first, end) of a region.
  struct Part {
    uint64_t first = 0;
    uint64_t end = 0;
  };

  Region* FindRegion(Handle handle);
  const Region* FindRegion(Handle handle) const { return const_cast<NvdimmBusModel*>(this)->FindRegion(handle); }
  // Null too where the region is not there in this boot.
  Device* Find(Handle ns);
  const Device* Find(Handle ns) const { return const_cast<NvdimmBusModel*>(this)->Find(ns); }
  Region& RegionOf(const Device& ns) { return *FindRegion(ns.label.region); }
  const Region& RegionOf(const Device& ns) const { return *FindRegion(ns.label.region); }
  PhysRange RangeOf(const Device& ns) const { return {RegionOf(ns).range().start + ns.label.offset, ns.size()}; }
  bool Pending(Handle ns) const { return is_releasing_(layer_, MappingOfNamespace(ns)); }

  // The media as a machine has them; 0 or what AddRegion() answers.
  Answer Plug(Handle handle, const RegionRequest& request);
  Answer ReplaceLabel(const NsRequest& request);

  // What a kernel does with the block; each returns 0 or a negated errno.
  Evidence Look(const Device& ns, const PfnSettings& settings) const;
  int Validate(const Evidence& evidence) const;
  int SetUp(Device& ns);
  int WriteBlock(Device& ns, InfoBlock* block);
  int Arrange(const Device& ns, const PfnSettings& settings, const InfoBlock& block, PfnView* view) const;
  bool Crowded(Handle region, PhysRange range) const;
  // SetUp(), then the mapping. `disposition` is what is left when the former fails.
  Answer Bind(Device& ns, Disposition unless_set_up);

  // Where the bytes of an access lie, or the answer to one that is refused.
  bool Locate(const Device* ns, const NsAccess& access, Part* part, Answer* refusal) const;
  bool RefusesDax(const Device& ns) const;
  // From the start of the namespace to what its user sees as byte 0.
  static uint64_t DataOffset(const Device& ns, bool dax);

  HotplugLayer& layer_;
  const NvdimmRules& rules_;
  const IsReleasing is_releasing_;
  const FirmwareMap* map_ = nullptr;
  std::vector<Region> regions_;     // by ascending handle
  std::vector<Device> namespaces_;  // likewise
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference

#endif  // HPFUZZ_ORACLE_REFERENCE_NVDIMM_BUS_MODEL_H_
