#include "fakeapi/server/request_parser.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace fakeapi::server {
namespace {

using State = RequestParser::State;

const std::string post =
    "POST /api/v1/namespaces/default/endpoints?dryRun=All HTTP/1.1\r\nHost: kubernetes\r\n"
    "Content-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"kind\":1}\n";
const std::string chunked =
    "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\nhello\r\n6;note=1\r\n world\r\n0\r\nTrailer: t\r\n\r\n";
const std::string plain = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

State state_of(const std::string& bytes, const Limits& limits = {}) {
  return RequestParser(limits).put(bytes).state;
}

TEST(RequestParser, GivesTargetUndecodedAndHeadersAsSent) {
  RequestParser parser{Limits{}};
  ASSERT_EQ(parser.put(post).state, State::complete);
  const cluster::Request request = parser.take();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/api/v1/namespaces/default/endpoints?dryRun=All");
  EXPECT_EQ(request.headers.at(1),
            (std::pair<std::string, std::string>{"Content-Type", "application/json"}));
  EXPECT_EQ(request.body, "{\"kind\":1}\n");
}

// RFC 9112 7.1: chunk extensions and trailers are not part of the body.
TEST(RequestParser, JoinsChunksOfBody) {
  RequestParser parser{Limits{}};
  ASSERT_EQ(parser.put(chunked).state, State::complete);
  EXPECT_EQ(parser.take().body, "hello world");
}

// RFC 9112 9.3.2: with pipelining the next request follows at once.
TEST(RequestParser, LeavesTheNextRequestAlone) {
  RequestParser parser{Limits{}};
  const auto result = parser.put(plain + post);
  EXPECT_EQ(result.state, State::complete);
  EXPECT_EQ(result.consumed, plain.size());
}

TEST(RequestParser, RefusesWhatIsNotHttp) { EXPECT_EQ(state_of("hello\r\n\r\n"), State::bad); }

// Go's net/http, server.go: 505 before anything else of the head counts, 417 for what nobody can
// meet.
TEST(RequestParser, TellsWhatItDoesNotKnow) {
  EXPECT_EQ(state_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), State::unknown_version);
  EXPECT_EQ(state_of("GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n"),
            State::unknown_expectation);
}

// The bytes of the last chunk may come one by one.
TEST(RequestParser, TheEndOfChunksMayComeInPieces) {
  RequestParser parser{Limits{}};
  std::string kept;
  State state = State::incomplete;
  for (const std::string_view piece :
       {"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\n", "\r", "\n"}) {
    kept += piece;
    const auto result = parser.put(kept);
    state = result.state;
    kept.erase(0, result.consumed);
  }
  EXPECT_EQ(state, State::complete);
}

// RFC 9112 3.2.
TEST(RequestParser, RefusesMissingAndRepeatedHost) {
  EXPECT_EQ(state_of("GET / HTTP/1.1\r\n\r\n"), State::bad);
  EXPECT_EQ(state_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), State::bad);
}

// RFC 9112 6.1, 6.3: two sides that disagree on where a body ends open the way to smuggled
// requests.
TEST(RequestParser, RefusesAmbiguousLength) {
  EXPECT_EQ(state_of("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n"),
            State::bad);
  EXPECT_EQ(state_of("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"),
            State::unknown_encoding);
}

// Go's net/http: DefaultMaxHeaderBytes is 1 MiB.
TEST(RequestParser, HeadUpToItsLimitIsTakenAndMoreIsNot) {
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  EXPECT_EQ(state_of(start + std::string(1'000'000, 'x') + "\r\n\r\n"), State::complete);
  EXPECT_EQ(state_of(start + std::string(1'048'577, 'x') + "\r\n\r\n"), State::head_too_large);
}

// The refusal comes with the head: the client need not send what is not wanted.
TEST(RequestParser, BodyBeyondItsLimitIsRefusedBeforeItComes) {
  const std::string head = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
  EXPECT_EQ(state_of(head + "3145728\r\n\r\n"), State::incomplete);
  EXPECT_EQ(state_of(head + "3145729\r\n\r\n"), State::body_too_large);
}

TEST(RequestParser, ChunkedBodyIsLimitedToo) {
  Limits limits;
  limits.body_bytes_max = 10;
  EXPECT_EQ(state_of(chunked, limits), State::body_too_large);
}

// RFC 9110 10.1.1.
TEST(RequestParser, WishToContinueIsReportedOnce) {
  RequestParser parser{Limits{}};
  parser.put("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  EXPECT_TRUE(parser.take_continue_wish());
  EXPECT_FALSE(parser.take_continue_wish());
}

// RFC 9112 9.3.
TEST(RequestParser, KnowsWhetherTheConnectionMayBeKept) {
  const auto kept = [](const std::string& bytes) {
    RequestParser parser{Limits{}};
    EXPECT_EQ(parser.put(bytes).state, State::complete);
    return parser.keep_alive();
  };
  EXPECT_TRUE(kept("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(kept("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

struct Read {
  State state = State::incomplete;
  std::vector<cluster::Request> requests;
};

// Feeds the bytes in pieces of the given sizes, and keeps what is not consumed, as a connection
// does.
Read read_in_pieces(const std::string& bytes, const std::vector<std::size_t>& sizes) {
  Read result;
  std::optional<RequestParser> parser;
  std::string kept;
  std::size_t from = 0;
  for (std::size_t i = 0; from < bytes.size(); ++i) {
    const std::size_t size = i < sizes.size() ? sizes[i] : bytes.size() - from;
    kept += bytes.substr(from, size);
    from += size;
    while (!kept.empty()) {
      if (!parser) parser.emplace(Limits{});
      const auto [state, consumed] = parser->put(kept);
      if (consumed > kept.size()) throw std::logic_error("consumed more than there was");
      kept.erase(0, consumed);
      result.state = state;
      if (state != State::complete) break;
      result.requests.push_back(parser->take());
      parser.reset();
    }
    if (result.state != State::complete && result.state != State::incomplete) break;
  }
  return result;
}

// TCP keeps the order of bytes and nothing else: where it cuts them must not matter.
RC_GTEST_PROP(RequestParser, ReadsTheSameHoweverBytesAreCut, ()) {
  const auto sizes =
      *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 40));
  const Read read = read_in_pieces(post + chunked + plain, sizes);
  RC_ASSERT(read.requests.size() == 3U);
  RC_ASSERT(read.requests[0].body == "{\"kind\":1}\n");
  RC_ASSERT(read.requests[1].body == "hello world");
  RC_ASSERT(read.requests[2].target == "/healthz");
}

// Whatever a client sends, in whatever pieces, ends in a state: one flipped byte in valid requests
// reaches deeper than noise does.
RC_GTEST_PROP(RequestParser, SurvivesDamagedRequests, ()) {
  std::string bytes = post + chunked + plain;
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] = *rc::gen::arbitrary<char>();
  const auto sizes =
      *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 40));
  RC_ASSERT(read_in_pieces(bytes, sizes).requests.size() <= 4U);
}

}  // namespace
}  // namespace fakeapi::server
