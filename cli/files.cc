// SPDX-License-Identifier: Apache-2.0
// Files named on the command line.
#include "cli/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

std::string Because(const std::string& file, const std::string& reason) { return absl::StrCat(file, ": ", reason); }

absl::Status Failed(const std::string& file, const std::string& reason) {
  return absl::InvalidArgumentError(Because(file, reason));
}

absl::Status TooLarge(const std::string& file) {
  return Failed(file, absl::StrCat("read more than ", kMaxFileBytes >> 20, " MiB, expected a smaller file"));
}

// What a link points to counts; what cannot be told is a file, so that reading it says why.
bool IsFile(const fs::path& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  return type == fs::file_type::regular || type == fs::file_type::not_found || type == fs::file_type::none;
}

void Collect(const fs::path& directory, Inputs* inputs) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    if (it->path().filename().string().front() != '.') entries.push_back(it->path());
  }
  if (error) inputs->errors.push_back(Because(directory.string(), error.message()));
  for (const fs::path& path : entries) {
    if (fs::symlink_status(path, error).type() == fs::file_type::directory) {
      Collect(path, inputs);
    } else if (path.extension() != ".md" && IsFile(path)) {
      inputs->files.push_back(path.string());
    }
  }
}

}  // namespace

Inputs FilesOf(const std::vector<std::string>& arguments) {
  Inputs inputs;
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (argument == "-" || !fs::is_directory(argument, error)) {
      inputs.files.push_back(argument);
      continue;
    }
    Inputs found;
    Collect(argument, &found);
    if (found.files.empty() && found.errors.empty()) found.errors.push_back(Because(argument, "no file there"));
    std::sort(found.files.begin(), found.files.end());
    inputs.files.insert(inputs.files.end(), found.files.begin(), found.files.end());
    inputs.errors.insert(inputs.errors.end(), found.errors.begin(), found.errors.end());
  }
  return inputs;
}

absl::StatusOr<std::string> ReadFile(const std::string& file) {
  std::error_code error;
  if (file != "-" && fs::is_directory(file, error)) return Failed(file, "is a directory");
  const uintmax_t size = file == "-" ? 0 : fs::file_size(file, error);
  if (!error && size > kMaxFileBytes) return TooLarge(file);
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
  if (content.size() > kMaxFileBytes) return TooLarge(file);
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
