// SPDX-License-Identifier: Apache-2.0
// Recorded check, the answer: what was printed must be what the layer says, in the notation of the recorded files.
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "oracle/recorded_compare.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

std::string MappingName(const RecordedCase& recorded, Handle handle) {
  if (handle == kNoHandle) return "none";
  if (handle == kForeignHandle) return "?";
  return handle < recorded.mapping_names.size() ? recorded.mapping_names[handle] : "unknown";
}

std::string PageText(const RecordedCase& recorded, const PageView& page, bool with_map) {
  std::string text = absl::StrCat("zone:", std::string(ZoneName(page.zone)), " count:", page.count,
                                  " reserved:", page.reserved ? 1 : 0);
  if (with_map) absl::StrAppend(&text, " map:", MappingName(recorded, page.map));
  return text;
}

std::string AnswerText(const RecordedCase& recorded, const Answer& answer, bool with_map) {
  switch (answer.kind) {
    case Answer::Kind::kValue: return std::to_string(answer.value);
    case Answer::Kind::kAlready: return "already";
    case Answer::Kind::kNone: return "none";
    case Answer::Kind::kPending: return "pending";
    case Answer::Kind::kBug: return "BUG";
    case Answer::Kind::kFault: return "FAULT";
    case Answer::Kind::kPage: return PageText(recorded, answer.page, with_map);
    case Answer::Kind::kOverlap: return std::string(OverlapName(static_cast<Overlap>(answer.value)));
    case Answer::Kind::kMapping: return MappingName(recorded, static_cast<Handle>(answer.value));
    case Answer::Kind::kData:
    case Answer::Kind::kDax: break;  // of operations that these recordings do not have
  }
  return "no answer";
}

bool SamePage(const RecordedAnswer& recorded, const PageView& ours) {
  const PageView& page = recorded.answer.page;
  if (recorded.has_page_zone && page.zone != ours.zone) return false;
  if (recorded.page_is_fill) return !ours.initialised;
  if (page.reserved != ours.reserved) return false;
  if (recorded.has_page_count && page.count != ours.count) return false;
  if (!recorded.has_page_map || page.map == ours.map) return true;
  // The driver prints a mapping that is gone and none at all alike.
  return page.map == kForeignHandle && ours.map == kNoHandle;
}

bool SameResult(const RecordedAnswer& recorded, const Answer& ours) {
  if (recorded.answer.kind != ours.kind) return false;
  if (ours.kind == Answer::Kind::kPage) return SamePage(recorded, ours.page);
  return recorded.answer.value == ours.value;
}

}  // namespace

void CompareRecordedAnswer(const RecordedCase& recorded, const RecordedStep& step, const Answer& ours,
                           std::vector<Mismatch>& out) {
  const RecordedAnswer& expected = step.recorded;
  if (!SameResult(expected, ours)) {
    const bool map = expected.has_page_map;
    out.push_back({"answer", AnswerText(recorded, expected.answer, map), AnswerText(recorded, ours, map)});
    if (expected.answer.kind != ours.kind) return;
  }
  const auto compare = [&out](bool written, std::string_view what, int theirs, int mine) {
    if (written && theirs != mine) out.push_back({std::string(what), std::to_string(theirs), std::to_string(mine)});
  };
  const Answer& answer = expected.answer;
  compare(expected.has_warnings, "warnings", answer.warnings, ours.warnings);
  compare(expected.has_killed, "killed", answer.killed, ours.killed);
  compare(expected.has_refs, "references left", answer.refs_left, ours.refs_left);
  compare(expected.has_altmap_alloc, "altmap alloc", answer.altmap_alloc, ours.altmap_alloc);
  compare(expected.has_altmap_align, "altmap align", answer.altmap_align, ours.altmap_align);
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
