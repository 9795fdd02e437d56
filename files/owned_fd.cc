// SPDX-License-Identifier: Apache-2.0
// File descriptors with an owner.
#include "files/owned_fd.h"

#include <unistd.h>

namespace hpfuzz {

OwnedFd& OwnedFd::operator=(OwnedFd&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

OwnedFd::~OwnedFd() { Close(); }

void OwnedFd::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

}  // namespace hpfuzz
