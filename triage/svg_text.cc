// SPDX-License-Identifier: Apache-2.0
// Text in drawings.
#include "triage/svg_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "triage/shown_text.h"
#include "triage/xml_text.h"

namespace hpfuzz {
namespace {

bool BeginsCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

// Bytes of the first `length` characters.
size_t Bytes(std::string_view text, size_t length) {
  size_t at = 0;
  while (at < text.size()) {
    if (BeginsCharacter(text[at]) && length-- == 0) break;
    ++at;
  }
  return at;
}

}  // namespace

std::string SvgEscaped(std::string_view text) { return XmlText(ShownText(text)); }

std::string SvgText(double x, double y, std::string_view text, const SvgStyle& style) {
  std::string out = absl::StrFormat("<text x=\"%g\" y=\"%g\" font-size=\"%g\" fill=\"%s\" xml:space=\"preserve\"", x, y,
                                    style.size, style.fill);
  if (style.bold) out += " font-weight=\"bold\"";
  if (std::string_view(style.anchor) != "start") absl::StrAppend(&out, " text-anchor=\"", style.anchor, "\"");
  if (style.outlined) out += " stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\" stroke-linejoin=\"round\"";
  return absl::StrCat(out, ">", SvgEscaped(text), "</text>\n");
}

std::string SvgMoved(double x, double y, std::string_view drawing) {
  return absl::StrFormat("<g transform=\"translate(%g %g)\">\n%s</g>\n", x, y,
                         absl::string_view(drawing.data(), drawing.size()));
}

std::vector<std::string> SvgWrapped(std::string_view text, size_t length) {
  std::vector<std::string> lines;
  do {
    size_t end = Bytes(text, length);
    size_t next = end;
    if (end < text.size()) {
      const size_t space = text.substr(0, end + 1).rfind(' ');
      const size_t words = text.find_first_not_of(' ');
      if (space != std::string_view::npos && space > words) {
        end = space;
        next = space + 1;
      }
    }
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(next);
  } while (!text.empty());
  return lines;
}

}  // namespace hpfuzz
