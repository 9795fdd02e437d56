// SPDX-License-Identifier: Apache-2.0
// A machine without NVDIMMs.
#include "hotplug/layer.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

class NoNvdimms final : public NvdimmBus {
 public:
  Answer AddRegion(Handle, const RegionRequest&) override { return None(); }
  Answer NsCreate(Handle, const NsRequest&) override { return None(); }
  Answer NsEnable(Handle) override { return None(); }
  Answer NsDisable(Handle) override { return None(); }
  Answer NsDestroy(Handle) override { return None(); }
  Answer NsRead(Handle, const NsAccess&) override { return None(); }
  Answer NsWrite(Handle, const NsAccess&, uint8_t) override { return None(); }
  Answer DaxAccess(Handle, uint64_t) override { return None(); }
  Answer Corrupt(Handle, const Corruption&) override { return None(); }
  void Restore(const MediaImage&, uint64_t) override {}
  NamespaceFacts Namespace(Handle) const override { return {}; }
  PfnView Examine(Handle, const PfnSettings&) const override { return {}; }
  void Image(MediaImage* image) const override { *image = {}; }

 private:
  static Answer None() { return Answer::Of(Answer::Kind::kNone); }
};

}  // namespace

NvdimmBus& HotplugLayer::Nvdimm() {
  static NoNvdimms none;
  return none;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
