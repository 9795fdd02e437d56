// SPDX-License-Identifier: Apache-2.0
// The readers of recorded answers about namespaces and of recorded info blocks: what they make of each notation, where
// they say an error is, and that no text makes them crash.
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "tests/recorded/nvdimm_files.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr absl::string_view kCreate =
    "id=c op=create sig=dax start=100000 size=2000 align=1000 mode=ram ro=1 self=0 ram=0+1000,5000+1000 dev=7000+1000 "
    "region=- media=zero";
constexpr absl::string_view kProbe =
    "id=p op=probe start=0 size=3000 sig=NVDIMM_PFN_INFO minor=63 dataoff=1 npfns=2 mode=3 start_pad=4 end_trunc=5 "
    "align=6 page_size=7 psz=8 flags=9 major=a padfill=5a csumbad=0 parent=0";
constexpr absl::string_view kRefused = " | L rc=ENXIO";
constexpr absl::string_view kRaw = " | 5.1.15 disp=raw rc=0";

std::string Error(absl::string_view text) {
  const auto cases = ParseRecordedNvdimm(text, "f");
  return cases.ok() ? "" : std::string(cases.status().message());
}

std::string Changed(absl::string_view text, const char* from, const char* to) {
  std::string changed(text);
  EXPECT_GE(absl::StrReplaceAll({{from, to}}, &changed), 1) << from;
  return Error(changed);
}

RecordedNvdimmCase Parse(const std::string& text) {
  const auto cases = ParseRecordedNvdimm(text, "f");
  if (cases.ok() && cases->size() == 1) return cases->front();
  ADD_FAILURE() << cases.status();
  return {};
}

TEST(RecordedNvdimmParseTest, Create) {
  const RecordedNvdimmCase c = Parse(absl::StrCat("# head\n", kCreate, kRefused, " | LS probe=-95 rc=0 pad=1 trunc=2 ",
                                                  "off=3 npfns=4 live=5 map=6-ffffffffffffffff alt=7/8/9 fit=1"));
  EXPECT_EQ(c.id, "c");
  EXPECT_EQ(c.line, 2);
  EXPECT_EQ(c.op, NvdimmOp::kCreate);
  EXPECT_EQ(c.range, (PhysRange{0x100000, 0x2000}));
  EXPECT_EQ(c.settings, (PfnSettings{Personality::kDax, MemmapMode::kRam, 0x1000, true, UuidOfSeed(0x10)}));
  EXPECT_EQ(c.parent, UuidOfSeed(0xa0));
  EXPECT_TRUE(c.region.read_only);
  EXPECT_TRUE(c.region.hidden);
  EXPECT_EQ(c.map.count, 2);
  EXPECT_EQ(c.map.ranges[1].range, (PhysRange{0x5000, 0x1000}));
  EXPECT_EQ(c.others, (std::vector<PhysRange>{{0x7000, 0x1000}}));
  EXPECT_TRUE(c.regions.empty());
  EXPECT_EQ(c.block, InfoBlock{});
  ASSERT_EQ(c.answers.size(), 2U);
  EXPECT_EQ(c.answers[0].values, (std::vector<NvdimmValue>{{.key = NvdimmKey::kRc, .numbers = {-uint64_t{6}}}}));
  EXPECT_EQ(c.answers[1].tag, NvdimmTag::kLS);
  std::string all;
  for (const NvdimmValue& value : c.answers[1].values) {
    absl::StrAppend(&all, std::string(NvdimmKeyName(value.key)), "=", PrintNvdimmValue(value), " ");
  }
  EXPECT_EQ(all, "probe=-EOPNOTSUPP rc=0 pad=1 trunc=2 off=3 npfns=4 live=5 map=6-ffffffffffffffff alt=7/8/9 ");
}

