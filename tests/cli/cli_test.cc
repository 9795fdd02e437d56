// SPDX-License-Identifier: Apache-2.0
// hpfuzz as a user runs it: exit codes, what goes to which stream, files and directories that are not what they should
// be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/command.h"
#include "tests/cli/shell.h"
#include "tests/files.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr char kAgreeing[] = "ram 1000-1fffffff\nadd_memory 40000000-47ffffff -> legacy 0, subsection 0\n";
constexpr char kDisagreeing[] = "ram 1000-1fffffff\nadd_memory 40000000-47ffffff -> legacy -EBUSY\n";

class CliTest : public ShellTest {};

TEST_F(CliTest, ExitCodesOfReplay) {
  Write("good", kAgreeing);
  Write("bad", kDisagreeing);
  Write("broken", "ram 1000-1fffffff\nadd_memory nonsense\n");
  EXPECT_EQ(Shell("hpfuzz replay good").exit_code, kExitAgrees);
  EXPECT_EQ(Shell("hpfuzz replay bad").exit_code, kExitFinding);
  EXPECT_EQ(Shell("hpfuzz replay broken").exit_code, kExitBadInput);
  EXPECT_EQ(Shell("hpfuzz replay good bad").exit_code, kExitFinding);
  EXPECT_EQ(Shell("hpfuzz replay bad broken good").exit_code, kExitBadInput);
  EXPECT_THAT(Shell("hpfuzz replay bad").out, HasSubstr("FINDING add_memory.legacy-expectation"));
  EXPECT_THAT(Shell("hpfuzz replay broken").err, HasSubstr("broken:2:"));
}

TEST_F(CliTest, AnotherPair) {
  Write("trace", "ram 0-7ffffff\n__add_pages 0-7ffffff -> series-v5 0, mainline-6.1 -EEXIST\n");
  const Ran ran = Shell("hpfuzz replay --pair mainline-6.1,series-v5 trace");
  EXPECT_EQ(ran.exit_code, kExitAgrees) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("verdict  series-v5 and mainline-6.1: agree"));
  EXPECT_THAT(ran.out, HasSubstr("exists-passed-over"));
  const Ran without = Shell("hpfuzz replay --pair series-v5,mainline-6.1 --without B6 trace");
  EXPECT_EQ(without.exit_code, kExitFinding) << without.err;
  EXPECT_THAT(without.out, HasSubstr("FINDING __add_pages.exists-passed-over"));
  EXPECT_EQ(Shell("hpfuzz replay --without B6 trace").exit_code, kExitBadInput) << "of which pair?";
  EXPECT_EQ(Shell("hpfuzz replay --pair series-v5 trace").exit_code, kExitBadInput);
  EXPECT_EQ(Shell("hpfuzz replay --pair series-v5,mainline-6.1 --without ram-in-section trace").exit_code,
            kExitBadInput);
  EXPECT_EQ(Shell("HPFUZZ_PAIR=legacy hpfuzz replay trace").exit_code, kExitBadInput);
  const Ran small = Shell("hpfuzz minimize --pair series-v5,mainline-6.1 --without B6 --quiet trace");
  EXPECT_EQ(small.exit_code, kExitAgrees) << small.err;
  EXPECT_THAT(small.out, HasSubstr("__add_pages"));
}

TEST_F(CliTest, Usage) {
  EXPECT_EQ(Shell("hpfuzz").exit_code, kExitBadInput);
  EXPECT_EQ(Shell("hpfuzz nonsense").exit_code, kExitBadInput);
  EXPECT_EQ(Shell("hpfuzz replay").exit_code, kExitBadInput);
  EXPECT_EQ(Shell("hpfuzz replay --nonsense x").exit_code, kExitBadInput);
  for (const char* command : {"", "replay", "show", "minimize", "encode", "recorded", "import-iomem", "contract"}) {
    const Ran help = Shell(std::string("hpfuzz ") + command + " --help");
    EXPECT_EQ(help.exit_code, kExitAgrees) << command;
    EXPECT_THAT(help.out, HasSubstr("Example: hpfuzz")) << command;
  }
}

TEST_F(CliTest, TextAndBytesAreToldApartByContent) {
  Write("text.bin", kAgreeing);
  Write("bytes.trace", std::string("\0\1\2\3", 4));
  Write("one-byte", "\7");
  EXPECT_THAT(Shell("hpfuzz show text.bin").out, HasSubstr("add_memory"));
  EXPECT_THAT(Shell("hpfuzz show bytes.trace").out, HasSubstr("ram "));
  EXPECT_EQ(Shell("hpfuzz replay bytes.trace one-byte").exit_code, kExitAgrees);
  EXPECT_EQ(Shell("hpfuzz encode bytes.trace").exit_code, kExitBadInput);
}

