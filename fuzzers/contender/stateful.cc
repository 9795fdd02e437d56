// SPDX-License-Identifier: Apache-2.0
// Stateful testing: model, command, property.
#include "fuzzers/contender/stateful.h"

#include <rapidcheck/state.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <ostream>
#include <vector>

#include "oracle/lockstep.h"
#include "registry/registry.h"
#include "trace/byte_io.h"
#include "trace/bytes.h"
#include "trace/landmarks.h"
#include "trace/mutate_bytes.h"
#include "trace/op_bytes.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

using Clock = std::chrono::steady_clock;

// Enough for most operations; missing bytes read as 0.
constexpr size_t kCommandBytes = 24;

// The trace so far, and what its next operation may refer to.
struct Model {
  Model(uint8_t machine, bool nvdimm) {
    auto boot = std::make_shared<Trace>();
    BytesMutator(nvdimm).KeepFamily(absl::MakeSpan(&machine, 1));
    DecodeTrace(absl::MakeConstSpan(&machine, 1), boot.get());
    marks.Start(boot->map, nvdimm);
    start = boot;
  }

  std::shared_ptr<const Trace> start;  // shared: the marks point to its map
  Landmarks marks;
  std::vector<Op> ops;
};

// What is tested, and what became of it.
struct Bench {
  explicit Bench(LastInput& last_input) : last(last_input), lockstep(MakeDefaultLockstep()) {}

  Finding Run(const Model& model);

  LastInput& last;
  Lockstep lockstep;
  Trace trace;
  const Clock::time_point begin = Clock::now();
  size_t failing_operations = 0;  // of the trace that failed last; 0: none did
};

Finding Bench::Run(const Model& model) {
  trace.Clear();
  trace.map = model.start->map;
  trace.ops = model.ops;
  // What exceeds a limit does not come back from bytes.
  const std::vector<uint8_t> bytes = EncodeTrace(trace);
  last.Take(bytes);
  DecodeTrace(bytes, &trace);
  const Finding finding = lockstep.Run(trace);
  if (!finding) return finding;
  if (failing_operations == 0) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin);
    std::fprintf(stderr, "hpfuzz-stats: found_after_us=%lld\nAssertion failure: %s\n",
                 static_cast<long long>(elapsed.count()), FindingKey(finding).c_str());
    last.Freeze();
  }
  failing_operations = trace.ops.size();
  return finding;
}

class Operation final : public rc::state::Command<Model, Bench> {
 public:
  Operation() : bytes_(*rc::gen::container<std::vector<uint8_t>>(kCommandBytes, rc::gen::arbitrary<uint8_t>())) {}

  void apply(Model& model) const override {
    ByteReader in(bytes_.data(), bytes_.size());
    Op op;
    ReadOp(in, model.marks, &op);
    model.ops.push_back(op);
  }
  void show(std::ostream& os) const override { rc::show(bytes_, os); }

 private:
  std::vector<uint8_t> bytes_;
};

}  // namespace

void CheckStateful(bool nvdimm, uint64_t seed, LastInput& last) {
  Bench bench(last);
  const auto agrees = [&] {
    const Model start(*rc::gen::arbitrary<uint8_t>(), nvdimm);
    const auto commands = *rc::state::gen::commands(start, rc::state::gen::execOneOfWithArgs<Operation>());
    // A run is judged as a whole, from boot to tear-down.
    Model model = start;
    rc::state::applyAll(commands, model);
    RC_ASSERT(!bench.Run(model));
  };
  rc::detail::TestParams params;
  // One check grows its inputs over its hundred cases; the next one begins anew.
  for (params.seed = seed; bench.failing_operations == 0; params.seed += uint64_t{1} << 32) {
    rc::detail::checkTestable(agrees, rc::detail::TestMetadata(), params);
  }
  std::fprintf(stderr, "hpfuzz-stats: shrunk_operations=%zu\n", bench.failing_operations);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
