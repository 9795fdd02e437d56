// SPDX-License-Identifier: Apache-2.0
// Buckets of findings as services read them: SARIF, with every rule there is (triage/rules.h), and JUnit XML. Not
// covered: making buckets, and writing files.
#ifndef HPFUZZ_TRIAGE_BUCKET_REPORTS_H_
#define HPFUZZ_TRIAGE_BUCKET_REPORTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "triage/bucket.h"
#include "triage/sarif.h"

namespace hpfuzz {

// The log as data: a result a bucket. `out`: the folder of all buckets, relative to the source tree or absolute; "":
// the tree itself.
SarifRun SarifOfBuckets(const std::vector<Bucket>& buckets, std::string_view out);
std::string BucketsSarif(const std::vector<Bucket>& buckets, std::string_view out);

// A failed case a bucket.
std::string BucketsJunit(const std::vector<Bucket>& buckets, std::string_view out);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_BUCKET_REPORTS_H_