TEST_F(CliTest, BytesOfAnInfoBlock) {
  Write("block", std::string("\x80\0\0\0nvdimm-pfn", 14));
  const Ran shown = Shell("hpfuzz show --info-block block");
  EXPECT_EQ(shown.exit_code, kExitAgrees);
  EXPECT_EQ(shown.err, "");
  EXPECT_THAT(shown.out, HasSubstr("corrupt n0 1000+8 702d6d6d6964766e\ncorrupt n0 1008+8 6e66 sealed\n"));
  EXPECT_EQ(Shell("hpfuzz show --info-block block | hpfuzz replay -").exit_code, kExitAgrees);
  const Ran replayed = Shell("hpfuzz replay --info-block block");
  EXPECT_EQ(replayed.exit_code, kExitAgrees);
  EXPECT_THAT(replayed.out, HasSubstr("corrupt n0 1000+8 702d6d6d6964766e\n"));

  Write("long", std::string(5000, '\1'));
  EXPECT_THAT(Shell("hpfuzz show --info-block long").err, HasSubstr("long: the last 900 of 5000 bytes are left out"));
  Write("empty", "");
  EXPECT_EQ(Shell("hpfuzz show --info-block empty").exit_code, kExitBadInput);
  EXPECT_EQ(Shell("hpfuzz replay --info-block empty").exit_code, kExitBadInput);
  EXPECT_THAT(Shell("hpfuzz replay --info-block long").err, HasSubstr("the last 900 of 5000 bytes are left out"));
}

// What begins as text is text: a stray byte is an error with its place, never another trace.
TEST_F(CliTest, TextWithAStrayByteIsNotBytes) {
  Write("nul", std::string("ram 0-7ffffff\n\0pfn_valid 1 -> legacy 0\n", 39));
  Write("mark", "\xef\xbb\xbfram 0-7ffffff\n");
  EXPECT_THAT(Shell("hpfuzz replay nul").err, HasSubstr("nul:2:1:"));
  EXPECT_THAT(Shell("hpfuzz replay mark").err, HasSubstr("mark:1:1:"));
  EXPECT_EQ(Shell("hpfuzz replay nul").exit_code, kExitBadInput);
  EXPECT_EQ(Shell("hpfuzz replay mark").exit_code, kExitBadInput);
}

TEST_F(CliTest, ExpectationsThatNobodyWouldCompare) {
  Write("unknown", "ram 0-7ffffff\npfn_valid 1 -> legacy 1, mainlien-6.1 0\n");
  const Ran unknown = Shell("hpfuzz replay unknown");
  EXPECT_EQ(unknown.exit_code, kExitBadInput);
  EXPECT_THAT(unknown.err, HasSubstr("unknown:2:26: read \"mainlien-6.1\""));
  Write("after",
        "ram 0-7fffffff\nremove_memory 300200000-300200fff -> legacy BUG, subsection BUG\n"
        "pfn_valid 1 -> legacy 0\n");
  const Ran after = Shell("hpfuzz replay after");
  EXPECT_EQ(after.exit_code, kExitFinding);
  EXPECT_THAT(after.out, HasSubstr("1 operations not run: both machines have stopped"));
  EXPECT_THAT(after.out, HasSubstr("pfn_valid.legacy-expectation"));
}

TEST_F(CliTest, ImportIomem) {
  Write("iomem", "00001000-3fffffff : System RAM\n  01000000-01ffffff : Kernel code\n");
  EXPECT_EQ(Shell("hpfuzz import-iomem iomem").out, "ram 1000-3fffffff\nunmovable 1000000-1ffffff\n");
  EXPECT_EQ(Shell("hpfuzz import-iomem iomem >map && hpfuzz replay map").exit_code, kExitAgrees);
  Write("zeroes", "00000000-00000000 : System RAM\n");
  EXPECT_EQ(Shell("hpfuzz import-iomem zeroes").exit_code, kExitBadInput);
}

