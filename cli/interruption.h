// SPDX-License-Identifier: Apache-2.0
// Interruption: somebody asks a run to end early, with what it has so far.
#ifndef HPFUZZ_CLI_INTERRUPTION_H_
#define HPFUZZ_CLI_INTERRUPTION_H_

namespace hpfuzz {

// From here on the first SIGINT, SIGTERM or SIGHUP is noted; a second of the same ends the program.
void WatchForInterruption();
bool Interrupted();

}  // namespace hpfuzz

#endif  // HPFUZZ_CLI_INTERRUPTION_H_
