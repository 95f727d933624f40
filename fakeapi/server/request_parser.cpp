// Beast's parser, without its message containers: it reports each part of a request, which goes
// straight into the value that the cluster takes. The only file of the server that sees Beast.
#include "fakeapi/server/request_parser.hpp"

#include <cctype>
#include <cstdint>
#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace fakeapi::server {

namespace http = boost::beast::http;
constexpr std::size_t last_chunk_bytes = std::string_view("0\r\n\r\n").size();
using boost::beast::string_view;

class RequestParser::Machine final : public http::basic_parser<true> {
 public:
  cluster::Request request;
  int version = 11;
  bool wants_continue = false;
  bool unknown_encoding = false;
  bool unknown_expectation = false;
  bool in_chunk_line = false;  // some of one was given, and must be given again

  // The statuses are those of Go's net/http, on which a real API server runs (server.go,
  // conn.serve).
  State state_of(const boost::beast::error_code& error, std::string_view bytes) const {
    if (error == http::error::header_limit) return State::head_too_large;
    if (error == http::error::body_limit) return State::body_too_large;
    if (error == http::error::bad_version && names_http(bytes)) return State::unknown_version;
    if (unknown_encoding) return State::unknown_encoding;
    return unknown_expectation ? State::unknown_expectation : State::bad;
  }

 private:
  // Beast does not tell another version of HTTP from what is not HTTP at all.
  static bool names_http(std::string_view bytes) {
    return bytes.substr(0, bytes.find('\n')).find(" HTTP/") != std::string_view::npos;
  }

  // net/url, ParseRequestURI: in a path each percent sign begins an escape.
  static bool has_whole_escapes(string_view path) {
    for (std::size_t at = path.find('%'); at != string_view::npos; at = path.find('%', at + 1)) {
      const auto digits = path.substr(at + 1, 2);
      if (digits.size() < 2 || !std::isxdigit(static_cast<unsigned char>(digits[0])) ||
          !std::isxdigit(static_cast<unsigned char>(digits[1])))
        return false;
    }
    return true;
  }

  using ErrorCode = boost::beast::error_code;

  void on_request_impl(http::verb, string_view method, string_view target, int http_version,
                       ErrorCode& error) override {
    if (!has_whole_escapes(target.substr(0, target.find('?')))) error = http::error::bad_target;
    request.method.assign(method.data(), method.size());
    request.target.assign(target.data(), target.size());
    version = http_version;
  }

  void on_field_impl(http::field name, string_view name_text, string_view value,
                     ErrorCode&) override {
    if (is_header_done()) return;  // a trailer
    if (name == http::field::host) ++hosts_;
    if (name == http::field::transfer_encoding) encoded_ = true;
    if (name == http::field::expect) {
      wants_continue = boost::beast::iequals(value, "100-continue");
      unknown_expectation = !wants_continue;
    }
    request.headers.emplace_back(std::string(name_text.data(), name_text.size()),
                                 std::string(value.data(), value.size()));
  }

  void on_header_impl(ErrorCode& error) override {
    // RFC 9112 3.2: a request of HTTP/1.1 has exactly one Host. 6.3: an encoding that does not end
    // in chunked has no length that both sides agree on.
    if (version == 11 && hosts_ != 1) error = http::error::bad_field;
    unknown_encoding = encoded_ && !chunked();
    if (unknown_encoding || unknown_expectation) error = http::error::bad_field;
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}

  std::size_t on_body_impl(string_view piece, ErrorCode&) override {
    request.body.append(piece.data(), piece.size());
    return piece.size();
  }

  void on_chunk_header_impl(std::uint64_t, string_view, ErrorCode&) override {}

  std::size_t on_chunk_body_impl(std::uint64_t, string_view piece, ErrorCode&) override {
    request.body.append(piece.data(), piece.size());
    return piece.size();
  }

  void on_finish_impl(ErrorCode&) override {}
  void on_response_impl(int, string_view, int, ErrorCode&) override {}

  int hosts_ = 0;
  bool encoded_ = false;
};

RequestParser::RequestParser(const Limits& limits) : machine_(std::make_unique<Machine>()) {
  machine_->header_limit(limits.head_bytes_max);
  machine_->body_limit(limits.body_bytes_max);
}

RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;

RequestParser::Result RequestParser::put(std::string_view bytes) {
  std::size_t consumed = 0;
  // Boost before 1.86 asserts that the last chunk is not looked at again in fewer bytes than it and
  // the line after it have (boostorg/beast#2861). No chunk, with what must follow it, is shorter.
  if (machine_->in_chunk_line && bytes.size() < last_chunk_bytes) return {State::incomplete, 0};
  // Beast stops after the head and after each chunk.
  while (consumed < bytes.size() && !machine_->is_done()) {
    boost::beast::error_code error;
    consumed +=
        machine_->put(boost::asio::buffer(bytes.data() + consumed, bytes.size() - consumed), error);
    machine_->in_chunk_line = error == http::error::need_more && machine_->is_header_done();
    if (error == http::error::need_more) break;
    if (error) return {machine_->state_of(error, bytes), consumed};
  }
  return {machine_->is_done() ? State::complete : State::incomplete, consumed};
}

bool RequestParser::head_complete() const { return machine_->is_header_done(); }

bool RequestParser::take_continue_wish() {
  if (!machine_->is_header_done() || machine_->version != 11) return false;
  return std::exchange(machine_->wants_continue, false);
}

bool RequestParser::keep_alive() const { return machine_->keep_alive(); }
bool RequestParser::knows_chunks() const { return machine_->version == 11; }

cluster::Request RequestParser::take() { return std::move(machine_->request); }

}  // namespace fakeapi::server
