// SPDX-License-Identifier: Apache-2.0
// Registry: the implementations by name, each with the reference it is judged by. A new implementation is one folder,
// one factory and one row of the table in registry.cc.
#ifndef HPFUZZ_REGISTRY_REGISTRY_H_
#define HPFUZZ_REGISTRY_REGISTRY_H_

#include <memory>
#include <string_view>

#include "absl/types/span.h"
#include "hotplug/layer.h"
#include "oracle/lockstep.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct Implementation {
  std::string_view name;  // as traces and reports call it
  Side side;              // the generation it belongs to
  std::unique_ptr<HotplugLayer> (*make_layer)();
  std::unique_ptr<HotplugLayer> (*make_reference)();
};

absl::Span<const Implementation> Implementations();
// nullptr when there is none of that name.
const Implementation* FindImplementation(std::string_view name);

Party MakeParty(const Implementation& implementation);
// The pair that fuzz targets run: legacy and mainline-6.1.
Lockstep MakeDefaultLockstep();

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_REGISTRY_REGISTRY_H_