TEST_F(CliTest, EncodeAndShowGoBackAndForth) {
  for (const std::string& file : FilesBelow("repro", ".trace")) {
    Write("trace", ContentOf(file));
    const Ran ran = Shell(
        "hpfuzz encode trace -o bytes && hpfuzz show bytes >text && hpfuzz encode text | cmp - bytes && "
        "hpfuzz encode trace | hpfuzz show - | cmp - text && hpfuzz encode - <trace | cmp - bytes");
    EXPECT_EQ(ran.exit_code, 0) << file << "\n" << ran.out << ran.err;
  }
}

TEST_F(CliTest, Directories) {
  fs::create_directories(directory_ / "traces/inner");
  fs::create_directories(directory_ / "empty");
  Write("traces/b", kAgreeing);
  Write("traces/inner/a", kDisagreeing);
  Write("traces/.hidden", "nonsense");
  Write("traces/README.md", "nonsense");
  const Ran ran = Shell("hpfuzz replay traces");
  EXPECT_EQ(ran.exit_code, kExitFinding) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("2 traces: 1 agree, 1 findings, 0 unreadable"));
  EXPECT_LT(ran.out.find("traces/b"), ran.out.find("traces/inner/a"));
  EXPECT_EQ(Shell("hpfuzz replay --quiet traces/b traces/b").out, "2 traces: 2 agree, 0 findings, 0 unreadable\n");
  EXPECT_EQ(Shell("hpfuzz replay empty").exit_code, kExitBadInput);
  for (const char* command : {"show", "encode", "recorded"}) {
    const Ran on_directory = Shell(std::string("hpfuzz ") + command + " traces");
    EXPECT_EQ(on_directory.exit_code, kExitBadInput) << command;
    EXPECT_THAT(on_directory.err, HasSubstr("traces: is a directory")) << command;
  }
}

TEST_F(CliTest, FilesThatCannotBeRead) {
  for (const char* command : {"replay", "show", "minimize", "encode", "recorded"}) {
    const Ran ran = Shell(std::string("hpfuzz ") + command + " absent");
    EXPECT_EQ(ran.exit_code, kExitBadInput) << command;
    EXPECT_THAT(ran.err, HasSubstr("absent: No such file")) << command;
  }
  Write("empty", "");
  for (const char* command : {"replay", "show"}) {
    const Ran ran = Shell(std::string("hpfuzz ") + command + " empty");
    EXPECT_EQ(ran.exit_code, kExitBadInput) << command;
    EXPECT_THAT(ran.err, HasSubstr("empty:1:1: read nothing")) << command;
  }
  Write("good", kAgreeing);
  EXPECT_EQ(Shell("hpfuzz encode good -o absent/file").exit_code, kExitBadInput);
  EXPECT_EQ(Shell("hpfuzz replay absent good").exit_code, kExitBadInput);  // and the other one is replayed all the same
  EXPECT_THAT(Shell("hpfuzz replay absent good").out, HasSubstr("2 traces: 1 agree"));
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  fs::permissions(Write("closed", kAgreeing), fs::perms::none);
  const Ran closed = Shell("hpfuzz replay closed");
  EXPECT_EQ(closed.exit_code, kExitBadInput);
  EXPECT_THAT(closed.err, HasSubstr("closed: Permission denied"));
}

// Requests about namespaces are told from sequences of operations by content.
TEST_F(CliTest, RecordedNamespaces) {
  const std::string request =
      "# namespaces\nid=c op=create sig=pfn start=340000000 size=60000000 align=40000000 mode=pmem ro=0 self=1 ram=- "
      "dev=- region=- media=zero | L rc=";
  const std::string probe = "id=p op=probe start=0 size=10000 block=b.txt@a | 6.1.192 disp=raw rc=0\n";
  Write("good", request + "ENXIO\n");
  Write("bad", request + "EINVAL\n");
  Write("broken", request + "E\n");
  Write("named", probe);
  const Ran good = Shell("hpfuzz recorded good");
  EXPECT_EQ(good.exit_code, kExitAgrees) << good.err;
  EXPECT_EQ(good.out, "1 cases, 0 differences\n");
  const Ran bad = Shell("hpfuzz recorded bad good");
  EXPECT_EQ(bad.exit_code, kExitFinding) << bad.err;
  EXPECT_EQ(bad.out,
            "bad:2: case c, create: legacy: L rc: recorded -EINVAL, ours -ENXIO\n"
            "bad:2: case c, create: legacy reference: L rc: recorded -EINVAL, ours -ENXIO\n"
            "2 cases, 2 differences\n");
  EXPECT_EQ(Shell("hpfuzz recorded broken").exit_code, kExitBadInput);
  EXPECT_THAT(Shell("hpfuzz recorded broken").err, HasSubstr("broken:2:130: read \"E\", expected 0 or an error"));
  EXPECT_THAT(Shell("hpfuzz recorded good --export c").err, HasSubstr("have no form as a trace"));

  EXPECT_EQ(Shell("hpfuzz recorded named").exit_code, kExitBadInput);
  EXPECT_THAT(Shell("hpfuzz recorded named").err, HasSubstr("named:1:40: read \"b.txt\", expected the name of a file"));
  fs::create_directories(directory_ / "info-blocks");
  Write("info-blocks/b.txt", "@b\n");
  EXPECT_THAT(Shell("hpfuzz recorded named").err, HasSubstr("named:1:40: read \"b.txt@a\", expected a block"));
  Write("info-blocks/b.txt", "@a\n");
  EXPECT_EQ(Shell("hpfuzz recorded named").out, "1 cases, 0 differences\n");
  Write("b.txt", "@a\n000: 5\n");
  EXPECT_THAT(Shell("hpfuzz recorded named").err, HasSubstr("b.txt:2:6: read \"5\", expected two hexadecimal digits"));
}

