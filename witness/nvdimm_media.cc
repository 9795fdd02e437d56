// SPDX-License-Identifier: Apache-2.0
// DimmFile and comparisons of media.
#include "witness/nvdimm_media.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using Page = MediaImage::Page;

Page PageOf(const MediaImage& image, const MediaImage::Run& run) {
  Page page;
  if (run.fill == MediaImage::kLiteral) return image.pages[run.literal];
  page.fill(run.fill == MediaImage::kUnspecified ? kStructPageJunk : static_cast<uint8_t>(run.fill));
  return page;
}

// Pages [first, end) of the file against one page; those before hold.
void ComparePages(const DimmFile& file, uint64_t first, uint64_t end, const Page& expected, MediaComparison* result) {
  constexpr uint64_t kStep = 256;
  std::vector<uint8_t> bytes(kStep * kPageSize);
  for (uint64_t page = first; page < end && !result->first_difference.has_value(); page += kStep) {
    const uint64_t pages = std::min(kStep, end - page);
    bytes.resize(pages * kPageSize);
    if (!file.Read(page * kPageSize, absl::MakeSpan(bytes))) {
      result->first_difference = page * kPageSize;
      return;
    }
    for (uint64_t i = 0; i < pages; ++i) {
      const uint8_t* here = &bytes[i * kPageSize];
      if (std::memcmp(here, expected.data(), kPageSize) != 0) {
        const auto [a, b] = std::mismatch(here, here + kPageSize, expected.begin());
        result->first_difference = (page + i) * kPageSize + static_cast<uint64_t>(a - here);
        result->kernel = *a;
        result->model = *b;
        return;
      }
      result->compared += kPageSize;
    }
  }
}

}  // namespace

absl::StatusOr<DimmFile> DimmFile::Create(PhysRange range, uint64_t label_size) {
  OwnedFd file(memfd_create("nvdimm", MFD_CLOEXEC));
  if (file.get() < 0 || ftruncate(file.get(), static_cast<off_t>(range.size + label_size)) != 0) {
    return absl::UnavailableError(absl::StrCat("memfd_create: ", std::strerror(errno)));
  }
  return DimmFile(range, label_size, std::move(file));
}

bool DimmFile::Read(uint64_t offset, absl::Span<uint8_t> bytes) const {
  if (offset > range_.size || bytes.size() > range_.size - offset) return false;
  return pread(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset)) ==
         static_cast<ssize_t>(bytes.size());
}

bool DimmFile::Write(uint64_t offset, absl::Span<const uint8_t> bytes) {
  if (offset > range_.size || bytes.size() > range_.size - offset) return false;
  return pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset)) ==
         static_cast<ssize_t>(bytes.size());
}

bool WriteMedia(const MediaImage& image, Handle region, DimmFile* file) {
  for (const MediaImage::Run& run : image.runs) {
    if (run.region != region) continue;
    const Page page = PageOf(image, run);
    for (uint64_t i = 0; i < run.pages; ++i) {
      if (!file->Write((run.first_page + i) * kPageSize, page)) return false;
    }
  }
  return true;
}

MediaComparison CompareMedia(const DimmFile& file, const MediaImage& image, Handle region) {
  MediaComparison result;
  const Page zeroes{};
  uint64_t at = 0;
  for (const MediaImage::Run& run : image.runs) {
    if (run.region != region) continue;
    ComparePages(file, at, run.first_page, zeroes, &result);
    at = run.first_page + run.pages;
    if (run.fill != MediaImage::kUnspecified) ComparePages(file, run.first_page, at, PageOf(image, run), &result);
  }
  ComparePages(file, at, file.range().size / kPageSize, zeroes, &result);
  return result;
}

InfoBlock BlockIn(const DimmFile& file, uint64_t offset) {
  InfoBlock block;
  file.Read(offset + kInfoBlockOffset, absl::MakeSpan(block.bytes()));
  return block;
}

InfoBlock BlockIn(const MediaImage& image, Handle region, uint64_t offset) {
  InfoBlock block;
  const uint64_t page = (offset + kInfoBlockOffset) / kPageSize;
  for (const MediaImage::Run& run : image.runs) {
    if (run.region != region || page < run.first_page || page >= run.first_page + run.pages) continue;
    if (run.fill != MediaImage::kUnspecified) block.bytes() = PageOf(image, run);
  }
  return block;
}

std::string BlockDifference(const InfoBlock& kernel, const InfoBlock& model) {
  std::string text;
  std::vector<bool> told(kernel.bytes().size());
  const auto add = [&text](const std::string& part) { absl::StrAppend(&text, text.empty() ? "" : ", ", part); };
  for (const InfoFieldSpec& spec : kInfoFields) {
    std::fill_n(told.begin() + spec.offset, spec.size, true);
    const uint64_t theirs = kernel.Get(spec.field);
    const uint64_t ours = model.Get(spec.field);
    if (theirs != ours) add(absl::StrFormat("%s %x/%x", std::string(spec.name), theirs, ours));
  }
  for (size_t i = 0; i < told.size(); ++i) {
    if (told[i] || kernel.bytes()[i] == model.bytes()[i]) continue;
    add(absl::StrFormat("byte %d %02x/%02x", i, kernel.bytes()[i], model.bytes()[i]));
    break;
  }
  return text;
}

std::string BlockText(const InfoBlock& block) {
  const bool pfn = block.HasSignature(Personality::kPfn);
  if (!pfn && !block.HasSignature(Personality::kDax)) return "no block";
  std::string text = absl::StrFormat("%s %d.%d", pfn ? "pfn" : "dax", block.Get(InfoField::kVersionMajor),
                                     block.Get(InfoField::kVersionMinor));
  for (const InfoField field : {InfoField::kMode, InfoField::kDataoff, InfoField::kNpfns, InfoField::kStartPad,
                                InfoField::kEndTrunc, InfoField::kAlign}) {
    const uint64_t value = block.Get(field);
    if (value != 0) absl::StrAppendFormat(&text, ", %s %x", std::string(SpecOf(field).name), value);
  }
  return text;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
