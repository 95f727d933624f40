#include "fakeapi/client/follow.hpp"

#include <csignal>
#include <deque>
#include <exception>
#include <random>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "fakeapi/client/caller.hpp"
#include "fakeapi/client/credentials.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// Under a sanitizer GCC 12 inlines operator new of Asio's coroutine frames, but not their operator
// delete, and takes the two for no pair.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace fakeapi::client {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::seconds;

constexpr seconds answer_max(60);  // kube-apiserver ends every request but a watch after 60 s
constexpr seconds watch_least(240);
constexpr seconds watch_more(240);            // by lot, so that watches do not end all at once
constexpr seconds watch_late(30);             // a watch that goes on after its end is dead
constexpr std::size_t line_max = 16U << 20U;  // an object of etcd's 1.5 MiB, escaped at its worst
constexpr int first_attempts = 5;             // at a list before the beginning

auto awaiting(error_code& failed) { return asio::redirect_error(asio::use_awaitable, failed); }

struct Follower {
  Follower(const Watched& what, asio::io_context& loop, const Access& access,
           Credentials& credentials)
      : reflector(what), caller(loop, access, credentials) {}
  Reflector reflector;
  Caller caller;
  bool watched = false;  // a watch has been answered
  std::string trouble;   // that was told last
};

class Following {
 public:
  Following(const Access& access, const std::vector<Watched>& what,
            std::optional<std::chrono::milliseconds> limit, const Handlers& handlers)
      : access_(access),
        limit_(limit),
        handlers_(handlers),
        credentials_(access),
        signals_(loop_, SIGINT, SIGTERM),
        deadline_(loop_) {
    for (const Watched& one : what) followers_.emplace_back(one, loop_, access, credentials_);
  }

