// SPDX-License-Identifier: Apache-2.0
// Every short sequence of aligned requests on the tiny machine, run in lockstep: nobody chose which ones.
#include <gtest/gtest.h>

#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "oracle/explain.h"
#include "registry/registry.h"
#include "tests/tiny/oracle/alphabet.h"
#include "trace/presets.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

class Exhaustive {
 public:
  Exhaustive(const ImplementationPair& pair, const FirmwareMap& map, uint64_t section)
      : lockstep_(MakeLockstep(pair)), alphabet_(Alphabet(section)) {
    trace_.map = map;
  }

  // Every sequence of `more` further operations behind what the trace holds.
  void Run(unsigned more, Handle mappings = 0) {
    if (more == 0) {
      const Finding finding = lockstep_.Run(trace_);
      if (finding && keys_.insert(FindingKey(finding)).second) {
        ADD_FAILURE() << FindingKey(finding) << "\n"
                      << ExplainFinding(finding, lockstep_) << "\n"
                      << PrintTrace(trace_);
      }
      return;
    }
    for (Op op : alphabet_) {
      if (op.kind == OpKind::kMemunmapPages && op.handle >= mappings) continue;
      const bool maps = op.kind == OpKind::kMemremapPages;
      if (maps) op.handle = mappings;
      trace_.ops.push_back(op);
      Run(more - 1, static_cast<Handle>(mappings + (maps ? 1 : 0)));
      trace_.ops.pop_back();
    }
  }

 private:
  Lockstep lockstep_;
  std::vector<Op> alphabet_;
  Trace trace_;
  std::set<std::string> keys_;  // found already: one example of each is enough
};

struct Place {
  const char* name;
  unsigned preset;
  uint64_t section;
};
std::ostream& operator<<(std::ostream& out, const Place& place) { return out << place.name; }

class ExhaustiveTest : public testing::TestWithParam<Place> {};

TEST_P(ExhaustiveTest, EveryPairOfRequests) {
  for (const Implementation& left : Implementations()) {
    for (const Implementation* right = &left; right != Implementations().data() + Implementations().size(); ++right) {
      SCOPED_TRACE(std::string(left.name) + "," + std::string(right->name));
      Exhaustive search({&left, right}, Preset(GetParam().preset), GetParam().section);
      search.Run(2);
    }
  }
}

TEST_P(ExhaustiveTest, EveryThreeRequests) {
  Exhaustive search(DefaultPairs().front(), Preset(GetParam().preset), GetParam().section);
  search.Run(3);
}

// The series beside itself: its layer against its reference, whatever others do.
TEST_P(ExhaustiveTest, EveryThreeRequestsOfTheSeries) {
  const Implementation* series = FindImplementation("series-v5");
  Exhaustive search({series, series}, Preset(GetParam().preset), GetParam().section);
  search.Run(3);
}

constexpr Place kPlaces[] = {
    {"BehindRam", kPresetA, 6},
    {"RamEndsInside", kPresetB, 6},
    {"MovableRam", kPresetM, 6},
    {"LastSections", kPresetA, (uint64_t{1} << (kPhysmemBits - kSectionShift)) - 2},
};
INSTANTIATE_TEST_SUITE_P(Places, ExhaustiveTest, testing::ValuesIn(kPlaces),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
