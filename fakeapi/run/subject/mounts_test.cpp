// Real mounts, in the command's namespace: what it sees, and that nothing else sees it.
#include "fakeapi/run/subject/mounts.hpp"

#include <algorithm>
#include <sys/mount.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "fakeapi/run/subject/test_fakeapi.hpp"

namespace fakeapi::run {
namespace {

using namespace testing;  // NOLINT: fakeapi::run::testing
namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path) << text;
  ::chmod(path.c_str(), 0644);
}

std::string listing(const fs::path& folder) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  std::string all;
  for (const std::string& path : found) all += path + "\n";
  return all;
}

/// A small root: var/run is a symlink to run, as on every machine.
struct Mounts : SubjectTest {
  void SetUp() override {
    SubjectTest::SetUp();
    std::string made = fs::temp_directory_path() / "mounts-test-XXXXXX";
    ASSERT_NE(::mkdtemp(made.data()), nullptr);
    root = made;
    fs::create_directories(root / "var");
    fs::create_directories(root / "run/kept/inner");
    fs::create_symlink(root / "run", root / "var/run");
    fs::create_directories(root / "dir/serviceaccount");
    options.service_account = root / "dir/serviceaccount";
    options.mount_point = root / "var/run/secrets/kubernetes.io/serviceaccount";
    write(root / "dir/serviceaccount/token", "first\n");
    write(root / "run/kept/inner/file", "kept\n");
    write(root / "run/a file", "also kept\n");
    fs::create_symlink("kept/inner", root / "run/link");
    ::chmod(root.c_str(), 0755);
  }
  void TearDown() override {
    std::error_code ignored;
    if (!root.empty()) fs::remove_all(root, ignored);
  }
  void belongs_to_the_user() {
    if (GetParam().who != Who::ordinary || ::geteuid() != 0) return;
    for (const auto& entry : fs::recursive_directory_iterator(root))
      (void)!::lchown(entry.path().c_str(), ordinary_user, ordinary_user);
  }
  FakeApi run(
      const std::string& text, const std::function<void()>& prepare = [] {}) {
    options.command = script("cd '" + root.string() + "' || exit 9; " + text);
    return FakeApi(GetParam(), options, prepare);
  }
  std::string started() const {
    return GetParam().who == Who::ordinary ? "started pid user mounts" : "started pid mounts";
  }

  fs::path root;
  SubjectOptions options;
  const std::string token = "var/run/secrets/kubernetes.io/serviceaccount/token";
};
INSTANTIATE_TEST_SUITE_P(Ways, Mounts,
                         ::testing::Values(root_namespaces, user_namespaces, root_sandbox,
                                           user_sandbox),
                         name_of);

TEST_P(Mounts, AreSeenByTheCommandAndByNobodyElse) {
  const std::string before = listing(root);
  auto fakeapi = run("cat " + token + "; read -r line; sleep 600");
  EXPECT_EQ(fakeapi.told(), started());
  EXPECT_EQ(fakeapi.line(), "first");
  EXPECT_FALSE(fs::exists(root / token));
  EXPECT_EQ(listing(root), before);
  fakeapi.kill_9();
  EXPECT_EQ(listing(root), before);
}

TEST_P(Mounts, EverythingElseIsStillThere) {
  auto fakeapi = run("cat run/kept/inner/file run/link/file 'run/a file'; readlink run/link");
  EXPECT_EQ(fakeapi.output(), "kept\nkept\nalso kept\nkept/inner\n");
}

// A folder that is carried over is the host's own: what is written there is there.
TEST_P(Mounts, WhatIsWrittenIntoAFolderThatWasThereIsKept) {
  belongs_to_the_user();
  auto fakeapi = run("echo new > run/kept/new; echo $?");
  EXPECT_EQ(fakeapi.line(), "0");
  EXPECT_EQ(fakeapi.end_told(), "exited 0");
  EXPECT_TRUE(fs::exists(root / "run/kept/new"));
}

