// SPDX-License-Identifier: Apache-2.0
// Bucket: its name, its JSON.
#include "triage/bucket.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "files/file_name.h"

namespace hpfuzz {
namespace {

using nlohmann::ordered_json;

// In place of an operation in the key of what the last look at all facts shows (FindingKey() in oracle/finding.h).
constexpr absl::string_view kAtEnd = "end";

ordered_json JsonOf(const Replays& replays) { return {{"same", replays.same}, {"all", replays.all}}; }

Replays ReplaysOf(const ordered_json& object) { return {object.at("same").get<int>(), object.at("all").get<int>()}; }

Bucket BucketOf(const ordered_json& object) {
  Bucket bucket;
  object.at("key").get_to(bucket.key);
  object.at("kinds").get_to(bucket.kinds);
  bucket.last_kind = object.value("last_kind", "");
  object.at("geometry").get_to(bucket.geometry);
  bucket.pair = object.value("pair", "");
  object.at("operations").get_to(bucket.operations);
  object.at("minimal").get_to(bucket.minimal);
  bucket.replays = ReplaysOf(object.at("replays"));
  object.at("report").get_to(bucket.report);
  for (const ordered_json& row : object.at("inputs")) {
    BucketInput& input = bucket.inputs.emplace_back();
    row.at("sha1").get_to(input.sha1);
    row.at("bytes").get_to(input.bytes);
    row.at("key").get_to(input.key);
    row.at("names").get_to(input.names);
    input.replays = ReplaysOf(row.at("replays"));
  }
  return bucket;
}

}  // namespace

std::string Bucket::name() const {
  const size_t dot = key.find('.');
  std::string own = key.substr(0, dot);
  if (own == kAtEnd && !last_kind.empty()) own = last_kind;
  std::string text = dot == std::string::npos ? own : own + key.substr(dot);
  for (const std::string& kind : kinds) {
    if (kind != own) absl::StrAppend(&text, "+", kind);
  }
  return FileNameOf(text);
}

bool Bucket::flaky() const {
  return replays.flaky() ||
         std::any_of(inputs.begin(), inputs.end(), [](const BucketInput& input) { return input.replays.flaky(); });
}

std::string Repaired(const std::string& text) {
  return ordered_json::parse(ordered_json(text).dump(-1, ' ', false, ordered_json::error_handler_t::replace))
      .get<std::string>();
}

std::string PrintBucket(const Bucket& bucket) {
  ordered_json inputs = ordered_json::array();
  for (const BucketInput& input : bucket.inputs) {
    inputs.push_back({{"sha1", input.sha1},
                      {"bytes", input.bytes},
                      {"key", input.key},
                      {"names", input.names},
                      {"replays", JsonOf(input.replays)}});
  }
  const ordered_json object = {
      {"key", bucket.key},           {"kinds", bucket.kinds},   {"last_kind", bucket.last_kind},
      {"geometry", bucket.geometry}, {"pair", bucket.pair},     {"operations", bucket.operations},
      {"minimal", bucket.minimal},   {"flaky", bucket.flaky()}, {"replays", JsonOf(bucket.replays)},
      {"inputs", std::move(inputs)}, {"report", bucket.report}};
  return object.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

absl::StatusOr<Bucket> ParseBucket(absl::string_view json, absl::string_view file) {
  // The library throws; nothing leaves this function but a status.
  try {
    return BucketOf(ordered_json::parse(json.begin(), json.end()));
  } catch (const ordered_json::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": ", error.what()));
  }
}

}  // namespace hpfuzz
