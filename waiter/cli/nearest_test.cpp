#include "waiter/cli/nearest.hpp"

#include <gtest/gtest.h>

namespace waiter::cli {
namespace {

// Wagner and Fischer's own example, and its borders.
TEST(Nearest, CountsLettersThatDiffer) {
  EXPECT_EQ(distance("kitten", "sitting"), 3U);
  EXPECT_EQ(distance("", "abc"), 3U);
  EXPECT_EQ(distance("same", "same"), 0U);
}

TEST(Nearest, FindsWhatWasMeant) {
  EXPECT_EQ(nearest("timout", {"verify", "timeout"}), "timeout");
  EXPECT_EQ(nearest("kubecfg", {"kubeconfig", "context"}), "");
  EXPECT_EQ(nearest("on-lots", {"on-lost", "on-forbidden"}), "on-lost");
}

TEST(Nearest, DoesNotGuess) {
  EXPECT_EQ(nearest("nope", {"verify", "timeout"}), "");
  EXPECT_EQ(nearest("", {"a"}), "");
  EXPECT_EQ(nearest(std::string(1000, 'x'), {"timeout"}), "");
}

}  // namespace
}  // namespace waiter::cli
