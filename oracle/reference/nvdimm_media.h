// SPDX-License-Identifier: Apache-2.0
// Media: the bytes of one NVDIMM region, as sorted runs of equal bytes. Cost grows with the runs, never with the bytes.
// Not covered: which namespace they belong to.
#ifndef HPFUZZ_ORACLE_REFERENCE_NVDIMM_MEDIA_H_
#define HPFUZZ_ORACLE_REFERENCE_NVDIMM_MEDIA_H_

#include <algorithm>
#include <cstdint>
#include <span>

#include "hotplug/nvdimm.h"
#include "oracle/reference/runs.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {

class Media {
 public:
  using Page = MediaImage::Page;
  static constexpr uint16_t kUnspecified = MediaImage::kUnspecified;

  // Maximal runs of bytes [first, end) that hold the same, ascending: visit(value, length). `value` is a byte or
  // kUnspecified.
  template <typename Visit>
  void ForEachRun(uint64_t first, uint64_t end, Visit visit) const;
  // The page that begins at `first`. What is unspecified reads as zeroes.
  Page Read(uint64_t first) const;

  // Writes. Pages of which the content is unspecified stay so unless all of it is written.
  void Fill(uint64_t first, uint64_t end, uint8_t byte);
  void Write(uint64_t first, std::span<const uint8_t> bytes);
  // Whole pages: something that is not to be known is written there.
  void MakeUnspecified(uint64_t first, uint64_t end) { bytes_.Set(first, end, kUnspecified); }

  void AppendTo(MediaImage* image, Handle region) const;
  // One run of this region.
  void Restore(const MediaImage& image, const MediaImage::Run& run);

 private:
  struct Part {
    uint64_t first;
    uint64_t end;
  };

  Part Writable(uint64_t first, uint64_t end) const;
  bool IsUnspecified(uint64_t at) const;
  void Set(uint64_t first, uint64_t end, uint16_t value);
  void SetBytes(uint64_t first, std::span<const uint8_t> bytes);

  Runs<uint64_t, uint16_t> bytes_;  // those that are not zero
};

template <typename Visit>
void Media::ForEachRun(uint64_t first, uint64_t end, Visit visit) const {
  for (const auto* run = bytes_.From(first); first < end; ++run) {
    const bool last = run == bytes_.end() || run->first >= end;
    const uint64_t gap_end = last ? end : run->first;
    if (first < gap_end) visit(uint16_t{0}, gap_end - first);
    if (last) return;
    first = std::max(first, run->first);
    const uint64_t run_end = std::min(run->end, end);
    visit(run->value, run_end - first);
    first = run_end;
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference

#endif  // HPFUZZ_ORACLE_REFERENCE_NVDIMM_MEDIA_H_
