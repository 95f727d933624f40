// The replayer's implementation, and the proof that it can tell answers apart.
#include "fakeapi/cluster/testing/conversation.hpp"

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "fakeapi/cluster/api/uri.hpp"

namespace fakeapi::cluster::testing {
namespace {

using nlohmann::json;

const std::set<std::string> kept_headers = {"content-type", "retry-after",      "warning",
                                            "allow",        "www-authenticate", "content-encoding",
                                            "location"};

std::string replaced_text(const std::string& text, const std::string& key) {
  static const std::regex time(R"(^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$)");
  static const std::regex uid("[0-9a-f]{8}-[0-9a-f-]{27}");
  static const std::regex number(R"(\b\d{2,}\b)");
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(),
                                                   [](char c) { return c >= '0' && c <= '9'; });
  if (key == "uid" && !text.empty()) return "<uid>";
  if (key == "resourceVersion" && digits) return "<rv>";
  if (key == "continue" && !text.empty()) return "<continue>";
  if (std::regex_match(text, time)) return "<time>";
  if (key == "message" || key == "text") {
    return std::regex_replace(std::regex_replace(text, uid, "<uid>"), number, "N");
  }
  return text;
}

json normal(const json& value, const std::string& key = {}) {
  if (value.is_object()) {
    json out = json::object();
    for (const auto& [k, v] : value.items()) {
      const bool skipped = key == "columnDefinitions"
                               ? k == "description"
                               : k == "managedFields" || k == "selfLink" || k == "serverAddress";
      if (!skipped) out[k] = normal(v, k);
    }
    return out;
  }
  if (value.is_array()) {
    json out = json::array();
    for (const json& one : value) out.push_back(normal(one, key));
    return out;
  }
  return value.is_string() ? json(replaced_text(value.get<std::string>(), key)) : value;
}

json cleaned(json answer) {
  if (answer.contains("events")) {
    json events = json::array();
    for (const json& one : answer["events"]) events.push_back(one["event"]);
    answer["events"] = std::move(events);
  }
  return normal(answer);
}

std::string shortened(const json& value) {
  const std::string text = value.dump();
  return text.size() < 160 ? text : text.substr(0, 157) + "...";
}

std::string identity(const json& item) {
  for (const char* key : {"name", "resource", "version"}) {
    if (item.contains(key) && item[key].is_string()) return item[key];
  }
  if (item.contains("metadata") && item["metadata"].contains("name"))
    return item["metadata"]["name"];
  for (const char* key : {"groupVersion", "subresource"}) {
    if (item.contains(key)) return item[key];
  }
  return item.dump();
}

void diff(const json& want, const json& got, bool subset, const std::string& at,
          std::vector<std::string>& out);

void diff_objects(const json& want, const json& got, bool subset, const std::string& at,
                  std::vector<std::string>& out) {
  for (const auto& [key, value] : want.items()) {
    if (!got.contains(key)) {
      if (!subset) out.push_back(at + "/" + key + ": missing, recorded " + shortened(value));
    } else {
      diff(value, got[key], subset, at + "/" + key, out);
    }
  }
  for (const auto& [key, value] : got.items()) {
    if (!want.contains(key))
      out.push_back(at + "/" + key + ": not in the recording, got " + shortened(value));
  }
}

void diff_lists(const json& want, const json& got, bool subset, const std::string& at,
                std::vector<std::string>& out) {
  const auto all = [&](auto is) {
    return std::all_of(want.begin(), want.end(), is) && std::all_of(got.begin(), got.end(), is);
  };
  if (subset && all([](const json& v) { return v.is_object(); })) {
    for (const json& item : got) {
      const std::string name = identity(item);
      const auto same = std::find_if(want.begin(), want.end(),
                                     [&](const json& w) { return identity(w) == name; });
      if (same == want.end()) {
        out.push_back(at + "[" + name + "]: not in the recording");
      } else {
        diff(*same, item, subset, at + "[" + name + "]", out);
      }
    }
  } else if (subset && all([](const json& v) { return v.is_string(); })) {
    for (const json& item : got) {
      if (std::find(want.begin(), want.end(), item) == want.end()) {
        out.push_back(at + ": " + item.dump() + " not in the recording");
      }
    }
  } else {
    if (want.size() != got.size()) {
      out.push_back(at + ": " + std::to_string(want.size()) + " recorded, " +
                    std::to_string(got.size()) + " got");
    }
    for (std::size_t i = 0; i < std::min(want.size(), got.size()); ++i) {
      diff(want[i], got[i], subset, at + "/" + std::to_string(i), out);
    }
  }
}

void diff(const json& want, const json& got, bool subset, const std::string& at,
          std::vector<std::string>& out) {
  if (want.is_object() && got.is_object()) return diff_objects(want, got, subset, at, out);
  if (want.is_array() && got.is_array()) return diff_lists(want, got, subset, at, out);
  if (want != got) out.push_back(at + ": recorded " + shortened(want) + ", got " + shortened(got));
}

json blame(const json& answer) {
  json out = json::object();
  const json body = answer.value("body", json::object());
  for (const char* key : {"kind", "status", "code", "reason"}) {
    out[key] = body.is_object() ? body.value(key, json()) : json();
  }
  return out;
}

json kept(const Headers& headers) {
  json out = json::object();
  for (auto [key, value] : headers) {
    std::transform(key.begin(), key.end(), key.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    if (kept_headers.count(key) > 0) out[key] = value;  // of several, the last, as in golden.py
  }
  return out;
}

json packed(const Response& response) {
  json out = {{"status", response.status}, {"headers", kept(response.headers)}};
  json body = json::parse(*response.body, nullptr, false);
  if (body.is_discarded()) {
    out["text"] = *response.body;
  } else {
    out["body"] = std::move(body);
  }
  return out;
}

Duration seconds(const json& value) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(value.get<double>()));
}

}  // namespace

