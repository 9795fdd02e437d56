// SPDX-License-Identifier: Apache-2.0
// Inputs by their contents.
#include "triage/inputs.h"

#include <filesystem>
#include <map>
#include <utility>

#include "files/sha1.h"

namespace hpfuzz {

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
    input.names.insert(std::filesystem::path(file).filename().string());
  }
  std::vector<TriageInput> inputs;
  inputs.reserve(by_content.size());
  for (auto& [key, input] : by_content) inputs.push_back(std::move(input));
  return inputs;
}

}  // namespace hpfuzz
