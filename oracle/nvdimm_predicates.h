// SPDX-License-Identifier: Apache-2.0
// Predicates of contract clauses about NVDIMMs: pure functions of the operation, of the references' state before it and
// of what the references say of the namespace afterwards.
#ifndef HPFUZZ_ORACLE_NVDIMM_PREDICATES_H_
#define HPFUZZ_ORACLE_NVDIMM_PREDICATES_H_

#include "oracle/situation.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::predicates {

inline const PfnView& Legacy(const Situation& s) { return s.nvdimm.after[static_cast<unsigned>(Side::kLegacy)].pfn; }
inline const PfnView& Subsection(const Situation& s) {
  return s.nvdimm.after[static_cast<unsigned>(Side::kSubsection)].pfn;
}

// The worlds' regions differ, as one of them had no room for it.
bool RegionDiffers(const Situation& s);
// What became of the namespace before differs.
bool NamespaceDiffers(const Situation& s);
// Earlier namespaces of this region were laid out differently, so that bytes nobody wrote there differ.
bool RegionHistoryDiffers(const Situation& s);
// What is read holds an info block: of this namespace when it is a raw disk, or of an earlier one.
bool InfoBlockInData(const Situation& s);

// --- The block on the media.
bool OnlySubsectionRefusesBlock(const Situation& s);
bool BothRefuseBlock(const Situation& s);
bool BlockReadDifferently(const Situation& s);

// --- A new block: of a new namespace, or of a failed device whose block is gone when it is enabled again.
bool NewBlock(const Situation& s);
// A failed device has the alignment it was made with.
uint64_t AlignOfNewBlock(const Situation& s);
bool CreatesMisaligned(const Situation& s);
// An alignment that no device can be given: the attribute takes 4 KiB, 2 MiB and 1 GiB.
bool CreatesOddlyAligned(const Situation& s);
// RAM or another region lies in the sections of the namespace's ends.
bool EndsShared(const Situation& s);
bool CreatesUneven(const Situation& s);
bool CreatesNothing(const Situation& s);

// --- Mapping it.
bool Maps(const Situation& s);
bool SectionsShared(const Situation& s);
bool MapsNothing(const Situation& s);
bool MapsToLastAddress(const Situation& s);
bool MemmapShort(const Situation& s);
bool MapsPartSections(const Situation& s);

// --- Using it.
bool DaxOnPadded(const Situation& s);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::predicates

#endif  // HPFUZZ_ORACLE_NVDIMM_PREDICATES_H_
