// Base64url without padding (RFC 4648 5) around a small JSON object. The key ends in a zero byte:
// "just after it".
#include "fakeapi/cluster/api/continue_token.hpp"

#include <cstdint>

#include <nlohmann/json.hpp>

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view token_version = "meta.k8s.io/v1";

std::string encode_base64(std::string_view bytes) {
  std::string out;
  unsigned bits = 0;
  unsigned count = 0;
  for (char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    count += 8;
    while (count >= 6) {
      count -= 6;
      out += alphabet[(bits >> count) & 63U];
    }
  }
  if (count > 0) out += alphabet[(bits << (6 - count)) & 63U];
  return out;
}

std::optional<std::string> decode_base64(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  unsigned count = 0;
  for (char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<unsigned>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>((bits >> count) & 255U);
    }
  }
  return out;
}

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
  return encode_base64(json{{"v", token_version}, {"rv", version}, {"start", start}}.dump());
}

std::optional<ContinueToken> decode_continue(std::string_view text,
                                             std::string_view namespace_name) {
  const auto bytes = decode_base64(text);
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
