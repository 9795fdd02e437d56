// SPDX-License-Identifier: Apache-2.0
// Text in drawings: a monospaced font, whose width is known well enough, and the inks of the light page.
#ifndef HPFUZZ_TRIAGE_SVG_TEXT_H_
#define HPFUZZ_TRIAGE_SVG_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hpfuzz {

inline constexpr char kSvgFont[] = "DejaVu Sans Mono, Menlo, Consolas, monospace";
inline constexpr char kSvgInk[] = "#1b1f24";
inline constexpr char kSvgSoft[] = "#5b636e";
inline constexpr char kSvgWrong[] = "#c4122f";
inline constexpr char kSvgDiffers[] = "#8a5a00";
inline constexpr char kSvgWell[] = "#1d7a3d";
inline constexpr char kSvgMark[] = "#1f5fd0";

struct SvgStyle {
  const char* fill = kSvgInk;
  bool bold = false;
  double size = 12;
  const char* anchor = "start";
  bool outlined = false;  // readable over a pattern
};

// Any bytes as content of an element or value of an attribute.
std::string SvgEscaped(std::string_view text);
std::string SvgText(double x, double y, std::string_view text, const SvgStyle& style);
std::string SvgMoved(double x, double y, std::string_view drawing);
// Lines of at most `length` characters, broken at spaces where there are any; leading spaces stay.
std::vector<std::string> SvgWrapped(std::string_view text, size_t length);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_SVG_TEXT_H_
