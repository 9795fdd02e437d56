// SPDX-License-Identifier: Apache-2.0
// Buckets for tests of reports, by name.
#ifndef HPFUZZ_TESTS_TRIAGE_BUCKET_SCENES_H_
#define HPFUZZ_TESTS_TRIAGE_BUCKET_SCENES_H_

#include <string>
#include <vector>

#include "triage/bucket_reports.h"

namespace hpfuzz {

inline Bucket BucketOf(const std::string& key, size_t inputs, Replays replays) {
  Bucket bucket;
  bucket.key = key;
  bucket.inputs.resize(inputs);
  bucket.replays = replays;
  return bucket;
}

inline Bucket FindingBucket() {
  Bucket bucket = BucketOf("memremap_pages.pair-answer", 3, {5, 5});
  bucket.kinds = {"memremap_pages", "pin_page"};
  bucket.trace = "memremap_pages a 200000000-2001fffff\n";
  bucket.report = "the two generations differ and no clause allows it, in: answer";
  return bucket;
}

inline Bucket FlakyBucket() { return BucketOf("end.subsection-spans", 1, {2, 5}); }

inline Bucket CrashBucket() {
  Bucket bucket = BucketOf("crash.use-after-poison.fill", 12, {5, 5});
  bucket.trace = "__add_pages 10000000-101fffff\n";
  bucket.report =
      "==1==ERROR: AddressSanitizer: use-after-poison on address 0x1\n"
      "    #0 0x1 in hpfuzz::x86_64::Fill() /src/machine/struct_pages.cc:12:3\n"
      "    #1 0x2 in hpfuzz::x86_64::Add() /src/impl_subsection/sparse.cc:70:9\n";
  return bucket;
}

// Markup, no UTF-8, control characters, a path that is none.
inline Bucket HostileBucket() {
  Bucket bucket = BucketOf("<b>&\"\xff\x01.]]>/../c", 2, {1, 1});
  bucket.kinds = {"../../x", "\xff"};
  bucket.trace = "# </testcase> \x1b[31m \xc3\xa9 {\"runs\": 1}\n";
  bucket.report = std::string("\0]]>\r\n\"}", 8);
  return bucket;
}

inline std::vector<Bucket> BucketScene(const std::string& name) {
  if (name == "nothing\n") return {};
  if (name == "hostile\n") return {HostileBucket()};
  return {FindingBucket(), FlakyBucket(), CrashBucket()};
}

}  // namespace hpfuzz

#endif  // HPFUZZ_TESTS_TRIAGE_BUCKET_SCENES_H_
