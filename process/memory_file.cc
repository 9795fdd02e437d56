// SPDX-License-Identifier: Apache-2.0
// Files in memory.
#include "process/memory_file.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace hpfuzz {

absl::StatusOr<OwnedFd> MemoryFileOf(absl::string_view content) {
  OwnedFd file(memfd_create("content", MFD_CLOEXEC));
  if (file.get() < 0) return absl::UnavailableError(absl::StrCat("memfd_create: ", std::strerror(errno)));
  if (!AppendTo(file.get(), content)) return absl::UnavailableError(absl::StrCat("memfd: ", std::strerror(errno)));
  return file;
}

bool AppendTo(int fd, absl::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written <= 0) return false;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

std::string ContentOf(int fd) {
  struct stat info = {};
  if (fstat(fd, &info) != 0) return "";
  std::string content(static_cast<size_t>(info.st_size), '\0');
  size_t at = 0;
  for (ssize_t got = 0; at < content.size(); at += static_cast<size_t>(got)) {
    got = pread(fd, content.data() + at, content.size() - at, static_cast<off_t>(at));
    if (got <= 0) break;
  }
  content.resize(at);
  return content;
}

std::string PathOf(const OwnedFd& file) { return absl::StrCat("/dev/fd/", file.get()); }

}  // namespace hpfuzz
