// SPDX-License-Identifier: Apache-2.0
// ByHandle: what belongs to each mapping. Mappings of namespaces are numbered behind all others, so they have an array
// of their own: a trace that makes one must not pay for thousands of handles below it.
#ifndef HPFUZZ_ORACLE_REFERENCE_BY_HANDLE_H_
#define HPFUZZ_ORACLE_REFERENCE_BY_HANDLE_H_

#include <cstddef>
#include <vector>

#include "hotplug/nvdimm.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {

template <typename T>
class ByHandle {
 public:
  static constexpr bool CanHold(Handle handle) { return handle < 2 * kMaxOps; }

  void Clear() {
    plain_.clear();
    namespaces_.clear();
  }
  bool Has(Handle handle) const { return Place(handle) < Array(handle).size(); }
  // Requires Has().
  const T& operator[](Handle handle) const { return Array(handle)[Place(handle)]; }
  T& operator[](Handle handle) { return Array(handle)[Place(handle)]; }
  // Requires CanHold().
  T& Make(Handle handle) {
    if (!Has(handle)) Array(handle).resize(Place(handle) + 1);
    return (*this)[handle];
  }

 private:
  static size_t Place(Handle handle) { return IsNamespaceMapping(handle) ? NamespaceOfMapping(handle) : handle; }
  const std::vector<T>& Array(Handle handle) const { return IsNamespaceMapping(handle) ? namespaces_ : plain_; }
  std::vector<T>& Array(Handle handle) { return IsNamespaceMapping(handle) ? namespaces_ : plain_; }

  std::vector<T> plain_;
  std::vector<T> namespaces_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference

#endif  // HPFUZZ_ORACLE_REFERENCE_BY_HANDLE_H_
