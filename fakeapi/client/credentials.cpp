#include "fakeapi/client/credentials.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "fakeapi/cluster/base64.hpp"
#include "fakeapi/cluster/wall_time.hpp"

namespace fakeapi::client {
namespace {

using nlohmann::json;

// RFC 9110 5.5: anything else would end the header. A file mostly ends in a line break.
Or<std::string> header_value(std::string token, const std::string& where) {
  token.erase(token.find_last_not_of(" \t\r\n") + 1);
  const bool fits =
      std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (token.empty()) return Problem{"the token" + where + " is empty"};
  if (!fits) return Problem{"the token" + where + " holds characters that no token has"};
  return token;
}

std::string text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

Or<Credential> parse_exec_credential(std::string_view output, const std::string& api_version) {
  const json answer = json::parse(output, nullptr, false);
  if (!answer.is_object() || text(answer, "kind") != "ExecCredential")
    return Problem{"its output is no ExecCredential in JSON"};
  if (text(answer, "apiVersion") != api_version)
    return Problem{"its output is of another apiVersion than the kubeconfig's " + api_version};
  const json status = answer.value("status", json());
  if (!status.is_object()) return Problem{"its output has no status"};
  Credential made{text(status, "token"), text(status, "clientCertificateData"),
                  text(status, "clientKeyData"), std::nullopt};
  if (made.token.empty() && made.certificate.empty())
    return Problem{"its status has neither token nor clientCertificateData"};
  if (made.certificate.empty() != made.key.empty())
    return Problem{"its status has only one of clientCertificateData and clientKeyData"};
  if (!made.token.empty()) {
    auto token = header_value(made.token, "");
    if (auto* problem = std::get_if<Problem>(&token)) return std::move(*problem);
    made.token = std::get<std::string>(std::move(token));
  }
  const std::string expires = text(status, "expirationTimestamp");
  if (expires.empty()) return made;
  const auto time = cluster::parse_rfc3339(expires);
  if (!time) return Problem{"its expirationTimestamp is not as in RFC 3339"};
  made.expires_at = *time;
  return made;
}

std::optional<Problem> Credentials::ask_plugin() {
  const bool usable =
      from_plugin_ &&
      (!from_plugin_->expires_at || *from_plugin_->expires_at > std::chrono::system_clock::now());
  if (usable) return std::nullopt;
  auto made = run_plugin(*access_.plugin);
  if (auto* problem = std::get_if<Problem>(&made)) return std::move(*problem);
  from_plugin_ = std::get<Credential>(std::move(made));
  return std::nullopt;
}

Or<std::string> Credentials::authorization() {
  if (access_.plugin) {
    if (auto problem = ask_plugin()) return std::move(*problem);
    return from_plugin_->token.empty() ? "" : "Bearer " + from_plugin_->token;
  }
  if (!access_.basic.empty()) return "Basic " + cluster::base64_encode(access_.basic);
  if (!access_.token.present()) return std::string();
  auto token = read(access_.token);
  if (auto* problem = std::get_if<Problem>(&token)) return std::move(*problem);
  const std::string where = access_.token.file.empty() ? "" : " in " + access_.token.file;
  auto fits = header_value(std::get<std::string>(std::move(token)), where);
  if (auto* problem = std::get_if<Problem>(&fits)) return std::move(*problem);
  return "Bearer " + std::get<std::string>(fits);
}

Or<Credentials::Certificate> Credentials::certificate() {
  if (access_.plugin) {
    if (auto problem = ask_plugin()) return std::move(*problem);
    if (!from_plugin_->certificate.empty())
      return Certificate{from_plugin_->certificate, from_plugin_->key};
  }
  if (!access_.certificate.present()) return Certificate{};
  auto pem = read(access_.certificate);
  if (auto* problem = std::get_if<Problem>(&pem)) return std::move(*problem);
  auto key = read(access_.key);
  if (auto* problem = std::get_if<Problem>(&key)) return std::move(*problem);
  return Certificate{std::get<std::string>(std::move(pem)), std::get<std::string>(std::move(key))};
}

}  // namespace fakeapi::client
