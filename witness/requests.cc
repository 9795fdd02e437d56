// SPDX-License-Identifier: Apache-2.0
// Requests: what is asked of a kernel for one trace. Where to look follows from the operations alone, so that all of it
// can be sent at once.
#include <algorithm>
#include <set>

#include "witness/session.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

class Asker {
 public:
  Asker(const Trace& trace, const GuestHardware& hardware) : trace_(trace), arena_(hardware.arena()) {
    window_start_ = hardware.high_ram == 0 ? arena_.start : kHighRamStart;
  }
  std::vector<Request> Run() &&;

 private:
  void LookAround(uint32_t op, PhysRange range);
  void LookAtSections(uint32_t op, const std::set<SectionNr>& sections);
  void LookAtMachine(uint32_t op, uint8_t effects);
  const Op& MakerOf(const Op& op) const;
  // Sections that the guest has and that are ours.
  bool InWindow(SectionNr nr) const { return nr.first_byte() >= window_start_ && nr.first_byte() < arena_.end(); }

  const Trace& trace_;
  const PhysRange arena_;
  uint64_t window_start_;
  std::set<SectionNr> touched_;
  std::vector<Request> requests_;
};

// Of a long range both ends: what happens to its middle happens to the ends.
constexpr uint64_t kSectionsAtEachEnd = 2;

void Asker::LookAround(uint32_t op, PhysRange range) {
  if (range.size == 0 || range.wraps()) range.size = 1;
  const SectionNr first = SectionNr::OfByte(range.start);
  const SectionNr last = SectionNr::OfByte(range.start + (range.size - 1));
  std::set<SectionNr> sections;
  for (uint64_t i = 0; i <= kSectionsAtEachEnd; ++i) {
    // One section beyond each end: nothing may happen there.
    sections.insert(SectionNr(first.value() + i - 1));
    sections.insert(SectionNr(last.value() - i + 1));
  }
  std::erase_if(sections,
                [&](SectionNr nr) { return !InWindow(nr) || nr.value() + 1 < first.value() || last + 1 < nr; });
  LookAtSections(op, sections);
  const Pfn first_page = Pfn::OfByte(range.start);
  const Pfn last_page = Pfn::OfByte(range.start + (range.size - 1));
  for (const Pfn pfn : {first_page - 1, first_page, last_page, last_page + 1}) {
    if (InWindow(SectionNr::Of(pfn))) requests_.push_back({.kind = Request::Kind::kPage, .op = op, .pfn = pfn});
  }
}

void Asker::LookAtSections(uint32_t op, const std::set<SectionNr>& sections) {
  for (const SectionNr nr : sections) requests_.push_back({.kind = Request::Kind::kSection, .op = op, .section = nr});
  touched_.insert(sections.begin(), sections.end());
}

void Asker::LookAtMachine(uint32_t op, uint8_t effects) {
  if ((effects & (kSpans | kSections)) != 0) requests_.push_back({.kind = Request::Kind::kSpans, .op = op});
  if ((effects & kResources) != 0) {
    requests_.push_back({.kind = Request::Kind::kResources, .op = op, .range = arena_});
  }
}

// The operation itself, or the one that made the mapping which it releases.
const Op& Asker::MakerOf(const Op& op) const {
  if (!HasArg(op.kind, Arg::kMapping)) return op;
  const auto made = std::find_if(trace_.ops.begin(), trace_.ops.end(), [&op](const Op& other) {
    return other.kind == OpKind::kMemremapPages && other.handle == op.handle;
  });
  return made == trace_.ops.end() ? op : *made;
}

std::vector<Request> Asker::Run() && {
  for (uint32_t i = 0; i < trace_.ops.size(); ++i) {
    const Op& op = trace_.ops[i];
    const uint8_t effects = SpecOf(op.kind).effects;
    requests_.push_back({.kind = Request::Kind::kOperation, .op = i});
    if (effects == kNothing) continue;
    if ((effects & kSections) != 0) LookAround(i, MakerOf(op).range);
    if (MakerOf(op).has_second) LookAround(i, MakerOf(op).second);
    LookAtMachine(i, effects);
  }
  const auto end = static_cast<uint32_t>(trace_.ops.size());
  LookAtSections(end, std::set<SectionNr>(touched_));
  LookAtMachine(end, kEverything);
  return std::move(requests_);
}

}  // namespace

std::vector<Request> RequestsOf(const Trace& trace, const GuestHardware& hardware) {
  return Asker(trace, hardware).Run();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
