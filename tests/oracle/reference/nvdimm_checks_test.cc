// SPDX-License-Identifier: Apache-2.0
// The order of checks in nd_pfn_validate, as it was measured: one fault at a time, then every pair.
#include <gtest/gtest.h>

#include <string>

#include "tests/oracle/reference/nvdimm_machine.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr PhysRange kRange{0x100000000, 0x10000000};
constexpr uint64_t k2M = 0x200000;

struct Case {
  RegionRequest region;
  bool right_checksum = true;
  reference::InfoBlock block{.signature = reference::SignatureOf(Personality::kDax),
                             .uuid = UuidOfSeed(kOwn),
                             .parent = UuidOfSeed(kParent),
                             .major = 1,
                             .minor = 4,
                             .dataoff = 0x600000,
                             .npfns = 0xfa00,
                             .mode = 2,
                             .align = k2M,
                             .page_size = kPageSize,
                             .page_struct_size = kStructPageSize};
  PfnSettings settings = Namespace(0, Personality::kDax, MemmapMode::kPmem, k2M).settings;
};

struct Fault {
  const char* name;
  void (*make)(Case&);
  int code[3];              // by kernel; 0: not checked
  bool sets_align = false;  // two of these are one fault
  bool needs_uuid = false;  // only where a uuid is set
};

// Ascending steps.
constexpr Fault kFaults[] = {
    {"no memory", [](Case& c) { c.region.blk = true; }, {-kENODEV, -kENODEV, -kENODEV}},
    {"unreadable", [](Case& c) { c.region.unreadable = true; }, {-kENXIO, -kENXIO, -kENXIO}},
    {"signature", [](Case& c) { c.block.signature[15] = ' '; }, {-kENODEV, -kENODEV, -kENODEV}},
    {"checksum", [](Case& c) { c.right_checksum = false; }, {-kENODEV, -kENODEV, -kENODEV}},
    {"parent", [](Case& c) { c.block.parent = {}; }, {-kENODEV, -kENODEV, -kENODEV}},
    {"mode", [](Case& c) { c.block.mode |= 0x100; }, {-kENXIO, -kENXIO, -kENXIO}},
    {"page size", [](Case& c) { c.block.page_size *= 2; }, {0, -kEOPNOTSUPP, -kEOPNOTSUPP}},
    {"struct page size", [](Case& c) { --c.block.page_struct_size; }, {0, -kEOPNOTSUPP, -kEOPNOTSUPP}},
    {"dax align", [](Case& c) { c.settings.align = c.block.align = k2M / 2; }, {0, -kEOPNOTSUPP, -kEOPNOTSUPP}, true},
    {"uuid", [](Case& c) { c.block.uuid = {}; }, {-kENODEV, -kENODEV, -kENODEV}, false, true},
    {"settings",
     [](Case& c) { c.settings.mode = MemmapMode::kRam; },
     {-kEINVAL, -kEOPNOTSUPP, -kEOPNOTSUPP},
     false,
     true},
    {"align above capacity",
     [](Case& c) { c.settings.align = c.block.align = 0x40000000; },
     {-kEINVAL, -kEOPNOTSUPP, -kEOPNOTSUPP},
     true},
    {"dataoff", [](Case& c) { c.block.dataoff |= kRange.size; }, {-kEBUSY, -kEOPNOTSUPP, -kEOPNOTSUPP}},
    {"offset", [](Case& c) { c.block.dataoff |= 0x800; }, {-kENXIO, -kEOPNOTSUPP, -kEOPNOTSUPP}},
    {"start",
     [](Case& c) {
       c.block.start_pad |= k2M / 2;
       c.block.dataoff |= k2M / 2;
     },
     {0, -kEOPNOTSUPP, -kEOPNOTSUPP}},
    {"end", [](Case& c) { c.block.end_trunc |= kPageSize; }, {0, -kEOPNOTSUPP, -kEOPNOTSUPP}},
    {"small", [](Case& c) { c.block.end_trunc |= kRange.size - 0x600000; }, {0, 0, -kEOPNOTSUPP}},
};

