// SPDX-License-Identifier: Apache-2.0
// Recorded answers: files into cases, lines into steps.
#include "trace/recorded.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "trace/recorded_parts.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

// The machines that answered; see the heads of the files. Page 0 and the firmware's 640 KiB .. 1 MiB are holes.
constexpr uint64_t kLowRamStart = 0x1000;
constexpr uint64_t kLowRamEnd = 0x9f000;
constexpr uint64_t kHighRamStart = 0x100000;

struct Layout {
  absl::string_view name;
  uint64_t ram_end;
  uint8_t phys_bits;
  uint64_t movable_start;
  uint64_t unmovable_start;  // up to ram_end; 0 = none
  uint64_t first_shown;      // section
};

constexpr Layout kLayouts[] = {
    {"A", 0x30000000, 40, 0, 0, 6},
    {"A46", 0x30000000, 46, 0, 0, 6},
    {"A48", 0x30000000, 48, 0, 0, 6},
    {"B", 0x34000000, 40, 0, 0, 5},
    {"M", 0x40000000, 40, 0x18400000, 0x38000000, 4},
};

FirmwareMap MapOf(const Layout& layout) {
  FirmwareMap map;
  const auto add = [&map](FirmwareKind kind, uint64_t start, uint64_t end) {
    map.ranges[map.count++] = {.kind = kind, .nid = 0, .range = {start, end - start}};
  };
  add(FirmwareKind::kRam, kLowRamStart, kLowRamEnd);
  add(FirmwareKind::kRam, kHighRamStart, layout.ram_end);
  if (layout.unmovable_start != 0) add(FirmwareKind::kUnmovable, layout.unmovable_start, layout.ram_end);
  map.phys_bits = layout.phys_bits;
  map.movable_start = layout.movable_start;
  return map;
}

// The version in "a real Linux 5.1.15 kernel"; sub-sections came with 5.3.
std::optional<RecordedKernel> KernelNamed(absl::string_view comment) {
  static constexpr absl::string_view kBefore = "real Linux ";
  const size_t at = comment.find(kBefore);
  if (at == absl::string_view::npos) return std::nullopt;
  RecordedReader reader("", 0, comment.substr(at + kBefore.size()));
  const uint64_t major = reader.Decimal(UINT16_MAX);
  reader.Expect(".");
  const uint64_t minor = reader.Decimal(UINT16_MAX);
  if (!reader.ok()) return std::nullopt;
  return major > 5 || (major == 5 && minor >= 3) ? RecordedKernel::kMainline : RecordedKernel::kLegacy;
}

class Parser {
 public:
  explicit Parser(absl::string_view file) : file_(file) {}

  absl::Status TakeLine(int number, absl::string_view text);
  std::vector<RecordedCase> Finish();

 private:
  void StartCase(RecordedReader& reader);
  void TakeOperation(RecordedReader& reader, int number);
  void AddSteps(RecordedReader& reader, RawOp& raw, const RawAnswer& answer, RecordedLine& line);
  void AddPageSteps(RecordedReader& reader, const Op& op, const RawAnswer& answer, RecordedLine& line);
  void AddOperation(RecordedReader& reader, const RawOp& raw, const RawAnswer& answer, RecordedLine& line);
  Answer AnswerOf(RecordedReader& reader, OpKind kind, const RawAnswer& raw);
  void ResolveFailure(const RawOp& raw, const RawAnswer& answer, const RecordedLine& line);
  void RequireState(RecordedReader& reader, const RecordedLine& line);
  void CheckLimits(RecordedReader& reader, size_t position, const RecordedLine& line);
  RecordedCase& current() { return cases_.back(); }

  absl::string_view file_;
  std::optional<RecordedKernel> kernel_;
  std::vector<RecordedCase> cases_;
  RecordedIds mappings_;
  RecordedIds resources_;
  size_t ops_ = 0;
  uint64_t sections_ = 0;       // of this case
  size_t lines_ = 0;            // of all cases
  size_t pending_failure_ = 0;  // number of lines up to and including the `fail` that waits for its operation; 0 = none
};

RecordedAnswer Known(const Answer& answer) {
  RecordedAnswer recorded;
  recorded.answer = answer;
  recorded.has_warnings = !answer.stops();
  return recorded;
}

