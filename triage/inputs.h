// SPDX-License-Identifier: Apache-2.0
// The inputs of a triage run: files by their contents, smallest first, so that the run does not depend on names.
#ifndef HPFUZZ_TRIAGE_INPUTS_H_
#define HPFUZZ_TRIAGE_INPUTS_H_

#include <cstddef>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hpfuzz {

struct TriageInput {
  std::string sha1;
  size_t bytes = 0;
  std::string file;             // one of those that have this content
  std::set<std::string> names;  // of all of them, without folders, repaired
};

using ReadInput = std::function<absl::StatusOr<std::string>(const std::string& file)>;

// Takes those that lie below `folder` out; how many.
size_t TakeOutBelow(const std::filesystem::path& folder, std::vector<std::string>* files);

// By size, then SHA-1. What cannot be read is named in `errors`.
std::vector<TriageInput> ReadInputs(const std::vector<std::string>& files, const ReadInput& read,
                                    std::vector<std::string>* errors);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_INPUTS_H_
