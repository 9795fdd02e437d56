// SPDX-License-Identifier: Apache-2.0
// SectionTable against a map, over several generations of one table.
#include "machine/section_table.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/random.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

struct Value {
  int number = 7;
};

constexpr uint64_t kAllSections = uint64_t{1} << (kPhysmemBits5Level - kSectionShift);

TEST(SectionTable, AbsentUntilMade) {
  SectionTable<Value> table;
  table.Reset(kAllSections);
  EXPECT_EQ(table.sections(), kAllSections);
  EXPECT_EQ(table.Find(SectionNr(0)), nullptr);
  EXPECT_EQ(table.Find(SectionNr(kAllSections - 1)), nullptr);
  Value& made = table.Make(SectionNr(kAllSections - 1));
  EXPECT_EQ(made.number, 7);
  made.number = 8;
  EXPECT_EQ(&table.Make(SectionNr(kAllSections - 1)), &made);
  EXPECT_EQ(table.Find(SectionNr(kAllSections - 1)), &made);
  EXPECT_EQ(made.number, 8);
  // In the same root, but nobody made it.
  EXPECT_EQ(table.Find(SectionNr(kAllSections - 2)), nullptr);
}

TEST(SectionTable, NothingOutside) {
  SectionTable<Value> exact;
  exact.Reset(kSectionsPerRoot);
  EXPECT_EQ(exact.Find(SectionNr(kSectionsPerRoot)), nullptr);  // there is no root to look into
  SectionTable<Value> table;
  table.Reset(kSectionsPerRoot + 1);
  table.Make(SectionNr(kSectionsPerRoot));
  EXPECT_EQ(table.Find(SectionNr(kSectionsPerRoot + 1)), nullptr);  // its root is there
  EXPECT_EQ(table.Find(SectionNr(2 * kSectionsPerRoot)), nullptr);
  EXPECT_EQ(table.Find(SectionNr(~uint64_t{0})), nullptr);
  // A smaller machine keeps the roots, not the sections.
  table.Reset(1);
  EXPECT_EQ(table.Find(SectionNr(kSectionsPerRoot)), nullptr);
  EXPECT_EQ(table.Find(SectionNr(1)), nullptr);
}

TEST(SectionTable, ResetForgets) {
  SectionTable<Value> table;
  for (int generation = 0; generation < 5; ++generation) {
    table.Reset(3 * kSectionsPerRoot);
    EXPECT_FALSE(table.HasRoot(SectionNr(0)));
    // Another root each time, so that pool entries change hands.
    for (uint64_t i = 0; i < 3; ++i) {
      const SectionNr nr((i + static_cast<uint64_t>(generation)) % 3 * kSectionsPerRoot + 5);
      EXPECT_EQ(table.Find(nr), nullptr);
      Value& value = table.Make(nr);
      EXPECT_EQ(value.number, 7) << "generation " << generation;
      value.number = generation;
    }
  }
}

// What the table should say, with ordered containers.
struct Model {
  std::map<uint64_t, int> values;
  std::set<uint64_t> roots;
};

void CheckWalks(const SectionTable<Value>& table, const Model& model, uint64_t from) {
  const auto in_root = [&](uint64_t nr) { return model.roots.count(nr / kSectionsPerRoot) != 0; };
  uint64_t next = from;
  while (next < table.sections() && !in_root(next)) ++next;
  const SectionNr found = table.NextInRoots(SectionNr(from));
  if (next < table.sections()) {
    ASSERT_EQ(found.value(), next);
  } else {
    ASSERT_GE(found.value(), table.sections());
  }
  uint64_t previous = from + 1;
  while (previous > 0 && !in_root(previous - 1)) --previous;
  SectionNr back(from);
  ASSERT_EQ(table.PreviousInRoots(&back), previous != 0);
  if (previous != 0) {
    ASSERT_EQ(back.value(), previous - 1);
  }
}

TEST(SectionTable, AgainstAMap) {
  Random random(1);
  SectionTable<Value> table;
  for (int generation = 0; generation < 30; ++generation) {
    const uint64_t sections = (4 + random.Below(8)) * kSectionsPerRoot;
    table.Reset(sections);
    Model model;
    for (int i = 0; i < 200; ++i) {
      const uint64_t nr = random.Below(sections);
      switch (random.Below(8)) {
        case 0:
          model.roots.insert(nr / kSectionsPerRoot);
          table.MakeRoot(SectionNr(nr));
          break;
        case 1:
          model.roots.insert(nr / kSectionsPerRoot);
          model.values[nr] = table.Make(SectionNr(nr)).number = i;
          break;
        case 2: CheckWalks(table, model, nr); break;
        default: {
          const uint64_t wanted = model.values.empty() || random.Below(2) == 0 ? nr : model.values.begin()->first;
          const Value* value = table.Find(SectionNr(wanted));
          const auto expected = model.values.find(wanted);
          ASSERT_EQ(value != nullptr, expected != model.values.end());
          if (value != nullptr) {
            ASSERT_EQ(value->number, expected->second);
          }
          ASSERT_EQ(table.HasRoot(SectionNr(wanted)), model.roots.count(wanted / kSectionsPerRoot) != 0);
        }
      }
      ASSERT_FALSE(HasFatalFailure()) << "generation " << generation << ", step " << i;
    }
    for (const auto& [nr, number] : model.values) {
      ASSERT_EQ(table.Find(SectionNr(nr))->number, number);
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
