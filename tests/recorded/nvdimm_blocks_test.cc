// SPDX-License-Identifier: Apache-2.0
// Every block that was recorded is written byte for byte by layer and reference of its kernel, for the same request.
//
// The index does not give all of every request. What it lacks is taken from the block itself, which is then no check of
// those fields, but of all others and of the checksum:
//   label-*    size, uuid, parent: the namespace ended where its pages end; namespaces of one region do not collide.
//   vec-C, -D  uuid, and what stood in the section beside: "collide" tells where.
//   garbage-*  start, settings, uuid: any start of a section. The junk that was on media is that of the head comment of
//              the cases, with the damage that the record is named after.
//   upgrade-*  everything: the size and the neighbours that make the pads of the block.
//   user-*     dev, self: taken from the case of that name where there is one, else dev = region and self = 1.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "oracle/recorded_nvdimm_battery.h"
#include "oracle/recorded_nvdimm_machine.h"
#include "tests/recorded/nvdimm_files.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr size_t kRecords = 333;

struct BlockRequest {
  FirmwareMap map;  // if boot has none of its own
  NvdimmBoot boot;
  Handle nr = 0;
  PfnSettings settings;
};

NvdimmKernel KernelOf(const std::string& file) {
  for (const NvdimmKernel kernel : {NvdimmKernel::k5_1, NvdimmKernel::k6_1, NvdimmKernel::k6_12}) {
    if (absl::StrContains(file, std::string(VersionOf(kernel)))) return kernel;
  }
  ADD_FAILURE() << file;
  return NvdimmKernel::k5_1;
}

// Settings as the index gives them, else as the block says.
PfnSettings SettingsOf(const InfoBlockRequest& request, const InfoBlockFields& block) {
  PfnSettings settings;
  settings.personality = request.sig.value_or(block.signature == kDaxSignature ? Personality::kDax : Personality::kPfn);
  settings.mode = request.mode.value_or(static_cast<MemmapMode>(block.mode));
  settings.align = request.align.value_or(block.align);
  settings.has_uuid = true;
  settings.uuid = request.uuid.value_or(block.uuid);
  return settings;
}

// A size and a start for which the block is right.
PhysRange RangeOf(const InfoBlockRequest& request, const InfoBlockFields& block) {
  constexpr uint64_t kSomeSection = 0x180000000;
  PhysRange range;
  range.size =
      request.size.value_or(uint64_t{block.start_pad} + block.dataoff + block.npfns * kPageSize + block.end_trunc);
  range.start = request.start.value_or(kSomeSection + (kSectionSize - block.start_pad) % kSectionSize);
  return range;
}

// The rest of the sections at both ends, where the block has pads.
void AddColliding(const InfoBlockFields& block, BlockRequest& out) {
  const PhysRange range = out.boot.dimms[0].region.range;
  const uint64_t first = AlignDown(range.start, kSectionSize);
  const uint64_t last = AlignUp(range.end(), kSectionSize);
  if (block.start_pad != 0 && first != range.start) {
    out.boot.neighbours.push_back({.range = {first, range.start - first}});
  }
  if (block.end_trunc != 0 && last != range.end()) {
    out.boot.neighbours.push_back({.range = {range.end(), last - range.end()}});
  }
}

// "start" and "both" of the index; one kernel's block does not tell, it has no pads.
void AddColliding(const std::string& where, BlockRequest& out) {
  InfoBlockFields pads;
  pads.start_pad = where.empty() ? 0 : 1;
  pads.end_trunc = where == "both" ? 1 : 0;
  AddColliding(pads, out);
}

// flags of ones, padding of 5a, sealed, and then broken where the record says.
InfoBlock Garbage(const std::string& record, const InfoBlockFields& written) {
  InfoBlockFields fields = written;
  fields.flags = ~uint32_t{0};
  InfoBlock junk{};
  std::fill(junk.begin() + 100, junk.begin() + 4000, uint8_t{0x5a});
  SetFields(fields, junk);
  if (record == "garbage-sig") junk[0] ^= 1;
  if (record == "garbage-parent") junk[32] ^= 1;
  Seal(junk);
  if (record == "garbage-csum") junk[4088] ^= 1;
  return junk;
}

class NvdimmBlocksTest : public testing::Test {
 protected:
  void SetUp() override {
    auto index = ParseInfoBlockIndex(RecordedText("info-blocks/index.txt"), "index.txt");
    ASSERT_TRUE(index.ok()) << index.status();
    index_ = *std::move(index);
    blocks_ = ReadInfoBlocks();
    for (RecordedNvdimmCase& recorded : ReadNvdimmCases()) {
      const std::string id = recorded.id;
      cases_.emplace(id, std::move(recorded));
    }
  }

