// The API beyond the recordings: pages over a changing store, expired tokens, patches by kind.
#include "fakeapi/cluster/api/api.hpp"

#include <gtest/gtest.h>

#include "fakeapi/cluster/api/continue_token.hpp"
#include "fakeapi/cluster/testing/client.hpp"

namespace fakeapi::cluster::testing {
namespace {

using nlohmann::json;

std::vector<std::string> names_of(const json& list) {
  std::vector<std::string> names;
  for (const json& item : list["items"]) names.push_back(item["metadata"]["name"]);
  return names;
}

// API concepts, "Retrieving large results sets in chunks": all pages show one version.
TEST(Pages, ShowOneVersionWhateverHappensMeanwhile) {
  Client client;
  for (const char* name : {"a", "c", "e"}) client.post(endpoints_path, endpoints_object(name));
  const json first = client.get(endpoints_path + "?limit=1").body;
  client.remove(endpoints_path + "/c");
  client.post(endpoints_path, endpoints_object("d"));
  const json rest =
      client.get(endpoints_path + "?continue=" + first["metadata"]["continue"].get<std::string>())
          .body;
  EXPECT_EQ(names_of(rest), (std::vector<std::string>{"c", "e"}));
  EXPECT_EQ(rest["metadata"]["resourceVersion"], first["metadata"]["resourceVersion"]);
}

TEST(Pages, GoOverNamespaces) {
  Client client;
  for (const char* space : {"default", "kube-system"}) {
    for (const char* name : {"a", "b"}) {
      client.post("/api/v1/namespaces/" + std::string(space) + "/endpoints",
                  endpoints_object(name));
    }
  }
  std::vector<std::string> seen;
  std::string token;
  do {
    const json page = client.get("/api/v1/endpoints?limit=1&continue=" + token).body;
    for (const json& item : page["items"]) {
      seen.push_back(item["metadata"]["namespace"].get<std::string>() + "/" +
                     item["metadata"]["name"].get<std::string>());
    }
    token = page["metadata"].value("continue", "");
  } while (!token.empty());
  EXPECT_EQ(seen,
            (std::vector<std::string>{"default/a", "default/b", "kube-system/a", "kube-system/b"}));
}

// storage/continue.go and etcd3/errors.go: an expired page is 410, with a token that goes on
// inconsistently.
TEST(Pages, AnExpiredTokenOffersAnother) {
  Client client;
  for (const char* name : {"a", "b"}) client.post(endpoints_path, endpoints_object(name));
  const std::string token = client.get(endpoints_path + "?limit=1").body["metadata"]["continue"];
  client.post(endpoints_path, endpoints_object("c"));
  client.cluster.compact(client.cluster.version());
  const Answer gone = client.get(endpoints_path + "?continue=" + token);
  EXPECT_EQ(gone.status, 410);
  EXPECT_EQ(gone.body["reason"], "Expired");
  const std::string fresh = gone.body["metadata"]["continue"];
  EXPECT_EQ(names_of(client.get(endpoints_path + "?continue=" + fresh).body),
            (std::vector<std::string>{"b", "c"}));
}

TEST(List, AnExactVersionBeforeTheCompactionIsGone) {
  Client client;
  client.post(endpoints_path, endpoints_object("a"));
  client.cluster.compact(client.cluster.version());
  const Answer gone = client.get(endpoints_path + "?resourceVersion=1&resourceVersionMatch=Exact");
  EXPECT_EQ(gone.status, 410);
  EXPECT_EQ(gone.body["reason"], "Expired");
}

// wire-facts, "Versions": after 3 s.
TEST(List, AFutureVersionIsWaitedFor) {
  Client client;
  const Answer late = client.get(endpoints_path + "?resourceVersion=99999999");
  EXPECT_EQ(late.status, 504);
  EXPECT_EQ(late.delay, Duration(std::chrono::seconds(3)));
}

TEST(ContinueToken, IsReadAsWritten) {
  const ContinueToken token{17, Key{"ns", "name"}};
  const auto back = decode_continue(encode_continue(token, ""), "");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->version, 17U);
  EXPECT_EQ(back->after->namespace_name, "ns");
  EXPECT_EQ(back->after->name, "name");
}

// The recorded token of a page that ended with "b" at version 256 (lists.json, limit-2).
TEST(ContinueToken, OfARealServerIsUnderstood) {
  const auto token = decode_continue(
      "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MjU2LCJzdGFydCI6Ii9iXHUwMDAwIn0", "default");
  ASSERT_TRUE(token);
  EXPECT_EQ(token->version, 256U);
  EXPECT_EQ(token->after->name, "b");
}

// "watch=0" and "watch=false" are a list, everything else is a watch (apimachinery
// runtime/conversion.go).
TEST(Uri, FlagsAreReadAsApimachineryReadsThem) {
  for (const char* text : {"watch", "watch=", "watch=1", "watch=true", "watch=True", "watch=yes"}) {
    EXPECT_EQ(parse_uri("/x?" + std::string(text)).flag("watch"), true) << text;
  }
  for (const char* text : {"watch=0", "watch=false", "watch=False"}) {
    EXPECT_EQ(parse_uri("/x?" + std::string(text)).flag("watch"), false) << text;
  }
  EXPECT_FALSE(parse_uri("/x").flag("watch"));
}

// kubectl asks for a Table and takes JSON; client-go asks for protobuf first.
TEST(Accept, TheFirstClauseThatCanBeAnsweredWins) {
  using Form = Representation::Form;
  const auto form = [](const char* accept, Answers answers) {
    const auto chosen = negotiate({{"Accept", accept}}, {}, answers);
    return chosen ? std::optional(chosen->form) : std::nullopt;
  };
  constexpr const char* table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
  EXPECT_EQ(form(table, Answers::objects), Form::table);
  EXPECT_EQ(form(table, Answers::plain), Form::json);
  EXPECT_EQ(form("application/json;as=Table;v=v9;g=meta.k8s.io", Answers::objects), std::nullopt);
  EXPECT_EQ(form("application/vnd.kubernetes.protobuf, */*", Answers::objects), Form::json);
  EXPECT_EQ(form("application/yaml", Answers::objects), Form::yaml);
  EXPECT_EQ(form("application/yaml", Answers::stream), std::nullopt);
  EXPECT_EQ(form("application/yaml;q=0.5,application/json;q=0.9", Answers::objects), Form::json);
  EXPECT_EQ(form("text/csv", Answers::objects), std::nullopt);
}

// RFC 7386 merges objects; strategic merge also merges lists by key (x-kubernetes-patch-merge-key).
TEST(Patch, StrategicMergeKeepsTheOtherConditions) {
  Client client;
  client.post(pods_path, pod_object("p", "a"));
  const auto patch = [&](const char* type) {
    client.call("PATCH", pods_path + "/p/status",
                {{"status", {{"conditions", json::array({{{"type", type}, {"status", "True"}}})}}}},
                "application/strategic-merge-patch+json");
  };
  patch("Initialized");
  patch("Ready");
  EXPECT_EQ(client.get(pods_path + "/p").body["status"]["conditions"].size(), 2U);
}

TEST(Patch, WithAnOldVersionIsAConflict) {
  Client client;
  client.post(endpoints_path, endpoints_object("a"));
  EXPECT_EQ(client.merge(endpoints_path + "/a", {{"metadata", {{"resourceVersion", "1"}}}}).status,
            409);
}

TEST(Delete, OfACollectionTakesWhatIsSelected) {
  Client client;
  client.post(endpoints_path, endpoints_object("a", "x"));
  client.post(endpoints_path, endpoints_object("b", "y"));
  const Answer answer = client.remove(endpoints_path + "?labelSelector=app%3Dx");
  EXPECT_EQ(names_of(answer.body), std::vector<std::string>{"a"});
  EXPECT_EQ(names_of(client.get(endpoints_path).body), std::vector<std::string>{"b"});
}

// handlers/watch.go serves a watch over WebSocket to those who ask for one; what refuses the watch
// refuses it before.
TEST(WatchOverWebSocket, IsAnUpgrade) {
  Options options;
  options.users = {{"t", "admin", {}, User::Rights::everything}};
  Cluster cluster(options);
  const auto ask = [&](const std::string& query, Headers more) {
    Headers headers = {{"Authorization", "Bearer t"}, {"Upgrade", "WebSocket"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return cluster.handle(Instant{}, {"GET", endpoints_path + query, headers, {}});
  };
  const Headers whole = {
      {"Sec-WebSocket-Version", "13"}, {"Sec-WebSocket-Key", "k"}, {"Origin", "https://x"}};
  const Response accepted = ask("?watch=true", whole);
  EXPECT_EQ(accepted.status, 101);
  EXPECT_TRUE(accepted.stream);
  EXPECT_EQ(ask("?watch=true", {whole[0], whole[1]}).status, 403);
  EXPECT_EQ(ask("?watch=true", {{"Sec-WebSocket-Version", "8"}, whole[1], whole[2]}).status, 400);
  EXPECT_EQ(ask("?watch=true&sendInitialEvents=true", whole).status, 422);
}

// responsewriters/writers.go: above 128 KiB, to a client that takes gzip.
TEST(Compression, IsForLargeAnswersToThoseWhoTakeIt) {
  Options options;
  options.users = {{"t", "admin", {}, User::Rights::everything}};
  Cluster cluster(options);
  const auto ask = [&](const std::string& method, const std::string& path, std::string body,
                       bool gzip) {
    Headers headers = {{"Authorization", "Bearer t"}, {"Content-Type", "application/json"}};
    if (gzip) headers.emplace_back("Accept-Encoding", "br, gzip;q=0.8");
    return cluster.handle(Instant{}, {method, path, headers, std::move(body)});
  };
  const std::string maps = "/api/v1/namespaces/default/configmaps";
  const json map = {{"metadata", {{"name", "big"}}}, {"data", {{"k", std::string(200'000, 'x')}}}};
  ask("POST", maps, map.dump(), false);
  const Response plain = ask("GET", maps + "/big", {}, false);
  const Response packed = ask("GET", maps + "/big", {}, true);
  EXPECT_GT(plain.body->size(), 200'000U);
  EXPECT_FALSE(find_header(plain.headers, "Content-Encoding"));
  EXPECT_EQ(find_header(packed.headers, "Content-Encoding"), "gzip");
  EXPECT_LT(packed.body->size(), 10'000U);
  EXPECT_FALSE(find_header(ask("GET", "/api/v1", {}, true).headers, "Content-Encoding"));
}

// negotiate.go, isPrettyPrint.
TEST(Pretty, IsForBrowsersAndCurlAndWhoAsks) {
  Client client;
  client.post(endpoints_path, endpoints_object("a"));
  Options options;
  options.users = {{"t", "admin", {}, User::Rights::everything}};
  Cluster cluster(options);
  const auto lines = [&](const std::string& agent, const std::string& query) {
    const Response response =
        cluster.handle(Instant{}, {"GET",
                                   "/api/v1/namespaces/default" + query,
                                   {{"Authorization", "Bearer t"}, {"User-Agent", agent}},
                                   {}});
    return std::count(response.body->begin(), response.body->end(), '\n');
  };
  EXPECT_EQ(lines("kubectl/v1.37", ""), 1);
  EXPECT_GT(lines("curl/8.5.0", ""), 5);
  EXPECT_EQ(lines("curl/8.5.0", "?pretty=false"), 1);
  EXPECT_GT(lines("kubectl/v1.37", "?pretty=true"), 5);
}

}  // namespace
}  // namespace fakeapi::cluster::testing
