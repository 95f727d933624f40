#include "waiter/cli/options.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace waiter::cli {
namespace {

using std::chrono_literals::operator""s;
using Words = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

Plan plan_of(const Words& words, const Variables& variables = {}) {
  std::vector<std::string> names;
  for (const auto& [name, value] : variables) {
    if (name.rfind("WFE_", 0) == 0) names.push_back(name);
  }
  const auto environment = [&variables](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  return parse_options(words, environment, names);
}

Answer answer_to(const Words& words, const Variables& variables = {}) {
  const Plan plan = plan_of(words, variables);
  const auto* answer = std::get_if<Answer>(&plan);
  return answer == nullptr ? Answer{core::ExitCode::internal, "no answer but a plan"} : *answer;
}

/// A Pod of the namespace "shop".
class OptionsTest : public testing::Test {
 protected:
  OptionsTest() {
    std::string pattern = testing::TempDir() + "options-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    std::ofstream(folder_ + "/config") << "current-context: c\n"
                                          "contexts: [{name: c, context: {cluster: k, user: u}}]\n"
                                          "clusters: [{name: k, cluster: {server: https://k}}]\n"
                                          "users: [{name: u, user: {token: t}}]\n";
  }
  ~OptionsTest() override { std::filesystem::remove_all(folder_); }

  /// With access to a cluster; a mistake fails the test and makes an empty plan.
  template <class Wanted>
  Wanted plan(const Words& words, Variables variables = {}) {
    variables["WFE_KUBECONFIG"] = folder_ + "/config";
    Plan result = plan_of(words, variables);
    if (auto* wanted = std::get_if<Wanted>(&result)) return std::move(*wanted);
    const auto* answer = std::get_if<Answer>(&result);
    ADD_FAILURE() << (answer != nullptr ? answer->text : "another command's plan");
    return {};
  }
  run::Setup setup(const Words& words, const Variables& variables = {}) {
    return plan<Wait>(words, variables).setup;
  }
  static std::string names(const run::Setup& setup) {
    std::string text;
    for (const auto& group : setup.engine.groups) {
      for (const auto& dependency : group) {
        text += (&dependency == &group.front() ? " " : "|") + core::to_string(dependency);
      }
    }
    return text.empty() ? text : text.substr(1);
  }

  std::string folder_;
};

struct MistakeCase {
  Words words;
  std::string named;  // by the message
  Variables variables = {};
};

class Mistakes : public testing::TestWithParam<MistakeCase> {};

TEST_P(Mistakes, AreOneLineAndExitCode2) {
  const Answer answer = answer_to(GetParam().words, GetParam().variables);
  EXPECT_EQ(answer.code, core::ExitCode::usage) << answer.text;
  EXPECT_EQ(answer.text.rfind("wait-for-endpoints: ", 0), 0U) << answer.text;
  EXPECT_EQ(answer.text.find('\n'), answer.text.size() - 1) << answer.text;
  EXPECT_NE(answer.text.find(GetParam().named), std::string::npos) << answer.text;
}

INSTANTIATE_TEST_SUITE_P(
    OfFlags, Mistakes,
    testing::Values(
        MistakeCase{{"--nope", "a"}, "\"--nope\"; --help lists the flags"},
        MistakeCase{{"--timout=3s", "a"}, "did you mean --timeout?"},
        MistakeCase{{"-t", "3s", "a"}, "\"-t\""}, MistakeCase{{"a", "-"}, "unknown flag \"-\""},
        MistakeCase{{"--timeout"}, "--timeout needs a value (DURATION)"},
        MistakeCase{{"--timeout=", "a"}, "--timeout has an empty value"},
        MistakeCase{{"--timeout=1s", "--timeout=2s", "a"}, "--timeout is given twice"},
        MistakeCase{{"--timeout=soon", "a"}, "\"soon\" is no duration"},
        MistakeCase{{"a"}, "--timeout (WFE_TIMEOUT): \"5\"", {{"WFE_TIMEOUT", "5"}}},
        MistakeCase{{"--stable-for=-1s", "a"}, "--stable-for"},
        MistakeCase{{"--verify=tpc", "a"}, "did you mean tcp?"},
        MistakeCase{{"--confirm=maybe", "a"}, "not one of on, off"},
        MistakeCase{{"--source=pods", "a"}, "auto, slices, endpoints"},
        MistakeCase{{"--on-forbidden=die", "a"}, "wait, fail"},
        MistakeCase{{"--log-format=xml", "a"}, "text, json"},
        MistakeCase{{"--not-ready=perhaps", "a"}, "neither on nor off"},
        MistakeCase{{"--not-ready", "--verify=tcp", "a"}, "exclude each other"},
        MistakeCase{{"--not-ready", "a"}, "exclude each other", {{"WFE_VERIFY", "tcp"}}},
        MistakeCase{{"--namespace=My_NS", "a"}, "--namespace (WFE_NAMESPACE): \"My_NS\""},
        MistakeCase{{"--context=c", "a"}, "give --kubeconfig"},
        MistakeCase{{"--kubeconfig=/none", "a"}, "/none: No such file"},
        MistakeCase{{"a"}, "did you mean WFE_TIMEOUT?", {{"WFE_TIMOUT", "5s"}}}));

INSTANTIATE_TEST_SUITE_P(
    OfDependencies, Mistakes,
    testing::Values(MistakeCase{{}, "nothing to wait for"}, MistakeCase{{"MySQL"}, "\"MySQL\""},
                    MistakeCase{{"db/MySQL"}, "\"db/MySQL\""}, MistakeCase{{"a\nb"}, "DNS label"},
                    MistakeCase{{"mysql@0"}, "\"0\""}, MistakeCase{{"mysql@0%"}, "\"0%\""},
                    MistakeCase{{"mysql@101%"}, "\"101%\""}, MistakeCase{{"mysql:99999"}, "99999"},
                    MistakeCase{{""}, "\"\""}, MistakeCase{{"--any-of=a,B_"}, "\"B_\""},
                    MistakeCase{{"--any-of=,"}, "\",\" names no DEP"},
                    MistakeCase{{}, "\"X_\"", {{"WFE_DEPENDENCIES", "a, X_"}}},
                    MistakeCase{Words(1001, "a"), "more than 1000"}));

INSTANTIATE_TEST_SUITE_P(
    OfCommands, Mistakes,
    testing::Values(
        MistakeCase{{"--policy=exit", "a"}, "--policy is no flag of wait, but of guard"},
        MistakeCase{{"guard", "--on-lost=term", "a"}, "no flag of guard, but of exec"},
        MistakeCase{{"exec", "a"}, "exec needs a command after --"},
        MistakeCase{{"exec", "a", "--"}, "exec needs a command after --"},
        MistakeCase{{"exec", "--", "b"}, "nothing to wait for"},
        MistakeCase{{"a", "--", "b"}, "a command after -- is for exec"},
        MistakeCase{{"exec", "--on-lost=kill", "a", "--", "b"}, "none, term, restart"},
        MistakeCase{{"exec", "--kill-after=1s", "a", "--", "b"}, "--kill-after has no effect"},
        MistakeCase{{"exec", "--lost-after=1s", "a", "--", "b"}, "--lost-after has no effect"},
        MistakeCase{{"guard", "--policy=die", "a"}, "observe, unready, exit"},
        MistakeCase{{"guard", "--listen=8086", "a"}, "\"8086\""},
        MistakeCase{{"guard", "--listen=::1:8086", "a"}, "[::1]:8086"},
        MistakeCase{{"guard", "--listen=localhost:1", "a"}, "\"localhost:1\""},
        MistakeCase{{"guard", "--listen=1.2.3.4:", "a"}, "1.2.3.4:"},
        MistakeCase{{"probe"}, "startup, ready, live"},
        MistakeCase{{"probe", "dead"}, "startup, ready, live"},
        MistakeCase{{"probe", "ready", "live"}, "startup, ready, live"},
        MistakeCase{{"probe", "ready", "--port=0"}, "\"0\" is no port"},
        MistakeCase{{"install"}, "install DIR"}, MistakeCase{{"install", "a", "b"}, "install DIR"},
        MistakeCase{{"rbac"}, "nothing to wait for"},
        MistakeCase{{"rbac", "--timeout=1s", "a"}, "--timeout is no flag of rbac"},
        MistakeCase{{"rbac", "--serviceaccount=\"x\"", "a"}, "is no name"}));

TEST(Options, TheUsersWordsDoNotBreakTheLine) {
  const std::string text = answer_to({"--no\x1b[31m\npe", "a"}).text;
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST_F(OptionsTest, WhatIsNotSaidHasItsDefault) {
  const run::Setup got = setup({"a"});
  EXPECT_EQ(got.engine.mode, core::Mode::wait);
  EXPECT_EQ(got.engine.timeout, std::nullopt);
  EXPECT_EQ(got.engine.heartbeat, 30s);
  EXPECT_EQ(got.engine.stable_for, 0s);
  EXPECT_EQ(got.engine.verify, core::Verify::none);
  EXPECT_EQ(got.engine.source, core::Source::automatic);
  EXPECT_TRUE(got.engine.confirm);
  EXPECT_FALSE(got.engine.until_gone);
  EXPECT_FALSE(got.engine.fail_on_forbidden);
  EXPECT_EQ(got.termination_log, "/dev/termination-log");
  EXPECT_EQ(got.engine.own_pod, std::nullopt) << "a kubeconfig is of no Pod";
  EXPECT_TRUE(got.notes.empty());
}

TEST_F(OptionsTest, FlagsReachTheEngine) {
  const run::Setup got =
      setup({"wait", "--timeout", "1m", "--stable-for=2s", "--verify=none", "--confirm=off",
             "--source=endpoints", "--on-forbidden=fail", "--heartbeat=0", "--not-ready",
             "--log-format=json", "--termination-log=", "--namespace=n", "a:80@50%", "m/b"});
  EXPECT_EQ(got.engine.timeout, 60s);
  EXPECT_EQ(got.engine.stable_for, 2s);
  EXPECT_FALSE(got.engine.confirm);
  EXPECT_EQ(got.engine.source, core::Source::endpoints);
  EXPECT_TRUE(got.engine.fail_on_forbidden);
  EXPECT_EQ(got.engine.heartbeat, std::nullopt);
  EXPECT_TRUE(got.engine.until_gone);
  EXPECT_EQ(got.log_format, run::LogFormat::json);
  EXPECT_EQ(got.termination_log, "");
  EXPECT_EQ(names(got), "n/a:80@50% m/b");
}

TEST_F(OptionsTest, TheCommandLineOverrulesTheEnvironment) {
  EXPECT_EQ(setup({"a"}, {{"WFE_TIMEOUT", "7s"}}).engine.timeout, 7s);
  EXPECT_EQ(setup({"--timeout=3s", "a"}, {{"WFE_TIMEOUT", "7s"}}).engine.timeout, 3s);
  EXPECT_TRUE(setup({"a"}, {{"WFE_NOT_READY", "true"}}).engine.until_gone);
  EXPECT_FALSE(setup({"--not-ready=off", "a"}, {{"WFE_NOT_READY", "1"}}).engine.until_gone);
}

TEST_F(OptionsTest, AnEmptyVariableIsNotSet) {
  EXPECT_EQ(setup({"a"}, {{"WFE_TIMEOUT", ""}}).engine.timeout, std::nullopt);
}

TEST_F(OptionsTest, VariablesOfOtherCommandsAreLeftAlone) {
  EXPECT_EQ(names(setup({"a"}, {{"WFE_LISTEN", "nonsense"}})), "default/a");
}

TEST_F(OptionsTest, DependenciesComeFromTheEnvironmentWhereNoneIsAnArgument) {
  const Variables variables = {{"WFE_DEPENDENCIES", " a, n/b\n c@2,"}};
  EXPECT_EQ(names(setup({}, variables)), "default/a n/b default/c@2");
  EXPECT_EQ(names(setup({"d"}, variables)), "default/d");
}

TEST_F(OptionsTest, AGroupNeedsOneOfItsMembers) {
  EXPECT_EQ(names(setup({"--any-of=a,n/b", "--any-of", "c,d", "e"})),
            "default/e default/a|n/b default/c|default/d");
  EXPECT_EQ(names(setup({}, {{"WFE_ANY_OF", "a,b c,d"}})),
            "default/a|default/b default/c|default/d");
}

TEST_F(OptionsTest, OnlyTheFirstWordIsACommand) {
  EXPECT_EQ(names(setup({"wait", "check", "guard"})), "default/check default/guard");
  EXPECT_EQ(names(setup({"n/check"})), "n/check");
  EXPECT_EQ(setup({"--timeout=1s", "check", "a"}).engine.mode, core::Mode::check);
}

TEST_F(OptionsTest, AServiceThatIsNearlyACommandIsNoted) {
  EXPECT_EQ(setup({"chek", "a"}).notes,
            std::vector<std::string>{"\"chek\" is taken for a Service; the command is check"});
}

TEST_F(OptionsTest, CheckLooksOnceAndWritesNoTerminationMessage) {
  const run::Setup got = setup({"check", "a"});
  EXPECT_EQ(got.engine.mode, core::Mode::check);
  EXPECT_EQ(got.engine.timeout, 10s);
  EXPECT_EQ(got.termination_log, "");
  EXPECT_EQ(setup({"check", "--timeout=0", "a"}).engine.timeout, std::nullopt);
}

TEST_F(OptionsTest, ExecKeepsTheCommandAsItIs) {
  const auto got = plan<run::ExecOptions>({"exec", "a", "--", "sh", "-c", "x --help", "--", ""});
  EXPECT_EQ(got.command, (Words{"sh", "-c", "x --help", "--", ""}));
  EXPECT_EQ(got.on_lost, run::ExecOptions::OnLost::nothing);
  EXPECT_EQ(got.setup.engine.mode, core::Mode::wait);
}

TEST_F(OptionsTest, ExecFollowsWhereALostDependencyMatters) {
  const auto got = plan<run::ExecOptions>(
      {"exec", "--on-lost=restart", "--lost-after=3s", "--kill-after=0", "a", "--", "b"});
  EXPECT_EQ(got.on_lost, run::ExecOptions::OnLost::restart);
  EXPECT_EQ(got.setup.engine.mode, core::Mode::follow);
  EXPECT_EQ(got.setup.engine.lost_after, 3s);
  EXPECT_EQ(got.kill_after, 0s);
}

TEST_F(OptionsTest, GuardFollowsAndListens) {
  auto got = plan<run::GuardOptions>({"guard", "a"});
  EXPECT_EQ(got.setup.engine.mode, core::Mode::follow);
  EXPECT_EQ(got.setup.engine.lost_after, 15s);
  EXPECT_EQ(got.listen_address, "") << "every one";
  EXPECT_EQ(got.port, 8086);
  got = plan<run::GuardOptions>({"guard", "--listen=[::1]:99", "--policy=unready", "a"});
  EXPECT_EQ(got.listen_address, "::1");
  EXPECT_EQ(got.port, 99);
  EXPECT_EQ(got.policy, run::GuardOptions::Policy::unready);
}

TEST_F(OptionsTest, ProbeAndInstallNeedNoCluster) {
  const Plan probe = plan_of({"probe", "startup", "--port=99"});
  ASSERT_TRUE(std::holds_alternative<Probe>(probe));
  EXPECT_EQ(std::get<Probe>(probe).path, "/startupz");
  EXPECT_EQ(std::get<Probe>(probe).port, 99);
  const Plan install = plan_of({"install", "/shared"});
  ASSERT_TRUE(std::holds_alternative<Install>(install));
  EXPECT_EQ(std::get<Install>(install).directory, "/shared");
}

// kubernetes.io/docs/concepts/services-networking/service/#environment-variables
TEST_F(OptionsTest, APortThatKubernetesInjectsForAServiceIsNoFlag) {
  const Plan probe = plan_of({"probe", "live"}, {{"WFE_PORT", "tcp://10.0.0.1:80"}});
  ASSERT_TRUE(std::holds_alternative<Probe>(probe));
  EXPECT_EQ(std::get<Probe>(probe).port, 8086);
}

// A certificate of nobody: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1
constexpr const char* certificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBdTCCARugAwIBAgIUZTe3oMFTmAIK/UhwFHz08GKlre0wCgYIKoZIzj0EAwIw\n"
    "DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjUwMzA5MjBaGA8yMTI2MTEwMTAzMDky\n"
    "MFowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLFL\n"
    "4pfUpYNcNPa5xshd+1JDAigqzaMJEKZ/TbRlMVe6cvdPs2IT2fnXlxl59x3/VBWW\n"
    "RZVHivPucn9oOxN9826jUzBRMB0GA1UdDgQWBBSHTw5DUMwyzsT7/l3YH+gOfOWS\n"
    "qjAfBgNVHSMEGDAWgBSHTw5DUMwyzsT7/l3YH+gOfOWSqjAPBgNVHRMBAf8EBTAD\n"
    "AQH/MAoGCCqGSM49BAMCA0gAMEUCIQCrdw4KAya2vtqkkuj4gin9NZWl4iSsHhOD\n"
    "4LklZLkbMgIgesKcAYeEMAhNotzAsRy4ecwZXq/owEzD1UzORRdmXjM=\n"
    "-----END CERTIFICATE-----\n";

class InAPod : public OptionsTest {
 protected:
  InAPod() {
    std::ofstream(folder_ + "/token") << "t";
    std::ofstream(folder_ + "/namespace") << "shop\n";
    std::ofstream(folder_ + "/ca.crt") << certificate;
  }
  run::Setup in_pod(const Words& words, Variables variables) {
    variables["WFE_SERVICEACCOUNT_DIR"] = folder_;
    variables["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
    variables["KUBERNETES_SERVICE_PORT"] = "443";
    Plan result = plan_of(words, variables);
    if (auto* wait = std::get_if<Wait>(&result)) return std::move(wait->setup);
    ADD_FAILURE() << (std::holds_alternative<Answer>(result) ? std::get<Answer>(result).text : "");
    return {};
  }
};

TEST_F(InAPod, TheNamespaceIsThePodsOwn) {
  EXPECT_EQ(names(in_pod({"a"}, {})), "shop/a");
  EXPECT_EQ(names(in_pod({"a", "--namespace=db"}, {})), "db/a");
  std::filesystem::remove(folder_ + "/namespace");
  EXPECT_EQ(names(in_pod({"a"}, {{"POD_NAMESPACE", "blog"}, {"POD_NAME", "p"}})), "blog/a");
  EXPECT_EQ(names(in_pod({"a"}, {})), "default/a");
}

TEST_F(InAPod, TheEngineKnowsWhichPodItIs) {
  auto pod = in_pod({"a"}, {{"HOSTNAME", "web-0"}}).engine.own_pod;
  ASSERT_TRUE(pod.has_value());
  EXPECT_EQ(pod->namespace_name + "/" + pod->name, "shop/web-0");
  pod = in_pod({"a"}, {{"HOSTNAME", "node"}, {"POD_NAME", "web-1"}, {"POD_NAMESPACE", "n"}})
            .engine.own_pod;
  EXPECT_EQ(pod->namespace_name + "/" + pod->name, "n/web-1");
  EXPECT_EQ(in_pod({"a"}, {}).engine.own_pod, std::nullopt);
}

TEST_F(InAPod, KubeconfigOfTheEnvironmentIsMeantForOthers) {
  EXPECT_EQ(in_pod({"a"}, {{"KUBECONFIG", "/none"}}).access.host, "10.0.0.1");
}

TEST_F(OptionsTest, UnderstandsKubernetesEntrypoint) {
  const auto got = plan<run::ExecOptions>({}, {{"DEPENDENCY_SERVICE", "mysql,openstack:rabbitmq"},
                                               {"NAMESPACE", "db"},
                                               {"DEPENDENCY_POD_JSON", "[]"},
                                               {"COMMAND", "/app  --secret"}});
  EXPECT_EQ(names(got.setup), "db/mysql openstack/rabbitmq");
  EXPECT_EQ(got.command, (Words{"/app", "--secret"}));
  ASSERT_EQ(got.setup.notes.size(), 2U);
  EXPECT_NE(got.setup.notes[0].find("DEPENDENCY_SERVICE"), std::string::npos);
  EXPECT_NE(got.setup.notes[1].find("COMMAND"), std::string::npos);
  EXPECT_EQ(got.setup.notes[1].find("--secret"), std::string::npos);
}

// util/env/env.go of kubernetes-entrypoint, GetBaseNamespace.
TEST_F(OptionsTest, KubernetesEntrypointsDefaultNamespaceIsDefault) {
  EXPECT_EQ(names(setup({}, {{"DEPENDENCY_SERVICE", "a"}})), "default/a");
  EXPECT_EQ(names(setup({"--namespace=n"}, {{"DEPENDENCY_SERVICE", "a"}})), "n/a");
}

TEST_F(OptionsTest, UnderstandsTheOldShellRecipes) {
  const run::Setup got = setup({}, {{"SERVICE", "mysql"}, {"NAMESPACE", "db"}, {"COMMAND", "x"}});
  EXPECT_EQ(names(got), "db/mysql");
  ASSERT_EQ(got.notes.size(), 1U);
  EXPECT_NE(got.notes[0].find("SERVICE"), std::string::npos);
}

TEST_F(OptionsTest, OtherProgramsVariablesChangeNothingWhereADependencyIsGiven) {
  const Variables variables = {{"DEPENDENCY_SERVICE", "a:b:c"},
                               {"DEPENDENCY_JOBS", "j"},
                               {"NAMESPACE", "db"},
                               {"COMMAND", "x"},
                               {"SERVICE", "y"}};
  EXPECT_EQ(names(setup({"a"}, variables)), "default/a");
  EXPECT_EQ(names(setup({"--any-of=a,b"}, variables)), "default/a|default/b");
  Variables with_list = variables;
  with_list["WFE_DEPENDENCIES"] = "c";
  const run::Setup got = setup({}, with_list);
  EXPECT_EQ(names(got), "default/c");
  EXPECT_TRUE(got.notes.empty());
}

// It skips what it does not understand, and starts too soon.
INSTANTIATE_TEST_SUITE_P(
    OfOtherPrograms, Mistakes,
    testing::Values(
        MistakeCase{{}, "\"a:b:c\"", {{"DEPENDENCY_SERVICE", "a:b:c"}}},
        MistakeCase{{}, "\":b\"", {{"DEPENDENCY_SERVICE", ":b"}}},
        MistakeCase{{}, "names no Service", {{"DEPENDENCY_SERVICE", ","}}},
        MistakeCase{{}, "nothing to wait for", {{"DEPENDENCY_SERVICE", ""}}},
        MistakeCase{{}, "DEPENDENCY_JOBS", {{"DEPENDENCY_SERVICE", "a"}, {"DEPENDENCY_JOBS", "j"}}},
        MistakeCase{{}, "\"My_SQL\"", {{"SERVICE", "My_SQL"}}}));

}  // namespace
}  // namespace waiter::cli
