// SPDX-License-Identifier: Apache-2.0
// Arguments of operations as text: how each Arg is read and written. Not covered: which operation takes which
// (kOpSpecs).
#ifndef HPFUZZ_TRACE_ARG_TEXT_H_
#define HPFUZZ_TRACE_ARG_TEXT_H_

#include <array>
#include <string>

#include "absl/status/status.h"
#include "trace/lexer.h"
#include "trace/names.h"
#include "trace/op.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// The names of each kind that the text has defined so far.
struct TextScope {
  NameScope& of(NameKind kind) { return names[static_cast<unsigned>(kind)]; }

  std::array<NameScope, kNameKinds> names;
};

// The arguments of op->kind, in their order; a name that the operation defines goes into `scope`.
absl::Status ReadArgs(LineReader& line, TextScope& scope, Op* op);
// Each with a space before it.
void AppendArgs(const Op& op, const HandleNames& names, std::string* out);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_ARG_TEXT_H_
