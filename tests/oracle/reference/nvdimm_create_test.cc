// SPDX-License-Identifier: Apache-2.0
// What each kernel makes of a request: the vectors A to K that all three kernels were asked, and what each does with
// media that another one wrote.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/oracle/reference/nvdimm_machine.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t k2M = 0x200000;
constexpr uint64_t k1G = 0x40000000;
constexpr MemmapMode kRam = MemmapMode::kRam;
constexpr MemmapMode kPmem = MemmapMode::kPmem;

struct Wanted {
  int code;
  uint32_t start_pad = 0;
  uint32_t end_trunc = 0;
  uint64_t dataoff = 0;
  uint64_t live = 0;
  uint64_t altmap_base = 0;
  uint64_t altmap_reserve = 0;
  uint64_t altmap_free = 0;
};

struct Vector {
  const char* name;
  PhysRange range;
  uint64_t align;
  MemmapMode mode;
  std::vector<PhysRange> neighbours;  // other regions, or RAM
  Wanted legacy;
  Wanted mainline;
};

const Vector kVectors[] = {
    {"A",
     {0x100000000, k1G},
     k2M,
     kPmem,
     {},
     {0, 0, 0, 0x1200000, 0x40000, 0x100000, 2, 0x11fe},
     {0, 0, 0, 0x1200000, 0x3ee00, 0x100000, 2, 0x11fe}},
    {"B", {0x100000000, k1G}, k2M, kRam, {}, {0, 0, 0, k2M, 0x3fe00}, {0, 0, 0, k2M, 0x3fe00}},
    {"C",
     {0x187c000000, 0x400000000},
     k2M,
     kPmem,
     {{0x1878000000, 0x4000000}},
     {0, 0x4000000, 0, 0x10200000, 0x3f0000, 0x1880000, 2, 0x101fe},
     {0, 0, 0, 0x10200000, 0x3efe00, 0x187c000, 2, 0x101fe}},
    {"D",
     {0x187c000000, 0x400000000},
     k2M,
     kPmem,
     {{0x1878000000, 0x4000000}, {0x1c7c000000, 0x4000000}},
     {0, 0x4000000, 0x4000000, 0x10000000, 0x3e8000, 0x1880000, 2, 0xfffe},
     {0, 0, 0, 0x10200000, 0x3efe00, 0x187c000, 2, 0x101fe}},
    {"E",
     {0x102000000, 0x1000000},
     k2M,
     kPmem,
     {{0x100000000, 0x2000000}, {0x103000000, 0x5000000}},
     {-kENXIO},
     {0, 0, 0, k2M, 0xe00, 0x102000, 2, 0x1fe}},
    {"F",
     {0x102000000, 0x1000000},
     k2M,
     kPmem,
     {},
     {0, 0, 0, 0x400000, 0x8000, 0x100000, 0x2002, 0x3fe},
     {0, 0, 0, k2M, 0xe00, 0x102000, 2, 0x1fe}},
    {"G",
     {0x100000000, 0x4000000},
     k2M,
     kPmem,
     {{0x104000000, 0x4000000}},
     {-kENXIO},
     {0, 0, 0, k2M, 0x3e00, 0x100000, 2, 0x1fe}},
    {"H",
     {0x104000000, 0xc000000},
     k2M,
     kPmem,
     {{0x100000000, 0x4000000}},
     {0, 0x4000000, 0, 0x400000, 0x8000, 0x108000, 2, 0x3fe},
     {0, 0, 0, 0x400000, 0xbc00, 0x104000, 2, 0x3fe}},
    {"I",
     {0x40000000, 0xa0000000},
     k1G,
     kPmem,
     {},
     {0, 0, 0x20000000, k1G, 0x40000, 0x40000, 2, 0x3fffe},
     {0, 0, 0x20000000, k1G, 0x40000, 0x40000, 2, 0x3fffe}},
    {"J",
     {0x100000000, 0x40100000},
     k2M,
     kPmem,
     {},
     {0, 0, 0x100000, 0x1200000, 0x40000, 0x100000, 2, 0x11fe},
     {0, 0, 0x100000, 0x1200000, 0x3ee00, 0x100000, 2, 0x11fe}},
    {"K", {0x40000000, 0x60000000}, k1G, kPmem, {}, {-kENXIO}, {0, 0, 0x20000000, k1G, 0, 0x40000, 2, 0x3fffe}},
    {"M", {0x100100000, 0x7f00000}, k2M, kRam, {}, {0, 0, 0, 0x100000, 0x7e00}, {-kEINVAL}},
    {"L", {0x100000000, 0x8100000}, 0x1000, kRam, {}, {0, 0, 0, 0x2000, 0x80fe}, {0, 0, 0x100000, k2M, 0x7e00}},
    {"T",
     {0x100000000, 0x4003000},
     0x1000,
     kPmem,
     {},
     {0, 0, 0, 0x400000, 0x8000, 0x100000, 2, 0x3fe},
     {0, 0, 0x3000, k2M, 0x3e00, 0x100000, 2, 0x1fe}},
    {"engulfed",
     {0x10c000000, 0xc000000},
     k2M,
     kPmem,
     {{0x109000000, 0x1000000}},
     {0, 0, 0, 0x600000, 0x10000, 0x108000, 0x4002, 0x5fe},
     {0, 0, 0, 0x400000, 0xbc00, 0x10c000, 2, 0x3fe}},
    {"no mode", {0x100000000, k1G}, k2M, MemmapMode::kNone, {}, {-kENXIO}, {-kENXIO}},
    {"no room", {0x100000000, 0x1000}, 0x1000, kRam, {}, {-kENXIO}, {-kENXIO}},
};

