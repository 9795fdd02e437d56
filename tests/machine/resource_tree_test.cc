// SPDX-License-Identifier: Apache-2.0
// ResourceTree against a set of nesting ranges, and the answers that follow from the kernel's order of checks.
#include "machine/resource_tree.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/machine/resource_model.h"
#include "tests/random.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kPage = kPageSize;
constexpr uint64_t kSpace = 32;  // pages that random ranges lie in

PhysRange Pages(uint64_t first, uint64_t end) { return {first * kPage, (end - first) * kPage}; }

FirmwareMap MapOf(std::vector<FirmwareRange> ranges) {
  FirmwareMap map;
  for (const FirmwareRange& range : ranges) map.ranges[map.count++] = range;
  map.phys_bits = kPageShift + 5;
  return map;
}

// "0-8 busy ram, 1: 2-4 idle": depth (when not 0), pages, flags.
std::string Text(const std::vector<ResourceRow>& rows) {
  std::string text;
  for (const ResourceRow& row : rows) {
    if (!text.empty()) text += ", ";
    if (row.depth != 0) text += std::to_string(row.depth) + ": ";
    text += std::to_string(row.range.start / kPage) + "-" + std::to_string(row.range.end() / kPage);
    text += row.busy ? " busy" : " idle";
    if (row.ram) text += " ram";
  }
  return text;
}
std::string Text(const ResourceTree& tree) {
  std::vector<ResourceRow> rows(tree.Rows(nullptr, 0));
  EXPECT_EQ(tree.Rows(rows.data(), rows.size()), rows.size());
  return Text(rows);
}

class ResourceTreeTest : public testing::Test {
 protected:
  void SetUp() override { tree_.Boot(map_); }
  const FirmwareMap map_ = MapOf({{FirmwareKind::kRam, 0, Pages(0, 8)},
                                  {FirmwareKind::kUnmovable, 0, Pages(2, 3)},
                                  {FirmwareKind::kPmem, 0, Pages(8, 16)},
                                  {FirmwareKind::kReserved, 0, Pages(16, 18)}});
  ResourceTree tree_;
};

TEST_F(ResourceTreeTest, Boot) {
  EXPECT_EQ(Text(tree_), "0-8 busy ram, 8-16 idle, 16-18 idle");
  tree_.Insert(1, Pages(20, 22), false, false);
  tree_.Boot(map_);
  EXPECT_EQ(Text(tree_), "0-8 busy ram, 8-16 idle, 16-18 idle");
}

TEST_F(ResourceTreeTest, RequestsDescendIntoIdleOnly) {
  EXPECT_FALSE(tree_.RequestRam(Pages(2, 3)));
  EXPECT_FALSE(tree_.RequestRam(Pages(15, 17)));
  EXPECT_TRUE(tree_.RequestRam(Pages(10, 12)));
  EXPECT_FALSE(tree_.RequestRam(Pages(10, 11)));
  EXPECT_TRUE(tree_.RequestRam(Pages(18, 32)));
  EXPECT_EQ(Text(tree_), "0-8 busy ram, 8-16 idle, 1: 10-12 busy ram, 16-18 idle, 18-32 busy ram");
  tree_.ReleaseRam(Pages(10, 12));
  EXPECT_EQ(Text(tree_), "0-8 busy ram, 8-16 idle, 16-18 idle, 18-32 busy ram");
}

TEST_F(ResourceTreeTest, RangesThatAreNone) {
  for (const PhysRange range : {PhysRange{20 * kPage, 0}, PhysRange{20 * kPage, ~uint64_t{0}}, Pages(31, 33),
                                Pages(40, 41), PhysRange{~uint64_t{0}, 1}, PhysRange{0, 0}}) {
    EXPECT_FALSE(tree_.RequestRam(range)) << range.start << "+" << range.size;
    EXPECT_FALSE(tree_.Insert(1, range, true, true)) << range.start << "+" << range.size;
    tree_.ReleaseAdjustable(range);
    EXPECT_EQ(Text(tree_), "0-8 busy ram, 8-16 idle, 16-18 idle") << range.start << "+" << range.size;
  }
  EXPECT_FALSE(tree_.Remove(1));
}

