// SPDX-License-Identifier: Apache-2.0
// Results of runs as JSON.
#include "campaign/bench_result.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "files/input_files.h"

namespace hpfuzz {
namespace {

using Json = nlohmann::ordered_json;

// Says of the member `name` whether it is there and of its kind, and takes it.
template <typename Value>
bool Take(const Json& object, const char* name, bool (Json::*is)() const noexcept, Value* value) {
  const auto at = object.find(name);
  if (at == object.end() || !((*at).*is)()) return false;
  *value = at->get<Value>();
  return true;
}

bool TakeStrings(const Json& object, const char* name, std::vector<std::string>* strings) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_array()) return false;
  for (const Json& element : *at) {
    if (!element.is_string()) return false;
    strings->push_back(element.get<std::string>());
  }
  return true;
}

// The first member that is missing or of another kind; nullptr: all is there.
const char* TakeAll(const Json& object, BenchResult* result) {
  if (!Take(object, "mutant", &Json::is_string, &result->mutant)) return "mutant";
  if (!Take(object, "contender", &Json::is_string, &result->contender)) return "contender";
  if (!Take(object, "target", &Json::is_string, &result->target)) return "target";
  if (!Take(object, "programs", &Json::is_string, &result->programs)) return "programs";
  if (!Take(object, "seed", &Json::is_number_unsigned, &result->seed)) return "seed";
  if (!Take(object, "limit", &Json::is_number_unsigned, &result->limit)) return "limit";
  if (!Take(object, "found", &Json::is_boolean, &result->found)) return "found";
  if (!Take(object, "seconds", &Json::is_number, &result->seconds)) return "seconds";
  if (!Take(object, "executions", &Json::is_number_unsigned, &result->executions)) return "executions";
  if (!Take(object, "key", &Json::is_string, &result->key)) return "key";
  uint64_t operations = 0;
  if (Take(object, "operations", &Json::is_number_unsigned, &operations)) result->operations = operations;
  return TakeStrings(object, "not_the_bug", &result->not_the_bug) ? nullptr : "not_the_bug";
}

}  // namespace

std::string PrintResult(const BenchResult& result) {
  Json object = {{"mutant", result.mutant},
                 {"contender", result.contender},
                 {"target", result.target},
                 {"programs", result.programs},
                 {"seed", result.seed},
                 {"limit", result.limit},
                 {"found", result.found},
                 {"seconds", result.seconds},
                 {"executions", result.executions},
                 {"key", result.key}};
  if (result.operations.has_value()) object["operations"] = *result.operations;
  object["not_the_bug"] = result.not_the_bug;
  return object.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

absl::StatusOr<BenchResult> ParseResult(absl::string_view text, absl::string_view file) {
  const Json object = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  BenchResult result;
  const char* const wrong = object.is_object() ? TakeAll(object, &result) : "the object";
  if (wrong == nullptr) return result;
  return absl::InvalidArgumentError(
      absl::StrCat(file, ": no result of a run: ", wrong, " is missing or of another kind"));
}

BenchResults ReadResults(const std::filesystem::path& folder) {
  BenchResults all;
  for (const std::filesystem::path& file : InputsBelow(folder)) {
    if (file.extension() != ".json") continue;
    const absl::StatusOr<std::string> text = ReadBytes(file);
    absl::StatusOr<BenchResult> result = text.ok() ? ParseResult(*text, file.string()) : text.status();
    if (result.ok()) all.results.push_back(*std::move(result));
    else all.errors.emplace_back(result.status().message());
  }
  std::sort(all.results.begin(), all.results.end(), [](const BenchResult& a, const BenchResult& b) {
    return std::tie(a.mutant, a.contender, a.seed) < std::tie(b.mutant, b.contender, b.seed);
  });
  return all;
}

}  // namespace hpfuzz
