// SPDX-License-Identifier: Apache-2.0
// A report as one drawing: head, the last operations, the step in words, its map, the legend.
#include "triage/svg_report.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "triage/report_assets.h"
#include "triage/svg_map.h"
#include "triage/svg_text.h"

namespace hpfuzz {
namespace {

// What a mail has room for.
constexpr size_t kMostSteps = 12;
constexpr size_t kMostGroups = 16;
constexpr size_t kLineLength = 118;
constexpr double kLine = 17;

class Drawing {
 public:
  Drawing(const ReportPicture& picture, const ReportOrigin& origin)
      : picture_(picture), origin_(origin), index_(StepThatMatters(picture)) {}

  std::string Draw() {
    Head();
    Operations();
    Words();
    Map();
    Legend();
    return absl::StrCat("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ", kSvgWidth, " ", y_, "\" width=\"",
                        kSvgWidth, "\" height=\"", y_, "\" font-family=\"", kSvgFont, "\" font-size=\"12\">\n<title>",
                        SvgEscaped(Title()), "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
                        std::string(kReportPatterns), body_, "</svg>\n");
  }

 private:
  const ReportPicture::Step& step() const { return picture_.steps[index_]; }
  std::string Title() const { return picture_.key.empty() ? "no finding" : picture_.key; }

  void Line(const std::string& text, const SvgStyle& style = {}) {
    for (const std::string& line : SvgWrapped(text, kLineLength)) {
      y_ += kLine;
      absl::StrAppend(&body_, SvgText(kMargin, y_, line, style));
    }
  }

  void Head() {
    const char* const ink = picture_.key.empty() ? kSvgWell : kSvgWrong;
    y_ += 26;
    absl::StrAppend(&body_, SvgText(kMargin, y_, Title(), {.fill = ink, .bold = true, .size = 17}));
    Line(absl::StrCat(absl::StrJoin(picture_.names, " beside "), " · ", origin_.file, " · ", picture_.geometry),
         {.fill = kSvgSoft});
    if (!picture_.explanation.empty()) {
      Line(std::vector<std::string>(absl::StrSplit(picture_.explanation, '\n')).front());
    }
    Line(origin_.command, {.fill = kSvgSoft});
    y_ += 8;
  }

  static std::string InWords(const ReportPicture::Step& step) {
    if (step.failing) return "✗";
    return step.differs ? "≠" : " ";
  }

  // The chosen step and those before it.
  void Operations() {
    const size_t first = index_ + 1 > kMostSteps ? index_ + 1 - kMostSteps : 1;
    if (first > 1) Line(absl::StrCat("     ", first - 1, " operations before these"), {.fill = kSvgSoft});
    for (size_t i = std::min(first, index_); i <= index_; ++i) {
      const ReportPicture::Step& one = picture_.steps[i];
      const char* const ink = one.failing ? kSvgWrong : one.differs ? kSvgDiffers : kSvgInk;
      Line(absl::StrFormat("%s %4s  %s", InWords(one), one.label, one.operation), {.fill = ink, .bold = i == index_});
    }
    y_ += 6;
  }

  void Words() {
    const ReportPicture::Step& one = step();
    for (unsigned side = 0; side < ReportPicture::kSides; ++side) {
      if (one.answer[side].empty()) continue;
      const std::string reference =
          one.expected[side].empty() ? "" : absl::StrCat("   its reference: ", one.expected[side]);
      Line(absl::StrFormat("        %-13s %s%s", picture_.names[side], one.answer[side], reference), {.bold = true});
    }
    if (one.clause.has_value()) {
      const ReportPicture::Clause& clause = picture_.clauses[*one.clause];
      Line(
          absl::StrCat("clause ", clause.id, " (", clause.relation, "): ", clause.when, ". Because: ", clause.because));
    }
    for (const std::string& text : one.unmet) Line(text, {.fill = kSvgWrong, .bold = true});
    y_ += 10;
  }

  // Groups of note before others, in the order of their addresses.
  std::vector<ReportGroup> ShownGroups() {
    std::vector<ReportGroup> groups = MemoryAfter(picture_, index_);
    const auto note = [](const ReportGroup& group) { return group.of_note(); };
    if (groups.size() > kMostGroups && std::any_of(groups.begin(), groups.end(), note)) {
      groups.erase(std::remove_if(groups.begin(), groups.end(), [&](const ReportGroup& g) { return !note(g); }),
                   groups.end());
    }
    if (groups.size() > kMostGroups) groups.resize(kMostGroups);
    return groups;
  }

  void Map() {
    size_t hidden = picture_.sections.size() + picture_.hidden_sections;
    for (const ReportGroup& group : ShownGroups()) {
      absl::StrAppend(&body_, SvgGroup(picture_, group, y_));
      y_ += kSvgGroupHeight;
      hidden -= group.count;
    }
    if (hidden != 0) Line(absl::StrCat("The trace touches ", hidden, " more sections."), {.fill = kSvgSoft});
  }

  void Legend() {
    y_ += 6;
    double x = kMargin;
    for (const SvgSwatch& swatch : SvgSwatches(picture_)) {
      if (x + swatch.width > kSvgWidth) {
        x = kMargin;
        y_ += kSvgSwatchHeight;
      }
      absl::StrAppend(&body_, SvgMoved(x, y_, swatch.drawing));
      x += swatch.width;
    }
    y_ += kSvgSwatchHeight;
    Line("Outlined: the two differ. Bar: changed by this step. Bracket: what the operation names.", {.fill = kSvgSoft});
    y_ += 10;
  }

  static constexpr double kMargin = 10;
  const ReportPicture& picture_;
  const ReportOrigin& origin_;
  const size_t index_;
  double y_ = 0;
  std::string body_;
};

}  // namespace

size_t StepThatMatters(const ReportPicture& picture) {
  size_t differs = 0;
  size_t run = 0;
  for (size_t i = 0; i < picture.steps.size(); ++i) {
    const ReportPicture::Step& step = picture.steps[i];
    if (step.failing) return i;
    if (step.differs && differs == 0) differs = i;
    if (!step.not_run) run = i;
  }
  return differs != 0 ? differs : run;
}

std::string SvgReport(const ReportPicture& picture, const ReportOrigin& origin) {
  return Drawing(picture, origin).Draw();
}

}  // namespace hpfuzz
