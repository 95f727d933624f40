// Nothing that is placed may cover anything else.
#include "fakeapi/lanes/place.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace fakeapi::lanes {
namespace {

TEST(Place, BeginsAtTheAnchorWhereThereIsRoom) {
  const auto placed = place({{10, 20, 1, 0}}, 0, 100, 5);
  EXPECT_EQ(placed[0].side, Side::right);
  EXPECT_EQ(placed[0].left, 10);
}

TEST(Place, EndsAtTheAnchorNearTheRightEdge) {
  const auto placed = place({{95, 20, 1, 0}}, 0, 100, 5);
  EXPECT_EQ(placed[0].side, Side::left);
  EXPECT_EQ(placed[0].left, 75);
}

TEST(Place, GoesWhereThereIsRoomWhenNeitherSideHasIt) {
  const auto placed = place({{50, 80, 1, 0}}, 0, 100, 5);
  EXPECT_EQ(placed[0].side, Side::away);
  EXPECT_EQ(placed[0].left, 20);
}

// The line to an earlier text passes the later one on its left side.
TEST(Place, GivesTheLaterTextTheUpperRow) {
  const auto placed = place({{10, 50, 1, 0}, {20, 50, 1, 0}}, 0, 100, 5);
  EXPECT_EQ(placed[1].row, 0);
  EXPECT_EQ(placed[0].row, 1);
  EXPECT_TRUE(placed[0].has_leader);
}

TEST(Place, HidesWhatFindsNoRow) {
  const auto placed = place({{10, 50, 2, 0}, {20, 50, 2, 0}}, 0, 100, 3);
  EXPECT_EQ(placed[0].side, Side::hidden);
  EXPECT_EQ(placed[1].row, 0);
}

// The promise of the whole file: no two texts overlap, and none leaves the page.
RC_GTEST_PROP(Place, NeverPutsOneTextOverAnother, ()) {
  std::vector<Callout> callouts;
  std::vector<int> anchors = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 100));
  std::sort(anchors.begin(), anchors.end());
  for (const int anchor : anchors) {
    callouts.push_back({anchor * 1.0, *rc::gen::inRange(1, 101) * 1.0, *rc::gen::inRange(1, 4),
                        *rc::gen::inRange(0, 2) * 1.0});
  }
  const auto placed = place(callouts, 0, 100, 10);
  RC_ASSERT(placed.size() == callouts.size());
  for (std::size_t a = 0; a < placed.size(); ++a) {
    if (placed[a].side == Side::hidden) continue;
    RC_ASSERT(placed[a].left >= 0);
    RC_ASSERT(placed[a].left + callouts[a].width <= 100);
    RC_ASSERT(placed[a].row + callouts[a].rows <= 10);
    for (std::size_t b = 0; b < a; ++b) {
      if (placed[b].side == Side::hidden) continue;
      const bool apart = placed[a].left + callouts[a].width <= placed[b].left ||
                         placed[b].left + callouts[b].width <= placed[a].left ||
                         placed[a].row + callouts[a].rows <= placed[b].row ||
                         placed[b].row + callouts[b].rows <= placed[a].row;
      RC_ASSERT(apart);
    }
  }
}

TEST(Stack, OpensARowOnlyWhenTheFormerIsFull) {
  EXPECT_EQ(stack({0, 2, 10}, 5, 3), (std::vector<int>{0, 1, 0}));
}

TEST(Stack, GivesUpWhenAllRowsAreFull) {
  EXPECT_EQ(stack({0, 0, 0}, 5, 2), (std::vector<int>{0, 1, -1}));
}

}  // namespace
}  // namespace fakeapi::lanes
