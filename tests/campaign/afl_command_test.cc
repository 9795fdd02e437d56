// SPDX-License-Identifier: Apache-2.0
// hpfuzz fuzz --engine afl as a user runs it, over stand-ins for the target and for afl-fuzz (stand_in_afl.sh). Not
// covered here: AFL++ itself (scripts/afl_canary_test.sh).
#include <gmock/gmock.h>

#include "files/sha1.h"
#include "tests/campaign/fuzz_command.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace fs = std::filesystem;

class AflCommand : public FuzzCommand {
 protected:
  void SetUp() override {
    FuzzCommand::SetUp();
    fs::create_directories(directory_ / "tools");
    fs::copy(HPFUZZ_SOURCE_DIR "/tests/campaign/stand_in_afl.sh", directory_ / "tools/afl-fuzz");
  }
  Ran Afl(const std::string& options = "", const std::string& before = "") const {
    return Fuzz("find", "--engine afl " + options, "PATH=$PWD/tools:$PATH\n" + before);
  }
  std::string Asked() const { return ContentOf(Path("tools/asked")); }
};

TEST_F(AflCommand, CrashesAreNamedByTheTarget) {
  const Ran ran = Afl();
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_THAT(Found(), ElementsAre("a.b 2", "stopped-once-and-not-again 1"));
  EXPECT_EQ(ContentOf(Json()["findings"][0]["file"]), "crash a.b");
  EXPECT_THAT(ContentOf(Bucket("a.b/report.md")), HasSubstr("Assertion failure: a.b "));
}

TEST_F(AflCommand, NewInputsAreKeptUnderTheNamesOfLibFuzzer) {
  Afl();
  const std::vector<fs::path> kept = Below("build/fuzz/target/corpus");
  EXPECT_THAT(kept, ElementsAre(Path("build/fuzz/target/corpus/" + Sha1("new of default"))));
  EXPECT_EQ(Json()["new_inputs"], 1);
}

TEST_F(AflCommand, FiguresOfAllInstances) {
  const Ran ran = Afl("--jobs 2");
  EXPECT_EQ(Json()["executions"], 200);
  EXPECT_EQ(Json()["edges"], 7);
  EXPECT_EQ(Json()["new_inputs"], 2);
  EXPECT_THAT(ran.out, HasSubstr("\n  stability     99.50 %\n"));
}

TEST_F(AflCommand, SeedsThatCrashAreFindingsAndLeftOut) {
  Write("corpus/target/bad", "crash seed.bad");
  Write("corpus/target/good", "a good seed");
  Write("corpus/target/empty", "");
  const Ran ran = Afl();
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_THAT(Found(), ElementsAre("a.b 2", "seed.bad 1", "stopped-once-and-not-again 1"));
  EXPECT_THAT(Asked(), HasSubstr("a good seed"));
  EXPECT_THAT(Asked(), Not(HasSubstr("crash seed.bad")));
}

TEST_F(AflCommand, IsToldOfOptionsDictionaryAndMutator) {
  Write("fuzzers/target.options", "[libfuzzer]\nmax_len = 384\n[afl_environment]\ncustom_mutator_only = 1\n");
  Write("fuzzers/target.dict", "\"word\"\n");
  Write("build/some/bin/libtarget_mutator.so", "");
  Afl("--seconds 17", "export ASAN_OPTIONS=quarantine_size_mb=3");
  const std::string work = Path("build/fuzz/target/afl");
  EXPECT_THAT(Asked(), HasSubstr("-i " + work + "/in -o " + work + " -V 17 -t 5000 -s 5 -G 384 -x " +
                                 Path("fuzzers/target.dict") + " -- " + Path("build/some/bin/target") + "\n"));
  EXPECT_THAT(Asked(), HasSubstr("AFL_CUSTOM_MUTATOR_ONLY=1\n"));
  EXPECT_THAT(Asked(), HasSubstr("AFL_CUSTOM_MUTATOR_LIBRARY=" + Path("build/some/bin/libtarget_mutator.so") + "\n"));
  EXPECT_THAT(Asked(), HasSubstr("ASAN_OPTIONS=quarantine_size_mb=8:malloc_context_size=2:quarantine_size_mb=3:"
                                 "abort_on_error=1:symbolize=0:detect_leaks=0\n"));
}

TEST_F(AflCommand, OneThatDoesNotStartIsSaidWithTheEndOfItsLog) {
  const Ran ran = Afl("", "export STAND_IN_AFL=die");
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("afl-fuzz ended by itself on target. The end of "));
  EXPECT_THAT(ran.err, HasSubstr("0.log:\nstand-in: the fork server does not listen\n"));
}

TEST_F(AflCommand, WhereThereIsNoAflItIsSaid) {
  const Ran ran = Fuzz("find", "--engine afl", "PATH=/nowhere");
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("afl-fuzz: No such file or directory"));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
