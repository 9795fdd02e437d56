// SPDX-License-Identifier: Apache-2.0
// What reports are made of in tests, by name.
#ifndef HPFUZZ_TESTS_TRIAGE_REPORT_SCENES_H_
#define HPFUZZ_TESTS_TRIAGE_REPORT_SCENES_H_

#include <string>
#include <vector>

#include "triage/junit.h"
#include "triage/sarif.h"

namespace hpfuzz {

inline std::vector<JunitSuite> JunitScene(const std::string& name) {
  if (name == "nothing\n") return {};
  using std::chrono::milliseconds;
  return {
      {"asan",
       {{"build", milliseconds(61004), JunitOutcome::kPassed, "", "", ""},
        {"tests", milliseconds(2300), JunitOutcome::kFailed, "2 of 3 failed: <a> & \"b\"", "line 1\nline\x01 2\xff",
         "said"},
        {"fuzz namespace", milliseconds(0), JunitOutcome::kError, "no findings file", "", ""}}},
      {"ubsan",
       {{"fuzz differential", milliseconds(15999), JunitOutcome::kSkipped, "known until 2030-01-01", "", "out"}}},
  };
}

inline SarifRun SarifScene(const std::string& name) {
  if (name == "nothing\n") return {.tool = "hpfuzz", .rules = {}, .results = {}, .notifications = {}};
  SarifRun run;
  run.tool = "hpfuzz";
  run.rules = {{"op.span-timing", "Spans shrink at other times.", "Read docs/contract.md."},
               {"op.span-timing", "The same once more.", ""},
               {"end.lookup", "", ""}};
  run.results = {
      {"op.span-timing",
       SarifLevel::kError,
       "differs \"here\"",
       {{"impl_legacy/memremap.cc", 12}},
       "a.b",
       std::nullopt},
      {"new.key",
       SarifLevel::kWarning,
       "bad byte \xff",
       {{"build/fuzz/crash 1%", 0}, {"/tmp/\xc3\xa9", 0}},
       "",
       std::nullopt},
      {"end.lookup", SarifLevel::kNote, "no place", {}, "c", std::nullopt},
  };
  if (name == "a suppressed result\n") {
    run.results[0].suppressed = "muted until 2030-01-01";
  } else {
    run.notifications = {{"build failed", {{"build/ci/logs/asan-build.log", 0}}}, {"interrupted", {}}};
  }
  return run;
}

}  // namespace hpfuzz

#endif  // HPFUZZ_TESTS_TRIAGE_REPORT_SCENES_H_
