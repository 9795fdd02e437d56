// SPDX-License-Identifier: Apache-2.0
// The map in a drawing: groups of sections as two strips of cells, as triage/report/map.js has them; and its legend.
#ifndef HPFUZZ_TRIAGE_SVG_MAP_H_
#define HPFUZZ_TRIAGE_SVG_MAP_H_

#include <string>
#include <vector>

#include "registry/report_picture.h"
#include "triage/report_memory.h"

namespace hpfuzz {

inline constexpr double kSvgWidth = 900;
inline constexpr double kSvgGroupHeight = 82;
inline constexpr double kSvgSwatchHeight = 24;

// One group, `y` from the top.
std::string SvgGroup(const ReportPicture& picture, const ReportGroup& group, double y);

struct SvgSwatch {
  std::string drawing;
  double width = 0;
};
// The legend, of the states that the picture has.
std::vector<SvgSwatch> SvgSwatches(const ReportPicture& picture);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_SVG_MAP_H_
