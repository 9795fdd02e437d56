// SPDX-License-Identifier: Apache-2.0
// Placement: finding the shift, and carrying operations over.
#include "witness/placement.h"

#include <algorithm>
#include <array>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "trace/kind_traits.h"
#include "witness/wire.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Address bits of QEMU's processors.
constexpr uint64_t kGuestResourceEnd = uint64_t{1} << 40;
// Addresses so close to an end belong to it, not to the RAM.
constexpr uint64_t kNearEnd = uint64_t{64} << 30;
// High RAM that a guest may have: its struct pages alone take a sixty-fourth of it, and time to boot.
constexpr uint64_t kMostHighRam = uint64_t{8} << 30;
// Below this RAM is rebuilt as a whole, so that traces of one machine share a guest.
constexpr uint64_t kSmallMachine = uint64_t{4} << 30;

constexpr uint64_t kFirstMiB = uint64_t{1} << 20;

uint64_t LastByte(PhysRange range) {
  return range.size == 0 || range.wraps() ? range.start : range.start + (range.size - 1);
}

class Placer {
 public:
  explicit Placer(const Trace& trace) : trace_(trace) {}
  absl::StatusOr<Placement> Run() &&;

 private:
  bool IsFar(uint64_t address) const {
    return address >= trace_.map.physmem_end() - kNearEnd ||
           (trace_.map.phys_bits > 37 && address >= trace_.map.resource_end() - kNearEnd);
  }
  void FindExtent();
  absl::Status FindHardware();
  bool TouchesRam() const;
  void BuildRam(uint64_t from, uint64_t end);

  std::optional<uint64_t> Moved(uint64_t address) const;
  bool Move(PhysRange* range) const;
  std::string MoveOp(Op* op) const;
  bool MoveHandle(Op* op);
  std::string Refusal(const Op& op) const;

  const Trace& trace_;
  Placement placement_;
  // Bytes that near operations name: the lowest and the highest. Nothing: low > high.
  uint64_t low_ = ~uint64_t{0};
  uint64_t high_ = 0;
  // By Counter and old handle: the new one.
  std::array<std::vector<Handle>, kCounters> handles_;
  std::array<Handle, kCounters> next_ = {};
};

void Placer::FindExtent() {
  const auto note = [this](uint64_t address) {
    if (IsFar(address)) return;
    low_ = std::min(low_, address);
    high_ = std::max(high_, address);
  };
  for (const Op& op : trace_.ops) {
    if (!IsAskable(op)) continue;
    if (HasArg(op.kind, Arg::kRange)) {
      note(op.range.start);
      note(LastByte(op.range));
    }
    if (HasArg(op.kind, Arg::kPfn)) note(op.pfn.byte());
  }
}

bool Placer::TouchesRam() const {
  const uint64_t first = AlignDown(low_, kSectionSize);
  return std::any_of(trace_.map.begin(), trace_.map.end(), [&](const FirmwareRange& range) {
    return range.kind == FirmwareKind::kRam && AlignDown(range.range.end() - 1, kSectionSize) + kSectionSize > first;
  });
}

// RAM of the trace in [from, end), behind as much RAM as makes the arena begin where QEMU can place it.
void Placer::BuildRam(uint64_t from, uint64_t end) {
  GuestHardware& hardware = placement_.hardware;
  const uint64_t sections_end = AlignUp(end, kSectionSize);
  const uint64_t arena = AlignUp(kHighRamStart + (sections_end - from), kArenaAlign);
  placement_.delta = arena - sections_end;
  hardware.high_ram = end + placement_.delta - kHighRamStart;
  // The first MiB is special at address 0 only; elsewhere its holes would be ordinary ones.
  uint64_t filled = std::max(from, kFirstMiB);
  for (const FirmwareRange& range : trace_.map) {
    if (range.kind != FirmwareKind::kRam || range.range.end() <= filled) continue;
    if (range.range.start > filled) {
      hardware.holes.push_back({filled + placement_.delta, range.range.start - filled});
    }
    filled = range.range.end();
  }
}

absl::Status Placer::FindHardware() {
  placement_.hardware.five_level = trace_.map.five_level || trace_.map.phys_bits == 40;
  if (low_ > high_) low_ = high_ = 0;
  if (!TouchesRam()) {
    placement_.delta = placement_.hardware.arena().start - AlignDown(low_, kSectionSize);
    return absl::OkStatus();
  }
  uint64_t end = 0;
  for (const FirmwareRange& range : trace_.map) {
    if (range.kind == FirmwareKind::kRam) end = std::max(end, range.range.end());
  }
  const uint64_t from = end <= kSmallMachine ? 0 : AlignDown(low_, kSectionSize);
  if (end - from > kMostHighRam) {
    return absl::FailedPreconditionError(
        absl::StrCat("its operations come near more than ", kMostHighRam >> 30, " GiB of RAM"));
  }
  if (end % (uint64_t{1} << 20) != 0) {
    return absl::FailedPreconditionError("its RAM does not end at a whole MiB, which QEMU cannot build");
  }
  BuildRam(from, end);
  return absl::OkStatus();
}

