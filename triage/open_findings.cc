// SPDX-License-Identifier: Apache-2.0
// Findings on their way through the source tree.
#include "triage/open_findings.h"

#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "files/file_name.h"
#include "files/input_files.h"
#include "process/forks.h"
#include "triage/bucket.h"
#include "triage/bucket_folder.h"
#include "triage/examine.h"
#include "triage/told.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kOpen = "# open: ";
constexpr char kOpenFolder[] = "open";
constexpr char kExtension[] = ".trace";

// "" when the first line says nothing of it.
std::string KeyOfOpen(absl::string_view content) {
  absl::string_view line = content.substr(0, content.find('\n'));
  return absl::ConsumePrefix(&line, kOpen) ? std::string(line) : "";
}

// Without the lines in front that are comments: they speak of the finding that was.
absl::string_view WithoutHead(absl::string_view content) {
  while (absl::StartsWith(content, "#")) {
    const size_t end = content.find('\n');
    content.remove_prefix(end == absl::string_view::npos ? content.size() : end + 1);
  }
  return content;
}

absl::Status IsFree(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error)) return absl::OkStatus();
  return absl::AlreadyExistsError(absl::StrCat(file.string(), ": is there already"));
}

absl::StatusOr<Bucket> FindBucket(const std::string& key, const fs::path& folder) {
  absl::StatusOr<std::vector<Bucket>> buckets = ReadBuckets(folder);
  if (!buckets.ok()) return buckets.status();
  std::vector<Bucket> found;
  std::vector<std::string> names;
  for (Bucket& bucket : *buckets) {
    if (bucket.name() == key) return std::move(bucket);
    if (bucket.key != key) continue;
    names.push_back(bucket.name());
    found.push_back(std::move(bucket));
  }
  if (found.size() == 1) return std::move(found[0]);
  return absl::NotFoundError(absl::StrCat(folder.string(), ": read ", found.size(), " buckets of ", key,
                                          ", expected one",
                                          names.empty() ? "" : "; name it: ", absl::StrJoin(names, " ")));
}

// Those that are open, by the name of their bucket or by their key.
std::vector<fs::path> FindOpen(const std::string& key, const fs::path& repro) {
  const std::string name = absl::StrCat(FileNameOf(key), kExtension);
  std::vector<fs::path> found;
  for (const fs::path& file : InputsBelow(repro / kOpenFolder)) {
    if (file.filename() == name) return {file};
    const absl::StatusOr<std::string> content = ReadBytes(file);
    if (file.extension() == kExtension && content.ok() && KeyOfOpen(*content) == key) found.push_back(file);
  }
  return found;
}

// A key that came from a stranger's file names no folder.
absl::StatusOr<fs::path> Open(const Bucket& bucket, const fs::path& repro) {
  if (IsLimitKey(bucket.key)) {
    return absl::FailedPreconditionError(
        absl::StrCat(bucket.name(), ": is what an input took, which no replay of a trace shows"));
  }
  if (!bucket.pair.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(bucket.name(), ": is a finding of ", bucket.pair, ", and open ones are run on the default pairs"));
  }
  const fs::path folder = repro / kOpenFolder;
  const fs::path file = folder / absl::StrCat(bucket.name(), kExtension);
  if (absl::Status made = MakeDirectory(folder); !made.ok()) return made;
  if (absl::Status free = IsFree(file); !free.ok()) return free;
  const std::string text =
      absl::StrCat(kOpen, bucket.key,
                   "\n# Known and not mended: `hpfuzz replay` shows it. When it is gone: ", "`hpfuzz triage --promote ",
                   bucket.name(), "`\n", WithoutHead(bucket.trace));
  if (absl::Status written = WriteBytes(file, text); !written.ok()) return written;
  return file;
}

