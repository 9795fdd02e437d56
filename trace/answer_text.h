// SPDX-License-Identifier: Apache-2.0
// Answers and expected answers as text.
#ifndef HPFUZZ_TRACE_ANSWER_TEXT_H_
#define HPFUZZ_TRACE_ANSWER_TEXT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "hotplug/answer.h"
#include "trace/lexer.h"
#include "trace/text.h"
#include "trace/trace.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

using FindMapping = absl::FunctionRef<std::optional<Handle>(absl::string_view)>;

// ANSWER [warn [N]] [payload...], up to a comma or the end of the line. `payload`: a payload word was there.
absl::Status ReadAnswer(LineReader& line, FindMapping find, Answer* answer, bool* payload);
// What follows `->`, which the reader has passed.
absl::Status ReadExpectations(LineReader& line, FindMapping find, std::vector<Expectation>* expectations);

// With `payload` at least one payload word is written.
void AppendAnswer(const Answer& answer, bool payload, const HandleNames& names, std::string* out);
void AppendExpectations(const std::vector<Expectation>& expectations, const HandleNames& names, std::string* out);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_ANSWER_TEXT_H_
