// SPDX-License-Identifier: Apache-2.0
// Arena: bump allocation that lasts until the next boot. Nothing is handed out twice within a run, because a reused slot
// would hide a stale pointer; what is dead is poisoned for AddressSanitizer instead.
#ifndef HPFUZZ_MACHINE_ARENA_H_
#define HPFUZZ_MACHINE_ARENA_H_

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
    if (block_ == blocks_.size() || offset_ + size > kBlockSize) NextBlock();
    std::byte* place = blocks_[block_].get() + offset_;
    offset_ += size;
    ASAN_UNPOISON_MEMORY_REGION(place, size);
    return reinterpret_cast<T*>(place);
  }

  // Declares an array of New() dead: touching it again is a sanitizer finding.
  template <typename T>
  static void Retire(T* array, size_t count = 1) {
    ASAN_POISON_MEMORY_REGION(array, (count * sizeof(T) + kGrain - 1) & ~(kGrain - 1));
  }

  HPFUZZ_UNCOVERED void Reset() {
    for (size_t i = 0; i < blocks_.size() && i <= block_; ++i) {
      ASAN_POISON_MEMORY_REGION(blocks_[i].get(), i == block_ ? offset_ : kBlockSize);
    }
    block_ = 0;
    offset_ = 0;
  }

 private:
  static constexpr size_t kGrain = 8;  // what AddressSanitizer can poison separately
  static constexpr size_t kBlockSize = size_t{1} << 18;

  HPFUZZ_UNCOVERED void NextBlock() {
    if (block_ != blocks_.size()) ++block_;
    if (block_ == blocks_.size()) {
      blocks_.push_back(std::make_unique<std::byte[]>(kBlockSize));
      ASAN_POISON_MEMORY_REGION(blocks_.back().get(), kBlockSize);
    }
    offset_ = 0;
  }

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  size_t block_ = 0;
  size_t offset_ = 0;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_ARENA_H_