absl::Status Parser::TakeLine(int number, absl::string_view text) {
  if (text.empty()) return absl::OkStatus();
  if (text[0] == '#') {
    if (!kernel_.has_value()) kernel_ = KernelNamed(text);
    return absl::OkStatus();
  }
  RecordedReader reader(file_, number, text);
  if (text.size() > kMaxLineBytes) reader.Fail(absl::StrCat("a line of at most ", kMaxLineBytes, " bytes"));
  if (!kernel_.has_value()) reader.Fail("a comment that names the kernel");
  if (reader.AcceptNext("case ")) {
    if (cases_.size() == kMaxRecordedCases) reader.FailAt(0, absl::StrCat("at most ", kMaxRecordedCases, " cases"));
    StartCase(reader);
  } else if (cases_.empty()) {
    reader.Fail("\"case\"");
  } else {
    TakeOperation(reader, number);
  }
  if (reader.ok() && !reader.AtEnd()) reader.Fail("the end of the line");
  return reader.status();
}

void Parser::StartCase(RecordedReader& reader) {
  const absl::string_view name = reader.Word("", "the name of a case");
  const absl::string_view wanted = reader.Word("", "a layout");
  if (!reader.ok()) return;
  for (const Layout& layout : kLayouts) {
    if (layout.name != wanted) continue;
    RecordedCase next;
    next.name = std::string(name);
    next.layout = std::string(wanted);
    next.kernel = *kernel_;
    next.map = MapOf(layout);
    next.first_shown = SectionNr(layout.first_shown);
    cases_.push_back(std::move(next));
    mappings_ = {};
    resources_ = {};
    ops_ = 0;
    sections_ = 0;
    pending_failure_ = 0;
    return;
  }
  reader.FailAt(reader.position() - wanted.size(), "a layout");
}

void Parser::TakeOperation(RecordedReader& reader, int number) {
  RecordedLine line;
  line.number = number;
  reader.SkipBlanks();
  const size_t begin = reader.position();
  RawOp raw;
  ReadRecordedOp(reader, mappings_, resources_, raw);
  if (!reader.ok()) return;
  line.text = std::string(absl::StripSuffix(reader.Between(begin, reader.position()), " =>"));
  RawAnswer answer;
  ReadRecordedAnswer(reader, raw, answer);
  if (!reader.ok()) return;
  AddSteps(reader, raw, answer, line);
  if (reader.ok() && !reader.AtEnd()) {
    line.state.emplace();
    ReadRecordedState(reader, *kernel_, mappings_, *line.state);
  }
  RequireState(reader, line);
  CheckLimits(reader, begin, line);
  if (!reader.ok()) return;
  ResolveFailure(raw, answer, line);
  current().lines.push_back(std::move(line));
  if (raw.kind == LineKind::kFail) pending_failure_ = current().lines.size();
}

void Parser::AddSteps(RecordedReader& reader, RawOp& raw, const RawAnswer& answer, RecordedLine& line) {
  switch (raw.kind) {
    case LineKind::kNothing:
    case LineKind::kFail:
      if (answer.rc != "ok" && answer.rc != "0") reader.FailAt(answer.rc_position, "ok");
      if (raw.kind == LineKind::kFail) line.steps.push_back({raw.ops[0], Known(Answer::Value(0))});
      return;
    case LineKind::kManyPages:
      for (size_t i = 0; i < raw.ops.size(); ++i) {
        const char digit = i < answer.rc.size() ? answer.rc[i] : '?';
        if (digit != '0' && digit != '1') reader.FailAt(answer.rc_position, "a digit 0 or 1 for each page");
        line.steps.push_back({raw.ops[i], Known(Answer::Value(digit - '0'))});
      }
      if (answer.rc.size() != raw.ops.size()) reader.FailAt(answer.rc_position, "a digit 0 or 1 for each page");
      return;
    case LineKind::kPage: AddPageSteps(reader, raw.ops[0], answer, line); return;
    case LineKind::kOp: AddOperation(reader, raw, answer, line); return;
  }
}

