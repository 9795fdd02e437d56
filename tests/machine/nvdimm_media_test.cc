// SPDX-License-Identifier: Apache-2.0
// NvdimmMedia against one number for each byte: what is read, what is summed up, and the one canonical image.
#include "machine/nvdimm_media.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "hotplug/nvdimm_bus.h"
#include "tests/random.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kPages = 8;
constexpr uint64_t kBytes = kPages * kPageSize;
constexpr Handle kRegion = 7;

// A byte each, or MediaImage::kUnspecified.
class NaiveMedia {
 public:
  void Write(uint64_t offset, const std::vector<uint8_t>& bytes) {
    for (uint64_t page = 0; page < kPages; ++page) {
      const uint64_t begin = std::max(offset, page * kPageSize);
      const uint64_t end = std::min(offset + bytes.size(), (page + 1) * kPageSize);
      const bool whole = begin < end && end - begin == kPageSize;
      if (bytes_[page * kPageSize] == MediaImage::kUnspecified && !whole) continue;
      for (uint64_t i = begin; i < end; ++i) bytes_[i] = bytes[i - offset];
    }
  }
  void MakeUnspecified(uint64_t first, uint64_t pages) {
    for (uint64_t i = first * kPageSize; i < (first + pages) * kPageSize; ++i) bytes_[i] = MediaImage::kUnspecified;
  }

  Answer Summary(uint64_t offset, uint64_t length) const {
    uint64_t hash = kDataHashStart;
    bool mixed = false;
    for (uint64_t i = offset; i < offset + length;) {
      if (bytes_[i] == MediaImage::kUnspecified) return Answer::Data(kDataUnspecified);
      uint64_t end = i;
      while (end < offset + length && bytes_[end] == bytes_[i]) ++end;
      if (end != offset + length && bytes_[end] == MediaImage::kUnspecified) return Answer::Data(kDataUnspecified);
      mixed = mixed || end - i != length;
      hash = DataHash(hash, static_cast<uint8_t>(bytes_[i]), end - i);
      i = end;
    }
    return mixed ? Answer::Data(kDataMixed, hash) : Answer::Data(bytes_[offset]);
  }
  bool Read(uint64_t offset, std::vector<uint8_t>* bytes) const {
    bool specified = true;
    for (uint8_t& byte : *bytes) {
      const uint16_t value = bytes_[offset++];
      byte = static_cast<uint8_t>(value);  // unspecified: 0
      specified = specified && value != MediaImage::kUnspecified;
    }
    return specified;
  }

  MediaImage Image() const {
    MediaImage image;
    for (uint64_t page = 0; page < kPages; ++page) {
      const auto begin = bytes_.begin() + static_cast<std::ptrdiff_t>(page * kPageSize);
      const auto end = begin + kPageSize;
      if (std::all_of(begin, end, [begin](uint16_t byte) { return byte == *begin; })) {
        AddUniform(page, *begin, &image);
        continue;
      }
      image.runs.push_back({kRegion, MediaImage::kLiteral, static_cast<uint32_t>(image.pages.size()), page, 1});
      std::transform(begin, end, image.pages.emplace_back().begin(),
                     [](uint16_t b) { return static_cast<uint8_t>(b); });
    }
    return image;
  }

 private:
  static void AddUniform(uint64_t page, uint16_t fill, MediaImage* image) {
    if (fill == 0) return;
    if (!image->runs.empty()) {
      MediaImage::Run& last = image->runs.back();
      if (last.fill == fill && last.first_page + last.pages == page) {
        ++last.pages;
        return;
      }
    }
    image->runs.push_back({kRegion, fill, 0, page, 1});
  }

  std::vector<uint16_t> bytes_ = std::vector<uint16_t>(kBytes);
};

MediaImage ImageOf(const NvdimmMedia& media) {
  MediaImage image;
  media.AppendTo(kRegion, &image);
  return image;
}

// Few values and ranges that like page borders, so that runs meet, split and become one.
class RandomRange {
 public:
  explicit RandomRange(Random& random) {
    offset = Near(random);
    end = Near(random);
    if (end < offset) std::swap(offset, end);
    if (end == offset) end = offset + 1;
    if (end > kBytes) offset = --end - 1;
  }
  uint64_t length() const { return end - offset; }
  uint64_t offset = 0;
  uint64_t end = 0;

