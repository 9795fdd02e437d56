// SPDX-License-Identifier: Apache-2.0
// Lies: bugs for tests of reduction, each a layer that answers or shows one thing wrong, with the key by which the
// oracle finds it. They differ in how many operations it takes to see them.
#ifndef HPFUZZ_TESTS_ORACLE_LIES_H_
#define HPFUZZ_TESTS_ORACLE_LIES_H_

#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/oracle/twisted.h"
#include "trace/op.h"

namespace hpfuzz::inline HPFUZZ_GEOMETRY {

struct Lie {
  const char* name;
  Where where;
  Twist twist;
  std::string key;
  std::vector<OpKind> kinds;  // operations that can have to do with it
};
inline std::ostream& operator<<(std::ostream& out, const Lie& lie) { return out << lie.name; }

// One more warning when `operation` succeeds.
inline Twist WarnsAt(std::string_view operation) {
  return {.answer = [operation](std::string_view asked, Answer& answer) {
    if (asked == operation && answer.kind == Answer::Kind::kValue && answer.value == 0) ++answer.warnings;
  }};
}

inline const std::vector<Lie>& Lies() {
  using enum OpKind;
  static const std::vector<Lie> lies = {
      {"RegionIntersects",
       Where::kLegacyLayer,
       {.answer =
            [](std::string_view asked, Answer& answer) {
              if (asked == "region_intersects" && answer.value == static_cast<int>(Overlap::kIntersects))
                answer.value = 0;
            }},
       "region_intersects.legacy-answer",
       {kRegionIntersects}},
      {"PartOfASection",
       Where::kSubsectionLayer,
       {.section =
            [](SectionNr, SectionFacts& facts) {
              if (!facts.early && facts.bitmap != kFullBitmap) facts.bitmap = 0;
            }},
       "memremap_pages.subsection-bitmap",
       {kMemremapPages, kMemunmapPages}},
      {"OnlineWarns",
       Where::kSubsectionLayer,
       WarnsAt("online_pages"),
       "online_pages.subsection-answer",
       {kAddMemory, kRemoveMemory, kOnlinePages, kOfflinePages}},
      {"UnmapWarns",
       Where::kLegacyLayer,
       WarnsAt("memunmap_pages"),
       "memunmap_pages.legacy-answer",
       {kMemremapPages, kMemunmapPages, kAddMemory}},
      {"OfflineWarns",
       Where::kSubsectionLayer,
       WarnsAt("offline_pages"),
       "offline_pages.subsection-answer",
       {kAddMemory, kRemoveMemory, kOnlinePages, kOfflinePages}},
      {"PendingUnmap",
       Where::kSubsectionLayer,
       {.answer =
            [](std::string_view asked, Answer& answer) {
              if (asked == "memunmap_pages" && answer.kind == Answer::Kind::kPending) answer = Answer::Value(0);
            }},
       "memunmap_pages.subsection-answer",
       {kMemremapPages, kMemunmapPages, kPinPage, kUnpinPage}},
      {"TwoPins",
       Where::kLegacyLayer,
       {.answer =
            [](std::string_view asked, Answer& answer) {
              if (asked == "struct_page" && answer.kind == Answer::Kind::kPage && answer.page.zone == Zone::kDevice) {
                answer.page.count = 1;
              }
            }},
       "struct_page.legacy-answer",
       {kMemremapPages, kMemunmapPages, kPinPage, kUnpinPage, kStructPage}},
  };
  return lies;
}

// The key that a run of two machines, one of which lies, gives.
class LyingPair {
 public:
  explicit LyingPair(const Lie& lie)
      : lockstep_(TwistedParty("legacy", lie.where, lie.twist), TwistedParty("mainline-6.1", lie.where, lie.twist)) {}
  std::string Key(const Trace& trace) { return FindingKey(lockstep_.Run(trace)); }

 private:
  Lockstep lockstep_;
};

}  // namespace hpfuzz::inline HPFUZZ_GEOMETRY

#endif  // HPFUZZ_TESTS_ORACLE_LIES_H_
