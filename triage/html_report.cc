// SPDX-License-Identifier: Apache-2.0
// The page: the committed one with its places filled in.
#include "triage/html_report.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "triage/report_assets.h"
#include "triage/report_json.h"
#include "triage/shown_text.h"
#include "triage/xml_text.h"

namespace hpfuzz {
namespace {

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

// As a Content-Security-Policy names the element with this content.
std::string HashSource(std::string_view hexadecimal) {
  return absl::StrCat("sha256-", absl::Base64Escape(absl::HexStringToBytes(Absl(hexadecimal))));
}

}  // namespace

std::string HtmlReport(const ReportPicture& picture, const ReportOrigin& origin) {
  const std::string title = absl::StrCat(picture.key.empty() ? "no finding" : picture.key, " · ", origin.file);
  // One pass: what is filled in is not looked through again.
  return absl::StrReplaceAll(Absl(kReportPage), {{"@STYLE_HASH@", HashSource(kReportStyleHash)},
                                                 {"@SCRIPT_HASH@", HashSource(kReportScriptHash)},
                                                 {"@TITLE@", XmlText(ShownText(title))},
                                                 {"@STYLE@", Absl(kReportStyle)},
                                                 {"@PATTERNS@", Absl(kReportPatterns)},
                                                 {"@DATA@", ReportJson(picture, origin)},
                                                 {"@SCRIPT@", Absl(kReportScript)}});
}

}  // namespace hpfuzz
