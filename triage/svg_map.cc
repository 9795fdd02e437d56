// SPDX-License-Identifier: Apache-2.0
// The map in a drawing. A run of cells alike is one rectangle: a mail is to be small.
#include "triage/svg_map.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "triage/svg_text.h"

namespace hpfuzz {
namespace {

// As in map.js.
constexpr double kLeft = 112;
constexpr double kStripWidth = 768;
constexpr double kWidestCell = 48;
constexpr double kStrip = 18;
constexpr double kGap = 3;
constexpr double kTop = 34;
constexpr double kCharacter = 6.7;
constexpr size_t kDevicePatterns = 6;
constexpr size_t kMostDevices = 8;  // in the legend

double StripY(unsigned side) { return kTop + side * (kStrip + kGap); }

class GroupDrawing {
 public:
  GroupDrawing(const ReportPicture& picture, const ReportGroup& group)
      : picture_(picture),
        group_(group),
        cell_(std::min(kWidestCell, kStripWidth / static_cast<double>(picture.cells))) {}

  std::string Draw() {
    Caption();
    for (const auto& [first, last] : group_.asked) {
      absl::StrAppendFormat(&out_, "<path d=\"M%g 27v-4H%gv4\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\"/>\n",
                            X(first) + 1, X(last + 1) - 1, kSvgInk);
    }
    for (unsigned side = 0; side < ReportPicture::kSides; ++side) {
      Strip(side);
      Changed(side);
    }
    for (const ReportPicture::Difference& d : group_.differs) {
      absl::StrAppendFormat(&out_,
                            "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"none\" stroke=\"%s\" "
                            "stroke-width=\"2\"/>\n",
                            X(d.first) - 1, kTop - 1, static_cast<double>(d.count) * cell_ + 2, 2 * kStrip + kGap + 2,
                            kSvgWrong);
    }
    return std::move(out_);
  }

 private:
  double X(size_t cell) const { return kLeft + static_cast<double>(cell) * cell_; }

  void Caption() {
    const uint64_t first = picture_.sections[group_.section] * picture_.section_size;
    const uint64_t last = first + (group_.count * picture_.section_size - 1);
    const std::string range = absl::StrFormat("%x-%x", first, last);
    const std::string alike = group_.count == 1 ? absl::StrFormat("section %x", picture_.sections[group_.section])
                                                : absl::StrCat(group_.count, " sections alike");
    absl::StrAppend(
        &out_, SvgText(kLeft, 16, range, {.bold = true}),
        SvgText(kLeft + static_cast<double>(range.size()) * 7.4 + 12, 16, alike, {.fill = kSvgSoft, .size = 11}));
    if (group_.differs.empty()) return;
    const size_t since = group_.differs.front().since;
    const std::string reason = since == 0
                                   ? "differs since boot"
                                   : absl::StrCat("differs since step ", picture_.steps[since].label, ClauseAt(since));
    absl::StrAppend(&out_, SvgText(kLeft + kStripWidth, 16, reason, {.fill = kSvgWrong, .size = 11, .anchor = "end"}));
  }

  std::string ClauseAt(size_t step) const {
    const auto& clause = picture_.steps[step].clause;
    return clause.has_value() ? absl::StrCat(": clause ", picture_.clauses[*clause].id) : "";
  }

  void Strip(unsigned side) {
    const double y = StripY(side);
    absl::StrAppend(&out_,
                    SvgText(kLeft - 8, y + 13, picture_.names[side], {.fill = kSvgSoft, .size = 11, .anchor = "end"}));
    std::string words;
    size_t at = 0;
    for (const ReportPicture::Run& run : picture_.rows[group_.row[side]]) {
      absl::StrAppendFormat(&out_, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"url(#%s)\"/>\n", X(at), y,
                            static_cast<double>(run.count) * cell_, kStrip, PatternOf(run.cell));
      absl::StrAppend(&words, Words(run, at, y + 13));
      at += run.count;
    }
    std::string grid = absl::StrFormat("M%g %gh%gv%gh-%gz", X(0), y, X(at) - X(0), kStrip, X(at) - X(0));
    for (size_t i = 1; i < at; ++i) absl::StrAppendFormat(&grid, "M%g %gv%g", X(i), y, kStrip);
    absl::StrAppendFormat(&out_,
                          "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-opacity=\".28\" stroke-width=\".6\"/>\n",
                          grid, kSvgInk);
    out_ += words;
  }

