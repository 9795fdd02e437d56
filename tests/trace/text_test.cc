// SPDX-License-Identifier: Apache-2.0
// The text form: golden files for what it prints and for its errors, what the printer must keep, hostile input.
#include "trace/text.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/golden.h"
#include "trace/generate.h"
#include "trace/op_limits.h"
#include "trace/rng.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

std::string ParseAndPrint(const std::string& input) {
  const absl::StatusOr<Trace> trace = ParseTrace(input, "input");
  return trace.ok() ? PrintTrace(*trace) : trace.status().ToString();
}

std::string ErrorOf(const std::string& input) {
  const absl::StatusOr<Trace> trace = ParseTrace(input, "input");
  return trace.ok() ? "no error" : std::string(trace.status().message());
}

void ExpectSameText(const Trace& actual, const Trace& expect) {
  EXPECT_TRUE(actual.SameProgram(expect)) << PrintTrace(actual) << "---\n" << PrintTrace(expect);
  EXPECT_EQ(actual.expectations, expect.expectations) << PrintTrace(expect);
  EXPECT_EQ(actual.mapping_names, expect.mapping_names);
  EXPECT_EQ(actual.resource_names, expect.resource_names);
}

TEST(TraceText, PrintsWhatItReads) { CheckGolden("trace_text.txt", ParseAndPrint); }

TEST(TraceText, SaysWhereAndWhat) { CheckGolden("trace_errors.txt", ParseAndPrint); }

TEST(TraceText, PrintedTextReadsBackTheSame) {
  CheckGolden("trace_text.txt", [](const std::string& input) {
    const absl::StatusOr<Trace> once = ParseTrace(input, "input");
    const absl::StatusOr<Trace> twice = ParseTrace(PrintTrace(*once), "printed");
    EXPECT_TRUE(twice.ok()) << twice.status();
    if (twice.ok()) ExpectSameText(*twice, *once);
    return PrintTrace(*once);
  });
}

constexpr unsigned kAnswerKinds = static_cast<unsigned>(Answer::Kind::kDax) + 1;

Answer RandomAnswer(Rng& rng, Handle mappings) {
  Answer answer;
  answer.kind = static_cast<Answer::Kind>(rng.Below(kAnswerKinds));
  answer.warnings = static_cast<uint8_t>(rng.Percent(50) ? 0 : rng.Below(256));
  const auto mapping = static_cast<Handle>(mappings == 0 || rng.Percent(20) ? kForeignHandle : rng.Below(mappings));
  switch (answer.kind) {
    case Answer::Kind::kValue: answer.value = static_cast<int16_t>(rng.Next()); break;
    case Answer::Kind::kOverlap: answer.value = static_cast<int16_t>(rng.Below(3)); break;
    case Answer::Kind::kMapping: answer.value = static_cast<int16_t>(mapping); break;
    case Answer::Kind::kPage:
      answer.page = {static_cast<Zone>(rng.Below(kZones)),
                     static_cast<uint8_t>(rng.Below(kMaxNodes)),
                     rng.Percent(70),
                     rng.Percent(50),
                     static_cast<uint8_t>(rng.Next()),
                     0,
                     rng.Percent(50) ? kNoHandle : mapping};
      break;
    case Answer::Kind::kData:
      answer.value = static_cast<int16_t>(rng.Below(kDataUnspecified + 1));
      if (answer.value == kDataMixed) answer.detail = rng.Next();
      break;
    case Answer::Kind::kDax:
      answer.value = static_cast<int16_t>(rng.Percent(50) ? 0 : -kENXIO);
      answer.detail = rng.Next();
      break;
    default: break;
  }
  return answer;
}

TEST(TraceText, ExpectedAnswersReadBackTheSame) {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    Trace trace = GenerateTrace(seed, {.min_ops = 1, .max_ops = 12});
    Rng rng(seed);
    Handle mappings = 0;
    for (const Op& op : trace.ops) {
      mappings = static_cast<Handle>(mappings + (HasArg(op.kind, Arg::kNewMapping) ? 1 : 0));
      Expectation legacy{"legacy", RandomAnswer(rng, mappings), rng.Percent(50)};
      if (legacy.payload) {
        legacy.answer.killed = rng.Percent(50);
        legacy.answer.refs_left = static_cast<int32_t>(rng.Percent(50) ? 0 : rng.Next());
        legacy.answer.altmap_alloc = static_cast<int32_t>(rng.Percent(50) ? 0 : rng.Next());
        legacy.answer.altmap_align = static_cast<int32_t>(rng.Percent(50) ? 0 : rng.Next());
      }
      trace.expectations.push_back({legacy, {"mainline-6.1", RandomAnswer(rng, mappings), false}});
    }
    const std::string text = PrintTrace(trace);
    const absl::StatusOr<Trace> back = ParseTrace(text, "printed");
    ASSERT_TRUE(back.ok()) << back.status() << "\n" << text;
    ASSERT_TRUE(back->SameProgram(trace)) << text;
    ASSERT_EQ(back->expectations, trace.expectations) << text;
    ASSERT_EQ(PrintTrace(*back), text);
  }
}

