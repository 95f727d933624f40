// TLS towards the API server: whom to trust and who we are. A CA that cannot be read or parsed is
// an error: going on with the system's CAs, as some clients do, would send the token to whoever
// answers.
#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "waiter/net/cluster_access.hpp"

namespace boost::asio::ssl {
class context;
}

namespace waiter::net {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// For CA and client certificate as they are now: the same context again where they have not
/// changed.
std::variant<TlsContext, ConfigError> make_tls_context(const ClusterAccess& access);

std::optional<ConfigError> check_tls(const ClusterAccess& access);

}  // namespace waiter::net
