// Answers that are not known when the request has come, over TLS.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "fakeapi/server/test_client.hpp"

namespace fakeapi::server {
namespace {

using testing_tools::Client;
using testing_tools::get;
using testing_tools::TestServer;

/// An answer that a test decides.
struct Decision {
  bool known = false;
  bool destroyed = false;
  std::function<void()> ready;
  cluster::Instant deadline = cluster::Instant::max();
};

class Pending final : public wire::PendingAnswer {
 public:
  explicit Pending(std::shared_ptr<Decision> decision) : decision_(std::move(decision)) {}
  ~Pending() override { decision_->destroyed = true; }
  std::optional<cluster::Response> poll(cluster::Instant now) override {
    if (!decision_->known && now < decision_->deadline) return std::nullopt;
    cluster::Response response;
    response.body = std::make_shared<const std::string>(decision_->known ? "known" : "late");
    return response;
  }
  cluster::Instant deadline() const override { return decision_->deadline; }
  void on_ready(std::function<void()> ready) override { decision_->ready = std::move(ready); }

 private:
  std::shared_ptr<Decision> decision_;
};

/// A client whose request is pending.
std::unique_ptr<Client> ask_pending(TestServer& test, const std::shared_ptr<Decision>& decision) {
  test.pending = std::make_unique<Pending>(decision);
  auto client = test.client();
  EXPECT_TRUE(client->send(get("/poll") + get("/next")));
  EXPECT_TRUE(test.loop.until([&] { return decision->ready != nullptr; }));
  return client;
}

TEST(ConnectionPending, AnswerComesWhenItIsKnown) {
  TestServer test;
  const auto decision = std::make_shared<Decision>();
  const auto client = ask_pending(test, decision);
  EXPECT_TRUE(client->read_some());
  EXPECT_EQ(client->received, "");
  decision->known = true;
  decision->ready();
  EXPECT_EQ(client->read_answer().second, "known");
  EXPECT_TRUE(decision->destroyed);
  EXPECT_EQ(client->read_answer().second, "GET /next ");
}

TEST(ConnectionPending, AnswerComesWhenItsTimeIsOver) {
  TestServer test;
  const auto decision = std::make_shared<Decision>();
  decision->deadline = testing_tools::real_now() + std::chrono::milliseconds(20);
  const auto client = ask_pending(test, decision);
  EXPECT_EQ(client->read_answer().second, "late");
  EXPECT_GE(testing_tools::real_now(), decision->deadline);
}

TEST(ConnectionPending, ClientThatLeavesIsForgotten) {
  TestServer test;
  const auto decision = std::make_shared<Decision>();
  test.pending = std::make_unique<Pending>(decision);
  const auto client = test.client();
  ASSERT_TRUE(client->send(get("/poll")));
  ASSERT_TRUE(test.loop.until([&] { return decision->ready != nullptr; }));
  client->hang_up();
  EXPECT_TRUE(test.loop.until([&] { return decision->destroyed; }));
}

}  // namespace
}  // namespace fakeapi::server
