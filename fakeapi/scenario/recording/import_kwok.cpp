// The output of `kwokctl snapshot record`.
#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "fakeapi/cluster/api/strategic.hpp"
#include "fakeapi/cluster/api/yaml.hpp"
#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/scenario/recording/import.hpp"

namespace fakeapi::scenario::recording {
namespace {

using cluster::Duration;
using nlohmann::json;

// kwok counts from the first change; here the objects at the start are to be seen before it.
constexpr Duration before_first_change = std::chrono::seconds(1);
// 31 days: longer is a mistake of the file, and far from what nanoseconds can count.
constexpr std::int64_t duration_max_ns = 31LL * 24 * 3600 * 1'000'000'000;

struct Document {
  std::size_t line;
  std::string text;
};

std::vector<Document> documents_of(const std::string& text) {
  std::vector<Document> documents = {{1, ""}};
  std::size_t line = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size() - 1);
    const std::string_view one = std::string_view(text).substr(at, end + 1 - at);
    at = end + 1;
    ++line;
    // Text of a block scalar is indented, so at the front of a line this is nothing else.
    const bool separates = one.starts_with("---") && (one.size() <= 3 || one[3] <= ' ');
    if (separates) {
      documents.push_back({line + 1, ""});
    } else {
      documents.back().text += one;
    }
  }
  return documents;
}

class Snapshot {
 public:
  explicit Snapshot(const Input& input) : input_(input) {}

  std::optional<ImportError> read() {
    for (const Document& document : documents_of(input_.text)) {
      if (document.text.find_first_not_of(" \t\r\n") == std::string::npos) continue;
      auto parsed = cluster::parse_yaml(document.text);
      if (!parsed) return wrong(document, "the document that begins here is not YAML");
      if (parsed->is_null()) continue;  // comments only
      if (!parsed->is_object()) return wrong(document, "no Kubernetes object");
      const bool patch = text_at(*parsed, {"kind"}) == "ResourcePatch" &&
                         text_at(*parsed, {"apiVersion"}).starts_with("action.kwok.x-k8s.io/");
      if (!patch) {
        if (is_recorded(*parsed)) recording_.initial.push_back(std::move(*parsed));
        continue;
      }
      if (auto error = take(document, std::move(*parsed))) return error;
    }
    return std::nullopt;
  }

  Recording recording() {
    for (const json& object : recording_.initial) now_[identity_of(object)] = object;
    std::stable_sort(patches_.begin(), patches_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [at, patch] : patches_) carry_out(at, patch);
    recording_.source = "a snapshot of kwok";
    recording_.notes.push_back(
        "The first change is at 1s: how long nothing had changed is not known.");
    if (skipped_ > 0) {
      recording_.notes.push_back(fmt::format(
          "Changes that are left out, as their objects are not in the snapshot: {}.", skipped_));
    }
    return std::move(recording_);
  }

 private:
  ImportError wrong(const Document& document, const std::string& what) const {
    return {fmt::format("{}:{}: {}", input_.name, document.line, what)};
  }

  std::optional<ImportError> take(const Document& document, json patch) {
    const cluster::Kind* kind = kind_of(patch);
    if (kind == nullptr) return std::nullopt;
    if (text_at(patch, {"target", "name"}).empty())
      return wrong(document, "a ResourcePatch without target.name");
    const json& time = value_at(patch, {"durationNanosecond"});
    const bool usable =
        time.is_null() || (time.is_number_integer() && time >= 0 && time <= duration_max_ns);
    if (!usable)
      return wrong(document, "durationNanosecond is not from 0 to 31 days, in nanoseconds");
    const std::string method = text_at(patch, {"method"});
    if (method != "create" && method != "patch" && method != "delete")
      return wrong(document, "the method \"" + method + "\" is neither create, patch nor delete");
    const Duration at(time.is_null() ? 0 : time.get<std::int64_t>());
    patches_.emplace_back(at + before_first_change, std::move(patch));
    return std::nullopt;
  }

  /// Of the four kinds that are recorded; null for others.
  const cluster::Kind* kind_of(const json& patch) const {
    const std::string plural = text_at(patch, {"resource", "resource"});
    if (plural != "services" && plural != "pods" && plural != "endpoints" &&
        plural != "endpointslices")
      return nullptr;
    return kinds_.find(text_at(patch, {"resource", "group"}),
                       text_at(patch, {"resource", "version"}), plural);
  }

  void carry_out(Duration at, const json& patch) {
    const cluster::Kind& kind = *kind_of(patch);
    const Identity identity = {kind.kind, text_at(patch, {"target", "namespace"}),
                               text_at(patch, {"target", "name"})};
    const std::string method = text_at(patch, {"method"});
    const auto found = now_.find(identity);
    if (method != "create" && found == now_.end()) {
      ++skipped_;
      return;
    }
    if (method == "delete") {
      recording_.changes.push_back({at, true, found->second});
      now_.erase(found);
      return;
    }
    json object = value_at(patch, {"template"});
    if (method == "patch") {
      auto merged = cluster::strategic_merge(kind.type(), found->second, object);
      if (!merged) {
        ++skipped_;
        return;
      }
      object = std::move(*merged);
    }
    if (!object.is_object()) object = json::object();
    object["kind"] = kind.kind;
    object["apiVersion"] = kind.api_version();
    if (!value_at(object, {"metadata"}).is_object()) object["metadata"] = json::object();
    object["metadata"]["name"] = identity.name;
    if (!identity.namespace_name.empty()) object["metadata"]["namespace"] = identity.namespace_name;
    now_[identity] = object;
    recording_.changes.push_back({at, false, std::move(object)});
  }

  const Input& input_;
  cluster::Kinds kinds_;
  Recording recording_;
  std::vector<std::pair<Duration, json>> patches_;
  std::map<Identity, json> now_;
  std::size_t skipped_ = 0;
};

}  // namespace

std::variant<Recording, ImportError> import_kwok(const Input& input) {
  Snapshot snapshot(input);
  if (auto error = snapshot.read()) return std::move(*error);
  return snapshot.recording();
}

}  // namespace fakeapi::scenario::recording
