// SPDX-License-Identifier: Apache-2.0
// KeptVector: a std::vector that is cleared and filled again run after run and keeps its memory. Whether it must grow,
// and whether there is something to clear, depends on earlier runs: no engine counts it, or one input would look like
// several.
#ifndef HPFUZZ_MACHINE_KEPT_VECTOR_H_
#define HPFUZZ_MACHINE_KEPT_VECTOR_H_

#include <utility>
#include <vector>

#include "hotplug/attributes.h"
#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

template <typename T>
class KeptVector : private std::vector<T> {
  using Base = std::vector<T>;

 public:
  using Base::back;
  using Base::begin;
  using Base::empty;
  using Base::end;
  using Base::erase;
  using Base::pop_back;
  using Base::size;
  using typename Base::const_iterator;
  using typename Base::iterator;
  using Base::operator[];

  HPFUZZ_UNCOVERED void clear() { Base::clear(); }
  HPFUZZ_UNCOVERED void push_back(T value) { Base::push_back(std::move(value)); }
  HPFUZZ_UNCOVERED iterator insert(const_iterator at, T value) { return Base::insert(at, std::move(value)); }
  HPFUZZ_UNCOVERED void insert(const_iterator at, const T* first, const T* last) { Base::insert(at, first, last); }
  // At least `size` elements; new ones are value-initialised. Grows by more, as it will be asked again.
  HPFUZZ_UNCOVERED void MakeRoom(size_t size) {
    if (size > Base::size()) Base::resize(2 * size);
  }
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_KEPT_VECTOR_H_
