#include "waiter/net/credential_source.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace waiter::net {
namespace {

/// Plugins are shell scripts that write one letter to the file `runs` first.
class CredentialSourceTest : public testing::Test {
 protected:
  CredentialSourceTest() {
    std::string pattern = testing::TempDir() + "credential-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~CredentialSourceTest() override { std::filesystem::remove_all(folder_); }

  std::shared_ptr<CredentialSource> source(
      const std::string& script, std::chrono::milliseconds limit = CredentialSource::plugin_limit) {
    CredentialPlugin plugin;
    plugin.api_version = "client.authentication.k8s.io/v1";
    plugin.command = "sh";
    plugin.arguments = {"-c", "printf x >> " + folder_ + "/runs\n" + script};
    return std::make_shared<CredentialSource>(loop_, plugin, limit);
  }
  static std::string saying(const std::string& status) {
    return "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\","
           "\"status\":{" +
           status + "}}'\n";
  }
  /// What so many requests at once are told.
  std::vector<CredentialSource::Result> ask(const std::shared_ptr<CredentialSource>& source,
                                            int times = 1) {
    std::vector<CredentialSource::Result> results;
    for (int i = 0; i < times; ++i) {
      boost::asio::co_spawn(
          loop_, source->get(),
          [&results](const std::exception_ptr& thrown, CredentialSource::Result result) {
            EXPECT_FALSE(thrown);
            results.push_back(std::move(result));
          });
    }
    loop_.restart();
    loop_.run();
    return results;
  }
  std::string error(const std::shared_ptr<CredentialSource>& source) {
    const auto results = ask(source);
    const auto* error = std::get_if<ConfigError>(&results.at(0));
    return error != nullptr ? error->message : "";
  }
  std::size_t runs() const { return std::filesystem::file_size(folder_ + "/runs"); }

  boost::asio::io_context loop_;
  std::string folder_;
};

TEST_F(CredentialSourceTest, RequestsThatWaitTogetherShareOneRun) {
  const auto results = ask(source(saying("\"token\":\"t\"")), 3);
  ASSERT_EQ(results.size(), 3U);
  for (const auto& result : results) {
    ASSERT_TRUE(std::holds_alternative<CredentialSource::Numbered>(result));
    EXPECT_EQ(std::get<CredentialSource::Numbered>(result).credential.token, "t");
  }
  EXPECT_EQ(runs(), 1U);
}

TEST_F(CredentialSourceTest, ARefusalMakesItRunAgainOnce) {
  const auto asked = source(saying("\"token\":\"t\""));
  const auto first = std::get<CredentialSource::Numbered>(ask(asked).at(0)).number;
  asked->refused(first);
  const auto second = std::get<CredentialSource::Numbered>(ask(asked).at(0)).number;
  EXPECT_NE(first, second);
  asked->refused(first);  // late: of a request that was sent before
  ask(asked);
  EXPECT_EQ(runs(), 2U);
}

TEST_F(CredentialSourceTest, AnErrorIsNotKept) {
  const auto asked =
      source("[ $(wc -c < " + folder_ + "/runs) = 2 ] || exit 5\n" + saying("\"token\":\"t\""));
  EXPECT_NE(error(asked).find("sh: it ended with exit code 5"), std::string::npos);
  EXPECT_EQ(error(asked), "");
}

TEST_F(CredentialSourceTest, APluginThatHangsIsEnded) {
  const std::string text = error(source("exec sleep 1000", std::chrono::milliseconds(50)));
  EXPECT_NE(text.find("no answer within"), std::string::npos) << text;
}

// As a plugin that leaves a cache process behind.
TEST_F(CredentialSourceTest, AGrandchildThatHoldsTheOutputOpenDoesNotHoldUs) {
  const std::string text =
      error(source("sleep 3 & exec sleep 1000", std::chrono::milliseconds(50)));
  EXPECT_NE(text.find("no answer within"), std::string::npos) << text;
}

TEST_F(CredentialSourceTest, OutputWithoutEndIsRefused) {
  EXPECT_NE(error(source("exec yes")).find("more than 1 MiB"), std::string::npos);
}

TEST_F(CredentialSourceTest, ASignalThatEndsItIsNamed) {
  EXPECT_NE(error(source("kill -9 $$")).find("ended by signal 9"), std::string::npos);
}

}  // namespace
}  // namespace waiter::net
