// SPDX-License-Identifier: Apache-2.0
// The requests of exhaustive searches on the tiny machine: over two neighbouring sections, as a whole and by
// sub-sections.
#ifndef HPFUZZ_TESTS_TINY_ORACLE_ALPHABET_H_
#define HPFUZZ_TESTS_TINY_ORACLE_ALPHABET_H_

#include <vector>

#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

inline PhysRange Sections(uint64_t first, uint64_t end) { return {first * kSectionSize, (end - first) * kSectionSize}; }
inline PhysRange Subsections(uint64_t section, uint64_t first, uint64_t end) {
  return {section * kSectionSize + first * kSubsectionSize, (end - first) * kSubsectionSize};
}

inline std::vector<Op> Alphabet(uint64_t section) {
  std::vector<Op> ops;
  const PhysRange whole = Sections(section, section + 1);
  const PhysRange both = Sections(section, section + 2);
  const PhysRange parts[] = {Subsections(section, 0, 1), Subsections(section, 2, kSubsectionsPerSection),
                             Subsections(section, 3, 5)};
  for (const PhysRange range : {whole, both}) {
    ops.push_back({.kind = OpKind::kAddMemory, .range = range});
    ops.push_back({.kind = OpKind::kRemoveMemory, .range = range});
    ops.push_back({.kind = OpKind::kOnlinePages, .online = OnlineType::kMovable, .range = range});
    ops.push_back({.kind = OpKind::kOfflinePages, .range = range});
  }
  for (const PhysRange range : {whole, parts[0], parts[1], parts[2]}) {
    ops.push_back({.kind = OpKind::kAddPages, .range = range});
    ops.push_back({.kind = OpKind::kRemovePages, .range = range});
    ops.push_back({.kind = OpKind::kArchAddMemory, .range = range});
    ops.push_back({.kind = OpKind::kArchRemoveMemory, .range = range});
    ops.push_back({.kind = OpKind::kMovePfnRangeToZone, .range = range});
    ops.push_back({.kind = OpKind::kMemremapPages, .range = range});
  }
  for (const PhysRange range : parts) ops.push_back({.kind = OpKind::kRemovePfnRangeFromZone, .range = range});
  for (const uint64_t page : {uint64_t{0}, kPagesPerSection - 1}) {
    ops.push_back({.kind = OpKind::kPinPage, .pfn = SectionNr(section).first_pfn() + page});
    ops.push_back({.kind = OpKind::kUnpinPage, .pfn = SectionNr(section).first_pfn() + page});
  }
  for (const Handle handle : {Handle{0}, Handle{1}}) ops.push_back({.kind = OpKind::kMemunmapPages, .handle = handle});
  return ops;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_TINY_ORACLE_ALPHABET_H_
