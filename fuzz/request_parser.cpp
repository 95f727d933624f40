// The HTTP request parser: however the bytes are cut, the request is the same. The first byte of
// the input says into pieces of which size.
#include "fakeapi/server/request_parser.hpp"

#include <algorithm>
#include <string>

#include "fuzz/check.hpp"

namespace {

using fakeapi::cluster::Request;
using fakeapi::server::Limits;
using fakeapi::server::RequestParser;
using State = RequestParser::State;

struct Outcome {
  State state = State::incomplete;
  Request request;
  bool keep_alive = false;
};

// Small, so that inputs of a few kilobytes reach them.
Limits limits() {
  Limits out;
  out.head_bytes_max = 2048;
  out.body_bytes_max = 1024;
  return out;
}

// As the connection does it: what was not consumed is given again with what comes after it.
Outcome parse(std::string_view bytes, std::size_t piece_size) {
  RequestParser parser(limits());
  Outcome out;
  std::string unread;
  while (out.state == State::incomplete && !bytes.empty()) {
    unread += bytes.substr(0, piece_size);
    bytes.remove_prefix(std::min(piece_size, bytes.size()));
    const auto [state, consumed] = parser.put(unread);
    fuzz::check(consumed <= unread.size(), "no more is consumed than was given");
    unread.erase(0, consumed);
    out.state = state;
    parser.take_continue_wish();
  }
  if (out.state != State::complete) return out;
  out.keep_alive = parser.keep_alive();
  out.request = parser.take();
  fuzz::check(!out.request.method.empty() && !out.request.target.empty(),
              "a request has a method and a target");
  fuzz::check(out.request.body.size() <= limits().body_bytes_max, "a body keeps its limit");
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input = fuzz::text_of(data, size);
  const std::size_t piece_size = fuzz::take_byte(input) % 64U + 1;
  const Outcome whole = parse(input, std::max<std::size_t>(input.size(), 1));
  const Outcome pieces = parse(input, piece_size);
  // What is no request may be found out later, when the rest is there. Beast counts a head that it
  // was given in pieces a few bytes longer or shorter.
  if (whole.state == State::head_too_large || pieces.state == State::head_too_large) return 0;
  fuzz::check((whole.state == State::complete) == (pieces.state == State::complete),
              "pieces give a request where the whole does");
  fuzz::check(whole.keep_alive == pieces.keep_alive, "pieces keep the connection alike");
  fuzz::check(whole.request.method == pieces.request.method &&
                  whole.request.target == pieces.request.target &&
                  whole.request.headers == pieces.request.headers &&
                  whole.request.body == pieces.request.body,
              "pieces give the same request");
  return 0;
}
