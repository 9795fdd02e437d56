// SPDX-License-Identifier: Apache-2.0
// LastInput: what a program that may be ended at any moment works on, in a file that others read afterwards: the newest
// input, and how many there were. It lies in memory that the two share: nothing is written, and nothing is lost.
#ifndef HPFUZZ_FILES_LAST_INPUT_H_
#define HPFUZZ_FILES_LAST_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace hpfuzz {

class LastInput {
 public:
  // Unavailable: the file cannot be made. Longer inputs are cut.
  static absl::StatusOr<LastInput> Make(const std::filesystem::path& file, size_t longest);
  LastInput(LastInput&& other) noexcept;
  LastInput& operator=(LastInput&&) = delete;
  ~LastInput();

  void Take(absl::Span<const uint8_t> input);
  // This one stays, and the count with it, whatever is taken later.
  void Freeze() { frozen_ = true; }
  uint64_t count() const;

 private:
  LastInput(void* memory, size_t longest) : memory_(memory), longest_(longest) {}

  void* memory_;
  size_t longest_;
  bool frozen_ = false;
};

struct InputTaken {
  uint64_t count = 0;  // with this one
  std::string bytes;
};
// Unavailable: the file cannot be read. InvalidArgument: it is none of these.
absl::StatusOr<InputTaken> ReadLastInput(const std::filesystem::path& file);

}  // namespace hpfuzz

#endif  // HPFUZZ_FILES_LAST_INPUT_H_
