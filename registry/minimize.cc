// SPDX-License-Identifier: Apache-2.0
// Minimising a trace: whom to ask, and what came out.
#include "registry/minimize.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "registry/judge.h"
#include "trace/bytes.h"
#include "trace/reduce.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// One question, put here or elsewhere: does this trace have the key?
class Asking {
 public:
  explicit Asking(const MinimizeRequest& request) : request_(request) {
    if (!request.key_elsewhere) judge_.emplace();
  }

  // The key that the candidates are to have.
  std::string Start(const Trace& trace) {
    verdict_ = judge_ ? judge_->Of(trace) : Judge::Verdict{KeyElsewhere(trace)};
    return verdict_.key;
  }
  bool Has(const Trace& trace) {
    ++asked_;
    return judge_ ? judge_->Is(verdict_, trace) : KeyElsewhere(trace) == verdict_.key;
  }
  size_t asked() const { return asked_; }

 private:
  std::string KeyElsewhere(const Trace& trace) const {
    return request_.key_elsewhere(PrintTrace(trace), EncodeTrace(trace));
  }

  const MinimizeRequest& request_;
  std::optional<Judge> judge_;
  Judge::Verdict verdict_;
  size_t asked_ = 0;
};

}  // namespace

absl::StatusOr<Minimized> MinimizeTrace(const Trace& trace, absl::string_view file, const MinimizeRequest& request) {
  Asking asking(request);
  Minimized result;
  result.key = asking.Start(trace);
  if (result.key.empty()) {
    return absl::NotFoundError(absl::StrCat(file, ": agrees with contract and expectations, nothing to minimize"));
  }
  MinimizeProgress progress{result.key, trace.ops.size(), trace.ops.size(), 0};
  const auto still_fails = [&](const Trace& candidate) {
    const bool fails = asking.Has(candidate);
    if (fails) progress.operations = candidate.ops.size();
    progress.candidates = asking.asked();
    if (request.progress) request.progress(progress);
    return fails;
  };
  const auto enough = [&] { return request.enough && request.enough(); };
  const Reduction reduction = Reduce(trace, ReduceScope::kEverything, still_fails, enough);
  result.progress = progress;
  result.minimal = reduction.minimal;
  result.text = PrintTrace(reduction.trace);
  result.bytes = EncodeTrace(reduction.trace);
  Trace decoded;
  DecodeTrace(result.bytes, &decoded);
  result.bytes_have_key = asking.Has(decoded);
  return result;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
