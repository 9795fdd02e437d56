// SPDX-License-Identifier: Apache-2.0
// Speed of the fuzzing loop on the fixed mix: all of it, and each part by itself, beside the yardstick (yardstick.cc)
// in the same run. Every figure is time per operation of the mix, or per trace where the name says so.
#include <benchmark/benchmark.h>

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
BENCHMARK(Whole)->Unit(benchmark::kMillisecond);

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
BENCHMARK(Yardstick)->Unit(benchmark::kMillisecond);

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
BENCHMARK(Decode)->Unit(benchmark::kMillisecond);

enum class Model { kLayer, kReference };

std::unique_ptr<HotplugLayer> Make(const char* name, Model model) {
  hpfuzz::Party party = hpfuzz::MakeParty(*hpfuzz::FindImplementation(name));
  return std::move(model == Model::kLayer ? party.layer : party.reference);
}

// Operations alone: no probes, no contract, no tear-down.
void Operations(benchmark::State& state, const char* name, Model model) {
  const std::unique_ptr<HotplugLayer> layer = Make(name, model);
  for (auto _ : state) {
    for (const Trace& trace : Traces()) {
      layer->Boot(trace.map);
      for (const hpfuzz::Op& op : trace.ops) {
        if (Apply(op, *layer).stops()) break;
      }
    }
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

#define HPFUZZ_EACH_MODEL(function)                                                                          \
  BENCHMARK_CAPTURE(function, legacy, "legacy", Model::kLayer)->Unit(benchmark::kMillisecond);               \
  BENCHMARK_CAPTURE(function, legacy_reference, "legacy", Model::kReference)->Unit(benchmark::kMillisecond); \
  BENCHMARK_CAPTURE(function, mainline, "mainline-6.1", Model::kLayer)->Unit(benchmark::kMillisecond);       \
  BENCHMARK_CAPTURE(function, mainline_reference, "mainline-6.1", Model::kReference)->Unit(benchmark::kMillisecond)
HPFUZZ_EACH_MODEL(Operations);
HPFUZZ_EACH_MODEL(Boot);
HPFUZZ_EACH_MODEL(Facts);

}  // namespace

BENCHMARK_MAIN();
