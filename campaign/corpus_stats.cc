// SPDX-License-Identifier: Apache-2.0
// StatsOf: decodes each input as its target does, runs it, counts.
#include "campaign/corpus_stats.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>

#include "absl/types/span.h"
#include "oracle/contract.h"
#include "oracle/finding.h"
#include "oracle/lockstep.h"
#include "registry/registry.h"
#include "trace/bytes.h"
#include "trace/info_block_scene.h"
#include "trace/text.h"
#include "trace/trace.h"

namespace hpfuzz {
namespace {

struct TargetForm {
  std::string_view target;
  InputForm form;
};
constexpr TargetForm kForms[] = {
    {"differential", InputForm::kBytes},    {"differential_canary", InputForm::kBytes},
    {"namespace", InputForm::kNvdimmBytes}, {"info_block", InputForm::kInfoBlock},
    {"trace_text", InputForm::kText},       {"recorded_text", InputForm::kOther},
};
constexpr std::string_view kDefaultTarget = "differential";

Spread SpreadOf(std::vector<size_t> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  return {values.front(), values[(values.size() - 1) / 2], values.back()};
}

// Nothing when the target takes the input for no trace.
std::optional<Trace> TraceOf(const CorpusFile& file, InputForm form) {
  const absl::Span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(file.bytes.data()), file.bytes.size());
  Trace trace;
  switch (form) {
    case InputForm::kBytes:
    case InputForm::kNvdimmBytes:
      if (SpeaksOfNvdimms(bytes) != (form == InputForm::kNvdimmBytes)) return std::nullopt;
      DecodeTrace(bytes, &trace);
      return trace;
    case InputForm::kInfoBlock: MakeInfoBlockTrace(bytes, &trace); return trace;
    case InputForm::kText: {
      absl::StatusOr<Trace> parsed = ParseTrace(file.bytes, file.path);
      if (!parsed.ok()) return std::nullopt;
      return *std::move(parsed);
    }
    case InputForm::kOther: return std::nullopt;
  }
  return std::nullopt;
}

// What is counted over all traces.
class Counter {
 public:
  void Count(const CorpusFile& file, const Trace& trace) {
    for (const Op& op : trace.ops) ++kinds_[static_cast<size_t>(op.kind)];
    lengths_.push_back(trace.ops.size());
    const auto [place, is_new] = group_of_.emplace(EncodeTrace(trace), groups_.size());
    if (is_new) groups_.emplace_back();
    groups_[place->second].push_back(file.path);
    if (const Finding finding = lockstep_.Run(trace)) findings_.emplace_back(file.path, FindingKey(finding));
  }

  void Store(CorpusStats* stats) const {
    stats->traces = lengths_.size();
    stats->operations_per_trace = SpreadOf(lengths_);
    stats->operations = lockstep_.statistics().operations;
    stats->applied_both = lockstep_.statistics().applied_both;
    for (const OpSpec& spec : kOpSpecs) {
      stats->kinds.emplace_back(spec.name, kinds_[static_cast<size_t>(spec.kind)]);
    }
    const auto clauses = Clauses();
    for (size_t i = 0; i < clauses.size(); ++i) {
      if (!clauses[i].HoldsIn(lockstep_.pair())) continue;
      stats->clauses.emplace_back(clauses[i].id, lockstep_.statistics().clause[i]);
    }
    for (const std::vector<std::string>& group : groups_) {
      if (group.size() > 1) stats->equal.push_back(group);
    }
    stats->findings = findings_;
  }

 private:
  Lockstep lockstep_ = MakeDefaultLockstep();
  std::array<uint64_t, kOpKinds> kinds_ = {};
  std::vector<size_t> lengths_;
  std::map<std::vector<uint8_t>, size_t> group_of_;
  std::vector<std::vector<std::string>> groups_;
  std::vector<std::pair<std::string, std::string>> findings_;
};

}  // namespace

InputForm FormOf(std::string_view target) {
  for (const TargetForm& row : kForms) {
    if (row.target == target) return row.form;
  }
  return InputForm::kOther;
}

std::string TargetOf(std::string_view folder) {
  std::string target(kDefaultTarget);
  for (const std::filesystem::path& name : std::filesystem::path(folder)) {
    for (const TargetForm& row : kForms) {
      if (row.target == name.string()) target = row.target;
    }
  }
  return target;
}

CorpusStats StatsOf(const std::vector<CorpusFile>& files, InputForm form) {
  CorpusStats stats;
  stats.form = form;
  std::vector<size_t> sizes;
  for (const CorpusFile& file : files) {
    sizes.push_back(file.bytes.size());
    stats.size.bytes += file.bytes.size();
  }
  stats.size.files = files.size();
  stats.bytes = SpreadOf(sizes);
  if (form == InputForm::kOther) return stats;
  Counter counter;
  for (const CorpusFile& file : files) {
    if (const std::optional<Trace> trace = TraceOf(file, form); trace.has_value()) {
      counter.Count(file, *trace);
    } else {
      ++stats.refused;
    }
  }
  counter.Store(&stats);
  return stats;
}

}  // namespace hpfuzz