TEST_P(Mounts, WhatIsWrittenIntoTheShadowedFolderIsTheCommandsAlone) {
  belongs_to_the_user();
  auto fakeapi = run("echo new > run/new; cat run/new");
  EXPECT_EQ(fakeapi.line(), "new");
  EXPECT_EQ(fakeapi.end_told(), "exited 0");
  EXPECT_FALSE(fs::exists(root / "run/new"));
}

// The shadow gives nobody a right that the folder itself does not give.
TEST_P(Mounts, WhereTheUserMayNotWriteTheCommandMayNotEither) {
  if (GetParam().who == Who::root) GTEST_SKIP() << "root may write everywhere";
  if (::geteuid() != 0) GTEST_SKIP() << "needs a folder of another user";
  auto fakeapi = run("echo new > run/new; echo $?; cat " + token);
  EXPECT_NE(fakeapi.line(), "");  // the shell's complaint
  EXPECT_NE(fakeapi.line(), "0");
  EXPECT_EQ(fakeapi.line(), "first");
}

TEST_P(Mounts, AFolderThatIsThereAlreadyKeepsItsOtherEntries) {
  fs::create_directories(root / "run/secrets/other");
  write(root / "run/secrets/other/file", "other\n");
  auto fakeapi = run("cat " + token + " run/secrets/other/file run/kept/inner/file");
  EXPECT_EQ(fakeapi.output(), "first\nother\nkept\n");
  EXPECT_EQ(fakeapi.told(), started());
  EXPECT_FALSE(fs::exists(root / "run/secrets/kubernetes.io"));
}

// As in a Pod that has a service account of its own.
TEST_P(Mounts, AnotherAccountAtThatPlaceIsCovered) {
  fs::create_directories((root / token).parent_path());
  write(root / token, "of the host\n");
  auto fakeapi = run("cat " + token);
  EXPECT_EQ(fakeapi.line(), "first");
  EXPECT_EQ(fakeapi.told(), started());
  std::ifstream file(root / token);
  std::string text;
  std::getline(file, text);
  EXPECT_EQ(text, "of the host");
}

// /run/secrets of root alone: its entries cannot be seen anyway.
TEST_P(Mounts, AFolderThatMayNotBeReadIsReplaced) {
  fs::create_directories(root / "run/secrets");
  ::chmod((root / "run/secrets").c_str(), 0700);
  auto fakeapi = run("cat " + token + " run/kept/inner/file");
  EXPECT_EQ(fakeapi.told(), started());
  EXPECT_EQ(fakeapi.output(), "first\nkept\n");
}

TEST_P(Mounts, ASymlinkThatLeadsNowhereIsReplaced) {
  fs::remove(root / "var/run");
  fs::create_symlink(root / "nowhere", root / "var/run");
  auto fakeapi = run("cat " + token);
  EXPECT_EQ(fakeapi.line(), "first");
  EXPECT_EQ(fs::read_symlink(root / "var/run"), root / "nowhere");
}

TEST_P(Mounts, ATokenThatIsRenamedOverIsSeen) {
  auto fakeapi =
      run("cat " + token + "; until grep -q second " + token + "; do :; done; cat " + token);
  EXPECT_EQ(fakeapi.line(), "first");
  write(root / "dir/serviceaccount/new", "second\n");
  fs::rename(root / "dir/serviceaccount/new", root / "dir/serviceaccount/token");
  EXPECT_EQ(fakeapi.line(), "second");
}

// How kubelet changes a projected volume (pkg/volume/util/atomic_writer.go).
TEST_P(Mounts, ADataFolderThatIsSwappedIsSeen) {
  const fs::path account = root / "dir/serviceaccount";
  for (const std::string generation : {"first", "second"}) {
    fs::create_directories(account / (".." + generation));
    write(account / (".." + generation) / "token", generation + "\n");
  }
  fs::remove(account / "token");
  fs::create_symlink("..first", account / "..data");
  fs::create_symlink("..data/token", account / "token");
  auto fakeapi =
      run("cat " + token + "; until grep -q second " + token + "; do :; done; cat " + token);
  EXPECT_EQ(fakeapi.line(), "first");
  fs::create_symlink("..second", account / "..data_tmp");
  fs::rename(account / "..data_tmp", account / "..data");
  EXPECT_EQ(fakeapi.line(), "second");
}

