// SPDX-License-Identifier: Apache-2.0
// Names of files, and the sums that some are made of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "files/file_name.h"
#include "files/sha1.h"

namespace hpfuzz {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(FileNameOf, KeysOfTheOracleAreTheirOwnNames) {
  EXPECT_EQ(FileNameOf("__add_pages.legacy-struct-page"), "__add_pages.legacy-struct-page");
}

TEST(FileNameOf, OddKeysStayInsideAndApart) {
  const std::string long_key(300, 'x');
  const std::vector<std::string> keys = {"",    ".",    "..",      "../x",   "a/b",          "a-b",
                                         "a b", "a\nb", ".hidden", long_key, long_key + "y", "heap-overflow.a::b<int>"};
  std::set<std::string> names;
  for (const std::string& key : keys) {
    const std::string name = FileNameOf(key);
    EXPECT_TRUE(names.insert(name).second) << key;
    EXPECT_LE(name.size(), 120u);
    EXPECT_FALSE(name.empty() || name[0] == '.') << key;
    EXPECT_THAT(name, Not(HasSubstr("/")));
  }
}

// FIPS 180-4's own examples and the lengths at which the padding takes another block.
TEST(Sha1, IsThatOfTheStandard) {
  EXPECT_EQ(Sha1(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(Sha1("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(Sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  EXPECT_EQ(Sha1(std::string(55, 'a')), "c1c8bbdc22796e28c0e15163d20899b65621d65a");
  EXPECT_EQ(Sha1(std::string(56, 'a')), "c2db330f6083854c99d4b5bfb6e8f29f201be699");
  EXPECT_EQ(Sha1(std::string(64, 'a')), "0098ba824b5c16427bd7a1122a5a442a25ec644d");
  EXPECT_EQ(Sha1(std::string(1000000, 'a')), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

}  // namespace
}  // namespace hpfuzz
