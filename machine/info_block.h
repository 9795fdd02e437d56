// SPDX-License-Identifier: Apache-2.0
// InfoBlock: struct nd_pfn_sb as the bytes that lie on media, all of them little endian whatever machine this runs on.
// Not covered: what the kernels make of the fields.
#ifndef HPFUZZ_MACHINE_INFO_BLOCK_H_
#define HPFUZZ_MACHINE_INFO_BLOCK_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "hotplug/nvdimm.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// The numbers in it; signature and uuids are bytes.
enum class InfoField : uint8_t {
  kFlags,
  kVersionMajor,
  kVersionMinor,
  kDataoff,
  kNpfns,
  kMode,
  kStartPad,
  kEndTrunc,
  kAlign,
  kPageSize,        // from minor 4 on, as the next
  kPageStructSize,  //
  kChecksum,
};

struct InfoFieldSpec {
  InfoField field;
  std::string_view name;  // in struct nd_pfn_sb
  uint16_t offset;
  uint16_t size;
};
inline constexpr std::array<InfoFieldSpec, 12> kInfoFields = {{
    {InfoField::kFlags, "flags", 48, 4},
    {InfoField::kVersionMajor, "version_major", 52, 2},
    {InfoField::kVersionMinor, "version_minor", 54, 2},
    {InfoField::kDataoff, "dataoff", 56, 8},
    {InfoField::kNpfns, "npfns", 64, 8},
    {InfoField::kMode, "mode", 72, 4},
    {InfoField::kStartPad, "start_pad", 76, 4},
    {InfoField::kEndTrunc, "end_trunc", 80, 4},
    {InfoField::kAlign, "align", 84, 4},
    {InfoField::kPageSize, "page_size", 88, 4},
    {InfoField::kPageStructSize, "page_struct_size", 92, 2},
    {InfoField::kChecksum, "checksum", 4088, 8},
}};
constexpr const InfoFieldSpec& SpecOf(InfoField field) { return kInfoFields[static_cast<unsigned>(field)]; }

class InfoBlock {
 public:
  static constexpr unsigned kSignatureSize = 16;  // PFN_SIG_LEN
  using Bytes = std::array<uint8_t, kInfoBlockSize>;

  Bytes& bytes() { return bytes_; }
  const Bytes& bytes() const { return bytes_; }
  void Zero() { bytes_.fill(0); }

  uint64_t Get(InfoField field) const;
  // Cuts `value` to the size of the field.
  void Set(InfoField field, uint64_t value);

  // `personality` is kPfn or kDax.
  bool HasSignature(Personality personality) const;
  void SetSignature(Personality personality);
  Uuid uuid() const { return UuidAt(kUuidOffset); }
  Uuid parent_uuid() const { return UuidAt(kParentUuidOffset); }
  void SetUuid(const Uuid& uuid) { SetUuidAt(kUuidOffset, uuid); }
  void SetParentUuid(const Uuid& uuid) { SetUuidAt(kParentUuidOffset, uuid); }

  // nd_sb_checksum: Fletcher-64 over 32-bit words, with a checksum field of 0.
  uint64_t Checksum() const;
  bool ChecksumRight() const { return Get(InfoField::kChecksum) == Checksum(); }
  void Seal() { Set(InfoField::kChecksum, Checksum()); }

  bool operator==(const InfoBlock&) const = default;

 private:
  static constexpr unsigned kUuidOffset = 16;
  static constexpr unsigned kParentUuidOffset = 32;

  uint64_t GetAt(unsigned offset, unsigned size) const;
  Uuid UuidAt(unsigned offset) const;
  void SetUuidAt(unsigned offset, const Uuid& uuid);

  Bytes bytes_{};
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_MACHINE_INFO_BLOCK_H_
