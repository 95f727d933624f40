// TLS as OpenSSL does it: who is trusted, what the server's certificate must say, which certificate
// is ours.
#pragma once

#include <string>

#include <openssl/ssl.h>

#include "fakeapi/client/access.hpp"
#include "fakeapi/client/credentials.hpp"

namespace fakeapi::client {

/// A new context for one connection, which the caller owns; files are read anew.
Or<SSL_CTX*> make_tls_context(const Access& access, const Credentials::Certificate& certificate);

/// Before the handshake: which name or address the certificate must carry.
void expect_server(SSL* tls, const Access& access);

/// Why the server's certificate was not accepted; "" where it was.
std::string why_untrusted(SSL* tls, const Access& access);

}  // namespace fakeapi::client
