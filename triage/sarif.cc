// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0: property names and their nesting are those of the standard, sections 3.13 to 3.58.
#include "triage/sarif.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>

namespace hpfuzz {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
// The name under which services find the key; the part behind the slash is the version of how it is made (3.27.17).
constexpr std::string_view kFingerprint = "hpfuzzKey/v1";

std::string_view NameOf(SarifLevel level) {
  switch (level) {
    case SarifLevel::kNote: return "note";
    case SarifLevel::kWarning: return "warning";
    case SarifLevel::kError: return "error";
  }
  return "none";
}

// A path as a URI reference: RFC 3986, all but unreserved characters and '/' in percents.
std::string UriOf(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char character : path) {
    if (kPlain.find(character) != std::string_view::npos) {
      uri += character;
    } else {
      const auto byte = static_cast<uint8_t>(character);
      uri.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return uri;
}

Json LocationsOf(const std::vector<SarifLocation>& locations) {
  Json array = Json::array();
  for (const SarifLocation& location : locations) {
    Json physical = {{"artifactLocation", {{"uri", UriOf(location.file)}}}};
    if (location.line > 0) physical["region"] = {{"startLine", location.line}};
    array.push_back({{"physicalLocation", physical}});
  }
  return array;
}

Json RuleObject(const SarifRule& rule) {
  Json object = {{"id", rule.id}, {"shortDescription", {{"text", rule.title.empty() ? rule.id : rule.title}}}};
  if (!rule.help.empty()) object["help"] = {{"text", rule.help}};
  return object;
}

// Rules and, by id, where each stands.
struct Rules {
  Json array = Json::array();
  std::map<std::string, size_t> index;

  void Add(const SarifRule& rule) {
    if (index.emplace(rule.id, array.size()).second) array.push_back(RuleObject(rule));
  }
};

// `any_suppressed`: of the run; then all must say whether they are (3.27.23).
Json ResultObject(const SarifResult& result, size_t rule_index, bool any_suppressed) {
  Json object = {{"ruleId", result.rule},
                 {"ruleIndex", rule_index},
                 {"level", NameOf(result.level)},
                 {"message", {{"text", result.message}}}};
  if (!result.locations.empty()) object["locations"] = LocationsOf(result.locations);
  if (!result.related.empty()) object["relatedLocations"] = LocationsOf(result.related);
  if (!result.key.empty()) object["partialFingerprints"] = {{kFingerprint, result.key}};
  if (any_suppressed) object["suppressions"] = Json::array();
  if (result.suppressed.has_value()) {
    object["suppressions"].push_back({{"kind", "external"}, {"justification", *result.suppressed}});
  }
  return object;
}

Json InvocationObject(const std::vector<SarifNotification>& notifications) {
  Json object = {{"executionSuccessful", notifications.empty()}};
  for (const SarifNotification& notification : notifications) {
    Json one = {{"level", "error"}, {"message", {{"text", notification.message}}}};
    if (!notification.locations.empty()) one["locations"] = LocationsOf(notification.locations);
    object["toolExecutionNotifications"].push_back(one);
  }
  return object;
}

}  // namespace

std::string PrintSarif(const SarifRun& run) {
  Rules rules;
  for (const SarifRule& rule : run.rules) rules.Add(rule);
  const bool any_suppressed = std::any_of(run.results.begin(), run.results.end(),
                                          [](const SarifResult& result) { return result.suppressed.has_value(); });
  Json results = Json::array();
  for (const SarifResult& result : run.results) {
    rules.Add({.id = result.rule, .title = "", .help = ""});
    results.push_back(ResultObject(result, rules.index.at(result.rule), any_suppressed));
  }
  const Json log = {
      {"$schema", kSchema},
      {"version", "2.1.0"},
      {"runs", Json::array({{{"tool", {{"driver", {{"name", run.tool}, {"rules", rules.array}}}}},
                             {"invocations", Json::array({InvocationObject(run.notifications)})},
                             {"results", results}}})},
  };
  return log.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hpfuzz