  void Changed(unsigned side) {
    if (group_.row[side] == group_.before[side]) return;
    const double y = side == 0 ? StripY(0) - 5 : StripY(1) + kStrip + 2;
    const std::vector<size_t> now = CellsOf(group_.row[side]);
    const std::vector<size_t> before = CellsOf(group_.before[side]);
    for (size_t i = 0; i < now.size();) {
      size_t end = i;
      while (end < now.size() && now[end] != before[end]) ++end;
      if (end != i) {
        absl::StrAppendFormat(&out_, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"3\" fill=\"%s\"/>\n", X(i), y,
                              static_cast<double>(end - i) * cell_, kSvgMark);
      }
      i = std::max(end, i + 1);
    }
  }

  std::vector<size_t> CellsOf(size_t row) const {
    std::vector<size_t> cells;
    for (const ReportPicture::Run& run : picture_.rows[row]) cells.insert(cells.end(), run.count, run.cell);
    return cells;
  }

  std::string PatternOf(size_t kind) const;
  std::string Words(const ReportPicture::Run& run, size_t at, double y) const;

  const ReportPicture& picture_;
  const ReportGroup& group_;
  const double cell_;
  std::string out_;
};

const ReportPicture::State& StateOf(const ReportPicture& picture, size_t kind) {
  return picture.states[picture.kinds[kind].state];
}

bool HasOwner(const ReportPicture& picture, size_t kind) { return picture.kinds[kind].owner.has_value(); }

std::string MeaningOf(const ReportPicture& picture, size_t kind) {
  const std::string owner = HasOwner(picture, kind) ? " " + picture.owners[*picture.kinds[kind].owner] : "";
  return StateOf(picture, kind).meaning + owner;
}

std::string PatternName(const ReportPicture& picture, size_t kind) {
  const std::string& id = StateOf(picture, kind).id;
  if (id != "device") return "p-" + id;
  return absl::StrCat("p-device-", *picture.kinds[kind].owner % kDevicePatterns);
}

std::string GroupDrawing::PatternOf(size_t kind) const { return PatternName(picture_, kind); }

// In words, or the letter of the state where there is no room.
std::string GroupDrawing::Words(const ReportPicture::Run& run, size_t at, double y) const {
  const ReportPicture::State& state = StateOf(picture_, run.cell);
  if (state.id == "hole") return {};
  const double width = static_cast<double>(run.count) * cell_;
  std::string text = MeaningOf(picture_, run.cell);
  const auto fits = [&] { return static_cast<double>(text.size()) * kCharacter <= width - 6; };
  if (!fits() && HasOwner(picture_, run.cell)) text = picture_.owners[*picture_.kinds[run.cell].owner];
  if (!fits()) text = std::string(1, state.letter);
  return SvgText(X(at) + width / 2, y, text, {.bold = true, .size = 11, .anchor = "middle", .outlined = true});
}

SvgSwatch MakeSwatch(const std::string& pattern, char letter, const std::string& text) {
  constexpr double kBox = 34;
  SvgSwatch swatch;
  swatch.drawing =
      absl::StrFormat("<rect width=\"%g\" height=\"%g\" fill=\"url(#%s)\" stroke=\"%s\" stroke-width=\".6\"/>\n", kBox,
                      kStrip, pattern, kSvgSoft);
  absl::StrAppend(&swatch.drawing,
                  SvgText(kBox / 2, 13, std::string_view(&letter, 1),
                          {.bold = true, .size = 11, .anchor = "middle", .outlined = true}),
                  SvgText(kBox + 6, 13, text, {.size = 11}));
  swatch.width = kBox + 6 + static_cast<double>(text.size()) * kCharacter + 18;
  return swatch;
}

}  // namespace

std::string SvgGroup(const ReportPicture& picture, const ReportGroup& group, double y) {
  return SvgMoved(0, y, GroupDrawing(picture, group).Draw());
}

std::vector<SvgSwatch> SvgSwatches(const ReportPicture& picture) {
  std::vector<SvgSwatch> swatches;
  size_t devices = 0;
  for (size_t kind = 0; kind < picture.kinds.size(); ++kind) {
    const ReportPicture::State& state = StateOf(picture, kind);
    if (state.id == "device" && ++devices > kMostDevices) continue;
    swatches.push_back(MakeSwatch(PatternName(picture, kind), state.letter, MeaningOf(picture, kind)));
  }
  return swatches;
}

}  // namespace hpfuzz
