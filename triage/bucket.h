// SPDX-License-Identifier: Apache-2.0
// Bucket: findings of one cause, as far as two things tell: the key of the smallest trace that they lead to, and the
// kinds of its operations. Two bugs may well share a key, `memremap_pages.subsection-answer`; the shortest way to them
// seldom takes the same operations.
#ifndef HPFUZZ_TRIAGE_BUCKET_H_
#define HPFUZZ_TRIAGE_BUCKET_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace hpfuzz {

// How often a trace was run, each time in a process of its own, and how often that showed the key.
struct Replays {
  int same = 0;
  int all = 0;
  bool flaky() const { return same != all; }
};

// An input that led to the bucket. Two files of the same content are one.
struct BucketInput {
  std::string sha1;
  size_t bytes = 0;
  std::string key;              // of the input as it is
  std::set<std::string> names;  // of files, without folders; a stranger's, repaired
  Replays replays;              // all = 0: it showed the key at once and was run no further
};

struct Bucket {
  std::string key;
  std::vector<std::string> kinds;  // of operations, in alphabetical order
  std::string last_kind;           // of the last operation; "": there is none, or one never asked
  std::string geometry;
  std::string pair;  // that traces were run on, as --pair takes it; "": the default ones
  size_t operations = 0;
  bool minimal = false;  // no single step makes the trace smaller
  Replays replays;       // of the trace; all = 0: none yet
  std::string report;    // what its replay prints; of a crash what the sanitizer said
  std::vector<BucketInput> inputs;

  // In files of their own.
  std::string trace;           // in text
  std::vector<uint8_t> bytes;  // as fuzz targets take it; empty when bytes do not show the key

  // Of the folder. What shows only when all facts are looked at in the end stands with what its last operation shows at
  // once: whether that happens to look where the damage is says nothing about the cause.
  std::string name() const;
  bool flaky() const;
};

// The text itself if it is UTF-8; else with U+FFFD in place of what is none.
std::string Repaired(const std::string& text);

// All but the trace and the bytes. Texts that are no UTF-8 are repaired.
std::string PrintBucket(const Bucket& bucket);
// InvalidArgument names the file and what is missing or of another type.
absl::StatusOr<Bucket> ParseBucket(absl::string_view json, absl::string_view file);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_BUCKET_H_
