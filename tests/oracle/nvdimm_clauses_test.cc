// SPDX-License-Identifier: Apache-2.0
// Every clause about NVDIMMs governs something: a trace for each, at whose last operation it does.
#include "oracle/nvdimm_clauses.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "oracle/explain.h"
#include "registry/registry.h"
#include "trace/text.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {
namespace {

struct Row {
  std::string_view clause;
  std::string_view subsection;
  std::string_view trace;
};

constexpr std::string_view k61 = "mainline-6.1";
constexpr std::string_view k612 = "mainline-6.12";

constexpr Row kRowsOfClauses[] = {
    {"region-in-one-world", k61,
     "ram 1000-1fffffff\npmem 24000000-3bffffff\narch_remove_memory 20000000-27ffffff\nregion p 18000000-1fffffff\n"
     "reboot other\nns_create a p 1f000+1000000 raw\n"},
    {"dax-on-padded-namespace", k61,
     "ram 1000-83ffffff\nregion p 84000000-97ffffff\nns_create a p 0+c000000 fsdax ram align 200000 uuid 10\n"
     "ns_read a 0+1000 dax\n"},
    {"dax-on-padded-namespace", k61,
     "ram 1000-83ffffff\nregion p 84000000-97ffffff\nns_create a p 0+c000000 fsdax ram align 200000 uuid 10\n"
     "dax_access a 0\n"},
    {"namespace-in-other-state", k61,
     "ram 1000-1fffffff\nregion p 20000000-2fffffff\n"
     "ns_create a p 8000000+201000 fsdax ram align 0 uuid bb parent 68\ncorrupt a uuid 40 sealed\n"},
    {"info-block-in-data", k61,
     "ram 1000-27ffffff\nregion p 48000000-4fffffff\nns_create a p 0+8000000 fsdax ram align 200000 uuid 60\n"
     "ns_disable a\ncorrupt a signature 0\nns_enable a\nns_read a 1000+200\n"},
    {"info-block-in-data", k61,
     "ram 1000-27ffffff\nregion p 100000000-10fffffff\nns_create a p 8000000+8000000 fsdax ram align 200000 uuid 10\n"
     "corrupt a signature 0\nns_disable a\nns_destroy a\n"
     "ns_create b p 0+10000000 devdax pmem align 200000 uuid 11\nns_read b 7a01000+1000 dax\n"},
    {"block-refused-by-subsection", k61,
     "ram 1000-2fffffff\nregion p 38000000-3fffffff\nns_create a p 0+8000000 devdax pmem align 8c6a5 uuid 41\n"
     "reboot other\nns_enable a\n"},
    {"block-refused-by-both", k61,
     "ram 1000-2fffffff\nregion p 100000000-107ffffff\nns_create a p 0+8000000 fsdax pmem align 200000 uuid 10\n"
     "ns_disable a\ncorrupt a dataoff 8000000 sealed\nns_enable a\n"},
    {"block-read-differently", k61,
     "ram 1000-2fffffff\nregion p 48000000-48000fff\nns_create a p 0+1000 fsdax pmem align 1000 uuid 10\n"},
    {"create-misaligned", k61,
     "ram 1000-17ffffff\nregion p 18000000-1fffffff\nns_create a p 22000+200000 fsdax ram align 1000 uuid d2\n"},
    {"create-padded", k61,
     "ram 1000-33ffffff\nregion p 34000000-8bffffff\nns_create a p 0+c000000 fsdax ram align 200000 uuid b7\n"},
    {"namespace-shares-section", k61,
     "ram 1000-2fffffff\nregion p 57800000-57ffffff\nmemremap_pages a 50000000-57ffffff\n"
     "ns_create a p 200000+201000 fsdax pmem align 200000 uuid 35\n"},
    {"create-without-capacity", k61,
     "ram 1000-1fffffff\nregion p 28000000-2fffffff\nns_create a p 0+201000 fsdax ram align 200000 uuid bb\n"},
    {"create-oddly-aligned", k61,
     "ram 1000-1fffffff\nregion p 40000000-57ffffff\nns_create a p 0+18000000 devdax pmem align 1ab42850a uuid 10\n"},
    {"create-without-capacity", k612,
     "ram 1000-1fffffff\nregion p 70000000-77ffffff\nns_create a p 0+8000000 devdax ram align 40000000 uuid 10\n"},
    {"create-uneven", k61,
     "ram 1000-33ffffff\nregion p 40000000-47ffffff\nns_create a p 200000+1400000 devdax ram align 200000 uuid b8\n"},
    {"create-uneven", k61,
     "ram 1000-2fffffff\nregion p 48000000-5fffffff\nns_create a p 0+18000000 fsdax ram align 200000 uuid 10\n"
     "ns_disable a\ncorrupt a align 1000 sealed\ncorrupt a dataoff 1000 sealed\nns_enable a\n"
     "corrupt a checksum 0\nns_enable a\n"},
    {"namespace-maps-nothing", k61,
     "ram 8001000-17ffffff\nregion p 0-7ffffff\nns_create a p 0+8000000 fsdax ram align 200000 uuid 10\n"
     "ns_disable a\ncorrupt a end_trunc 8000000 sealed\nns_enable a\n"},
    {"namespace-ends-with-addresses", k61,
     "ram 1000-2fffffff\npaging 5\nphys_bits 52\nregion p ffff000000000-fffffffffffff\n"
     "ns_create a p ff0000000+10000000 fsdax pmem align 200000 uuid 10\n"},
    {"namespace-memmap-short", k61,
     "ram 1000-17ffffff\nregion p 40000000-47ffffff\nns_create a p 0+8000000 fsdax pmem align 200000 uuid 10\n"
     "ns_disable a\ncorrupt a dataoff 200000 sealed\nns_enable a\n"},
    {"namespace-part-of-section", k61,
     "ram 1000-1fffffff\nregion p 30000000-37ffffff\nns_create a p 0+1400000 devdax ram align 200000 uuid 10\n"
     "ns_disable a\nns_enable a\n"},
    {"data-nobody-wrote", k61,
     "ram 1000-3fffffff\nregion p 68000000-6fffffff\nns_create a p 0+200000 devdax pmem align 200000 uuid e8\n"
     "dax_access a 800\n"},
};

class Governing : public StepObserver {
 public:
  void OnStep(const Step& step) override {
    if (!step.teardown) clause = step.clause;
  }
  ClauseIndex clause = kNoClause;
};

std::string_view GovernedBy(const Row& row) {
  const absl::StatusOr<Trace> trace = ParseTrace(std::string(row.trace), "row");
  EXPECT_TRUE(trace.ok()) << trace.status();
  if (!trace.ok()) return {};
  Lockstep lockstep(MakeParty(*FindImplementation("legacy")), MakeParty(*FindImplementation(row.subsection)));
  Governing governing;
  const Finding finding = lockstep.Run(*trace, &governing);
  EXPECT_FALSE(finding) << FindingKey(finding) << "\n" << ExplainFinding(finding, lockstep);
  return governing.clause == kNoClause ? "none" : Clauses()[governing.clause].id;
}

TEST(NvdimmClauses, EachGovernsItsTrace) {
  for (const Row& row : kRowsOfClauses) EXPECT_EQ(GovernedBy(row), row.clause) << row.trace;
}

TEST(NvdimmClauses, EachHasARow) {
  std::set<std::string_view> rows;
  for (const Row& row : kRowsOfClauses) rows.insert(row.clause);
  for (const Clause& clause : nvdimm_clauses::kRows) EXPECT_EQ(rows.count(clause.id), 1U) << clause.id;
}

// Beside the block all that nobody wrote is alike.
TEST(NvdimmClauses, DataBesideABlockIsAlike) {
  constexpr std::string_view kRaw =
      "ram 1000-27ffffff\nregion p 48000000-4fffffff\nns_create a p 0+8000000 fsdax ram align 200000 uuid 60\n"
      "ns_disable a\ncorrupt a signature 0\nns_enable a\nns_read a ";
  for (const std::string_view beside : {"0+1000", "2000+1000", "2000+7ffe000"}) {
    const std::string trace = std::string(kRaw) + std::string(beside) + "\n";
    EXPECT_EQ(GovernedBy({"", k61, trace}), "none") << beside;
  }
}

// A failed device whose alignment fits makes a block that is alike.
TEST(NvdimmClauses, FailedDevicesMakeBlocksAlike) {
  EXPECT_EQ(GovernedBy({"", k61,
                        "ram 1000-2fffffff\nregion p 48000000-5fffffff\n"
                        "ns_create a p 0+18000000 fsdax ram align 200000 uuid 10\nns_disable a\n"
                        "corrupt a dataoff 0 sealed\nns_enable a\ncorrupt a checksum 0\nns_enable a\n"}),
            "none");
}

// What names no range has nothing to do with section 0, which was let differ here.
TEST(NvdimmClauses, DataAreNoPartOfSectionZero) {
  EXPECT_EQ(GovernedBy({"", k61,
                        "ram 8001000-27ffffff\nmemremap_pages a 0-ffffff\nregion p 48000000-4fffffff\n"
                        "ns_create a p 0+8000000 fsdax ram align 200000 uuid 60\nns_read a 0+1000\n"}),
            "none");
}

// What is attached already, or lies nowhere, maps nothing: answers must be equal.
TEST(NvdimmClauses, NothingIsMappedTwice) {
  EXPECT_EQ(GovernedBy({"", k61,
                        "ram 1000-1fffffff\nregion p 30000000-37ffffff\n"
                        "ns_create a p 0+8000000 fsdax ram align 200000 uuid 10\nns_enable a\n"}),
            "none");
  EXPECT_EQ(GovernedBy({"", k61, "ram 1000-1fffffff\nns_create a - 0+8000000 fsdax ram align 200000 uuid 10\n"}),
            "none");
}

}  // namespace
}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY
