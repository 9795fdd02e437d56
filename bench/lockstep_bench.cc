// SPDX-License-Identifier: Apache-2.0
// Speed of the fuzzing loop on the fixed mix: all of it, and each part by itself, beside the yardstick (yardstick.cc)
// in the same run. Every figure is time per operation of the mix, or per trace where the name says so. Not covered:
// pfn_valid by itself (lookup_bench.cc), large machines (growth_bench.cc).
#include <benchmark/benchmark.h>
#include <time.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "bench/mix.h"
#include "oracle/lockstep.h"
#include "registry/registry.h"
#include "trace/apply.h"
#include "trace/bytes.h"

extern "C" int YardstickOneInput(const uint8_t* data, size_t size);

namespace {

using hpfuzz::HotplugLayer;
using hpfuzz::MixInput;
using hpfuzz::Trace;

const std::vector<MixInput>& Mix() {
  static const std::vector<MixInput> mix = [] {
    auto read = hpfuzz::ReadMix(HPFUZZ_SOURCE_DIR "/bench/mix.hex");
    if (read.ok()) return *std::move(read);
    std::fprintf(stderr, "%s\n", read.status().ToString().c_str());
    std::exit(2);
  }();
  return mix;
}

const std::vector<Trace>& Traces() {
  static const std::vector<Trace> traces = [] {
    std::vector<Trace> decoded(Mix().size());
    for (size_t i = 0; i < decoded.size(); ++i) hpfuzz::DecodeTrace(Mix()[i], &decoded[i]);
    return decoded;
  }();
  return traces;
}

void Report(benchmark::State& state, uint64_t operations, uint64_t traces) {
  using benchmark::Counter;
  const auto rounds = static_cast<double>(state.iterations());
  state.counters["per_op"] = Counter(static_cast<double>(operations) * rounds, Counter::kIsRate | Counter::kInvert);
  state.counters["traces/s"] = Counter(static_cast<double>(traces) * rounds, Counter::kIsRate);
}

void ReportMix(benchmark::State& state) {
  uint64_t operations = 0;
  for (const Trace& trace : Traces()) operations += trace.ops.size();
  Report(state, operations, Traces().size());
}

using Setting = benchmark::internal::Benchmark;
void Plainly(Setting* setting) { setting->Unit(benchmark::kMillisecond); }
// What is off the clock takes longer than what is on it: a fixed number of iterations.
void AfterEachTrace(Setting* setting) { setting->Unit(benchmark::kMillisecond)->UseManualTime()->Iterations(20); }

// What the fuzz target does with an input.
void Whole(benchmark::State& state) {
  hpfuzz::Lockstep lockstep = hpfuzz::MakeDefaultLockstep();
  Trace trace;
  for (auto _ : state) {
    for (const MixInput& input : Mix()) {
      hpfuzz::DecodeTrace(input, &trace);
      if (lockstep.Run(trace)) state.SkipWithError("a finding");
    }
  }
  ReportMix(state);
}
BENCHMARK(Whole)->Apply(Plainly);

// Boot and tear-down: the same traces without their operations.
void NoOperations(benchmark::State& state) {
  hpfuzz::Lockstep lockstep = hpfuzz::MakeDefaultLockstep();
  std::vector<Trace> empty = Traces();
  for (Trace& trace : empty) trace.ops.clear();
  for (auto _ : state) {
    for (const Trace& trace : empty) {
      if (lockstep.Run(trace)) state.SkipWithError("a finding");
    }
  }
  Report(state, empty.size(), empty.size());
}
BENCHMARK(NoOperations)->Apply(Plainly);

double ThreadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Looks at the clock where a run goes from one phase to the next.
class PhaseClock final : public hpfuzz::StepObserver {
 public:
  enum Phase { kOperations, kEnd, kTearDown, kPhases };

  void Begin(const Trace& trace) {
    last_op_ = &trace.ops.back();
    phase_ = kOperations;
    since_ = ThreadSeconds();
  }
  void OnStep(const hpfuzz::Step& step) override {
    if (step.op == last_op_) Enter(kEnd);
    if (step.teardown && phase_ == kEnd) Enter(kTearDown);
  }
  void Finish() { Enter(kPhases); }
  double seconds(Phase phase) const { return seconds_[phase]; }

