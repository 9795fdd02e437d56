// SPDX-License-Identifier: Apache-2.0
// Words: a line that a guest said, taken word by word. Not covered: what the words mean (wire.h, nvdimm_sight.h).
#ifndef HPFUZZ_WITNESS_WORDS_H_
#define HPFUZZ_WITNESS_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "hotplug/geometry.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

// InvalidArgument, with the line and what was expected of it.
inline absl::Status Unread(absl::string_view line, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat("the guest said \"", line, "\", expected ", expected));
}

// Remembers that a word was missing or was not what it was taken for; the line must outlive it.
class Words {
 public:
  explicit Words(absl::string_view line) : words_(absl::StrSplit(line, ' ', absl::SkipEmpty())) {}

  absl::string_view Next() {
    if (at_ < words_.size()) return words_[at_++];
    bad_ = true;
    return {};
  }
  uint64_t Hex() {
    uint64_t value = 0;
    bad_ |= !absl::SimpleHexAtoi(Next(), &value);
    return value;
  }
  // Decimal, or hexadecimal behind 0x.
  uint64_t Number() {
    const absl::string_view word = Next();
    uint64_t value = 0;
    bad_ |= !(absl::StartsWith(word, "0x") ? absl::SimpleHexAtoi(word, &value) : absl::SimpleAtoi(word, &value));
    return value;
  }
  // A hexadecimal number that `field` can hold.
  template <typename Field>
  void Into(Field& field) {
    const uint64_t value = Hex();
    field = static_cast<Field>(value);
    bad_ |= static_cast<uint64_t>(field) != value;
  }

  // Takes the next word when it is `word`.
  bool NextIs(absl::string_view word) {
    if (at_ >= words_.size() || words_[at_] != word) return false;
    ++at_;
    return true;
  }

  void Spoil() { bad_ = true; }
  bool More() const { return at_ < words_.size() && !bad_; }
  // All words were taken, and all were good.
  bool Complete() const { return at_ == words_.size() && !bad_; }

 private:
  std::vector<absl::string_view> words_;
  size_t at_ = 0;
  bool bad_ = false;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_WITNESS_WORDS_H_
