// SPDX-License-Identifier: Apache-2.0
// Furnishing. What is told is a row of pieces: a name, a length in bytes, a line end, as many bytes.
#include "triage/furnish.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "triage/crash_key.h"
#include "triage/examine.h"
#include "triage/report.h"

namespace hpfuzz {
namespace {

constexpr char kKeys[] = "keys";  // of the replays, a line each
constexpr char kPrinted[] = "printed";

void TellPiece(absl::string_view name, absl::string_view content, Tell tell) {
  tell(absl::StrCat(name, " ", content.size(), "\n", content));
}

struct Piece {
  std::string name;
  std::string content;
};

// None: the rest is no whole piece.
std::optional<Piece> NextPiece(absl::string_view* told) {
  const size_t end = told->find('\n');
  if (end == absl::string_view::npos) return std::nullopt;
  const std::vector<std::string> words = absl::StrSplit(told->substr(0, end), ' ');
  size_t size = 0;
  told->remove_prefix(end + 1);
  if (words.size() != 2 || !absl::SimpleAtoi(words[1], &size) || size > told->size()) return std::nullopt;
  Piece piece = {words[0], std::string(told->substr(0, size))};
  told->remove_prefix(size);
  return piece;
}

}  // namespace

bool IsBare(const Bucket& bucket) { return bucket.replays.all == 0 && !IsLimitKey(bucket.key); }

void Furnish(const Bucket& bucket, const std::filesystem::path& folder, const Workbench& workbench,
             const std::vector<std::string>& replay, const MakeRecipe& recipe, Tell tell) {
  std::string printed;
  const std::vector<std::string> keys = KeysByProcesses(bucket.trace, replay, kReplays, &printed);
  // The first line names the file, which has none here.
  TellPiece(kPrinted, absl::string_view(printed).substr(std::min(printed.find('\n') + 1, printed.size())), tell);
  TellPiece(kKeys, absl::StrJoin(keys, "\n"), tell);
  const std::string trace = (folder / kBucketTrace).string();
  if (recipe) TellPiece(kBucketRecipe, recipe(bucket.trace, trace, IsCrashKey(bucket.key)), tell);
  // Last: of a trace that crashes there is no picture.
  const absl::StatusOr<Report> report = MakeReport(workbench, bucket.trace, {.file = trace, .pair = bucket.pair});
  if (report.ok()) TellPiece(kBucketReport, report->html, tell);
}

Furnishing ReadFurnishing(const Bucket& bucket, absl::string_view told) {
  Furnishing furnishing;
  while (std::optional<Piece> piece = NextPiece(&told)) {
    if (piece->name == kKeys) {
      const std::vector<std::string> keys = absl::StrSplit(piece->content, '\n');
      furnishing.replays = {static_cast<int>(std::count(keys.begin(), keys.end(), bucket.key)),
                            static_cast<int>(keys.size())};
    } else if (piece->name == kPrinted) {
      furnishing.report = std::move(piece->content);
    } else if (!piece->content.empty()) {
      furnishing.files.emplace_back(std::move(piece->name), std::move(piece->content));
    }
  }
  return furnishing;
}

}  // namespace hpfuzz
