#include "waiter/net/exec_credential.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>

#include <nlohmann/json.hpp>

namespace waiter::net {
namespace {

using nlohmann::json;

/// A text, "" where it is absent; nothing where it is something else.
std::optional<std::string> text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return "";
  if (!found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

bool fits_a_header(const std::string& token) {
  return std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

std::variant<Credential, ConfigError> credential_of(const json& status) {
  const auto token = text_at(status, "token");
  const auto certificate = text_at(status, "clientCertificateData");
  const auto key = text_at(status, "clientKeyData");
  const auto expires = text_at(status, "expirationTimestamp");
  if (!token || !certificate || !key || !expires) {
    return ConfigError{"a field of its status is no text"};
  }
  if (token->empty() && certificate->empty()) {
    return ConfigError{"its status has neither token nor clientCertificateData"};
  }
  if (certificate->empty() != key->empty()) {
    return ConfigError{"its status has only one of clientCertificateData and clientKeyData"};
  }
  if (!fits_a_header(*token)) return ConfigError{"its token holds characters that no token has"};
  Credential credential{*token, *certificate, *key, std::nullopt};
  if (expires->empty()) return credential;
  credential.expires_at = parse_rfc3339(*expires);
  if (!credential.expires_at) return ConfigError{"its expirationTimestamp is not as in RFC 3339"};
  return credential;
}

}  // namespace

std::string exec_info(const CredentialPlugin& plugin) {
  json spec = {{"interactive", false}};  // its standard input is empty
  if (!plugin.cluster_json.empty()) spec["cluster"] = json::parse(plugin.cluster_json);
  return json({{"apiVersion", plugin.api_version}, {"kind", "ExecCredential"}, {"spec", spec}})
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

std::variant<Credential, ConfigError> parse_exec_credential(std::string_view output,
                                                            const std::string& api_version) {
  const json answer = json::parse(output, nullptr, false);
  if (!answer.is_object()) return ConfigError{"its output is no ExecCredential in JSON"};
  if (text_at(answer, "kind") != "ExecCredential") {
    return ConfigError{"its output is of another kind than ExecCredential"};
  }
  if (text_at(answer, "apiVersion") != api_version) {
    return ConfigError{"its output is of another apiVersion than the kubeconfig's " + api_version};
  }
  const auto status = answer.find("status");
  if (status == answer.end() || !status->is_object()) {
    return ConfigError{"its output has no status"};
  }
  return credential_of(*status);
}

std::optional<std::chrono::sys_seconds> parse_rfc3339(const std::string& text) {
  std::tm time{};
  int read = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &time.tm_year, &time.tm_mon,
                  &time.tm_mday, &time.tm_hour, &time.tm_min, &time.tm_sec, &read) != 6) {
    return std::nullopt;
  }
  time.tm_year -= 1900;
  time.tm_mon -= 1;
  std::string zone = text.substr(static_cast<std::size_t>(read));
  if (!zone.empty() && zone.front() == '.') {
    zone.erase(0, std::min(zone.find_first_not_of("0123456789", 1), zone.size()));
  }
  int hours = 0;
  int minutes = 0;
  if (zone != "Z" && zone != "z") {
    char sign = '+';
    if (std::sscanf(zone.c_str(), "%c%2d:%2d%n", &sign, &hours, &minutes, &read) != 3 ||
        static_cast<std::size_t>(read) != zone.size() || (sign != '+' && sign != '-')) {
      return std::nullopt;
    }
    if (sign == '-') {
      hours = -hours;
      minutes = -minutes;
    }
  }
  const std::chrono::sys_seconds utc{std::chrono::seconds(::timegm(&time))};
  return utc - std::chrono::hours(hours) - std::chrono::minutes(minutes);
}

}  // namespace waiter::net