TEST_F(ResourceTreeTest, InsertTakesChildren) {
  EXPECT_TRUE(tree_.Insert(1, Pages(8, 18), true, false));
  EXPECT_FALSE(tree_.Insert(2, Pages(7, 9), false, false));
  EXPECT_TRUE(tree_.Insert(3, Pages(8, 16), true, true));  // around the one of its size
  EXPECT_TRUE(tree_.Insert(4, Pages(9, 10), false, false));
  EXPECT_EQ(Text(tree_), "0-8 busy ram, 8-18 busy, 1: 8-16 busy ram, 2: 8-16 idle, 3: 9-10 idle, 1: 16-18 idle");
  EXPECT_TRUE(tree_.Remove(3));
  EXPECT_FALSE(tree_.Remove(3));
  EXPECT_FALSE(tree_.Remove(kNoHandle));
  EXPECT_TRUE(tree_.Remove(1));
  EXPECT_EQ(Text(tree_), "0-8 busy ram, 8-16 idle, 1: 9-10 idle, 16-18 idle");
}

TEST_F(ResourceTreeTest, ReleaseTrimsAndSplits) {
  tree_.ReleaseAdjustable(Pages(0, 1));
  EXPECT_EQ(Text(tree_), "1-8 busy ram, 8-16 idle, 16-18 idle");
  tree_.ReleaseAdjustable(Pages(7, 8));
  EXPECT_EQ(Text(tree_), "1-7 busy ram, 8-16 idle, 16-18 idle");
  tree_.ReleaseAdjustable(Pages(3, 5));
  EXPECT_EQ(Text(tree_), "1-3 busy ram, 5-7 busy ram, 8-16 idle, 16-18 idle");
  tree_.ReleaseAdjustable(Pages(2, 6));   // over two nodes
  tree_.ReleaseAdjustable(Pages(9, 10));  // nothing busy
  EXPECT_EQ(Text(tree_), "1-3 busy ram, 5-7 busy ram, 8-16 idle, 16-18 idle");
  tree_.ReleaseAdjustable(Pages(1, 3));
  EXPECT_EQ(Text(tree_), "5-7 busy ram, 8-16 idle, 16-18 idle");
}

TEST_F(ResourceTreeTest, ChildrenAreInTheWayOfATrim) {
  ASSERT_TRUE(tree_.Insert(1, Pages(6, 7), false, false));
  tree_.ReleaseAdjustable(Pages(0, 4));
  EXPECT_EQ(Text(tree_), "4-8 busy ram, 1: 6-7 idle, 8-16 idle, 16-18 idle");
  tree_.ReleaseAdjustable(Pages(5, 8));
  EXPECT_EQ(Text(tree_), "4-8 busy ram, 1: 6-7 idle, 8-16 idle, 16-18 idle");
}

// A range of length 0 ends before it begins: it meets the node around it at the top level, and no other.
TEST_F(ResourceTreeTest, IntersectionOfNothing) {
  EXPECT_EQ(tree_.IntersectsTopLevel({4 * kPage, 0}), Overlap::kIntersects);
  EXPECT_EQ(tree_.IntersectsTopLevel({12 * kPage, 0}), Overlap::kDisjoint);
  EXPECT_EQ(tree_.IntersectsTopLevel({8 * kPage, 0}), Overlap::kMixed);  // the last byte before, the first one after
}

