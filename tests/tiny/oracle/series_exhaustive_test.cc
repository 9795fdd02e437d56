// SPDX-License-Identifier: Apache-2.0
// The series as posted on the tiny machine, where every range of pages of a section can be gone through: its layer
// against its reference in every short sequence, and the bits that it boots with against the words of the patch.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "oracle/explain.h"
#include "registry/registry.h"
#include "trace/presets.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kSection = 6;

// Every range of pages of a section.
std::vector<PhysRange> PageRanges(uint64_t section) {
  std::vector<PhysRange> ranges;
  for (uint64_t first = 0; first < kPagesPerSection; ++first) {
    for (uint64_t end = first + 1; end <= kPagesPerSection; ++end) {
      ranges.push_back({section * kSectionSize + first * kPageSize, (end - first) * kPageSize});
    }
  }
  return ranges;
}

class SeriesTest : public testing::Test {
 protected:
  SeriesTest() : lockstep_(MakeLockstep({FindImplementation("series-v5"), FindImplementation("series-v5")})) {}

  void Expect(const Trace& trace) {
    const Finding finding = lockstep_.Run(trace);
    if (!finding || !keys_.insert(FindingKey(finding)).second) return;
    ADD_FAILURE() << FindingKey(finding) << "\n" << ExplainFinding(finding, lockstep_) << "\n" << PrintTrace(trace);
  }

  Lockstep lockstep_;
  std::set<std::string> keys_;  // one example of each is enough
};

// Two pieces of any length anywhere in a section, added in either way, and taken away again in any order.
TEST_F(SeriesTest, EveryTwoPieces) {
  const std::vector<PhysRange> ranges = PageRanges(kSection);
  for (const unsigned preset : {kPresetA, kPresetB}) {
    Trace trace;
    trace.map = Preset(preset);
    for (const PhysRange first : ranges) {
      for (const PhysRange second : ranges) {
        trace.ops = {{.kind = OpKind::kMemremapPages, .handle = 0, .range = first},
                     {.kind = OpKind::kMemremapPages, .handle = 1, .range = second},
                     {.kind = OpKind::kMemunmapPages, .handle = 0}};
        Expect(trace);
        trace.ops = {{.kind = OpKind::kArchAddMemory, .range = first},
                     {.kind = OpKind::kMovePfnRangeToZone, .zone = Zone::kDevice, .range = first},
                     {.kind = OpKind::kArchRemoveMemory, .range = second}};
        Expect(trace);
        trace.ops = {{.kind = OpKind::kAddPages, .range = first},
                     {.kind = OpKind::kRemovePages, .zone = Zone::kDevice, .range = second},
                     {.kind = OpKind::kAddPages, .range = second}};
        Expect(trace);
      }
    }
  }
}

// section_active_init in the words of the patch: shifts and a word of 64 bits, or as many as this machine has.
uint64_t BootWord(const std::vector<PhysRange>& ram, uint64_t section) {
  constexpr uint64_t kGranule = kSubsectionSize;
  uint64_t word = 0;
  for (const PhysRange range : ram) {
    const uint64_t start = range.start - section * kSectionSize;
    const uint64_t size = AlignUp(range.size, kGranule);
    const uint64_t idx_start = start / kGranule;
    const uint64_t idx_size = size % kSectionSize / kGranule;
    word = idx_size == 0 ? kFullBitmap : ((uint64_t{1} << idx_size) - 1) << idx_start;
  }
  return word;
}

TEST_F(SeriesTest, EveryTwoBootRanges) {
  const std::vector<PhysRange> ranges = PageRanges(2);
  const auto layer = FindImplementation("series-v5")->make_layer();
  const auto reference = FindImplementation("series-v5")->make_reference();
  for (const PhysRange first : ranges) {
    for (const PhysRange second : ranges) {
      if (second.start < first.end()) continue;
      FirmwareMap map;
      for (const PhysRange range : {PhysRange{0, kSectionSize}, first, second}) map.ranges[map.count++].range = range;
      for (HotplugLayer* machine : {layer.get(), reference.get()}) {
        machine->Boot(map);
        ASSERT_EQ(machine->Section(SectionNr(2)).bitmap, BootWord({first, second}, 2))
            << first.start << "+" << first.size << ", " << second.start << "+" << second.size
            << (machine == layer.get() ? "" : ", reference");
      }
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
