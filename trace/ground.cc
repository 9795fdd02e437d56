// SPDX-License-Identifier: Apache-2.0
// Ground: looking for free places by a bounded number of tries.
#include "trace/ground.h"

#include <algorithm>

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr unsigned kTries = 8;
// Sections near the start of the window are preferred, so that requests meet.
constexpr uint64_t kNear = 8;

uint64_t PickSection(Rng& rng) { return rng.Below(rng.Percent(80) ? kNear : kWindowSections); }

}  // namespace

Ground::Ground(const FirmwareMap& map) {
  Landmarks marks;
  marks.Start(map, false);
  start_ = marks.window_start();
  for (const FirmwareRange& range : map) {
    if (range.kind == FirmwareKind::kRam) Use(range.range);
    for (unsigned i = 0; i < kWindowSections; ++i) firmware_[i] = firmware_[i] || range.range.overlaps(SectionAt(i));
  }
}

std::optional<PhysRange> Ground::FindSections(Rng& rng, uint64_t count, bool bare) const {
  for (unsigned i = 0; i < kTries; ++i) {
    const uint64_t first = PickSection(rng);
    bool free = first + count <= kWindowSections;
    for (uint64_t s = first; free && s < first + count; ++s) free = used_[s] == 0 && !(bare && firmware_[s]);
    if (free) return PhysRange{SectionAt(first).start, count * kSectionSize};
  }
  return std::nullopt;
}

std::optional<PhysRange> Ground::FindPart(Rng& rng, bool alone) const {
  for (unsigned i = 0; i < kTries; ++i) {
    const PhysRange section = SectionAt(PickSection(rng));
    const uint64_t used = used_[(section.start - start_) / kSectionSize];
    if (alone && used != 0) continue;
    const uint64_t length = rng.Percent(50) ? rng.Between(1, 2) : rng.Between(1, kSubsectionsPerSection - 1);
    const uint64_t room = kSubsectionsPerSection - length;
    const uint64_t first = rng.Percent(40) ? 0 : rng.Percent(50) ? room : rng.Below(room + 1);
    const PhysRange part{section.start + first * kSubsectionSize, length * kSubsectionSize};
    if ((SubsectionMask(part.pfns()) & used) == 0) return part;
  }
  return std::nullopt;
}

PhysRange Ground::AnySection(Rng& rng) const { return SectionAt(PickSection(rng)); }

void Ground::Change(PhysRange range, bool used) {
  for (unsigned i = 0; i < kWindowSections; ++i) {
    const PhysRange section = SectionAt(i);
    if (!section.overlaps(range)) continue;
    const uint64_t low = std::max(section.start, range.start);
    const uint64_t last = std::min(section.start + (kSectionSize - 1), range.start + (range.size - 1));
    const uint64_t mask = SubsectionMask({Pfn::OfByte(low), Pfn::OfByte(last) + 1});
    used_[i] = used ? used_[i] | mask : used_[i] & ~mask;
  }
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
