// SPDX-License-Identifier: Apache-2.0
// What a machine costs as its address space and its memory grow: nanoseconds and bytes for each populated section, of
// every layer and reference. Costs must follow what is populated, never the address space.
//
//   sparse  8 sections, spread evenly over the address space; half of them boot RAM
//   apart   hot-added sections, one in each second place: nothing to join into runs
//   dense   as many sections as there are, up to 65,536, without gaps; up to 8,192 of them boot RAM
//
// Counters of a row: `boot` of a machine made just before, `add`, `query` (a page and a section), `remove`, `reboot`,
// `end` (the destructor): time for each populated section; `bytes`: for each populated section, held when all are
// there.
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/counting_new.h"
#include "registry/registry.h"

namespace {

using hpfuzz::FirmwareKind;
using hpfuzz::FirmwareMap;
using hpfuzz::HotplugLayer;
using hpfuzz::kSectionSize;
using hpfuzz::PhysRange;
using hpfuzz::SectionNr;

enum Layout : int64_t { kSparse, kApart, kDense };

constexpr uint64_t kSparseSections = 8;
constexpr uint64_t kMostSections = 65536;
constexpr uint64_t kMostBootSections = 8192;
// A trace has 4,096 operations: dense machines are filled by requests of several sections.
constexpr uint64_t kSectionsPerRequest = 16;

struct Machine {
  FirmwareMap map;
  std::vector<PhysRange> requests;  // to hot-add
  std::vector<PhysRange> all;       // single sections to ask for
};

PhysRange Sections(uint64_t first, uint64_t count) { return {first * kSectionSize, count * kSectionSize}; }

Machine Sketch(unsigned bits, Layout layout) {
  const uint64_t space = uint64_t{1} << (bits - hpfuzz::kSectionShift);
  Machine machine;
  machine.map.phys_bits = static_cast<uint8_t>(bits);
  machine.map.five_level = bits > hpfuzz::kPhysmemBits;
  const auto boot = [&](uint64_t first, uint64_t count) {
    machine.map.ranges[machine.map.count++] = {.kind = FirmwareKind::kRam, .nid = 0, .range = Sections(first, count)};
    for (uint64_t i = 0; i < count; ++i) machine.all.push_back(Sections(first + i, 1));
  };
  const auto add = [&](uint64_t first, uint64_t count) {
    machine.requests.push_back(Sections(first, count));
    for (uint64_t i = 0; i < count; ++i) machine.all.push_back(Sections(first + i, 1));
  };
  if (layout == kSparse) {
    const uint64_t stride = space / kSparseSections;
    for (uint64_t i = 0; i < kSparseSections; i += 2) boot(i * stride, 1);
    for (uint64_t i = 1; i < kSparseSections; i += 2) add(i * stride, 1);
  } else if (layout == kApart) {
    boot(0, 1);
    const uint64_t end = std::min(space, kMostBootSections);
    for (uint64_t nr = 2; nr < end; nr += 2) add(nr, 1);
  } else {
    const uint64_t boot_end = std::min(space / 2, kMostBootSections);
    boot(0, boot_end);
    const uint64_t end = std::min(space, kMostSections);
    for (uint64_t nr = boot_end; nr < end;) {
      const uint64_t count = std::min(end - nr, kSectionsPerRequest);
      add(nr, count);
      nr += count;
    }
  }
  return machine;
}

// Adds the time of this thread since the last call, for each section, to a counter of the row.
class Stopwatch {
 public:
  Stopwatch(benchmark::State& state, double sections) : state_(state), sections_(sections) {}
  void Start() { start_ = Now(); }
  void Stop(const char* phase) {
    benchmark::Counter& counter = state_.counters[phase];
    counter.value += (Now() - start_) / sections_;
    counter.flags = benchmark::Counter::kAvgIterations;
    Start();
  }

 private:
  static double Now() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
  }

  benchmark::State& state_;
  double sections_;
  double start_ = 0;
};

void Add(const Machine& machine, HotplugLayer& layer, benchmark::State& state) {
  for (const PhysRange& range : machine.requests) {
    if (!layer.AddMemory(0, range).ok()) state.SkipWithError("add_memory failed");
  }
}

void Query(const Machine& machine, HotplugLayer& layer) {
  for (const PhysRange& range : machine.all) {
    benchmark::DoNotOptimize(layer.Facts(range.pfns().first));
    benchmark::DoNotOptimize(layer.Section(SectionNr::OfByte(range.start)));
  }
}

void Remove(const Machine& machine, HotplugLayer& layer, benchmark::State& state) {
  for (const PhysRange& range : machine.requests) {
    if (!layer.RemoveMemory(0, range).ok()) state.SkipWithError("remove_memory failed");
  }
}

void Growth(benchmark::State& state, std::unique_ptr<HotplugLayer> (*make)()) {
  const Machine machine = Sketch(static_cast<unsigned>(state.range(0)), static_cast<Layout>(state.range(1)));
  // Small machines several at once, or looking at the clock would be most of it.
  const size_t machines = std::max<size_t>(1, 128 / machine.all.size());
  const double sections = static_cast<double>(machine.all.size() * machines);
  Stopwatch watch(state, sections);
  uint64_t bytes = 0;
  for (auto _ : state) {
    std::vector<std::unique_ptr<HotplugLayer>> layers(machines);
    const uint64_t before = hpfuzz::AllocatedNow().bytes;
    watch.Start();
    for (auto& layer : layers) {
      layer = make();
      layer->Boot(machine.map);
    }
    watch.Stop("boot");
    for (auto& layer : layers) Add(machine, *layer, state);
    watch.Stop("add");
    for (auto& layer : layers) Query(machine, *layer);
    watch.Stop("query");
    bytes = hpfuzz::AllocatedNow().bytes - before;
    watch.Start();
    for (auto& layer : layers) Remove(machine, *layer, state);
    watch.Stop("remove");
    for (auto& layer : layers) layer->Boot(machine.map);
    watch.Stop("reboot");
    layers.clear();
    watch.Stop("end");
  }
  state.counters["bytes"] = static_cast<double>(bytes) / sections;
  state.counters["machine"] = static_cast<double>(bytes) / static_cast<double>(machines);
  state.counters["sections"] = static_cast<double>(machine.all.size());
}

void Arguments(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"bits", "layout"})->Unit(benchmark::kMicrosecond);
  for (const int64_t bits : {30, 36, 40, 46, 52}) {
    for (const Layout layout : {kSparse, kApart, kDense}) bench->Args({bits, layout});
  }
}

void RegisterAll() {
  for (const char* name : {"legacy", "mainline-6.1"}) {
    const hpfuzz::Implementation& implementation = *hpfuzz::FindImplementation(name);
    benchmark::RegisterBenchmark((std::string(name) + "/layer").c_str(), Growth, implementation.make_layer)
        ->Apply(Arguments);
    benchmark::RegisterBenchmark((std::string(name) + "/reference").c_str(), Growth, implementation.make_reference)
        ->Apply(Arguments);
  }
}

}  // namespace

int main(int argc, char** argv) {
  RegisterAll();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
