// SPDX-License-Identifier: Apache-2.0
// The contract's rows about NVDIMMs. contract.cc puts them into its table; the order is that of the kernels' checks.
#ifndef HPFUZZ_ORACLE_NVDIMM_CLAUSES_H_
#define HPFUZZ_ORACLE_NVDIMM_CLAUSES_H_

#include "oracle/contract.h"
#include "oracle/nvdimm_predicates.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY::nvdimm_clauses {

constexpr OpSet kBinds = Ops(OpKind::kNsCreate, OpKind::kNsEnable);
constexpr OpSet kUses = Ops(OpKind::kNsRead, OpKind::kNsWrite, OpKind::kDaxAccess);
constexpr OpSet kNamed = kBinds | kUses | Ops(OpKind::kNsDisable, OpKind::kNsDestroy, OpKind::kCorrupt);
constexpr Foretold kAnything{};
constexpr Foretold kError{.outcomes = kRefuses};
constexpr Foretold Refusal(Errno error) { return {.outcomes = kRefuses, .error = error}; }

inline constexpr Clause kRows[] = {
    {"region-in-one-world", kNamed, predicates::RegionDiffers, Relation::kUnspecified, kAnything, kAnything, true,
     "one of the machines had no room for the region", "its resource tree had been let differ before"},
    {"dax-on-padded-namespace", kUses, predicates::DaxOnPadded, Relation::kKernelDefect, kAnything, kAnything, true,
     "pages of a block device over a namespace that begins with a pad are named, or used through dax",
     "pmem_attach_disk keeps the start without the pad for direct_access: the pfn is start_pad too low. 5.1 notices "
     "and "
     "refuses to mount with dax; 6.1 and 6.12 do not, and reads and writes go to the wrong bytes"},
    {"namespace-in-other-state", kNamed, predicates::NamespaceDiffers, Relation::kUnspecified, kAnything, kAnything,
     true, "what became of the namespace, or where its data lie, differs between the machines",
     "consequence of the clause that governed its creation or its last probe"},
    {"info-block-in-data", Ops(OpKind::kNsRead), predicates::InfoBlockInData, Relation::kFactsDiffer, kAnything,
     kAnything, false, "what is read holds an info block: of a namespace that is a raw disk now, or of an earlier one",
     "5.1 writes blocks of minor version 2, 6.1 of version 4 with the sizes of pages"},

    // The block on the media
    {"block-refused-by-subsection", kBinds, predicates::OnlySubsectionRefusesBlock, Relation::kSubsectionRefuses,
     kAnything, Refusal(kEOPNOTSUPP), true, "the block is right for 5.1 and not for 6.1",
     "nd_pfn_validate of 6.1 wants the mapping to begin and end at memremap_compat_align() (6acd7d5ef264), no larger "
     "pages and no smaller struct pages than it was made for (e96f0bf2ec92)"},
    {"block-refused-by-both", kBinds, predicates::BothRefuseBlock, Relation::kBothRefuse, kAnything,
     Refusal(kEOPNOTSUPP), true, "the block is right for neither",
     "nd_pfn_validate of 5.1 answers -EINVAL, -EBUSY or -ENXIO, of which its driver makes a raw disk; 6.1 answers "
     "-EOPNOTSUPP, which leaves the namespace without a driver"},
    {"block-read-differently", kBinds, predicates::BlockReadDifferently, Relation::kFactsDiffer, kAnything, kAnything,
     true, "the media hold blocks that are not alike",
     "they were written by different generations, or torn differently"},

    // A new block
    {"create-misaligned", kBinds, predicates::CreatesMisaligned, Relation::kSubsectionRefuses, kAnything,
     Refusal(kEINVAL), true, "the namespace does not begin at a multiple of a sub-section",
     "nd_pfn_init of 6.1 tests memremap_compat_align() (6acd7d5ef264); 5.1 maps whole sections around it"},
    {"create-oddly-aligned", kBinds, predicates::CreatesOddlyAligned, Relation::kUnspecified, kAnything, kAnything,
     true, "the alignment is no power of two",
     "align_store takes 4 KiB, 2 MiB and 1 GiB; the arithmetic of masks goes wrong"},
    {"create-padded", kBinds, predicates::EndsShared, Relation::kCapacityLost, kAnything, kAnything, true,
     "RAM or another region lies in a section with an end of the namespace",
     "nd_pfn_init of 5.1 pads both ends to sections, which may leave nothing; the padding went with a3619190d62e"},
    {"namespace-shares-section", kBinds, predicates::SectionsShared, Relation::kLegacyRefuses, kAnything, kAnything,
     true, "its sections hold RAM, or pages of somebody else",
     "devm_memremap_pages of 5.1 refuses, or maps twice without a word, what shares a section with another namespace"},
    {"create-without-capacity", kBinds, predicates::CreatesNothing, Relation::kKernelDefect, kAnything, kAnything, true,
     "rounding to the alignment leaves no page for data",
     "nd_pfn_init of 6.1 creates it all the same, 5.1 and 6.12 answer -ENXIO; 6.12 creates it where the alignment cuts "
     "off more than there is (the size without that wraps)"},
    {"create-uneven", kBinds, predicates::CreatesUneven, Relation::kCapacityRounded, kAnything, kAnything, true,
     "the namespace is not whole sections, its end is no multiple of its alignment, or that is below a sub-section",
     "5.1 rounds the struct pages up to whole sections, 6.1 the alignment up to a sub-section; 5.1 makes room for "
     "those of what is mapped, 6.1 for those of what is cut off at the end, too"},

    // Mapping it
    {"namespace-maps-nothing", kBinds, predicates::MapsNothing, Relation::kUnspecified, kAnything, kAnything, true,
     "the block cuts off all there is, or more",
     "no kernel writes such a block; as of empty-mapping, what is found at the ends of no bytes depends on rounding"},
    {"namespace-ends-with-addresses", kBinds, predicates::MapsToLastAddress, Relation::kLegacyRefuses, kAnything,
     kAnything, true, "what is mapped ends where page tables cannot name more", "as for ends-with-addresses"},
    {"namespace-memmap-short", kBinds, predicates::MemmapShort, Relation::kLegacyRefuses, kAnything, kAnything, true,
     "the room in front of the data may not hold the struct pages of whole sections",
     "5.1 maps whole sections whatever the block says; both have no fall-back for an altmap"},
    {"namespace-part-of-section", kBinds, predicates::MapsPartSections, Relation::kCapacityRounded, kAnything,
     kAnything, true, "what is mapped is not whole sections",
     "5.1 maps whole sections, 5.3 and later exactly the sub-sections"},

    // Using it
    {"data-nobody-wrote", kUses, predicates::RegionHistoryDiffers, Relation::kUnspecified, kAnything, kAnything, false,
     "earlier namespaces of the region lay at different places in the two worlds",
     "what a user reads without having written it is what others left there"},
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY::nvdimm_clauses

#endif  // HPFUZZ_ORACLE_NVDIMM_CLAUSES_H_
