// SPDX-License-Identifier: Apache-2.0
// Engine: what runs a fuzz target on ever new inputs, in one or several processes, until its time is up. It goes on
// after a finding. No engine looks at a clock: who runs it says how much time is left.
#ifndef HPFUZZ_CAMPAIGN_ENGINE_H_
#define HPFUZZ_CAMPAIGN_ENGINE_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "campaign/counts.h"
#include "campaign/target_options.h"
#include "process/child.h"

namespace hpfuzz {

struct FuzzPlan {
  std::string target;
  std::filesystem::path program;     // the target
  std::filesystem::path mutator;     // its mutator as a library of AFL++; empty: none
  std::filesystem::path dictionary;  // empty: none
  TargetOptions libfuzzer_options;
  TargetOptions afl_options;
  std::filesystem::path seeds;   // read, never written; empty: none
  std::filesystem::path work;    // this run's alone
  std::filesystem::path corpus;  // inputs that reached something new, of this run and of earlier ones
  int jobs = 1;
  uint32_t seed = 1;
  Environment environment;  // of the processes, beside what sanitizers need

  std::filesystem::path findings() const { return work / "findings"; }
  std::filesystem::path logs() const { return work / "logs"; }
};

// One time that the target stopped.
struct Sighting {
  std::string key;
  std::filesystem::path input;                   // below findings(); whoever is told moves it
  std::string report;                            // what the target printed
  std::vector<std::filesystem::path> taken_out;  // inputs of the corpus that would have stopped it again, there as well
};

class Engine {
 public:
  virtual ~Engine() = default;

  // Starts the processes. Unavailable: they cannot be started, or the work folder not be written.
  virtual absl::Status Start(int seconds) = 0;
  // Looks at what the processes did since the last time. Called many times a second.
  virtual void Collect(std::vector<Sighting>* found) = 0;
  // Starts anew what a finding ended. Called after each Collect() unless the run shall end.
  virtual void Continue(int seconds_left) = 0;
  // Whether a process runs or waits to be continued.
  virtual bool Running() const = 0;
  // Asks the processes to end, and to start no more; then, when they did not listen, ends them.
  virtual void Interrupt() = 0;
  virtual void Kill() = 0;
  // After the last process has ended: what has not been looked at yet.
  virtual void Finish(std::vector<Sighting>* found) = 0;

  virtual Counts counts() const = 0;
  // Of a process that ended by itself without a finding, or could not go on: why, and the end of its log. Empty: there
  // is none.
  virtual const std::string& failure() const = 0;
};

// "WHAT. The end of LOG:" and its last lines.
std::string FailureText(const std::string& what, const std::filesystem::path& log, const std::string& output);

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_ENGINE_H_
