// SPDX-License-Identifier: Apache-2.0
// Failed allocations: every site of every implementation and its reference, as real kernels were seen to meet them.
//
// Each row arms a failure, gives the operation that meets it, tries that again and takes everything down, with the
// answer and the state after each. A site without a row fails the test, as does a row whose failure meets nothing. The
// combinations that the generator finds are judged elsewhere: layer against reference, generation against generation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "registry/registry.h"
#include "tests/oracle/fail_alloc_rows.h"
#include "trace/answer_text.h"
#include "trace/apply.h"
#include "trace/generate.h"
#include "trace/kind_traits.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using enum AllocSite;

constexpr char kMachine[] = "ram 1000-2fffffff\n";
constexpr const char* kSiteNames[kAllocSites] = {"root",       "memmap",   "memmap_base", "usemap",
                                                 "lookup",     "pat",      "direct_map",  "block",
                                                 "block_name", "resource", "action",      "counter"};

std::vector<const Implementation*> ImplementationsOf(std::string_view who) {
  std::vector<const Implementation*> found;
  for (const Implementation& implementation : Implementations()) {
    if (implementation.name.starts_with(who)) found.push_back(&implementation);
  }
  return found;
}

std::string Hex(uint64_t number) {
  char text[20];
  std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(number));
  return text;
}

std::string FlagsOf(const SectionFacts& facts) {
  std::string text;
  if (facts.present) text += 'P';
  if (facts.valid) text += 'V';
  if (facts.tainted) text += 'T';
  switch (facts.memmap) {
    case MemmapKind::kNone: break;
    case MemmapKind::kHuge: text += 'm'; break;
    case MemmapKind::kBase: text += 't'; break;
    case MemmapKind::kPart: text += "q" + Hex(facts.memmap_pages); break;
  }
  if (facts.direct_map != 0) text += facts.direct_map == kFullBitmap ? "d" : "d" + Hex(facts.direct_map);
  if (facts.block != BlockState::kNone) text += facts.block == BlockState::kOnline ? "/on" : "/off";
  if (facts.bitmap != 0 && facts.bitmap != kFullBitmap) text += " bits=" + Hex(facts.bitmap);
  return text;
}

// Sections that hotplug may have touched with their flags as recorded states write them, usemaps, resources beside the
// boot RAM, lookups of first pages, the span of Device.
std::string StateOf(const HotplugLayer& layer) {
  std::string text;
  std::string lookups;
  const auto section = [&](uint64_t nr) {
    const std::string flags = FlagsOf(layer.Section(SectionNr(nr)));
    if (!flags.empty()) text += Hex(nr) + ":" + flags + " ";
    const Handle map = layer.Facts(SectionNr(nr).first_pfn()).map;
    if (map != kNoHandle) lookups += " " + Hex(nr) + "=" + std::to_string(map);
  };
  for (uint64_t nr = 8; nr < 12; ++nr) section(nr);
  for (uint64_t nr = kSectionsPerRoot - 1; nr < kSectionsPerRoot + 1; ++nr) section(nr);
  text += "U" + std::to_string(layer.UsemapBalance());
  std::vector<ResourceRow> rows(layer.Resources(nullptr, 0));
  layer.Resources(rows.data(), rows.size());
  for (size_t i = 1; i < rows.size(); ++i) text += " R" + Hex(rows[i].range.start) + "+" + Hex(rows[i].range.size);
  if (!lookups.empty()) text += " G" + lookups;
  const Span& device = layer.Node(0).zone[static_cast<unsigned>(Zone::kDevice)];
  if (device.start != device.end) text += " Z" + Hex(device.start.byte()) + "-" + Hex(device.end.byte());
  return text;
}

std::string TextOf(const Answer& answer) {
  std::string text;
  const bool payload = answer.killed || answer.refs_left != 0 || answer.altmap_alloc != 0 || answer.altmap_align != 0;
  AppendAnswer(answer, payload, {}, &text);
  return text;
}