// Nothing: the guest has no such place.
std::optional<uint64_t> Placer::Moved(uint64_t address) const {
  const FirmwareMap& map = trace_.map;
  const GuestHardware& hardware = placement_.hardware;
  const uint64_t table_end = uint64_t{1} << (hardware.five_level ? kPhysmemBits5Level : kPhysmemBits);
  if (address >= map.physmem_end() - kNearEnd) return address - map.physmem_end() + table_end;
  if (IsFar(address)) return address - map.resource_end() + kGuestResourceEnd;
  const uint64_t moved = address + placement_.delta;
  const PhysRange arena = hardware.arena();
  const uint64_t low = hardware.high_ram == 0 ? arena.start : kHighRamStart;
  if (moved < low || moved > arena.end()) return std::nullopt;
  return moved;
}

bool Placer::Move(PhysRange* range) const {
  const std::optional<uint64_t> start = Moved(range->start);
  if (!start.has_value()) return false;
  if (!range->wraps() && !IsFar(range->start) && !Moved(LastByte(*range)).has_value()) return false;
  range->start = *start;
  return true;
}

// Why the operation cannot be moved; empty: it was.
std::string Placer::MoveOp(Op* op) const {
  constexpr char kNoRoom[] = "the guest has no such place";
  if (HasArg(op->kind, Arg::kRange) && !Move(&op->range)) return kNoRoom;
  if (op->has_second && !Move(&op->second)) return kNoRoom;
  if (HasArg(op->kind, Arg::kPfn)) {
    const std::optional<uint64_t> moved = Moved(op->pfn.byte());
    if (!moved.has_value()) return kNoRoom;
    op->pfn = Pfn::OfByte(*moved);
  }
  if (op->altmap.given) {
    const std::optional<uint64_t> moved = Moved(op->altmap.base);
    if (!moved.has_value()) return kNoRoom;
    op->altmap.base = *moved;
  }
  op->nid = 0;
  return "";
}

// Handles count those that are left. False: what it names was left out.
bool Placer::MoveHandle(Op* op) {
  const Counter defines = TraitsOf(op->kind).defines;
  Counter counter = defines;
  if (HasArg(op->kind, Arg::kMapping)) counter = Counter::kMappings;
  if (HasArg(op->kind, Arg::kResource)) counter = Counter::kResources;
  if (counter == Counter::kNone || op->handle == kNoHandle) return true;
  std::vector<Handle>& known = handles_[static_cast<unsigned>(counter)];
  if (known.size() <= op->handle) known.resize(size_t{op->handle} + 1, kNoHandle);
  if (defines != Counter::kNone) known[op->handle] = next_[static_cast<unsigned>(counter)]++;
  op->handle = known[op->handle];
  return op->handle != kNoHandle;
}

// Of an operation that has been moved: why the kernel would not survive it; empty: it would.
std::string Placer::Refusal(const Op& op) const {
  const GuestHardware& hardware = placement_.hardware;
  const PhysRange ram = {kHighRamStart, hardware.high_ram};
  switch (op.kind) {
    // Splits large pages of the direct map, and loses what else they mapped.
    case OpKind::kArchAddMemory:
    case OpKind::kRemovePages:
    case OpKind::kArchRemoveMemory:
    case OpKind::kRemoveMemory:
    case OpKind::kOfflinePages:
    case OpKind::kMovePfnRangeToZone:
    case OpKind::kRemovePfnRangeFromZone:
      return ram.overlaps(op.range) ? "it would take away RAM that the guest runs in" : "";
    default: return "";
  }
}

absl::StatusOr<Placement> Placer::Run() && {
  FindExtent();
  if (absl::Status status = FindHardware(); !status.ok()) return status;
  for (uint32_t i = 0; i < trace_.ops.size(); ++i) {
    Op op = trace_.ops[i];
    if (op.kind == OpKind::kReboot) {
      placement_.left_out.push_back({i, "and all that follows: a reboot"});
      break;
    }
    std::string why = IsAskable(op) ? MoveOp(&op) : "the witness cannot ask it";
    if (why.empty()) why = Refusal(op);
    if (why.empty() && !MoveHandle(&op)) why = "what it names was left out";
    if (!why.empty()) {
      placement_.left_out.push_back({i, std::move(why)});
      continue;
    }
    placement_.trace.ops.push_back(op);
    placement_.origin.push_back(i);
  }
  return std::move(placement_);
}

}  // namespace

absl::StatusOr<Placement> Place(const Trace& trace) { return Placer(trace).Run(); }

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
