// SPDX-License-Identifier: Apache-2.0
// The operators that count. All forms in use are here, those for over-aligned types apart: a sanitizer's own forms do
// not forward to each other and would take ours for a mismatch.
#include "bench/counting_new.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<uint64_t> bytes_held{0};
std::atomic<uint64_t> calls_made{0};

void* Count(void* memory) {
  bytes_held.fetch_add(malloc_usable_size(memory), std::memory_order_relaxed);
  calls_made.fetch_add(1, std::memory_order_relaxed);
  return memory;
}

void* Get(size_t size) {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return Count(memory);
}

void Give(void* memory) {
  bytes_held.fetch_sub(malloc_usable_size(memory), std::memory_order_relaxed);
  std::free(memory);
}

}  // namespace

namespace hpfuzz {

Allocated AllocatedNow() { return {bytes_held.load(), calls_made.load()}; }

}  // namespace hpfuzz

void* operator new(size_t size) { return Get(size); }
void* operator new[](size_t size) { return Get(size); }
void* operator new(size_t size, const std::nothrow_t& /*tag*/) noexcept { return Get(size); }
void* operator new[](size_t size, const std::nothrow_t& /*tag*/) noexcept { return Get(size); }
void operator delete(void* memory) noexcept { Give(memory); }
void operator delete[](void* memory) noexcept { Give(memory); }
void operator delete(void* memory, size_t /*size*/) noexcept { Give(memory); }
void operator delete[](void* memory, size_t /*size*/) noexcept { Give(memory); }
void operator delete(void* memory, const std::nothrow_t& /*tag*/) noexcept { Give(memory); }
void operator delete[](void* memory, const std::nothrow_t& /*tag*/) noexcept { Give(memory); }
