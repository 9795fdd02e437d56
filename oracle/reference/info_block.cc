// SPDX-License-Identifier: Apache-2.0
// InfoBlock: reading and writing.
#include "oracle/reference/info_block.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {
namespace {

using Page = MediaImage::Page;

// Byte offsets of the fields.
constexpr uint64_t kSignature = 0;
constexpr uint64_t kUuid = 16;
constexpr uint64_t kParent = 32;
constexpr uint64_t kMajor = 52;
constexpr uint64_t kMinor = 54;
constexpr uint64_t kDataoff = 56;
constexpr uint64_t kNpfns = 64;
constexpr uint64_t kMode = 72;
constexpr uint64_t kStartPad = 76;
constexpr uint64_t kEndTrunc = 80;
constexpr uint64_t kAlign = 84;
constexpr uint64_t kPageSizeField = 88;
constexpr uint64_t kPageStructSize = 92;

Signature SignatureText(const char (&text)[17]) {
  Signature signature;
  std::copy_n(text, signature.size(), signature.begin());
  return signature;
}

template <typename T>
void Get(const Page& page, uint64_t at, T* value) {
  uint64_t number = 0;
  for (unsigned i = 0; i < sizeof(T); ++i) number |= uint64_t{page[at + i]} << (8 * i);
  *value = static_cast<T>(number);
}

template <typename T>
void Put(Page* page, uint64_t at, T value) {
  PutNumber(page, at, sizeof(T), value);
}

template <typename Bytes>
void GetBytes(const Page& page, uint64_t at, Bytes* bytes) {
  std::copy_n(page.data() + at, bytes->size(), bytes->begin());
}

template <typename Bytes>
void PutBytes(Page* page, uint64_t at, const Bytes& bytes) {
  std::copy_n(bytes.begin(), bytes.size(), page->data() + at);
}

}  // namespace

const Signature& SignatureOf(Personality personality) {
  static const Signature kPfn = SignatureText("NVDIMM_PFN_INFO\0");
  static const Signature kDax = SignatureText("NVDIMM_DAX_INFO\0");
  return personality == Personality::kDax ? kDax : kPfn;
}

void PutNumber(Page* page, uint64_t at, unsigned count, uint64_t value) {
  for (unsigned i = 0; i < count; ++i) (*page)[at + i] = static_cast<uint8_t>(value >> (8 * i));
}

// Fletcher's sum over 32-bit words, the checksum itself counting as zero.
uint64_t RightChecksum(const Page& page) {
  uint32_t low = 0;
  uint32_t high = 0;
  for (uint64_t at = 0; at < page.size(); at += sizeof(uint32_t)) {
    uint32_t word = 0;
    if (at < kChecksumOffset) Get(page, at, &word);
    low += word;
    high += low;
  }
  return uint64_t{high} << 32 | low;
}

InfoBlock ReadInfoBlock(const Page& page) {
  InfoBlock block;
  GetBytes(page, kSignature, &block.signature);
  GetBytes(page, kUuid, &block.uuid);
  GetBytes(page, kParent, &block.parent);
  Get(page, kMajor, &block.major);
  Get(page, kMinor, &block.minor);
  Get(page, kDataoff, &block.dataoff);
  Get(page, kNpfns, &block.npfns);
  Get(page, kMode, &block.mode);
  Get(page, kStartPad, &block.start_pad);
  Get(page, kEndTrunc, &block.end_trunc);
  Get(page, kAlign, &block.align);
  Get(page, kPageSizeField, &block.page_size);
  Get(page, kPageStructSize, &block.page_struct_size);
  Get(page, kChecksumOffset, &block.checksum);
  return block;
}

Page WriteInfoBlock(const InfoBlock& block) {
  Page page{};
  PutBytes(&page, kSignature, block.signature);
  PutBytes(&page, kUuid, block.uuid);
  PutBytes(&page, kParent, block.parent);
  Put(&page, kMajor, block.major);
  Put(&page, kMinor, block.minor);
  Put(&page, kDataoff, block.dataoff);
  Put(&page, kNpfns, block.npfns);
  Put(&page, kMode, block.mode);
  Put(&page, kStartPad, block.start_pad);
  Put(&page, kEndTrunc, block.end_trunc);
  Put(&page, kAlign, block.align);
  Put(&page, kPageSizeField, block.page_size);
  Put(&page, kPageStructSize, block.page_struct_size);
  Put(&page, kChecksumOffset, RightChecksum(page));
  return page;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference
