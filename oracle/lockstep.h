// SPDX-License-Identifier: Apache-2.0
// Lockstep: runs a trace on two worlds, mostly one of each generation, each beside its reference, and judges every
// step.
//
// After every operation: each layer's answer and facts against its reference; the two layers against each other under
// the contract; at the edges of what was touched (first, last, one before, one after). At the end: every section ever
// touched, every invariant, then tear-down, after which each layer holds what its reference says stays. After a stop
// only that machine freezes. The first finding ends the run. Not covered: printing (explain.h), reporting to an engine
// (report.h). Namespaces, reboots and what
// users wrote: lockstep_nvdimm.cc.
#ifndef HPFUZZ_ORACLE_LOCKSTEP_H_
#define HPFUZZ_ORACLE_LOCKSTEP_H_

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "hotplug/layer.h"
#include "oracle/compare.h"
#include "oracle/contract.h"
#include "oracle/divergence.h"
#include "oracle/finding.h"
#include "oracle/invariants.h"
#include "oracle/nvdimm_watch.h"
#include "oracle/statistics.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// One implementation under test with the model it is judged by.
struct Party {
  std::string_view name;  // "legacy", "mainline-6.1", ...
  Generation generation;
  std::unique_ptr<HotplugLayer> layer;
  std::unique_ptr<HotplugLayer> reference;
};

// What happened at one step, for those who print it.
struct Step {
  const Op* op = nullptr;
  bool applied[kSides] = {};
  Answer answer[kSides];    // of the layers
  Answer expected[kSides];  // of the references
  ClauseIndex clause = kNoClause;
  bool teardown = false;
};

class StepObserver {
 public:
  virtual ~StepObserver() = default;
  virtual void OnStep(const Step& step) = 0;
};

class Lockstep {
 public:
  // The older one first.
  Lockstep(Party legacy, Party subsection);

  // From then on the clause excuses nothing: where it would have been needed, the difference is a finding of its name.
  void SwitchOff(ClauseIndex clause) { off_.set(clause); }

  // Runs `trace` from boot to tear-down. `observer` may be nullptr.
  Finding Run(const Trace& trace, StepObserver* observer = nullptr);

  const Statistics& statistics() const { return statistics_; }
  // Of the operation that runs or ran last; its reference pointers are good until the next run.
  const Situation& situation() const { return situation_; }
  const Party& party(Side side) const { return party_[static_cast<unsigned>(side)]; }
  PairKind pair() const { return pair_; }

 private:
  struct World {
    HotplugLayer* layer;
    HotplugLayer* reference;
    bool frozen;
  };
  struct ResourceRows {
    std::vector<ResourceRow> row;  // the first `count` are meant
    size_t count = 0;
    bool operator==(const ResourceRows& other) const {
      return count == other.count &&
             std::equal(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(count), other.row.begin());
    }
  };
  struct PinnedPage {
    Pfn pfn;
    Handle map;
  };

  void Boot();
  void BootWorlds();
  Finding RunOps(StepObserver* observer);
  Finding RunStep(const Op& op, StepObserver* observer);
  void Prepare(const Op& op);
  Finding ApplyToWorlds(const Op& op);
  void Arm(const FailPlan& plan);
  void Disarm();
  void RememberUnfailed(const Op& op);
  Finding JudgeFailure();
  Finding CheckUndone(unsigned side, AllocSites failed);
  void GovernStep();
  void GovernFailedStep();
  bool SameAnswers() const;
  Finding JudgeAnswers(const Op& op);
  void Remember(const Op& op);
  void RememberMapping(const Op& op);
  const Op* MappingOf(const Op& op) const;
  bool Depends(const Op& op) const;
  bool NamesAnotherZone(const Op& op) const;
  bool OverNamespaces() const;
  bool OverAny(const std::vector<const Op*>& earlier, const Op* except) const;
  bool MeetsMarkedMapping(const Op& op) const;
  const PhysRange* SecondRange(const Op& op) const;
  void MarkTouched(const Op& op);
  bool CoversEveryLookup(const Op& op) const;
  void ClearEmptied(PfnRange pages);

  // Places that are looked at together.
  struct Places {
    SectionNr section[2];
    Pfn page[4];
    unsigned sections = 0;
    unsigned pages = 0;

    // The direct map of memory that the section table cannot name is nobody's business.
    void Add(SectionNr nr, uint64_t limit) {
      if (nr.value() < limit) section[sections++] = nr;
    }
    void Add(Pfn pfn) { page[pages++] = pfn; }
  };
  // What one machine says of them.
  struct Observation {
    SectionFacts section[2];
    PfnFacts page[4];
  };

  Finding ProbeAfter(const Op& op);
  Places EdgesOf(PfnRange pages) const;
  Finding Probe(const Places& places);
  static void Observe(const HotplugLayer& layer, const Places& places, Observation* seen);
  Finding CompareWithReference(unsigned side, const Places& places);
  Finding ComparePlaces(const Places& places);
  Finding ComparePages(const PfnFacts& legacy, const PfnFacts& subsection, Pfn pfn);
  bool BothRun() const { return !torn_down_ && !world_[0].frozen && !world_[1].frozen; }
  bool Comparable(SectionNr nr);
  Finding JudgePair(const PairResult& result, Pfn pfn);
  Finding ProbeMachine(const OpSpec& spec);

  // NVDIMMs (lockstep_nvdimm.cc).
  void PrepareNvdimm(const Op& op);
  void GovernNvdimm();
  Finding Reboot(const Op& op);
  void RememberNvdimm(const Op& op);
  void RememberData(unsigned side, const Op& op);
  Finding ProbeNvdimm(const Op& op);
  Finding ProbeNamespace(unsigned side, Handle ns);
  Finding CompareNamespaces(Handle ns);
  Finding CompareMedia(unsigned side);
  bool MediaDue(unsigned side, const Op& op);
  Finding CheckProbe(unsigned side, const Op& op);
  Finding CheckNewBlock(unsigned side, Handle ns);
  Finding CheckData(unsigned side, Handle ns);
  Finding Rule(unsigned side, NvdimmRule rule, Handle ns) const;
  // Calls `each` with every operation that made a mapping, and its handle.
  template <typename Each>
  void ForEachMapping(Each each) const {
    for (Handle handle = 0; handle < mappings_.size(); ++handle) each(handle, *mappings_[handle]);
    for (const NvdimmWatch::Namespace& ns : watch_.namespaces()) each(ns.mapping.handle, ns.mapping);
  }
  Finding CompareSpans();
  bool SpanKept() const;
  Finding CompareResources();
  static void ReadResources(const HotplugLayer& layer, ResourceRows* rows);

  // With `invariants`: the last page of each section too, and every invariant.
  Finding CheckTouched(bool invariants);
  Finding CheckInvariants(SectionNr nr) const;
  Finding CheckUsemaps() const;
  Finding CheckInvariant(unsigned side, InvariantInput input, Pfn pfn) const;
  bool HoldsBootRam(SectionNr nr) const;
  Finding TearDown(StepObserver* observer);
  Finding TearDownSection(unsigned side, SectionNr nr, StepObserver* observer);
  Finding ApplyAlone(unsigned side, const Op& op, StepObserver* observer);

  Finding Reference(unsigned side, Check check, Pfn pfn = Pfn()) const;
  Finding Pair(Check check, Pfn pfn = Pfn()) const;
  Finding SwitchedOff(ClauseIndex clause, Pfn pfn = Pfn()) const;
  // Whose libnvdimm it has, as NvdimmRules() knows them.
  Side NvdimmOf(unsigned side) const {
    return party_[side].generation == Generation::kMainline ? Side::kSubsection : Side::kLegacy;
  }
  void CountSuspended(ClauseIndex clause);

  Party party_[kSides];
  PairKind pair_;
  std::bitset<256> off_;
  World world_[kSides];
  Statistics statistics_;

  const Trace* trace_ = nullptr;
  Step step_;
  ClauseIndex suspect_ = kNoClause;  // a clause that would govern the step, had it not been switched off
  uint32_t step_index_ = 0;
  bool at_end_ = false;
  bool torn_down_ = false;  // each side on its own: the generations are not compared any more
  unsigned nodes_ = 1;
  uint8_t suspensions_ = 0;
  uint64_t section_limit_ = 0;  // sections that the table of this machine can name
  Observation seen_[kSides];    // of the layers, by the last Probe()
  Observation expected_;
  AllocSites armed_ = 0;  // with the plans in situation_
  struct Unfailed {
    std::vector<SectionFacts> section;  // of the operation's sections, in order
    size_t resources = 0;
  };
  Unfailed unfailed_[kSides];  // the layers before an operation that may be refused memory
  Situation situation_;
  Divergence divergence_;
  std::vector<const Op*> mappings_;  // by handle
  std::vector<uint8_t> held_;        // by handle: a bit for each side whose reference has it
  std::vector<const Op*> altmaps_;   // operations that gave one
  std::vector<PinnedPage> pins_;
  ResourceRows resources_[kSides];
  ResourceRows reference_resources_;
  NvdimmWatch watch_;
  MediaImage media_[kSides];  // of the layers, by the last CompareMedia()
  MediaImage reference_media_[kSides];
  size_t media_rest_[kSides] = {};  // operations until they are compared again
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_LOCKSTEP_H_
