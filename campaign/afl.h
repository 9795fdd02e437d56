// SPDX-License-Identifier: Apache-2.0
// AFL++ as an engine: instances of afl-fuzz that share one corpus (-M main, -S worker-N). It goes on after a crash by
// itself and gives no reason: each crash is run again with the target. Seeds that stop the target are findings too, and
// it does without.
//
// Below the work folder: afl/in (what it starts from), afl/ (what afl-fuzz writes), made anew for each run.
#ifndef HPFUZZ_CAMPAIGN_AFL_H_
#define HPFUZZ_CAMPAIGN_AFL_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "campaign/engine.h"
#include "process/child.h"

namespace hpfuzz {

class Afl final : public Engine {
 public:
  explicit Afl(FuzzPlan plan) : plan_(std::move(plan)) {}

  absl::Status Start(int seconds) override;
  void Collect(std::vector<Sighting>* found) override;
  void Continue(int /*seconds_left*/) override {}
  bool Running() const override;
  void Interrupt() override;
  void Kill() override;
  void Finish(std::vector<Sighting>* found) override;
  Counts counts() const override;
  const std::string& failure() const override { return failure_; }

 private:
  struct Instance {
    std::filesystem::path log;
    std::unique_ptr<Child> child;  // null: it has ended
  };
  // What became of the files that afl-fuzz writes. One that still grows is looked at again.
  struct Seen {
    uintmax_t size = 0;
    bool done = false;
  };

  absl::Status FillIn();
  void RunSeeds(const std::vector<std::filesystem::path>& files);
  absl::Status StartInstance(int number, int seconds);
  std::vector<std::string> Arguments(int number, int seconds) const;
  Environment AflEnvironment() const;
  // The target on files: whether it ended well within the time, and what it printed.
  bool RunsThrough(const std::vector<std::filesystem::path>& files) const;
  void AddSighting(const std::filesystem::path& file, std::chrono::seconds limit, bool crash,
                   std::vector<Sighting>* found);

  // What afl-fuzz has written since the last time; with `all`, also what may still grow.
  void Look(bool all, std::vector<Sighting>* found);
  void LookAtQueue(const std::filesystem::path& file);
  void KeepInput(const std::filesystem::path& file);
  void ReadFigures(const std::filesystem::path& instance);

  std::filesystem::path folder() const { return plan_.work / "afl"; }

  const FuzzPlan plan_;
  std::vector<Instance> instances_;
  std::vector<Sighting> pending_;          // of the seeds
  std::map<std::string, Seen> seen_;       // by path
  std::map<std::string, Counts> figures_;  // by instance
  uint64_t new_inputs_ = 0;
  unsigned collections_ = 0;
  bool interrupted_ = false;
  std::string failure_;
};

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_AFL_H_
