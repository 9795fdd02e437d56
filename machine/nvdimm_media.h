// SPDX-License-Identifier: Apache-2.0
// NvdimmMedia: the bytes of one region, kept as runs of pages. Nothing costs more than the runs it touches, however
// many bytes they are. Not covered: which bytes there are, and who may read or write them (nvdimm_regions.h).
#ifndef HPFUZZ_MACHINE_NVDIMM_MEDIA_H_
#define HPFUZZ_MACHINE_NVDIMM_MEDIA_H_

#include <cstddef>
#include <cstdint>

#include "hotplug/answer.h"
#include "hotplug/nvdimm.h"
#include "machine/kept_vector.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Offsets and lengths are bytes and below 2^63; where an argument reaches past the end of the region is the caller's
// business: media have no end of their own.
class NvdimmMedia {
 public:
  // A page of which some byte is unspecified is unspecified as a whole. It stays so until all of it is written.
  static constexpr uint16_t kUnspecified = MediaImage::kUnspecified;

  void Fill(uint64_t offset, uint64_t length, uint8_t byte);
  // Pages [first, first + pages).
  void MakeUnspecified(uint64_t first, uint64_t pages) { Replace(first, first + pages, kUnspecified, 0); }
  void Write(uint64_t offset, const uint8_t* bytes, size_t length);

  // False when any of the bytes is unspecified; such a byte reads as 0.
  bool Read(uint64_t offset, uint8_t* bytes, size_t length) const;
  // A kData answer: the byte that all `length` > 0 of them hold, or kDataMixed with the hash, or kDataUnspecified.
  Answer Summary(uint64_t offset, uint64_t length) const;

  // Adds runs and pages to `image`, whose Literal indices go on from what is there.
  HPFUZZ_UNCOVERED void AppendTo(Handle region, MediaImage* image) const;
  // Most pages with bytes of their own that there were at once.
  size_t peak_pages() const { return pool_.size(); }
  // Takes over one run of `image`; whatever the numbers in it, nothing is read from outside.
  void Restore(const MediaImage& image, const MediaImage::Run& run);

 private:
  using Page = MediaImage::Page;
  static constexpr uint16_t kLiteral = MediaImage::kLiteral;

  // Pages [first, end) hold `fill`. Runs ascend, no two neighbours could be one, none holds zeroes, and no page of
  // kLiteral holds one byte all over: the canonical form of MediaImage at any time.
  struct Run {
    uint64_t first;
    uint64_t end;
    uint16_t fill;
    uint32_t page;  // index in `pool_` when kLiteral, else 0
  };

  // What one page holds: `literal` when kLiteral.
  struct Content {
    uint16_t fill = 0;
    const Page* literal = nullptr;
  };

  size_t FirstEndingAfter(uint64_t page) const;
  Content At(uint64_t page) const;
  void Replace(uint64_t first, uint64_t end, uint16_t fill, uint32_t page);
  void WriteInPage(uint64_t page, size_t begin, const uint8_t* bytes, size_t length);
  uint32_t NewPage(const Page& content);

  KeptVector<Run> runs_;
  KeptVector<Page> pool_;
  KeptVector<uint32_t> free_;  // of `pool_`
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_NVDIMM_MEDIA_H_
