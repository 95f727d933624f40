#include "waiter/run/guard_report.hpp"

#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace waiter::run {
namespace {

using core::GuardPolicy;
using core::Reason;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

core::DependencyStatus too_few() {
  core::DependencyStatus status;
  status.dependency = {"db", "mysql", "3306", {core::Minimum::Unit::count, 2}};
  status.reason = Reason::too_few;
  status.ready = 1;
  status.total = 3;
  status.needed = 2;
  status.flaps = 4;
  status.unmet_for = seconds(40);
  status.waiting_for = {{"k", "mysql-0", core::BackendState::not_ready, {}}};
  return status;
}

core::DependencyStatus met() {
  core::DependencyStatus status;
  status.dependency = {"cache", "redis", "", {}};
  status.reason = Reason::met;
  status.unmet_for = seconds(3);  // until it was met
  status.ready = 1;
  status.total = 1;
  return status;
}

core::SourceStatus watched(const std::string& namespace_name) {
  return {
      {core::Resource::endpoint_slices, namespace_name, {"mysql"}, false}, true, true, false, {}};
}

core::SourceStatus trouble(const std::string& message) {
  core::SourceStatus source = watched("db");
  source.watching = false;
  source.trouble = core::Failure{core::Cause::server_error, 500, message, {}};
  return source;
}

GuardReport report(GuardPolicy::OnLost on_lost = GuardPolicy::OnLost::observe,
                   const std::vector<bool>& verdicts = {}) {
  GuardReport report{
      GuardPolicy(on_lost), {}, {"https://10.0.0.1:443", "/sa/ca.crt", "/sa/token"}, 1763903100123};
  for (const bool verdict : verdicts) report.policy.take_verdict(verdict);
  report.snapshot.dependencies = {too_few(), met()};
  report.snapshot.sources = {watched("cache"), watched("db")};
  return report;
}

TEST(GuardProbes, SayWhatIsMissingUntilItIsThere) {
  const HttpAnswer answer = answer_to("/startupz", report());
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr("waiting: db/mysql:3306@2: 1 of 3 backends ready, 2 needed: "
                                     "mysql-0 not ready"));
  EXPECT_EQ(answer_to("/readyz", report()).status, 503);
}

TEST(GuardProbes, SayOkAndNothingElseWhenAllIsWell) {
  const GuardReport well = report(GuardPolicy::OnLost::unready, {true});
  for (const char* path : {"/startupz", "/readyz", "/livez"}) {
    EXPECT_EQ(answer_to(path, well).status, 200) << path;
    EXPECT_EQ(answer_to(path, well).body, "ok\n") << path;
  }
}

TEST(GuardProbes, UnreadyFailsReadinessAloneWhenADependencyIsLost) {
  const GuardReport lost = report(GuardPolicy::OnLost::unready, {true, false});
  EXPECT_EQ(answer_to("/readyz", lost).status, 503);
  EXPECT_THAT(answer_to("/readyz", lost).body, HasSubstr("lost: db/mysql"));
  EXPECT_EQ(answer_to("/startupz", lost).status, 200);
  EXPECT_EQ(answer_to("/livez", lost).status, 200);
}

TEST(GuardProbes, ObserveStaysReadyWhenADependencyIsLost) {
  EXPECT_EQ(answer_to("/readyz", report(GuardPolicy::OnLost::observe, {true, false})).body, "ok\n");
}

TEST(GuardProbes, NameTheTroubleWithTheApiServer) {
  GuardReport troubled = report();
  troubled.snapshot.sources = {trouble("etcd is away")};
  EXPECT_THAT(answer_to("/startupz", troubled).body, HasSubstr("etcd is away"));
}

// All is met by the API's word, and the confirming read is under way.
TEST(GuardProbes, HaveAReasonWhenNothingIsMissing) {
  GuardReport unconfirmed = report();
  unconfirmed.snapshot.dependencies = {met()};
  EXPECT_EQ(answer_to("/startupz", unconfirmed).body,
            "waiting: nothing is missing, not confirmed yet\n");
}

