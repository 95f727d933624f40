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
  ASSERT_EQ(write_access_files(folder_ + "/api", files()), std::nullopt);
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
  ASSERT_EQ(write_access_files(folder_, files()), std::nullopt);
  struct stat status {};
  ASSERT_EQ(::stat((folder_ + "/tokens.json").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(AccessFilesTest, LeaveNothingBehindWhenOneCannotBeWritten) {
  fs::create_directories(folder_ + "/api/tokens.json");  // a folder is in the way of the third file
  const auto error = write_access_files(folder_ + "/api", files());
  ASSERT_TRUE(error.has_value());
  EXPECT_NE(error->find("tokens.json"), std::string::npos);
  std::vector<std::string> left;
  for (const auto& entry : fs::recursive_directory_iterator(folder_))
    left.push_back(entry.path().filename());
  std::sort(left.begin(), left.end());
  EXPECT_EQ(left, (std::vector<std::string>{"api", "tokens.json"}));
}

TEST_F(AccessFilesTest, CanBeWrittenAgain) {
  ASSERT_EQ(write_access_files(folder_, files()), std::nullopt);
  EXPECT_EQ(write_access_files(folder_, files()), std::nullopt);
}

}  // namespace
}  // namespace fakeapi::run
