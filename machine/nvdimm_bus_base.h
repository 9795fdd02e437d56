// SPDX-License-Identifier: Apache-2.0
// NvdimmBusBase: what libnvdimm of every generation has in common: which operation is possible in which state of a
// namespace, what follows on what, and where the bytes of a user lie. What a kernel decides is left to its own room:
// the virtual functions at the end.
//
// Not covered: BTT, bad blocks, request_mem_region of a namespace, the order in which devices of a bus come up.
#ifndef HPFUZZ_MACHINE_NVDIMM_BUS_BASE_H_
#define HPFUZZ_MACHINE_NVDIMM_BUS_BASE_H_

#include <cstdint>
#include <vector>

#include "hotplug/firmware_map.h"
#include "hotplug/layer.h"
#include "hotplug/nvdimm_bus.h"
#include "machine/info_block.h"
#include "machine/kept_vector.h"
#include "machine/nvdimm_regions.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// struct nd_pfn: a pfn or dax device over a namespace, bound or only probed for.
struct NdPfn {
  NdNamespace ns;
  PfnSettings live;  // personality kPfn or kDax
  InfoBlock sb;      // as it is used: after the fix-ups in memory
};

class NvdimmBusBase : public NvdimmBus {
 public:
  explicit NvdimmBusBase(HotplugLayer& layer) : layer_(layer) {}

  // At every Boot(). `map` must outlive the machine.
  void Boot(const FirmwareMap& map);

  Answer AddRegion(Handle region, const RegionRequest& request) final;
  Answer NsCreate(Handle ns, const NsRequest& request) final;
  Answer NsEnable(Handle ns) final;
  Answer NsDisable(Handle ns) final;
  Answer NsDestroy(Handle ns) final;
  Answer NsRead(Handle ns, const NsAccess& access) final;
  Answer NsWrite(Handle ns, const NsAccess& access, uint8_t byte) final;
  Answer DaxAccess(Handle ns, uint64_t offset) final;
  Answer Corrupt(Handle ns, const Corruption& corruption) final;
  void Restore(const MediaImage& image, uint64_t delta) final;
  NamespaceFacts Namespace(Handle ns) const final;
  PfnView Examine(Handle ns, const PfnSettings& settings) const final;
  void Image(MediaImage* image) const final;

 protected:
  const NvdimmRegions& regions() const { return regions_; }

 private:
  // What this boot knows of a namespace; of one without a record it is idle.
  struct Record {
    Handle handle = kNoHandle;
    bool releasing = false;  // its mapping waited for a pinned page when it was last looked at
    NamespaceFacts facts;    // `disposition` is kIdle or more
    PfnSettings live;        // of the device that claimed it
  };

  const Record* FindRecord(Handle ns) const;
  Record& RecordOf(Handle ns);
  void Forget(Handle ns);
  bool Releasing(const Record* record) const {
    return record != nullptr && record->releasing && MappingExists(MappingOfNamespace(record->handle));
  }
  bool Idle(const Record* record) const;

  bool InsertRegion(Handle handle, const RegionRequest& request);
  int MakeRoom(const NsRequest& request);
  int SetUp(NdPfn& pfn, PfnView* view) const;
  Answer Bind(Record& record, NdPfn& pfn, Disposition on_failure);
  Answer Attach(Record& record, const NdPfn& pfn);
  Answer EnableIdle(Record& record, const NdNamespace& ns);
  // Where the bytes of `access` lie on the media of its region. A kValue of 0, or why there are none.
  Answer Locate(Handle ns, const NsAccess& access, NdNamespace* where, uint64_t* offset);

  // --- What the kernel of a generation decides.

  // nd_pfn_validate: reads the block into `pfn.sb` and, while no uuid is set, takes the live settings from it.
  virtual int Validate(NdPfn& pfn) const = 0;
  // nd_pfn_init behind -ENODEV: makes a new block of the live settings in `pfn.sb`, or answers a negated errno.
  virtual int Init(NdPfn& pfn) const = 0;
  // __nvdimm_setup_pfn of a block that is right: range, altmap and live npfns.
  virtual int SetUpRange(const NdPfn& pfn, PfnView* view) const = 0;
  // Whether a probe that answers this ends without any device over the namespace; else it goes on.
  virtual bool ProbeEnds(int validated) const = 0;
  // Whether a file system on this pfn device cannot be mounted with dax.
  virtual bool RefusesDaxMount(const PfnView& view) const = 0;
  // Whether the mapping is live or still waits for a pinned page.
  virtual bool MappingExists(Handle mapping) const = 0;

  HotplugLayer& layer_;
  const FirmwareMap* map_ = nullptr;
  NvdimmRegions regions_;
  KeptVector<Record> records_;  // ascending by handle
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_NVDIMM_BUS_BASE_H_
