// SPDX-License-Identifier: Apache-2.0
// Workbench of one geometry: reads what it is given, runs it on every pair of implementations, says what came out.
#include "registry/workbench.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "oracle/contract_markdown.h"
#include "oracle/explain.h"
#include "oracle/recorded_check.h"
#include "registry/draw.h"
#include "registry/judge.h"
#include "registry/minimize.h"
#include "registry/pair_choice.h"
#include "registry/recorded_nvdimm_report.h"
#include "registry/registry.h"
#include "registry/replay_json.h"
#include "registry/settle.h"
#include "registry/take_report.h"
#include "registry/workbench_geometry.h"
#include "trace/bytes.h"
#include "trace/info_block_scene.h"
#include "trace/iomem.h"
#include "trace/lexer.h"
#include "trace/read_trace.h"
#include "trace/recorded.h"
#include "trace/recorded_nvdimm.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

// Of more text than this only what the trace says is worth showing, without comments.
constexpr size_t kMaxShownText = size_t{256} << 10;

// An expectation of somebody this program does not know would never be compared.
absl::Status CheckExpectations(const Trace& trace, absl::string_view content, absl::string_view file) {
  for (size_t i = 0; i < trace.expectations.size(); ++i) {
    for (const Expectation& expectation : trace.expectations[i]) {
      const std::string_view who = expectation.who;
      if (who == SideName(Side::kLegacy) || who == SideName(Side::kSubsection) || FindImplementation(who) != nullptr) {
        continue;
      }
      const std::vector<absl::string_view> lines = absl::StrSplit(content, '\n');
      LineReader line(lines[static_cast<size_t>(trace.lines[i]) - 1], file, trace.lines[i]);
      while (!line.TakeIf("->")) line.Next();
      while (line.word() != absl::string_view(expectation.who)) {
        while (!line.TakeIf(",")) line.Next();
      }
      return line.Error("legacy, subsection or the name of an implementation");
    }
  }
  return absl::OkStatus();
}

absl::Status NothingRead(absl::string_view file, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat(file, ":1:1: read nothing, expected ", expected));
}

void AddOnce(ClauseIndex clause, std::vector<std::string>* ids) {
  std::string id(Clauses()[clause].id);
  if (std::find(ids->begin(), ids->end(), id) == ids->end()) ids->push_back(std::move(id));
}

// One pair's run, in words and as data.
void RunPair(const Trace& trace, const ImplementationPair& which, bool details, Replay* replay, PairReplay* pair) {
  Lockstep lockstep = MakeChosenLockstep(which);
  StepLog log;
  const Finding finding = lockstep.Run(trace, &log);
  pair->legacy = std::string(which.left->name);
  pair->subsection = std::string(which.right->name);
  for (size_t i = 0; i < log.size(); ++i) {
    const Step& step = log.step(i);
    if (details && !step.teardown) absl::StrAppend(&replay->text, ExplainStep(trace, log, i, lockstep));
    if (!step.teardown) pair->steps.push_back(DescribeStep(trace, log, i));
    if (step.clause != kNoClause) AddOnce(step.clause, &replay->clauses);
  }
  for (size_t i = 0; i < Clauses().size(); ++i) {
    if (lockstep.statistics().clause[i] != 0) AddOnce(static_cast<ClauseIndex>(i), &replay->clauses);
  }
  if (details && !finding && pair->steps.size() < trace.ops.size()) {
    absl::StrAppend(&replay->text, "      ", trace.ops.size() - pair->steps.size(),
                    " operations not run: both machines have stopped\n");
  }
  const std::vector<Disappointment> unmet = UnmetBefore(finding, trace, log, lockstep);
  pair->key = KeyOfRun(finding, unmet, trace);
  if (finding) pair->explanation = ExplainFinding(finding, lockstep);
  for (const Disappointment& one : unmet) {
    absl::StrAppendFormat(&pair->explanation, "%sstep %d: the trace expects %s %s",
                          pair->explanation.empty() ? "" : "\n         ", one.step + 1,
                          Absl(lockstep.party(one.side).name), PrintAnswer(one.expected, NamesOf(trace)));
  }
}

