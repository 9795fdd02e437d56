// SPDX-License-Identifier: Apache-2.0
// InfoBlock.
#include "machine/info_block.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint8_t kPfnSignature[InfoBlock::kSignatureSize] = {'N', 'V', 'D', 'I', 'M', 'M', '_', 'P',
                                                              'F', 'N', '_', 'I', 'N', 'F', 'O', 0};
constexpr uint8_t kDaxSignature[InfoBlock::kSignatureSize] = {'N', 'V', 'D', 'I', 'M', 'M', '_', 'D',
                                                              'A', 'X', '_', 'I', 'N', 'F', 'O', 0};

const uint8_t* SignatureOf(Personality personality) {
  return personality == Personality::kDax ? kDaxSignature : kPfnSignature;
}

constexpr bool InOrder() {
  for (unsigned i = 0; i < kInfoFields.size(); ++i) {
    if (static_cast<unsigned>(kInfoFields[i].field) != i) return false;
  }
  return true;
}
static_assert(InOrder(), "SpecOf() finds a field by its number");

}  // namespace

uint64_t InfoBlock::GetAt(unsigned offset, unsigned size) const {
  uint64_t value = 0;
  for (unsigned i = size; i-- > 0;) value = value << 8 | bytes_[offset + i];
  return value;
}

uint64_t InfoBlock::Get(InfoField field) const { return GetAt(SpecOf(field).offset, SpecOf(field).size); }

void InfoBlock::Set(InfoField field, uint64_t value) {
  const InfoFieldSpec& spec = SpecOf(field);
  for (unsigned i = 0; i < spec.size; ++i, value >>= 8) bytes_[spec.offset + i] = static_cast<uint8_t>(value);
}

bool InfoBlock::HasSignature(Personality personality) const {
  return std::equal(bytes_.begin(), bytes_.begin() + kSignatureSize, SignatureOf(personality));
}

void InfoBlock::SetSignature(Personality personality) {
  std::copy_n(SignatureOf(personality), kSignatureSize, bytes_.begin());
}

Uuid InfoBlock::UuidAt(unsigned offset) const {
  Uuid uuid;
  std::copy_n(bytes_.begin() + offset, uuid.size(), uuid.begin());
  return uuid;
}

void InfoBlock::SetUuidAt(unsigned offset, const Uuid& uuid) {
  std::copy(uuid.begin(), uuid.end(), bytes_.begin() + offset);
}

uint64_t InfoBlock::Checksum() const {
  const unsigned own = SpecOf(InfoField::kChecksum).offset;
  uint32_t low = 0;
  uint64_t high = 0;
  for (unsigned offset = 0; offset < bytes_.size(); offset += 4) {
    if (offset < own) low += static_cast<uint32_t>(GetAt(offset, 4));
    high += low;
  }
  return high << 32 | low;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
