// SPDX-License-Identifier: Apache-2.0
// SHA-1, in the words of FIPS 180-4.
#include "files/sha1.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"

namespace hpfuzz {
namespace {

using State = std::array<uint32_t, 5>;

constexpr size_t kBlockBytes = 64;

void AddBlock(absl::string_view block, State* state) {
  std::array<uint32_t, 80> w = {};
  for (size_t i = 0; i < kBlockBytes; ++i) w[i / 4] = w[i / 4] << 8 | static_cast<uint8_t>(block[i]);
  for (size_t t = 16; t < w.size(); ++t) w[t] = std::rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
  auto [a, b, c, d, e] = *state;
  for (size_t t = 0; t < w.size(); ++t) {
    const uint32_t f = t < 20 ? (b & c) ^ (~b & d) : t < 40 || t >= 60 ? b ^ c ^ d : (b & c) ^ (b & d) ^ (c & d);
    const uint32_t k = t < 20 ? 0x5a827999 : t < 40 ? 0x6ed9eba1 : t < 60 ? 0x8f1bbcdc : 0xca62c1d6;
    const uint32_t next = std::rotl(a, 5) + f + e + k + w[t];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  const State added = {a, b, c, d, e};
  for (size_t i = 0; i < added.size(); ++i) (*state)[i] += added[i];
}

}  // namespace

std::string Sha1(absl::string_view bytes) {
  State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  std::string padded(bytes.substr(bytes.size() / kBlockBytes * kBlockBytes));
  padded += '\x80';
  while (padded.size() % kBlockBytes != kBlockBytes - 8) padded += '\0';
  for (int shift = 56; shift >= 0; shift -= 8) padded += static_cast<char>(uint64_t{bytes.size()} * 8 >> shift & 0xff);
  for (; bytes.size() >= kBlockBytes; bytes.remove_prefix(kBlockBytes)) AddBlock(bytes.substr(0, kBlockBytes), &state);
  for (size_t at = 0; at < padded.size(); at += kBlockBytes) {
    AddBlock(absl::string_view(padded).substr(at, kBlockBytes), &state);
  }
  std::string digits;
  for (const uint32_t word : state) absl::StrAppend(&digits, absl::Hex(word, absl::kZeroPad8));
  return digits;
}

}  // namespace hpfuzz