void Check(const Vector& vector, Kernel kernel, bool ram) {
  SCOPED_TRACE(std::string(vector.name) + " on " + kKernelNames[static_cast<unsigned>(kernel)]);
  NvdimmMachine machine(kernel, ram ? vector.neighbours : std::vector<PhysRange>{});
  NvdimmBus& bus = machine.bus();
  ASSERT_TRUE(bus.AddRegion(kRegion, {.range = vector.range}).ok());
  Handle region = kRegion;
  if (!ram) {
    for (const PhysRange& range : vector.neighbours) ASSERT_TRUE(bus.AddRegion(++region, {.range = range}).ok());
  }
  Wanted wanted = kernel == Kernel::k5_1 ? vector.legacy : vector.mainline;
  if (kernel == Kernel::k6_12 && wanted.code == 0 && wanted.live == 0) wanted = {-kENXIO};
  const Answer answer = bus.NsCreate(1, Namespace(vector.range.size, Personality::kPfn, vector.mode, vector.align));
  const NamespaceFacts facts = bus.Namespace(1);
  EXPECT_EQ(facts.pfn.setup, wanted.code);
  EXPECT_EQ(facts.pfn.wrote, wanted.code == 0);
  if (wanted.code != 0) {
    EXPECT_EQ(answer, Answer::Value(wanted.code));
    EXPECT_EQ(facts.disposition, Disposition::kIdle);
    EXPECT_TRUE(machine.Image().runs.empty()) << "media were written";
    return;
  }
  EXPECT_EQ(facts.pfn.start_pad, wanted.start_pad);
  EXPECT_EQ(facts.pfn.end_trunc, wanted.end_trunc);
  EXPECT_EQ(facts.pfn.dataoff, wanted.dataoff);
  EXPECT_EQ(facts.pfn.npfns, wanted.live);
  EXPECT_EQ(facts.pfn.mapped, (PhysRange{vector.range.start + wanted.start_pad,
                                         vector.range.size - wanted.start_pad - wanted.end_trunc}));
  EXPECT_EQ(facts.pfn.altmap_base, wanted.altmap_base);
  EXPECT_EQ(facts.pfn.altmap_reserve, wanted.altmap_reserve);
  EXPECT_EQ(facts.pfn.altmap_free, wanted.altmap_free);
  if (facts.disposition == Disposition::kPfn) {
    EXPECT_EQ(facts.capacity, facts.pfn.mapped.size - wanted.dataoff);
  }
}

TEST(NvdimmCreateTest, VectorsWithRegionsAround) {
  for (const Vector& vector : kVectors) {
    for (const Kernel kernel : kKernels) Check(vector, kernel, false);
  }
}

TEST(NvdimmCreateTest, VectorsWithRamAround) {
  for (const Vector& vector : kVectors) {
    if (vector.neighbours.empty() || std::string(vector.name) == "engulfed") continue;
    for (const Kernel kernel : kKernels) Check(vector, kernel, true);
  }
}

TEST(NvdimmCreateTest, RamAloneGivesNoPad) {
  // Without a resource of its own the namespace does not make the section mixed.
  NvdimmMachine machine(Kernel::k5_1, {{0x100000000, 0x4000000}});
  machine.bus().AddRegion(kRegion, {.range = {0x104000000, 0xc000000}, .hidden = true});
  machine.bus().NsCreate(1, Namespace(0xc000000, Personality::kPfn, kPmem, k2M));
  EXPECT_EQ(machine.bus().Namespace(1).pfn.start_pad, 0);
}