TEST_P(Mounts, TheRunsOwnFolderMayLieInTheShadowedOne) {
  fs::rename(root / "dir", root / "run/dir");
  options.service_account = root / "run/dir/serviceaccount";
  auto fakeapi = run("cat " + token + " run/dir/serviceaccount/token");
  EXPECT_EQ(fakeapi.output(), "first\nfirst\n");
}

TEST_P(Mounts, AWorkingDirectoryInTheShadowedFolderIsTheSame) {
  options.command = script("pwd -P; cat inner/file ../secrets/kubernetes.io/serviceaccount/token");
  FakeApi fakeapi(GetParam(), options, [&] { fs::current_path(root / "run/kept"); });
  EXPECT_EQ(fakeapi.line(), (root / "run/kept").string());
  EXPECT_EQ(fakeapi.output(), "kept\nfirst\n");
}

TEST_P(Mounts, SocketsAndMountsInTheShadowedFolderAreCarriedOver) {
  if (GetParam().who == Who::ordinary) GTEST_SKIP() << "the test mounts as root";
  ASSERT_EQ(::mknod((root / "run/pipe").c_str(), S_IFIFO | 0666, 0), 0);
  auto fakeapi = run("[ -p run/pipe ] && echo pipe; cat run/kept/mounted", [&] {
    // In a namespace of the harness, so that the machine keeps its mounts.
    if (::unshare(CLONE_NEWNS) != 0) ::_exit(203);
    ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    ::mount("tmpfs", (root / "run/kept").c_str(), "tmpfs", 0, nullptr);
    write(root / "run/kept/mounted", "mounted\n");
  });
  EXPECT_EQ(fakeapi.output(), "pipe\nmounted\n");
}

// systemd makes all mounts shared: a new one comes to every namespace that does not leave the
// group.
TEST_P(Mounts, StayInsideWhereTheHostsMountsAreShared) {
  if (GetParam().who == Who::ordinary) GTEST_SKIP() << "the test mounts as root";
  auto fakeapi = run("cat " + token + "; read -r line; sleep 600", [&] {
    if (::unshare(CLONE_NEWNS) != 0) ::_exit(203);
    ::mount(nullptr, "/", nullptr, MS_REC | MS_SHARED, nullptr);
  });
  EXPECT_EQ(fakeapi.line(), "first");
  std::ifstream file("/proc/" + std::to_string(fakeapi.pid()) + "/mountinfo");
  std::string all;
  for (std::string line; std::getline(file, line);) all += line + "\n";
  EXPECT_NE(all.find(" shared:"), std::string::npos);
  EXPECT_EQ(all.find(root.string()), std::string::npos) << all;
}

TEST_P(Mounts, AnAccountThatIsNotThereIsSaidAndTheCommandRuns) {
  options.service_account = root / "not there";
  auto fakeapi = run("cat run/kept/inner/file");
  EXPECT_EQ(fakeapi.told(), GetParam().who == Who::ordinary ? "started pid user" : "started pid");
  EXPECT_EQ(fakeapi.told(), "why not: " + options.mount_point +
                                " is not the run's (opening the run's service-account directory: "
                                "No such file or directory): a client that reads its token there "
                                "finds none or another one");
  EXPECT_EQ(fakeapi.line(), "kept");
}

TEST_P(Mounts, TheRealPathCanBeUsed) {
  options.mount_point = service_account_path;
  const bool was_there = fs::exists(service_account_path);
  auto fakeapi = run(std::string("cat ") + service_account_path +
                     "/token; ls -d /run/lock; read -r line; sleep 600");
  EXPECT_EQ(fakeapi.line(), "first");
  EXPECT_EQ(fs::exists(service_account_path), was_there);
}

TEST(MountPlan, TheRootItselfCannotBeShadowed) {
  auto planned = subject::plan_mounts("/tmp", "/no-such-folder-here/serviceaccount");
  ASSERT_TRUE(std::holds_alternative<std::string>(planned));
  EXPECT_EQ(std::get<std::string>(planned),
            "there is no /no-such-folder-here, and / itself cannot be replaced");
}

}  // namespace
}  // namespace fakeapi::run
