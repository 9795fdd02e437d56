// SPDX-License-Identifier: Apache-2.0
// DimmFile: the media of an NVDIMM, seen from outside of the guest that uses them; and these media against those of a
// model. Not covered: what the bytes mean.
#ifndef HPFUZZ_WITNESS_NVDIMM_MEDIA_H_
#define HPFUZZ_WITNESS_NVDIMM_MEDIA_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "machine/info_block.h"
#include "process/child.h"
#include "witness/guest.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// A file without a name, so that nothing stays behind. Zeroes at first.
class DimmFile {
 public:
  // Unavailable: there is no memory for it.
  static absl::StatusOr<DimmFile> Create(PhysRange range, uint64_t label_size);

  Dimm dimm() const { return {range_, label_size_, file_.get()}; }
  const PhysRange& range() const { return range_; }
  // Bytes of the media, from `offset` on; false: not all of them are there.
  bool Read(uint64_t offset, absl::Span<uint8_t> bytes) const;
  bool Write(uint64_t offset, absl::Span<const uint8_t> bytes);

 private:
  DimmFile(PhysRange range, uint64_t label_size, OwnedFd file)
      : range_(range), label_size_(label_size), file_(std::move(file)) {}

  PhysRange range_;
  uint64_t label_size_;
  OwnedFd file_;
};

// What a dead kernel left where its struct pages were; anything, as nobody may depend on it.
inline constexpr uint8_t kStructPageJunk = 0xc7;

// All that `image` says of the region; false as DimmFile::Write().
bool WriteMedia(const MediaImage& image, Handle region, DimmFile* file);

struct MediaComparison {
  uint64_t compared = 0;  // bytes; those of unspecified pages are not
  std::optional<uint64_t> first_difference;
  uint8_t kernel = 0;  // the byte there
  uint8_t model = 0;
};
MediaComparison CompareMedia(const DimmFile& file, const MediaImage& image, Handle region);

// The block of a namespace at `offset` of the region, as bytes of the file or of the image; of an unspecified page,
// zeroes.
InfoBlock BlockIn(const DimmFile& file, uint64_t offset);
InfoBlock BlockIn(const MediaImage& image, Handle region, uint64_t offset);

// The fields in which they differ, "NAME KERNEL/MODEL, ..."; what is no number is named by the offset of the first
// byte. Empty: not one byte differs.
std::string BlockDifference(const InfoBlock& kernel, const InfoBlock& model);
// What a block says: its kind, version and the numbers that are not zero.
std::string BlockText(const InfoBlock& block);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_NVDIMM_MEDIA_H_
