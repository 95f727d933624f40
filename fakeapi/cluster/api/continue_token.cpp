// Base64url around a small JSON object. The key ends in a zero byte:
// "just after it".
#include "fakeapi/cluster/api/continue_token.hpp"

#include <cstdint>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/base64.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

constexpr std::string_view token_version = "meta.k8s.io/v1";

}  // namespace

std::string encode_continue(const ContinueToken& token, std::string_view namespace_name) {
  std::string start = "/";
  if (token.after) {
    if (namespace_name.empty() && !token.after->namespace_name.empty()) {
      start += token.after->namespace_name + "/";
    }
    start += token.after->name;
    start += '\0';
  }
  const std::int64_t version = token.version ? static_cast<std::int64_t>(*token.version) : -1;
  return base64url_encode(json{{"v", token_version}, {"rv", version}, {"start", start}}.dump());
}

std::optional<ContinueToken> decode_continue(std::string_view text,
                                             std::string_view namespace_name) {
  const auto bytes = base64_decode(text);
  if (!bytes) return std::nullopt;
  const json token = json::parse(*bytes, nullptr, false);
  if (!token.is_object() || token.value("v", json()) != token_version) return std::nullopt;
  const json version = token.value("rv", json());
  const json start = token.value("start", json());
  if (!version.is_number_integer() || !start.is_string()) return std::nullopt;
  std::string key = start.get<std::string>();
  if (key.size() < 2 || key.front() != '/' || key.back() != '\0') return std::nullopt;
  key = key.substr(1, key.size() - 2);
  ContinueToken out;
  if (version.get<std::int64_t>() > 0) out.version = version.get<std::uint64_t>();
  const std::size_t slash = key.find('/');
  out.after = slash == std::string::npos ? Key{std::string(namespace_name), key}
                                         : Key{key.substr(0, slash), key.substr(slash + 1)};
  return out;
}

}  // namespace fakeapi::cluster