// What release_mem_region_adjustable leaves of a range that wraps, and how the walks of 5.1 and 6.1 end in it.
TEST_F(ResourceTreeTest, SearchesEndWhereOrderIsLost) {
  const PhysRange wraps{6 * kPage, 0 - 4 * kPage};
  ASSERT_TRUE(tree_.ReleaseAdjustable(wraps));
  EXPECT_EQ(Text(tree_), "0-6 busy ram, 2-8 busy ram, 8-16 idle, 16-18 idle");
  ASSERT_TRUE(tree_.ReleaseAdjustable(Pages(2, 4)));
  EXPECT_EQ(Text(tree_), "0-2 busy ram, 4-6 busy ram, 2-8 busy ram, 8-16 idle, 16-18 idle");
  const auto found = [this](PhysRange range) {
    PfnRange ram;
    return tree_.NextSystemRam(&range, &ram);
  };
  EXPECT_FALSE(found(Pages(2, 3)));
  EXPECT_TRUE(found(Pages(6, 7)));
  // RAM that 5.1 would not pass gives way to something else that it does pass.
  ASSERT_TRUE(tree_.Insert(1, Pages(3, 4), false, false));
  ASSERT_TRUE(tree_.ReleaseAdjustable(Pages(4, 6)));
  EXPECT_EQ(Text(tree_), "0-2 busy ram, 3-4 idle, 2-8 busy ram, 8-16 idle, 16-18 idle");
  EXPECT_TRUE(found(Pages(2, 3)));
  EXPECT_EQ(tree_.SystemRamPages(Pages(2, 3)), 0U);
  EXPECT_EQ(tree_.SystemRamPages(Pages(6, 7)), 1U);
}

TEST_F(ResourceTreeTest, NestedRamIsSeenByOneOfTheTwo) {
  ASSERT_TRUE(tree_.RequestRam(Pages(8, 16)));
  EXPECT_EQ(tree_.IntersectsTopLevel(Pages(9, 10)), Overlap::kDisjoint);
  EXPECT_EQ(tree_.IntersectsNested(Pages(9, 10)), Overlap::kIntersects);
  EXPECT_EQ(tree_.IntersectsNested(Pages(9, 17)), Overlap::kMixed);
  EXPECT_EQ(tree_.IntersectsTopLevel(Pages(7, 9)), Overlap::kMixed);
  EXPECT_EQ(tree_.IntersectsNested(Pages(7, 9)), Overlap::kIntersects);
}

class AgainstModel : public ResourceTreeTest {
 protected:
  PhysRange AnyPages() {
    const uint64_t first = random_.Below(kSpace);
    return Pages(first, first + 1 + random_.Below(random_.OneIn(3) ? 20 : 5));
  }

  void Step(Handle handle, ResourceModel* model) {
    const PhysRange range = AnyPages();
    const bool busy = random_.OneIn(2);
    const bool ram = random_.OneIn(2);
    switch (random_.Below(6)) {
      case 0: ASSERT_EQ(tree_.RequestRam(range), model->RequestRam(range)); break;
      case 1:
        if (!model->RequestRam(range)) break;
        ASSERT_TRUE(tree_.RequestRam(range));
        tree_.ReleaseRam(range);
        model->ReleaseLatest();
        break;
      case 2:
        tree_.ReleaseAdjustable(range);
        model->ReleaseAdjustable(range);
        break;
      case 3: {
        const Handle victim = static_cast<Handle>(random_.Below(handle + 1U));
        ASSERT_EQ(tree_.Remove(victim), model->Remove(victim));
        break;
      }
      default: ASSERT_EQ(tree_.Insert(handle, range, busy, ram), model->Insert(handle, range, busy, ram));
    }
  }

  void Compare(const ResourceModel& model) {
    ASSERT_EQ(Text(tree_), Text(model.Rows()));
    const PhysRange range = AnyPages();
    ASSERT_EQ(tree_.IntersectsTopLevel(range), model.Intersects(range, false))
        << Text(tree_) << "; " << Text({{range}});
    ASSERT_EQ(tree_.IntersectsNested(range), model.Intersects(range, true)) << Text(tree_) << "; " << Text({{range}});
    ASSERT_EQ(tree_.SystemRamPages(range), model.SystemRamPages(range)) << Text(tree_) << "; " << Text({{range}});
  }

  Random random_{1};
};

TEST_F(AgainstModel, RandomChanges) {
  for (unsigned run = 0; run < 3000; ++run) {
    tree_.Boot(map_);
    ResourceModel model(map_);
    std::string before = Text(tree_);
    for (Handle i = 0; i < 30; ++i) {
      Step(i, &model);
      Compare(model);
      ASSERT_FALSE(HasFatalFailure()) << "run " << run << ", step " << i << ", before: " << before;
      before = Text(tree_);
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
