// SPDX-License-Identifier: Apache-2.0
// The text form of traces: lines in, lines out.
#include "trace/text.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "trace/answer_text.h"
#include "trace/arg_text.h"
#include "trace/lexer.h"
#include "trace/map_text.h"
#include "trace/names.h"
#include "trace/op_limits.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

constexpr absl::string_view kGeometryWord = "geometry";
// Traces of this geometry are printed without a geometry line.
constexpr std::string_view kUsualGeometry = "x86-64";

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

const OpSpec* FindOp(absl::string_view word) {
  for (const OpSpec& spec : kOpSpecs) {
    if (View(spec.name) == word) return &spec;
  }
  return nullptr;
}

class TraceReader {
 public:
  absl::Status ReadLine(LineReader& line, int line_number);
  Trace Finish() &&;

 private:
  absl::Status ReadGeometry(LineReader& line);
  absl::Status ReadOp(LineReader& line, int line_number);

  Trace trace_;
  MapReader map_{&trace_.map};
  TextScope scope_;
  uint64_t sections_ = 0;
  bool any_expectation_ = false;
  bool any_line_ = false;
};

absl::Status TraceReader::ReadLine(LineReader& line, int line_number) {
  if (line.done()) return absl::OkStatus();
  absl::Status status;
  if (line.word() == kGeometryWord) {
    status = ReadGeometry(line);
  } else if (MapReader::Begins(line.word())) {
    if (!trace_.ops.empty()) return line.Error("an operation: the map stands before the first one");
    status = map_.ReadLine(line);
  } else {
    status = ReadOp(line, line_number);
  }
  any_line_ = true;
  if (!status.ok()) return status;
  return line.done() ? status : line.Error("the end of the line");
}

absl::Status TraceReader::ReadGeometry(LineReader& line) {
  if (any_line_) return line.Error("the geometry on the first line only");
  line.Next();
  if (line.TakeIf(View(kGeometryName))) return absl::OkStatus();
  if (line.done()) return line.Error("the name of a geometry");
  const absl::Status error = line.Error(absl::StrCat("geometry ", View(kGeometryName), ", which this build has"));
  return absl::FailedPreconditionError(error.message());
}

absl::Status TraceReader::ReadOp(LineReader& line, int line_number) {
  const OpSpec* const spec = FindOp(line.word());
  if (spec == nullptr) return line.Error(trace_.ops.empty() ? "a map line or an operation" : "an operation");
  if (trace_.ops.size() == kMaxOps) return line.Error(absl::StrCat("at most ", kMaxOps, " operations"));
  const LineReader at_op = line;
  line.Next();
  Op op;
  op.kind = spec->kind;
  absl::Status status = ReadArgs(line, scope_, &op);
  std::vector<Expectation> expectations;
  if (status.ok() && line.TakeIf("->")) {
    const auto find = [&](absl::string_view name) -> std::optional<Handle> {
      if (!absl::ConsumePrefix(&name, kNamespaceMapping)) return scope_.of(NameKind::kMapping).Find(name);
      const std::optional<Handle> ns = scope_.of(NameKind::kNamespace).Find(name);
      return ns ? std::optional<Handle>(MappingOfNamespace(*ns)) : std::nullopt;
    };
    status = ReadExpectations(line, find, &expectations);
    any_expectation_ = true;
  }
  if (!status.ok()) return status;
  trace_.ops.push_back(op);
  sections_ += SectionsWalked(trace_.ops, trace_.ops.size() - 1);
  if (sections_ > kMaxTraceSections) {
    return at_op.Error(absl::StrCat("at most ", kMaxTraceSections, " sections in the ranges of all operations"));
  }
  trace_.lines.push_back(line_number);
  trace_.expectations.push_back(std::move(expectations));
  return status;
}

Trace TraceReader::Finish() && {
  if (!any_expectation_) trace_.expectations.clear();
  trace_.mapping_names = scope_.of(NameKind::kMapping).Release();
  trace_.resource_names = scope_.of(NameKind::kResource).Release();
  trace_.region_names = scope_.of(NameKind::kRegion).Release();
  trace_.namespace_names = scope_.of(NameKind::kNamespace).Release();
  return std::move(trace_);
}

// Which arguments define and use names of a kind.
struct NameUse {
  Arg defines;
  Arg uses;
};
constexpr NameUse kNameUses[] = {{Arg::kNewMapping, Arg::kMapping},
                                 {Arg::kNewResource, Arg::kResource},
                                 {Arg::kNewRegion, Arg::kRegion},
                                 {Arg::kNewNamespace, Arg::kNamespace}};  // by NameKind

// Names under which the operations of one kind of handle print so that they read back: the given ones if every use
// still finds the handle it means, else generated ones.
class PrintedNames {
 public:
  PrintedNames(const Trace& trace, NameKind kind, absl::Span<const std::string> given) : kind_(kind), given_(given) {
    const NameUse use = kNameUses[static_cast<unsigned>(kind)];
    NameScope scope;
    bool sound = true;
    for (size_t i = 0; i < trace.ops.size(); ++i) {
      const Op& op = trace.ops[i];
      if (HasArg(op.kind, use.defines)) {
        const std::string name = NameOf(kind, op.handle, given);
        sound = sound && IsName(name) && scope.Define(name) == op.handle;
      } else if (HasArg(op.kind, use.uses)) {
        sound = sound && Finds(scope, kind == NameKind::kRegion ? op.region : op.handle);
      }
      if (i >= trace.expectations.size()) continue;
      for (const Expectation& e : trace.expectations[i]) sound = sound && FindsAnswer(scope, e.answer);
    }
    if (sound) names_ = scope.Release();
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  bool Finds(const NameScope& scope, Handle handle) const {
    if (handle == kNoHandle || handle == kForeignHandle) return true;
    return scope.Find(NameOf(kind_, handle, given_)) == handle;
  }
  bool FindsAnswer(const NameScope& scope, const Answer& answer) const {
    const bool page = answer.kind == Answer::Kind::kPage;
    if (!page && answer.kind != Answer::Kind::kMapping) return true;
    const Handle mapping = page ? answer.page.map : static_cast<Handle>(answer.value);
    if (kind_ == NameKind::kMapping) return IsNamespaceMapping(mapping) || Finds(scope, mapping);
    if (kind_ == NameKind::kNamespace) return !IsNamespaceMapping(mapping) || Finds(scope, NamespaceOfMapping(mapping));
    return true;
  }

  NameKind kind_;
  absl::Span<const std::string> given_;
  std::vector<std::string> names_;
};

absl::string_view NextLine(absl::string_view* rest) {
  const size_t length = rest->find('\n');
  const absl::string_view line = rest->substr(0, length);
  rest->remove_prefix(length == absl::string_view::npos ? rest->size() : length + 1);
  return line;
}

}  // namespace

absl::StatusOr<Trace> ParseTrace(absl::string_view text, absl::string_view file_name) {
  if (text.size() > kMaxTextBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(file_name, ":1:1: read ", text.size(), " bytes, expected at most ", kMaxTextBytes));
  }
  TraceReader reader;
  for (int number = 1; !text.empty(); ++number) {
    const absl::string_view content = NextLine(&text);
    if (content.size() > kMaxLineBytes) {
      return absl::InvalidArgumentError(absl::StrCat(file_name, ":", number, ":", kMaxLineBytes + 1,
                                                     ": read a line of ", content.size(), " bytes, expected at most ",
                                                     kMaxLineBytes));
    }
    LineReader line(content, file_name, number);
    const absl::Status status = reader.ReadLine(line, number);
    if (!status.ok()) return status;
  }
  return std::move(reader).Finish();
}

std::string_view GeometryOfText(std::string_view text) {
  absl::string_view rest(text.data(), text.size());
  while (!rest.empty()) {
    LineReader line(NextLine(&rest), "", 1);
    if (line.done()) continue;
    if (!line.TakeIf(kGeometryWord)) return {};
    return {line.word().data(), line.word().size()};
  }
  return {};
}

HandleNames NamesOf(const Trace& trace) {
  return {trace.mapping_names, trace.resource_names, trace.region_names, trace.namespace_names};
}

std::string MappingName(Handle mapping, const HandleNames& names) {
  if (!IsNamespaceMapping(mapping)) return NameOf(NameKind::kMapping, mapping, names.mappings);
  return absl::StrCat(kNamespaceMapping, NameOf(NameKind::kNamespace, NamespaceOfMapping(mapping), names.namespaces));
}

std::string PrintOp(const Op& op, const HandleNames& names) {
  std::string out(SpecOf(op.kind).name);
  AppendArgs(op, names, &out);
  return out;
}

std::string PrintTrace(const Trace& trace) {
  const PrintedNames mappings(trace, NameKind::kMapping, trace.mapping_names);
  const PrintedNames resources(trace, NameKind::kResource, trace.resource_names);
  const PrintedNames regions(trace, NameKind::kRegion, trace.region_names);
  const PrintedNames namespaces(trace, NameKind::kNamespace, trace.namespace_names);
  const HandleNames names{mappings.names(), resources.names(), regions.names(), namespaces.names()};
  std::string out;
  if (kGeometryName != kUsualGeometry) absl::StrAppend(&out, kGeometryWord, " ", View(kGeometryName), "\n");
  AppendMap(trace.map, &out);
  for (size_t i = 0; i < trace.ops.size(); ++i) {
    out += SpecOf(trace.ops[i].kind).name;
    AppendArgs(trace.ops[i], names, &out);
    if (i < trace.expectations.size()) AppendExpectations(trace.expectations[i], names, &out);
    out += '\n';
  }
  return out;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
