// SPDX-License-Identifier: Apache-2.0
// Buckets: moving inputs in and out.
#include "campaign/buckets.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "campaign/input_files.h"
#include "campaign/sha1.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

// File systems take 255 bytes; whoever appends to the name has room.
constexpr size_t kMaxNameBytes = 100;
constexpr char kReport[] = "report.md";
constexpr char kInput[] = "crash-";

std::string ReportOf(const std::string& key, const fs::path& input, absl::string_view report) {
  // The text of a target could end the block that it stands in.
  const std::string text = absl::StrReplaceAll(report, {{"```", "` ` `"}});
  return absl::StrCat("# ", key, "\n\nInput: ", input.filename().string(), "\n\n```\n", text,
                      absl::EndsWith(text, "\n") ? "" : "\n", "```\n");
}

}  // namespace

std::string DirectoryName(const std::string& key) {
  std::string name = key.substr(0, kMaxNameBytes);
  std::replace_if(
      name.begin(), name.end(),
      [](unsigned char c) { return !absl::ascii_isalnum(c) && c != '_' && c != '.' && c != '-'; }, '-');
  if (!name.empty() && name[0] == '.') name[0] = '-';
  return name == key && !name.empty() ? name : absl::StrCat(name, "-", Sha1(key).substr(0, 8));
}

fs::path Buckets::DirectoryOf(const std::string& key) const { return directory_ / DirectoryName(key); }

void Buckets::RemoveLargest(const fs::path& bucket, const fs::path& keep) const {
  std::vector<std::pair<uintmax_t, fs::path>> inputs;
  std::error_code error;
  for (const fs::path& file : InputsBelow(bucket)) {
    if (file != keep && absl::StartsWith(file.filename().string(), kInput)) {
      inputs.emplace_back(fs::file_size(file, error), file);
    }
  }
  std::sort(inputs.begin(), inputs.end());
  for (size_t i = keep_ - 1; i < inputs.size(); ++i) fs::remove(inputs[i].second, error);
}

absl::StatusOr<fs::path> Buckets::Add(const std::string& key, const fs::path& input, absl::string_view report) {
  const fs::path bucket = DirectoryOf(key);
  if (absl::Status made = MakeDirectory(bucket); !made.ok()) return made;
  const absl::StatusOr<std::string> bytes = ReadBytes(input);
  if (!bytes.ok()) return bytes.status();
  const fs::path kept = bucket / absl::StrCat(kInput, Sha1(*bytes));
  if (absl::Status moved = MoveFile(input, kept); !moved.ok()) return moved;
  const auto [it, first] = smallest_.try_emplace(key, Smallest{kept, bytes->size()});
  if (first || bytes->size() < it->second.size) {
    it->second = {kept, bytes->size()};
    if (absl::Status written = WriteBytes(bucket / kReport, ReportOf(key, kept, report)); !written.ok()) return written;
  }
  RemoveLargest(bucket, it->second.file);
  return it->second.file;
}

}  // namespace hpfuzz
