// Flags of every command that starts a server: who may reach it under which names, and how its
// scenario is played.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "fakeapi/cli/listen_address.hpp"
#include "fakeapi/run/cluster_server.hpp"

namespace fakeapi::cli {

struct ServerFlags {
  std::string listen = "127.0.0.1:0";
  bool insecure_listen = false;
  std::vector<std::string> names;
  std::string advertise;
  std::optional<std::uint64_t> seed;
  double speed = 1;
  std::string only;

  void declare(CLI::App& app);
  void declare_reach(CLI::App& app);
  void declare_play(CLI::App& app);
  /// Puts them into the options; the text says what is wrong with them.
  std::optional<std::string> read(run::ServerOptions& options) const;
};

}  // namespace fakeapi::cli
