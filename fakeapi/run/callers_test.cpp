#include "fakeapi/run/callers.hpp"

#include <gtest/gtest.h>

namespace fakeapi::run {
namespace {

using Rights = cluster::User::Rights;

const std::vector<cluster::User> users = {
    {"secret", "admin", {"system:masters"}, Rights::everything},
    {"other", "system:serviceaccount:default:default", {"system:serviceaccounts"}, Rights::nothing},
    {"", "without-token", {"system:masters"}, Rights::nothing},
};

cluster::Headers bearing(const std::string& authorization) {
  return {{"Authorization", authorization}};
}

TEST(Callers, TokenTellsTheName) {
  EXPECT_EQ(user_name_of(bearing("Bearer other"), users), "system:serviceaccount:default:default");
  EXPECT_EQ(user_name_of({}, users), "system:anonymous");
  EXPECT_EQ(user_name_of(bearing("Bearer stranger"), users), "system:anonymous");
}

// kube-apiserver: system:masters may everything (rbac bootstrap policy).
TEST(Callers, AdministratorIsInSystemMasters) {
  EXPECT_TRUE(is_administrator(bearing("Bearer secret"), users));
  EXPECT_FALSE(is_administrator(bearing("Bearer other"), users));
}

TEST(Callers, NobodyIsAdministratorWithoutAToken) {
  for (const char* authorization : {"", "Bearer ", "Bearer", "secret", "Basic secret"}) {
    EXPECT_FALSE(is_administrator(bearing(authorization), users)) << authorization;
  }
  EXPECT_FALSE(is_administrator({}, users));
}

}  // namespace
}  // namespace fakeapi::run
