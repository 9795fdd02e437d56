// SPDX-License-Identifier: Apache-2.0
// Names of mappings, resources, regions and namespaces in trace text.
#ifndef HPFUZZ_TRACE_NAMES_H_
#define HPFUZZ_TRACE_NAMES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

inline constexpr size_t kMaxNameBytes = 64;
// Letters, digits, `_` and `.`, not starting with a digit or a dot, at most kMaxNameBytes, and none of the words of an
// answer.
bool IsName(absl::string_view word);

enum class NameKind { kMapping, kResource, kRegion, kNamespace };
inline constexpr unsigned kNameKinds = 4;
// For handles without a name: a, b, .. z, aa, .. for mappings; r0, r1, .. for resources; p0, .. for regions; n0, .. for
// namespaces.
std::string GeneratedName(NameKind kind, Handle handle);
std::string NameOf(NameKind kind, Handle handle, absl::Span<const std::string> names);
// The mapping of a namespace is that namespace's name behind this.
inline constexpr absl::string_view kNamespaceMapping = "ns:";
// The inverse; what `names` gives to a later handle hides an earlier one.
std::optional<Handle> HandleOf(NameKind kind, absl::string_view word, absl::Span<const std::string> names);

// The names defined so far in one text. A name defined again stands for the new handle from there on.
class NameScope {
 public:
  Handle Define(absl::string_view name);
  std::optional<Handle> Find(absl::string_view name) const;
  std::vector<std::string> Release() { return std::move(by_handle_); }

 private:
  std::vector<std::string> by_handle_;
  absl::btree_map<std::string, Handle> latest_;  // hash tables are salted: parsing would differ from run to run
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_NAMES_H_
