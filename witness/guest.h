// SPDX-License-Identifier: Apache-2.0
// Guest: a virtual machine with a real kernel and the witness module, and the line-by-line conversation with it.
//
// Covered: booting, batches of requests and their answers, noticing that the machine died or hangs. Not covered: what
// the lines mean (wire.h).
#ifndef HPFUZZ_WITNESS_GUEST_H_
#define HPFUZZ_WITNESS_GUEST_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "hotplug/units.h"
#include "process/child.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// RAM of every guest: a low part, enough for the kernel, its initramfs and whatever a trace makes it allocate, and on
// request a high part that starts here.
inline constexpr uint64_t kLowRam = uint64_t{512} << 20;
inline constexpr uint64_t kHighRamStart = uint64_t{1} << 32;
// Memory that the machine does not boot with, but that is really there: behind the RAM, from the next border of this
// (QEMU places such memory no finer).
inline constexpr uint64_t kArenaAlign = uint64_t{1} << 30;
inline constexpr uint64_t kArenaSize = uint64_t{8} << 30;

// An NVDIMM: the beginning of a file is its media, what lies behind is its label area.
struct Dimm {
  PhysRange range;          // at the arena's start or behind, whole pages; none overlaps another
  uint64_t label_size = 0;  // bytes; 0: its one namespace is all of it
  int file = -1;  // an open descriptor of the caller's. The guest maps it: either side sees what the other writes
  bool operator==(const Dimm&) const = default;
};

// What a machine boots with. Two guests with the same hardware are the same machine.
struct GuestHardware {
  uint64_t high_ram = 0;              // bytes, whole MiB
  std::vector<PhysRange> holes = {};  // parts of the high RAM that are reserved
  bool five_level = true;
  std::vector<Dimm> dimms = {};  // in the place of the arena; such a guest also runs commands (witness/guest/nvdimm)

  PhysRange arena() const { return {AlignUp(kHighRamStart + high_ram, kArenaAlign), kArenaSize}; }
  bool operator==(const GuestHardware&) const = default;
};

// QEMU's options for the machine's memory, NVDIMMs aside, and the kernel's command line.
std::vector<std::string> MemoryOptions(const GuestHardware& hardware);
std::string KernelCommandLine(const GuestHardware& hardware);

enum class Accelerator : uint8_t { kTcg, kKvm };

class Guest {
 public:
  // `directory` holds vmlinuz and initramfs.gz, for a machine with NVDIMMs initramfs-nvdimm.gz. Errors: NotFound, a
  // file is missing; Unavailable, QEMU does not start; DeadlineExceeded or Aborted, the machine did not come up: the
  // message ends with what it said last.
  static absl::StatusOr<std::unique_ptr<Guest>> Boot(const std::string& directory, const GuestHardware& hardware,
                                                     Accelerator accelerator);

  // Sends the lines, waits for one answer each. The limit counts anew with every answer. Aborted: the machine died;
  // DeadlineExceeded: it hangs, and is lost, too. `answers` holds those that came.
  absl::Status Ask(absl::Span<const std::string> lines, std::vector<std::string>* answers,
                   std::chrono::milliseconds limit = std::chrono::seconds(20));
  // The console so far: what a dying kernel said.
  std::string Console() const { return child_->Output(); }
  // Seconds from the start to the first answer.
  double boot_seconds() const { return boot_seconds_; }
  // The answer to `machine`, see wire.h.
  const std::string& machine() const { return machine_; }
  const GuestHardware& hardware() const { return hardware_; }

 private:
  Guest() = default;
  absl::Status Lost(bool died) const;

  std::unique_ptr<Child> child_;
  OwnedFd channel_;
  std::string unread_;
  std::string machine_;
  GuestHardware hardware_;
  double boot_seconds_ = 0;
};

// KVM if a trial boot with it answers in time, else TCG; tried once a directory and remembered there.
Accelerator FindAccelerator(const std::string& directory);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_GUEST_H_
