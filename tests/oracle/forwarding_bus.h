// SPDX-License-Identifier: Apache-2.0
// An NvdimmBus that forwards everything to another one and lets a test bend answers, facts and media on the way.
#ifndef HPFUZZ_TESTS_ORACLE_FORWARDING_BUS_H_
#define HPFUZZ_TESTS_ORACLE_FORWARDING_BUS_H_

#include <functional>
#include <string_view>

#include "hotplug/nvdimm_bus.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// What to bend; what is empty stays as it is. What an operation did is not undone.
struct BusTwist {
  std::function<void(std::string_view operation, Answer&)> answer = {};  // by the name of the operation in traces
  std::function<void(NamespaceFacts&)> facts = {};
  std::function<void(MediaImage&)> image = {};    // as they are observed
  std::function<void(MediaImage&)> restore = {};  // as the next boot finds them
};

class ForwardingBus : public NvdimmBus {
 public:
  // Both outlive it.
  ForwardingBus(NvdimmBus* bus, const BusTwist* twist) : bus_(bus), twist_(twist) {}

  Answer AddRegion(Handle region, const RegionRequest& request) override {
    return Bent("region", bus_->AddRegion(region, request));
  }
  Answer NsCreate(Handle ns, const NsRequest& request) override {
    return Bent("ns_create", bus_->NsCreate(ns, request));
  }
  Answer NsEnable(Handle ns) override { return Bent("ns_enable", bus_->NsEnable(ns)); }
  Answer NsDisable(Handle ns) override { return Bent("ns_disable", bus_->NsDisable(ns)); }
  Answer NsDestroy(Handle ns) override { return Bent("ns_destroy", bus_->NsDestroy(ns)); }
  Answer NsRead(Handle ns, const NsAccess& access) override { return Bent("ns_read", bus_->NsRead(ns, access)); }
  Answer NsWrite(Handle ns, const NsAccess& access, uint8_t byte) override {
    return Bent("ns_write", bus_->NsWrite(ns, access, byte));
  }
  Answer DaxAccess(Handle ns, uint64_t offset) override { return Bent("dax_access", bus_->DaxAccess(ns, offset)); }
  Answer Corrupt(Handle ns, const Corruption& corruption) override {
    return Bent("corrupt", bus_->Corrupt(ns, corruption));
  }
  void Restore(const MediaImage& image, uint64_t delta) override {
    MediaImage bent = image;
    if (twist_->restore) twist_->restore(bent);
    bus_->Restore(bent, delta);
  }
  NamespaceFacts Namespace(Handle ns) const override {
    NamespaceFacts facts = bus_->Namespace(ns);
    if (twist_->facts) twist_->facts(facts);
    return facts;
  }
  PfnView Examine(Handle ns, const PfnSettings& settings) const override { return bus_->Examine(ns, settings); }
  void Image(MediaImage* image) const override {
    bus_->Image(image);
    if (twist_->image) twist_->image(*image);
  }

 private:
  Answer Bent(std::string_view operation, Answer answer) const {
    if (twist_->answer) twist_->answer(operation, answer);
    return answer;
  }

  NvdimmBus* bus_;
  const BusTwist* twist_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_ORACLE_FORWARDING_BUS_H_