TEST(NvdimmCreateTest, ReadOnlyComesFirst) {
  for (const Kernel kernel : kKernels) {
    NvdimmMachine machine(kernel);
    machine.bus().AddRegion(kRegion, {.range = {0x100100000, k1G}, .read_only = true});
    const Answer answer = machine.bus().NsCreate(1, Namespace(k1G, Personality::kPfn, kRam, k2M));
    EXPECT_TRUE(answer.is_error(kENXIO));
  }
}

// How a namespace made by one kernel is found by another: the attempts of a bus that binds twice.
struct Passage {
  const char* name;
  Kernel writer;
  Kernel reader;
  PhysRange range;
  Personality personality;
  uint64_t align;
  MemmapMode mode;
  std::vector<int> answers;
  Disposition disposition;
};

const Passage kPassages[] = {
    {"A up", Kernel::k5_1, Kernel::k6_1, {0x100000000, k1G}, Personality::kPfn, k2M, kPmem, {0}, Disposition::kPfn},
    {"P up",
     Kernel::k5_1,
     Kernel::k6_12,
     {0x410000000, 0x10000000},
     Personality::kDax,
     k2M,
     kRam,
     {0},
     Disposition::kDax},
    {"M up",
     Kernel::k5_1,
     Kernel::k6_1,
     {0x3d0100000, 0x7f00000},
     Personality::kPfn,
     k2M,
     kRam,
     {-kEOPNOTSUPP},
     Disposition::kIdle},
    {"N up",
     Kernel::k5_1,
     Kernel::k6_12,
     {0x3e0001000, 0x4000000},
     Personality::kPfn,
     0x1000,
     kRam,
     {-kEOPNOTSUPP},
     Disposition::kIdle},
    {"T up",
     Kernel::k5_1,
     Kernel::k6_1,
     {0x480000000, 0x4003000},
     Personality::kPfn,
     0x1000,
     kPmem,
     {-kEOPNOTSUPP},
     Disposition::kIdle},
    {"A down", Kernel::k6_1, Kernel::k5_1, {0x100000000, k1G}, Personality::kPfn, k2M, kPmem, {0}, Disposition::kPfn},
    {"I down",
     Kernel::k6_12,
     Kernel::k5_1,
     {0x200000000, 0xa0000000},
     Personality::kDax,
     k1G,
     kPmem,
     {0},
     Disposition::kDax},
    {"F down",
     Kernel::k6_1,
     Kernel::k5_1,
     {0x1a2000000, 0x1000000},
     Personality::kPfn,
     k2M,
     kPmem,
     {-kENOMEM, -kENOMEM},
     Disposition::kPfnFailed},
    {"T down",
     Kernel::k6_12,
     Kernel::k5_1,
     {0x480000000, 0x4003000},
     Personality::kPfn,
     0x1000,
     kPmem,
     {-kENOMEM, -kENOMEM},
     Disposition::kPfnFailed},
    {"S1 down",
     Kernel::k6_1,
     Kernel::k5_1,
     {0x1c4000000, 0xc000000},
     Personality::kPfn,
     k2M,
     kPmem,
     {-kENOMEM, 0},
     Disposition::kPfn},
    {"R2 down",
     Kernel::k6_12,
     Kernel::k5_1,
     {0x45c000000, 0xc000000},
     Personality::kPfn,
     k2M,
     kPmem,
     {-kENOMEM, 0},
     Disposition::kPfn},
    {"K down",
     Kernel::k6_1,
     Kernel::k5_1,
     {0x340000000, 0x60000000},
     Personality::kDax,
     k1G,
     kPmem,
     {0},
     Disposition::kDax},
    {"K up",
     Kernel::k6_1,
     Kernel::k6_12,
     {0x340000000, 0x60000000},
     Personality::kDax,
     k1G,
     kPmem,
     {-kEOPNOTSUPP},
     Disposition::kIdle},
};

TEST(NvdimmCreateTest, Passages) {
  for (const Passage& passage : kPassages) {
    SCOPED_TRACE(passage.name);
    NvdimmMachine writer(passage.writer);
    writer.bus().AddRegion(kRegion, {.range = passage.range});
    const Answer made =
        writer.bus().NsCreate(1, Namespace(passage.range.size, passage.personality, passage.mode, passage.align));
    ASSERT_EQ(made.value, 0);
    NvdimmMachine reader(passage.reader);
    reader.Reboot(writer.Image());
    for (const int wanted : passage.answers) EXPECT_EQ(reader.bus().NsEnable(1).value, wanted);
    EXPECT_EQ(reader.bus().Namespace(1).disposition, passage.disposition);
    EXPECT_FALSE(reader.bus().Namespace(1).pfn.wrote);
  }
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
