// SPDX-License-Identifier: Apache-2.0
// What a stranger may feed the program: every row is answered with its exit code and a reason on standard error, and
// nothing of it ends in a crash or a report of a sanitizer. What is large or slow is in hostile_slow_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/command.h"
#include "tests/cli/shell.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class HostileTest : public ShellTest {};

struct Row {
  const char* name;
  const char* made;       // a shell command that makes `in`, or whatever the arguments name
  const char* arguments;  // of hpfuzz
  int exit_code;
  const char* error;  // a regular expression; empty: nothing is said
};

#define KERNEL "printf '# a real Linux 6.1.1\\n%s\\n'"
#define STATE " | S | Z node:0-0/0 | U 0 | R | G"

constexpr Row kRows[] = {
    // Files that are none.
    {"empty replay", ": >in", "replay in", 2, "in:1:1: read nothing, expected a trace"},
    {"empty show", ": >in", "show in", 2, "in:1:1: read nothing, expected a trace"},
    {"empty report", ": >in", "report in -o out", 2, "in:1:1: read nothing, expected a trace"},
    {"empty encode", ": >in", "encode in", 2, "in:1:1: read nothing, expected a trace in text"},
    {"empty recorded", ": >in", "recorded in", 2, "in:1:1: read the end of the file, expected \"case\""},
    {"empty iomem", ": >in", "import-iomem in", 2, "in:1:1: read end of line, expected a resource"},
    {"empty input", "", "replay - </dev/null", 2, "-:1:1: read nothing"},
    {"directory as input", "", "replay - <.", 2, "-: Is a directory"},
    {"closed input", "", "replay - <&-", 2, "-: Bad file descriptor"},
    {"missing", "", "import-iomem in", 2, "in: No such file or directory"},
    {"unreadable", "", "replay /proc/self/mem", 2, "/proc/self/mem: Input/output error"},
    {"unreadable recorded", "", "recorded /proc/self/mem", 2, "/proc/self/mem: Input/output error"},
    {"without end", "", "show /dev/zero", 2, "/dev/zero: read more than 16 MiB, expected a smaller file"},
    {"long file name", "", "replay $(printf 'x%.0s' {1..300})", 2, "File name too long"},
    {"pipe", "", "replay <(printf 'pfn_valid x\\n')", 2, ":1:11: read \"x\""},
    {"binary rubbish as text", "printf '\\200\\377\\0\\33[2J' >in", "encode in", 2,
     "in:1:1: read \".x80.xff.x00.x1b\\[2J\", expected a map line"},
    {"binary rubbish as a report", "printf '\\200\\377\\0\\33[2J' >in", "report in -o out --svg out.svg", 0,
     "out: no finding"},
    {"binary rubbish", "printf '\\200\\377\\0\\33[2J' >in", "replay in", 0, ""},
    {"compressed", "printf '\\375\\67zXZ\\0\\0\\4' >in", "recorded in", 2,
     "in:1:1: read \".*7zXZ.*\", expected a comment that names the kernel"},
    // Trace text.
    {"overlapping", "printf 'ram 0-7fffffff\\nram 40000000-ffffffff\\n' >in", "replay in", 2,
     "in:2:5: read .* overlaps no"},
    {"reversed", "echo 'add_memory 2000-1000' >in", "replay in", 2, "in:1:12: read .* last byte does not lie before"},
    {"beyond the machine", "printf 'ram 0-7ffffff\\nphys_bits 36\\nadd_memory 1000000000000-1000007ffffff\\n' >in",
     "replay in", 0, ""},
    {"beyond a map", "echo 'ram 7ffffffffffff000-8000000000000fff' >in", "replay in", 2, "in:1:5: .* below 2.63"},
    {"over 64 bits", "echo pfn_valid fffffffffffffffff >in", "replay in", 2, "in:1:11: .* at most 64 bits"},
    {"unknown operation", "printf 'ram 0-fff\\nhotplug 0\\n' >in", "show in", 2, "in:2:1: read \"hotplug\""},
    {"a million operations", "yes 'pfn_valid 0' | head -1000000 >in", "replay in", 2, "in:4097:1: .* at most 4096 op"},
    {"65536 mappings", "for i in {1..65536}; do echo \"memremap_pages m$i 0-fff\"; done >in", "encode in", 2,
     "in:4097:1: .* at most 4096 operations"},
    {"65536 ranges", "for i in {1..65536}; do printf 'ram %x+1000\\n' $((i * 8192)); done >in", "replay in", 2,
     "in:65:5: .* at most 64 ranges"},
    {"a range of too many sections", "for i in {1..33}; do echo '__add_pages 0-fffffffffff'; done >in", "replay in", 2,
     "in:1:13: .* at most 8192 sections"},
    {"a name of 1 MB", "{ printf 'memremap_pages '; head -c 1000000 /dev/zero | tr '\\0' a; echo ' 0-fff'; } >in",
     "replay in", 2, "in:1:65537: read a line of 1000021 bytes, expected at most 65536"},
    {"a name of 60 kB", "{ printf 'memremap_pages '; head -c 60000 /dev/zero | tr '\\0' a; echo ' 0-fff'; } >in",
     "replay in", 2, "in:1:16: read \"a{40}...\", expected a new name of at most 64 bytes"},
    {"someone of 60 kB", "{ printf 'pfn_valid 0 -> '; head -c 60000 /dev/zero | tr '\\0' a; echo ' 0'; } >in",
     "replay in", 2, "in:1:16: read \"a{40}...\", expected who answers"},
    {"a geometry of 60 kB", "{ printf '\\n# x\\n geometry '; head -c 60000 /dev/zero | tr '\\0' a; } >in", "replay in",
     2, "in:3:11: read geometry 'a{40}...', expected one"},
    {"a geometry a terminal obeys", "printf 'geometry \\33[2J' >in", "show in", 2,
     "in:1:10: read geometry '.x1b\\[2J'"},
    {"cut inside a word", "printf 'ram 0-fff\\nadd_memo' >in", "replay in", 2, "in:2:1: read \"add_memo\""},
    {"CRLF", "printf 'ram 0-7ffffff\\r\\npfn_valid 0\\r\\n' >in", "replay in", 0, ""},
    {"byte order mark", "printf '\\357\\273\\277ram 0-fff\\n' >in", "replay in", 2, "in:1:1: read \".xef.xbb.xbfram\""},
    {"NUL", "printf 'ram 0-fff\\npfn_valid \\0 0\\n' >in", "replay in", 2, "in:2:11: read \".x00\""},
    {"at signs", "echo 'pfn_valid 0 -> @@(legacy@0)' >in", "replay in", 2, "in:1:16: read \"@@.legacy@0.\""},
    {"nobody known", "echo 'pfn_valid 0 -> legacy 0, e 0' >in", "replay in", 2,
     "in:1:26: read \"e\", expected legacy, sub"},
    {"an answer twice", "echo 'pfn_valid 0 -> legacy 0 warn 1 warn 2' >in", "replay in", 2, "in:1:32: .*each once"},
    // Bytes.
    {"bytes of too many operations, replayed", "head -c 9000 /dev/zero >in", "replay --quiet in", 0,
     "in: read as bytes, of which the last [0-9]+ of 9000 are left out: a trace has at most 4096 operations"},
    {"bytes of too many operations, shown", "head -c 9000 /dev/zero >in", "show in", 0,
     "the last [0-9]+ of 9000 are left"},
    {"bytes of too many operations, encoded", "head -c 9000 /dev/zero >in", "encode in", 2, "in:1:1: read \".x00.*\""},
    // Recorded answers.
    {"no case", KERNEL " '' >in", "recorded in", 2, "in:3:1: read the end of the file, expected \"case\""},
    {"a case without operations", KERNEL " 'case a A' >in", "recorded in", 0, ""},
    {"no kernel", "echo 'case a A' >in", "recorded in", 2, "in:1:1: read \"case\", expected a comment"},
    {"no state", KERNEL " $'case a A\nadd_pages 40000000 8000000 => rc=0' >in", "recorded in", 2,
     "in:3:35: read nothing"},
    {"unknown flag", KERNEL " $'case a A\\nstate => ok | S 8:X | Z' >in", "recorded in", 2, "in:3:19: read \"X\""},
    {"a section twice", KERNEL " $'case a A\\nstate => ok | S 8:P 8:P | Z' >in", "recorded in", 2,
     "in:3:21: .* ascending"},
    {"a part missing", KERNEL " $'case a A\\nstate => ok | S | U 0' >in", "recorded in", 2,
     "in:3:19: read \"U\", expected \"Z\""},
    {"a number over 64 bits", KERNEL " $'case a A\\npv fffffffffffffffff => rc=1' >in", "recorded in", 2,
     "in:3:4: .* 64 bits"},
    {"a huge range", KERNEL " $'case a A46\\nadd_pages 40000000 3fffc0000000 => rc=0" STATE "' >in", "recorded in", 2,
     "in:3:1: read \"add_pages\", expected a range of at most 8192 sections"},
    {"too many cases", "{ " KERNEL " '#'; yes 'case a A' | head -5000; } >in", "recorded in", 2,
     "in:4099:1: .* at most 4096 cases"},
    {"too many lines", "{ " KERNEL " 'case a A'; yes 'state => ok' | head -70000; } >in", "recorded in", 2,
     "at most 65536 lines"},
    {"cut inside a state", KERNEL " $'case a A\\nstate => ok | S | Z node:10' >in", "recorded in", 2,
     "in:3:26: read .10., expected the border"},
    {"CRLF in recorded answers", KERNEL " $'case a A\\r' >in", "recorded in", 2,
     "in:2:8: read \"A.r\", expected a layout"},
    // /proc/iomem.
    {"what anybody but root sees", "echo '00000000-00000000 : System RAM' >in", "import-iomem in", 2,
     "read it as root"},
    {"deep", "p=; for i in {1..40}; do echo \"${p}0-ffff : x\"; p=\"$p  \"; done >in", "import-iomem in", 2,
     "in:34:67: read"},
    {"overlapping children", "printf '0-ffff : System RAM\\n  0-1fff : a\\n  1000-2fff : b\\n' >in", "import-iomem in",
     0, ""},
    {"overlapping RAM", "printf '0-ffff : System RAM\\n8000-1ffff : System RAM\\n' >in", "import-iomem in", 2,
     "in:2:1: read"},
    {"more RAM than a map holds",
     "for i in {1..65}; do printf '%x-%x : System RAM\\n' $((i * 8192)) $((i * 8192 + 4095)); done >in",
     "import-iomem in", 2, "in:65:1: .* at most 64 ranges"},
    {"all addresses", "echo '0-ffffffffffffffff : PCI' >in", "import-iomem in", 2, "in:1:1: .* at most 2.64 - 1 bytes"},
    {"the last address", "echo 'ffffffffffffffff-ffffffffffffffff : PCI' >in", "import-iomem in", 0, ""},
    {"too many resources", "yes '1000-1fff : PCI' | head -70000 >in", "import-iomem in", 2,
     "in:65537:1: .* at most 65536 resources"},
};

