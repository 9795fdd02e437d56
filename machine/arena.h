// SPDX-License-Identifier: Apache-2.0
// Arena: bump allocation that lasts until the next boot. Nothing is handed out twice within a run, because a reused
// slot would hide a stale pointer; what is dead is poisoned for AddressSanitizer instead.
#ifndef HPFUZZ_MACHINE_ARENA_H_
#define HPFUZZ_MACHINE_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define HPFUZZ_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HPFUZZ_ASAN 1
#endif
#endif
#if defined(HPFUZZ_ASAN)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

#include "hotplug/attributes.h"
#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() {
    for (auto& block : blocks_) ASAN_UNPOISON_MEMORY_REGION(block.get(), kBlockSize);
  }

  // An uninitialised array of `count` trivial objects; at most kBlockSize bytes, 8-byte aligned.
  template <typename T>
  T* New(size_t count = 1) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kGrain);
    const size_t size = (count * sizeof(T) + kGrain - 1) & ~(kGrain - 1);
    if (offset_ + size > open_) Open(size);
    std::byte* place = base_ + offset_;
    offset_ += size;
    return reinterpret_cast<T*>(place);
  }

  // Declares an array of New() dead: touching it again is a sanitizer finding.
  template <typename T>
  static void Retire(T* array, size_t count = 1) {
    ASAN_POISON_MEMORY_REGION(array, (count * sizeof(T) + kGrain - 1) & ~(kGrain - 1));
  }

  HPFUZZ_UNCOVERED void Reset() {
    for (size_t i = 0; i < used_; ++i) {
      ASAN_POISON_MEMORY_REGION(blocks_[i].get(), i + 1 == used_ ? open_ : kBlockSize);
    }
    used_ = 0;
    offset_ = 0;
    open_ = 0;
  }

 private:
  static constexpr size_t kGrain = 8;  // what AddressSanitizer can poison separately
  static constexpr size_t kBlockSize = size_t{1} << 18;

  // What is handed out next is unpoisoned in strides: telling AddressSanitizer costs more than the allocation.
  static constexpr size_t kStride = 4096;

  HPFUZZ_UNCOVERED void Open(size_t size) {
    if (used_ == 0 || offset_ + size > kBlockSize) {
      if (used_ != 0) ASAN_POISON_MEMORY_REGION(base_ + offset_, open_ - offset_);
      if (used_ == blocks_.size()) {
        // Not zeroed: what nobody uses costs address space only.
        blocks_.emplace_back(new std::byte[kBlockSize]);
        ASAN_POISON_MEMORY_REGION(blocks_.back().get(), kBlockSize);
      }
      base_ = blocks_[used_++].get();
      offset_ = 0;
      open_ = 0;
    }
    const size_t end = std::min((offset_ + size + kStride - 1) & ~(kStride - 1), kBlockSize);
    ASAN_UNPOISON_MEMORY_REGION(base_ + open_, end - open_);
    open_ = end;
  }

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  size_t used_ = 0;            // blocks of this run, the last of them being filled
  std::byte* base_ = nullptr;  // that block
  size_t offset_ = 0;          // the next allocation in it
  size_t open_ = 0;            // unpoisoned up to here
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_ARENA_H_
