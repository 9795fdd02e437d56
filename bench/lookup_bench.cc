// SPDX-License-Identifier: Apache-2.0
// pfn_valid of both generations beside a bare lookup (bare_lookup.h) over the same sections: time per question. The
// pages asked for are pseudo-random ones of full sections, of sections with holes, of absent sections beside them and
// of address space where nothing is, a quarter each.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "bench/bare_lookup.h"
#include "registry/registry.h"

namespace {

using hpfuzz::BareSection;
using hpfuzz::BareTable;
using hpfuzz::FirmwareKind;
using hpfuzz::FirmwareMap;
using hpfuzz::HotplugLayer;
using hpfuzz::kSectionSize;
using hpfuzz::Pfn;
using hpfuzz::SectionNr;

constexpr uint64_t kQuestions = 4096;
// Sections of each kind: [0, kKind) boot RAM, then as many with holes, then as many that are absent, in the same roots.
constexpr uint64_t kKind = 1024;

class Scene {
 public:
  explicit Scene(const char* name, bool by_sections) {
    layer_ = hpfuzz::FindImplementation(name)->make_layer();
    map_.count = 1;
    map_.ranges[0] = {.kind = FirmwareKind::kRam, .nid = 0, .range = {0, kKind * kSectionSize}};
    layer_->Boot(map_);
    for (uint64_t i = 0; i < kKind; ++i) AddWithHoles(SectionNr(kKind + i), by_sections);
    for (uint64_t i = 0; i < 2 * kKind; ++i) Copy(SectionNr(i), by_sections);
    Ask();
  }

  HotplugLayer& layer() { return *layer_; }
  const BareTable& table() const { return table_; }
  const std::vector<Pfn>& questions() const { return questions_; }
  // Whether the layer answers as the bare lookup does.
  bool Agrees() {
    return std::all_of(questions_.begin(), questions_.end(), [&](Pfn pfn) {
      return layer_->PfnValid(pfn).value == (hpfuzz::BarePfnValid(table_, pfn) ? 1 : 0);
    });
  }

 private:
  // Every other sub-section. The legacy generation makes a whole section of the first of them.
  void AddWithHoles(SectionNr nr, bool by_sections) {
    if (by_sections) {
      layer_->AddPages(0, {nr.first_byte(), kSectionSize});
      return;
    }
    for (uint64_t i = 0; i < hpfuzz::kSubsectionsPerSection; i += 2) {
      layer_->AddPages(0, {nr.first_byte() + i * hpfuzz::kSubsectionSize, hpfuzz::kSubsectionSize});
    }
  }
  void Copy(SectionNr nr, bool by_sections) {
    const hpfuzz::SectionFacts facts = layer_->Section(nr);
    unsigned flags = 0;
    if (facts.valid) flags |= BareSection::kValid;
    if (by_sections || facts.early) flags |= BareSection::kWhole;
    table_.Put(nr, {.flags = static_cast<uint8_t>(flags), .bitmap = facts.bitmap});
  }
  void Ask() {
    std::mt19937_64 random(1);
    for (uint64_t i = 0; i < kQuestions; ++i) {
      const uint64_t kind = random() % 4;
      const uint64_t nr =
          kind == 3 ? 3 * kKind + random() % (BareTable::kSections - 3 * kKind) : kind * kKind + random() % kKind;
      questions_.push_back(SectionNr(nr).first_pfn() + random() % hpfuzz::kPagesPerSection);
    }
  }

  FirmwareMap map_;
  std::unique_ptr<HotplugLayer> layer_;
  BareTable table_;
  std::vector<Pfn> questions_;
};

template <typename Question>
void Measure(benchmark::State& state, Scene& scene, Question question) {
  if (!scene.Agrees()) state.SkipWithError("the layer and the bare lookup disagree");
  for (auto _ : state) {
    for (const Pfn pfn : scene.questions()) benchmark::DoNotOptimize(question(pfn));
  }
  using benchmark::Counter;
  state.counters["per_question"] = Counter(static_cast<double>(kQuestions) * static_cast<double>(state.iterations()),
                                           Counter::kIsRate | Counter::kInvert);
}

void BareFunction(benchmark::State& state, const char* name, bool by_sections) {
  Scene scene(name, by_sections);
  Measure(state, scene, [&](Pfn pfn) { return hpfuzz::BarePfnValid(scene.table(), pfn); });
}

void BareVirtual(benchmark::State& state, const char* name, bool by_sections) {
  Scene scene(name, by_sections);
  const auto bare = hpfuzz::MakeBareLayer(scene.table());
  Measure(state, scene, [&](Pfn pfn) { return bare->PfnValid(pfn); });
}

void PfnValid(benchmark::State& state, const char* name, bool by_sections) {
  Scene scene(name, by_sections);
  Measure(state, scene, [&](Pfn pfn) { return scene.layer().PfnValid(pfn); });
}

#define HPFUZZ_EACH_LAYER(function)                    \
  BENCHMARK_CAPTURE(function, legacy, "legacy", true); \
  BENCHMARK_CAPTURE(function, mainline, "mainline-6.1", false)
HPFUZZ_EACH_LAYER(BareFunction);
HPFUZZ_EACH_LAYER(BareVirtual);
HPFUZZ_EACH_LAYER(PfnValid);

}  // namespace

BENCHMARK_MAIN();
