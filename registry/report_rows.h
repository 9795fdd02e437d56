// SPDX-License-Identifier: Apache-2.0
// ReportRows: memory after one step after the other as rows that are kept once and as what each step changed.
#ifndef HPFUZZ_REGISTRY_REPORT_ROWS_H_
#define HPFUZZ_REGISTRY_REPORT_ROWS_H_

#include <array>
#include <cstddef>
#include <vector>

#include "absl/container/btree_map.h"
#include "oracle/picture.h"
#include "registry/report_picture.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class ReportRows {
 public:
  // Fills the lists of `picture`; owners are called by `names`.
  ReportRows(const HandleNames& names, ReportPicture* picture) : names_(names), picture_(picture) {}

  // What memory changed by since the call before, if there was one, of which `step` is the index. Each picture is of
  // the same sections.
  std::vector<ReportPicture::Change> Changes(const MemoryPicture& memory, size_t step);

 private:
  using Cells = std::array<SubsectionPicture, kSubsectionsPerSection>;

  size_t KindOf(const SubsectionPicture& cell);
  size_t RowOf(const Cells& cells);
  size_t OwnerOf(Handle mapping);

  HandleNames names_;
  ReportPicture* picture_;
  MemoryPicture before_;
  std::vector<std::array<size_t, kSubsectionsPerSection>> since_;  // by section: when the sub-section changed last
  absl::btree_map<Handle, size_t> owners_;
  absl::btree_map<ReportPicture::Cell, size_t> kinds_;
  absl::btree_map<ReportPicture::Row, size_t> rows_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_REGISTRY_REPORT_ROWS_H_
