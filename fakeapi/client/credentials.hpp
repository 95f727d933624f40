// What a request says about who sends it: a token, a password, a certificate, or what a credential
// plugin answers (kubernetes.io/docs/reference/access-authn-authz/authentication, "client-go
// credential plugins").
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "fakeapi/client/access.hpp"

namespace fakeapi::client {

/// What a credential plugin answered.
struct Credential {
  std::string token;
  std::string certificate, key;  // PEM
  std::optional<std::chrono::system_clock::time_point> expires_at;
};

/// Problems never hold any of the output: it may be a token.
Or<Credential> parse_exec_credential(std::string_view output, const std::string& api_version);

/// Runs the plugin and waits for it, at most a minute; its standard error is ours.
Or<Credential> run_plugin(const Plugin& plugin);

class Credentials {
 public:
  explicit Credentials(const Access& access) : access_(access) {}

  /// The value of the header Authorization; "" for none. Files are read and a plugin is run where
  /// that is needed.
  Or<std::string> authorization();
  /// The client certificate of a new connection, with its key; both empty for none.
  struct Certificate {
    std::string pem, key;
  };
  Or<Certificate> certificate();
  /// The server said 401: a plugin's answer is not used again.
  void refused() { from_plugin_.reset(); }

 private:
  std::optional<Problem> ask_plugin();

  const Access& access_;
  std::optional<Credential> from_plugin_;
};

}  // namespace fakeapi::client
