// SPDX-License-Identifier: Apache-2.0
// Telling: the key and the end of its line as soon as it is known; then one object in CBOR, whose texts may be any
// bytes.
#include "triage/told.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace hpfuzz {
namespace {

using nlohmann::json;

json ObjectOf(const absl::StatusOr<Minimized>& result) {
  if (!result.ok()) {
    return {{"code", static_cast<int>(result.status().code())}, {"message", std::string(result.status().message())}};
  }
  return {{"code", 0},
          {"own_key", result->own_key},
          {"key", result->key},
          {"text", result->text},
          {"bytes", json::binary(result->bytes)},
          {"bytes_have_key", result->bytes_have_key},
          {"minimal", result->minimal},
          {"kinds", result->kinds},
          {"last_kind", result->last_kind},
          {"operations_at_first", result->progress.operations_at_first},
          {"operations", result->progress.operations},
          {"candidates", result->progress.candidates},
          {"left_out", result->left_out}};
}

absl::StatusOr<Minimized> ResultOf(const json& object) {
  if (const int code = object.at("code"); code != 0) {
    return absl::Status(static_cast<absl::StatusCode>(code), object.at("message").get<std::string>());
  }
  Minimized result;
  object.at("own_key").get_to(result.own_key);
  object.at("key").get_to(result.key);
  object.at("text").get_to(result.text);
  result.bytes = object.at("bytes").get_binary();
  object.at("bytes_have_key").get_to(result.bytes_have_key);
  object.at("minimal").get_to(result.minimal);
  object.at("kinds").get_to(result.kinds);
  object.at("last_kind").get_to(result.last_kind);
  object.at("operations_at_first").get_to(result.progress.operations_at_first);
  object.at("operations").get_to(result.progress.operations);
  object.at("candidates").get_to(result.progress.candidates);
  object.at("left_out").get_to(result.left_out);
  result.progress.key = result.key;
  return result;
}

void TellObject(const absl::StatusOr<Minimized>& result, Tell tell) {
  const std::vector<uint8_t> object = json::to_cbor(ObjectOf(result));
  tell({reinterpret_cast<const char*>(object.data()), object.size()});
}

}  // namespace

void TellMinimized(const Workbench& workbench, absl::string_view content, absl::string_view file,
                   const MinimizeRequest& request, Tell tell) {
  bool key_told = false;
  MinimizeRequest watched = request;
  watched.progress = [&](const MinimizeProgress& progress) {
    if (!key_told) tell(absl::StrCat(progress.key, "\n"));
    key_told = true;
    if (request.progress) request.progress(progress);
  };
  const absl::StatusOr<Minimized> result = workbench.Minimize(content, file, watched);
  if (!key_told) tell("\n");
  TellObject(result, tell);
}

void TellResult(const std::string& own_key, const absl::StatusOr<Minimized>& result, Tell tell) {
  tell(absl::StrCat(own_key, "\n"));
  TellObject(result, tell);
}

Told ReadTold(absl::string_view told) {
  Told read;
  const size_t end = told.find('\n');
  if (end == absl::string_view::npos) return read;
  read.own_key = std::string(told.substr(0, end));
  const absl::string_view rest = told.substr(end + 1);
  const json object = json::from_cbor(rest.begin(), rest.end(), /*strict=*/true, /*allow_exceptions=*/false);
  if (object.is_object()) read.result = ResultOf(object);
  return read;
}

}  // namespace hpfuzz
