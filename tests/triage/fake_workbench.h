// SPDX-License-Identifier: Apache-2.0
// A workbench whose traces say what they do: crash, hang, or show a key. For those who must cope with it.
//
//   find KEY KIND...   shows KEY; its smallest trace has operations of these kinds
//   crash FUNCTION     AddressSanitizer says where, and the process aborts
//   hang               does not end
//   die                is killed without a word
//   agree              shows nothing
//   broken             is no trace
#ifndef HPFUZZ_TESTS_TRIAGE_FAKE_WORKBENCH_H_
#define HPFUZZ_TESTS_TRIAGE_FAKE_WORKBENCH_H_

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "registry/workbench.h"
#include "tests/triage/real_workbench.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

class FakeWorkbench : public RealWorkbench {
 public:
  absl::StatusOr<Minimized> Minimize(absl::string_view content, absl::string_view file,
                                     const MinimizeRequest& request) const override {
    const std::vector<std::string> words = absl::StrSplit(content, absl::ByAnyChar(" \n"), absl::SkipEmpty());
    if (words.empty() || words[0] == "broken") {
      return absl::InvalidArgumentError(absl::StrCat(file, ":1:1: read broken, expected a trace"));
    }
    std::string key;
    if (request.key_elsewhere) {
      key = request.key_elsewhere(std::string(content), {});
    } else if (words[0] == "find") {
      key = words[1];
    } else if (words[0] == "crash") {
      std::fprintf(stderr,
                   "==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n    #0 0x1 in hpfuzz::%s()\n",
                   words[1].c_str());
      std::abort();
    } else if (words[0] == "hang") {
      pause();
    } else if (words[0] == "die") {
      raise(SIGKILL);
    }
    if (key.empty()) return absl::NotFoundError(absl::StrCat(file, ": agrees"));
    Minimized result;
    result.own_key = result.key = key;
    result.text = std::string(content);
    result.kinds.assign(words.begin() + 2, words.end());
    result.minimal = true;
    result.progress = {key, 9, result.kinds.size(), 1};
    if (request.progress) request.progress(result.progress);
    return result;
  }

  absl::StatusOr<Shown> Show(absl::string_view content, absl::string_view) const override {
    return Shown{std::string(content), ""};
  }
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_TRIAGE_FAKE_WORKBENCH_H_