class GeometryWorkbench : public Workbench {
 public:
  std::string_view geometry() const override { return kGeometryName; }

  absl::string_view GeometryNamed(absl::string_view content) const override {
    if (!LooksLikeText(content)) return {};
    return Absl(GeometryOfText({content.data(), content.size()}));
  }

  absl::StatusOr<Replay> ReplayTrace(absl::string_view content, absl::string_view file) const override {
    Replay replay;
    absl::StatusOr<Trace> trace = ReadTrace(content, file, &replay.left_out);
    if (!trace.ok()) return trace.status();
    if (const absl::Status status = CheckExpectations(*trace, content, file); !status.ok()) return status;
    if (!LooksLikeText(content)) {
      absl::StrAppend(&replay.text, "      read as bytes: ", trace->ops.size(), " operations\n");
    }
    std::vector<PairReplay> pairs;
    if (absl::Status choice = CheckPairChoice(); !choice.ok()) return choice;
    for (const ImplementationPair& pair : ChosenPairs()) {
      // Variants of one generation seldom differ: the first pair is told step by step, the others by their verdict.
      const bool details = pairs.empty();
      pairs.emplace_back();
      RunPair(*trace, pair, details, &replay, &pairs.back());
    }
    replay.agrees = true;
    for (const PairReplay& pair : pairs) {
      if (!pair.key.empty() && replay.key.empty()) replay.key = pair.key;
      replay.agrees &= pair.key.empty();
      absl::StrAppend(&replay.verdicts, "verdict  ", pair.legacy, " and ", pair.subsection, ": ",
                      pair.key.empty() ? "agree with contract and expectations" : absl::StrCat("FINDING ", pair.key),
                      "\n");
      if (!pair.key.empty()) absl::StrAppend(&replay.verdicts, "         ", pair.explanation, "\n");
    }
    replay.text += replay.verdicts;
    replay.json = ReplayJson(file, replay, pairs);
    return replay;
  }

  absl::StatusOr<std::string> Draw(absl::string_view content, absl::string_view file) const override {
    std::string left_out;
    const absl::StatusOr<Trace> trace = ReadTrace(content, file, &left_out);
    if (!trace.ok()) return trace.status();
    return DrawTrace(*trace);
  }

  absl::StatusOr<std::string> Settle(absl::string_view content, absl::string_view file) const override {
    std::string left_out;
    absl::StatusOr<Trace> trace = ReadTrace(content, file, &left_out);
    if (!trace.ok()) return trace.status();
    return PrintTrace(hpfuzz::HPFUZZ_GEOMETRY::Settle(*std::move(trace)));
  }

  absl::StatusOr<ReportPicture> Picture(absl::string_view content, absl::string_view file) const override {
    const absl::StatusOr<Replay> replay = ReplayTrace(content, file);
    if (!replay.ok()) return replay.status();
    std::string left_out;
    const absl::StatusOr<Trace> trace = ReadTrace(content, file, &left_out);
    if (!trace.ok()) return trace.status();
    ReportPicture picture = TakeReport(*trace);
    picture.verdicts = replay->verdicts;
    picture.left_out = left_out;
    const bool as_it_stands = LooksLikeText(content) && content.size() <= kMaxShownText;
    picture.trace = as_it_stands ? std::string(content) : PrintTrace(*trace);
    return picture;
  }

  absl::StatusOr<Minimized> Minimize(absl::string_view content, absl::string_view file,
                                     const MinimizeRequest& request) const override {
    std::string left_out;
    absl::StatusOr<Trace> trace = ReadTrace(content, file, &left_out);
    if (!trace.ok()) return trace.status();
    if (const absl::Status status = CheckExpectations(*trace, content, file); !status.ok()) return status;
    absl::StatusOr<Minimized> minimized = MinimizeTrace(*trace, file, request);
    if (minimized.ok()) minimized->left_out = left_out;
    return minimized;
  }

