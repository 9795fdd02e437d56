// SPDX-License-Identifier: Apache-2.0
// Answers and facts: how they are made, and that equality sees every field.
#include "hotplug/answer.h"

#include <gtest/gtest.h>

#include "hotplug/facts.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

TEST(Answer, Makers) {
  EXPECT_TRUE(Answer::Value(0).ok());
  EXPECT_TRUE(Answer::Value(1).ok());
  EXPECT_EQ(Answer::Value(0, 3).warnings, 3);
  const Answer refused = Answer::Error(kEBUSY, 1);
  EXPECT_FALSE(refused.ok());
  EXPECT_TRUE(refused.is_error(kEBUSY));
  EXPECT_FALSE(refused.is_error(kENXIO));
  EXPECT_EQ(refused.value, -16);
  EXPECT_EQ(refused.warnings, 1);
  EXPECT_FALSE(Answer::Of(Answer::Kind::kNone).ok());
  EXPECT_FALSE(Answer::Of(Answer::Kind::kNone).is_error(kENXIO));
  EXPECT_EQ(Answer::Intersects(Overlap::kMixed).kind, Answer::Kind::kOverlap);
  EXPECT_EQ(Answer::Intersects(Overlap::kMixed).value, static_cast<int>(Overlap::kMixed));
  EXPECT_EQ(Answer::Mapping(kNoHandle).kind, Answer::Kind::kNone);
  EXPECT_EQ(Answer::Mapping(kMaxOps - 1).kind, Answer::Kind::kMapping);
  EXPECT_EQ(Answer::Mapping(kMaxOps - 1).value, kMaxOps - 1);
  const PageView page{.zone = Zone::kDevice, .map = 4};
  EXPECT_EQ(Answer::Page(page).kind, Answer::Kind::kPage);
  EXPECT_TRUE(Answer::Page(page).page == page);
}

TEST(Answer, OnlyBugAndFaultStop) {
  using Kind = Answer::Kind;
  for (Kind kind : {Kind::kValue, Kind::kAlready, Kind::kNone, Kind::kPending, Kind::kBug, Kind::kFault, Kind::kPage,
                    Kind::kOverlap, Kind::kMapping}) {
    EXPECT_EQ(Answer::Of(kind).stops(), kind == Kind::kBug || kind == Kind::kFault);
    EXPECT_EQ(Answer::Of(kind).ok(), kind == Kind::kValue);
  }
}

TEST(Answer, Names) {
  EXPECT_EQ(ErrnoName(0), "0");
  EXPECT_EQ(ErrnoName(-kENXIO), "-ENXIO");
  EXPECT_EQ(ErrnoName(-kE2BIG), "-E2BIG");
  EXPECT_EQ(ErrnoName(-kENOMEM), "-ENOMEM");
  EXPECT_EQ(ErrnoName(-kEBUSY), "-EBUSY");
  EXPECT_EQ(ErrnoName(-kEEXIST), "-EEXIST");
  EXPECT_EQ(ErrnoName(-kEINVAL), "-EINVAL");
  EXPECT_EQ(ErrnoName(-kERANGE), "-ERANGE");
  EXPECT_EQ(ErrnoName(-kEPERM), "-EPERM");
  EXPECT_EQ(ErrnoName(-kEIO), "-EIO");
  EXPECT_EQ(ErrnoName(-kENODEV), "-ENODEV");
  EXPECT_EQ(ErrnoName(-kEOPNOTSUPP), "-EOPNOTSUPP");
  EXPECT_EQ(ErrnoName(kENXIO), "");
  EXPECT_EQ(ErrnoName(-2), "");
  EXPECT_EQ(ZoneName(Zone::kDma), "DMA");
  EXPECT_EQ(ZoneName(Zone::kDma32), "DMA32");
  EXPECT_EQ(ZoneName(Zone::kNormal), "Normal");
  EXPECT_EQ(ZoneName(Zone::kMovable), "Movable");
  EXPECT_EQ(ZoneName(Zone::kDevice), "Device");
  EXPECT_EQ(OverlapName(Overlap::kDisjoint), "disjoint");
  EXPECT_EQ(OverlapName(Overlap::kIntersects), "intersects");
  EXPECT_EQ(OverlapName(Overlap::kMixed), "mixed");
}

// Every change of one field, however small, makes a different value; two changes of the same kind do not.
template <typename T, typename... Changes>
void ExpectEachCounts(Changes... changes) {
  unsigned number = 0;
  const auto one = [&number](auto change) {
    T changed;
    change(changed);
    T again;
    change(again);
    EXPECT_TRUE(T() == T());
    EXPECT_TRUE(changed == again) << "change " << number;
    EXPECT_FALSE(changed == T()) << "change " << number;
    ++number;
  };
  (one(changes), ...);
}

TEST(Equality, OfPageViews) {
  using V = PageView;
  ExpectEachCounts<V>([](V& v) { v.zone = Zone::kDevice; }, [](V& v) { v.nid = 1; }, [](V& v) { v.initialised = true; },
                      [](V& v) { v.reserved = true; }, [](V& v) { v.count = 1; }, [](V& v) { v.map = kForeignHandle; });
}

TEST(Equality, OfAnswers) {
  using A = Answer;
  ExpectEachCounts<A>([](A& a) { a.kind = A::Kind::kNone; }, [](A& a) { a.warnings = 1; }, [](A& a) { a.value = -1; },
                      [](A& a) { a.killed = true; }, [](A& a) { a.refs_left = 1; }, [](A& a) { a.altmap_alloc = 1; },
                      [](A& a) { a.altmap_align = 1; }, [](A& a) { a.page.reserved = true; });
}

TEST(Equality, OfSectionFacts) {
  using F = SectionFacts;
  ExpectEachCounts<F>([](F& f) { f.present = true; }, [](F& f) { f.valid = true; }, [](F& f) { f.online = true; },
                      [](F& f) { f.early = true; }, [](F& f) { f.tainted = true; }, [](F& f) { f.kept_usage = true; },
                      [](F& f) { f.block = BlockState::kOnline; }, [](F& f) { f.memmap = MemmapKind::kPart; },
                      [](F& f) { f.memmap_pages = 8; }, [](F& f) { f.bitmap = 1; },
                      [](F& f) { f.direct_map = uint64_t{1} << (kSubsectionsPerSection - 1); });
}

TEST(Equality, OfPfnFacts) {
  using F = PfnFacts;
  ExpectEachCounts<F>([](F& f) { f.valid = true; }, [](F& f) { f.online = true; }, [](F& f) { f.backed = true; },
                      [](F& f) { f.unspecified = true; }, [](F& f) { f.map = 0; }, [](F& f) { f.page.count = 1; });
}

TEST(Equality, OfSpans) {
  using S = NodeSpans;
  ExpectEachCounts<S>([](S& s) { s.node.start = Pfn(1); }, [](S& s) { s.node.end = Pfn(1); },
                      [](S& s) { s.node.present = 1; }, [](S& s) { s.zone[0].start = Pfn(1); },
                      [](S& s) { s.zone[kZones - 1].end = Pfn(1); }, [](S& s) { s.zone[kZones - 1].present = 1; });
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
