// SPDX-License-Identifier: Apache-2.0
// Buckets on disk.
#include "triage/bucket_folder.h"

#include <algorithm>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "files/folder_lock.h"
#include "files/input_files.h"

namespace hpfuzz {
namespace {

namespace fs = std::filesystem;

// Folders that are not complete; those of a run that was killed are taken away by the next.
constexpr char kUnfinished[] = ".unfinished-bucket-";

bool HoldsBucket(const fs::path& path) {
  std::error_code error;
  return path.filename().string().front() != '.' && fs::exists(path / kBucketJson, error);
}

absl::StatusOr<Bucket> ReadBucket(const fs::path& folder) {
  const fs::path file = folder / kBucketJson;
  const absl::StatusOr<std::string> json = ReadBytes(file);
  if (!json.ok()) return json.status();
  absl::StatusOr<Bucket> bucket = ParseBucket(*json, file.string());
  if (!bucket.ok()) return bucket;
  // A copy or a folder with another name would take the place of the bucket itself.
  if (bucket->name() != folder.filename()) {
    return absl::InvalidArgumentError(absl::StrCat(folder.string(), ": read the bucket ", bucket->name(),
                                                   ", expected it in a folder of that name; put this one elsewhere"));
  }
  const absl::StatusOr<std::string> trace = ReadBytes(folder / kBucketTrace);
  if (!trace.ok()) return trace.status();
  bucket->trace = std::string(absl::StripPrefix(*trace, TraceHead(*bucket)));
  std::error_code error;
  if (!fs::exists(folder / kBucketBytes, error)) return bucket;
  const absl::StatusOr<std::string> bytes = ReadBytes(folder / kBucketBytes);
  if (!bytes.ok()) return bytes.status();
  bucket->bytes.assign(bytes->begin(), bytes->end());
  return bucket;
}

}  // namespace

std::string TraceHead(const Bucket& bucket) { return absl::StrCat("# ", bucket.key, "\n"); }

absl::StatusOr<std::vector<Bucket>> ReadBuckets(const fs::path& parent) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator it(parent, error), end; !error && it != end; it.increment(error)) {
    if (HoldsBucket(it->path())) folders.push_back(it->path());
  }
  if (error) return absl::UnavailableError(absl::StrCat(parent.string(), ": ", error.message()));
  std::sort(folders.begin(), folders.end());
  std::vector<Bucket> buckets;
  for (const fs::path& folder : folders) {
    absl::StatusOr<Bucket> bucket = ReadBucket(folder);
    if (!bucket.ok()) return bucket.status();
    buckets.push_back(*std::move(bucket));
  }
  return buckets;
}

absl::StatusOr<BucketFolder> BucketFolder::Open(const fs::path& folder) {
  if (absl::Status made = MakeDirectory(folder); !made.ok()) return made;
  absl::StatusOr<OwnedFd> lock = LockFolder(folder);
  if (!lock.ok()) return lock.status();
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (absl::StartsWith(entry.path().filename().string(), kUnfinished)) fs::remove_all(entry.path(), error);
  }
  return BucketFolder(folder, *std::move(lock));
}

absl::Status BucketFolder::Create(const Bucket& bucket, const BucketFiles& files) const {
  const fs::path unfinished = folder_ / absl::StrCat(kUnfinished, bucket.name());
  if (absl::Status made = MakeDirectory(unfinished / kBucketInputs); !made.ok()) return made;
  absl::Status written;
  for (const auto& [name, content] : files) {
    if (written.ok()) written = WriteBytes(unfinished / name, content);
  }
  if (written.ok()) written = WriteBytes(unfinished / kBucketJson, PrintBucket(bucket));
  if (written.ok()) written = MoveFile(unfinished, PathOf(bucket));
  std::error_code error;
  if (!written.ok()) fs::remove_all(unfinished, error);
  return written;
}

absl::Status BucketFolder::AddFiles(const Bucket& bucket, const BucketFiles& files) const {
  for (const auto& [name, content] : files) {
    const fs::path file = PathOf(bucket) / name;
    std::error_code error;
    if (fs::exists(file, error)) continue;
    if (absl::Status written = WriteBytes(file, content); !written.ok()) return written;
  }
  return absl::OkStatus();
}

absl::Status BucketFolder::Keep(const Bucket& bucket, const std::string& sha1, absl::string_view content) const {
  const fs::path inputs = PathOf(bucket) / kBucketInputs;
  if (CountInputs(inputs) >= kInputsKept) return absl::OkStatus();
  if (absl::Status made = MakeDirectory(inputs); !made.ok()) return made;
  return WriteBytes(inputs / sha1, content);
}

absl::Status BucketFolder::Update(const Bucket& bucket) const {
  return WriteBytes(PathOf(bucket) / kBucketJson, PrintBucket(bucket));
}

absl::Status BucketFolder::Write(const std::string& name, absl::string_view content) const {
  return WriteBytes(folder_ / name, content);
}

}  // namespace hpfuzz
