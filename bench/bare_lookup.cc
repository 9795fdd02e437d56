// SPDX-License-Identifier: Apache-2.0
// The bare lookup, in a file of its own so that the benchmark cannot see through it.
#include "bench/bare_lookup.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

inline bool Valid(const BareTable& table, Pfn pfn) {
  if (Pfn::OfByte(pfn.byte()) != pfn) return false;
  const uint64_t nr = pfn.value() / kPagesPerSection;
  if (nr >= BareTable::kSections) return false;
  const BareSection* root = table.roots[nr / kSectionsPerRoot];
  if (root == nullptr) return false;
  const BareSection& section = root[nr % kSectionsPerRoot];
  const unsigned flags = section.flags;
  if ((flags & BareSection::kValid) == 0) return false;
  return (flags & BareSection::kWhole) != 0 ||
         (section.bitmap >> (pfn.value() % kPagesPerSection / kPagesPerSubsection) & 1) != 0;
}

class BareLayer final : public PfnValidity {
 public:
  explicit BareLayer(const BareTable& table) : table_(table) {}
  Answer PfnValid(Pfn pfn) override { return Answer::Value(Valid(table_, pfn) ? 1 : 0); }

 private:
  const BareTable& table_;
};

}  // namespace

void BareTable::Put(SectionNr nr, const BareSection& section) {
  BareSection*& root = roots[nr.value() / kSectionsPerRoot];
  if (root == nullptr) {
    memory.push_back(std::make_unique<BareSection[]>(kSectionsPerRoot));
    root = memory.back().get();
  }
  root[nr.value() % kSectionsPerRoot] = section;
}

bool BarePfnValid(const BareTable& table, Pfn pfn) { return Valid(table, pfn); }

std::unique_ptr<PfnValidity> MakeBareLayer(const BareTable& table) { return std::make_unique<BareLayer>(table); }

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
