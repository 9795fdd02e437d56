// SPDX-License-Identifier: Apache-2.0
// NvdimmMedia.
#include "machine/nvdimm_media.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "hotplug/nvdimm_bus.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

bool Uniform(const MediaImage::Page& page) { return std::memcmp(page.data(), page.data() + 1, page.size() - 1) == 0; }

// How many bytes from `at` on, and below `end`, hold the same.
size_t AlikeFrom(const MediaImage::Page& page, size_t at, size_t end) {
  constexpr size_t kStep = 64;
  size_t next = at + 1;
  while (next + kStep <= end && std::memcmp(&page[next - 1], &page[next], kStep) == 0) next += kStep;
  while (next < end && page[next] == page[at]) ++next;
  return next - at;
}

// Bytes as they come, hashed by maximal runs.
class Summariser {
 public:
  void Add(uint8_t byte, uint64_t length) {
    if (length_ != 0 && byte == byte_) {
      length_ += length;
      return;
    }
    if (length_ != 0) Close();
    byte_ = byte;
    length_ = length;
  }
  Answer Finish() {
    if (!mixed_) return Answer::Data(byte_);
    Close();
    return Answer::Data(kDataMixed, hash_);
  }

 private:
  void Close() {
    hash_ = DataHash(hash_, byte_, length_);
    mixed_ = true;
  }

  uint64_t hash_ = kDataHashStart;
  uint64_t length_ = 0;
  uint8_t byte_ = 0;
  bool mixed_ = false;
};

}  // namespace

size_t NvdimmMedia::FirstEndingAfter(uint64_t page) const {
  const auto run =
      std::partition_point(runs_.begin(), runs_.end(), [page](const Run& candidate) { return candidate.end <= page; });
  return static_cast<size_t>(run - runs_.begin());
}

NvdimmMedia::Content NvdimmMedia::At(uint64_t page) const {
  const size_t i = FirstEndingAfter(page);
  if (i == runs_.size() || runs_[i].first > page) return {};
  return {runs_[i].fill, runs_[i].fill == kLiteral ? &pool_[runs_[i].page] : nullptr};
}

uint32_t NvdimmMedia::NewPage(const Page& content) {
  if (free_.empty()) {
    pool_.push_back(content);
    return static_cast<uint32_t>(pool_.size() - 1);
  }
  const uint32_t index = free_.back();
  free_.pop_back();
  pool_[index] = content;
  return index;
}

// Pages [first, end) now hold `fill`, whatever they held; the pages with bytes of their own among them are free.
void NvdimmMedia::Replace(uint64_t first, uint64_t end, uint16_t fill, uint32_t page) {
  if (first >= end) return;
  size_t from = FirstEndingAfter(first);
  size_t to = from;
  // The new run, and at each end what is left of the run there or a neighbour.
  std::array<Run, 5> now{};
  size_t count = 0;
  for (; to < runs_.size() && runs_[to].first < end; ++to) {
    if (runs_[to].fill == kLiteral) free_.push_back(runs_[to].page);
  }
  // Neighbours could be one with what is there now.
  const bool joins = from > 0 && runs_[from - 1].end == first;
  if (joins) now[count++] = runs_[from - 1];
  if (from < to && runs_[from].first < first) now[count++] = {runs_[from].first, first, runs_[from].fill, 0};
  if (fill != 0) now[count++] = {first, end, fill, page};
  if (from < to && runs_[to - 1].end > end) now[count++] = {end, runs_[to - 1].end, runs_[to - 1].fill, 0};
  if (joins) --from;
  if (to < runs_.size() && runs_[to].first == end) now[count++] = runs_[to++];
  size_t kept = 0;
  for (size_t i = 1; i < count; ++i) {
    if (now[i].fill == now[kept].fill && now[i].fill != kLiteral && now[i].first == now[kept].end) {
      now[kept].end = now[i].end;
    } else {
      now[++kept] = now[i];
    }
  }
  count = std::min(count, kept + 1);
  const size_t common = std::min(count, to - from);
  const auto place = runs_.begin() + static_cast<std::ptrdiff_t>(from);
  std::copy_n(now.begin(), common, place);
  const auto behind = place + static_cast<std::ptrdiff_t>(common);
  if (common == count) {
    runs_.erase(behind, runs_.begin() + static_cast<std::ptrdiff_t>(to));
  } else {
    runs_.insert(behind, now.data() + common, now.data() + count);
  }
}