  // `out` must stay where it is: the machine keeps its map.
  void Make(const InfoBlockRequest& request, const InfoBlock& block, BlockRequest& out) {
    const InfoBlockFields fields = FieldsOf(block);
    out.settings = SettingsOf(request, fields);
    const PhysRange range = RangeOf(request, fields);
    if (const auto battery = BatteryOf(request.record, range, {})) {
      out.boot = battery->boot;
      out.nr = static_cast<Handle>(battery->nr);
      return;
    }
    out.boot.map = &out.map;
    Dimm dimm;
    dimm.parent = request.parent.value_or(fields.parent);
    dimm.region.range = range;
    if (absl::StartsWith(request.record, "garbage-") && absl::StartsWith(request.file, "real-")) {
      dimm.block = Garbage(request.record, fields);
    }
    out.boot.dimms = {dimm};
    if (absl::StartsWith(request.record, "upgrade-")) AddColliding(fields, out);
    if (!request.collide.empty()) AddColliding(request.collide, out);
    if (absl::StartsWith(request.file, "user-")) AddUserSurroundings(request, out);
  }

  // As a line of the case file would say it.
  void AddUserSurroundings(const InfoBlockRequest& request, BlockRequest& out) {
    const auto known = cases_.find(request.record);
    const auto list = [](const std::vector<PhysRange>& ranges) {
      std::string text;
      for (const PhysRange& range : ranges) {
        absl::StrAppendFormat(&text, "%s%x+%x", text.empty() ? "" : ",", range.start, range.size);
      }
      return text.empty() ? "-" : text;
    };
    RecordedNvdimmCase made;
    if (known == cases_.end()) {
      const auto parsed = ParseRecordedNvdimm(
          absl::StrFormat("id=x op=create sig=%s start=%x size=%x align=%x mode=%s ro=0 self=1 ram=%s dev=%s region=%s "
                          "media=%s | L rc=ENXIO",
                          *request.sig == Personality::kDax ? "dax" : "pfn", *request.start, *request.size,
                          *request.align, *request.mode == MemmapMode::kPmem ? "pmem" : "ram", list(request.ram),
                          list(request.regions), list(request.regions), request.media),
          "made");
      ASSERT_TRUE(parsed.ok()) << parsed.status();
      made = parsed->front();
    } else {
      made = known->second;
    }
    out.map = made.map;
    out.settings = made.settings;
    Dimm& dimm = out.boot.dimms[0];
    dimm.region.hidden = made.region.hidden;
    dimm.parent = made.parent;
    dimm.block = made.block;
    out.boot.others = made.others;
    out.boot.neighbours = NeighboursOf(made.range, made.regions, &out.boot.others);
  }

  void CompareAll(bool references) {
    const NvdimmSubjects subjects(references);
    EXPECT_EQ(index_.size(), kRecords);
    size_t compared = 0;
    for (const InfoBlockRequest& request : index_) {
      const auto file = blocks_.find(request.file);
      ASSERT_NE(file, blocks_.end()) << request.file;
      const auto block = file->second.find(request.record);
      ASSERT_NE(block, file->second.end()) << request.record;
      BlockRequest made;
      Make(request, block->second, made);
      HotplugLayer& layer = subjects.of(KernelOf(request.file));
      ASSERT_EQ(Start(made.boot, layer), "") << request.file << " @" << request.record;
      const PfnView pfn = hpfuzz::HPFUZZ_GEOMETRY::SetUp(made.boot, made.nr, made.settings, layer);
      const InfoBlock ours = BlockOnMedia(layer, made.nr);
      EXPECT_EQ(pfn.setup, 0) << request.file << " @" << request.record;
      const auto different = std::mismatch(ours.begin(), ours.end(), block->second.begin());
      EXPECT_EQ(different.first, ours.end())
          << request.file << " @" << request.record << ": byte " << different.first - ours.begin() << ": recorded "
          << int{*different.second} << ", ours " << int{*different.first};
      ++compared;
    }
    EXPECT_EQ(compared, kRecords);
  }

  std::vector<InfoBlockRequest> index_;
  InfoBlockFiles blocks_;
  std::map<std::string, RecordedNvdimmCase> cases_;
};

TEST_F(NvdimmBlocksTest, Implementations) { CompareAll(false); }

TEST_F(NvdimmBlocksTest, References) { CompareAll(true); }

// The record of every block is named by the index, and none twice.
TEST_F(NvdimmBlocksTest, IndexNamesEveryBlock) {
  std::map<std::string, size_t> named;
  for (const InfoBlockRequest& request : index_) ++named[request.file];
  for (const auto& [name, file] : blocks_) EXPECT_EQ(named[name], file.size()) << name;
}

// The checksum of every recorded block is right by our arithmetic too.
TEST_F(NvdimmBlocksTest, Checksums) {
  for (const auto& [name, file] : blocks_) {
    for (const auto& [record, block] : file) {
      EXPECT_EQ(FieldsOf(block).checksum, InfoBlockChecksum(block)) << name << " @" << record;
    }
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
