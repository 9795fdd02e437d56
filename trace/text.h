// SPDX-License-Identifier: Apache-2.0
// The text form of traces: one map line or operation a line, `#` starts a comment, `->` starts expected answers.
//
//   geometry x86-64 | tiny        first line, optional: a text without it suits every build
//   ram RANGE [node N]            pmem RANGE [node N] (a node is accepted and dropped)
//   reserved RANGE                unmovable RANGE
//   phys_bits N                   paging 4|5                    movable START
//   OPERATION ARGUMENTS [-> WHO ANSWER [warn [N]] [killed] [refs N] [alloc N] [align N], ...]
//
// RANGE is START-LAST (inclusive) or START+LENGTH, hexadecimal; the second form can say empty and wrapping ranges.
// ANSWER is 0, -EXXX, a number, already, none, pending, BUG, FAULT, disjoint, intersects, mixed, the name of a mapping,
// or what a struct page holds: ZONE [node N] [count N] [reserved] [map NAME|?] [uninitialised].
// Operations and their arguments are the rows of kOpSpecs (trace/op.h). Comments are not kept.
#ifndef HPFUZZ_TRACE_TEXT_H_
#define HPFUZZ_TRACE_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "hotplug/answer.h"
#include "trace/op.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

inline constexpr size_t kMaxTextBytes = size_t{16} << 20;
inline constexpr size_t kMaxLineBytes = size_t{64} << 10;

// Names by handle. A handle without one is called a, b, .. z, aa, .. (mappings) or r0, r1, .. (resources).
struct HandleNames {
  absl::Span<const std::string> mappings = {};
  absl::Span<const std::string> resources = {};
  absl::Span<const std::string> regions = {};
  absl::Span<const std::string> namespaces = {};
};
// The names that `trace` gives.
HandleNames NamesOf(const Trace& trace);
// Of a mapping, whether memremap_pages made it or a namespace.
std::string MappingName(Handle mapping, const HandleNames& names);

// Errors are InvalidArgument, "file:line:column: read ..., expected ...". FailedPrecondition: the text names a geometry
// that is not this build's.
absl::StatusOr<Trace> ParseTrace(absl::string_view text, absl::string_view file_name);

// The geometry that `text` asks for; empty when it does not say. Looks no further than the first line with content, and
// does not tell whether such a geometry exists.
std::string_view GeometryOfText(std::string_view text);

// The trace as ParseTrace reads it back. Names are kept as long as each still means the handle it stands for.
std::string PrintTrace(const Trace& trace);
// Without the end of line and without expectations.
std::string PrintOp(const Op& op, const HandleNames& names = {});

// An answer with its warnings and payload, in the notation of expectations.
std::string PrintAnswer(const Answer& answer, const HandleNames& names = {});
absl::StatusOr<Answer> ParseAnswer(absl::string_view text, const HandleNames& names = {});

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_TEXT_H_