TEST_F(CliTest, Geometries) {
  Write("tiny", "geometry tiny\nram 1000-ffff\nadd_memory 40000-4ffff -> legacy 0, subsection 0\n");
  Write("unknown", "geometry huge\nram 1000-ffff\n");
  EXPECT_EQ(Shell("hpfuzz replay tiny").exit_code, kExitAgrees);
  EXPECT_EQ(Shell("hpfuzz encode tiny | hpfuzz show --geometry tiny - | head -1").out, "geometry tiny\n");
  for (const char* command : {"replay unknown", "show unknown", "encode unknown", "show --geometry huge tiny"}) {
    const Ran ran = Shell(std::string("hpfuzz ") + command);
    EXPECT_EQ(ran.exit_code, kExitBadInput) << command;
    EXPECT_THAT(ran.err, HasSubstr("read geometry 'huge'")) << command;
  }
}

TEST_F(CliTest, Json) {
  Write("good", kAgreeing);
  Write("bad", kDisagreeing);
  // A name that is no UTF-8 must not spoil the document.
  Write("n\xff", kAgreeing);
  Write("broken", "nonsense here\n");
  const Ran ran = Shell("hpfuzz replay --json good broken bad n*");
  EXPECT_EQ(ran.exit_code, kExitBadInput);
  const nlohmann::json root = nlohmann::json::parse(ran.out, nullptr, false);
  ASSERT_TRUE(root.is_array()) << ran.out;
  ASSERT_EQ(root.size(), 3U);
  EXPECT_EQ(root[0]["file"], "good");
  EXPECT_EQ(root[0]["agrees"], true);
  EXPECT_EQ(root[0]["key"], "");
  EXPECT_EQ(root[0]["pairs"][0]["steps"][0]["legacy"], "0");
  EXPECT_EQ(root[1]["file"], "bad");
  EXPECT_EQ(root[1]["agrees"], false);
  EXPECT_EQ(root[1]["key"], "add_memory.legacy-expectation");
  const Ran nothing = Shell("hpfuzz replay --json broken");
  EXPECT_EQ(nlohmann::json::parse(nothing.out, nullptr, false), nlohmann::json::array()) << nothing.out;
}

// A reader that goes away ends the program with a message, not with a signal.
TEST_F(CliTest, ClosedPipes) {
  Write("good", kAgreeing);
  const Ran head = Shell("hpfuzz contract | head -1; echo ${PIPESTATUS[0]}");
  EXPECT_THAT(head.out, HasSubstr("# The contract"));
  EXPECT_THAT(head.out, testing::AnyOf(testing::EndsWith("\n0\n"), testing::EndsWith("\n2\n")));
  const Ran full = Shell("hpfuzz replay good >/dev/full");
  EXPECT_EQ(full.exit_code, kExitBadInput);
  EXPECT_THAT(full.err, HasSubstr("standard output: cannot write"));
  const Ran gone =
      Shell("for i in $(seq 400); do echo good; done | xargs '" HPFUZZ_BINARY "' replay | true; echo ${PIPESTATUS[1]}");
  EXPECT_EQ(gone.err.find("Sanitizer"), std::string::npos) << gone.err;
  EXPECT_THAT(gone.err, testing::Not(HasSubstr("terminated by signal")));
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
