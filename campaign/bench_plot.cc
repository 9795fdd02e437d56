// SPDX-License-Identifier: Apache-2.0
// The drawing: axes, curves, names.
#include "campaign/bench_plot.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace hpfuzz {
namespace {

constexpr double kWidth = 900;
constexpr double kHeight = 480;
constexpr double kLeft = 64;
constexpr double kRight = 760;  // of the curves; their names stand behind
constexpr double kTop = 40;
constexpr double kBottom = 420;
constexpr double kLineHeight = 17;
constexpr double kFirstSecond = 0.1;

// Dashes carry the meaning, colours help. Dark enough on white, light enough on black.
struct Stroke {
  const char* colour;
  const char* dashes;
  double width;
};
constexpr Stroke kStrokes[] = {{"#1f6fd0", "", 2.6},       {"#c2571a", "10 4", 2},        {"#2c8a4b", "3 3", 2},
                               {"#9a4fb0", "12 3 2 3", 2}, {"#b0891a", "6 2 2 2 2 2", 2}, {"#7a7f87", "1 4", 2},
                               {"#c23b5f", "16 4 4 4", 2}};

struct Scale {
  double seconds;  // at the right
  double bugs;     // at the top

  double X(double at) const {
    const double share = std::log(std::max(at, kFirstSecond) / kFirstSecond) / std::log(seconds / kFirstSecond);
    return kLeft + std::min(share, 1.0) * (kRight - kLeft);
  }
  double Y(double found) const { return kBottom - found / bugs * (kBottom - kTop); }
};

std::string Line(double x1, double y1, double x2, double y2, const char* kind) {
  return absl::StrFormat("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", kind, x1, y1, x2,
                         y2);
}

std::string Text(double x, double y, const char* anchor, const std::string& text) {
  return absl::StrFormat("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, text);
}

// 1, 2 or 5 times a power of ten, so that there are about five.
double BugStep(double bugs) {
  const double power = std::pow(10, std::floor(std::log10(std::max(bugs / 5, 1.0))));
  for (const double times : {1.0, 2.0, 5.0}) {
    if (bugs / (power * times) <= 6) return power * times;
  }
  return power * 10;
}

std::string Axes(const Scale& scale) {
  std::string text = Line(kLeft, kBottom, kRight, kBottom, "axis") + Line(kLeft, kTop, kLeft, kBottom, "axis");
  const double step = BugStep(scale.bugs);
  for (double bugs = 0; bugs <= scale.bugs; bugs += step) {
    if (bugs != 0) text += Line(kLeft, scale.Y(bugs), kRight, scale.Y(bugs), "grid");
    text += Text(kLeft - 8, scale.Y(bugs) + 4, "end", absl::StrCat(bugs));
  }
  for (double decade = kFirstSecond; decade <= scale.seconds; decade *= 10) {
    for (const double times : {1.0, 3.0}) {
      const double at = decade * times;
      if (at > scale.seconds) continue;
      text += Line(scale.X(at), kTop, scale.X(at), kBottom, "grid");
      text += Text(scale.X(at), kBottom + 18, "middle", absl::StrFormat("%g", at));
    }
  }
  text += Text((kLeft + kRight) / 2, kBottom + 40, "middle", "seconds of one core");
  return text + Text(kLeft, kTop - 14, "start", "bugs found, mean over the runs");
}

// Steps: what is found stays found.
std::string Curve(const BenchTotal& total, const Stroke& stroke, const Scale& scale) {
  std::string path = absl::StrFormat("M%.1f %.1f", kLeft, scale.Y(0));
  for (const CurvePoint& point : total.curve) {
    absl::StrAppend(&path, absl::StrFormat("H%.1fV%.1f", scale.X(point.seconds), scale.Y(point.found)));
  }
  absl::StrAppend(&path, absl::StrFormat("H%.1f", kRight));
  return absl::StrFormat("<path class=\"curve\" d=\"%s\" stroke=\"%s\" stroke-dasharray=\"%s\" stroke-width=\"%g\"/>\n",
                         path, stroke.colour, *stroke.dashes == '\0' ? "none" : stroke.dashes, stroke.width);
}

// The name of a curve and where its end is.
struct Name {
  std::string text;
  double end = 0;
  double y = 0;
};

// From below upwards, each so far above the one before that both can be read; then down again where that went too far.
void SpreadNames(std::vector<Name>* names) {
  std::sort(names->begin(), names->end(),
            [](const Name& a, const Name& b) { return std::tie(b.end, a.text) < std::tie(a.end, b.text); });
  double free = kBottom;
  for (Name& name : *names) {
    name.y = std::min(name.end, free);
    free = name.y - kLineHeight;
  }
  double least = kTop - kLineHeight;
  for (auto name = names->rbegin(); name != names->rend(); ++name) {
    name->y = std::max(name->y, least);
    least = name->y + kLineHeight;
  }
}

std::string Names(std::vector<Name> names) {
  SpreadNames(&names);
  std::string text;
  for (const Name& name : names) {
    text += Line(kRight, name.end, kRight + 14, name.y, "lead");
    text += Text(kRight + 18, name.y + 4, "start", name.text);
  }
  return text;
}

constexpr char kStyle[] =
    "<style>\n"
    "svg { background: #fff; color: #222 } text { font: 13px sans-serif; fill: currentColor }\n"
    ".axis { stroke: currentColor } .grid { stroke: currentColor; opacity: .15 } .lead { stroke: currentColor; "
    "opacity: .5 }\n"
    ".curve { fill: none }\n"
    "@media (prefers-color-scheme: dark) { svg { background: #16181c; color: #ddd } }\n"
    "</style>\n";

}  // namespace

std::string PlotBench(const BenchTable& table) {
  const Scale scale{std::max(static_cast<double>(table.limit), 10 * kFirstSecond),
                    std::max(static_cast<double>(table.mutants.size()), 1.0)};
  std::string text = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"Bugs found over time, "
      "a curve "
      "for each contender\">\n%s%s",
      kWidth, kHeight, kStyle, Axes(scale));
  std::vector<Name> names;
  for (size_t i = 0; i < table.contenders.size(); ++i) {
    const BenchTotal& total = table.totals.at(table.contenders[i]);
    text += Curve(total, kStrokes[i % std::size(kStrokes)], scale);
    const double found = total.curve.empty() ? 0 : total.curve.back().found;
    names.push_back({absl::StrFormat("%s %.4g", table.contenders[i], found), scale.Y(found)});
  }
  return text + Names(names) + "</svg>\n";
}

}  // namespace hpfuzz
