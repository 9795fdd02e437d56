// SPDX-License-Identifier: Apache-2.0
// LastInput: a file in memory, a head and then the input.
#include "files/last_input.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "files/input_files.h"
#include "files/owned_fd.h"

namespace hpfuzz {
namespace {

struct Head {
  uint64_t count;
  uint64_t size;
};

absl::Status Failed(const std::filesystem::path& file) {
  return absl::UnavailableError(absl::StrCat(file.string(), ": ", std::strerror(errno)));
}

}  // namespace

absl::StatusOr<LastInput> LastInput::Make(const std::filesystem::path& file, size_t longest) {
  const OwnedFd fd(open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  const size_t bytes = sizeof(Head) + longest;
  if (fd.get() < 0 || ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0) return Failed(file);
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (memory == MAP_FAILED) return Failed(file);
  return LastInput(memory, longest);
}

LastInput::LastInput(LastInput&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)), longest_(other.longest_), frozen_(other.frozen_) {}

LastInput::~LastInput() {
  if (memory_ != nullptr) munmap(memory_, sizeof(Head) + longest_);
}

void LastInput::Take(absl::Span<const uint8_t> input) {
  if (frozen_) return;
  Head* const head = static_cast<Head*>(memory_);
  ++head->count;
  head->size = std::min(input.size(), longest_);
  if (head->size != 0) std::memcpy(head + 1, input.data(), head->size);
}

uint64_t LastInput::count() const { return static_cast<const Head*>(memory_)->count; }

absl::StatusOr<InputTaken> ReadLastInput(const std::filesystem::path& file) {
  const absl::StatusOr<std::string> bytes = ReadBytes(file);
  if (!bytes.ok()) return bytes.status();
  Head head = {};
  if (bytes->size() >= sizeof head) std::memcpy(&head, bytes->data(), sizeof head);
  if (bytes->size() < sizeof head || head.size > bytes->size() - sizeof head) {
    return absl::InvalidArgumentError(
        absl::StrCat(file.string(), ": ", bytes->size(), " bytes, expected a head and an input of ", head.size));
  }
  return InputTaken{head.count, bytes->substr(sizeof head, head.size)};
}

}  // namespace hpfuzz
