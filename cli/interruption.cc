// SPDX-License-Identifier: Apache-2.0
// Interruption: one flag that a signal sets.
#include "cli/interruption.h"

#include <csignal>
#include <initializer_list>

namespace hpfuzz {
namespace {

volatile std::sig_atomic_t interrupted = 0;

extern "C" void Note(int /*signal*/) { interrupted = 1; }

}  // namespace

void WatchForInterruption() {
  struct sigaction action = {};
  action.sa_handler = Note;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

bool Interrupted() { return interrupted != 0; }

}  // namespace hpfuzz
