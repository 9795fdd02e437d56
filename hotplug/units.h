// SPDX-License-Identifier: Apache-2.0
// Units: page frame numbers, section numbers, byte ranges, nodes and zones as distinct types, so that bytes, pfns and
// section numbers cannot be mixed by accident. Ends are exclusive inside the program and inclusive in text.
#ifndef HPFUZZ_HOTPLUG_UNITS_H_
#define HPFUZZ_HOTPLUG_UNITS_H_

#include <algorithm>
#include <compare>
#include <cstdint>

#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// A page frame number: a byte address shifted right by kPageShift.
class Pfn {
 public:
  constexpr Pfn() = default;
  constexpr explicit Pfn(uint64_t value) : value_(value) {}
  static constexpr Pfn OfByte(uint64_t address) { return Pfn(address >> kPageShift); }

  constexpr uint64_t value() const { return value_; }
  // First byte of the page; wraps for pfns that no byte address can name.
  constexpr uint64_t byte() const { return value_ << kPageShift; }

  constexpr Pfn operator+(uint64_t pages) const { return Pfn(value_ + pages); }
  constexpr Pfn operator-(uint64_t pages) const { return Pfn(value_ - pages); }
  constexpr uint64_t operator-(Pfn other) const { return value_ - other.value_; }
  constexpr auto operator<=>(const Pfn&) const = default;

 private:
  uint64_t value_ = 0;
};

// Number of a section: a pfn divided by kPagesPerSection.
class SectionNr {
 public:
  constexpr SectionNr() = default;
  constexpr explicit SectionNr(uint64_t value) : value_(value) {}
  static constexpr SectionNr Of(Pfn pfn) { return SectionNr(pfn.value() / kPagesPerSection); }
  static constexpr SectionNr OfByte(uint64_t address) { return SectionNr(address >> kSectionShift); }

  constexpr uint64_t value() const { return value_; }
  constexpr Pfn first_pfn() const { return Pfn(value_ * kPagesPerSection); }
  constexpr uint64_t first_byte() const { return value_ << kSectionShift; }

  constexpr SectionNr operator+(uint64_t n) const { return SectionNr(value_ + n); }
  constexpr SectionNr& operator++() {
    ++value_;
    return *this;
  }
  constexpr auto operator<=>(const SectionNr&) const = default;

 private:
  uint64_t value_ = 0;
};

// Pages [first, end).
struct PfnRange {
  Pfn first;
  Pfn end;

  constexpr uint64_t pages() const { return end - first; }
  constexpr bool empty() const { return end <= first; }
  constexpr bool contains(Pfn pfn) const { return first <= pfn && pfn < end; }
  constexpr bool overlaps(PfnRange other) const { return first < other.end && other.first < end; }
  constexpr bool operator==(const PfnRange&) const = default;
};

// Bytes [start, start + size). Requests may carry any two numbers: a range may be empty or wrap around 2^64.
struct PhysRange {
  uint64_t start = 0;
  uint64_t size = 0;

  constexpr uint64_t end() const { return start + size; }  // exclusive, modulo 2^64
  constexpr bool wraps() const { return size != 0 && start + (size - 1) < start; }
  constexpr bool aligned_to(uint64_t power_of_two) const { return ((start | size) & (power_of_two - 1)) == 0; }
  constexpr bool overlaps(PhysRange other) const {
    return size != 0 && other.size != 0 && start <= other.start + (other.size - 1) && other.start <= start + (size - 1);
  }
  constexpr bool contains(PhysRange other) const {
    return size != 0 && other.size != 0 && start <= other.start && other.start + (other.size - 1) <= start + (size - 1);
  }
  // The pages a kernel sees in the request: start >> PAGE_SHIFT, size >> PAGE_SHIFT. A sub-page tail is dropped.
  constexpr PfnRange pfns() const {
    const Pfn first = Pfn::OfByte(start);
    return {first, first + (size >> kPageShift)};
  }
  constexpr bool operator==(const PhysRange&) const = default;
};

constexpr uint64_t AlignDown(uint64_t value, uint64_t power_of_two) { return value & ~(power_of_two - 1); }
// Wraps to 0 when the result exceeds 64 bits.
constexpr uint64_t AlignUp(uint64_t value, uint64_t power_of_two) {
  return (value + power_of_two - 1) & ~(power_of_two - 1);
}

// Bits of the sub-section bitmap that pages [first, end) of ONE section touch, partly covered sub-sections included.
// Requires first < end <= first section boundary above first.
constexpr uint64_t SubsectionMask(PfnRange pages) {
  const uint64_t low = pages.first.value() % kPagesPerSection / kPagesPerSubsection;
  const uint64_t high = (pages.end.value() - 1) % kPagesPerSection / kPagesPerSubsection;
  return (~uint64_t{0} >> (63 - high)) & (~uint64_t{0} << low);
}

// The part of `pages` that lies in the section of `pages.first`.
constexpr PfnRange FirstSectionPart(PfnRange pages) {
  const Pfn border = (SectionNr::Of(pages.first) + 1).first_pfn();
  return {pages.first, std::min(pages.end, border)};
}

using Nid = uint8_t;
inline constexpr unsigned kMaxNodes = 8;

// Zones in the kernel's order; kDevice is ZONE_DEVICE.
enum class Zone : uint8_t { kDma, kDma32, kNormal, kMovable, kDevice };
inline constexpr unsigned kZones = 5;

// Number of a device mapping or of an inserted resource: the ordinal, counted from 0, of the operation of the trace
// that made it. Two special values: nobody, and a struct page whose mapping is gone or was never written.
using Handle = uint16_t;
inline constexpr Handle kNoHandle = 0xffff;
inline constexpr Handle kForeignHandle = 0xfffe;
// Operations, and with them handles, of one trace.
inline constexpr unsigned kMaxOps = 4096;

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_HOTPLUG_UNITS_H_
