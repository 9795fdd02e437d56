// SPDX-License-Identifier: Apache-2.0
// Recorded answers: operation sequences that a real kernel was given, with every answer and the state after each, read
// from the files in tests/data/ (format at the head of each file) into operations that any HotplugLayer can be given.
//
// Covered: the notation, the drivers' own numbers for mappings and resources, which request an injected failure hit.
// Not covered: comparing (oracle/recorded_check.h). What the files ask not to assert is left out here, so that a
// recorded answer always counts: -16 from offline, HANG, the names of warning places, a page read by the driver itself
// that faulted. So are the references of an online page that the recorded machine itself was using.
#ifndef HPFUZZ_TRACE_RECORDED_H_
#define HPFUZZ_TRACE_RECORDED_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "hotplug/answer.h"
#include "hotplug/facts.h"
#include "hotplug/firmware_map.h"
#include "trace/op.h"
#include "trace/op_limits.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// Which generation answered; the head of the file names its version.
enum class RecordedKernel : uint8_t { kLegacy, kMainline };
// The implementation that models it, by its name in the registry.
std::string_view ImplementationOf(RecordedKernel kernel);

// An answer and which parts of it were written down. Kind and value always are.
struct RecordedAnswer {
  Answer answer;
  bool has_warnings = false;
  bool has_killed = false;
  bool has_refs = false;
  bool has_altmap_alloc = false;
  bool has_altmap_align = false;
  bool has_page_count = false;
  // struct_page: nobody ever wrote it; what it holds is the fill, which PageView cannot say. Only a zone may be known.
  bool page_is_fill = false;
  bool has_page_zone = false;
  // struct_page: its mapping was printed; kForeignHandle there means "none or foreign".
  bool has_page_map = false;
};

struct RecordedStep {
  Op op;
  RecordedAnswer recorded;
};

struct RecordedSection {
  SectionNr nr;
  SectionFacts facts;  // legacy: of `direct_map` only bit 0 was recorded, and `bitmap` follows from `valid`
};

// Lookups in steps of a sub-section answered `mapping` for all of [start, end).
struct RecordedLookup {
  Handle mapping = kNoHandle;
  uint64_t start = 0;
  uint64_t end = 0;
  bool operator==(const RecordedLookup&) const = default;
};

struct RecordedState {
  std::vector<RecordedSection> sections;  // those with any flag, among the shown ones
  NodeSpans spans;                        // zone DMA was not recorded
  int usemaps = 0;
  std::vector<ResourceRow> resources;  // top-level ones that reach into the shown sections, with their children
  std::vector<RecordedLookup> lookups;
};

struct RecordedLine {
  int number = 0;
  std::string text;  // the operation as it stands in the file
  // Empty when there is nothing to do or to compare: the driver refused, the operation does not exist in that kernel,
  // or its answer depends on the environment. A line that asks about several pages has one step for each.
  std::vector<RecordedStep> steps;
  std::optional<RecordedState> state;  // absent after queries, refusals and stops
  bool ends_case = false;              // HANG: what the machine did afterwards is unknown
};

struct RecordedCase {
  std::string name;
  std::string layout;
  RecordedKernel kernel = RecordedKernel::kLegacy;
  FirmwareMap map;
  SectionNr first_shown;  // sections below it were not recorded
  std::vector<RecordedLine> lines;
  std::vector<std::string> mapping_names;   // by handle, made of the driver's numbers
  std::vector<std::string> resource_names;  // by handle
};

// What a file may hold; real ones are far below. States are compared after every operation, over every section that an
// operation of the case touched.
inline constexpr size_t kMaxRecordedCases = size_t{1} << 12;
inline constexpr size_t kMaxRecordedLines = size_t{1} << 16;         // of operations
inline constexpr uint64_t kMaxCaseSections = 2 * kMaxRangeSections;  // sections that the ranges of a case may touch

// Sections whose lookups were recorded.
inline constexpr uint64_t kRecordedLookupSections = 64;

// Errors are InvalidArgument, "file:line:column: read ..., expected ...". FailedPrecondition: this build's geometry is
// not the one that was recorded.
absl::StatusOr<std::vector<RecordedCase>> ParseRecorded(absl::string_view text, absl::string_view file_name);

// The case as a trace, with the recorded answers as expectations of ImplementationOf(kernel). States are lost; it ends
// before an operation that exceeds the limits of traces.
Trace ExportTrace(const RecordedCase& recorded);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_RECORDED_H_
