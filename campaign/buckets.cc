// SPDX-License-Identifier: Apache-2.0
// Buckets: moving inputs in and out.
#include "campaign/buckets.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "files/file_name.h"
#include "files/input_files.h"
#include "files/sha1.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

constexpr char kReport[] = "report.md";
constexpr char kInput[] = "crash-";

std::string ReportOf(const std::string& key, const fs::path& input, absl::string_view report) {
  // The text of a target could end the block that it stands in.
  const std::string text = absl::StrReplaceAll(report, {{"```", "` ` `"}});
  return absl::StrCat("# ", key, "\n\nInput: ", input.filename().string(), "\n\n```\n", text,
                      absl::EndsWith(text, "\n") ? "" : "\n", "```\n");
}

}  // namespace

fs::path Buckets::DirectoryOf(const std::string& key) const { return directory_ / FileNameOf(key); }

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
