// SPDX-License-Identifier: Apache-2.0
// The data of a report as JSON.
#include "triage/report_json.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_replace.h"
#include "triage/shown_text.h"

namespace hpfuzz {
namespace {

using nlohmann::ordered_json;

ordered_json OrNull(const std::optional<size_t>& index) {
  return index.has_value() ? ordered_json(*index) : ordered_json(nullptr);
}

ordered_json ShownList(const std::vector<std::string>& texts) {
  ordered_json list = ordered_json::array();
  for (const std::string& text : texts) list.push_back(ShownText(text));
  return list;
}

ordered_json RowJson(const ReportPicture::Row& row) {
  ordered_json list = ordered_json::array();
  for (const ReportPicture::Run& run : row) {
    list.push_back(run.count);
    list.push_back(run.cell);
  }
  return list;
}

ordered_json ChangeJson(const ReportPicture::Change& change) {
  ordered_json differs = ordered_json::array();
  for (const ReportPicture::Difference& d : change.differs) {
    differs.push_back(ordered_json::array({d.first, d.count, d.since}));
  }
  return ordered_json::array({change.section, change.row[0], change.row[1], std::move(differs)});
}

ordered_json StretchJson(const ReportPicture::Stretch& stretch) {
  return ordered_json::array({stretch.first_section, stretch.first, stretch.last_section, stretch.last});
}

// What a step has not is left out: most have little.
ordered_json StepJson(const ReportPicture::Step& step) {
  ordered_json json = {{"label", step.label}, {"operation", ShownText(step.operation)}, {"answers", step.answer}};
  if (!step.expected[0].empty() || !step.expected[1].empty()) json["expected"] = step.expected;
  if (step.clause.has_value()) json["clause"] = *step.clause;
  if (step.not_run) json["notRun"] = true;
  if (step.differs) json["differs"] = true;
  if (step.failing) json["failing"] = true;
  if (!step.unmet.empty()) json["unmet"] = ShownList(step.unmet);
  for (const ReportPicture::Stretch& stretch : step.asked) json["asked"].push_back(StretchJson(stretch));
  for (const ReportPicture::Change& change : step.changes) json["changes"].push_back(ChangeJson(change));
  return json;
}

ordered_json Lists(const ReportPicture& picture) {
  ordered_json root;
  for (const char* list : {"states", "owners", "kinds", "rows", "clauses", "steps"}) root[list] = ordered_json::array();
  for (const ReportPicture::State& state : picture.states) {
    root["states"].push_back({{"id", state.id}, {"letter", std::string(1, state.letter)}, {"meaning", state.meaning}});
  }
  root["owners"] = ShownList(picture.owners);
  for (const ReportPicture::Cell& kind : picture.kinds) {
    root["kinds"].push_back(ordered_json::array({kind.state, OrNull(kind.owner)}));
  }
  for (const ReportPicture::Row& row : picture.rows) root["rows"].push_back(RowJson(row));
  for (const ReportPicture::Clause& clause : picture.clauses) {
    root["clauses"].push_back(
        {{"id", clause.id}, {"relation", clause.relation}, {"when", clause.when}, {"because", clause.because}});
  }
  for (const ReportPicture::Step& step : picture.steps) root["steps"].push_back(StepJson(step));
  return root;
}

}  // namespace

std::string ReportJson(const ReportPicture& picture, const ReportOrigin& origin) {
  ordered_json root = {
      {"file", ShownText(origin.file)},
      {"command", ShownText(origin.command)},
      {"geometry", picture.geometry},
      {"names", picture.names},
      {"key", picture.key},
      {"explanation", ShownText(picture.explanation)},
      {"verdicts", ShownText(picture.verdicts)},
      {"leftOut", ShownText(picture.left_out)},
      {"trace", ShownText(picture.trace)},
      {"cells", picture.cells},
      {"sectionSize", picture.section_size},
      {"hiddenSections", picture.hidden_sections},
      {"sections", picture.sections},
  };
  root.update(Lists(picture));
  // Texts are a stranger's: what is no UTF-8 is replaced, never thrown at. Outside of texts JSON has none of these
  // three.
  const std::string json = root.dump(-1, ' ', true, ordered_json::error_handler_t::replace);
  return absl::StrReplaceAll(json, {{"<", "\\u003c"}, {">", "\\u003e"}, {"&", "\\u0026"}});
}

}  // namespace hpfuzz
