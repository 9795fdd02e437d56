// SPDX-License-Identifier: Apache-2.0
// Files of inputs, by the standard library.
#include "files/input_files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

absl::Status Failed(const fs::path& file, absl::string_view reason) {
  return absl::UnavailableError(absl::StrCat(file.string(), ": ", reason));
}

template <typename Visit>
void ForEachInput(const fs::path& directory, const Visit& visit) {
  std::error_code error;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    std::error_code gone;
    if (it->is_regular_file(gone)) visit(it->path());
  }
}

}  // namespace

std::vector<fs::path> InputsBelow(const fs::path& directory) {
  std::vector<fs::path> files;
  ForEachInput(directory, [&files](const fs::path& file) { files.push_back(file); });
  std::sort(files.begin(), files.end());
  return files;
}

size_t CountInputs(const fs::path& directory) {
  size_t count = 0;
  ForEachInput(directory, [&count](const fs::path&) { ++count; });
  return count;
}

absl::StatusOr<std::string> ReadBytes(const fs::path& file) {
  std::FILE* stream = std::fopen(file.c_str(), "rbe");
  if (stream == nullptr) return Failed(file, std::strerror(errno));
  std::string bytes;
  char buffer[1 << 14];
  for (size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, stream)) > 0;) bytes.append(buffer, got);
  const int reason = std::ferror(stream) != 0 ? errno : 0;
  std::fclose(stream);
  if (reason != 0) return Failed(file, std::strerror(reason));
  return bytes;
}

absl::Status WriteBytes(const fs::path& file, absl::string_view bytes) {
  fs::path beside = file;
  beside += ".new";
  std::FILE* stream = std::fopen(beside.c_str(), "wbe");
  if (stream == nullptr) return Failed(file, std::strerror(errno));
  int reason = std::fwrite(bytes.data(), 1, bytes.size(), stream) == bytes.size() ? 0 : errno;
  if (std::fclose(stream) != 0 && reason == 0) reason = errno;
  if (reason == 0 && std::rename(beside.c_str(), file.c_str()) != 0) reason = errno;
  if (reason == 0) return absl::OkStatus();
  std::remove(beside.c_str());
  return Failed(file, std::strerror(reason));
}

absl::Status MakeDirectory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return Failed(directory, error.message());
  return absl::OkStatus();
}

absl::Status MoveFile(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error != std::errc::cross_device_link) return error ? Failed(from, error.message()) : absl::OkStatus();
  const absl::StatusOr<std::string> bytes = ReadBytes(from);
  if (!bytes.ok()) return bytes.status();
  if (absl::Status written = WriteBytes(to, *bytes); !written.ok()) return written;
  fs::remove(from, error);
  return error ? Failed(from, error.message()) : absl::OkStatus();
}

}  // namespace hpfuzz