TEST(GuardPaths, OthersAreNotFound) {
  EXPECT_EQ(answer_to("/healthz", report()).status, 404);
  EXPECT_EQ(answer_to("/../metrics", report()).status, 404);
  EXPECT_EQ(answer_to("", report()).status, 404);
}

TEST(Metrics, AreOfThePrometheusTextFormat) {
  const HttpAnswer answer = answer_to("/metrics", report());
  EXPECT_THAT(answer.content_type, HasSubstr("version=0.0.4"));
  EXPECT_THAT(answer.body, HasSubstr("# TYPE wait_for_endpoints_dependency_flaps_total counter\n"
                                     "wait_for_endpoints_dependency_flaps_total"
                                     "{dependency=\"cache/redis\"} 0\n"
                                     "wait_for_endpoints_dependency_flaps_total"
                                     "{dependency=\"db/mysql:3306@2\"} 4\n"));
  EXPECT_EQ(answer.body.back(), '\n');
}

TEST(Metrics, TellWhatIsKnownOfEachDependency) {
  const std::string text = metrics(report());
  const std::string mysql = "{dependency=\"db/mysql:3306@2\"} ";
  EXPECT_THAT(text, HasSubstr("dependency_met" + mysql + "0\n"));
  EXPECT_THAT(text, HasSubstr("dependency_met{dependency=\"cache/redis\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("dependency_ready_backends" + mysql + "1\n"));
  EXPECT_THAT(text, HasSubstr("dependency_backends" + mysql + "3\n"));
  EXPECT_THAT(text, HasSubstr("dependency_needed_backends" + mysql + "2\n"));
}

TEST(Metrics, TheVerdictTellsLostFromNotYetMet) {
  const auto text = [](const std::vector<bool>& verdicts) {
    return metrics(report(GuardPolicy::OnLost::observe, verdicts));
  };
  EXPECT_THAT(text({}), HasSubstr("\nwait_for_endpoints_verdict -1\n"));
  EXPECT_THAT(text({true}), HasSubstr("\nwait_for_endpoints_verdict 1\n"));
  EXPECT_THAT(text({true, false}), HasSubstr("\nwait_for_endpoints_verdict 0\n"));
  EXPECT_THAT(text({true, false}), HasSubstr("\nwait_for_endpoints_lost_total 1\n"));
}

TEST(Metrics, TheStartIsInSeconds) {
  EXPECT_THAT(metrics(report()), HasSubstr("start_time_seconds 1763903100.123\n"));
}

TEST(Metrics, ANamespaceInTroubleSaysSo) {
  GuardReport troubled = report();
  troubled.snapshot.sources[1] = trouble("no");
  EXPECT_THAT(metrics(troubled), HasSubstr("source_trouble{namespace=\"db\"} 1\n"));
  EXPECT_THAT(metrics(troubled), HasSubstr("source_trouble{namespace=\"cache\"} 0\n"));
  EXPECT_THAT(metrics(troubled), HasSubstr("source_watching{namespace=\"db\"} 0\n"));
}

// Prometheus refuses a scrape with a series that stands there twice, and a name without its HELP
// and TYPE in front.
TEST(Metrics, NoSeriesAndNoTypeStandsThereTwice) {
  GuardReport doubled = report();
  doubled.snapshot.dependencies.push_back(too_few());
  doubled.snapshot.sources.push_back(doubled.snapshot.sources.back());
  std::istringstream lines(metrics(doubled));
  std::set<std::string> seen;
  for (std::string line; std::getline(lines, line);) {
    const std::string key = line.substr(0, line[0] == '#' ? line.find(' ', 7) : line.rfind(' '));
    EXPECT_TRUE(seen.insert(key).second) << line;
  }
}

TEST(Metrics, LabelValuesAreEscaped) {
  GuardReport odd = report();
  odd.snapshot.sources = {watched("a\\b\"c\nd")};
  EXPECT_THAT(metrics(odd), HasSubstr("{namespace=\"a\\\\b\\\"c\\nd\"} "));
}

TEST(StatusJson, TellsEverythingOfTheSnapshot) {
  const HttpAnswer answer =
      answer_to("/status", report(GuardPolicy::OnLost::unready, {true, false}));
  EXPECT_EQ(answer.content_type, "application/json");
  const auto status = nlohmann::json::parse(answer.body);
  EXPECT_EQ(status.at("verdict"), "lost");
  EXPECT_EQ(status.at("policy"), "unready");
  EXPECT_EQ(status.at("degraded"), false);
  EXPECT_EQ(status.at("ready"), false);
  EXPECT_EQ(status.at("startup"), true);
  EXPECT_EQ(status.at("started_at"), "2025-11-23T13:05:00.123Z");
  const auto& mysql = status.at("dependencies").at(0);
  EXPECT_EQ(mysql.at("dependency"), "db/mysql:3306@2");
  EXPECT_EQ(mysql.at("reason"), "too_few");
  EXPECT_EQ(mysql.at("flaps"), 4);
  EXPECT_EQ(mysql.at("unmet_for_seconds"), 40.0);
  EXPECT_EQ(status.at("dependencies").at(1).at("unmet_for_seconds"), 0.0);
  EXPECT_EQ(mysql.at("waiting_for").at(0).at("name"), "mysql-0");
  EXPECT_EQ(status.at("sources").at(1).at("trouble"), nullptr);
}

TEST(StatusJson, IsDegradedWhileASourceHasTrouble) {
  GuardReport troubled = report();
  troubled.snapshot.sources = {trouble("WORDS")};
  const auto status = nlohmann::json::parse(status_json(troubled));
  EXPECT_EQ(status.at("degraded"), true);
  EXPECT_THAT(status.at("sources").at(0).at("trouble").at("message").get<std::string>(),
              HasSubstr("WORDS"));
}

TEST(StatusJson, IsJsonWhateverTheServerSays) {
  GuardReport odd = report();
  odd.snapshot.sources = {trouble("\"\n\xff\x01</script>")};
  EXPECT_EQ(nlohmann::json::parse(status_json(odd)).at("degraded"), true);
}

TEST(StatusPage, EscapesWhatTheServerSays) {
  GuardReport odd = report();
  odd.snapshot.sources = {trouble("<script>alert('1')</script>&\"")};
  odd.snapshot.dependencies[0].waiting_for[0].name = "<img src=x>";
  const std::string html = status_page(odd);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;"));
}

TEST(StatusPage, NeedsNothingFromElsewhereAndLoadsItselfAgain) {
  const HttpAnswer answer = answer_to("/", report());
  EXPECT_EQ(answer.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(answer.body, HasSubstr("http-equiv=\"refresh\""));
  for (const char* foreign : {"src=", "<link", "@import", "url(", "href=\"http"}) {
    EXPECT_THAT(answer.body, Not(HasSubstr(foreign)));
  }
}

TEST(StatusPage, SaysWhatIsMissingAndWhatItMeans) {
  const std::string html = status_page(report(GuardPolicy::OnLost::unready, {true, false}));
  EXPECT_THAT(html, HasSubstr("A dependency is lost"));
  EXPECT_THAT(html, HasSubstr("The Pod is not ready while a dependency is lost"));
  EXPECT_THAT(html, HasSubstr("1 of 3 backends ready, 2 needed: mysql-0 not ready"));
  EXPECT_THAT(html, HasSubstr("flapped 4x"));
}

TEST(GuardReport, NoFormShowsWhereTheTokenIsUnlessItIsTheTrouble) {
  for (const char* path : {"/", "/status", "/metrics", "/startupz", "/readyz"}) {
    EXPECT_THAT(answer_to(path, report()).body, Not(HasSubstr("/sa/token"))) << path;
  }
}

}  // namespace
}  // namespace waiter::run
