// SPDX-License-Identifier: Apache-2.0
// Runs a trace on machines of which some are wrong in one point: a Twist of the layer, of its reference, or of both.
#ifndef HPFUZZ_TESTS_ORACLE_TWISTED_H_
#define HPFUZZ_TESTS_ORACLE_TWISTED_H_

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "oracle/explain.h"
#include "registry/registry.h"
#include "tests/oracle/forwarding_layer.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

enum class Where { kLegacyLayer, kSubsectionLayer, kLegacy, kSubsection, kEverywhere };

inline bool Bends(Where where, Side side, bool reference) {
  switch (where) {
    case Where::kLegacyLayer: return side == Side::kLegacy && !reference;
    case Where::kSubsectionLayer: return side == Side::kSubsection && !reference;
    case Where::kLegacy: return side == Side::kLegacy;
    case Where::kSubsection: return side == Side::kSubsection;
    case Where::kEverywhere: return true;
  }
  return false;
}

inline Party TwistedParty(std::string_view name, Where where, const Twist& twist) {
  const Implementation& implementation = *FindImplementation(name);
  Party party = MakeParty(implementation);
  const Side side = implementation.generation == Generation::kLegacy ? Side::kLegacy : Side::kSubsection;
  const auto bend = [&](std::unique_ptr<HotplugLayer> layer, bool reference) {
    return std::make_unique<ForwardingLayer>(std::move(layer), Bends(where, side, reference) ? twist : Twist{});
  };
  party.layer = bend(std::move(party.layer), false);
  party.reference = bend(std::move(party.reference), true);
  return party;
}

struct Case {
  const char* name;
  Where where;
  std::string trace;
  Twist twist;
  std::string key;
};
inline std::ostream& operator<<(std::ostream& out, const Case& one) { return out << one.name; }

inline std::string RunTwisted(const Case& one) {
  const absl::StatusOr<Trace> trace = ParseTrace(one.trace, one.name);
  EXPECT_TRUE(trace.ok()) << trace.status();
  Lockstep lockstep(TwistedParty("legacy", one.where, one.twist), TwistedParty("mainline-6.1", one.where, one.twist));
  const Finding finding = lockstep.Run(*trace);
  EXPECT_EQ(FindingKey(finding).empty(), !finding);
  EXPECT_EQ(ExplainFinding(finding, lockstep).empty(), !finding);
  return FindingKey(finding);
}

inline std::string Text(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (std::string_view part : parts) text += part;
  return text;
}

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_ORACLE_TWISTED_H_
