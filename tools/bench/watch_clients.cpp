// watch_clients URL TOKEN OBJECT: many open watches of one object in one process and one thread.
// OBJECT is the path of an object, such as /api/v1/namespaces/default/endpoints/mysql. Each line on
// standard input is one command, and is answered by one line of JSON:
//   open N          opens N more watches                           {"open": N, "seconds": S}
//   write N BYTES   N writes of BYTES, one after the other         {"ms": [...]}: from each write
//   to its last reader stall           opens one more watch, and does not read it     {"stalled":
//   true} resume          reads that one until nothing comes any more    {"events": N, "in_order":
//   B, "ended": B}
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <sys/epoll.h>
#include <vector>

#include "tools/bench/tls_client.hpp"

namespace {

using bench::TlsClient;
using Clock = std::chrono::steady_clock;

// Handshakes under way at once: both processes have something to do, and nobody waits in a long
// queue.
constexpr std::size_t handshakes_max = 32;
// A reader that small keeps little in its own kernel buffers.
constexpr int stalled_buffer_bytes = 4096;
// What has not arrived by then never will.
constexpr std::chrono::seconds patience{30};
constexpr int quiet_ms = 500;

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

struct Reader {
  std::unique_ptr<TlsClient> client;
  std::size_t events = 0;
  char last = 0;  // of the bytes so far: an event ends in "}\n", wherever the bytes are cut
};

std::size_t count_events(Reader& reader, std::string_view bytes) {
  std::size_t found = 0;
  for (const char c : bytes) {
    if (c == '\n' && reader.last == '}') ++found;
    reader.last = c;
  }
  reader.events += found;
  return found;
}

class Bench {
 public:
  Bench(const std::string& url, std::string token, std::string object)
      : port_(bench::port_of(url)),
        token_(std::move(token)),
        object_(std::move(object)),
        context_(bench::make_client_context()),
        poll_(::epoll_create1(0)) {}

  void open(std::size_t count) {
    const auto begin = Clock::now();
    const std::string request = watch_request();
    for (std::size_t opened = 0; opened < count;) {
      std::vector<std::unique_ptr<TlsClient>> batch(std::min(handshakes_max, count - opened));
      for (auto& one : batch) {
        one = std::make_unique<TlsClient>(context_, port_);
        one->try_handshake();
      }
      for (auto& one : batch) {
        if (one->handshake()) one->send(request);
      }
      for (auto& one : batch) add(std::move(one));
      opened += batch.size();
    }
    std::printf("{\"open\": %zu, \"seconds\": %.2f}\n", alive(), milliseconds_since(begin) / 1000);
  }

  void write(int count, std::size_t bytes) {
    TlsClient writer(context_, port_);
    writer.handshake();
    std::string times;
    for (int i = 0; i < count; ++i) {
      const std::string request = write_request(bytes);
      const auto begin = Clock::now();
      writer.send(request);
      read_until_all_have(++written_);
      times += (i > 0 ? ", " : "") + std::to_string(milliseconds_since(begin));
      writer.read();  // the answer; it is small enough to come at once
      while (writer.has_pending()) writer.read();
    }
    std::printf("{\"ms\": [%s]}\n", times.c_str());
  }

  void stall() {
    stalled_ = std::make_unique<TlsClient>(context_, port_, stalled_buffer_bytes);
    first_for_stalled_ = written_ + 1;
    const bool sent = stalled_->handshake() && stalled_->send(watch_request());
    std::printf("{\"stalled\": %s}\n", sent && !stalled_->read().empty() ? "true" : "false");
  }

