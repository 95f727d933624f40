#include "fakeapi/cli/server_flags.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <fmt/format.h>

#include "fakeapi/cli/help.hpp"
#include "fakeapi/scenario/clock.hpp"

namespace fakeapi::cli {
namespace {

using Problem = std::optional<std::string>;

constexpr std::string_view scheme = "https://";

bool is_any(const std::string& host) { return host == "0.0.0.0" || host == "::"; }

/// The host of https://HOST or https://HOST:PORT, without brackets; nothing for other texts.
std::optional<std::string> host_of(std::string_view url) {
  if (!url.starts_with(scheme)) return std::nullopt;
  url.remove_prefix(scheme.size());
  std::string_view host = url.substr(0, url.rfind(':'));
  std::string_view port = url.substr(host.size());
  if (url.starts_with('[')) {
    const auto end = url.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    host = url.substr(1, end - 1);
    port = url.substr(end + 1);
  }
  const bool has_port = port.size() > 1 && port.size() <= 6 && port.starts_with(':') &&
                        port.find_first_not_of("0123456789", 1) == std::string_view::npos;
  if (host.empty() || (!port.empty() && !has_port)) return std::nullopt;
  if (host.find_first_of("/?#@[] ") != std::string_view::npos) return std::nullopt;
  return std::string(host);
}

Problem read_reach(const ServerFlags& flags, run::ServerOptions& options) {
  const auto address = parse_listen_address(flags.listen);
  if (!address) {
    return fmt::format(
        "--listen: \"{}\" is no address with a port, such as 127.0.0.1:6443 or [::1]:0",
        flags.listen);
  }
  if (!address->is_loopback && !flags.insecure_listen) {
    return fmt::format(
        "--listen: {} is no loopback address: whoever reaches it and has the token, which lies in "
        "--dir, is its administrator; with --insecure-listen it is done all the same",
        flags.listen);
  }
  options.address = address->host;
  options.port = address->port;
  options.names = flags.names;
  if (!address->is_loopback && !is_any(address->host)) options.names.push_back(address->host);
  if (flags.advertise.empty()) return std::nullopt;
  const auto host = host_of(flags.advertise);
  if (!host) {
    return fmt::format("--advertise: \"{}\" is not https://HOST:PORT without a path",
                       flags.advertise);
  }
  options.names.push_back(*host);
  options.advertise = flags.advertise;
  return std::nullopt;
}

}  // namespace

void ServerFlags::declare(CLI::App& app) {
  declare_reach(app);
  declare_play(app);
}

void ServerFlags::declare_reach(CLI::App& app) {
  app.add_option("--listen", listen, wrapped("Loopback address and port; port 0 takes a free one"))
      ->type_name("ADDRESS:PORT")
      ->capture_default_str();
  app.add_flag("--insecure-listen", insecure_listen,
               wrapped("Let --listen take an address that other machines reach, as in a "
                       "container: whoever has the token is administrator"));
  // One value each: what follows the last one is no further name.
  app.add_option("--san", names,
                 wrapped("A host name or address for the server's certificate besides localhost, "
                         "kubernetes.default.svc and the like; may be repeated"))
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_option("--advertise", advertise,
                 wrapped("The URL in kubeconfig, whose host is in the certificate, too; not given: "
                         "that of --listen"))
      ->type_name("URL");
}

void ServerFlags::declare_play(CLI::App& app) {
  app.add_option("--seed", seed,
                 wrapped("Of what is drawn by chance: times, faults; not given: the scenario's"))
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--speed", speed,
                 wrapped("Seconds of the scenario in one second, 0.01 to 1000: its timeline, "
                         "windows and the lag of controllers that it sets, and not what a client "
                         "times itself (timeouts, latencies)"))
      ->type_name("X")
      ->capture_default_str();
  app.add_option("--only", only,
                 wrapped("Leave out the scenario's faults that are less faithful than this: real, "
                         "what an API server does; network, what is between does as well"))
      ->type_name("real|network");
}

std::optional<std::string> ServerFlags::read(run::ServerOptions& options) const {
  if (auto problem = read_reach(*this, options)) return problem;
  if (!(speed >= scenario::speed_min && speed <= scenario::speed_max)) {
    return fmt::format("--speed: {} is not from {} to {}", speed, scenario::speed_min,
                       scenario::speed_max);
  }
  options.seed = seed;
  options.speed = speed;
  if (only.empty()) return std::nullopt;
  if (only != "real" && only != "network")
    return fmt::format("--only: \"{}\" is neither real nor network", only);
  options.only = only == "real" ? fault::Faithfulness::real : fault::Faithfulness::network;
  return std::nullopt;
}

}  // namespace fakeapi::cli
