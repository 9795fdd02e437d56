// SPDX-License-Identifier: Apache-2.0
// Media against bytes one by one: a few pages, random writes, everything that can be asked.
#include "oracle/reference/nvdimm_media.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using reference::Media;

constexpr uint64_t kPages = 6;
constexpr uint64_t kBytes = kPages * kPageSize;

class NaiveMedia {
 public:
  void Write(uint64_t first, const std::vector<uint8_t>& bytes) {
    std::vector<bool> keep(kPages);
    for (uint64_t page = 0; page < kPages; ++page) {
      const bool covered = first <= page * kPageSize && (page + 1) * kPageSize <= first + bytes.size();
      keep[page] = bytes_[page * kPageSize] == Media::kUnspecified && !covered;
    }
    for (uint64_t i = 0; i < bytes.size(); ++i) {
      if (!keep[(first + i) / kPageSize]) bytes_[first + i] = bytes[i];
    }
  }
  void MakeUnspecified(uint64_t first, uint64_t end) { std::fill(&bytes_[first], &bytes_[end], Media::kUnspecified); }

  MediaImage Image() const {
    MediaImage image;
    for (uint64_t page = 0; page < kPages; ++page) {
      const auto first = bytes_.begin() + static_cast<int64_t>(page * kPageSize);
      const auto end = first + kPageSize;
      const bool uniform = std::all_of(first, end, [&](uint16_t byte) { return byte == *first; });
      if (uniform && *first == 0) continue;
      auto& runs = image.runs;
      if (uniform && !runs.empty() && runs.back().fill == *first &&
          runs.back().first_page + runs.back().pages == page) {
        ++runs.back().pages;
        continue;
      }
      runs.push_back({.region = 7, .fill = *first, .literal = 0, .first_page = page, .pages = 1});
      if (uniform) continue;
      runs.back().fill = MediaImage::kLiteral;
      runs.back().literal = static_cast<uint32_t>(image.pages.size());
      std::copy(first, end, image.pages.emplace_back().begin());
    }
    return image;
  }
  const std::vector<uint16_t>& bytes() const { return bytes_; }

 private:
  std::vector<uint16_t> bytes_ = std::vector<uint16_t>(kBytes);
};

std::vector<uint16_t> AllBytes(const Media& media) {
  std::vector<uint16_t> bytes;
  uint16_t before = 0xffff;
  media.ForEachRun(0, kBytes, [&](uint16_t value, uint64_t length) {
    EXPECT_NE(value, before) << "a run that is not maximal";
    bytes.insert(bytes.end(), length, before = value);
  });
  return bytes;
}

TEST(NvdimmMediaTest, IsLikeBytes) {
  std::mt19937 random(1);
  const auto below = [&](uint64_t limit) { return std::uniform_int_distribution<uint64_t>(0, limit - 1)(random); };
  for (int round = 0; round < 60; ++round) {
    Media media;
    NaiveMedia naive;
    for (int step = 0; step < 25; ++step) {
      uint64_t first = below(2) == 0 ? below(kPages) * kPageSize : below(kBytes);
      uint64_t end = below(2) == 0 ? (below(kPages) + 1) * kPageSize : below(kBytes) + 1;
      if (first >= end) end = first + 1;
      const auto byte = static_cast<uint8_t>(below(3));
      if (below(5) == 0) {
        first = AlignDown(first, kPageSize);
        end = AlignUp(end, kPageSize);
        media.MakeUnspecified(first, end);
        naive.MakeUnspecified(first, end);
      } else if (below(2) == 0) {
        media.Fill(first, end, byte);
        naive.Write(first, std::vector<uint8_t>(end - first, byte));
      } else {
        std::vector<uint8_t> bytes(std::min<uint64_t>(kBytes - first, below(2) == 0 ? kPageSize : 8));
        for (uint8_t& one : bytes) one = static_cast<uint8_t>(below(100) == 0 ? below(3) : byte);
        media.Write(first, bytes);
        naive.Write(first, bytes);
      }
      ASSERT_EQ(AllBytes(media), naive.bytes());
      MediaImage image;
      media.AppendTo(&image, 7);
      ASSERT_TRUE(image == naive.Image());
      Media again;
      for (const MediaImage::Run& run : image.runs) again.Restore(image, run);
      ASSERT_EQ(AllBytes(again), naive.bytes());
    }
  }
}

TEST(NvdimmMediaTest, LengthCostsNothing) {
  constexpr uint64_t kHuge = uint64_t{1} << 52;
  Media media;
  media.Fill(0, kHuge, 1);
  media.MakeUnspecified(kPageSize, kHuge / 2);
  media.Fill(kPageSize / 2, kHuge - 1, 2);
  std::vector<uint64_t> lengths;
  media.ForEachRun(0, 2 * kHuge, [&](uint16_t, uint64_t length) { lengths.push_back(length); });
  EXPECT_EQ(lengths, (std::vector<uint64_t>{kPageSize / 2, kHuge - 1 - kPageSize / 2, 1, kHuge}));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
