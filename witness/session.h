// SPDX-License-Identifier: Apache-2.0
// Session: traces asked of a real kernel, operation by operation, each answer and the state after it compared with the
// layer that models this kernel and with its reference.
//
// A guest serves one trace after the other as long as a reset brings back the state of boot; there is one for each
// hardware. Not covered: choosing traces (campaign.h), printing (report.h).
#ifndef HPFUZZ_WITNESS_SESSION_H_
#define HPFUZZ_WITNESS_SESSION_H_

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "registry/registry.h"
#include "witness/comparison.h"
#include "witness/guest.h"
#include "witness/placement.h"
#include "witness/wire.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Those who are compared with the kernel.
inline constexpr unsigned kModels = 2;
inline constexpr std::array<std::string_view, kModels> kModelNames = {"layer", "reference"};

// One request and what came back.
struct Exchange {
  Request request;
  std::string line;
  std::string answer;
};

// One operation as all three answered it.
struct WitnessStep {
  Answer kernel;
  Answer model[kModels];
};

struct Hearing {
  Placement placement;  // with the map that the guest told
  std::string release;  // of the kernel
  std::vector<Exchange> exchanges;
  std::vector<WitnessStep> steps;  // of the operations that were asked, in order
  // The first deviation of each model and the operation after which it was seen (ops.size(): at the end).
  Deviation deviation[kModels];
  uint32_t deviation_op[kModels] = {};
  bool at_boot = false;  // the deviation was there before the first operation, and none was asked
  std::string note;      // why the trace was not asked to its end; empty: it was
  bool lost = false;  // a machine died or hung and another one, asked the same, did not: `note` has the first one's end
  // Why the guest could not be brought back to the state of boot afterwards and was given up; empty: it could.
  std::string not_reset;
  bool agrees() const { return !deviation[0].found() && !deviation[1].found(); }
};
// "<operation>.witness-<what>", for an operation also "boot" or "end"; of the layer if it deviates, else of the
// reference. Empty: both agree.
std::string KeyOf(const Hearing& hearing);

// The answer that stands for the death of a machine, from what it said; empty: it did not say.
std::string CauseOfDeath(const std::string& console);

// What a session did, and where its time went, in seconds.
struct SessionStatistics {
  size_t traces = 0;
  size_t operations = 0;
  size_t requests = 0;
  size_t boots = 0;
  size_t failed_resets = 0;
  size_t given_up = 0;     // machines whose page allocator had been given pages of a device
  size_t lost = 0;         // machines that died or hung, but not when they were asked again line by line
  size_t environment = 0;  // traces cut short by what is the machine's own
  double boot_seconds = 0;
  double kernel_seconds = 0;
  double model_seconds = 0;
};

class Session {
 public:
  // `directory`: see Guest. `implementation`: a mainline one of the registry.
  Session(std::string directory, const Implementation& implementation);

  // With `to_the_death` an operation that stops the model is asked, too; else the trace ends before it.
  // FailedPrecondition: the trace cannot be placed. Other errors: there is no guest to ask.
  absl::StatusOr<Hearing> Hear(const Trace& trace, bool to_the_death);
  const SessionStatistics& statistics() const { return statistics_; }

 private:
  // A guest that waits for its next trace, and what is known of it.
  struct Seat {
    std::unique_ptr<Guest> guest;
    Machine machine;
    Deviation boot_deviation[kModels];
  };
  // Traces of several machines alternate, and an idle guest costs a few hundred MiB of memory only.
  static constexpr size_t kMostGuests = 6;

  absl::StatusOr<std::unique_ptr<Seat>> BootSeat(const GuestHardware& hardware);
  absl::StatusOr<Seat*> Provide(const GuestHardware& hardware);
  void RunModels(Hearing* hearing, bool to_the_death);
  bool Ask(Guest& guest, Hearing* hearing);
  std::vector<std::string> AskOneByOne(absl::Span<const std::string> lines, const GuestHardware& hardware,
                                       Hearing* hearing);
  void Reset(Seat& seat, Hearing* hearing);

  std::string directory_;
  Accelerator accelerator_;
  std::unique_ptr<HotplugLayer> model_[kModels];
  std::vector<std::unique_ptr<Seat>> seats_;  // the one in use last
  SessionStatistics statistics_;
};

// Why the guest would not survive the operation in the state that `model` is in; empty: it would.
std::string Danger(const Op& op, const HotplugLayer& model);
// The requests that a trace makes: each operation, and after it a look at all it can have changed. `map` and `hardware`
// are the guest's.
std::vector<Request> RequestsOf(const Trace& trace, const GuestHardware& hardware);
// Plays exchanges that were heard before or are heard now: the models are asked the same, in the same order. Fills in
// steps and deviations of the hearing, up to the first operation that was not answered.
void Compare(Hearing* hearing, HotplugLayer* layer, HotplugLayer* reference);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_SESSION_H_
