// SPDX-License-Identifier: Apache-2.0
// Recorded answers about namespaces: names, and files into cases.
#include "trace/recorded_nvdimm.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "trace/recorded_nvdimm_parts.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

std::string_view ImplementationOf(NvdimmKernel kernel) {
  static constexpr std::string_view kNames[kNvdimmKernels] = {"legacy", "mainline-6.1", "mainline-6.12"};
  return kNames[static_cast<unsigned>(kernel)];
}

std::string_view VersionOf(NvdimmKernel kernel) {
  static constexpr std::string_view kNames[kNvdimmKernels] = {"5.1.15", "6.1.192", "6.12.117"};
  return kNames[static_cast<unsigned>(kernel)];
}

std::string_view NvdimmOpName(NvdimmOp op) {
  static constexpr std::string_view kNames[] = {"create", "validate", "probe"};
  return kNames[static_cast<unsigned>(op)];
}

bool IsRecordedNvdimm(absl::string_view text) {
  while (!text.empty() && (text[0] == '#' || text[0] == '\n')) {
    const size_t end = text.find('\n');
    text.remove_prefix(end == absl::string_view::npos ? text.size() : end + 1);
  }
  return absl::StartsWith(text, "id=");
}

const NvdimmValue* FindValue(const std::vector<NvdimmValue>& values, NvdimmKey key) {
  for (const NvdimmValue& value : values) {
    if (value.key == key) return &value;
  }
  return nullptr;
}

absl::StatusOr<std::vector<RecordedNvdimmCase>> ParseRecordedNvdimm(absl::string_view text,
                                                                    absl::string_view file_name) {
  if (kGeometryName != "x86-64") {
    return absl::FailedPreconditionError(
        absl::StrCat(file_name, ": recorded on x86-64, this build is for ", std::string(kGeometryName)));
  }
  std::vector<RecordedNvdimmCase> cases;
  absl::Status status = ForEachRecordedLine(text, file_name, [&cases](RecordedReader& reader, int line) {
    RecordedNvdimmCase next;
    next.line = line;
    ReadNvdimmRequest(reader, next);
    if (reader.ok() && reader.AtEnd()) reader.Fail("\"|\" and an answer");
    while (reader.ok() && reader.AcceptNext("|")) ReadNvdimmAnswer(reader, next);
    if (reader.ok() && next.answers.empty()) reader.Fail("an answer");
    cases.push_back(std::move(next));
  });
  if (!status.ok()) return status;
  return cases;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
