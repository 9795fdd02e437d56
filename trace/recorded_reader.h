// SPDX-License-Identifier: Apache-2.0
// RecordedReader: a cursor over one line of recorded text. It keeps the first error; after it every read answers
// nothing and the cursor stands at the end, so that callers check once.
#ifndef HPFUZZ_TRACE_RECORDED_READER_H_
#define HPFUZZ_TRACE_RECORDED_READER_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "hotplug/units.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class RecordedReader {
 public:
  RecordedReader(absl::string_view file, int line, absl::string_view text) : file_(file), text_(text), line_(line) {}

  bool ok() const { return status_.ok(); }
  const absl::Status& status() const { return status_; }
  size_t position() const { return position_; }
  absl::string_view Rest() const { return text_.substr(position_); }
  // Between the positions, without blanks at its end.
  absl::string_view Between(size_t begin, size_t end) const;

  void SkipBlanks();
  // The rest skips no blanks but where it says so.
  //
  // After blanks: whether nothing is left; whether the next thing begins with `literal`, which is not read.
  bool AtEnd();
  bool Sees(absl::string_view literal);

  // Reads `literal` when it stands here.
  bool Accept(absl::string_view literal);
  void Expect(absl::string_view literal);
  // The same, after blanks.
  bool AcceptNext(absl::string_view literal);
  void ExpectNext(absl::string_view literal);
  // After blanks, up to a blank or one of `delimiters`. An error when there is nothing.
  absl::string_view Word(absl::string_view delimiters, absl::string_view expected);
  // Numbers without "0x" or a plus sign.
  uint64_t Hex();
  uint64_t NextHex();  // after blanks
  uint64_t Decimal(uint64_t max);
  int64_t SignedDecimal(int64_t max);

  // Records an error at the cursor, or at `position`.
  void Fail(absl::string_view expected) { FailAt(position_, expected); }
  void FailAt(size_t position, absl::string_view expected);

 private:
  absl::string_view file_;
  absl::string_view text_;
  int line_;
  size_t position_ = 0;
  absl::Status status_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TRACE_RECORDED_READER_H_
