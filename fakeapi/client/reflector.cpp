#include "fakeapi/client/reflector.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace fakeapi::client {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr int page_size = 500;  // as kubectl and client-go ask
// client-go backs off from 800 ms to 30 s (tools/cache, reflector.go).
constexpr milliseconds pause_first(800);
constexpr milliseconds pause_max(30000);
// Longer than the server is overloaded; what asks for more is no API server.
constexpr int retry_after_max_s = 300;

std::string text(const json& object, const char* key) {
  if (!object.is_object()) return "";
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

const json& member(const json& object, const char* key) {
  static const json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(key);
  return found == object.end() ? nothing : *found;
}

std::string encoded(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

milliseconds asked_pause(const std::string& retry_after) {
  int seconds = 0;
  const char* end = retry_after.data() + retry_after.size();
  const auto [stop, error] = std::from_chars(retry_after.data(), end, seconds);
  if (error != std::errc{} || stop != end || seconds < 0) return milliseconds(0);
  return std::chrono::seconds(std::min(seconds, retry_after_max_s));
}

}  // namespace

std::string Watched::path() const {
  const std::string root = api_version == "v1" ? "/api/v1" : "/apis/" + api_version;
  return root + (namespace_name.empty() ? "" : "/namespaces/" + namespace_name) + "/" + plural;
}

std::string Watched::place() const {
  return namespace_name.empty() ? "in all namespaces" : "in namespace " + namespace_name;
}

std::string words_of(int status, std::string_view body) {
  constexpr std::size_t bytes_max = 500;  // of a message that is to be one line
  std::string said = text(json::parse(body, nullptr, false), "message");
  for (char& c : said) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  if (said.size() > bytes_max) said.resize(bytes_max);
  return said.empty() ? fmt::format("status {}", status) : fmt::format("{} ({})", said, status);
}

std::string Reflector::target(std::int64_t watch_s) const {
  std::string target = what_.path();
  if (state_ == State::watch) {
    return target +
           fmt::format("?watch=true&allowWatchBookmarks=true&resourceVersion={}&timeoutSeconds={}",
                       encoded(version_), watch_s);
  }
  target += fmt::format("?limit={}", page_size);
  return continue_.empty() ? target : target + "&continue=" + encoded(continue_);
}

Reaction Reflector::failed(const std::string& trouble, double draw, milliseconds least) {
  const int doublings = std::min(failures_++, 10);
  const milliseconds whole = std::min(pause_max, pause_first * (1 << doublings));
  const auto pause =
      whole / 2 +
      milliseconds(static_cast<std::int64_t>(draw * static_cast<double>(whole.count()) / 2));
  Reaction reaction;
  reaction.trouble = trouble;
  reaction.pause = std::max(pause, least);
  return reaction;
}

void Reflector::list_again() {
  state_ = State::list;
  continue_.clear();
  listed_.clear();
}

Reaction Reflector::on_answer(int status, const std::string& retry_after, std::string_view body,
                              double draw) {
  if (status == 200) return take_page(body, draw);
  // The version, or the snapshot that the pages are of, is compacted away: a new list tells what
  // was missed. It is at once, unless it is so again.
  if (status == 410 && (state_ == State::watch || !continue_.empty())) {
    list_again();
    return failures_++ == 0 ? Reaction{} : failed("", draw);
  }
  return failed(words_of(status, body), draw, asked_pause(retry_after));
}

Reaction Reflector::take_page(std::string_view body, double draw) {
  json page = json::parse(body, nullptr, false);
  const json& items = member(page, "items");
  const std::string version = text(member(page, "metadata"), "resourceVersion");
  const bool usable = (items.is_array() || items.is_null()) && !version.empty();
  if (!usable) return failed("the answer is no list of Kubernetes objects", draw);
  failures_ = 0;
  if (items.is_array()) {
    for (json& item : page["items"]) {
      if (item.is_object()) listed_.push_back(std::move(item));
    }
  }
  continue_ = text(member(page, "metadata"), "continue");
  Reaction reaction;
  if (!continue_.empty()) return reaction;
  version_ = version;
  finish_list(reaction);
  return reaction;
}

/// What is not in the list any more is gone, also where its deletion was never told.
void Reflector::finish_list(Reaction& reaction) {
  std::map<Key, json> now;
  for (json& object : listed_) {
    const json& metadata = member(object, "metadata");
    const Key key = {text(metadata, "namespace"), text(metadata, "name")};
    object["kind"] = what_.kind;  // items of a list do not say it
    object["apiVersion"] = what_.api_version;
    now[key] = std::move(object);
  }
  listed_.clear();
  const auto before = known_;
  for (const auto& [key, known] : before) {
    if (now.count(key) == 0) lose(key, bare(key), reaction);
  }
  for (auto& [key, object] : now) tell(std::move(object), reaction);
  state_ = State::watch;
  reaction.complete = !std::exchange(begun_, true);
}

json Reflector::bare(const Key& key) const {
  json metadata = {{"name", key.second}};
  if (!key.first.empty()) metadata["namespace"] = key.first;
  return {{"kind", what_.kind}, {"apiVersion", what_.api_version}, {"metadata", metadata}};
}

void Reflector::tell(json object, Reaction& reaction) {
  const json& metadata = member(object, "metadata");
  const Key key = {text(metadata, "namespace"), text(metadata, "name")};
  const Known now = {text(metadata, "uid"), text(metadata, "resourceVersion")};
  if (const auto found = known_.find(key); found != known_.end()) {
    if (found->second.version == now.version && found->second.uid == now.uid) return;
    // Another object of the same name: the first was deleted in between.
    if (found->second.uid != now.uid) lose(key, bare(key), reaction);
  }
  known_[key] = now;
  reaction.changes.push_back({false, std::move(object)});
}

void Reflector::lose(const Key& key, json object, Reaction& reaction) {
  if (known_.erase(key) > 0) reaction.changes.push_back({true, std::move(object)});
}

Reaction Reflector::on_line(std::string_view line, double draw) {
  json event = json::parse(line, nullptr, false);
  const std::string type = text(event, "type");
  const json& object = member(event, "object");
  if (type.empty() || !object.is_object()) {
    list_again();
    return failed("a line of the watch is no event", draw);
  }
  if (type == "ERROR") {
    const json& code = member(object, "code");
    const bool expired = code.is_number_integer() && code == 410;
    list_again();
    if (expired && failures_++ == 0) return {};
    return failed(expired ? "" : "the watch ended: " + text(object, "message"), draw);
  }
  fruitful_ = true;
  failures_ = 0;
  const json& metadata = member(object, "metadata");
  const std::string version = text(metadata, "resourceVersion");
  if (!version.empty()) version_ = version;
  Reaction reaction;
  if (type == "ADDED" || type == "MODIFIED") tell(std::move(event["object"]), reaction);
  if (type == "DELETED") {
    const Key key = {text(metadata, "namespace"), text(metadata, "name")};
    lose(key, std::move(event["object"]), reaction);
  }
  return reaction;
}

Reaction Reflector::on_end(double draw) {
  // A watch that told nothing at all may be refused by something in between, again and again.
  if (state_ == State::watch && std::exchange(fruitful_, false)) return {};
  return failed("", draw);
}

}  // namespace fakeapi::client