TEST_F(HostileTest, EveryRowIsAnswered) {
  for (const Row& row : kRows) {
    Shell("rm -f in; " + std::string(row.made));
    const Ran ran =
        Shell(std::string("timeout 60 bash -c 'exec ") + HPFUZZ_BINARY + " \"$@\"' hpfuzz " + row.arguments);
    EXPECT_EQ(ran.exit_code, row.exit_code) << row.name << ": " << ran.err;
    EXPECT_THAT(ran.err, Not(HasSubstr("Sanitizer"))) << row.name;
    EXPECT_THAT(ran.err, Not(HasSubstr("runtime error"))) << row.name;
    if (row.exit_code == kExitBadInput) {
      EXPECT_THAT(ran.err, Not(IsEmpty())) << row.name;
    }
    EXPECT_LT(ran.err.size(), 1000U) << row.name;
    EXPECT_THAT(ran.err, ContainsRegex(row.error)) << row.name;
    if (ran.exit_code == 0 && row.error[0] == '\0') {
      EXPECT_THAT(ran.err, IsEmpty()) << row.name;
    }
  }
}

// One that is bad does not keep the others from being handled.
TEST_F(HostileTest, OneOfSeveral) {
  Write("good", "ram 0-7ffffff\npfn_valid 0\n");
  Write("bad", "nonsense here\n");
  const Ran replayed =
      Shell("mkdir none links; ln -s /nowhere links/a; hpfuzz replay bad none links /proc/self/mem good");
  EXPECT_EQ(replayed.exit_code, kExitBadInput);
  EXPECT_THAT(replayed.out, HasSubstr("5 traces: 1 agree, 0 findings, 4 unreadable"));
  EXPECT_THAT(replayed.err, HasSubstr("none: no file there"));
  EXPECT_THAT(replayed.err, HasSubstr("links/a: No such file"));
  Write("recorded", "# a real Linux 6.1.1\ncase a A\npv 1000 => rc=0\n");
  const Ran recorded = Shell("hpfuzz recorded bad recorded absent");
  EXPECT_EQ(recorded.exit_code, kExitBadInput);
  EXPECT_THAT(recorded.out, HasSubstr("1 cases, 2 differences, 2 files unreadable"));
  EXPECT_THAT(recorded.err, HasSubstr("absent: No such file"));
}