TEST(RecordedNvdimmParseTest, UuidsAndMedia) {
  const std::string with_uuid = absl::StrCat(
      kCreate, " uuid=0d1e0000-1111-2222-3333-444455556601 parent=000102030405060708090a0b0c0d0e0f", kRefused);
  const RecordedNvdimmCase c = Parse(with_uuid);
  EXPECT_EQ(c.settings.uuid,
            (Uuid{0x0d, 0x1e, 0, 0, 0x11, 0x11, 0x22, 0x22, 0x33, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x01}));
  EXPECT_EQ(c.parent, (Uuid{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}));
  const RecordedNvdimmCase filled =
      Parse(absl::StrReplaceAll(absl::StrCat(kCreate, kRefused), {{"media=zero", "media=fill:a5"}}));
  EXPECT_EQ(filled.block[0], 0xa5);
  EXPECT_EQ(filled.block[4095], 0xa5);
  const RecordedNvdimmCase damaged =
      Parse(absl::StrReplaceAll(absl::StrCat(kCreate, kRefused), {{"media=zero", "media=badcsum"}}));
  const InfoBlockFields fields = FieldsOf(damaged.block);
  EXPECT_EQ(fields.signature, kDaxSignature);
  EXPECT_EQ(fields.flags, 0xdeadbeefU);
  EXPECT_EQ(fields.end_trunc, 0x5678U);
  EXPECT_EQ(damaged.block[100], 0x5a);
  EXPECT_EQ(fields.checksum, InfoBlockChecksum(damaged.block) ^ 1);
}

TEST(RecordedNvdimmParseTest, Probe) {
  const InfoBlockFields fields = FieldsOf(Parse(absl::StrCat(kProbe, kRaw)).block);
  EXPECT_EQ(fields.signature, kPfnSignature);
  EXPECT_EQ(fields.minor, 0x63);
  EXPECT_EQ(fields.dataoff, 1U);
  EXPECT_EQ(fields.npfns, 2U);
  EXPECT_EQ(fields.mode, 3U);
  EXPECT_EQ(fields.page_struct_size, 8);
  EXPECT_EQ(fields.major, 10);
  EXPECT_EQ(fields.parent, Uuid{});
  const RecordedNvdimmCase named =
      Parse("id=p op=probe start=0 size=3000 block=real-1.txt@dimm-A | 6.1.192 disp=none rc=-95");
  EXPECT_EQ(named.block_file, "real-1.txt");
  EXPECT_EQ(named.block_record, "dimm-A");
  EXPECT_EQ(named.block_column, 39);
}

// The sixteenth character of a signature may be a blank, which then stands before the one that ends the value.
TEST(RecordedNvdimmParseTest, SignatureWithABlankAtItsEnd) {
  const std::string text = absl::StrReplaceAll(absl::StrCat(kProbe, kRaw), {{"INFO minor", "INFO  minor"}});
  EXPECT_EQ(FieldsOf(Parse(text).block).signature[15], ' ');
}

