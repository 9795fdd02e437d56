// SPDX-License-Identifier: Apache-2.0
// Buckets for tests of reports, by name.
#ifndef HPFUZZ_TESTS_TRIAGE_BUCKET_SCENES_H_
#define HPFUZZ_TESTS_TRIAGE_BUCKET_SCENES_H_

#include <string>
#include <vector>

#include "triage/bucket_reports.h"

namespace hpfuzz {

inline Bucket FindingBucket() {
  return {.key = "memremap_pages.pair-answer",
          .inputs = 3,
          .folder = "memremap_pages.pair-answer",
          .trace_file = "minimal.trace",
          .trace = "memremap_pages a 200000000-2001fffff\n",
          .explanation = "the two generations differ and no clause allows it, in: answer",
          .shown = 5,
          .runs = 5};
}

inline Bucket FlakyBucket() {
  return {.key = "end.subsection-spans",
          .inputs = 1,
          .folder = "end.subsection-spans",
          .trace_file = "",
          .trace = "",
          .explanation = "",
          .shown = 2,
          .runs = 5};
}

inline Bucket CrashBucket() {
  return {.key = "crash.use-after-poison.fill",
          .inputs = 12,
          .folder = "crash.use-after-poison.fill",
          .trace_file = "minimal.trace",
          .trace = "__add_pages 10000000-101fffff\n",
          .explanation =
              "==1==ERROR: AddressSanitizer: use-after-poison on address 0x1\n"
              "    #0 0x1 in hpfuzz::x86_64::Fill() /src/machine/struct_pages.cc:12:3\n"
              "    #1 0x2 in hpfuzz::x86_64::Add() /src/impl_subsection/sparse.cc:70:9\n",
          .shown = 5,
          .runs = 5};
}

// Markup, no UTF-8, control characters, a path that is none.
inline Bucket HostileBucket() {
  return {.key = "<b>&\"\xff\x01.]]>",
          .inputs = 2,
          .folder = "a b/../<c>\n",
          .trace_file = "%\xff",
          .trace = "# </testcase> \x1b[31m \xc3\xa9 {\"runs\": 1}\n",
          .explanation = std::string("\0]]>\r\n\"}", 8),
          .shown = 1,
          .runs = 1};
}

inline std::vector<Bucket> BucketScene(const std::string& name) {
  if (name == "nothing\n") return {};
  if (name == "hostile\n") return {HostileBucket()};
  return {FindingBucket(), FlakyBucket(), CrashBucket()};
}

}  // namespace hpfuzz

#endif  // HPFUZZ_TESTS_TRIAGE_BUCKET_SCENES_H_