void Parser::AddPageSteps(RecordedReader& reader, const Op& op, const RawAnswer& answer, RecordedLine& line) {
  if (answer.rc == "invalid") {
    line.steps.push_back({op, Known(Answer::Of(Answer::Kind::kNone))});
    return;
  }
  // The driver itself read a struct page that the kernel had damaged.
  if (answer.rc == "FAULT") {
    line.ends_case = true;
    return;
  }
  if (!answer.page.has_value()) {
    reader.FailAt(answer.rc_position, "a struct page, \"invalid\" or \"FAULT\"");
    return;
  }
  RecordedAnswer page = Known(Answer::Page(*answer.page));
  const bool counted = answer.page_count >= 0 && answer.page_count <= UINT8_MAX;
  page.has_page_zone = answer.page_zone_known;
  page.page_is_fill = !answer.page_zone_known || (!counted && !answer.online_page);
  page.has_page_count = counted && (!answer.online_page || answer.page->count == 0);
  page.has_page_map = !answer.page_map.empty();
  if (page.has_page_map) {
    uint64_t id = 0;
    const bool number = absl::SimpleAtoi(answer.page_map, &id);
    page.answer.page.map = number ? mappings_.Of(id) : kForeignHandle;
    if (number ? page.answer.page.map == kNoHandle : answer.page_map != "?") {
      reader.FailAt(answer.rc_position, "the mapping of the page to be known");
    }
  }
  line.steps.push_back({op, page});
  Op online;
  online.kind = OpKind::kPfnToOnlinePage;
  online.pfn = op.pfn;
  line.steps.push_back({online, Known(Answer::Value(answer.online_page ? 1 : 0))});
}

void Parser::AddOperation(RecordedReader& reader, const RawOp& raw, const RawAnswer& answer, RecordedLine& line) {
  Op op = raw.ops[0];
  line.ends_case = answer.rc == "HANG";
  if (line.ends_case || answer.rc == "idbusy" || answer.rc == "skipped") return;
  RecordedAnswer recorded = Known(AnswerOf(reader, op.kind, answer));
  if (!reader.ok()) return;
  // Whether pages of a block can be moved away depends on what the recorded machine used them for.
  if (op.kind == OpKind::kOfflinePages && recorded.answer.is_error(kEBUSY)) return;

  Answer& a = recorded.answer;
  a.warnings = static_cast<uint8_t>(answer.warnings);
  recorded.has_killed = answer.killed.has_value();
  a.killed = answer.killed.value_or(false);
  recorded.has_refs = answer.refs_left.has_value();
  a.refs_left = answer.refs_left.value_or(0);
  recorded.has_altmap_alloc = answer.altmap_alloc.has_value();
  a.altmap_alloc = answer.altmap_alloc.value_or(0);
  recorded.has_altmap_align = answer.altmap_align.has_value();
  a.altmap_align = answer.altmap_align.value_or(0);
  if (op.kind == OpKind::kMemremapPages) {
    op.handle = mappings_.Define(raw.new_id);
    current().mapping_names.push_back(absl::StrCat("m", raw.new_id));
  } else if (op.kind == OpKind::kInsertResource) {
    op.handle = resources_.Define(raw.new_id);
    current().resource_names.push_back(absl::StrCat("r", raw.new_id));
  }
  line.steps.push_back({op, recorded});
}

Answer Parser::AnswerOf(RecordedReader& reader, OpKind kind, const RawAnswer& raw) {
  const absl::string_view rc = raw.rc;
  if (rc == "BUG") return Answer::Of(Answer::Kind::kBug);
  if (rc == "FAULT") return Answer::Of(Answer::Kind::kFault);
  // What was asked for is not there: a mapping at that page, a block, a mapping or a resource of that number.
  if (rc == "none" || rc == "noblock" || rc == "nomap" || rc == "nores") return Answer::Of(Answer::Kind::kNone);
  if (kind == OpKind::kRegionIntersects) {
    for (const Overlap overlap : {Overlap::kDisjoint, Overlap::kIntersects, Overlap::kMixed}) {
      if (std::string(rc) == OverlapName(overlap)) return Answer::Intersects(overlap);
    }
  }
  int number = 0;
  if (rc == "ok" && kind == OpKind::kMemmapFill) return Answer::Value(0);
  if (!absl::SimpleAtoi(rc, &number) || number < INT16_MIN || number > INT16_MAX) {
    reader.FailAt(raw.rc_position, "an answer of this operation");
    return {};
  }
  if (kind == OpKind::kGetDevPagemap) {
    const Handle handle = number < 0 ? kNoHandle : mappings_.Of(static_cast<uint64_t>(number));
    if (handle == kNoHandle) reader.FailAt(raw.rc_position, "a mapping made before");
    return Answer::Mapping(handle);
  }
  if (number == 1 && (kind == OpKind::kOnlinePages || kind == OpKind::kOfflinePages)) {
    return Answer::Of(Answer::Kind::kAlready);
  }
  if (number > 0) reader.FailAt(raw.rc_position, "0 or a negative error number");
  return Answer::Value(number);
}

