// SPDX-License-Identifier: Apache-2.0
// Every layer and every reference creates, validates and probes namespaces as the kernel it models did.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "tests/recorded/nvdimm_files.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr size_t kCases = 213;

void ReplayAll(bool references) {
  const std::vector<RecordedNvdimmCase> cases = ReadNvdimmCases();
  EXPECT_EQ(cases.size(), kCases);
  const InfoBlockFiles blocks = ReadInfoBlocks();
  ASSERT_TRUE(CheckBlockNames(cases, blocks, "nvdimm-cases.txt").ok());
  const NvdimmSubjects subjects(references);
  for (const RecordedNvdimmCase& recorded : cases) {
    for (const NvdimmDifference& difference : CheckRecordedNvdimm(recorded, blocks, subjects.machines())) {
      ADD_FAILURE() << recorded.id << ", nvdimm-cases.txt:" << recorded.line << ", "
                    << ImplementationOf(difference.kernel) << ": " << difference.what << "\n    recorded "
                    << difference.recorded << "\n    ours     " << difference.ours;
    }
  }
}

TEST(RecordedNvdimmTest, Implementations) { ReplayAll(false); }

TEST(RecordedNvdimmTest, References) { ReplayAll(true); }

// The tester tested: whatever part of a line is changed, the change is noticed and named.
class RecordedNvdimmCheckTest : public testing::Test {
 protected:
  static constexpr absl::string_view kCreate =
      "id=c op=create sig=pfn start=104000000 size=c000000 align=200000 mode=pmem ro=0 self=1 ram=100000000+4000000 "
      "dev=- region=- media=zero "
      "| L rc=0 pad=4000000 trunc=0 off=400000 npfns=7c00 live=8000 map=108000000-10fffffff alt=108000/2/3fe wrote=1 "
      "minor=2 csum=292c045cf2b7af22 "
      "| S rc=0 pad=0 trunc=0 off=400000 npfns=bc00 live=bc00 map=104000000-10fffffff alt=104000/2/3fe wrote=1 minor=4 "
      "csum=7e4d9e9ceeb9ff62 "
      "| LS probe=0 rc=0 pad=4000000 trunc=0 off=400000 npfns=7c00 live=7c00 map=108000000-10fffffff alt=108000/2/3fe "
      "| SL probe=0 rc=0 pad=0 trunc=0 off=400000 npfns=bc00 live=10000 map=104000000-10fffffff alt=100000/4002/3fe "
      "fit=0";
  static constexpr absl::string_view kValidate =
      "id=v op=validate want=pfn start=100000000 size=10000000 live_align=200000 live_mode=pmem uuidset=0 readerr=0 "
      "memregion=1 ro=0 media=block sig=NVDIMM_PFN_INFO uuid=own puuid=own flags=0 major=1 minor=4 dataoff=600000 "
      "npfns=fa00 mode=2 start_pad=4000000 end_trunc=2000000 align=200000 page_size=1000 psz=40 padfill=00 "
      "csum=8981be9cf4da3d62 "
      "| L rc=0 mem_pad=4000000 mem_trunc=2000000 live_align=200000 live_mode=2 setup=0 wrote=0 "
      "map=104000000-10dffffff live=10000 alt=100000/4002/5fe";
  static constexpr absl::string_view kProbe =
      "id=p op=probe start=240000000 size=8000000 sig=NVDIMM_PFN_INFO minor=4 dataoff=400000 npfns=3c00 mode=2 "
      "start_pad=2000000 end_trunc=2000000 align=200000 page_size=1000 psz=40 flags=0 major=1 padfill=00 csumbad=0 "
      "parent=0 | 6.12.117 disp=pfn rc=0 hres=242400000 hsize=3c00000";
  // Conflicts with its neighbour on 5.1 if that was bound before it.
  static constexpr absl::string_view kCross =
      "id=x op=probe start=1b0000000 size=4000000 block=real-6.1.192.txt@dimm-G "
      "| 5.1.15 disp=pfn-fail rc=-12 | 6.1.192 disp=pfn rc=0 hres=1b0200000 hsize=3e00000";

  // What is reported of the first difference by layers and by references, which must agree.
  std::string FirstDifference(absl::string_view line, const char* from = "", const char* to = "") {
    std::string text(line);
    if (*from != '\0') {
      EXPECT_EQ(absl::StrReplaceAll({{from, to}}, &text), 1) << from;
    }
    const absl::StatusOr<std::vector<RecordedNvdimmCase>> cases = ParseRecordedNvdimm(text, "text");
    if (!cases.ok()) return std::string(cases.status().message());
    const auto first = [&](const NvdimmSubjects& subjects) -> std::string {
      const std::vector<NvdimmDifference> found = CheckRecordedNvdimm((*cases)[0], blocks_, subjects.machines());
      if (found.empty()) return "";
      return absl::StrCat(found[0].what, " ", found[0].recorded, " ", found[0].ours);
    };
    const std::string layers = first(layers_);
    EXPECT_EQ(layers, first(references_));
    return layers;
  }

  InfoBlockFiles blocks_ = ReadInfoBlocks();
  const NvdimmSubjects layers_{false};
  const NvdimmSubjects references_{true};
};

TEST_F(RecordedNvdimmCheckTest, UnchangedHasNone) {
  for (absl::string_view line : {kCreate, kValidate, kProbe, kCross}) EXPECT_EQ(FirstDifference(line), "");
}