json load_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) ADD_FAILURE() << "cannot read " << path;
  return json::parse(file, nullptr, false);
}

std::vector<std::string> differences(const json& want_raw, const json& got_raw,
                                     const std::string& mode) {
  const json want = cleaned(want_raw);
  const json got = cleaned(got_raw);
  std::vector<std::string> out;
  if (mode == "none") return out;
  if (mode == "status" || mode == "reason") {
    diff(want["status"], got["status"], false, "/status", out);
    if (mode == "reason") diff(blame(want), blame(got), false, "/body", out);
    return out;
  }
  diff(want, got, mode == "subset", "", out);
  return out;
}

std::vector<User> recorded_users() {
  return {{"admin-token", "admin", {"system:masters"}, User::Rights::everything},
          {"nobody-token", "nobody", {}, User::Rights::nothing}};
}

json Conversation::filled(const json& value) const {
  std::string text = value.dump();
  for (const auto& [name, captured] : captured_) {
    const std::string mark = "{{" + name + "}}";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
      text.replace(at, mark.size(), captured);
    }
  }
  return json::parse(text);
}

Request Conversation::request_of(const std::string& who, const json& request) const {
  Request out{request["method"], request["path"], {}, {}};
  const json sent = request.value("headers", json::object());
  if (!sent.contains("Accept")) out.headers.emplace_back("Accept", "application/json");
  const json body = request.value("body", json());
  if (!body.is_null()) {
    out.body = body.is_string() ? body.get<std::string>() : body.dump();
    if (!sent.contains("Content-Type"))
      out.headers.emplace_back("Content-Type", "application/json");
  }
  for (const auto& [key, value] : sent.items()) out.headers.emplace_back(key, value);
  if (who != "anonymous") {
    out.headers.emplace_back("Authorization",
                             "Bearer " + (who == "bad" ? "not-a-token" : who + "-token"));
  }
  return out;
}

void Conversation::settle(Duration pause) {
  now_ += pause;
  cluster_.advance(now_);
}

json Conversation::exchange(const std::string& who, const json& request) {
  const Response response = cluster_.handle(now_, request_of(who, request));
  settle(response.delay + std::chrono::milliseconds(5));
  if (!response.stream) return packed(response);
  ADD_FAILURE() << "a stream where an answer was expected";
  return {};
}

