// SPDX-License-Identifier: Apache-2.0
// ArgRow: how one argument of an operation is read from text and written to it, and what its functions share.
#ifndef HPFUZZ_TRACE_ARG_ROW_H_
#define HPFUZZ_TRACE_ARG_ROW_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_join.h"
#include "trace/arg_text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct ArgRow {
  Arg arg;
  absl::Status (*read)(LineReader&, TextScope&, Op*);
  void (*append)(const Op&, const HandleNames&, std::string*);
};

// The row of an argument behind Arg::kFail.
const ArgRow& NvdimmArgRow(Arg arg);

inline absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

template <size_t kWords, typename Value>
absl::Status TakeOneOf(LineReader& line, const absl::string_view (&words)[kWords], Value* value) {
  for (size_t i = 0; i < kWords; ++i) {
    if (!line.TakeIf(words[i])) continue;
    *value = static_cast<Value>(i);
    return absl::OkStatus();
  }
  return line.Error(absl::StrJoin(words, " | "));
}

// A name that is new in `names`, and one that is there; `-` leaves `found` as it is.
absl::Status DefineName(LineReader& line, NameScope& names, Handle* handle);
absl::Status FindName(LineReader& line, const NameScope& names, absl::string_view expected, Handle* found);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_ARG_ROW_H_
