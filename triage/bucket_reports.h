// SPDX-License-Identifier: Apache-2.0
// Buckets of findings as services read them: SARIF, with every rule there is (triage/rules.h), and JUnit XML. Not
// covered: making buckets, and writing files.
#ifndef HPFUZZ_TRIAGE_BUCKET_REPORTS_H_
#define HPFUZZ_TRIAGE_BUCKET_REPORTS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "triage/sarif.h"

namespace hpfuzz {

// Inputs with one key. Texts are any bytes.
struct Bucket {
  std::string key;
  size_t inputs = 0;
  std::string folder;       // with what was written about it, relative to that of all buckets
  std::string trace_file;   // in `folder`; empty: there is none
  std::string trace;        // its text
  std::string explanation;  // what replaying it tells; of a crash the report of the sanitizer, which names places
  // How often the trace showed the key, of how many times it was run. Fewer: flaky.
  size_t shown = 0;
  size_t runs = 0;
  bool flaky() const { return shown < runs; }
};

// The log as data: a result a bucket. `out`: the folder of all buckets, relative to the source tree or absolute; "":
// the tree itself.
SarifRun SarifOfBuckets(const std::vector<Bucket>& buckets, std::string_view out);
std::string BucketsSarif(const std::vector<Bucket>& buckets, std::string_view out);

// A failed case a bucket.
std::string BucketsJunit(const std::vector<Bucket>& buckets, std::string_view out);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_BUCKET_REPORTS_H_
