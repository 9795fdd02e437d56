// SPDX-License-Identifier: Apache-2.0
// The two halves of a recorded check: one answer, one state. Internal to oracle/recorded*.cc.
#ifndef HPFUZZ_ORACLE_RECORDED_COMPARE_H_
#define HPFUZZ_ORACLE_RECORDED_COMPARE_H_

#include <string>
#include <vector>

#include "hotplug/layer.h"
#include "trace/recorded.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct Mismatch {
  std::string what;
  std::string recorded;
  std::string ours;
};

void CompareRecordedAnswer(const RecordedCase& recorded, const RecordedStep& step, const Answer& ours,
                           std::vector<Mismatch>& out);

// Sections, lookups and so on of one case; holds on to buffers between lines.
class RecordedStateCheck {
 public:
  explicit RecordedStateCheck(const RecordedCase& recorded);
  void Compare(const RecordedState& state, const HotplugLayer& layer, std::vector<Mismatch>& out);

 private:
  void Touch(PhysRange range);
  void CompareSections(const RecordedState& state, const HotplugLayer& layer, std::vector<Mismatch>& out) const;
  void CompareResources(const RecordedState& state, const HotplugLayer& layer, std::vector<Mismatch>& out);
  void CompareLookups(const RecordedState& state, const HotplugLayer& layer, std::vector<Mismatch>& out) const;

  const RecordedCase& case_;
  std::vector<SectionNr> sections_;  // ascending: the shown ones and all that the case names above them
  std::vector<SectionNr> lookups_;   // ascending: sections whose lookups may ever be somebody's
  std::vector<ResourceRow> rows_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_ORACLE_RECORDED_COMPARE_H_
