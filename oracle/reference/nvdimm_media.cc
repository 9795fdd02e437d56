// SPDX-License-Identifier: Apache-2.0
// Media: reading, writing, and the pages that survive a reboot.
#include "oracle/reference/nvdimm_media.h"

#include <cstddef>

namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference {

Media::Page Media::Read(uint64_t first) const {
  Page page;
  auto to = page.begin();
  ForEachRun(first, first + kPageSize, [&](uint16_t value, uint64_t length) {
    to = std::fill_n(to, length, value == kUnspecified ? uint8_t{0} : static_cast<uint8_t>(value));
  });
  return page;
}

bool Media::IsUnspecified(uint64_t at) const {
  const uint16_t* value = bytes_.Find(at);
  return value != nullptr && *value == kUnspecified;
}

// Without the part of an unspecified page at either end.
Media::Part Media::Writable(uint64_t first, uint64_t end) const {
  const uint64_t second_page = AlignDown(first, kPageSize) + kPageSize;
  if ((first % kPageSize != 0 || end < second_page) && IsUnspecified(first)) first = std::min(second_page, end);
  if (first < end && end % kPageSize != 0 && IsUnspecified(end - 1)) end = std::max(first, AlignDown(end, kPageSize));
  return {first, end};
}

void Media::Set(uint64_t first, uint64_t end, uint16_t value) {
  if (value == 0) {
    bytes_.Erase(first, end);
  } else {
    bytes_.Set(first, end, value);
  }
}

void Media::SetBytes(uint64_t first, std::span<const uint8_t> bytes) {
  for (size_t at = 0; at < bytes.size();) {
    size_t end = at + 1;
    while (end < bytes.size() && bytes[end] == bytes[at]) ++end;
    Set(first + at, first + end, bytes[at]);
    at = end;
  }
}

void Media::Fill(uint64_t first, uint64_t end, uint8_t byte) {
  const Part part = Writable(first, end);
  Set(part.first, part.end, byte);
}

void Media::Write(uint64_t first, std::span<const uint8_t> bytes) {
  const Part part = Writable(first, first + bytes.size());
  SetBytes(part.first, bytes.subspan(part.first - first, part.end - part.first));
}

void Media::AppendTo(MediaImage* image, Handle region) const {
  uint64_t page = 0;  // the first that is not in the image yet
  for (const auto& run : bytes_) {
    page = std::max(page, run.first / kPageSize);
    while (page * kPageSize < run.end) {
      MediaImage::Run next{.region = region, .first_page = page, .pages = 1};
      const uint64_t whole_pages_end = run.end / kPageSize;
      if (page * kPageSize >= run.first && page < whole_pages_end) {
        next.fill = run.value;
        next.pages = whole_pages_end - page;
      } else {
        next.fill = MediaImage::kLiteral;
        next.literal = static_cast<uint32_t>(image->pages.size());
        image->pages.push_back(Read(page * kPageSize));
      }
      image->runs.push_back(next);
      page += next.pages;
    }
  }
}

void Media::Restore(const MediaImage& image, const MediaImage::Run& run) {
  const uint64_t first = run.first_page * kPageSize;
  if (run.fill == MediaImage::kLiteral) {
    SetBytes(first, image.pages[run.literal]);
  } else {
    Set(first, first + run.pages * kPageSize, run.fill);
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::reference
