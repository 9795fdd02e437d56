// SPDX-License-Identifier: Apache-2.0
// Minimising a trace: whom to ask, and what came out.
#include "registry/minimize.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "registry/judge.h"
#include "trace/bytes.h"
#include "trace/plainer.h"
#include "trace/reduce.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Questions about keys, put here or elsewhere.
class Asking {
 public:
  explicit Asking(const MinimizeRequest& request) : request_(request) {
    if (!request.key_elsewhere) judge_.emplace();
  }

  // The key that the candidates are to have.
  std::string Start(const Trace& trace) {
    verdict_ = Of(trace);
    return verdict_.key;
  }
  bool Has(const Trace& trace) { return judge_ ? judge_->Is(verdict_, trace) : KeyElsewhere(trace) == verdict_.key; }
  bool HasAny(const Trace& trace) { return !KeyOf(trace).empty(); }
  std::string KeyOf(const Trace& trace) { return Of(trace).key; }

 private:
  Judge::Verdict Of(const Trace& trace) { return judge_ ? judge_->Of(trace) : Judge::Verdict{KeyElsewhere(trace)}; }
  std::string KeyElsewhere(const Trace& trace) const {
    return request_.key_elsewhere(PrintTrace(trace), EncodeTrace(trace));
  }

  const MinimizeRequest& request_;
  std::optional<Judge> judge_;
  Judge::Verdict verdict_;
};

// "memremap_pages.subsection-bitmap" -> "subsection-bitmap".
std::string ComparisonOf(const std::string& key) { return key.substr(key.find('.') + 1); }

// Of "memremap_pages.subsection-bitmap" "subsection": whose comparison with its reference failed. None for other keys.
std::string SideOf(const std::string& key) {
  const std::string comparison = ComparisonOf(key);
  for (const char* side : {"legacy-", "series-", "subsection-"}) {
    if (absl::StartsWith(comparison, side)) return side;
  }
  return "";
}

class Minimizing {
 public:
  Minimizing(const Trace& trace, const MinimizeRequest& request) : request_(request), asking_(request) {
    reduction_.trace = trace;
    progress_.operations_at_first = progress_.operations = trace.ops.size();
  }

  // Empty: there is nothing to minimise.
  std::string Start() {
    progress_.key = asking_.Start(reduction_.trace);
    if (request_.progress && !progress_.key.empty()) request_.progress(progress_);
    return progress_.key;
  }

  void Run() {
    Reduce(ReduceScope::kEverything, [this](const Trace& candidate) { return asking_.Has(candidate); });
    if (request_.to_root) ToRoot();
  }

  Minimized Result() {
    Minimized result;
    result.key = progress_.key;
    result.progress = progress_;
    result.minimal = reduction_.minimal;
    result.text = PrintTrace(reduction_.trace);
    result.bytes = EncodeTrace(reduction_.trace);
    std::set<std::string> kinds;
    for (const Op& op : reduction_.trace.ops) kinds.insert(std::string(SpecOf(op.kind).name));
    result.kinds.assign(kinds.begin(), kinds.end());
    if (!reduction_.trace.ops.empty()) result.last_kind = std::string(SpecOf(reduction_.trace.ops.back().kind).name);
    Trace decoded;
    DecodeTrace(result.bytes, &decoded);
    result.bytes_have_key = asking_.Has(decoded);
    return result;
  }

 private:
  // Each round has fewer operations than the one before, or plainer ones.
  void ToRoot() {
    while (reduction_.minimal && (Fewer() || Plainer())) {
      Start();
      Reduce(ReduceScope::kEverything, [this](const Trace& candidate) { return asking_.Has(candidate); });
    }
  }

  bool Fewer() {
    const size_t before = reduction_.trace.ops.size();
    Reduce(ReduceScope::kOperations, [this](const Trace& candidate) { return asking_.HasAny(candidate); });
    return reduction_.trace.ops.size() != before;
  }

  // Who only looks makes no damage: any finding will do. What other operations do may be another bug's.
  bool Plainer() {
    const Trace now = reduction_.trace;
    return EachFromBoot(now, [&](const Trace& other) { return Takes(other, asking_.Has(other)); }) ||
           EachWithLook(now, [&](const Trace& other) { return Takes(other, asking_.HasAny(other)); }) ||
           EachInTwo(now, [&](const Trace& other) { return Takes(other, IsTheSameBeneath(now, other)); }) ||
           EachFromBeneath(now, [&](const Trace& other) { return Takes(other, IsTheSameBeneath(now, other)); });
  }

  // Says yes to anything when time is over, and takes nothing: no further one is offered then.
  bool Takes(const Trace& candidate, bool fails) {
    if (request_.enough && request_.enough()) return true;
    if (fails) reduction_.trace = candidate;
    return fails;
  }

  // The same comparison fails. Or the last operation was replaced, and what took its place is what fails, on the same
  // side: what a layer answers to may be, a layer below, what is compared afterwards.
  bool IsTheSameBeneath(const Trace& now, const Trace& candidate) {
    const std::string key = asking_.KeyOf(candidate);
    if (key.empty()) return false;
    if (ComparisonOf(key) == ComparisonOf(progress_.key)) return true;
    if (SideOf(key).empty() || SideOf(key) != SideOf(progress_.key)) return false;
    if (candidate.ops.back().kind == now.ops.back().kind) return false;
    Trace without_last = candidate;
    without_last.ops.pop_back();
    return !asking_.HasAny(without_last);
  }

  void Reduce(ReduceScope scope, StillFails still_fails) {
    const Trace start = std::move(reduction_.trace);
    reduction_ = hpfuzz::HPFUZZ_GEOMETRY::Reduce(
        start, scope,
        [&](const Trace& candidate) {
          const bool fails = still_fails(candidate);
          if (fails) progress_.operations = candidate.ops.size();
          ++progress_.candidates;
          if (request_.progress) request_.progress(progress_);
          return fails;
        },
        [this] { return request_.enough && request_.enough(); });
  }

  const MinimizeRequest& request_;
  Asking asking_;
  Reduction reduction_;
  MinimizeProgress progress_;
};

}  // namespace

absl::StatusOr<Minimized> MinimizeTrace(const Trace& trace, absl::string_view file, const MinimizeRequest& request) {
  Minimizing minimizing(trace, request);
  const std::string own_key = minimizing.Start();
  if (own_key.empty()) {
    return absl::NotFoundError(absl::StrCat(file, ": agrees with contract and expectations, nothing to minimize"));
  }
  minimizing.Run();
  Minimized result = minimizing.Result();
  result.own_key = own_key;
  return result;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
