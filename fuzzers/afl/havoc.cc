// SPDX-License-Identifier: Apache-2.0
// The mutations that every byte fuzzer knows. Not covered: dictionaries and splicing, which AFL++ does itself.
#include "fuzzers/afl/havoc.h"

#include <algorithm>
#include <cstring>

#include "trace/rng.h"

namespace {

constexpr size_t kMostChanges = 8;
constexpr size_t kLongestBlock = 32;
constexpr uint64_t kLargestStep = 16;
constexpr uint8_t kEdges[] = {0x00, 0x01, 0x0f, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0xfe, 0xff};

hpfuzz::Rng rng(0);

// The bytes between 1 and max_size long; every change takes and leaves at least one.
struct Bytes {
  uint8_t* data;
  size_t size;
  size_t max_size;

  size_t Place() const { return rng.Below(size); }
  size_t Block(size_t most) const { return rng.Between(1, std::min(most, kLongestBlock)); }
};

void FlipBit(Bytes& bytes) { bytes.data[bytes.Place()] ^= static_cast<uint8_t>(1u << rng.Below(8)); }
void SetByte(Bytes& bytes) { bytes.data[bytes.Place()] = static_cast<uint8_t>(rng.Next()); }
void SetEdge(Bytes& bytes) { bytes.data[bytes.Place()] = kEdges[rng.Below(std::size(kEdges))]; }

// Counts up or down in 1, 2, 4 or 8 bytes, least or most significant first.
void Step(Bytes& bytes) {
  size_t width = size_t{1} << rng.Below(4);
  while (width > bytes.size) width /= 2;
  uint8_t* const field = bytes.data + rng.Below(bytes.size - width + 1);
  const bool big = rng.Below(2) != 0;
  const uint64_t step = rng.Between(1, kLargestStep);
  uint64_t sum = rng.Below(2) != 0 ? step : uint64_t{0} - step;
  for (size_t i = 0; i < width; ++i) {
    const size_t at = big ? width - 1 - i : i;
    sum += field[at];
    field[at] = static_cast<uint8_t>(sum);
    // An arithmetic shift: what is borrowed stays negative.
    sum = static_cast<uint64_t>(static_cast<int64_t>(sum) >> 8);
  }
}

void Erase(Bytes& bytes) {
  if (bytes.size == 1) return;
  const size_t length = bytes.Block(bytes.size - 1);
  const size_t at = rng.Below(bytes.size - length + 1);
  std::memmove(bytes.data + at, bytes.data + at + length, bytes.size - at - length);
  bytes.size -= length;
}

// Makes room for a block and returns where; 0 bytes when there is no room.
size_t Insert(Bytes& bytes, size_t* at) {
  if (bytes.size == bytes.max_size) return 0;
  const size_t length = bytes.Block(std::min(bytes.size, bytes.max_size - bytes.size));
  *at = rng.Below(bytes.size + 1);
  std::memmove(bytes.data + *at + length, bytes.data + *at, bytes.size - *at);
  bytes.size += length;
  return length;
}

void InsertRandom(Bytes& bytes) {
  size_t at = 0;
  const size_t length = Insert(bytes, &at);
  for (size_t i = 0; i < length; ++i) bytes.data[at + i] = static_cast<uint8_t>(rng.Next());
}

void InsertCopy(Bytes& bytes) {
  uint8_t block[kLongestBlock];
  const size_t most = std::min(bytes.size, kLongestBlock);
  const size_t from = rng.Below(bytes.size - most + 1);
  std::memcpy(block, bytes.data + from, most);
  size_t at = 0;
  const size_t length = Insert(bytes, &at);
  std::memcpy(bytes.data + at, block, length);
}

void Overwrite(Bytes& bytes) {
  const size_t length = bytes.Block(bytes.size);
  const size_t from = rng.Below(bytes.size - length + 1);
  const size_t to = rng.Below(bytes.size - length + 1);
  std::memmove(bytes.data + to, bytes.data + from, length);
}

constexpr void (*kChanges[])(Bytes&) = {FlipBit, SetByte, SetEdge, Step, Erase, InsertRandom, InsertCopy, Overwrite};

}  // namespace

void SeedHavoc(uint64_t seed) { rng = hpfuzz::Rng(seed); }

uint32_t HavocNumber() { return static_cast<uint32_t>(rng.Next() >> 32); }

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size) {
  if (max_size == 0) return 0;
  if (size == 0) data[0] = 0;
  Bytes bytes{data, std::max<size_t>(size, 1), max_size};
  for (uint64_t changes = rng.Between(1, kMostChanges); changes > 0; --changes) {
    kChanges[rng.Below(std::size(kChanges))](bytes);
  }
  return bytes.size;
}