TEST(RecordedNvdimmParseTest, Errors) {
  const std::string create = absl::StrCat(kCreate, kRefused);
  const std::string probe = absl::StrCat(kProbe, kRaw);
  EXPECT_EQ(Error(create), "");
  EXPECT_EQ(Error(probe), "");
  EXPECT_FALSE(IsRecordedNvdimm("# a comment alone"));
  EXPECT_EQ(Error("hello"), "f:1:1: read \"hello\", expected \"id=\"");
  EXPECT_EQ(Error("id=/ op=create"), "f:1:4: read \"/\", expected the name of a case");
  EXPECT_EQ(Error("id=c op=destroy"), "f:1:9: read \"destroy\", expected create, validate or probe");
  EXPECT_EQ(Error(kCreate), "f:1:133: read nothing, expected \"|\" and an answer");
  EXPECT_EQ(Changed(create, "size=2000", "size=2000 size=2000"),
            "f:1:47: read \"size=2000\", expected a key that was not given before");
  EXPECT_EQ(Changed(create, "size=2000 ", ""), "f:1:124: read \"|\", expected size=");
  EXPECT_EQ(Changed(create, "size=2000", "sise=2000"), "f:1:37: read \"sise=2000\", expected a key of this request");
  EXPECT_EQ(Changed(create, "size=2000", "uuidset=1"), "f:1:37: read \"uuidset=1\", expected a key of this request");
  EXPECT_EQ(Changed(create, "size=2000", "size=2000x"), "f:1:46: read \"x\", expected a blank");
  EXPECT_EQ(Changed(create, "size=2000", "size=x"), "f:1:42: read \"x\", expected a hexadecimal number");
  EXPECT_EQ(Changed(create, "size=2000", "size=10000000000000000"),
            "f:1:42: read \"10000000000000000\", expected a number of at most 64 bits");
  EXPECT_EQ(Changed(create, "sig=dax", "sig=btt"), "f:1:20: read \"btt\", expected pfn or dax");
  EXPECT_EQ(Changed(create, "mode=ram", "mode=2"), "f:1:63: read \"2\", expected none, ram or pmem");
  EXPECT_EQ(Changed(create, "ro=1", "ro=2"), "f:1:70: read \"2\", expected 0 or 1");
  EXPECT_EQ(Changed(create, "5000+1000", "5000+0"), "f:1:90: read \"5000+0\", expected a range that is not empty");
  EXPECT_EQ(Changed(create, "5000+1000", "800+1000"),
            "f:1:83: read \"0+1000,800+1000\", expected a range of whole pages");
  EXPECT_EQ(Changed(create, "5000+1000", "5000-5fff"), "f:1:94: read \"-5fff\", expected \"+\"");
  EXPECT_EQ(Error(absl::StrCat(kCreate, " uuid=000102030405060708090a0b0c0d0e0f0", kRefused)),
            "f:1:139: read \"000102030405060708090a0b0c0d0e0f0\", expected own, a number or a uuid");
  std::string ranges = "5000+1000";
  for (unsigned i = 0; i < FirmwareMap::kMaxRanges; ++i) ranges += ",5000+1000";
  EXPECT_EQ(Changed(create, "5000+1000", ranges.c_str()),
            "f:1:720: read \"5000+1000,5000+1000\", expected at most 64 ranges");
  EXPECT_EQ(Error(absl::StrCat(create, " ", std::string(kMaxLineBytes, ' '))),
            "f:1:1: read \"id=c\", expected a shorter line");
  EXPECT_EQ(Changed(create, "media=zero", "media=block"), "f:1:129: read \"block\", expected a kind of media");
  EXPECT_EQ(Changed(create, "media=zero", "media=fill:g0"), "f:1:134: read \"g0\", expected two hexadecimal digits");
  EXPECT_EQ(Changed(create, "L rc", "6.1.192 rc"), "f:1:136: read \"6.1.192\", expected a tag of this request");
  EXPECT_EQ(Changed(create, "L rc", "X rc"), "f:1:136: read \"X\", expected a tag");
  EXPECT_EQ(Changed(create, "ENXIO", "ENONE"), "f:1:141: read \"ENONE\", expected 0 or an error");
  EXPECT_EQ(Changed(create, "ENXIO", "0"), "f:1:142: read nothing, expected pad=");
  EXPECT_EQ(Changed(create, "rc=ENXIO", "rc=ENXIO hres=0"), "f:1:147: read \"hres=0\", expected a key of this answer");
  EXPECT_EQ(Changed(create, "rc=ENXIO", "rc=ENXIO | L rc=0"),
            "f:1:149: read \"L\", expected a tag that was not given before");
  EXPECT_EQ(Changed(create, "rc=ENXIO", "rc=0 rc=0"),
            "f:1:143: read \"rc=0\", expected a key that was not given before");
  EXPECT_EQ(Changed(create, "rc=ENXIO", "why=\"because"),
            "f:1:142: read \"\\\"because\", expected a comment that ends");
  EXPECT_EQ(Changed(probe, "raw", "lost"), "f:1:197: read \"lost\", expected a disposition");
  EXPECT_EQ(Changed(probe, "raw", "pfn"), "f:1:205: read nothing, expected hres=");
  EXPECT_EQ(Changed(probe, "psz=8 ", ""), "f:1:177: read \"|\", expected psz=");
  EXPECT_EQ(Changed(probe, "psz=8", "psz=10000"), "f:1:135: read \"10000\", expected a number of at most ffff");
  EXPECT_EQ(Error("id=p op=probe start=0 size=0 block=../x@y | 5.1.15 disp=raw rc=0"),
            "f:1:36: read \"../x@y\", expected a file name");
}