// The trace with the answers that all give now. FailedPrecondition: it shows a finding still. In a copy of this
// process: that may be a crash.
absl::StatusOr<std::string> Settled(const std::string& content, const fs::path& open, const Workbench& workbench) {
  const auto work = [&](size_t, Tell tell) {
    const absl::StatusOr<Replay> replay = workbench.ReplayTrace(content, open.string());
    if (!replay.ok()) return TellResult("", replay.status(), tell);
    if (!replay->agrees) return TellResult(replay->key, absl::FailedPreconditionError(""), tell);
    const absl::StatusOr<std::string> settled = workbench.Settle(content, open.string());
    if (!settled.ok()) return TellResult("", settled.status(), tell);
    Minimized same;
    same.text = *settled;
    TellResult("", same, tell);
  };
  Told told;
  std::string crash;
  const auto done = [&](size_t, const ForkOutcome& outcome) {
    told = ReadTold(outcome.told);
    if (!told.result) crash = KeyOfCrash(outcome);
  };
  if (absl::Status ran = RunInForks(1, {}, work, done, [] { return true; }); !ran.ok()) return ran;
  const std::string& shows = told.result ? told.own_key : crash;
  if (!shows.empty()) return absl::FailedPreconditionError(absl::StrCat(open.string(), ": still shows ", shows));
  if (!told.result->ok()) return told.result->status();
  return (*told.result)->text;
}

// A run that was killed between writing and taking away has written it already.
absl::Status WriteOnce(const fs::path& file, const std::string& text) {
  if (const absl::StatusOr<std::string> there = ReadBytes(file); there.ok() && *there == text) return absl::OkStatus();
  if (absl::Status free = IsFree(file); !free.ok()) return free;
  return WriteBytes(file, text);
}

absl::StatusOr<fs::path> Close(const fs::path& open, const fs::path& repro, const WorkbenchOf& workbench_of) {
  const fs::path file = repro / open.filename();
  const absl::StatusOr<std::string> content = ReadBytes(open);
  if (!content.ok()) return content.status();
  const absl::StatusOr<const Workbench*> workbench = workbench_of(*content, open.string());
  if (!workbench.ok()) return workbench.status();
  const absl::StatusOr<std::string> settled = Settled(*content, open, **workbench);
  if (!settled.ok()) return settled.status();
  const std::string text = absl::StrCat("# Showed ", KeyOfOpen(*content), " once.\n", *settled);
  if (absl::Status written = WriteOnce(file, text); !written.ok()) return written;
  std::error_code error;
  if (!fs::remove(open, error)) return absl::UnavailableError(absl::StrCat(open.string(), ": ", error.message()));
  return file;
}

}  // namespace

absl::StatusOr<fs::path> Promote(const std::string& key, const FindingPlaces& places, const WorkbenchOf& workbench_of) {
  const std::vector<fs::path> open = FindOpen(key, places.repro);
  if (open.size() == 1) return Close(open[0], places.repro, workbench_of);
  if (!open.empty()) {
    return absl::NotFoundError(absl::StrCat(
        "read ", open.size(), " open findings of ", key, ", expected one; name it: ",
        absl::StrJoin(open, " ", [](std::string* out, const fs::path& file) { out->append(file.stem().string()); })));
  }
  const absl::StatusOr<Bucket> bucket = FindBucket(key, places.buckets);
  if (!bucket.ok()) return bucket.status();
  return Open(*bucket, places.repro);
}

absl::Status StillOpen(absl::string_view content, absl::string_view file, const Workbench& workbench) {
  const std::string key = KeyOfOpen(content);
  if (key.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(file, ":1:1: read another line, expected \"", kOpen, "KEY\""));
  }
  const absl::StatusOr<Replay> replay = workbench.ReplayTrace(content, file);
  if (!replay.ok()) return replay.status();
  if (replay->key == key) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(file, ": ",
                   replay->agrees ? "its finding is gone: hpfuzz triage --promote "
                                  : absl::StrCat("shows ", replay->key, " now instead of "),
                   replay->agrees ? fs::path(std::string(file)).stem().string() : key));
}

}  // namespace hpfuzz