// Real kernels were also asked for more than any trace may ask; only what both refuse before they walk it is read.
bool TooLong(const Op& op, const FirmwareMap& map) {
  const bool refused = op.kind == OpKind::kAddMemory && (op.range.start + (op.range.size - 1)) >> map.phys_bits != 0;
  return ExceedsRangeLimit(op.kind, op.second) || (ExceedsRangeLimit(op.kind, op.range) && !refused);
}

void Parser::CheckLimits(RecordedReader& reader, size_t position, const RecordedLine& line) {
  ops_ += line.steps.size();
  if (ops_ > kMaxOps) reader.FailAt(position, absl::StrCat("at most ", kMaxOps, " operations in a case"));
  if (++lines_ > kMaxRecordedLines) {
    reader.FailAt(position, absl::StrCat("at most ", kMaxRecordedLines, " lines in all cases"));
  }
  for (const RecordedStep& step : line.steps) {
    if (TooLong(step.op, current().map)) {
      reader.FailAt(position, absl::StrCat("a range of at most ", kMaxRangeSections, " sections"));
    }
    sections_ += std::min(SectionsWalked(step.op), kMaxRangeSections);
  }
  if (sections_ > kMaxCaseSections) {
    reader.FailAt(position, absl::StrCat("at most ", kMaxCaseSections, " sections in the ranges of a case"));
  }
}

// The `fail` before this line gets a step for each of its plans, none when the failure met nothing that matters.
void Parser::ResolveFailure(const RawOp& raw, const RawAnswer& answer, const RecordedLine& line) {
  if (pending_failure_ == 0 || raw.kind == LineKind::kFail) return;
  std::vector<RecordedStep>& steps = current().lines[pending_failure_ - 1].steps;
  pending_failure_ = 0;
  const RecordedStep armed = steps[0];
  steps.clear();
  if (line.steps.size() != 1) return;
  const Answer& met = line.steps[0].recorded.answer;
  for (const FailPlan& plan : PlansOfLog(*kernel_, line.steps[0].op, met, armed.op.fail.from, answer.requests)) {
    steps.push_back(armed);
    steps.back().op.fail = plan;
  }
  if (steps.size() > 1) ops_ += steps.size() - 1;
}

// A cut line must not pass for one without a state.
void Parser::RequireState(RecordedReader& reader, const RecordedLine& line) {
  if (!reader.ok() || line.state.has_value() || line.steps.empty()) return;
  const RecordedStep& step = line.steps[0];
  const bool by_number = step.op.kind == OpKind::kMemunmapPages || step.op.kind == OpKind::kRemoveResource;
  const bool refused = by_number && step.recorded.answer.kind == Answer::Kind::kNone;
  if (SpecOf(step.op.kind).effects != kNothing && !step.recorded.answer.stops() && !refused) reader.Fail("\"|\"");
}

std::vector<RecordedCase> Parser::Finish() {
  for (RecordedCase& recorded : cases_) {
    for (RecordedLine& line : recorded.lines) {
      // A failure that no operation followed.
      if (line.steps.size() == 1 && line.steps[0].op.kind == OpKind::kFailAlloc && line.steps[0].op.fail.n == 0) {
        line.steps.clear();
      }
    }
  }
  return std::move(cases_);
}

}  // namespace

std::string_view ImplementationOf(RecordedKernel kernel) {
  return kernel == RecordedKernel::kLegacy ? "legacy" : "mainline-6.1";
}

absl::StatusOr<std::vector<RecordedCase>> ParseRecorded(absl::string_view text, absl::string_view file_name) {
  if (kGeometryName != "x86-64") {
    return absl::FailedPreconditionError(
        absl::StrCat(file_name, ": recorded on x86-64, this build is for ", std::string(kGeometryName)));
  }
  if (text.size() > kMaxTextBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(file_name, ":1:1: read ", text.size(), " bytes, expected at most ", kMaxTextBytes));
  }
  Parser parser(file_name);
  int number = 1;
  for (; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    if (absl::Status status = parser.TakeLine(number, text.substr(0, end)); !status.ok()) return status;
    text.remove_prefix(end == absl::string_view::npos ? text.size() : end + 1);
  }
  std::vector<RecordedCase> cases = parser.Finish();
  if (!cases.empty()) return cases;
  return absl::InvalidArgumentError(
      absl::StrCat(file_name, ":", number, ":1: read the end of the file, expected \"case\""));
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
