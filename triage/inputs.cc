// SPDX-License-Identifier: Apache-2.0
// Inputs by their contents.
#include "triage/inputs.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "files/sha1.h"
#include "triage/bucket.h"

namespace hpfuzz {

size_t TakeOutBelow(const std::filesystem::path& folder, std::vector<std::string>* files) {
  std::error_code error;
  const std::filesystem::path top = std::filesystem::weakly_canonical(folder, error);
  const auto is_below = [&](const std::string& file) {
    const std::filesystem::path path = std::filesystem::weakly_canonical(file, error);
    return std::mismatch(top.begin(), top.end(), path.begin(), path.end()).first == top.end();
  };
  return error || top.empty() ? 0 : std::erase_if(*files, is_below);
}

std::vector<TriageInput> ReadInputs(const std::vector<std::string>& files, const ReadInput& read,
                                    std::vector<std::string>* errors) {
  std::map<std::pair<size_t, std::string>, TriageInput> by_content;
  for (const std::string& file : files) {
    const absl::StatusOr<std::string> content = read(file);
    if (!content.ok()) {
      errors->emplace_back(content.status().message());
      continue;
    }
    std::string sha1 = Sha1(*content);
    TriageInput& input = by_content[{content->size(), sha1}];
    if (input.names.empty()) input = {std::move(sha1), content->size(), file, {}};
    // As bucket.json has them: the next run finds them there.
    input.names.insert(Repaired(std::filesystem::path(file).filename().string()));
  }
  std::vector<TriageInput> inputs;
  inputs.reserve(by_content.size());
  for (auto& [key, input] : by_content) inputs.push_back(std::move(input));
  return inputs;
}

}  // namespace hpfuzz
