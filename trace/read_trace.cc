// SPDX-License-Identifier: Apache-2.0
// ReadTrace: telling text from bytes.
#include "trace/read_trace.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "trace/bytes.h"
#include "trace/map_text.h"
#include "trace/op_limits.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// Whether the content begins as only a trace in text does, whatever follows: a comment, a map line or an operation.
bool BeginsAsText(absl::string_view content) {
  absl::ConsumePrefix(&content, "\xef\xbb\xbf");  // a byte order mark; the parser says that it does not belong there
  content = absl::StripLeadingAsciiWhitespace(content);
  const absl::string_view word = content.substr(0, content.find_first_of(" \t\r\n"));
  const auto is_name = [word](const OpSpec& spec) {
    return absl::string_view(spec.name.data(), spec.name.size()) == word;
  };
  return absl::StartsWith(word, "#") || MapReader::Begins(word) || word == "geometry" ||
         std::any_of(kOpSpecs.begin(), kOpSpecs.end(), is_name);
}

}  // namespace

bool LooksLikeText(absl::string_view content) {
  if (BeginsAsText(content)) return true;
  for (const char c : content) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < ' ' && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7f) return false;
  }
  const absl::string_view start = absl::StripLeadingAsciiWhitespace(content);
  return !start.empty() && (absl::ascii_isalpha(static_cast<unsigned char>(start[0])) || start[0] == '_') &&
         start.find_first_of(" \n") != absl::string_view::npos;
}

absl::StatusOr<Trace> ReadTrace(absl::string_view content, absl::string_view file, std::string* left_out) {
  if (content.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(file, ":1:1: read nothing, expected a trace in text or bytes"));
  }
  if (LooksLikeText(content)) return ParseTrace(content, file);
  Trace trace;
  const size_t used = DecodeTrace({reinterpret_cast<const uint8_t*>(content.data()), content.size()}, &trace);
  if (used < content.size()) {
    *left_out = absl::StrCat(file, ": read as bytes, of which the last ", content.size() - used, " of ", content.size(),
                             " are left out: a trace has at most ", kMaxOps, " operations and ", kMaxTraceSections,
                             " sections in their ranges");
  }
  return trace;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
