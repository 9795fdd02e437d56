// SPDX-License-Identifier: Apache-2.0
// A run depends on its input alone: every committed seed, run twice and in reverse order among the others, gives the
// same verdict and passes the same edges as often. Not covered: other processes, other builds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "oracle/lockstep.h"
#include "oracle/report.h"
#include "registry/registry.h"
#include "tests/files.h"
#include "trace/bytes.h"
#include "trace/info_block_scene.h"
#include "trace/iomem.h"
#include "trace/recorded.h"
#include "trace/text.h"

extern "C" const char __executable_start;

// The runtime calls this for each instrumented file before main().
namespace {
struct Range {
  uint8_t* begin;
  uint8_t* end;
};
std::vector<Range>& Ranges() {
  static std::vector<Range> ranges;
  return ranges;
}
}  // namespace
extern "C" void __sanitizer_cov_8bit_counters_init(uint8_t* begin, uint8_t* end) { Ranges().push_back({begin, end}); }
// Parallel to the counters: two words an edge, its address first.
namespace {
std::vector<const uintptr_t*>& Tables() {
  static std::vector<const uintptr_t*> tables;
  return tables;
}
}  // namespace
extern "C" void __sanitizer_cov_pcs_init(const uintptr_t* begin, const uintptr_t*) { Tables().push_back(begin); }

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// What one input came to.
struct Outcome {
  std::string verdict;
  std::vector<uint8_t> edges;
};

template <typename Run>
Outcome Watch(Run run) {
  for (const Range& range : Ranges()) std::fill(range.begin, range.end, uint8_t{0});
  Outcome outcome{run(), {}};
  for (const Range& range : Ranges()) outcome.edges.insert(outcome.edges.end(), range.begin, range.end);
  return outcome;
}

// The first edge that differs, by its offset from a function of this program, for a symbolizer.
std::string Difference(const Outcome& a, const Outcome& b) {
  if (a.verdict != b.verdict) return a.verdict + " is not " + b.verdict;
  size_t at = 0;
  for (size_t i = 0; i < Ranges().size(); ++i) {
    for (const uint8_t* edge = Ranges()[i].begin; edge != Ranges()[i].end; ++edge, ++at) {
      if (a.edges[at] == b.edges[at]) continue;
      const uintptr_t pc = Tables()[i][2 * (edge - Ranges()[i].begin)];
      return absl::StrFormat("edge at __executable_start + %x: passed %d and %d times",
                             pc - reinterpret_cast<uintptr_t>(&__executable_start), a.edges[at], b.edges[at]);
    }
  }
  return "";
}

// One for all inputs, as in a fuzz target.
Lockstep& TheLockstep() {
  static Lockstep lockstep = MakeDefaultLockstep();
  return lockstep;
}

std::string RunTrace(const Trace& trace) {
  const Finding finding = TheLockstep().Run(trace);
  return finding ? FindingKey(finding) : "agrees";
}

using Runner = std::string (*)(const std::string& bytes);
absl::Span<const uint8_t> Octets(const std::string& bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}
std::string RunBytes(const std::string& bytes) {
  static Trace trace;
  DecodeTrace(Octets(bytes), &trace);
  return RunTrace(trace);
}
std::string RunInfoBlock(const std::string& bytes) {
  static Trace trace;
  MakeInfoBlockTrace(Octets(bytes), &trace);
  return RunTrace(trace);
}
std::string ReadText(const std::string& text) {
  const absl::StatusOr<Trace> trace = ParseTrace(text, "input");
  return trace.ok() ? PrintTrace(*trace) : std::string(trace.status().message());
}
std::string ReadRecordedText(const std::string& text) {
  if (!text.empty() && text[0] == 'i') {
    const absl::StatusOr<IomemMap> map = ParseIomem(absl::string_view(text).substr(1), "input");
    return map.ok() ? "map" : std::string(map.status().message());
  }
  const absl::StatusOr<std::vector<RecordedCase>> cases = ParseRecorded(text, "input");
  return cases.ok() ? std::to_string(cases->size()) : std::string(cases.status().message());
}

struct Seeds {
  const char* target;
  Runner run;
};
class DeterminismTest : public testing::TestWithParam<Seeds> {};

TEST_P(DeterminismTest, RunsOfTheCorpusAgree) {
  TheLockstep();
  const std::vector<std::string> names = FilesBelow(std::string("corpus/") + GetParam().target);
  std::vector<std::string> inputs;
  for (const std::string& name : names) inputs.push_back(ContentOf(name));
  ASSERT_FALSE(inputs.empty());
  std::vector<Outcome> first;
  for (const std::string& input : inputs) first.push_back(Watch([&] { return GetParam().run(input); }));
  for (size_t i = 0; i < inputs.size(); ++i) {
    EXPECT_EQ(Difference(first[i], Watch([&] { return GetParam().run(inputs[i]); })), "") << names[i] << ", run again";
  }
  for (size_t i = inputs.size(); i-- > 0;) {
    EXPECT_EQ(Difference(first[i], Watch([&] { return GetParam().run(inputs[i]); })), "") << names[i] << ", reversed";
  }
}

// Else the others would see nothing.
TEST(Determinism, EdgesAreCounted) {
  if (Ranges().empty()) GTEST_SKIP() << "this build counts no edges";
  TheLockstep();
  const auto all = [](const Outcome& outcome) { return std::count(outcome.edges.begin(), outcome.edges.end(), 0); };
  const Outcome little = Watch([] { return RunBytes(""); });
  const Outcome much = Watch([] { return RunBytes(ContentOf(FilesBelow("corpus/differential")[0])); });
  EXPECT_LT(all(much), all(little));
}

INSTANTIATE_TEST_SUITE_P(Targets, DeterminismTest,
                         testing::Values(Seeds{"differential", RunBytes}, Seeds{"namespace", RunBytes},
                                         Seeds{"info_block", RunInfoBlock}, Seeds{"trace_text", ReadText},
                                         Seeds{"recorded_text", ReadRecordedText}),
                         [](const auto& param) { return param.param.target; });

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
