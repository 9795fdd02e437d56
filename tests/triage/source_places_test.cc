// SPDX-License-Identifier: Apache-2.0
// Places: the table names what is there, and from a report come places of this tree only.
#include "triage/source_places.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"

namespace hpfuzz {
namespace {

std::string Text(const std::vector<SarifLocation>& places) {
  std::string text;
  for (const SarifLocation& place : places) absl::StrAppend(&text, place.file, ":", place.line, " ");
  return text;
}

TEST(SourcePlaces, TheTableNamesWhatIsThere) {
  ASSERT_EQ(OpPlaces().size(), kOpKinds);
  for (const OpPlace& row : OpPlaces()) {
    for (const OpPlace::Place& place : row.of) {
      std::ifstream file(std::string(HPFUZZ_SOURCE_DIR "/").append(place.file));
      ASSERT_TRUE(file.is_open()) << place.file;
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      EXPECT_NE(text.find(std::string(" ").append(place.function) + "("), std::string::npos)
          << place.file << " has no " << place.function;
    }
  }
}

TEST(SourcePlaces, OfKeys) {
  EXPECT_EQ(Text(PlacesOfKey("memremap_pages.legacy-answer")), "impl_legacy/memremap.cc:0 ");
  EXPECT_EQ(Text(PlacesOfKey("memremap_pages.subsection-expectation")), "impl_subsection/memremap.cc:0 ");
  EXPECT_EQ(Text(PlacesOfKey("add_memory.pair-spans")),
            "impl_legacy/memory_hotplug.cc:0 impl_subsection/memory_hotplug_ram.cc:0 ");
  EXPECT_EQ(Text(PlacesOfKey("memremap_pages.ram-in-section")),
            "impl_legacy/memremap.cc:0 impl_subsection/memremap.cc:0 ");
  EXPECT_EQ(Text(PlacesOfKey("ns_destroy.user-data-kept")), "machine/nvdimm_bus_base.cc:0 ");
  for (const char* none : {"", ".", "end.pair-spans", "crash.segv.add_pages", "crash.memremap_pages", "memremap_pages",
                           "\xff.legacy-answer"}) {
    EXPECT_EQ(Text(PlacesOfKey(none)), "") << none;
  }
}

constexpr char kReport[] =
    "==17==ERROR: AddressSanitizer: use-after-poison on address 0x6020 at pc 0x55d4\n"
    "READ of size 8 at 0x602000000010 thread T0\n"
    "    #0 0x7f01 in memcpy (/usr/lib/libc.so.6+0x123)\n"
    "    #1 0x55d4 in hpfuzz::x86_64::(anonymous namespace)::Fill(unsigned long) /a "
    "b/src/machine/struct_pages.cc:12:3\n"
    "    #2 0x55d4 in std::function<void (hpfuzz::x86_64::Pfn)>::operator()() /usr/include/c++/12/functional:7:3\n"
    "    #3 0x55d5 in hpfuzz::x86_64::subsection::MemSection::PfnValid() "
    "/src/build/asan/include/impl_subsection/impl_subsection/mmzone.h:51\n"
    "    #4 0x55d5 in hpfuzz::x86_64::Again() ../impl_subsection/mmzone.h:51:9\n"
    "    #5 0x55d6 in hpfuzz::x86_64::Lockstep::Run() /src/oracle/lockstep.cc:4:5\n"
    "\n"
    "0x6020 is located here, freed by:\n"
    "    #0 0x55d9 in hpfuzz::x86_64::Other() /src/impl_legacy/sparse.cc:2:1\n";

TEST(SourcePlaces, OfTheFirstStack) {
  EXPECT_EQ(Text(PlacesInReport(kReport)), "machine/struct_pages.cc:12 impl_subsection/mmzone.h:51 ");
}

TEST(SourcePlaces, OfUndefinedBehaviour) {
  EXPECT_EQ(Text(PlacesInReport("/src/impl_legacy/sparse.cc:12:3: runtime error: shift exponent 64 is too large\n"
                                "    #0 0x55d4 in hpfuzz::tiny::Mask(int) /src/impl_legacy/sparse.h:9:3\n")),
            "impl_legacy/sparse.cc:12 impl_legacy/sparse.h:9 ");
}

TEST(SourcePlaces, StrangersNameNothingElse) {
  for (const char* line : {"#0 0x1 in hpfuzz::F() /src/impl_legacy/../../etc/passwd:1:1",
                           "#0 0x1 in hpfuzz::F() /impl_legacy/..:1",
                           "#0 0x1 in hpfuzz::F() /impl_legacy/a b.cc:1",
                           "#0 0x1 in hpfuzz::F() /impl_legacy/<b>.cc:1",
                           "#0 0x1 in hpfuzz::F() /impl_legacy/\xff.cc:1",
                           "#0 0x1 in hpfuzz::F() /impl_legacy/a.txt:1",
                           "#0 0x1 in hpfuzz::F() /impl_legacy/a.cc",
                           "#0 0x1 in hpfuzz::F() /impl_legacy/a.cc:0",
                           "#0 0x1 in hpfuzz::F() /impl_legacy/a.cc:-1",
                           "#0 0x1 in hpfuzz::F() /impl_legacy/a.cc:99999999999",
                           "#0 0x1 in hpfuzz::F() /impl_legacy/a.cc:x",
                           "#0 0x1 in hpfuzz::F() impl_legacy",
                           "#0 0x1 in hpfuzz::F() /",
                           "#0 0x1 in hpfuzz::F()",
                           "#",
                           "# hpfuzz::",
                           "#0 0x1 in other() /usr/include/machine/endian.h:3",
                           ": runtime error: ",
                           "x: runtime error: y",
                           "/my_impl_legacy/a.cc:1: runtime error: x"}) {
    EXPECT_EQ(Text(PlacesInReport(line)), "") << line;
  }
  std::string many;
  for (int i = 1; i < 100; ++i) absl::StrAppend(&many, "#0 0 in hpfuzz::F() /impl_legacy/a.cc:", i, "\n");
  EXPECT_EQ(PlacesInReport(many).size(), 8U);
}

}  // namespace
}  // namespace hpfuzz
