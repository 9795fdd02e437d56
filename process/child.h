// SPDX-License-Identifier: Apache-2.0
// Child: one child process, its end and its output: another program, or a copy of this one. It never outlives the
// object, nor this program, however that ends. Output goes to a file without a name, or to one that others read while
// it grows.
//
// Not covered: interactive input; groups of processes (a child that starts others must end them).
#ifndef HPFUZZ_PROCESS_CHILD_H_
#define HPFUZZ_PROCESS_CHILD_H_

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "files/owned_fd.h"

namespace hpfuzz {

// How a process ended: by exit(code), or by a signal.
struct ChildEnd {
  int exit_code = -1;  // -1: by a signal
  int signal = 0;
};

using Environment = std::vector<std::pair<std::string, std::string>>;  // names and values

struct ChildSetting {
  std::vector<int> inherited = {};  // descriptors that stay open under their own numbers
  Environment environment = {};     // beside that of this program; replaces what has the same name there
  std::string output_file = {};     // made anew for standard output and error; empty: none that has a name
};

class Child {
 public:
  // Runs argv[0], looked for in PATH, with standard input empty, and standard output and error kept (Output()).
  // Unavailable: it cannot be started, or the output file not be made, with the reason.
  static absl::StatusOr<std::unique_ptr<Child>> Start(const std::vector<std::string>& argv,
                                                      const ChildSetting& setting);
  // A copy of this process, which calls `work` and exits with what that returns, without the ends of static objects.
  // The calling thread must be the only one. It has no standard input, its output is kept as above, and it hears no
  // Ctrl-C. Unavailable: as above.
  static absl::StatusOr<std::unique_ptr<Child>> Fork(absl::FunctionRef<int()> work);
  // Kills it if it still runs.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Waits at most so long; nothing while it runs.
  std::optional<ChildEnd> Wait(std::chrono::milliseconds limit);
  // As Ctrl-C does.
  void Interrupt();
  void Kill();
  // What it wrote so far, the last `most` bytes of it.
  std::string Output(size_t most = 1 << 16) const;
  // Bytes of memory that it has now, and those that it started, and so on; 0 when it is gone.
  size_t Memory() const;
  pid_t pid() const { return pid_; }

 private:
  Child(pid_t pid, OwnedFd output) : pid_(pid), output_(std::move(output)) {}

  pid_t pid_;
  OwnedFd output_;
  std::optional<ChildEnd> end_;
};

}  // namespace hpfuzz

#endif  // HPFUZZ_PROCESS_CHILD_H_