// A client that reads for so many seconds, while other requests are sent at their times.
json Conversation::watch(const std::string& who, const json& request, const json& plan) {
  const Instant opened = now_;
  const Instant closed = opened + seconds(plan["seconds"]);
  Response response = cluster_.handle(now_, request_of(who, request));
  settle(response.delay);
  if (!response.stream) {
    // What is no stream is read as lines all the same; an answer with an error is an answer.
    json out = packed(response);
    if (response.status != 200) return out;
    return {{"status", 200},
            {"headers", out["headers"]},
            {"events", json::array({{{"at", 0}, {"event", out["body"]}}})},
            {"ended_by", "server"}};
  }
  json events = json::array();
  std::string ended_by = "client";
  const auto read_all = [&] {
    while (true) {
      const WatchStream::Piece piece = response.stream->next(now_);
      if (piece.state == WatchStream::State::ready) {
        events.push_back({{"at", 0}, {"event", json::parse(*piece.bytes)}});
        continue;
      }
      if (piece.state != WatchStream::State::idle) ended_by = "server";
      return;
    }
  };
  std::vector<std::pair<Instant, json>> during;
  for (const json& one : plan.value("during", json::array())) {
    during.emplace_back(opened + seconds(one["at"]), filled(one["request"]));
  }
  std::size_t sent = 0;
  read_all();
  while (ended_by == "client" && now_ < closed) {
    Instant next = closed;
    if (const auto at = response.stream->deadline()) next = std::min(next, *at);
    if (const auto at = cluster_.next_deadline()) next = std::min(next, std::max(*at, now_));
    if (sent < during.size()) next = std::min(next, during[sent].first);
    now_ = std::max(now_, next);
    cluster_.advance(now_);
    if (sent < during.size() && during[sent].first <= now_) {
      cluster_.handle(now_, request_of("admin", during[sent++].second));
    }
    if (now_ < closed) read_all();
  }
  // A stream that the server ended is not waited for any longer.
  if (ended_by == "client") now_ = std::max(now_, closed);
  cluster_.advance(now_);
  return {{"status", response.status},
          {"headers", kept(response.headers)},
          {"events", events},
          {"ended_by", ended_by}};
}

std::vector<StepOutcome> Conversation::run(const json& steps) {
  std::vector<StepOutcome> out;
  for (const json& step : steps) {
    const json request = filled(step["request"]);
    const std::string who = step.value("as", "admin");
    const json got =
        step.contains("watch") ? watch(who, request, step["watch"]) : exchange(who, request);
    const json capture = step.value("capture", json::object());
    for (const auto& [name, pointer] : capture.items()) {
      const json& source = got.contains("events") ? got["events"].back()["event"] : got["body"];
      const json::json_pointer at(pointer.get<std::string>());
      if (source.contains(at))
        captured_[name] =
            source[at].is_string() ? source[at].get<std::string>() : source[at].dump();
    }
    out.push_back({step["id"], differences(step["response"], got, step.value("compare", "full"))});
  }
  return out;
}

// The replayer must not pass everything: one changed word is one difference.
TEST(Conversation, ADifferentMessageIsADifference) {
  const json want = {{"status", 404},
                     {"headers", json::object()},
                     {"body", {{"message", "endpoints \"a\" not found"}}}};
  json got = want;
  EXPECT_TRUE(differences(want, got, "full").empty());
  got["body"]["message"] = "endpoints \"b\" not found";
  EXPECT_EQ(differences(want, got, "full").size(), 1U);
}

// uids, versions and times differ from run to run and are not compared.
TEST(Conversation, VolatileValuesAreNotCompared) {
  const json want = {
      {"body", {{"uid", "a"}, {"resourceVersion", "1"}, {"at", "2026-11-23T06:21:04Z"}}}};
  const json got = {
      {"body", {{"uid", "b"}, {"resourceVersion", "22"}, {"at", "1970-01-01T00:00:00Z"}}}};
  EXPECT_TRUE(differences(want, got, "full").empty());
}

}  // namespace fakeapi::cluster::testing
