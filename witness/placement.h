// SPDX-License-Identifier: Apache-2.0
// Placement: a trace moved to where a guest has room for it, by whole sections, so that every offset in a section is
// kept; and the hardware that the guest must have.
//
// RAM that a trace never comes near is not rebuilt. Where it does, the guest gets RAM with the same ends and holes.
// What is close to the end of the section table or of the resource tree stays as close to that of the guest. Left out,
// and said: operations that the witness module does not have, that a running kernel would not survive (taking away RAM
// that it lives in), or that lie where the guest has no room. Nodes are not rebuilt: all is node 0.
#ifndef HPFUZZ_WITNESS_PLACEMENT_H_
#define HPFUZZ_WITNESS_PLACEMENT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "trace/trace.h"
#include "witness/guest.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct LeftOut {
  uint32_t op;  // of the trace as it was given
  std::string why;
};

struct Placement {
  GuestHardware hardware;
  // As the guest is asked. Its map is empty: the guest tells its own when it has booted.
  Trace trace;
  std::vector<uint32_t> origin;  // of each operation: its number in the trace as it was given
  std::vector<LeftOut> left_out;
  uint64_t delta = 0;  // added to addresses, modulo 2^64
};

// FailedPrecondition: no guest can stand for this machine, with the reason.
absl::StatusOr<Placement> Place(const Trace& trace);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_PLACEMENT_H_
