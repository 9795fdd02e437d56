// SPDX-License-Identifier: Apache-2.0
// contender: what fuzz targets are compared with, over the same machines and the same oracle (docs/power.md). For
// `hpfuzz bench`, which gives it its arguments.
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "fuzzers/contender/given.h"
#include "fuzzers/contender/random_walk.h"
#include "fuzzers/contender/stateful.h"
#include "fuzzers/run_trace.h"

namespace {

constexpr char kUsage[] =
    "usage: contender random|rapidcheck LAST nvdimm|plain SEED LONGEST\n"
    "       contender replay LAST FILE...\n"
    "       contender reduce FILE\n"
    "\n"
    "random      traces from the steps of the mutators, without coverage\n"
    "rapidcheck  stateful testing\n"
    "replay      traces that are there, one after the other\n"
    "reduce      the smallest trace with the finding of this one\n"
    "\n"
    "LAST keeps the newest input and how many there were. Exit codes: 0 nothing found, 1 found (rapidcheck, which "
    "ends\n"
    "by itself; others trap), 2 bad usage or input.\n";

constexpr int kFound = 1;
constexpr int kBadInput = 2;
constexpr size_t kLongestGiven = size_t{1} << 20;
constexpr double kReduceSeconds = 10;

int Fail(const absl::Status& status) {
  if (status.ok()) return 0;
  std::fprintf(stderr, "contender: %s\n", std::string(status.message()).c_str());
  return kBadInput;
}

int Search(const std::vector<std::string>& words) {
  uint64_t seed = 0;
  size_t longest = 0;
  const bool nvdimm = words[2] == "nvdimm";
  if ((!nvdimm && words[2] != "plain") || !absl::SimpleAtoi(words[3], &seed) || !absl::SimpleAtoi(words[4], &longest) ||
      longest == 0) {
    return Fail(absl::InvalidArgumentError(absl::StrCat("read \"", words[2], " ", words[3], " ", words[4],
                                                        "\", expected nvdimm or plain, a number, a length")));
  }
  // What RapidCheck makes is not limited in bytes.
  absl::StatusOr<hpfuzz::LastInput> last = hpfuzz::LastInput::Make(words[1], std::max(longest, kLongestGiven));
  if (!last.ok()) return Fail(last.status());
  if (words[0] == "random") {
    hpfuzz::StartRunning();
    hpfuzz::WalkAtRandom(nvdimm, seed, longest, *last);
  }
  hpfuzz::CheckStateful(nvdimm, seed, *last);
  return kFound;
}

int Replay(const std::vector<std::string>& words) {
  absl::StatusOr<hpfuzz::LastInput> last = hpfuzz::LastInput::Make(words[1], kLongestGiven);
  if (!last.ok()) return Fail(last.status());
  hpfuzz::StartRunning();
  return Fail(hpfuzz::RunGiven({words.begin() + 2, words.end()}, *last));
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string_view mode = words.empty() ? std::string_view() : std::string_view(words[0]);
  if ((mode == "random" || mode == "rapidcheck") && words.size() == 5) return Search(words);
  if (mode == "replay" && words.size() > 2) return Replay(words);
  if (mode == "reduce" && words.size() == 2) return Fail(hpfuzz::ReduceGiven(words[1], kReduceSeconds));
  std::fputs(kUsage, stderr);
  return kBadInput;
}
