// Randomness: the shapes of uids and suffixes, and that a seed is all there is to it.
#include "fakeapi/cluster/random.hpp"

#include <cstdint>
#include <regex>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace fakeapi::cluster {
namespace {

// RFC 4122 4.4: version 4, variant 10.
TEST(RandomUid, IsAVersionFourUuid) {
  EXPECT_TRUE(rc::check("any seed makes a well-formed uid", [](std::uint64_t seed) {
    Random random(seed);
    static const std::regex shape(
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    RC_ASSERT(std::regex_match(random_uid(random), shape));
  }));
}

// apimachinery util/rand: five characters of "bcdfghjklmnpqrstvwxz2456789".
TEST(RandomSuffix, UsesTheAlphabetOfKubernetes) {
  EXPECT_TRUE(
      rc::check("any seed makes a suffix that Kubernetes could have made", [](std::uint64_t seed) {
        Random random(seed);
        const std::string suffix = random_suffix(random);
        RC_ASSERT(suffix.size() == 5U);
        RC_ASSERT(suffix.find_first_not_of("bcdfghjklmnpqrstvwxz2456789") == std::string::npos);
      }));
}

TEST(Random, TheSameSeedGivesTheSameSequence) {
  Random a(7);
  Random b(7);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(), b.next());
}

TEST(Random, AnotherSeedGivesAnotherSequence) { EXPECT_NE(Random(7).next(), Random(8).next()); }

}  // namespace
}  // namespace fakeapi::cluster