TEST_F(RecordedNvdimmCheckTest, Create) {
  EXPECT_EQ(FirstDifference(kCreate, "| L rc=0", "| L rc=ENXIO"), "L rc -ENXIO 0");
  EXPECT_EQ(FirstDifference(kCreate, "L rc=0 pad=4000000", "L rc=0 pad=6000000"), "L pad 6000000 4000000");
  EXPECT_EQ(FirstDifference(kCreate, "npfns=7c00 live=8000", "npfns=7c01 live=8000"), "L npfns 7c01 7c00");
  EXPECT_EQ(FirstDifference(kCreate, "live=8000", "live=7c00"), "L live 7c00 8000");
  EXPECT_EQ(FirstDifference(kCreate, "live=8000 map=108000000-10fffffff", "live=8000 map=108000000-10f000000"),
            "L map 108000000-10f000000 108000000-10fffffff");
  EXPECT_EQ(FirstDifference(kCreate, "alt=108000/2/3fe wrote", "alt=- wrote"), "L alt - 108000/2/3fe");
  EXPECT_EQ(FirstDifference(kCreate, "wrote=1 minor=2", "wrote=0 minor=2"), "L wrote 0 1");
  EXPECT_EQ(FirstDifference(kCreate, "minor=4", "minor=3"), "S minor 3 4");
  EXPECT_EQ(FirstDifference(kCreate, "csum=7e4d9e9ceeb9ff62", "csum=7e4d9e9ceeb9ff63"),
            "S csum 7e4d9e9ceeb9ff63 7e4d9e9ceeb9ff62");
  EXPECT_EQ(FirstDifference(kCreate, "LS probe=0", "LS probe=EOPNOTSUPP"), "LS probe -EOPNOTSUPP 0");
  EXPECT_EQ(FirstDifference(kCreate, "SL probe=0 rc=0 pad=0 trunc=0", "SL probe=0 rc=0 pad=0 trunc=1000"),
            "SL trunc 1000 0");
}

TEST_F(RecordedNvdimmCheckTest, Validate) {
  EXPECT_EQ(FirstDifference(kValidate, "L rc=0", "L rc=EINVAL"), "L rc -EINVAL 0");
  EXPECT_EQ(FirstDifference(kValidate, "mem_pad=4000000", "mem_pad=0"), "L mem_pad 0 4000000");
  EXPECT_EQ(FirstDifference(kValidate, "mem_trunc=2000000", "mem_trunc=0"), "L mem_trunc 0 2000000");
  EXPECT_EQ(FirstDifference(kValidate, "live_align=200000 live_mode=2", "live_align=1000 live_mode=2"),
            "L live_align 1000 200000");
  EXPECT_EQ(FirstDifference(kValidate, "live_mode=2", "live_mode=1"), "L live_mode 1 2");
  EXPECT_EQ(FirstDifference(kValidate, "setup=0", "setup=EINVAL"), "L setup -EINVAL 0");
  // The request: what stands on media decides.
  EXPECT_EQ(FirstDifference(kValidate, "csum=8981be9cf4da3d62", "csum=8981be9cf4da3d63"), "L rc 0 -ENODEV");
}

TEST_F(RecordedNvdimmCheckTest, Probe) {
  EXPECT_EQ(FirstDifference(kProbe, "disp=pfn", "disp=raw"), "6.12.117 disp raw pfn");
  EXPECT_EQ(FirstDifference(kProbe, "rc=0", "rc=-95"), "6.12.117 rc -EOPNOTSUPP 0");
  EXPECT_EQ(FirstDifference(kProbe, "hres=242400000", "hres=240400000"), "6.12.117 hres 240400000 242400000");
  EXPECT_EQ(FirstDifference(kProbe, "hsize=3c00000", "hsize=3c01000"), "6.12.117 hsize 3c01000 3c00000");
}

TEST_F(RecordedNvdimmCheckTest, DimmsOfOneBoot) {
  EXPECT_EQ(FirstDifference(kCross, "pfn-fail rc=-12", "pfn-fail rc=-6"), "5.1.15 rc -ENXIO -ENOMEM");
  EXPECT_EQ(FirstDifference(kCross, "6.1.192 disp=pfn rc=0", "6.1.192 disp=dax rc=0"), "6.1.192 disp dax pfn");
}

// G and G2 lie in one section, of which 5.1 maps the one that comes first: both answers are right, a third is not.
TEST_F(RecordedNvdimmCheckTest, OrderOfBindingIsEitherButNotNeither) {
  InfoBlockFields fields;
  fields.signature = kPfnSignature;
  fields.minor = 2;
  fields.dataoff = kSubsectionSize;
  fields.mode = static_cast<uint32_t>(MemmapMode::kRam);
  fields.align = kSubsectionSize;
  InfoBlock block{};
  SetFields(fields, block);
  Seal(block);
  blocks_["made.txt"] = {{"dimm-G", block}, {"dimm-G2", block}};
  const auto line = [](absl::string_view answer) {
    return absl::StrCat("id=x op=probe start=1b0000000 size=4000000 block=made.txt@dimm-G | 5.1.15 ", answer);
  };
  EXPECT_EQ(FirstDifference(line("disp=pfn rc=0 hres=1b0200000 hsize=3e00000")), "");
  EXPECT_EQ(FirstDifference(line("disp=pfn-fail rc=-12")), "");
  EXPECT_EQ(FirstDifference(line("disp=pfn-fail rc=0")), "5.1.15 disp pfn-fail pfn bound first, pfn-fail bound last");
  EXPECT_EQ(FirstDifference(line("disp=raw rc=0")), "5.1.15 disp raw pfn bound first, pfn-fail bound last");
}

TEST_F(RecordedNvdimmCheckTest, MachinesThatCannotBe) {
  EXPECT_EQ(FirstDifference(kCreate, "ram=100000000+4000000", "ram=104000000+4000000"),
            "L machine an answer region 104000000+c000000 is refused");
  EXPECT_EQ(FirstDifference(kCreate, "size=c000000", "size=c000001"),
            "L machine an answer region 104000000+c000001 is refused");
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