TEST_F(HostileTest, OutputThatCannotBeWritten) {
  Write("good", "ram 0-7ffffff\npfn_valid 0\n");
  Write("recorded", "# a real Linux 6.1.1\ncase a A\n");
  Write("iomem", "1000-7ffffff : System RAM\n");
  for (const char* command :
       {"replay good", "replay --json good", "show good", "encode good", "recorded recorded",
        "recorded recorded --export a", "import-iomem iomem", "contract", "--help", "replay --help"}) {
    for (const char* output : {">/dev/full", ">&-"}) {
      const Ran ran = Shell(std::string("hpfuzz ") + command + " " + output);
      EXPECT_EQ(ran.exit_code, kExitBadInput) << command << output;
      EXPECT_THAT(ran.err, HasSubstr("standard output: cannot write")) << command << output;
    }
  }
  EXPECT_THAT(Shell("hpfuzz encode good -o /dev/full").err, HasSubstr("/dev/full: No space left on device"));
  EXPECT_EQ(Shell("hpfuzz encode good -o /dev/full").exit_code, kExitBadInput);
}

// Nothing more is run for a reader that has gone.
TEST_F(HostileTest, AReaderThatGoesAway) {
  Write("good", "ram 0-7ffffff\nadd_memory 40000000-47ffffff\npfn_valid 40000\n");
  const Ran ran = Shell(
      "mkdir many; for i in {1..400}; do cp good many/$i; done; echo nonsense x >many/z; hpfuzz replay many | head -1; "
      "echo ${PIPESTATUS[0]}");
  EXPECT_THAT(ran.out, HasSubstr("many/1\n2\n"));
  EXPECT_EQ(ran.err, "hpfuzz: standard output: cannot write\n");
}

TEST_F(HostileTest, JsonOfOddNames) {
  Write("n\xff\"\n\\", "ram 0-7ffffff\npfn_valid 0\n");
  const Ran ran = Shell("hpfuzz replay --json n*");
  EXPECT_EQ(ran.exit_code, kExitAgrees) << ran.err;
  const nlohmann::json root = nlohmann::json::parse(ran.out, nullptr, false);
  ASSERT_TRUE(root.is_array() && root.size() == 1) << ran.out;
  EXPECT_THAT(root[0]["file"].get<std::string>(), testing::EndsWith("\"\n\\"));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
