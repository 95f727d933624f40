// The TLS settings that all connections of a server share.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "fakeapi/server/identity.hpp"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace fakeapi::server {

struct TlsContextFree {
  void operator()(ssl_ctx_st* context) const;
};
using TlsContext = std::unique_ptr<ssl_ctx_st, TlsContextFree>;

/// TLS 1.2 and 1.3 with the given identity, ALPN "http/1.1". The error is a text for people.
std::variant<TlsContext, std::string> make_tls_context(const Identity& identity);

}  // namespace fakeapi::server
