// SPDX-License-Identifier: Apache-2.0
// Cost: of numbers, maps and traces; that of arguments is in their table (smaller_args.cc).
#include "trace/cost.h"

#include "trace/smaller_args.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

uint64_t AddressRoughness(uint64_t address) {
  if (address % kSectionSize == 0) return 0;
  if (address % kSubsectionSize == 0) return 1;
  return address % kPageSize == 0 ? 2 : 3;
}

uint64_t LengthRoughness(uint64_t length) {
  if (length == kSubsectionSize || length == kSectionSize) return 0;
  if (length == 0) return 3;
  if (length % kSectionSize == 0) return 1;
  if (length % kSubsectionSize == 0) return 2;
  return length % kPageSize == 0 ? 3 : 4;
}

void AddMap(const FirmwareMap& map, Cost* cost) {
  cost->firmware_ranges += map.count;
  for (const FirmwareRange& range : map) {
    AddRange(range.range, cost);
    cost->words += range.nid != 0 ? 1 : 0;
  }
  cost->words += (map.phys_bits != kPhysmemBits ? 1 : 0) + (map.five_level ? 1 : 0) + (map.movable_start != 0 ? 1 : 0);
  AddAddress(map.movable_start, cost);
}

}  // namespace

void AddAddress(uint64_t address, Cost* cost) {
  cost->rough += AddressRoughness(address);
  cost->values += address;
}

void AddRange(PhysRange range, Cost* cost) {
  AddAddress(range.start, cost);
  cost->rough += LengthRoughness(range.size);
  cost->lengths += range.size;
}

Cost CostOf(const Trace& trace) {
  Cost cost;
  cost.operations = trace.ops.size();
  for (const std::vector<Expectation>& expectations : trace.expectations) cost.expectations += expectations.size();
  AddMap(trace.map, &cost);
  for (const Op& op : trace.ops) AddArgs(op, &cost);
  return cost;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