  void resume() {
    std::string text;
    pollfd one{stalled_->fd(), POLLIN, 0};
    while (!stalled_->failed() && (stalled_->has_pending() || ::poll(&one, 1, quiet_ms) > 0)) {
      text += stalled_->try_read();
    }
    std::size_t events = 0;
    while (text.find(marker(first_for_stalled_ + events)) != std::string::npos) ++events;
    const bool in_order = text.find(marker(first_for_stalled_ + events + 1)) == std::string::npos;
    std::printf("{\"events\": %zu, \"in_order\": %s, \"ended\": %s}\n", events,
                in_order ? "true" : "false", stalled_->failed() ? "true" : "false");
  }

 private:
  std::string head(const std::string& method, const std::string& target) const {
    return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
           token_ + "\r\n";
  }

  // All objects of the collection that holds the object, from now on. It was made by then: version
  // 0 is any state, and would begin with the object itself; the newest is asked for with a list.
  std::string watch_request() const {
    const std::string collection = object_.substr(0, object_.rfind('/'));
    return head("GET", collection + "?watch=true&resourceVersion=" + newest_version(collection)) +
           "\r\n";
  }

  std::string newest_version(const std::string& collection) const {
    TlsClient client(context_, port_);
    client.handshake();
    client.send(head("GET", collection + "?limit=1") + "\r\n");
    const std::string text(client.read());
    constexpr std::string_view key = "\"resourceVersion\":\"";
    const std::size_t at = text.find(key);
    return at == std::string::npos
               ? "0"
               : text.substr(at + key.size(), text.find('"', at + key.size()) - at - key.size());
  }

  static std::string marker(std::size_t number) {
    return "\"bench\":\"" + std::to_string(number) + "\"";
  }

  std::string write_request(std::size_t bytes) const {
    const std::string body = "{\"metadata\":{\"annotations\":{" + marker(written_ + 1) +
                             ",\"pad\":\"" + std::string(bytes, 'x') + "\"}}}";
    return head("PATCH", object_) +
           "Content-Type: application/merge-patch+json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  // The head of the answer is read before it counts.
  void add(std::unique_ptr<TlsClient> client) {
    client->read();
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = readers_.size();
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, client->fd(), &event);
    readers_.push_back({std::move(client), written_});
  }

  std::size_t alive() const {
    std::size_t count = 0;
    for (const Reader& reader : readers_) {
      if (!reader.client->failed()) ++count;
    }
    return count;
  }

  void read_until_all_have(std::size_t events) {
    std::size_t missing = 0;
    for (const Reader& reader : readers_) {
      if (reader.events < events) ++missing;
    }
    const auto begin = Clock::now();
    while (missing > 0 && Clock::now() - begin < patience) {
      std::array<epoll_event, 512> ready{};
      const int count = ::epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), 1000);
      for (int i = 0; i < count; ++i) {
        Reader& reader = readers_[ready[static_cast<std::size_t>(i)].data.u64];
        const bool had = reader.events >= events;
        do {
          count_events(reader, reader.client->try_read());
        } while (reader.client->has_pending() && !reader.client->failed());
        if (!had && reader.events >= events) --missing;
      }
    }
    if (missing > 0)
      std::fprintf(stderr, "watch_clients: %zu have not read event %zu\n", missing, events);
  }

  const std::uint16_t port_;
  const std::string token_;
  const std::string object_;
  SSL_CTX* context_;
  int poll_;
  std::vector<Reader> readers_;
  std::unique_ptr<TlsClient> stalled_;
  std::size_t written_ = 0;
  std::size_t first_for_stalled_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  std::signal(SIGPIPE, SIG_IGN);
  Bench bench(argv[1], argv[2], argv[3]);
  for (std::string command; std::cin >> command;) {
    if (command == "open") {
      std::size_t count = 0;
      std::cin >> count;
      bench.open(count);
    } else if (command == "write") {
      int count = 0;
      std::size_t bytes = 0;
      std::cin >> count >> bytes;
      bench.write(count, bytes);
    } else if (command == "stall") {
      bench.stall();
    } else if (command == "resume") {
      bench.resume();
    }
    std::fflush(stdout);
  }
  return 0;
}