 private:
  void Enter(Phase next) {
    const double now = ThreadSeconds();
    seconds_[phase_] += now - since_;
    since_ = now;
    phase_ = next;
  }

  const hpfuzz::Op* last_op_ = nullptr;
  Phase phase_ = kOperations;
  double since_ = 0;
  std::array<double, kPhases + 1> seconds_{};
};

// The whole but for decoding, split where an observer can see it: boot and operations; what is compared at the end (and
// after the last operation); tear-down and what is compared after it.
void Phases(benchmark::State& state) {
  hpfuzz::Lockstep lockstep = hpfuzz::MakeDefaultLockstep();
  PhaseClock clock;
  uint64_t operations = 0;
  for (const Trace& trace : Traces()) operations += trace.ops.size();
  for (auto _ : state) {
    for (const Trace& trace : Traces()) {
      if (trace.ops.empty()) continue;
      clock.Begin(trace);
      if (lockstep.Run(trace, &clock)) state.SkipWithError("a finding");
      clock.Finish();
    }
  }
  const double all = static_cast<double>(operations) * static_cast<double>(state.iterations());
  state.counters["operations"] = clock.seconds(PhaseClock::kOperations) / all;
  state.counters["end"] = clock.seconds(PhaseClock::kEnd) / all;
  state.counters["teardown"] = clock.seconds(PhaseClock::kTearDown) / all;
}
BENCHMARK(Phases)->Apply(Plainly);

// Times `ask` in the state after each trace, which `prepare` brings about off the clock.
template <typename Prepare, typename Ask>
void MeasureAfterEachTrace(benchmark::State& state, Prepare prepare, Ask ask) {
  constexpr unsigned kRounds = 8;  // a look at the clock costs as much as a few operations
  for (auto _ : state) {
    double seconds = 0;
    for (const Trace& trace : Traces()) {
      prepare(trace);
      const double start = ThreadSeconds();
      for (unsigned round = 0; round < kRounds; ++round) {
        for (const hpfuzz::Op& op : trace.ops) ask(op);
      }
      seconds += ThreadSeconds() - start;
    }
    state.SetIterationTime(seconds / kRounds);
  }
  ReportMix(state);
}

void RunAlone(const Trace& trace, HotplugLayer& machine) {
  machine.Boot(trace.map);
  for (const hpfuzz::Op& op : trace.ops) {
    if (Apply(op, machine).stops()) break;
  }
}

// The contract by itself: the survey of an operation's sections in both references, and the clause that governs it.
void Contract(benchmark::State& state) {
  const auto legacy = hpfuzz::FindImplementation("legacy")->make_reference();
  const auto subsection = hpfuzz::FindImplementation("mainline-6.1")->make_reference();
  hpfuzz::Situation situation;
  situation.legacy = legacy.get();
  situation.subsection = subsection.get();
  MeasureAfterEachTrace(
      state,
      [&](const Trace& trace) {
        situation.map = &trace.map;
        RunAlone(trace, *legacy);
        RunAlone(trace, *subsection);
      },
      [&](const hpfuzz::Op& op) {
        Survey(op, nullptr, &situation);
        benchmark::DoNotOptimize(Govern(situation));
      });
}
BENCHMARK(Contract)->Apply(AfterEachTrace);

// A bitmap pair without any checking: 64 operations of four bytes an input.
void Yardstick(benchmark::State& state) {
  constexpr size_t kInputs = 512;
  constexpr size_t kOperations = 64;
  std::vector<MixInput> inputs(kInputs, MixInput(kOperations * 4));
  uint64_t x = 1;
  for (MixInput& input : inputs) {
    for (uint8_t& byte : input)
      byte = static_cast<uint8_t>((x = x * 6364136223846793005U + 1442695040888963407U) >> 56);
  }
  for (auto _ : state) {
    for (const MixInput& input : inputs) YardstickOneInput(input.data(), input.size());
  }
  Report(state, kInputs * kOperations, kInputs);
}
BENCHMARK(Yardstick)->Apply(Plainly);

void Decode(benchmark::State& state) {
  Trace trace;
  for (auto _ : state) {
    for (const MixInput& input : Mix()) {
      hpfuzz::DecodeTrace(input, &trace);
      benchmark::DoNotOptimize(trace.ops.data());
    }
  }
  ReportMix(state);
}
BENCHMARK(Decode)->Apply(Plainly);

enum class Model { kLayer, kReference };

std::unique_ptr<HotplugLayer> Make(const char* name, Model model) {
  hpfuzz::Party party = hpfuzz::MakeParty(*hpfuzz::FindImplementation(name));
  return std::move(model == Model::kLayer ? party.layer : party.reference);
}

// Operations alone: no probes, no contract, no tear-down.
void Operations(benchmark::State& state, const char* name, Model model) {
  const std::unique_ptr<HotplugLayer> layer = Make(name, model);
  for (auto _ : state) {
    for (const Trace& trace : Traces()) RunAlone(trace, *layer);
  }
  ReportMix(state);
}

void Boot(benchmark::State& state, const char* name, Model model) {
  const std::unique_ptr<HotplugLayer> layer = Make(name, model);
  for (auto _ : state) {
    for (const Trace& trace : Traces()) layer->Boot(trace.map);
  }
  Report(state, Traces().size(), Traces().size());
}

// What the oracle asks a machine after each operation that touches sections: four pages and one or two sections at the
// edges of its range.
void Probing(benchmark::State& state, const char* name, Model model) {
  const std::unique_ptr<HotplugLayer> machine = Make(name, model);
  MeasureAfterEachTrace(
      state, [&](const Trace& trace) { RunAlone(trace, *machine); },
      [&](const hpfuzz::Op& op) {
        if ((SpecOf(op.kind).effects & hpfuzz::kSections) == 0) return;
        const hpfuzz::PfnRange pages = op.range.pfns();
        const hpfuzz::Pfn last = pages.empty() ? pages.first : pages.end - 1;
        const hpfuzz::SectionNr sections[] = {hpfuzz::SectionNr::Of(pages.first), hpfuzz::SectionNr::Of(last)};
        benchmark::DoNotOptimize(machine->Section(sections[0]));
        if (sections[1] != sections[0]) benchmark::DoNotOptimize(machine->Section(sections[1]));
        for (const hpfuzz::Pfn pfn : {pages.first - 1, pages.first, last, last + 1}) {
          benchmark::DoNotOptimize(machine->Facts(pfn));
        }
      });
}

// What is asked of a layer about one page and about one section, after the operations of each trace.
void Facts(benchmark::State& state, const char* name, Model model) {
  constexpr uint64_t kProbes = 64;
  const std::unique_ptr<HotplugLayer> layer = Make(name, model);
  const Trace& trace = Traces().front();
  layer->Boot(trace.map);
  for (const hpfuzz::Op& op : trace.ops) Apply(op, *layer);
  const hpfuzz::Pfn first = hpfuzz::Pfn::OfByte(trace.map.ranges[0].range.end());
  for (auto _ : state) {
    for (uint64_t i = 0; i < kProbes; ++i) {
      benchmark::DoNotOptimize(layer->Facts(first + i * hpfuzz::kPagesPerSubsection));
      benchmark::DoNotOptimize(layer->Section(hpfuzz::SectionNr::Of(first) + i));
    }
  }
  Report(state, kProbes, 0);
}

#define HPFUZZ_MODELS(function, setting)                                                      \
  BENCHMARK_CAPTURE(function, legacy, "legacy", Model::kLayer)->Apply(setting);               \
  BENCHMARK_CAPTURE(function, legacy_reference, "legacy", Model::kReference)->Apply(setting); \
  BENCHMARK_CAPTURE(function, mainline, "mainline-6.1", Model::kLayer)->Apply(setting);       \
  BENCHMARK_CAPTURE(function, mainline_reference, "mainline-6.1", Model::kReference)->Apply(setting)
HPFUZZ_MODELS(Operations, Plainly);
HPFUZZ_MODELS(Boot, Plainly);
HPFUZZ_MODELS(Probing, AfterEachTrace);
HPFUZZ_MODELS(Facts, Plainly);

}  // namespace

BENCHMARK_MAIN();