TEST(TraceText, PrintsUniqueNamesWhenGivenOnesDoNotServe) {
  const absl::StatusOr<Trace> trace =
      ParseTrace("memremap_pages x 0-fff\nmemremap_pages y 0-fff\nmemunmap_pages x\n", "t");
  ASSERT_TRUE(trace.ok());
  Trace renamed = *trace;
  renamed.mapping_names = {"x", "x"};
  EXPECT_EQ(PrintTrace(renamed), "memremap_pages a 0-fff\nmemremap_pages b 0-fff\nmemunmap_pages a\n");
  renamed.mapping_names = {"first"};
  EXPECT_EQ(PrintTrace(renamed), "memremap_pages first 0-fff\nmemremap_pages b 0-fff\nmemunmap_pages first\n");
}

TEST(TraceText, AnswersAlone) {
  const std::string names[] = {"x", "y"};
  const HandleNames given{names, {}};
  for (const std::string text :
       {"0", "-EBUSY warn", "pending", "0 refs 512", "y", "c", "Device count 1 map x", "BUG", "data 5a",
        "data mixed 1f", "data unspecified", "pfn 240200", "pfn 240200 -ENXIO", "ns:n1"}) {
    const absl::StatusOr<Answer> answer = ParseAnswer(text, given);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(PrintAnswer(*answer, given), text);
  }
  EXPECT_EQ(
      ParseAnswer("0 0").status().message(),
      "answer:1:3: read \"0\", expected warn, killed, refs, alloc, align (each once), a comma or the end of the line");
  EXPECT_FALSE(ParseAnswer("0, 0").ok());
  EXPECT_FALSE(ParseAnswer("").ok());
  EXPECT_FALSE(ParseAnswer("b2").ok());
  EXPECT_FALSE(ParseAnswer("ns:b2").ok());
}

TEST(TraceText, GeometryIsFoundWithoutParsing) {
  EXPECT_EQ(GeometryOfText("# tiny\n\n geometry tiny # small\nrubbish"), "tiny");
  EXPECT_EQ(GeometryOfText("ram 0-fff\ngeometry tiny\n"), "");
  EXPECT_EQ(GeometryOfText(""), "");
  EXPECT_EQ(ParseTrace("geometry tiny", "t").status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ParseTrace("geometry", "t").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(TraceText, LimitsAreStated) {
  std::string text;
  for (unsigned i = 0; i < kMaxOps; ++i) text += "memremap_pages a 0-fff\n";
  EXPECT_EQ(ErrorOf(text), "no error");
  EXPECT_EQ(ErrorOf(text + "pfn_valid 0\n"), "input:4097:1: read \"pfn_valid\", expected at most 4096 operations");

  text.clear();
  for (unsigned i = 0; i < FirmwareMap::kMaxRanges; ++i) text += "unmovable 0-fff\n";
  EXPECT_EQ(ErrorOf(text), "no error");
  EXPECT_EQ(ErrorOf(text + "ram 0-fff"), "input:65:5: read \"0-fff\", expected at most 64 ranges in a map");

  text.clear();
  const std::string full = "memremap_pages a 0-ffffffffff\n";
  for (unsigned i = 0; i < kMaxTraceSections / kMaxRangeSections; ++i) text += full;
  EXPECT_EQ(ErrorOf(text + "pfn_valid 0\n"), "no error");
  for (const std::string last : {"region_intersects 0-fff", "memunmap_pages a", "unpin_page 1"}) {
    EXPECT_EQ(ErrorOf(text + last), "input:33:1: read \"" + last.substr(0, last.find(' ')) +
                                        "\", expected at most 262144 sections in the ranges of all operations");
  }

  text.clear();
  for (uint64_t i = 0, walked = 0; (walked += RebootSections(i)) <= kMaxTraceSections; ++i) text += "reboot same\n";
  EXPECT_EQ(ErrorOf(text), "no error");
  EXPECT_EQ(ErrorOf(text + "reboot other"),
            "input:188:1: read \"reboot\", expected at most 262144 sections in the ranges of all operations");

  EXPECT_EQ(ErrorOf("# " + std::string(kMaxLineBytes - 2, 'x')), "no error");
  EXPECT_EQ(ErrorOf("\n#" + std::string(kMaxLineBytes, 'x')),
            "input:2:65537: read a line of 65537 bytes, expected at most 65536");
  EXPECT_EQ(ErrorOf(std::string(kMaxTextBytes + 1, '\n')), "input:1:1: read 16777217 bytes, expected at most 16777216");
}

// Cuts and scrambles of good text end in a trace or in an error that names a place.
TEST(TraceText, SurvivesRubbish) {
  for (uint64_t seed = 0; seed < 20000; ++seed) {
    Rng rng(seed);
    std::string text = PrintTrace(GenerateTrace(seed % 50, {.min_ops = 1, .max_ops = 6, .stops = true}));
    for (uint64_t n = rng.Between(1, 4); n > 0 && !text.empty(); --n) {
      const size_t at = rng.Below(text.size());
      if (rng.Percent(30)) {
        text.resize(at);
      } else if (rng.Percent(50)) {
        text[at] = static_cast<char>(rng.Next());
      } else {
        text.insert(at, text.substr(rng.Below(text.size()), rng.Below(40)));
      }
    }
    const absl::StatusOr<Trace> trace = ParseTrace(text, "input");
    if (trace.ok()) {
      const absl::StatusOr<Trace> back = ParseTrace(PrintTrace(*trace), "printed");
      ASSERT_TRUE(back.ok()) << text;
      ASSERT_TRUE(back->SameProgram(*trace)) << text;
    } else {
      ASSERT_EQ(trace.status().message().substr(0, 6), "input:") << trace.status();
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
