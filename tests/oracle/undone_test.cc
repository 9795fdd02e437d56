// SPDX-License-Identifier: Apache-2.0
// The invariants on what a refused request for memory must leave undone, each with a section that breaks it and one
// that does not. What layers really leave is in fail_alloc_test.cc.
#include <gtest/gtest.h>

#include <string>

#include "oracle/invariants.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using enum AllocSite;

constexpr SectionFacts kLeftDirectMap{.direct_map = kFullBitmap};
constexpr SectionFacts kComplete{
    .present = true, .valid = true, .memmap = MemmapKind::kHuge, .bitmap = kFullBitmap, .direct_map = kFullBitmap};
constexpr SectionFacts kBasePages{.memmap = MemmapKind::kPart, .memmap_pages = 1};

SectionFacts With(SectionFacts facts, BlockState block) {
  facts.block = block;
  return facts;
}

struct Left {
  Side side;
  AllocSite site;
  SectionFacts section;  // after the failure; before it there was nothing
  const char* broken;    // "" for none
};
const Left kLeft[] = {
    {Side::kLegacy, kPat, {}, ""},
    {Side::kLegacy, kPat, kLeftDirectMap, "refused-before-pages"},
    {Side::kSubsection, kCounter, kComplete, "refused-before-pages"},
    {Side::kLegacy, kResource, kLeftDirectMap, "refused-before-pages"},
    {Side::kSubsection, kLookup, kLeftDirectMap, "refused-before-pages"},
    {Side::kSubsection, kUsemap, kLeftDirectMap, ""},
    {Side::kSubsection, kRoot, kComplete, ""},
    {Side::kSubsection, kUsemap, With(kLeftDirectMap, BlockState::kOffline), "block-implies-present"},
    {Side::kLegacy, kMemmapBase, kBasePages, ""},
    {Side::kSubsection, kMemmapBase, kBasePages, "memmap-implies-present"},
    {Side::kLegacy, kBlock, kComplete, ""},
    {Side::kLegacy, kBlock, kBasePages, "failed-block-leaves-section"},
    {Side::kSubsection, kBlockName, {}, ""},
    {Side::kSubsection, kBlockName, kLeftDirectMap, "failed-block-is-undone"},
    {Side::kSubsection, kBlock, kComplete, "failed-block-is-undone"},
    {Side::kLegacy, kAction, {}, ""},
    {Side::kLegacy, kAction, kComplete, "failed-action-releases"},
    {Side::kSubsection, kAction, kComplete, "failed-action-releases"},
};

PfnFacts PageThatIs(bool valid) {
  PfnFacts facts;
  facts.valid = facts.backed = valid;
  return facts;
}

std::string Broken(InvariantInput input) {
  input.asked = kFullBitmap;
  input.first = input.last = PageThatIs(input.section.valid);
  const int index = BrokenInvariant(input, kNever);
  return index < 0 ? "" : std::string(Invariants()[static_cast<size_t>(index)].id);
}

TEST(Undone, WhatASiteMayLeave) {
  for (const Left& left : kLeft) {
    EXPECT_EQ(Broken({.side = left.side, .section = left.section, .failed = Sites(left.site)}), left.broken)
        << static_cast<int>(left.side) << ", site " << static_cast<int>(left.site);
  }
}

// A section that was there and half of which was asked for.
TEST(Undone, PartOfASection) {
  InvariantInput input{.side = Side::kSubsection, .section = kComplete, .failed = Sites(kMemmapBase)};
  input.section.bitmap = 3;
  input.section.memmap = MemmapKind::kPart;
  input.section.memmap_pages = 2 * kMemmapPagesPerSubsection;
  input.before = input.section;
  input.first = PageThatIs(true);
  EXPECT_EQ(BrokenInvariant(input, kNever), -1);
  input.asked = 0xc;
  input.section.bitmap = 7;  // one of two asked for
  input.section.memmap_pages += kMemmapPagesPerSubsection;
  const int index = BrokenInvariant(input, kNever);
  ASSERT_GE(index, 0);
  EXPECT_EQ(Invariants()[static_cast<size_t>(index)].id, "failed-section-as-before");
}

TEST(Undone, ResourcesAndUsemaps) {
  EXPECT_EQ(Broken({.failed = Sites(kUsemap), .resources_before = 2, .resources = 2}), "");
  EXPECT_EQ(Broken({.failed = Sites(kUsemap), .resources_before = 2, .resources = 3}), "failure-releases-resource");
  EXPECT_EQ(Broken({.hot_sections = 2, .boot_sections = 1, .usemaps = 3}), "");
  EXPECT_EQ(Broken({.hot_sections = 2, .boot_sections = 1, .usemaps = 1}), "usemaps-of-hot-sections");
  EXPECT_EQ(Broken({.hot_sections = 2, .boot_sections = 1, .usemaps = 4}), "usemaps-of-hot-sections");
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
