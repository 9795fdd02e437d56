// SPDX-License-Identifier: Apache-2.0
// Bytes and variable-length numbers, read and written. Reading past the end gives zeros, so that every byte string can
// be read as anything.
#ifndef HPFUZZ_TRACE_BYTE_IO_H_
#define HPFUZZ_TRACE_BYTE_IO_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

inline constexpr unsigned kVarintBits = 7;
inline constexpr unsigned kVarintMore = 1U << kVarintBits;

class ByteReader {
 public:
  ByteReader(const uint8_t* data, size_t size) : at_(data), end_(data + size) {}
  bool done() const { return at_ == end_; }
  size_t left() const { return static_cast<size_t>(end_ - at_); }
  uint8_t Byte() { return at_ == end_ ? 0 : *at_++; }
  // The next byte either way, but steps over it only if it is there to be taken.
  uint8_t ByteIf(bool take) {
    if (at_ == end_) return 0;
    const uint8_t byte = *at_;
    at_ += take ? 1 : 0;
    return byte;
  }
  // Seven bits a byte, lowest first; bits beyond the 64th are dropped.
  uint64_t Varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += kVarintBits) {
      const uint8_t byte = Byte();
      value |= uint64_t{byte & (kVarintMore - 1)} << shift;
      if (byte < kVarintMore) break;
    }
    return value;
  }
  // Small numbers of either sign are short.
  uint64_t ZigZag() {
    const uint64_t value = Varint();
    return (value >> 1) ^ (~(value & 1) + 1);
  }

 private:
  const uint8_t* at_;
  const uint8_t* end_;
};

using Bytes = std::vector<uint8_t>;

inline void PutVarint(uint64_t value, Bytes* out) {
  for (; value >= kVarintMore; value >>= kVarintBits) out->push_back(static_cast<uint8_t>(value | kVarintMore));
  out->push_back(static_cast<uint8_t>(value));
}
constexpr uint64_t ZigZagOf(uint64_t value) { return value << 1 ^ (~(value >> 63) + 1); }
inline void PutZigZag(uint64_t value, Bytes* out) { PutVarint(ZigZagOf(value), out); }
inline unsigned VarintLength(uint64_t value) {
  unsigned length = 1;
  for (; value >= kVarintMore; value >>= kVarintBits) ++length;
  return length;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_BYTE_IO_H_