// Part of a page, or all of it.
void NvdimmMedia::WriteInPage(uint64_t page, size_t begin, const uint8_t* bytes, size_t length) {
  const Content content = At(page);
  if (content.fill == kUnspecified && length != kPageSize) return;
  Page now;
  if (content.literal != nullptr) {
    now = *content.literal;
  } else {
    now.fill(static_cast<uint8_t>(content.fill));
  }
  std::copy_n(bytes, length, now.begin() + static_cast<std::ptrdiff_t>(begin));
  if (Uniform(now)) {
    Replace(page, page + 1, now[0], 0);
  } else {
    Replace(page, page + 1, kLiteral, NewPage(now));
  }
}

void NvdimmMedia::Write(uint64_t offset, const uint8_t* bytes, size_t length) {
  while (length != 0) {
    const size_t begin = offset % kPageSize;
    const size_t part = std::min<size_t>(length, kPageSize - begin);
    WriteInPage(offset / kPageSize, begin, bytes, part);
    offset += part;
    bytes += part;
    length -= part;
  }
}

void NvdimmMedia::Fill(uint64_t offset, uint64_t length, uint8_t byte) {
  Page page;
  page.fill(byte);
  const uint64_t end = offset + length;
  const uint64_t first = std::min(AlignUp(offset, kPageSize), end);
  const uint64_t last = std::max(AlignDown(end, kPageSize), first);
  if (offset != first) WriteInPage(offset / kPageSize, offset % kPageSize, page.data(), first - offset);
  Replace(first / kPageSize, last / kPageSize, byte, 0);
  if (last != end) WriteInPage(last / kPageSize, last % kPageSize, page.data(), end - last);
}

bool NvdimmMedia::Read(uint64_t offset, uint8_t* bytes, size_t length) const {
  bool specified = true;
  while (length != 0) {
    const size_t begin = offset % kPageSize;
    const size_t part = std::min<size_t>(length, kPageSize - begin);
    const Content content = At(offset / kPageSize);
    if (content.literal != nullptr) {
      std::copy_n(content.literal->begin() + static_cast<std::ptrdiff_t>(begin), part, bytes);
    } else {
      std::memset(bytes, content.fill == kUnspecified ? 0 : content.fill, part);
      specified = specified && content.fill != kUnspecified;
    }
    offset += part;
    bytes += part;
    length -= part;
  }
  return specified;
}

Answer NvdimmMedia::Summary(uint64_t offset, uint64_t length) const {
  const uint64_t end = offset + length;
  Summariser sum;
  for (size_t i = FirstEndingAfter(offset / kPageSize); offset < end;) {
    const uint64_t next = i < runs_.size() ? runs_[i].first * kPageSize : end;
    if (offset < next) {
      const uint64_t zeroes = std::min(next, end) - offset;
      sum.Add(0, zeroes);
      offset += zeroes;
      continue;
    }
    const Run& run = runs_[i++];
    if (run.fill == kUnspecified) return Answer::Data(kDataUnspecified);
    const uint64_t stop = std::min(run.end * kPageSize, end);
    if (run.fill == kLiteral) {
      const Page& page = pool_[run.page];
      while (offset < stop) {
        const size_t at = offset % kPageSize;
        const uint64_t length = AlikeFrom(page, at, at + (stop - offset));
        sum.Add(page[at], length);
        offset += length;
      }
    } else {
      sum.Add(static_cast<uint8_t>(run.fill), stop - offset);
      offset = stop;
    }
  }
  return sum.Finish();
}

void NvdimmMedia::AppendTo(Handle region, MediaImage* image) const {
  for (const Run& run : runs_) {
    MediaImage::Run out{
        .region = region, .fill = run.fill, .literal = 0, .first_page = run.first, .pages = run.end - run.first};
    if (run.fill == kLiteral) {
      out.literal = static_cast<uint32_t>(image->pages.size());
      image->pages.push_back(pool_[run.page]);
    }
    image->runs.push_back(out);
  }
}

void NvdimmMedia::Restore(const MediaImage& image, const MediaImage::Run& run) {
  if (run.fill <= kUnspecified) {
    Replace(run.first_page, run.first_page + run.pages, run.fill, 0);
  } else if (run.fill == kLiteral && run.literal < image.pages.size()) {
    WriteInPage(run.first_page, 0, image.pages[run.literal].data(), kPageSize);
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
