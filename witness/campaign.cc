// SPDX-License-Identifier: Apache-2.0
// Campaign: choosing what to hear next, and reducing what differed.
#include "witness/campaign.h"

#include <algorithm>
#include <chrono>

#include "absl/status/status.h"
#include "trace/generate.h"
#include "trace/reduce.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kOpsOfTrace = 40;
constexpr double kLongest = 1e8;  // seconds: what a clock can add
// A difference that makes each hearing end with a new guest reduces slowly.
constexpr std::chrono::seconds kReduceLimit(60);

// A trace of its own kind each turn: hardly anything but bits; mappings and blocks; plausible life cycles.
enum class Turn : uint8_t { kPages, kMemory, kLifeCycle, kCorpus };

class Campaign {
 public:
  Campaign(Session& session, const CampaignOptions& options, Progress progress)
      : session_(session), options_(options), progress_(progress) {}
  CampaignResult Run() &&;

 private:
  bool Wants(Turn turn) const;
  bool Done() const;
  Trace NextTrace(Turn turn);
  absl::Status Hear(Turn turn, const Trace& trace);
  void Examine(const Trace& trace, Hearing hearing);
  void Count(Turn turn, const Hearing& hearing);

  Session& session_;
  const CampaignOptions& options_;
  Progress progress_;
  CampaignResult result_;
  Clock::time_point end_ =
      Clock::now() + std::chrono::milliseconds(static_cast<int64_t>(std::min(options_.seconds, kLongest) * 1000));
  uint64_t turns_ = 0;
};

bool Campaign::Wants(Turn turn) const {
  const bool bounded = options_.pages_operations + options_.memory_operations != 0;
  switch (turn) {
    case Turn::kPages: return !bounded || result_.pages_operations < options_.pages_operations;
    case Turn::kMemory:
    case Turn::kLifeCycle: return !bounded || result_.memory_operations < options_.memory_operations;
    case Turn::kCorpus: break;
  }
  return result_.corpus_traces < options_.corpus.size();
}

bool Campaign::Done() const {
  if (Clock::now() >= end_ || result_.differences.size() >= options_.most_differences) return true;
  for (const Turn turn : {Turn::kPages, Turn::kMemory, Turn::kLifeCycle, Turn::kCorpus}) {
    if (Wants(turn)) return false;
  }
  return true;
}

Trace Campaign::NextTrace(Turn turn) {
  // Neighbouring seeds of campaigns share no trace: a campaign is far shorter than this.
  const uint64_t seed = options_.seed * 1'000'003 + turns_;
  switch (turn) {
    case Turn::kPages: return RandomTrace(seed, RandomKind::kPages, kOpsOfTrace);
    case Turn::kMemory: return RandomTrace(seed, RandomKind::kMemory, kOpsOfTrace);
    // One machine a dozen traces: each other one is a boot.
    case Turn::kLifeCycle:
      return GenerateTrace(seed,
                           {.max_ops = kOpsOfTrace, .preset = static_cast<int>(turns_ / 48 % 3), .failure_percent = 0});
    case Turn::kCorpus: break;
  }
  return options_.corpus[result_.corpus_traces++];
}

void Campaign::Count(Turn turn, const Hearing& hearing) {
  if (turn == Turn::kPages) result_.pages_operations += hearing.steps.size();
  if (turn == Turn::kMemory || turn == Turn::kLifeCycle) result_.memory_operations += hearing.steps.size();
}

void Campaign::Examine(const Trace& trace, Hearing hearing) {
  const std::string key = KeyOf(hearing);
  const auto known = [&key](const Contradiction& difference) { return difference.key == key; };
  if (std::any_of(result_.differences.begin(), result_.differences.end(), known)) return;
  progress_("difference " + key + ", reducing it");
  result_.differences.push_back({key, ReduceHearing(session_, trace, std::move(hearing), kReduceLimit)});
}

absl::Status Campaign::Hear(Turn turn, const Trace& trace) {
  absl::StatusOr<Hearing> hearing = session_.Hear(trace, false);
  if (absl::IsFailedPrecondition(hearing.status())) {
    ++result_.not_placed;
    return absl::OkStatus();
  }
  if (!hearing.ok()) return hearing.status();
  Count(turn, *hearing);
  if (hearing->lost) progress_(hearing->note);
  if (!hearing->agrees()) Examine(trace, *std::move(hearing));
  return absl::OkStatus();
}

CampaignResult Campaign::Run() && {
  // Life cycles need machines of their own, and a boot each: when those of the others have met a good deal.
  constexpr Turn kFirst[] = {Turn::kPages, Turn::kMemory};
  constexpr Turn kLater[] = {Turn::kPages, Turn::kMemory, Turn::kPages, Turn::kLifeCycle};
  constexpr uint64_t kFirstTurns = 100;
  while (!Done()) {
    // The corpus first: it is what was found before.
    const Turn turn = Wants(Turn::kCorpus)   ? Turn::kCorpus
                      : turns_ < kFirstTurns ? kFirst[turns_ % std::size(kFirst)]
                                             : kLater[turns_ % std::size(kLater)];
    ++turns_;
    if (!Wants(turn)) continue;
    result_.error = Hear(turn, NextTrace(turn));
    if (!result_.error.ok()) break;
  }
  return std::move(result_);
}

}  // namespace

Hearing ReduceHearing(Session& session, const Trace& trace, Hearing heard, std::chrono::seconds limit) {
  const std::string key = KeyOf(heard);
  const auto end = Clock::now() + limit;
  absl::StatusOr<Hearing> best = session.Hear(trace, false);
  if (!best.ok() || KeyOf(*best) != key) {
    heard.note = "not seen again when the same was asked";
    return heard;
  }
  const auto still_differs = [&](const Trace& shorter) {
    absl::StatusOr<Hearing> hearing = session.Hear(shorter, false);
    if (!hearing.ok() || KeyOf(*hearing) != key) return false;
    best = std::move(hearing);
    return true;
  };
  // Each other machine would be a boot.
  Reduce(trace, ReduceScope::kOperations, still_differs, [end] { return Clock::now() >= end; });
  return *std::move(best);
}

CampaignResult RunCampaign(Session& session, const CampaignOptions& options, Progress progress) {
  return Campaign(session, options, progress).Run();
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