Trace TraceOf(const FailAllocRow& row) {
  std::string text = kMachine;
  for (const char* plan : row.armed) text += std::string("fail_alloc ") + plan + "\n";
  for (const FailAllocStep& step : row.ops) text += std::string(step.op) + "\n";
  absl::StatusOr<Trace> trace = ParseTrace(text, row.what);
  EXPECT_TRUE(trace.ok()) << trace.status();
  return trace.ok() ? *std::move(trace) : Trace();
}

// Runs the row on one machine; where requests failed.
AllocSites RunRow(const FailAllocRow& row, HotplugLayer& machine) {
  const Trace trace = TraceOf(row);
  machine.Boot(trace.map);
  AllocSites failed = 0;
  size_t next = 0;
  for (const Op& op : trace.ops) {
    if (op.kind == OpKind::kFailAlloc) {
      machine.ArmFailure(op.fail);
      continue;
    }
    const Answer answer = Apply(op, machine);
    failed |= machine.FailedSites();
    machine.ArmFailure({});
    const FailAllocStep& expected = row.ops[next++];
    EXPECT_EQ(TextOf(answer), expected.answer) << row.who << ", " << row.what << ": " << expected.op;
    if (!answer.stops()) {
      EXPECT_EQ(StateOf(machine), expected.state) << row.who << ", " << row.what << ": " << expected.op;
    }
  }
  return failed;
}

TEST(FailAlloc, MeetsWhatKernelsWereSeenToDo) {
  for (const FailAllocRow& row : kFailAllocRows) {
    for (const Implementation* implementation : ImplementationsOf(row.who)) {
      SCOPED_TRACE(implementation->name);
      EXPECT_NE(RunRow(row, *implementation->make_layer()) & Sites(row.site), 0) << row.what << ": nothing failed";
      SCOPED_TRACE("reference");
      EXPECT_NE(RunRow(row, *implementation->make_reference()) & Sites(row.site), 0) << row.what << ": nothing failed";
    }
  }
}

bool Asks(const Implementation& implementation, AllocSite site) {
  return implementation.generation != Generation::kLegacy || site != kCounter;
}

// The n-th request and all from the n-th on.
TEST(FailAlloc, EverySiteHasItsRows) {
  for (const Implementation& implementation : Implementations()) {
    if (implementation.generation == Generation::kSeries) continue;  // no such kernel was asked
    for (unsigned i = 0; i < kAllocSites; ++i) {
      const auto site = static_cast<AllocSite>(i);
      std::set<bool> from;
      for (const FailAllocRow& row : kFailAllocRows) {
        if (row.site != site || !implementation.name.starts_with(row.who)) continue;
        for (const Op& op : TraceOf(row).ops) {
          if (op.kind == OpKind::kFailAlloc && op.fail.site == site) from.insert(op.fail.from);
        }
      }
      EXPECT_EQ(from.size(), Asks(implementation, site) ? 2U : 0U) << implementation.name << ", " << kSiteNames[i];
    }
  }
}

// A life of everything, in operations that succeed, with the sites that `sites_of` gives armed for each.
template <typename SitesOf>
std::vector<std::string> Life(HotplugLayer& machine, SitesOf sites_of) {
  const absl::StatusOr<Trace> trace = ParseTrace(std::string(kMachine) + R"(
add_memory 40000000+10000000
online_pages 40000000+10000000 movable
pin_page 40000
unpin_page 40000
offline_pages 40000000+10000000
remove_memory 40000000+10000000
memremap_pages a 40000000+10000000
pin_page 40000
get_dev_pagemap 40000
memunmap_pages a
unpin_page 40000
insert_resource r 60000000+1000 busy
region_intersects 60000000+1000
remove_resource r
arch_add_memory 40000000+8000000
arch_remove_memory 40000000+8000000
__add_pages 7f8000000+10000000
move_pfn_range_to_zone Normal 7f8000000+10000000
struct_page 7f8000
pfn_valid 7f8000
pfn_to_online_page 7f8000
remove_pfn_range_from_zone Normal 7f8000000+10000000
__remove_pages Normal 7f8000000+10000000
)",
                                                 "life");
  EXPECT_TRUE(trace.ok()) << trace.status();
  std::vector<std::string> told;
  if (!trace.ok()) return told;
  machine.Boot(trace->map);
  for (const Op& op : trace->ops) {
    for (unsigned i = 0; i < kAllocSites; ++i) {
      const auto site = static_cast<AllocSite>(i);
      if ((sites_of(op.kind) & Sites(site)) != 0) machine.ArmFailure({.site = site, .from = true, .n = 1});
    }
    told.push_back(std::string(SpecOf(op.kind).name) + " " + TextOf(Apply(op, machine)) + " " + StateOf(machine));
    EXPECT_EQ(machine.FailedSites(), 0) << told.back();
    machine.ArmFailure({});
  }
  return told;
}

