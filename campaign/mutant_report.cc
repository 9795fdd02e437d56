// SPDX-License-Identifier: Apache-2.0
// Reports of the mutation score.
#include "campaign/mutant_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace hpfuzz {
namespace {

using Json = nlohmann::ordered_json;
using Killed = MutantVerdict::Killed;

void Count(const MutantVerdict& verdict, bool explained, MutantCount* count) {
  ++count->all;
  count->by_corpus += verdict.killed == Killed::kByCorpus ? 1 : 0;
  count->by_fuzzing += verdict.killed == Killed::kByFuzzing ? 1 : 0;
  count->explained += verdict.killed == Killed::kNot && explained ? 1 : 0;
}

double Percent(size_t part, size_t whole) {
  return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string ShareText(size_t killed, size_t all) {
  const Interval interval = WilsonInterval(killed, all);
  return absl::StrFormat("%d of %d, %.1f %% (95 %%: %.1f to %.1f)", killed, all, Percent(killed, all),
                         100 * interval.low, 100 * interval.high);
}

std::string Summary(const MutantScore& score) {
  const MutantCount& total = score.total;
  return absl::StrCat("killed ", ShareText(total.killed(), total.all), "; ", total.by_corpus, " by the corpus, ",
                      total.by_fuzzing, " by fuzzing\nwith those that are explained ",
                      absl::StrFormat("%d of %d, %.1f %%", total.killed() + total.explained, total.all,
                                      Percent(total.killed() + total.explained, total.all)),
                      "\n");
}

std::string Place(const Mutant& mutant) { return absl::StrCat(mutant.file, ":", mutant.line); }

void AddList(const char* head, const std::vector<const Mutant*>& mutants, std::string* text) {
  if (mutants.empty()) return;
  absl::StrAppend(text, "\n", head, "\n");
  for (const Mutant* mutant : mutants) {
    absl::StrAppend(text, "  ", mutant->number, "  ", Place(*mutant), "  ", mutant->change, "\n      ", mutant->source,
                    "\n");
  }
}

// In a cell of a table, between backquotes.
std::string Code(const std::string& text) {
  return absl::StrCat("`", absl::StrReplaceAll(text, {{"|", "\\|"}, {"`", "'"}}), "`");
}

void AddRows(const char* head, const std::vector<const Mutant*>& mutants, std::string* text) {
  if (mutants.empty()) return;
  absl::StrAppend(text, "\n## ", head, "\n\n| mutant | place | change | line |\n|---|---|---|---|\n");
  for (const Mutant* mutant : mutants) {
    absl::StrAppend(text, "| ", mutant->number, " | ", Place(*mutant), " | ", Code(mutant->change), " | ",
                    Code(mutant->source), " |\n");
  }
}

Json CountJson(const MutantCount& count) {
  const Interval interval = WilsonInterval(count.killed(), count.all);
  return {{"mutants", count.all},
          {"killed_by_corpus", count.by_corpus},
          {"killed_by_fuzzing", count.by_fuzzing},
          {"explained", count.explained},
          {"share", Percent(count.killed(), count.all) / 100},
          {"share_95", {interval.low, interval.high}}};
}

Json MutantJson(const Mutant& mutant, const MutantVerdict& verdict) {
  const char* const words[] = {"survived", "corpus", "fuzzing"};
  return {{"number", mutant.number},
          {"file", mutant.file},
          {"line", mutant.line},
          {"kind", mutant.kind},
          {"change", mutant.change},
          {"source", mutant.source},
          {"killed", verdict.failed ? "failed" : words[static_cast<unsigned>(verdict.killed)]},
          {"key", verdict.key}};
}

}  // namespace

MutantScore ScoreOf(absl::Span<const Mutant> mutants, absl::Span<const MutantVerdict> verdicts,
                    const Explanations& explanations) {
  MutantScore score;
  for (size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i].failed || i >= mutants.size()) {
      const std::string who = i < mutants.size() ? absl::StrCat("mutant ", mutants[i].number, ": ") : "";
      score.errors.push_back(absl::StrCat(who, verdicts[i].error));
      continue;
    }
    const Mutant& mutant = mutants[i];
    const bool explained = explanations.count(mutant.identity()) != 0;
    Count(verdicts[i], explained, &score.total);
    Count(verdicts[i], explained, &score.by_kind[mutant.kind]);
    if (verdicts[i].killed != Killed::kNot && explained) score.killed_though_explained.push_back(&mutant);
    if (verdicts[i].killed == Killed::kNot) (explained ? score.explained : score.survivors).push_back(&mutant);
  }
  return score;
}

std::string PrintMutantText(const MutantScore& score) {
  std::string text = Summary(score);
  for (const auto& [kind, count] : score.by_kind) {
    absl::StrAppend(&text, absl::StrFormat("  %-12s %s\n", kind, ShareText(count.killed(), count.all)));
  }
  AddList("survivors", score.survivors, &text);
  AddList("killed though explained as equivalent", score.killed_though_explained, &text);
  return text;
}

std::string PrintMutantMarkdown(const MutantScore& score) {
  std::string text =
      absl::StrCat("# Mutation score\n\n", absl::StrReplaceAll(Summary(score), {{"\n", "\n\n"}}),
                   "| kind | mutants | by the corpus | by fuzzing | explained | killed |\n|---|---|---|---|---|---|\n");
  for (const auto& [kind, count] : score.by_kind) {
    absl::StrAppend(&text, "| ", kind, " | ", count.all, " | ", count.by_corpus, " | ", count.by_fuzzing, " | ",
                    count.explained, " | ", absl::StrFormat("%.1f %%", Percent(count.killed(), count.all)), " |\n");
  }
  AddRows("Survivors", score.survivors, &text);
  AddRows("Explained: nothing can see them", score.explained, &text);
  AddRows("Killed though explained", score.killed_though_explained, &text);
  return text;
}

std::string PrintMutantJson(const MutantScore& score, absl::Span<const Mutant> mutants,
                            absl::Span<const MutantVerdict> verdicts) {
  Json object = CountJson(score.total);
  object["kinds"] = Json::object();
  for (const auto& [kind, count] : score.by_kind) object["kinds"][kind] = CountJson(count);
  object["each"] = Json::array();
  for (size_t i = 0; i < std::min(mutants.size(), verdicts.size()); ++i) {
    object["each"].push_back(MutantJson(mutants[i], verdicts[i]));
  }
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hpfuzz
