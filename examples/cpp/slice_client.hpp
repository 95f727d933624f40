// Waits until a Service has a ready address: the program that is tested here. It lists
// EndpointSlices once and watches from there on.
#pragma once

#include <functional>
#include <string>

struct Access {
  std::string host;
  std::string port;
  std::string ca_file;
  std::string token;
};

class SliceClient {
 public:
  explicit SliceClient(Access access) : access_(std::move(access)) {}

  /// Blocks until an EndpointSlice of the Service in namespace default has a ready endpoint.
  void wait_until_ready(const std::string& service);

 private:
  /// Sends a GET; each line of the answer's body goes to `on_line` until that returns true. The
  /// status, or 0 where there was no answer.
  int get(const std::string& target, const std::function<bool(const std::string&)>& on_line);

  Access access_;
  int retry_after_seconds_ = 0;
};
