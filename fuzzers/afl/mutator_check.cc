// SPDX-License-Identifier: Apache-2.0
// Test of a target's mutator library: loads it as afl-fuzz does and mutates every file of a directory. Each result must
// have from 1 to as many bytes as are allowed and lie in memory of the library, another seed must give other bytes, the
// same seed the same. Not covered: whether the mutations are good ones.
//
// usage: mutator_check LIBRARY DIRECTORY
#include <dlfcn.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

using Bytes = std::vector<uint8_t>;

constexpr size_t kMaxSize = 300;
constexpr int kRounds = 200;

struct Library {
  void* (*init)(void*, unsigned);
  size_t (*fuzz)(void*, uint8_t*, size_t, uint8_t**, uint8_t*, size_t, size_t);
  void (*deinit)(void*);
};

template <typename Function>
bool Find(void* library, const char* name, Function* function) {
  *function = reinterpret_cast<Function>(dlsym(library, name));
  if (*function == nullptr) std::fprintf(stderr, "%s\n", dlerror());
  return *function != nullptr;
}

// Everything that comes of the inputs, one after the other; nothing when a result breaks a rule.
Bytes MutateAll(const Library& library, const std::vector<Bytes>& inputs, unsigned seed) {
  Bytes all;
  void* const self = library.init(nullptr, seed);
  for (int round = 0; round < kRounds; ++round) {
    for (const Bytes& input : inputs) {
      Bytes data = input;
      Bytes other = inputs.front();
      uint8_t* out = nullptr;
      const size_t size = library.fuzz(self, data.data(), data.size(), &out, other.data(), other.size(), kMaxSize);
      if (size == 0 || size > kMaxSize || out == nullptr || data != input || other != inputs.front()) {
        std::fprintf(stderr, "a result of %zu bytes at %p, inputs %s\n", size, static_cast<void*>(out),
                     data == input ? "kept" : "changed");
        return {};
      }
      all.insert(all.end(), out, out + size);
    }
  }
  library.deinit(self);
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  void* const handle = dlopen(argv[1], RTLD_NOW);  // as afl-fuzz: nothing may be missing
  if (handle == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  Library library{};
  if (!Find(handle, "afl_custom_init", &library.init) || !Find(handle, "afl_custom_fuzz", &library.fuzz) ||
      !Find(handle, "afl_custom_deinit", &library.deinit)) {
    return 1;
  }
  std::vector<Bytes> inputs;
  for (const auto& entry : std::filesystem::directory_iterator(argv[2])) {
    std::ifstream file(entry.path(), std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    if (inputs.back().size() > kMaxSize) inputs.back().resize(kMaxSize);
  }
  std::sort(inputs.begin(), inputs.end());
  if (inputs.empty()) return 1;

  const Bytes first = MutateAll(library, inputs, 1);
  if (first.empty()) return 1;
  if (MutateAll(library, inputs, 1) != first) return std::fputs("the same seed gave other bytes\n", stderr), 1;
  if (MutateAll(library, inputs, 2) == first) return std::fputs("another seed gave the same bytes\n", stderr), 1;
  return 0;
}
