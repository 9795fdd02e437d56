// SPDX-License-Identifier: Apache-2.0
// emit: writes what triage/ emits into a file, for checks that take a file: a compiler (cmake/tests.cmake), a validator
// of JSON schemas (scripts/sarif_test.py).
//
// usage: emit regression-canary|regression-tiny|sarif FILE
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/triage/bucket_scenes.h"
#include "triage/bucket_reports.h"
#include "triage/regression_test_source.h"

namespace hpfuzz {
namespace {

// Comments that would end a literal, begin another comment or continue a line, if they could; bytes that are no ASCII
// and no UTF-8; a line as long as a trace may have. The parser of traces passes over them.
std::string HostileComments() {
  return std::string("# ?\?/\n# ?\?=include \"/nowhere\" ?\?/\n") + "# )\" )hpfuzz\" \"); } /* // \\\n" +
         "# \\u0041 \\x41 \\0 %s %n $TRACE$ $KEY$\n" + "# \xe2\x80\xae right to left \xc3\xa9 \xff\xfe\n" + "# " +
         std::string(60'000, '?') + "\n";
}

// What HPFUZZ_CANARY breaks: the sub-section behind the one that is added becomes active too.
std::string RegressionTestOfTheCanary() {
  return RegressionTestSource({.trace = HostileComments() + "ram 1000-7ffffff\n__add_pages 10000000-101fffff\n",
                               .key = "__add_pages.subsection-bitmap",
                               .geometry = "x86-64",
                               .name = "\"); } TEST(Broken, Out) { ?\?/\n",
                               .pair = "mainline-6.1,mainline-6.12"});
}

std::string RegressionTestOfTiny() {
  return RegressionTestSource({.trace = HostileComments() + "geometry tiny\n__add_pages 80000-83fff\n",
                               .key = "\xff\"; ?\?/\n#error broken out\n\\",
                               .geometry = "tiny",
                               .name = "",
                               .pair = ""});
}

// With every rule there is.
std::string Sarif() {
  std::vector<Bucket> buckets = BucketScene("all\n");
  buckets.push_back(HostileBucket());
  return BucketsSarif(buckets, "build/triage");
}

struct Emitter {
  std::string_view name;
  std::string (*emit)();
};
constexpr Emitter kEmitters[] = {
    {"regression-canary", RegressionTestOfTheCanary},
    {"regression-tiny", RegressionTestOfTiny},
    {"sarif", Sarif},
};

int Main(int argc, char** argv) {
  for (const Emitter& emitter : kEmitters) {
    if (argc == 3 && emitter.name == argv[1]) {
      std::ofstream file(argv[2], std::ios::binary);
      return (file << emitter.emit()).flush() ? 0 : 1;
    }
  }
  std::cerr << "usage: emit regression-canary|regression-tiny|sarif FILE\n";
  return 2;
}

}  // namespace
}  // namespace hpfuzz

int main(int argc, char** argv) { return hpfuzz::Main(argc, argv); }