TEST(RecordedNvdimmParseTest, InfoBlocks) {
  const auto parsed = ParseInfoBlocks("# head\n@a\n010: 000102030405060708090a0b0c0d0e0f\n@b\n", "f");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->at("a")[0x1f], 0x0f);
  EXPECT_EQ(parsed->at("b"), InfoBlock{});
  const auto error = [](absl::string_view text) { return std::string(ParseInfoBlocks(text, "f").status().message()); };
  const std::string row = "010: 000102030405060708090a0b0c0d0e0f";
  EXPECT_EQ(error(row), "f:1:1: read \"010:\", expected \"@\"");
  EXPECT_EQ(error("@a\n" + row + "\n" + row), "f:3:1: read \"010:\", expected the offset of a later row of 16 bytes");
  EXPECT_EQ(error("@a\n1000: 00"), "f:2:1: read \"1000:\", expected the offset of a later row of 16 bytes");
  EXPECT_EQ(error("@a\n" + row.substr(0, 36)), "f:2:36: read \"0\", expected two hexadecimal digits");
  EXPECT_EQ(error("@a\n" + row + "0"), "f:2:38: read \"0\", expected the end of the line");
  EXPECT_EQ(error("@a\n@a"), "f:2:1: read \"@a\", expected a name that no other block has");
}

TEST(RecordedNvdimmParseTest, Index) {
  const auto index = ParseInfoBlockIndex(
      "real.txt @label-1 kernel=5.1 start=10 ndctl namespace, parent=namespace uuid, sig=pfn mode=ram\n"
      "real.txt @ram-RS size=20 between-System-RAM(memmap=) parent=0 region=1+2,3+4\n",
      "f");
  ASSERT_TRUE(index.ok()) << index.status();
  ASSERT_EQ(index->size(), 2U);
  EXPECT_EQ((*index)[0].record, "label-1");
  EXPECT_EQ((*index)[0].start, 0x10U);
  EXPECT_EQ((*index)[0].parent, std::nullopt);
  EXPECT_EQ((*index)[0].mode, MemmapMode::kRam);
  EXPECT_EQ((*index)[0].notes, (std::vector<std::string>{"ndctl", "namespace,"}));
  EXPECT_EQ((*index)[1].parent, Uuid{});
  EXPECT_EQ((*index)[1].regions.size(), 2U);
  EXPECT_EQ(ParseInfoBlockIndex("real.txt @a sice=1", "f").status().message(),
            "f:1:13: read \"sice=1\", expected a key of the index");
}

// Any damage of any line is read or refused, never more.
TEST(RecordedNvdimmParseTest, NoTextCrashes) {
  std::mt19937 rng(1);
  const std::string files[] = {RecordedText("nvdimm-cases.txt"), RecordedText("info-blocks/real-5.1.15.txt"),
                               RecordedText("info-blocks/index.txt")};
  for (const std::string& file : files) {
    std::vector<std::string> lines;
    std::stringstream stream(file);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    for (int i = 0; i < 3000; ++i) {
      std::string line = lines[rng() % lines.size()];
      for (unsigned n = rng() % 4; n > 0 && !line.empty(); --n) {
        const size_t at = rng() % line.size();
        switch (rng() % 4) {
          case 0: line[at] = static_cast<char>(rng()); break;
          case 1: line.erase(at, rng() % 20); break;
          case 2: line.insert(at, line.substr(rng() % line.size(), rng() % 20)); break;
          default: line.resize(at);
        }
      }
      const std::string text = absl::StrCat("@a\n", line);
      for (const absl::string_view each : {absl::string_view(text), absl::string_view(line)}) {
        (void)ParseRecordedNvdimm(each, "f").ok();
        (void)ParseInfoBlocks(each, "f").ok();
        (void)ParseInfoBlockIndex(each, "f").ok();
      }
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
