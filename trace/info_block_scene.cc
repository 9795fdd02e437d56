// SPDX-License-Identifier: Apache-2.0
// Info-block scenes: tables of places and the operations around the block.
#include "trace/info_block_scene.h"

#include <algorithm>
#include <iterator>

#include "hotplug/nvdimm.h"
#include "trace/presets.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr uint64_t kHalf = kSectionSize / 2;
constexpr uint64_t kBase = 9 * kSectionSize;  // above the RAM of the machine
constexpr uint64_t kHuge = 8 * kSectionSize;
// The most that is read and written of what the user sees.
constexpr uint64_t kUse = kPageSize;
constexpr unsigned kWord = 8;

constexpr uint64_t kStarts[] = {kBase,
                                kBase + kHalf,
                                kBase + kSubsectionSize,
                                kBase + kSubsectionSize / 2,
                                kBase + kPageSize,
                                kBase + kHalf / 4,
                                kBase + kHuge,
                                kBase + 3 * kSubsectionSize};
constexpr uint64_t kSizes[] = {kSectionSize,
                               kHalf,
                               8 * kSubsectionSize,
                               kSectionSize + kHalf,
                               2 * kSectionSize,
                               kHuge + kHalf,
                               kSectionSize + kSubsectionSize / 2,
                               kSubsectionSize + kPageSize};
constexpr uint64_t kAligns[] = {kSubsectionSize, kPageSize, kHuge, 0};

Op Make(OpKind kind, Handle handle) {
  Op op;
  op.kind = kind;
  op.handle = handle;
  return op;
}

Op MakeRegion(Handle handle, PhysRange range) {
  Op op = Make(OpKind::kRegion, handle);
  op.range = range;
  return op;
}

Op Create(Handle handle, uint64_t size) {
  Op op = Make(OpKind::kNsCreate, handle);
  op.region = 0;
  op.extent = {0, size};
  return op;
}

Op Use(OpKind kind, Handle handle, bool dax, uint8_t byte) {
  Op op = Make(kind, handle);
  op.dax = dax;
  if (kind != OpKind::kDaxAccess) op.extent = {0, kUse};
  if (kind == OpKind::kNsWrite) op.fill = byte;
  return op;
}

uint64_t WordAt(absl::Span<const uint8_t> block, size_t at) {
  uint64_t word = 0;
  for (size_t i = std::min(block.size() - at, size_t{kWord}); i-- > 0;) word = word << 8 | block[at + i];
  return word;
}

// The block, word by word; words of zeroes are there already. The last one seals it.
void PutBlock(absl::Span<const uint8_t> block, bool sealed, Trace* trace) {
  for (size_t at = 0; at < block.size(); at += kWord) {
    Op op = Make(OpKind::kCorrupt, 0);
    op.number = WordAt(block, at);
    op.extent = {kInfoBlockOffset + at, kWord};
    if (op.number != 0) trace->Append() = op;
  }
  if (!sealed) return;
  if (trace->ops.back().kind != OpKind::kCorrupt) {
    Op op = Make(OpKind::kCorrupt, 0);
    op.extent = {kInfoBlockOffset, 1};
    trace->Append() = op;
  }
  trace->ops.back().sealed = true;
}

void PutUses(Handle ns, uint8_t byte, Trace* trace) {
  for (const bool dax : {false, true}) {
    trace->Append() = Use(OpKind::kNsWrite, ns, dax, byte);
    trace->Append() = Use(OpKind::kNsRead, ns, dax, 0);
  }
  trace->Append() = Use(OpKind::kDaxAccess, ns, false, 0);
}

}  // namespace

void MakeInfoBlockTrace(absl::Span<const uint8_t> bytes, Trace* trace) {
  trace->Clear();
  CopyMap(Preset(kPresetA), &trace->map);
  trace->map.phys_bits = kPhysmemBits;
  uint8_t scene[kSceneBytes] = {};
  std::copy_n(bytes.begin(), std::min(bytes.size(), kSceneBytes), std::begin(scene));
  absl::Span<const uint8_t> block = bytes.subspan(std::min(bytes.size(), kSceneBytes));
  block = block.subspan(0, std::min<size_t>(block.size(), kInfoBlockSize));

  const PhysRange range{kStarts[scene[1] % std::size(kStarts)], kSizes[scene[1] / 8 % std::size(kSizes)]};
  trace->Append() = MakeRegion(0, range);
  if ((scene[1] >> 6 & 1) != 0) trace->Append() = MakeRegion(1, {range.end(), kHalf});
  trace->Append() = Create(0, range.size);
  PutBlock(block, (scene[0] & kSceneSealed) != 0, trace);
  trace->Append() = Make(OpKind::kNsDisable, 0);
  trace->Append() = Make(OpKind::kNsEnable, 0);
  PutUses(0, scene[3], trace);
  trace->Append() = Make(OpKind::kNsDisable, 0);
  if ((scene[0] & 1) != 0) {
    Op create = Create(1, range.size);
    create.personality = (scene[2] & 1) != 0 ? Personality::kDax : Personality::kPfn;
    create.mode = static_cast<MemmapMode>(1 + (scene[2] >> 1 & 1));
    create.number = kAligns[scene[2] >> 2 & 3];
    create.uuid = scene[2] >> 4;
    trace->Append() = create;
    PutUses(1, scene[3], trace);
  }
  Op reboot = Make(OpKind::kReboot, kNoHandle);
  reboot.other = (scene[0] & 2) != 0;
  trace->Append() = reboot;
  const Handle last = (scene[0] & 1) != 0 ? 1 : 0;
  trace->Append() = Make(OpKind::kNsEnable, last);
  PutUses(last, static_cast<uint8_t>(scene[3] + 1), trace);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
