// SPDX-License-Identifier: Apache-2.0
// The tester tested on the real files: one thing changed in one line of a recorded case is always noticed.
// Not covered: what the files ask not to assert (those parts are not read), and the text (parse_test.cc).
#include <algorithm>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "oracle/recorded_check.h"
#include "oracle/reference/legacy.h"
#include "oracle/reference/mainline.h"
#include "tests/recorded/files.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using Random = std::minstd_rand;

RecordedAnswer* AnswerIn(RecordedLine& line) {
  return line.steps.empty() || line.steps[0].op.kind == OpKind::kFailAlloc ? nullptr : &line.steps[0].recorded;
}

SectionFacts* SectionIn(RecordedLine& line, Random& random) {
  if (!line.state.has_value() || line.state->sections.empty()) return nullptr;
  return &line.state->sections[random() % line.state->sections.size()].facts;
}

// Each changes one thing and says whether the line had it.
struct Mutation {
  const char* name;
  bool (*apply)(RecordedLine& line, Random& random);
};

bool ChangeSection(RecordedLine& line, Random& random, void (*change)(SectionFacts&)) {
  SectionFacts* facts = SectionIn(line, random);
  if (facts == nullptr) return false;
  change(*facts);
  return true;
}

bool ChangeSpan(RecordedLine& line, Random& random, void (*change)(Span&)) {
  if (!line.state.has_value()) return false;
  // Zone DMA was not recorded; one more than the zones is the node.
  const unsigned first = static_cast<unsigned>(Zone::kDma32);
  const unsigned which = first + static_cast<unsigned>(random() % (kZones - first + 1));
  change(which == kZones ? line.state->spans.node : line.state->spans.zone[which]);
  return true;
}

