// SPDX-License-Identifier: Apache-2.0
// Words of one line of trace text, and errors that say where they stand. Not covered: what the words mean.
#ifndef HPFUZZ_TRACE_LEXER_H_
#define HPFUZZ_TRACE_LEXER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// A word ends at white space, a comma, `#` or `->`; a comma and `->` are words of their own; `#` hides the rest.
class LineReader {
 public:
  LineReader(absl::string_view line, absl::string_view file, int line_number);

  // The word under the cursor; empty at the end of the line.
  absl::string_view word() const { return word_; }
  bool done() const { return word_.empty(); }
  void Next();
  // Steps over the word if it is `expected`.
  bool TakeIf(absl::string_view expected);

  // "file:line:column: read ..., expected ..." about the word under the cursor, or about a part of it.
  absl::Status Error(absl::string_view expected) const { return ErrorAt(word_, 0, expected); }
  absl::Status ErrorAt(absl::string_view read, size_t offset_in_word, absl::string_view expected) const;

  // Values; each steps over its word when it is well formed.
  absl::Status TakeHex(absl::string_view what, uint64_t* value);
  absl::Status TakeDecimal(absl::string_view what, int64_t low, int64_t high, int64_t* value);
  absl::Status TakeRange(PhysRange* range);

 private:
  absl::Status ParseHex(absl::string_view digits, size_t offset, absl::string_view what, uint64_t* value) const;

  absl::string_view line_;
  absl::string_view file_;
  int line_number_;
  size_t begin_ = 0;  // of word_ in line_
  absl::string_view word_;
};

// What was read, for an error: in quotes, its beginning only when it is long, and nothing in it that a terminal obeys.
std::string Quoted(absl::string_view word);

// "START-LAST"; "START+LENGTH" for ranges that the first form cannot say.
std::string RangeText(PhysRange range);

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_LEXER_H_