int Validate(Kernel kernel, const Case& c) {
  NvdimmMachine machine(kernel);
  machine.AddIdle(1, kRange, c.region);
  machine.PutBlock(1, c.block);
  if (!c.right_checksum) {
    machine.bus().Corrupt(1, {.offset = kInfoBlockOffset + reference::kChecksumOffset, .length = 1, .value = 1});
  }
  return machine.bus().Examine(1, c.settings).validate;
}

int Expected(const Fault& fault, Kernel kernel, bool has_uuid) {
  return fault.needs_uuid && !has_uuid ? 0 : fault.code[static_cast<unsigned>(kernel)];
}

TEST(NvdimmChecksTest, FirstFaultWins) {
  for (const Kernel kernel : kKernels) {
    for (const bool has_uuid : {false, true}) {
      Case right;
      right.settings.has_uuid = has_uuid;
      EXPECT_EQ(Validate(kernel, right), 0);
      for (const Fault& first : kFaults) {
        for (const Fault* second = &first; second != std::end(kFaults); ++second) {
          if (second != &first && first.sets_align && second->sets_align) continue;
          Case c = right;
          first.make(c);
          if (second != &first) second->make(c);
          const int code = Expected(first, kernel, has_uuid);
          EXPECT_EQ(Validate(kernel, c), code != 0 ? code : Expected(*second, kernel, has_uuid))
              << kKernelNames[static_cast<unsigned>(kernel)] << ": " << first.name << ", " << second->name
              << (has_uuid ? "" : ", probed");
        }
      }
    }
  }
}

TEST(NvdimmChecksTest, FieldsThatAVersionDoesNotHaveAreReplaced) {
  for (const Kernel kernel : kKernels) {
    Case c;
    c.settings.has_uuid = false;
    c.block.start_pad = c.block.end_trunc = 0x2000000;
    c.block.page_size = c.block.page_struct_size = 0;
    c.block.dataoff = 0x400000;
    const struct {
      uint16_t minor;
      uint32_t pad;
      uint64_t align;
      bool sizes;
    } kVersions[] = {{0, 0, 0x400000, true},
                     {1, 0x2000000, 0x400000, true},
                     {2, 0x2000000, k2M, true},
                     {3, 0x2000000, k2M, true},
                     {4, 0x2000000, k2M, false}};
    for (const auto& version : kVersions) {
      c.block.minor = version.minor;
      c.settings.personality = Personality::kPfn;
      c.block.signature = reference::SignatureOf(Personality::kPfn);
      NvdimmMachine machine(kernel);
      machine.AddIdle(1, kRange);
      machine.PutBlock(1, c.block);
      const PfnView view = machine.bus().Examine(1, c.settings);
      if (!version.sizes && kernel != Kernel::k5_1) {
        EXPECT_EQ(view.validate, -kEOPNOTSUPP);
        continue;
      }
      EXPECT_EQ(view.validate, 0);
      EXPECT_EQ(view.start_pad, version.pad);
      EXPECT_EQ(view.end_trunc, version.pad);
      EXPECT_EQ(view.align, version.align);
    }
  }
}

TEST(NvdimmChecksTest, ChecksumsAreTheRecordedOnes) {
  const Case c;
  reference::InfoBlock block = c.block;
  block.signature = reference::SignatureOf(Personality::kPfn);
  block.dataoff = 0x1200000;
  block.npfns = 0x3ee00;
  EXPECT_EQ(reference::ReadInfoBlock(reference::WriteInfoBlock(block)).checksum, 0xfea27e9cef9d3162);
  block.minor = 2;
  block.page_size = block.page_struct_size = 0;
  EXPECT_EQ(reference::ReadInfoBlock(reference::WriteInfoBlock(block)).checksum, 0xf67ce45cef9b2122);
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