constexpr Mutation kMutations[] = {
    {"answer",
     [](RecordedLine& line, Random&) {
       RecordedAnswer* answer = AnswerIn(line);
       if (answer == nullptr || answer->answer.kind == Answer::Kind::kPage) return false;
       if (answer->answer.kind == Answer::Kind::kValue || answer->answer.kind == Answer::Kind::kMapping) {
         ++answer->answer.value;
       } else {
         answer->answer.kind = Answer::Kind::kPending;
       }
       return true;
     }},
    {"warnings",
     [](RecordedLine& line, Random&) {
       RecordedAnswer* answer = AnswerIn(line);
       return answer != nullptr && answer->has_warnings && answer->answer.kind != Answer::Kind::kPage &&
              ++answer->answer.warnings != 0;
     }},
    {"killed",
     [](RecordedLine& line, Random&) {
       RecordedAnswer* answer = AnswerIn(line);
       if (answer == nullptr || !answer->has_killed) return false;
       answer->answer.killed = !answer->answer.killed;
       return true;
     }},
    {"references",
     [](RecordedLine& line, Random&) {
       RecordedAnswer* answer = AnswerIn(line);
       return answer != nullptr && answer->has_refs && ++answer->answer.refs_left != 0;
     }},
    {"altmap alloc",
     [](RecordedLine& line, Random&) {
       RecordedAnswer* answer = AnswerIn(line);
       if (answer == nullptr || !answer->has_altmap_alloc) return false;
       ++answer->answer.altmap_alloc;
       return true;
     }},
    {"altmap align",
     [](RecordedLine& line, Random&) {
       RecordedAnswer* answer = AnswerIn(line);
       if (answer == nullptr || !answer->has_altmap_align) return false;
       ++answer->answer.altmap_align;
       return true;
     }},
    {"present",
     [](RecordedLine& l, Random& r) {
       return ChangeSection(l, r, [](SectionFacts& facts) { facts.present = !facts.present; });
     }},
    {"valid", [](RecordedLine& l,
                 Random& r) { return ChangeSection(l, r, [](SectionFacts& facts) { facts.valid = !facts.valid; }); }},
    {"online",
     [](RecordedLine& l, Random& r) {
       return ChangeSection(l, r, [](SectionFacts& facts) { facts.online = !facts.online; });
     }},
    {"early", [](RecordedLine& l,
                 Random& r) { return ChangeSection(l, r, [](SectionFacts& facts) { facts.early = !facts.early; }); }},
    {"tainted",
     [](RecordedLine& l, Random& r) {
       return ChangeSection(l, r, [](SectionFacts& facts) { facts.tainted = !facts.tainted; });
     }},
    {"kept usage",
     [](RecordedLine& l, Random& r) {
       return ChangeSection(l, r, [](SectionFacts& facts) { facts.kept_usage = !facts.kept_usage; });
     }},
    {"memmap",
     [](RecordedLine& l, Random& r) {
       return ChangeSection(l, r, [](SectionFacts& facts) {
         facts.memmap = facts.memmap == MemmapKind::kHuge ? MemmapKind::kBase : MemmapKind::kHuge;
       });
     }},
    {"block",
     [](RecordedLine& l, Random& r) {
       return ChangeSection(l, r, [](SectionFacts& facts) {
         facts.block = facts.block == BlockState::kOnline ? BlockState::kOffline : BlockState::kOnline;
       });
     }},
    {"bitmap",
     [](RecordedLine& line, Random& random) {
       SectionFacts* facts = SectionIn(line, random);
       if (facts != nullptr) facts->bitmap ^= uint64_t{1} << random() % kSubsectionsPerSection;
       return facts != nullptr;
     }},
    {"direct map",  // of which 5.1 has only the first byte recorded
     [](RecordedLine& l, Random& r) {
       return ChangeSection(l, r, [](SectionFacts& facts) { facts.direct_map ^= 1; });
     }},
    {"span start",
     [](RecordedLine& l, Random& r) { return ChangeSpan(l, r, [](Span& span) { span.start = span.start + 1; }); }},
    {"span end",
     [](RecordedLine& l, Random& r) { return ChangeSpan(l, r, [](Span& span) { span.end = span.end + 1; }); }},
    {"present pages", [](RecordedLine& l, Random& r) { return ChangeSpan(l, r, [](Span& span) { ++span.present; }); }},
    {"usage maps",
     [](RecordedLine& line, Random&) {
       if (line.state.has_value()) ++line.state->usemaps;
       return line.state.has_value();
     }},
    {"resource",
     [](RecordedLine& line, Random&) {
       if (!line.state.has_value() || line.state->resources.empty()) return false;
       line.state->resources[0].busy = !line.state->resources[0].busy;
       return true;
     }},
    {"lookup",
     [](RecordedLine& line, Random&) {
       if (!line.state.has_value() || line.state->lookups.empty()) return false;
       line.state->lookups.back().end += kSubsectionSize;
       return true;
     }},
    {"no lookup",
     [](RecordedLine& line, Random&) {
       if (!line.state.has_value() || line.state->lookups.empty()) return false;
       line.state->lookups.erase(line.state->lookups.begin());
       return true;
     }},
};

void ChangeOneThingEach(const std::string& file, std::unique_ptr<HotplugLayer> layer) {
  const bool legacy = absl::StartsWith(file, "legacy");
  constexpr int kCasesEach = 12;
  const std::vector<RecordedCase> recorded = ReadRecordedFile(file);
  ASSERT_FALSE(recorded.empty());
  Random random(1);
  for (const Mutation& mutation : kMutations) {
    int changed = 0;
    for (int tries = 0; changed < kCasesEach && tries < 20000; ++tries) {
      const RecordedCase& one = recorded[random() % recorded.size()];
      const auto stop = std::find_if(one.lines.begin(), one.lines.end(), [](const auto& l) { return l.ends_case; });
      const auto replayed = static_cast<size_t>(std::distance(one.lines.begin(), stop));
      if (replayed == 0) continue;
      const size_t at = random() % replayed;
      RecordedLine line = one.lines[at];
      if (!mutation.apply(line, random)) continue;
      RecordedCase copy = one;
      copy.lines[at] = line;
      ++changed;
      EXPECT_FALSE(CheckRecorded(copy, *layer).empty()) << mutation.name << " in " << one.name << ": " << line.text;
    }
    const bool legacy_only = std::string(mutation.name) == "killed";
    EXPECT_EQ(changed > 0, legacy || !legacy_only) << mutation.name << " was there " << changed << " times";
  }
}

TEST(RecordedMutationTest, Mainline) {
  ChangeOneThingEach("mainline-cases.txt", MakeMainlineReference(MainlineReferenceVersion::k6_1));
}

TEST(RecordedMutationTest, Legacy) { ChangeOneThingEach("legacy-cases.txt", MakeLegacyReference()); }

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