TEST(FailAlloc, ChangesNothingWhereNothingIsAsked) {
  for (const Implementation& implementation : Implementations()) {
    SCOPED_TRACE(implementation.name);
    const auto never = [&](OpKind kind) {
      AllocSites sites = static_cast<AllocSites>(~TraitsOf(kind).sites);
      for (unsigned i = 0; i < kAllocSites; ++i) {
        if (!Asks(implementation, static_cast<AllocSite>(i))) sites |= Sites(static_cast<AllocSite>(i));
      }
      return sites;
    };
    const auto none = [](OpKind) { return AllocSites{0}; };
    for (const bool reference : {false, true}) {
      const auto make = reference ? implementation.make_reference : implementation.make_layer;
      EXPECT_EQ(Life(*make(), never), Life(*make(), none));
    }
  }
}

// A plan for the same site replaces the first, n = 0 disarms all.
TEST(FailAlloc, PlansAddUp) {
  for (const Implementation& implementation : Implementations()) {
    for (const bool reference : {false, true}) {
      const auto machine = reference ? implementation.make_reference() : implementation.make_layer();
      FirmwareMap map;
      machine->Boot(map);
      machine->ArmFailure({.site = kMemmap, .from = true, .n = 1});
      machine->ArmFailure({.site = kUsemap, .n = 1});
      machine->ArmFailure({.site = kUsemap, .n = 2});
      const PhysRange two{8 * kSectionSize, 2 * kSectionSize};
      EXPECT_EQ(machine->AddPages(0, two), Answer::Error(kENOMEM));
      EXPECT_EQ(machine->FailedSites(), Sites(kMemmap, kUsemap));
      EXPECT_EQ(machine->Section(SectionNr(8)).memmap, MemmapKind::kBase);
      EXPECT_EQ(machine->UsemapBalance(), 1);
      machine->ArmFailure({});
      EXPECT_EQ(machine->AddPages(0, {12 * kSectionSize, kSectionSize}), Answer::Value(0));
      EXPECT_EQ(machine->FailedSites(), 0);
    }
  }
}

// What the generator arms is met: each site of each implementation, among few traces.
TEST(FailAlloc, GeneratedTracesMeetEverySite) {
  for (const Implementation& implementation : Implementations()) {
    const auto machine = implementation.make_layer();
    std::map<AllocSite, unsigned> met;
    for (uint64_t seed = 0; seed < 1000; ++seed) {
      const Trace trace = GenerateTrace(seed, {.failure_percent = 20});
      machine->Boot(trace.map);
      for (const Op& op : trace.ops) {
        if (op.kind == OpKind::kFailAlloc) {
          machine->ArmFailure(op.fail);
          continue;
        }
        const Answer answer = Apply(op, *machine);
        for (unsigned i = 0; i < kAllocSites; ++i) {
          const auto site = static_cast<AllocSite>(i);
          met[site] += (machine->FailedSites() & Sites(site)) != 0 ? 1U : 0U;
        }
        machine->ArmFailure({});
        if (answer.stops()) break;
      }
    }
    for (unsigned i = 0; i < kAllocSites; ++i) {
      const auto site = static_cast<AllocSite>(i);
      EXPECT_EQ(met[site] != 0, Asks(implementation, site)) << implementation.name << ", " << kSiteNames[i];
      RecordProperty(std::string(implementation.name) + "." + kSiteNames[i], static_cast<int>(met[site]));
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
