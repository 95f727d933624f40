#include "waiter/run/log.hpp"

#include <cstdint>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waiter::run {
namespace {

using core::Reason;
using std::chrono::seconds;

struct Lines {
  std::string text;
  Log log(LogFormat format) {
    return Log(
        format, {"https://10.0.0.1:443", "/sa/ca.crt", "/sa/token"}, [] { return std::int64_t{0}; },
        [this](const std::string& line) { text += line; });
  }
};

core::DependencyStatus too_few() {
  core::DependencyStatus status;
  status.dependency = {"db", "mysql", "", {}};
  status.reason = Reason::too_few;
  status.total = 3;
  status.waiting_for = {{"k", "mysql-0", core::BackendState::not_ready, {}},
                        {"l", "mysql-1", core::BackendState::terminating, {}}};
  status.unmet_for = seconds(40);
  status.flaps = 4;
  return status;
}

// date -u -d @1763903100 --iso-8601=seconds, and the last second before a leap day's end.
TEST(Rfc3339, WritesUtc) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(1763903100123), "2025-11-23T13:05:00.123Z");
  EXPECT_EQ(rfc3339(1709251199999), "2024-02-29T23:59:59.999Z");
}

TEST(Log, AChangeSaysWhatIsMissingAndWhy) {
  Lines lines;
  lines.log(LogFormat::text).report(core::ReportDependency{too_few()});
  EXPECT_NE(lines.text.find("db/mysql: 0 of 3 backends ready, 1 needed: mysql-0 not ready, mysql-1 "
                            "terminating, 1 more"),
            std::string::npos)
      << lines.text;
}

TEST(Log, AHeartbeatSaysForHowLongAndHowOftenItFlapped) {
  Lines lines;
  core::Snapshot snapshot;
  snapshot.dependencies = {too_few()};
  lines.log(LogFormat::text).report(core::ReportHeartbeat{snapshot, seconds(125)});
  EXPECT_NE(lines.text.find("still waiting after 2 min 5 s: db/mysql: 0 of 3"), std::string::npos)
      << lines.text;
  EXPECT_NE(lines.text.find("for 40.0 s, flapped 4x"), std::string::npos) << lines.text;
}

core::Selection slices_of_mysql() {
  return {core::Resource::endpoint_slices, "db", {"mysql"}, false};
}

TEST(Log, StaleAddressesAreNamedWithWhatTheyAnswered) {
  core::DependencyStatus status = too_few();
  status.reason = Reason::not_answering;
  status.ready = 3;
  status.unanswered = {{{"10.20.0.1", 3306}, "Connection refused"}};
  const std::string text = describe(status);
  EXPECT_NE(
      text.find(
          "3 of 3 backends ready, 1 needed by the API's word, but 0 of them accept connections: "
          "10.20.0.1:3306 Connection refused"),
      std::string::npos)
      << text;
}

TEST(Log, EveryTroubleSaysWhatFailedOnWhatAndWhatToDo) {
  const Surroundings surroundings{"https://10.0.0.1:443", "/sa/ca.crt", "/sa/token"};
  const auto text = [&](core::Cause cause, int status) {
    return describe(core::Failure{cause, status, "WORDS", {}}, slices_of_mysql(), surroundings);
  };
  EXPECT_NE(text(core::Cause::refused, 0).find("https://10.0.0.1:443"), std::string::npos);
  EXPECT_NE(text(core::Cause::untrusted_certificate, 0).find("/sa/ca.crt"), std::string::npos);
  EXPECT_NE(text(core::Cause::unauthorized, 401).find("/sa/token"), std::string::npos);
  EXPECT_NE(text(core::Cause::forbidden, 403).find("kubectl -n db create role"), std::string::npos);
  EXPECT_NE(text(core::Cause::not_found, 404).find("discovery.k8s.io/v1"), std::string::npos);
}

TEST(Log, ANoteIsALineOfItsOwn) {
  Lines lines;
  lines.log(LogFormat::text).note("understood");
  EXPECT_EQ(lines.text, "1970-01-01T00:00:00.000Z info  understood\n");
}

TEST(Log, JsonLinesAreJsonWhateverTheServerSays) {
  Lines lines;
  Log log = lines.log(LogFormat::json);
  log.report(core::ReportTrouble{
      slices_of_mysql(), {core::Cause::server_error, 500, "\"\n\xff\x01", {}}, seconds(1)});
  const auto line = nlohmann::json::parse(lines.text);
  EXPECT_EQ(line.at("event"), "trouble");
  EXPECT_EQ(line.at("cause"), "server_error");
  EXPECT_EQ(lines.text.find('\n'), lines.text.size() - 1);
}

TEST(Log, TheEndSaysWhatWasMissing) {
  Lines lines;
  core::Snapshot snapshot;
  snapshot.dependencies = {too_few()};
  snapshot.sources = {{slices_of_mysql(), false, false, false,
                       core::Failure{core::Cause::forbidden, 403, "no", {}}}};
  lines.log(LogFormat::json)
      .report(core::ReportEnd{core::ExitCode::timeout, snapshot, seconds(30)});
  const auto line = nlohmann::json::parse(lines.text);
  EXPECT_EQ(line.at("exit_code"), 124);
  EXPECT_NE(line.at("message").get<std::string>().find("not allowed (403)"), std::string::npos);
  EXPECT_NE(line.at("message").get<std::string>().find("db/mysql"), std::string::npos);
}

}  // namespace
}  // namespace waiter::run
