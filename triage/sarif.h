// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), as code-scanning services read it: one run of one
// tool, its rules, its results. Not covered: reading it; code flows, graphs, fixes.
#ifndef HPFUZZ_TRIAGE_SARIF_H_
#define HPFUZZ_TRIAGE_SARIF_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hpfuzz {

enum class SarifLevel : uint8_t { kNote, kWarning, kError };

// Texts are any bytes: what is no UTF-8 is replaced.
struct SarifRule {
  std::string id;     // what results name
  std::string title;  // one sentence
  std::string help;   // as long as it takes; may be empty
};

struct SarifLocation {
  std::string file;  // relative to the root of the source tree with '/' between folders, or absolute
  int line = 0;      // from 1; 0: the file as a whole
};

struct SarifResult {
  std::string rule;
  SarifLevel level = SarifLevel::kError;
  std::string message;
  std::vector<SarifLocation> locations;
  // The same for the same problem in every run; by it services tell a new result from a known one. Empty: they guess.
  std::string key;
  // Known and accepted outside the source: why, and until when.
  std::optional<std::string> suppressed = std::nullopt;
  // Other files that help to understand it, such as the input.
  std::vector<SarifLocation> related = {};
};

// What kept the tool from doing its work.
struct SarifNotification {
  std::string message;
  std::vector<SarifLocation> locations;
};

struct SarifRun {
  std::string tool;
  std::vector<SarifRule> rules;
  std::vector<SarifResult> results;
  std::vector<SarifNotification> notifications;  // none: the tool did all of its work
};

// The whole log. Rules keep their order, each once; one that a result names and nobody described is added in the order
// of the results, with its id as title.
std::string PrintSarif(const SarifRun& run);

}  // namespace hpfuzz

#endif  // HPFUZZ_TRIAGE_SARIF_H_
