// SPDX-License-Identifier: Apache-2.0
// A file descriptor that is closed with its owner.
#ifndef HPFUZZ_FILES_OWNED_FD_H_
#define HPFUZZ_FILES_OWNED_FD_H_

#include <utility>

namespace hpfuzz {

class OwnedFd {
 public:
  OwnedFd() = default;
  explicit OwnedFd(int fd) : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OwnedFd& operator=(OwnedFd&& other) noexcept;
  ~OwnedFd();

  int get() const { return fd_; }
  void Close();

 private:
  int fd_ = -1;
};

}  // namespace hpfuzz

#endif  // HPFUZZ_FILES_OWNED_FD_H_