  absl::StatusOr<Shown> Show(absl::string_view content, absl::string_view file) const override {
    Shown shown;
    absl::StatusOr<Trace> trace = ReadTrace(content, file, &shown.left_out);
    if (!trace.ok()) return trace.status();
    shown.text = PrintTrace(*trace);
    return shown;
  }

  absl::StatusOr<Shown> ShowInfoBlock(absl::string_view content, absl::string_view file) const override {
    if (content.empty()) return NothingRead(file, "an input of the fuzz target info_block");
    Trace trace;
    MakeInfoBlockTrace({reinterpret_cast<const uint8_t*>(content.data()), content.size()}, &trace);
    Shown shown;
    shown.text = PrintTrace(trace);
    if (content.size() > kSceneBytes + kInfoBlockSize) {
      shown.left_out = absl::StrCat(file, ": the last ", content.size() - kSceneBytes - kInfoBlockSize, " of ",
                                    content.size(), " bytes are left out: an info block is shorter");
    }
    return shown;
  }

  absl::StatusOr<std::vector<uint8_t>> Encode(absl::string_view text, absl::string_view file) const override {
    if (text.empty()) return NothingRead(file, "a trace in text");
    absl::StatusOr<Trace> trace = ParseTrace(text, file);
    if (!trace.ok()) return trace.status();
    return EncodeTrace(*trace);
  }

  absl::StatusOr<RecordedReport> CheckRecorded(absl::string_view text, absl::string_view file, bool every_difference,
                                               ReadNamed read_named) const override {
    if (IsRecordedNvdimm(text)) return CheckNvdimmFile(text, file, every_difference, read_named);
    absl::StatusOr<std::vector<RecordedCase>> cases = ParseRecorded(text, file);
    if (!cases.ok()) return cases.status();
    RecordedReport report;
    for (const RecordedCase& recorded : *cases) {
      ++report.cases;
      const Implementation* implementation = FindImplementation(ImplementationOf(recorded.kernel));
      const std::unique_ptr<HotplugLayer> subjects[] = {implementation->make_layer(), implementation->make_reference()};
      for (const std::unique_ptr<HotplugLayer>& subject : subjects) {
        const std::string who = absl::StrCat(Absl(implementation->name), subject == subjects[0] ? "" : " reference");
        for (const RecordedDifference& difference : hpfuzz::HPFUZZ_GEOMETRY::CheckRecorded(recorded, *subject)) {
          ++report.differences;
          absl::StrAppendFormat(&report.text, "%s:%d: case %s, %s: %s: %s: recorded %s, ours %s\n", file,
                                difference.line, difference.case_name, difference.op, who, difference.what,
                                difference.recorded, difference.ours);
          if (!every_difference) break;  // later ones of a case mostly follow from the first
        }
      }
    }
    return report;
  }

  absl::StatusOr<std::string> ExportRecorded(absl::string_view text, absl::string_view file,
                                             absl::string_view case_name) const override {
    if (IsRecordedNvdimm(text)) {
      return absl::InvalidArgumentError(absl::StrCat(file, ": requests about namespaces have no form as a trace"));
    }
    absl::StatusOr<std::vector<RecordedCase>> cases = ParseRecorded(text, file);
    if (!cases.ok()) return cases.status();
    for (const RecordedCase& recorded : *cases) {
      if (absl::string_view(recorded.name) == case_name) return PrintTrace(ExportTrace(recorded));
    }
    return absl::NotFoundError(absl::StrCat(file, ": has no case ", case_name));
  }

  absl::StatusOr<std::string> ImportIomem(absl::string_view text, absl::string_view file) const override {
    absl::StatusOr<IomemMap> imported = ParseIomem(text, file);
    if (!imported.ok()) return imported.status();
    std::string out;
    for (const std::string& note : imported->notes) absl::StrAppend(&out, "# ", note, "\n");
    Trace trace;
    trace.map = imported->map;
    return out + PrintTrace(trace);
  }

  std::string ContractMarkdown() const override { return hpfuzz::HPFUZZ_GEOMETRY::ContractMarkdown(); }
};

}  // namespace

const Workbench& GetWorkbench() {
  static const GeometryWorkbench workbench;
  return workbench;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
