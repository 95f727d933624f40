#include "fakeapi/server/deadlines.hpp"

#include <string>

#include <gtest/gtest.h>

namespace fakeapi::server {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

struct Named final : Deadlines::Entry {
  Named(std::string text, std::string& log) : name(std::move(text)), journal(log) {}
  void on_deadline() override { journal += name; }
  std::string name;
  std::string& journal;
};

struct DeadlinesTest : ::testing::Test {
  boost::asio::io_context context;
  Deadlines deadlines{context};
  std::string journal;
  Named a{"a", journal};
  Named b{"b", journal};
};

TEST_F(DeadlinesTest, AreReportedInOrderOfTime) {
  deadlines.set_in(a, milliseconds(4));
  deadlines.set_in(b, milliseconds(2));
  context.run();
  EXPECT_EQ(journal, "ba");
}

TEST_F(DeadlinesTest, MovedLaterIsReportedThen) {
  deadlines.set_in(a, milliseconds(1));
  deadlines.set_in(b, milliseconds(3));
  deadlines.set_in(a, milliseconds(6));
  context.run();
  EXPECT_EQ(journal, "ba");
}

TEST_F(DeadlinesTest, MovedEarlierIsReportedOnceAndThen) {
  deadlines.set_in(a, hours(1));
  deadlines.set_in(a, milliseconds(1));
  context.run();
  EXPECT_EQ(journal, "a");
}

TEST_F(DeadlinesTest, ClearedIsNotReported) {
  deadlines.set_in(a, milliseconds(1));
  deadlines.clear(a);
  context.run();
  EXPECT_EQ(journal, "");
}

// A server that has stopped leaves nothing in the event loop, or the program would not end.
TEST_F(DeadlinesTest, ForgottenKeepsTheLoopNoLonger) {
  deadlines.set_in(a, hours(1));
  deadlines.forget(a);
  context.run();
  EXPECT_EQ(journal, "");
}

TEST_F(DeadlinesTest, ReportedMayBeSetAgain) {
  deadlines.set_in(a, milliseconds(1));
  context.run();
  context.restart();
  deadlines.set_in(a, milliseconds(1));
  context.run();
  EXPECT_EQ(journal, "aa");
}

}  // namespace
}  // namespace fakeapi::server
