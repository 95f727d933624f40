// Whole requests, one after the other, to a cluster with some objects. Requests of an input are
// separated by a line "%%"; each is METHOD TARGET, header lines, an empty line and the body. After
// each, the cluster is looked at as a whole: watches that were opened before must add up to what a
// list says, and every stored object must be one.
#include <map>
#include <memory>
#include <set>

#include "fakeapi/cluster/text.hpp"
#include "fuzz/kind.hpp"
#include "fuzz/small_cluster.hpp"

namespace {

using namespace fakeapi::cluster;
using fuzz::check;
using fuzz::Client;
using nlohmann::json;

// Bounds one input's time; more requests add nothing.
constexpr std::size_t requests_max = 12;
constexpr std::size_t streams_max = 8;

Request read_request(std::string_view text) {
  Request out;
  const std::string_view line = fuzz::take_line(text);
  const std::size_t space = std::min(line.find(' '), line.size());
  out.method = line.substr(0, space);
  out.target = line.substr(std::min(space + 1, line.size()));
  while (!text.empty()) {
    const std::string_view field = fuzz::take_line(text);
    if (field.empty()) break;
    const std::size_t colon = std::min(field.find(": "), field.size());
    out.headers.emplace_back(field.substr(0, colon),
                             field.substr(std::min(colon + 2, field.size())));
  }
  if (!find_header(out.headers, "Authorization"))
    out.headers.emplace_back("Authorization", std::string("Bearer ") + fuzz::token);
  out.body = text;
  return out;
}

// Every status that the API's own code gives.
bool known(int status) {
  static const std::set<int> all = {200, 201, 202, 400, 401, 403, 404, 405, 406, 409,
                                    410, 413, 415, 422, 429, 500, 501, 503, 504};
  return all.count(status) > 0;
}

// The real server answers 500 to a watch from what is no version, to a strategic merge patch whose
// element lacks its key, and to an apply that does not fit the type; 504 to a version of the
// future.
bool may_fail_so(int status, const std::string& body) {
  if (status < 500) return true;
  for (const char* text : {"resourceVersion: Invalid value", "does not contain declared merge key",
                           "failed to create typed patch object", "Too large resource version"}) {
    if (body.find(text) != std::string::npos) return true;
  }
  return false;
}

class Fold {
 public:
  Fold(Client& client, std::string path) : path_(std::move(path)) {
    stream_ = client.watch(path_ + "?watch=true");
  }

  /// True when something changed.
  bool read(Client& client) {
    if (!stream_) return false;
    const auto events = client.read(*stream_);
    for (const json& event : events) take(event, client);
    return !events.empty();
  }

  void compare(Client& client) const {
    const auto answer = client.get(path_);
    if (!stream_ || answer.status != 200) return;  // a definition that is gone
    std::map<std::string, json> listed;
    for (const json& item : answer.body["items"]) listed.emplace(key_of(item), item);
    check(listed.size() == answer.body["items"].size(), "a list has each object once", path_);
    for (const auto& [key, item] : listed) {
      const auto it = objects_.find(key);
      check(it != objects_.end(), "what is listed was watched", key);
      check(it->second == item, "a list is the fold of a watch", it->second.dump() + item.dump());
    }
    check(listed.size() == objects_.size(), "what was watched is listed", path_);
  }

 private:
  static std::string key_of(const json& object) {
    const json& metadata = object["metadata"];
    return metadata.value("namespace", "") + "/" + metadata.value("name", "");
  }

  void take(const json& event, Client& client) {
    json object = event["object"];
    check(object.is_object() && object["metadata"].is_object(), "an event has an object");
    const json& metadata = object["metadata"];
    check(!metadata.value("name", "").empty(), "an object has a name", object.dump());
    check(!metadata.value("uid", "").empty(), "an object has a uid", object.dump());
    const auto version = parse_decimal(metadata.value("resourceVersion", ""));
    check(version && *version > 0 && *version <= client.cluster.version(),
          "an object has a version of this cluster", object.dump());
    object.erase("kind");  // a list names them once
    object.erase("apiVersion");
    const std::string key = key_of(object);
    const std::string type = event["type"];
    check(objects_.count(key) == (type == "ADDED" ? 0U : 1U), "only what is there changes", key);
    if (type == "DELETED") {
      objects_.erase(key);
    } else {
      objects_[key] = std::move(object);
    }
  }

  std::string path_;
  std::unique_ptr<WatchStream> stream_;
  std::map<std::string, json> objects_;
};

std::vector<Fold> open_folds(Client& client) {
  std::vector<Fold> out;
  const Kinds kinds;
  for (const Kind& kind : kinds.all()) {
    if (!kind.allows("watch")) continue;
    out.emplace_back(
        client,
        (kind.group.empty() ? "/api/v1/" : "/apis/" + kind.api_version() + "/") + kind.plural);
  }
  out.emplace_back(client, "/apis/example.com/v1/widgets");
  return out;
}

void check_answer(const Request& request, const Response& response) {
  check(known(response.status), "the status is known", std::to_string(response.status));
  check((response.body != nullptr) != (response.stream != nullptr), "a body or a stream");
  if (!response.body) return;
  const auto type = find_header(response.headers, "Content-Type");
  check(type.has_value(), "a body has a type", request.target);
  check(may_fail_so(response.status, *response.body), "the server is not at fault",
        request.method + " " + request.target + "\n" + *response.body);
  if (!type->starts_with("application/json") || find_header(response.headers, "Content-Encoding"))
    return;
  const json body = json::parse(*response.body, nullptr, false);
  check(!body.is_discarded(), "JSON is JSON", *response.body);
  if (response.status < 400) return;
  check(body.value("kind", "") == "Status" && body.value("code", 0) == response.status,
        "a failure is a Status with its code", *response.body);
}

void drain(Client& client, WatchStream& stream) {
  for (auto piece = stream.next(client.now); piece.state == WatchStream::State::ready;
       piece = stream.next(client.now)) {
    check(piece.bytes && piece.bytes->ends_with('\n') && json::accept(*piece.bytes),
          "a piece is one line of JSON");
  }
}

std::string_view take_request(std::string_view& input) {
  constexpr std::string_view mark = "\n%%\n";
  const std::size_t end = input.find(mark);
  const std::string_view text = input.substr(0, end);
  input = end == std::string_view::npos ? "" : input.substr(end + mark.size());
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input = fuzz::text_of(data, size);
  Client client(fuzz::small_options());
  fuzz::fill(client);
  std::vector<Fold> folds = open_folds(client);
  for (Fold& fold : folds) fold.read(client);
  std::vector<std::unique_ptr<WatchStream>> streams;
  for (std::size_t i = 0; i < requests_max && !input.empty(); ++i) {
    const Request request = read_request(take_request(input));
    if (request.method.empty() || !request.target.starts_with('/')) continue;  // no HTTP request
    Response response = client.cluster.handle(client.now, request);
    check_answer(request, response);
    if (response.stream && streams.size() < streams_max)
      streams.push_back(std::move(response.stream));
    client.pass(std::chrono::milliseconds(200));
    for (const auto& stream : streams) drain(client, *stream);
    for (Fold& fold : folds) {
      if (fold.read(client)) fold.compare(client);
    }
  }
  for (const Fold& fold : folds) fold.compare(client);
  return 0;
}