 private:
  static uint64_t Near(Random& random) {
    const uint64_t border = random.Below(kPages + 1) * kPageSize;
    if (random.OneIn(2)) return border;
    return random.OneIn(2) ? random.Below(kBytes) : std::min(border + random.Below(3), kBytes - 1);
  }
};

void Step(Random& random, NvdimmMedia* media, NaiveMedia* naive) {
  const RandomRange range(random);
  const auto byte = static_cast<uint8_t>(random.Below(3) * 0x7f);
  switch (random.Below(4)) {
    case 0: {
      const uint64_t first = range.offset / kPageSize;
      const uint64_t pages = random.Below(kPages - first + 1);
      media->MakeUnspecified(first, pages);
      return naive->MakeUnspecified(first, pages);
    }
    case 1: {
      std::vector<uint8_t> bytes(range.length(), byte);
      if (random.OneIn(2)) bytes[random.Below(bytes.size())] = 1;
      media->Write(range.offset, bytes.data(), bytes.size());
      return naive->Write(range.offset, bytes);
    }
    default:
      media->Fill(range.offset, range.length(), byte);
      return naive->Write(range.offset, std::vector<uint8_t>(range.length(), byte));
  }
}

TEST(NvdimmMedia, IsAByteEach) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Random random(seed);
    NvdimmMedia media;
    NaiveMedia naive;
    for (int step = 0; step < 40; ++step) {
      Step(random, &media, &naive);
      ASSERT_TRUE(ImageOf(media) == naive.Image()) << "seed " << seed << ", step " << step;
      const RandomRange range(random);
      ASSERT_EQ(media.Summary(range.offset, range.length()), naive.Summary(range.offset, range.length()))
          << "seed " << seed << ", step " << step;
      std::vector<uint8_t> bytes(range.length());
      std::vector<uint8_t> expected(range.length());
      ASSERT_EQ(media.Read(range.offset, bytes.data(), bytes.size()), naive.Read(range.offset, &expected));
      ASSERT_EQ(bytes, expected);
    }
    NvdimmMedia restored;
    const MediaImage image = ImageOf(media);
    for (const MediaImage::Run& run : image.runs) restored.Restore(image, run);
    ASSERT_TRUE(ImageOf(restored) == image);
  }
}

TEST(NvdimmMedia, LargeRangesCostWhatTheirRunsDo) {
  constexpr uint64_t kHuge = uint64_t{1} << 52;
  NvdimmMedia media;
  media.Fill(0, kHuge, 0x11);
  media.Fill(1, kHuge - 2, 0x22);
  const MediaImage image = ImageOf(media);
  ASSERT_EQ(image.runs.size(), 3U);
  EXPECT_EQ(image.runs[1].pages, (kHuge >> kPageShift) - 2);
  uint64_t hash = DataHash(kDataHashStart, 0x11, 1);
  hash = DataHash(hash, 0x22, kHuge - 2);
  EXPECT_EQ(media.Summary(0, kHuge), Answer::Data(kDataMixed, DataHash(hash, 0x11, 1)));
  EXPECT_EQ(media.Summary(1, kHuge - 2), Answer::Data(0x22));
  media.MakeUnspecified(5, 1);
  EXPECT_EQ(media.Summary(0, kHuge), Answer::Data(kDataUnspecified));
}

TEST(NvdimmMedia, PagesThatAreWrittenOverAreUsedAgain) {
  NvdimmMedia media;
  for (unsigned i = 0; i < 1000; ++i) {
    const auto byte = static_cast<uint8_t>(1 + i % 200);
    media.Write(kPageSize + 5, &byte, 1);
  }
  const MediaImage image = ImageOf(media);
  EXPECT_EQ(image.pages.size(), 1U);
  EXPECT_EQ(image.runs.size(), 1U);
  EXPECT_LE(media.peak_pages(), 2U);
}

TEST(NvdimmMedia, RunsOfNoMeaningAreNotRestored) {
  NvdimmMedia media;
  media.Restore({}, {kRegion, MediaImage::kLiteral, 3, 1, 1});
  media.Restore({}, {kRegion, 0x1ff, 0, 1, 1});
  media.Restore({}, {kRegion, 0x11, 0, 1, 0});
  media.Restore({}, {kRegion, 0x11, 0, ~uint64_t{0}, 2});
  EXPECT_TRUE(ImageOf(media) == MediaImage{});
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
