// SPDX-License-Identifier: Apache-2.0
// Rules: each thing that can be found has one, and each key finds its own.
#include "triage/rules.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "oracle/contract.h"
#include "oracle/finding.h"
#include "oracle/invariants.h"
#include "oracle/nvdimm_rules.h"
#include "triage/crash_key.h"
#include "triage/rule_help.h"

namespace hpfuzz {
namespace {

std::map<std::string, SarifRule> ById() {
  std::map<std::string, SarifRule> rules;
  for (const SarifRule& rule : RulesOfFindings()) {
    EXPECT_TRUE(rules.emplace(rule.id, rule).second) << rule.id << " twice";
  }
  return rules;
}

// The rule of what was found, by its key: its own, with title and help.
void ExpectRule(const Finding& finding, const std::map<std::string, SarifRule>& rules) {
  const std::string key = FindingKey(finding);
  const std::string id = RuleOfKey(key);
  EXPECT_EQ(id, FindingName(finding)) << key;
  const auto rule = rules.find(id);
  ASSERT_NE(rule, rules.end()) << key;
  EXPECT_GT(rule->second.title.size(), 20U) << key;
  EXPECT_NE(rule->second.help.find("Look first at "), std::string::npos) << key;
}

TEST(Rules, EveryFindingHasOneAndNoOther) {
  const std::map<std::string, SarifRule> rules = ById();
  Finding finding;
  for (const bool at_end : {false, true}) {
    finding.at_end = at_end;
    for (const Side side : {Side::kLegacy, Side::kSubsection}) {
      finding.side = side;
      for (unsigned check = 0; check < kChecks; ++check) {
        finding.check = static_cast<Check>(check);
        for (const Finding::Kind kind :
             {Finding::Kind::kReference, Finding::Kind::kPair, Finding::Kind::kExpectation}) {
          finding.kind = kind;
          ExpectRule(finding, rules);
        }
      }
    }
    finding.kind = Finding::Kind::kClause;
    for (size_t i = 0; i < Clauses().size(); ++i) {
      finding.clause = static_cast<ClauseIndex>(i);
      ExpectRule(finding, rules);
    }
    finding.kind = Finding::Kind::kInvariant;
    for (size_t i = 0; i < Invariants().size(); ++i) {
      finding.invariant = static_cast<InvariantIndex>(i);
      ExpectRule(finding, rules);
    }
    finding.kind = Finding::Kind::kRule;
    for (unsigned i = 0; i < kNvdimmRuleCount; ++i) {
      finding.rule = static_cast<NvdimmRule>(i);
      ExpectRule(finding, rules);
    }
  }
  finding = {};
  finding.generation = OfGeneration::kSeries;
  for (const Finding::Kind kind : {Finding::Kind::kReference, Finding::Kind::kExpectation}) {
    finding.kind = kind;
    for (unsigned check = 0; check < kChecks; ++check) {
      finding.check = static_cast<Check>(check);
      ExpectRule(finding, rules);
    }
  }
  const size_t findings = 4 * kChecks + kSides + 1 + Clauses().size() + Invariants().size() + kNvdimmRuleCount;
  EXPECT_EQ(rules.size(), findings + CrashHelps().size());
}

// Helps of checks stand by Check: each in its row.
TEST(Rules, HelpOfChecksStandsByCheck) {
  ASSERT_EQ(CheckHelps().size(), kChecks);
  for (unsigned i = 0; i < kChecks; ++i) EXPECT_EQ(CheckHelps()[i].check, static_cast<Check>(i));
}

// They quote the contract: what a rule of a clause says is what the table says.
TEST(Rules, ClausesAndInvariantsTellAboutThemselves) {
  const std::map<std::string, SarifRule> rules = ById();
  for (const Clause& clause : Clauses()) {
    const std::string& help = rules.at(std::string(clause.id)).help;
    for (const std::string_view part : {clause.when, clause.because, RelationName(clause.relation)}) {
      EXPECT_NE(help.find(part), std::string::npos) << clause.id;
    }
  }
  for (const Invariant& invariant : Invariants()) {
    const SarifRule& rule = rules.at(std::string(invariant.id));
    EXPECT_NE(rule.title.find(invariant.says), std::string::npos) << invariant.id;
    EXPECT_NE(rule.help.find(invariant.source), std::string::npos) << invariant.id;
  }
  EXPECT_NE(rules.at("live-mapping-in-section").help.find("Foretold of 5.1: -ENOMEM; of 6.1 and 6.12: anything."),
            std::string::npos);
}

TEST(Rules, CrashesByWhatSanitizersCallThem) {
  struct Row {
    std::string_view output;
    std::string_view rule;
  };
  const Row rows[] = {
      {"ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n #0 0x1 in hpfuzz::F() f.cc:1\n",
       "crash.use-after-free"},
      {"ERROR: AddressSanitizer: use-after-poison on address 0x1\n", "crash.poisoned-memory"},
      {"ERROR: AddressSanitizer: attempting double-free on 0x1\n", "crash.bad-free"},
      {"ERROR: AddressSanitizer: SEGV on unknown address 0x0\n", "crash.stopped"},
      {"ERROR: LeakSanitizer: detected memory leaks\n", "crash.leak"},
      {"ERROR: libFuzzer: timeout after 5 seconds\n", "crash.too-slow"},
      {"WARNING: MemorySanitizer: use-of-uninitialized-value\n", "crash.uninitialised"},
      {"WARNING: ThreadSanitizer: data race (pid=1)\n", "crash.data-race"},
      {"f.cc:1:2: runtime error: shift exponent 64 is too large for 64-bit type 'x'\n", "crash.undefined"},
      {"f.cc:1:2: runtime error: signed integer overflow: 1 + 2 cannot be represented\n", "crash.undefined"},
      {"f.cc:1:2: runtime error: load of null pointer of type 'x'\n", "crash.undefined"},
      {"f.cc:1:2: runtime error: division by zero\n", "crash.undefined"},
      {"ERROR: AddressSanitizer: some-new-thing\n", "crash.other"},
  };
  const std::map<std::string, SarifRule> rules = ById();
  for (const Row& row : rows) {
    const std::string id = RuleOfKey(KeyOfProgram({row.output.data(), row.output.size()}, {1, 0}));
    EXPECT_EQ(id, row.rule) << row.output;
    ASSERT_TRUE(rules.contains(id)) << row.output;
    EXPECT_FALSE(rules.at(id).help.empty()) << row.output;
  }
  for (const CrashHelp& help : CrashHelps()) EXPECT_FALSE(help.title.empty() || help.help.empty()) << help.id;
}

// Keys that the summary lines of sanitizers make, as reports of CI have them.
TEST(Rules, SummariesOfSanitizers) {
  EXPECT_EQ(RuleOfKey("heap-use-after-free.hpfuzz::x86_64::Fill"), "crash.use-after-free");
  EXPECT_EQ(RuleOfKey("SEGV.sparse.cc"), "crash.stopped");
  EXPECT_EQ(RuleOfKey("memory-leak"), "crash.leak");
}

TEST(Rules, WhatIsNotKnownIsItsOwn) {
  for (const char* key : {"", ".", "a", "end.", "op.no-such-thing", "test.sarif_schema", "indexes.a", "\xff\n.b"}) {
    EXPECT_EQ(RuleOfKey(key), key);
  }
  EXPECT_EQ(RuleOfKey("crash."), "crash.other");
}

TEST(Rules, NamedOnes) {
  std::vector<SarifResult> results(3);
  results[0].rule = "crash.leak";
  results[1].rule = "pair-spans";
  results[2].rule = "x";
  const std::vector<SarifRule> rules = RulesNamedIn(results);
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].id, "pair-spans");
  EXPECT_EQ(rules[1].id, "crash.leak");
}

}  // namespace
}  // namespace hpfuzz
