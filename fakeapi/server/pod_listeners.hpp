// Real TCP ports on the addresses of simulated Pods: open while the Pod's container listens,
// refused when it does not, so that a client which dials the endpoints it was told of finds what
// the cluster claims.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace fakeapi::server {

class PodListeners {
 public:
  /// The io_context must outlive this.
  explicit PodListeners(boost::asio::io_context& context);
  ~PodListeners();
  PodListeners(const PodListeners&) = delete;
  PodListeners& operator=(const PodListeners&) = delete;

  /// Opens or closes the ports of one address. Open: connections are accepted and held, what they
  /// send is read away and never answered, until the peer or this side closes. Closed: new
  /// connections are refused at once and open ones are reset. What is so already is left alone; no
  /// ports and not listening closes all of the address. The text says which ports could not be
  /// opened and why; the others are.
  std::optional<std::string> set(const std::string& address, const std::vector<int>& ports,
                                 bool listening);

  void close_all();

  /// Of all addresses together; held are at most 1024, more are reset when they come.
  std::size_t connection_count() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace fakeapi::server
