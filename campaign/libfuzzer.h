// SPDX-License-Identifier: Apache-2.0
// libFuzzer as an engine. It ends at the first finding: each process is started anew for the time that is left, with a
// seed of its own, from the corpus on disk. An input that stops the target while it is read would do so at every start:
// it is taken out of what the processes read, which of the seeds is a copy.
//
// Below the work folder: seeds/ (the copy), logs/JOB.log (of the newest process of each job).
#ifndef HPFUZZ_CAMPAIGN_LIBFUZZER_H_
#define HPFUZZ_CAMPAIGN_LIBFUZZER_H_

#include <memory>
#include <string>
#include <vector>

#include "campaign/engine.h"
#include "campaign/fuzz_log.h"
#include "process/child.h"

namespace hpfuzz {

class LibFuzzer final : public Engine {
 public:
  explicit LibFuzzer(FuzzPlan plan) : plan_(std::move(plan)) {}

  absl::Status Start(int seconds) override;
  void Collect(std::vector<Sighting>* found) override;
  void Continue(int seconds_left) override;
  bool Running() const override;
  void Interrupt() override;
  void Kill() override;
  void Finish(std::vector<Sighting>* /*found*/) override {}
  Counts counts() const override;
  const std::string& failure() const override { return failure_; }

 private:
  struct Job {
    uint32_t number = 0;
    uint32_t starts = 0;
    std::unique_ptr<Child> child;  // null: it has ended
    FuzzLog log;
    LogFollower follower{""};
    size_t taken_out_before = 0;  // taken_out_ when it was started
    int fruitless = 0;            // starts in succession that ended before the corpus was read, and took nothing out
    bool waits = false;           // to be continued
  };

  absl::Status StartJob(Job* job, int seconds);
  std::vector<std::string> Arguments(const Job& job, int seconds) const;
  void End(Job* job, const ChildEnd& end, std::vector<Sighting>* found);
  void TakeOut(const std::filesystem::path& artifact, std::vector<std::filesystem::path>* kept);
  bool StopsAt(const std::filesystem::path& file, const std::string& artifact) const;
  void Fail(const Job& job, const std::string& what);
  std::filesystem::path seeds() const { return plan_.work / "seeds"; }

  const FuzzPlan plan_;
  std::vector<Job> jobs_;
  Counts ended_;  // of the processes that have ended
  size_t taken_out_ = 0;
  bool interrupted_ = false;
  std::string failure_;
};

}  // namespace hpfuzz

#endif  // HPFUZZ_CAMPAIGN_LIBFUZZER_H_
