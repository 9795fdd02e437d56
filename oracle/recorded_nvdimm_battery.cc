// SPDX-License-Identifier: Apache-2.0
// The machines whose real blocks were recorded: their tables.
#include "oracle/recorded_nvdimm_battery.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

struct Member {
  std::string_view name;
  PhysRange range;
};

// One boot, no System RAM near them.
constexpr Member kDimms[] = {
    {"A", {0x100000000, 0x40000000}}, {"B", {0x150000000, 0x40000000}}, {"F", {0x1a2000000, 0x1000000}},
    {"G", {0x1b0000000, 0x4000000}},  {"G2", {0x1b4000000, 0x4000000}}, {"S1", {0x1c4000000, 0xc000000}},
    {"H0", {0x1e0000000, 0x4000000}}, {"H", {0x1e4000000, 0xc000000}},  {"I", {0x200000000, 0xa0000000}},
    {"J", {0x2c0000000, 0x40100000}}, {"K", {0x340000000, 0x60000000}}, {"L", {0x3c0000000, 0x8100000}},
    {"M", {0x3d0100000, 0x7f00000}},  {"N", {0x3e0001000, 0x4000000}},  {"O", {0x3f0000000, 0x10000000}},
    {"P", {0x410000000, 0x10000000}}, {"Q1", {0x430000000, 0x3000000}}, {"Q2", {0x433000000, 0x2800000}},
    {"Q3", {0x435800000, 0x2800000}}, {"R", {0x459000000, 0x1000000}},  {"R2", {0x45c000000, 0xc000000}},
    {"T", {0x480000000, 0x4003000}},  {"W", {0x490000000, 0x1000000}},
};

// Cut out of System RAM with memmap=.
constexpr Member kBetweenRam[] = {
    {"RS", {0x14000000, 0xc000000}},
    {"RB", {0x24000000, 0x10000000}},
    {"RE", {0x3a000000, 0x1000000}},
};
constexpr PhysRange kRamAround[] = {
    {0x100000, 0x13f00000}, {0x20000000, 0x4000000}, {0x34000000, 0x6000000}, {0x3b000000, 0x5000000}};

const FirmwareMap& NoRam() {
  static constexpr FirmwareMap map;
  return map;
}

const FirmwareMap& RamAround() {
  static const FirmwareMap map = [] {
    FirmwareMap made;
    for (const PhysRange& ram : kRamAround) made.ranges[made.count++] = {.kind = FirmwareKind::kRam, .range = ram};
    return made;
  }();
  return map;
}

struct Battery {
  std::string_view prefix;
  absl::Span<const Member> members;
  const FirmwareMap& (*map)();
};
const Battery kBatteries[] = {{"dimm-", kDimms, NoRam}, {"ram-", kBetweenRam, RamAround}};

}  // namespace

std::optional<BatteryMember> BatteryOf(std::string_view record, PhysRange range, const InfoBlockFile& blocks) {
  for (const Battery& battery : kBatteries) {
    if (record.substr(0, battery.prefix.size()) != battery.prefix) continue;
    const std::string_view name = record.substr(battery.prefix.size());
    const auto is_it = [&](const Member& member) { return member.name == name && member.range == range; };
    const auto found = std::find_if(battery.members.begin(), battery.members.end(), is_it);
    if (found == battery.members.end()) return std::nullopt;
    BatteryMember member;
    member.boot.map = &battery.map();
    member.nr = static_cast<size_t>(found - battery.members.begin());
    for (const Member& each : battery.members) {
      Dimm dimm;
      dimm.region.range = each.range;
      const auto block = blocks.find(std::string(battery.prefix) + std::string(each.name));
      if (block != blocks.end()) dimm.block = block->second;
      member.boot.dimms.push_back(dimm);
    }
    return member;
  }
  return std::nullopt;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
