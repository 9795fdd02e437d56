// SPDX-License-Identifier: Apache-2.0
// Files named on the command line.
#include "cli/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

absl::Status Failed(const std::string& file, const std::string& reason) {
  return absl::InvalidArgumentError(absl::StrCat(file, ": ", reason));
}

absl::Status Collect(const std::string& directory, std::vector<std::string>* files) {
  std::error_code error;
  std::vector<std::string> found;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    const fs::path& path = it->path();
    if (path.filename().string().front() == '.') {
      if (it->is_directory(error)) it.disable_recursion_pending();
      continue;
    }
    if (it->is_regular_file(error) && path.extension() != ".md") found.push_back(path.string());
  }
  if (error) return Failed(directory, error.message());
  std::sort(found.begin(), found.end());
  files->insert(files->end(), found.begin(), found.end());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<std::string>> FilesOf(const std::vector<std::string>& arguments) {
  std::vector<std::string> files;
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (argument == "-" || !fs::is_directory(argument, error)) {
      files.push_back(argument);
    } else if (absl::Status status = Collect(argument, &files); !status.ok()) {
      return status;
    }
  }
  if (files.empty()) return absl::InvalidArgumentError("no file there");
  return files;
}

absl::StatusOr<std::string> ReadFile(const std::string& file) {
  std::error_code error;
  if (file != "-" && fs::is_directory(file, error)) return Failed(file, "is a directory");
  std::FILE* stream = file == "-" ? stdin : std::fopen(file.c_str(), "rb");
  if (stream == nullptr) return Failed(file, std::strerror(errno));
  std::string content;
  char buffer[1 << 16];
  size_t got = 0;
  while (content.size() <= kMaxFileBytes && (got = std::fread(buffer, 1, sizeof buffer, stream)) > 0)
    content.append(buffer, got);
  const bool broken = std::ferror(stream) != 0;
  const int reason = errno;
  if (stream != stdin) std::fclose(stream);
  if (broken) return Failed(file, std::strerror(reason));
  if (content.size() > kMaxFileBytes) {
    return Failed(file, absl::StrCat("read more than ", kMaxFileBytes >> 20, " MiB, expected a smaller file"));
  }
  return content;
}

absl::Status WriteFile(const std::string& file, const std::string& content) {
  if (file == "-") {
    std::cout.write(content.data(), static_cast<std::streamsize>(content.size()));
    return absl::OkStatus();  // main() looks at the stream once more at the end
  }
  std::FILE* stream = std::fopen(file.c_str(), "wb");
  if (stream == nullptr) return Failed(file, std::strerror(errno));
  const bool written = std::fwrite(content.data(), 1, content.size(), stream) == content.size();
  const int reason = errno;
  const bool closed = std::fclose(stream) == 0;
  return written && closed ? absl::OkStatus() : Failed(file, std::strerror(written ? errno : reason));
}

}  // namespace hpfuzz
