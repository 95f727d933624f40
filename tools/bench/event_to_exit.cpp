// event_to_exit URL TOKEN TARGET COMMAND [ARGUMENT...]: how soon a waiting program ends after what
// it waits for has happened. Starts the command and prints its process id; for a line on standard
// input, which is the body of a merge patch, it sends that to TARGET and waits for the command's
// end. Before that it measures two GETs of TARGET on the same connection: the first after the pause
// that all have made, as a client meets it that was waiting, the second as fast as it can be.
// Printed: {"ms": from the answer of the patch to the process's end, "answer_ms": from the patch to
// its answer, "first_round_trip_ms", "round_trip_ms"}. fakeapi answers first and sends the event
// right after that, so that "ms" begins when the event goes onto the wire, or shortly before.
#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <poll.h>
#include <string>
#include <sys/syscall.h>

#include "tools/bench/child.hpp"
#include "tools/bench/tls_client.hpp"

namespace {

using Clock = std::chrono::steady_clock;
// A loop that asks once a second needs one, and starts processes.
constexpr int patience_ms = 10'000;

double milliseconds(Clock::time_point begin, Clock::time_point end) {
  return std::chrono::duration<double, std::milli>(end - begin).count();
}

class Writer {
 public:
  Writer(SSL_CTX* context, const char* url, const char* token, const char* target)
      : client_(context, bench::port_of(url)),
        head_(" " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
              token + "\r\n") {
    client_.handshake();
  }

  int fd() const { return client_.fd(); }
  void get() { client_.send("GET" + head_ + "\r\n"); }
  void patch(const std::string& body) {
    client_.send("PATCH" + head_ +
                 "Content-Type: application/merge-patch+json\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  /// The answers are small: one record.
  bool take_answer() { return client_.read().starts_with("HTTP/1.1 200 "); }

 private:
  bench::TlsClient client_;
  std::string head_;
};

/// Until the process has ended, and the answer is there: whichever comes first.
bool watch(pid_t pid, Writer& writer, const std::string& body) {
  std::array<pollfd, 2> both{};
  both[0] = {static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)), POLLIN, 0};
  both[1] = {writer.fd(), POLLIN, 0};
  const auto paused = Clock::now();
  writer.get();
  if (!writer.take_answer()) return false;
  const auto asked = Clock::now();
  writer.get();
  if (!writer.take_answer()) return false;
  const auto sent = Clock::now();
  writer.patch(body);
  Clock::time_point answered = sent;
  Clock::time_point ended = sent;
  while (answered == sent || ended == sent) {
    if (::poll(both.data(), both.size(), patience_ms) < 1) return false;
    const auto now = Clock::now();
    if (ended == sent && both[0].revents != 0) {
      ended = now;
      both[0].fd = -1;
    }
    if (answered == sent && both[1].revents != 0) {
      if (!writer.take_answer()) return false;
      answered = now;
      both[1].fd = -1;
    }
  }
  std::printf(
      R"({"ms": %.3f, "answer_ms": %.3f, "first_round_trip_ms": %.3f, "round_trip_ms": %.3f})"
      "\n",
      milliseconds(answered, ended), milliseconds(sent, answered), milliseconds(paused, asked),
      milliseconds(asked, sent));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  Writer writer(bench::make_client_context(), argv[1], argv[2], argv[3]);
  const pid_t pid = bench::start_quietly(argv + 4);
  if (pid < 0) return 3;
  std::printf("%d\n", static_cast<int>(pid));
  std::fflush(stdout);
  std::string body;
  const bool done = std::getline(std::cin, body) && watch(pid, writer, body);
  if (!done) ::kill(pid, SIGTERM);
  return bench::succeeded(pid) && done ? 0 : 3;
}
