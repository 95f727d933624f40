// The credential of a plugin: asked for when it is needed, kept until it expires or is refused. The
// plugin runs beside the event loop, once for all requests that wait for it, and goes on when such
// a request is given up: the next one finds its answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "waiter/net/exec_credential.hpp"

namespace waiter::net {

class CredentialSource : public std::enable_shared_from_this<CredentialSource> {
 public:
  /// Some plugins ask a person in a browser or start a virtual machine's runtime; one that hangs
  /// must end, as the wait would hang with it.
  static constexpr auto plugin_limit = std::chrono::seconds(60);
  /// A certificate chain with its key has some KiB.
  static constexpr std::size_t output_size_max = 1024U * 1024;

  struct Numbered {
    Credential credential;
    std::uint64_t number = 0;  // another one for each run
  };
  using Result = std::variant<Numbered, ConfigError>;

  CredentialSource(boost::asio::io_context& loop, CredentialPlugin plugin,
                   std::chrono::milliseconds limit = plugin_limit);

  boost::asio::awaitable<Result> get();
  /// The server said 401 to the credential of that number.
  void refused(std::uint64_t number);

 private:
  struct Running;
  boost::asio::awaitable<void> run();
  boost::asio::awaitable<std::variant<Credential, ConfigError>> ask();
  boost::asio::awaitable<std::string> read_output(Running& running);
  boost::asio::awaitable<std::optional<int>> end_of(Running& running);
  bool usable() const;

  boost::asio::io_context& loop_;
  CredentialPlugin plugin_;
  std::chrono::milliseconds limit_;
  boost::asio::steady_timer done_;  // never expires: cancelled when the plugin has answered
  bool running_ = false;
  std::optional<Credential> credential_;
  std::optional<ConfigError> error_;  // of the last run
  std::uint64_t number_ = 0;
};

}  // namespace waiter::net