  std::optional<Failure> run() {
    signals_.async_wait([this](const error_code& cancelled, int) {
      if (cancelled) return;
      if (!begun_) fail({Failure::Kind::stopped, "stopped before the first lists were there", {}});
      loop_.stop();
    });
    asio::co_spawn(loop_, begin(), [](const std::exception_ptr& thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
    loop_.run();
    return failure_;
  }

 private:
  double draw() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  void fail(Failure failure) {
    if (!failure_) failure_ = std::move(failure);
    loop_.stop();
  }

  asio::awaitable<void> begin() {
    std::vector<Watched> forbidden;
    std::string said;
    for (Follower& one : followers_) {
      const int status = co_await first_list(one, said);
      if (failure_) co_return;
      if (status == 403) forbidden.push_back(one.reflector.what());
    }
    if (!forbidden.empty()) {
      fail({Failure::Kind::forbidden, said, forbidden});
      co_return;
    }
    begun_ = true;
    handlers_.begun();
    if (limit_) {
      deadline_.expires_after(*limit_);
      deadline_.async_wait([this](const error_code& cancelled) {
        if (!cancelled) loop_.stop();
      });
    }
    for (Follower& one : followers_) {
      asio::co_spawn(loop_, go_on(one), [](const std::exception_ptr& thrown) {
        if (thrown) std::rethrow_exception(thrown);
      });
    }
  }

  /// Until the list is complete: 200. Or 403, which is no failure yet: others may be missing too,
  /// and `said` is what the server says about the first.
  asio::awaitable<int> first_list(Follower& one, std::string& said) {
    for (int attempt = 0; attempt < first_attempts; ++attempt) {
      Head head;
      std::string body;
      std::optional<Failed> failed;
      try {
        head = co_await one.caller.ask(one.reflector.target(0), answer_max);
        body = co_await one.caller.whole_body();
        one.caller.finish();
      } catch (const Failed& caught) {
        failed = caught;
      }
      if (failed) {
        fail({failed->kind, failed->message, {}});
        co_return 0;
      }
      const auto reaction = one.reflector.on_answer(head.status, head.retry_after, body, draw());
      for (const Change& change : reaction.changes) handlers_.initial(change.object);
      if (reaction.complete) co_return 200;
      if (reaction.trouble.empty()) {
        attempt = -1;  // the next page
        continue;
      }
      if (head.status == 403) {
        if (said.empty()) said = words_of(head.status, body);
        co_return 403;
      }
      const bool again = head.status == 401 && access_.plugin && attempt == 0;
      const bool busy = head.status == 429 || head.status >= 500;
      if ((!again && !busy) || attempt + 1 == first_attempts) {
        fail({head.status == 401 ? Failure::Kind::refused : Failure::Kind::unusable,
              fmt::format("the API server {} does not list {}: {}", access_.authority(),
                          one.reflector.what().plural, reaction.trouble),
              {}});
        co_return 0;
      }
      if (busy) co_await pause(reaction.pause);
    }
    co_return 0;
  }

  asio::awaitable<void> pause(std::chrono::milliseconds time) {
    asio::steady_timer timer(loop_, time);
    error_code ignored;
    co_await timer.async_wait(awaiting(ignored));
  }

  asio::awaitable<void> go_on(Follower& one) {
    while (!failure_) {
      Reaction reaction;
      std::string failed;
      try {
        reaction = co_await turn(one);
      } catch (const Failed& caught) {
        failed = caught.message;
      }
      if (!failed.empty()) {
        one.caller.finish();
        reaction = one.reflector.on_end(draw());
        reaction.trouble = failed;
      }
      tell(one, reaction);
      if (reaction.pause.count() > 0) co_await pause(reaction.pause);
    }
  }

  /// One request with all that follows from it. Changes of a watch are told as they come.
  asio::awaitable<Reaction> turn(Follower& one) {
    const seconds life =
        watch_least +
        seconds(static_cast<std::int64_t>(draw() * static_cast<double>(watch_more.count())));
    const bool watches = one.reflector.watches();
    const Head head = co_await one.caller.ask(one.reflector.target(life.count()), answer_max);
    if (watches && head.status == 200) {
      one.watched = true;
      one.trouble.clear();
      one.caller.allow(life + watch_late);
      co_return co_await watch(one);
    }
    const std::string body = co_await one.caller.whole_body();
    one.caller.finish();
    if (watches && head.status == 403 && !one.watched)
      fail({Failure::Kind::forbidden, words_of(head.status, body), {one.reflector.what()}});
    co_return one.reflector.on_answer(head.status, head.retry_after, body, draw());
  }

  asio::awaitable<Reaction> watch(Follower& one) {
    std::string rest;
    while (!one.caller.at_end()) {
      rest += co_await one.caller.piece();
      if (rest.size() > line_max) throw Failed{Failure::Kind::unusable, "an event is too large"};
      std::size_t begin = 0;
      for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n', begin)) {
        const std::string_view line = std::string_view(rest).substr(begin, end - begin);
        begin = end + 1;
        if (line.empty()) continue;
        Reaction reaction = one.reflector.on_line(line, draw());
        if (one.reflector.watches()) {
          tell(one, reaction);
          continue;
        }
        one.caller.finish();  // the rest of the stream is worth nothing
        co_return reaction;
      }
      rest.erase(0, begin);
    }
    one.caller.finish();
    co_return one.reflector.on_end(draw());
  }

  void tell(Follower& one, const Reaction& reaction) {
    for (const Change& change : reaction.changes) {
      if (!handlers_.changed(change.gone, change.object)) loop_.stop();
    }
    if (reaction.trouble.empty()) return;
    // The same over and over is told once.
    if (std::exchange(one.trouble, reaction.trouble) == reaction.trouble) return;
    const Watched& what = one.reflector.what();
    handlers_.trouble(
        fmt::format("{} {}: {}; trying again", what.plural, what.place(), reaction.trouble));
  }

  const Access& access_;
  const std::optional<std::chrono::milliseconds> limit_;
  const Handlers& handlers_;
  Credentials credentials_;
  std::mt19937_64 random_{std::random_device()()};
  std::optional<Failure> failure_;
  bool begun_ = false;
  asio::io_context loop_{1};
  asio::signal_set signals_;
  asio::steady_timer deadline_;
  std::deque<Follower> followers_;  // coroutines refer to them
};

}  // namespace

std::optional<Failure> follow(const Access& access, const std::vector<Watched>& what,
                              std::optional<std::chrono::milliseconds> limit,
                              const Handlers& handlers) {
  return Following(access, what, limit, handlers).run();
}

}  // namespace fakeapi::client
