// Connects to an address and closes again: does something listen there?
#pragma once

#include <functional>
#include <memory>

#include "waiter/core/action.hpp"

namespace boost::asio {
class io_context;
}

namespace waiter::net {

class TcpProber {
 public:
  using OnAnswer = std::function<void(core::ProbeAnswered)>;
  /// `on_answer` is called once for each probe, from the event loop.
  TcpProber(boost::asio::io_context& loop, OnAnswer on_answer);
  ~TcpProber();
  TcpProber(const TcpProber&) = delete;
  TcpProber& operator=(const TcpProber&) = delete;

  void connect(const core::Connect& probe);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace waiter::net
