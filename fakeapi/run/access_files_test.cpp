#include "fakeapi/run/access_files.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fakeapi::run {
namespace {

namespace fs = std::filesystem;

class AccessFilesTest : public testing::Test {
 protected:
  AccessFilesTest() {
    std::string pattern = testing::TempDir() + "files-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~AccessFilesTest() override { fs::remove_all(folder_); }
  static std::string text_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  AccessFiles files() const { return {"PEM", "https://127.0.0.1:1", "shop", "a", "n", "s"}; }

  std::string folder_;
};

TEST_F(AccessFilesTest, HoldWhatClientsNeed) {
  const auto lock = write_access_files(folder_ + "/api", files());
  ASSERT_TRUE(std::holds_alternative<server::UniqueFd>(lock));
  EXPECT_EQ(text_of(folder_ + "/api/serviceaccount/token"), "s");
  EXPECT_EQ(text_of(folder_ + "/api/serviceaccount/namespace"), "shop");
  EXPECT_EQ(text_of(folder_ + "/api/ca.crt"), "PEM");
  const auto tokens = nlohmann::json::parse(text_of(folder_ + "/api/tokens.json"));
  EXPECT_EQ(tokens.at("admin"), "a");
  EXPECT_EQ(tokens.at("nobody"), "n");
  // RFC 4648: "PEM" is UEVN
  EXPECT_NE(text_of(folder_ + "/api/kubeconfig").find("certificate-authority-data: UEVN\n"),
            std::string::npos);
}

TEST_F(AccessFilesTest, KeepTokensFromOtherUsers) {
  const auto lock = write_access_files(folder_, files());
  ASSERT_TRUE(std::holds_alternative<server::UniqueFd>(lock));
  struct stat status {};
  ASSERT_EQ(::stat((folder_ + "/tokens.json").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(AccessFilesTest, LeaveNothingBehindWhenOneCannotBeWritten) {
  fs::create_directories(folder_ + "/api/tokens.json");  // a folder is in the way of the third file
  const auto result = write_access_files(folder_ + "/api", files());
  ASSERT_TRUE(std::holds_alternative<std::string>(result));
  EXPECT_NE(std::get<std::string>(result).find("tokens.json"), std::string::npos);
  std::vector<std::string> left;
  for (const auto& entry : fs::recursive_directory_iterator(folder_))
    left.push_back(entry.path().filename());
  std::sort(left.begin(), left.end());
  EXPECT_EQ(left, (std::vector<std::string>{"api", "tokens.json"}));
}

TEST_F(AccessFilesTest, CanBeWrittenAgainWhenTheFirstIsGone) {
  { const auto lock = write_access_files(folder_, files()); }
  EXPECT_TRUE(std::holds_alternative<server::UniqueFd>(write_access_files(folder_, files())));
}

// The clients of the first would be left with the certificate and the address of the second.
TEST_F(AccessFilesTest, BelongToOneProcessAtATime) {
  const auto lock = write_access_files(folder_, files());
  const auto second = write_access_files(folder_, files());
  ASSERT_TRUE(std::holds_alternative<std::string>(second));
  EXPECT_NE(std::get<std::string>(second).find("in use by another fakeapi"), std::string::npos);
}

}  // namespace
}  // namespace fakeapi::run
