// SPDX-License-Identifier: Apache-2.0
// A workbench that hands everything on to that of real machines: for those that change a part of it.
#ifndef HPFUZZ_TESTS_TRIAGE_REAL_WORKBENCH_H_
#define HPFUZZ_TESTS_TRIAGE_REAL_WORKBENCH_H_

#include <string>
#include <string_view>
#include <vector>

#include "registry/workbench_geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class RealWorkbench : public Workbench {
 public:
  std::string_view geometry() const override { return real_.geometry(); }
  absl::string_view GeometryNamed(absl::string_view content) const override { return real_.GeometryNamed(content); }
  absl::StatusOr<Replay> ReplayTrace(absl::string_view content, absl::string_view file) const override {
    return real_.ReplayTrace(content, file);
  }
  absl::StatusOr<std::string> Draw(absl::string_view content, absl::string_view file) const override {
    return real_.Draw(content, file);
  }
  absl::StatusOr<ReportPicture> Picture(absl::string_view content, absl::string_view file) const override {
    return real_.Picture(content, file);
  }
  absl::StatusOr<std::string> Settle(absl::string_view content, absl::string_view file) const override {
    return real_.Settle(content, file);
  }
  absl::StatusOr<Minimized> Minimize(absl::string_view content, absl::string_view file,
                                     const MinimizeRequest& request) const override {
    return real_.Minimize(content, file, request);
  }
  absl::StatusOr<Shown> Show(absl::string_view content, absl::string_view file) const override {
    return real_.Show(content, file);
  }
  absl::StatusOr<Shown> ShowInfoBlock(absl::string_view content, absl::string_view file) const override {
    return real_.ShowInfoBlock(content, file);
  }
  absl::StatusOr<std::vector<uint8_t>> Encode(absl::string_view text, absl::string_view file) const override {
    return real_.Encode(text, file);
  }
  absl::StatusOr<RecordedReport> CheckRecorded(absl::string_view text, absl::string_view file, bool every_difference,
                                               ReadNamed read_named) const override {
    return real_.CheckRecorded(text, file, every_difference, read_named);
  }
  absl::StatusOr<std::string> ExportRecorded(absl::string_view text, absl::string_view file,
                                             absl::string_view case_name) const override {
    return real_.ExportRecorded(text, file, case_name);
  }
  absl::StatusOr<std::string> ImportIomem(absl::string_view text, absl::string_view file) const override {
    return real_.ImportIomem(text, file);
  }
  std::string ContractMarkdown() const override { return real_.ContractMarkdown(); }

 private:
  const Workbench& real_ = GetWorkbench();
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_TRIAGE_REAL_WORKBENCH_H_
