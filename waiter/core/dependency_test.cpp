#include "waiter/core/dependency.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace waiter::core {
namespace {

Dependency parsed(std::string_view text) {
  auto result = parse_dependency(text, "apps");
  const auto* error = std::get_if<DependencyError>(&result);
  EXPECT_EQ(error, nullptr) << (error != nullptr ? error->message : "");
  return error != nullptr ? Dependency{} : std::get<Dependency>(result);
}

std::string refused(std::string_view text) {
  const auto result = parse_dependency(text, "apps");
  const auto* error = std::get_if<DependencyError>(&result);
  return error != nullptr ? error->message : "";
}

TEST(Dependency, TakesTheDefaultNamespaceAndOneBackend) {
  EXPECT_EQ(parsed("mysql"), (Dependency{"apps", "mysql", "", Minimum{}}));
}

TEST(Dependency, ReadsEveryPart) {
  EXPECT_EQ(parsed("db/mysql:tcp@2"),
            (Dependency{"db", "mysql", "tcp", {Minimum::Unit::count, 2}}));
  EXPECT_EQ(parsed("db/mysql:3306@50%"),
            (Dependency{"db", "mysql", "3306", {Minimum::Unit::percent, 50}}));
  EXPECT_EQ(parsed("mysql@all").minimum.unit, Minimum::Unit::all);
}

// RFC 1035 label for a Service, RFC 1123 label for a Namespace.
TEST(Dependency, RefusesNamesThatTheApiWouldRefuse) {
  for (const char* text :
       {"", "MySQL", "my_sql", "9lives", "-a", "a-", "a.b", "/mysql", "Db/mysql", "db/", "a/b/c"}) {
    EXPECT_NE(refused(text), "") << text;
  }
  EXPECT_NE(refused(std::string(64, 'a')), "");
  EXPECT_EQ(refused(std::string(63, 'a')), "");
}

TEST(Dependency, RefusesPortsThatCannotBe) {
  for (const char* text : {"a:", "a:0", "a:65536", "a:-1", "a:UP", "a:03306", "a:-b", "a:a_b"}) {
    EXPECT_NE(refused(text), "") << text;
  }
}

// API documentation of EndpointPort.name: a DNS label, which is longer than what a container's port
// may be named.
TEST(Dependency, TakesEveryNameThatAServicesPortCanHave) {
  for (const char* text : {"a:prometheus-metrics", "a:tcp-client-secured", "a:a--b", "a:1a"}) {
    EXPECT_EQ(refused(text), "") << text;
  }
}

// A minimum of none would be met by a Service without any backend.
TEST(Dependency, RefusesMinimaThatMeanNothing) {
  for (const char* text : {"a@0", "a@0%", "a@101%", "a@", "a@most", "a@-1", "a@1.5"}) {
    EXPECT_NE(refused(text), "") << text;
  }
}

TEST(Dependency, NamesTheTextThatIsWrong) {
  EXPECT_NE(refused("db/MySQL").find("\"db/MySQL\""), std::string::npos);
  EXPECT_NE(refused("db/MySQL").find("Service name \"MySQL\""), std::string::npos);
}

TEST(Minimum, IsNeverMetByNothing) {
  EXPECT_EQ((Minimum{Minimum::Unit::percent, 1}).needed(0), 1);
  EXPECT_EQ((Minimum{Minimum::Unit::all, 0}).needed(0), 1);
}

TEST(Minimum, RoundsAPercentageUp) {
  EXPECT_EQ((Minimum{Minimum::Unit::percent, 50}).needed(3), 2);
  EXPECT_EQ((Minimum{Minimum::Unit::percent, 100}).needed(3), 3);
  EXPECT_EQ((Minimum{Minimum::Unit::percent, 34}).needed(3), 2);
}

RC_GTEST_PROP(DependencyProperty, PrintingAndParsingIsTheIdentity, ()) {
  const auto label = rc::gen::map(rc::gen::container<std::string>(rc::gen::inRange('a', 'z')),
                                  [](std::string text) { return "s" + text.substr(0, 10); });
  Dependency dependency;
  dependency.namespace_name = *label;
  dependency.service = *label;
  dependency.port = *rc::gen::element<std::string>("", "80", "tcp", "65535");
  dependency.minimum =
      *rc::gen::element(Minimum{}, Minimum{Minimum::Unit::count, 7},
                        Minimum{Minimum::Unit::percent, 51}, Minimum{Minimum::Unit::all, 0});
  const auto again = parse_dependency(to_string(dependency), "elsewhere");
  RC_ASSERT(std::holds_alternative<Dependency>(again));
  RC_ASSERT(std::get<Dependency>(again) == dependency);
}

RC_GTEST_PROP(DependencyProperty, AnyTextIsADependencyOrAnError, (const std::string& text)) {
  const auto result = parse_dependency(text, "apps");
  if (const auto* error = std::get_if<DependencyError>(&result)) RC_ASSERT(!error->message.empty());
}

}  // namespace
}  // namespace waiter::core
