#include "fakeapi/server/answer.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace fakeapi::server {
namespace {

constexpr const char* date = "Mon, 23 Nov 2026 06:41:12 GMT";

std::string head_text(const wire::Head& head, const Framing& framing) {
  std::string out;
  append_head(out, head, framing, date);
  return out;
}

// The recorded head of a watch, in its recorded order.
TEST(Answer, HeadOfStreamIsThatOfTheRecording) {
  const wire::Head head{200,
                        {{"Audit-Id", "ffa99ab6-7b0a-46bd-b0e9-fcccaba8bf6e"},
                         {"Cache-Control", "no-cache, private"},
                         {"Content-Type", "application/json"}},
                        true};
  Framing framing;
  framing.body = Framing::Body::chunked;
  EXPECT_EQ(head_text(head, framing),
            "HTTP/1.1 200 OK\r\n"
            "Audit-Id: ffa99ab6-7b0a-46bd-b0e9-fcccaba8bf6e\r\n"
            "Cache-Control: no-cache, private\r\n"
            "Content-Type: application/json\r\n"
            "Date: Mon, 23 Nov 2026 06:41:12 GMT\r\n"
            "Transfer-Encoding: chunked\r\n\r\n");
}

// RFC 9112 6.3: two lengths in one head make an answer that clients must not trust.
TEST(Answer, LengthThatTheHeadBringsAlongIsReplaced) {
  Framing framing;
  framing.length_bytes = 7;
  const std::string text = head_text({200, {{"content-length", "99"}}, false}, framing);
  EXPECT_EQ(text.find("99"), std::string::npos);
  EXPECT_NE(text.find("Content-Length: 7\r\n"), std::string::npos);
}

// RFC 9110 8.6: no Content-Length in a 204.
TEST(Answer, NoContentHasNoLength) {
  EXPECT_EQ(head_text({204, {}, false}, {}).find("Content-Length"), std::string::npos);
}

// A fault plan may turn the server's clock back: its Date counts.
TEST(Answer, DateOfTheHeadIsKept) {
  const std::string text = head_text({200, {{"Date", "Thu, 01 Jan 1970 00:00:00 GMT"}}, false}, {});
  EXPECT_EQ(text.find(date), std::string::npos);
}

TEST(Answer, EndOfConnectionIsAnnounced) {
  Framing framing;
  framing.close = true;
  EXPECT_NE(head_text({200, {}, false}, framing).find("Connection: close\r\n"), std::string::npos);
}

// RFC 9112 7.1: the size is hexadecimal and counts bytes.
TEST(Answer, ChunkCarriesItsSizeInHexadecimal) {
  std::string out;
  append_chunk(out, std::string(26, 'x'));
  EXPECT_EQ(out, "1a\r\n" + std::string(26, 'x') + "\r\n");
}

// RFC 9112 7.1: a chunk of size zero is the last one, and the stream goes on.
TEST(Answer, EmptyPieceIsNoChunk) {
  std::string out;
  append_chunk(out, "");
  EXPECT_EQ(out, "");
}

// An independent reader gets back the pieces that were written.
RC_GTEST_PROP(Answer, ChunksReadBackAsTheyWereWritten, (std::vector<std::string> pieces)) {
  std::string out;
  for (const auto& piece : pieces) append_chunk(out, piece);
  std::size_t at = 0;
  for (const auto& piece : pieces) {
    if (piece.empty()) continue;
    const auto line_end = out.find("\r\n", at);
    RC_ASSERT(std::stoul(out.substr(at, line_end - at), nullptr, 16) == piece.size());
    RC_ASSERT(out.substr(line_end + 2, piece.size() + 2) == piece + "\r\n");
    at = line_end + 2 + piece.size() + 2;
  }
  RC_ASSERT(at == out.size());
}

// RFC 9110 5.6.7. The time is that of the recording.
TEST(Answer, DateIsInFixedLengthFormat) { EXPECT_EQ(date_text(1'795'416'072), date); }

// Go's net/http words it so, and clients of a real server see it.
TEST(Answer, RefusalOfMalformedRequestIsThatOfGo) {
  EXPECT_EQ(refusal(400),
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Connection: close\r\n\r\n400 Bad Request");
}

// apimachinery, NewRequestEntityTooLargeError.
TEST(Answer, RefusalOfLargeBodyIsStatus) {
  const std::string text = refusal(413, "limit is 3145728");
  EXPECT_NE(text.find("\"reason\":\"RequestEntityTooLarge\",\"code\":413"), std::string::npos);
  EXPECT_NE(text.find("\"message\":\"Request entity too large: limit is 3145728\""),
            std::string::npos);
}

}  // namespace
}  // namespace fakeapi::server
