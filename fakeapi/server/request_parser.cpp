// Beast's parser, without its message containers: it reports each part of a request, which goes
// straight into the value that the cluster takes. The only file of the server that sees Beast.
#include "fakeapi/server/request_parser.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace fakeapi::server {

namespace http = boost::beast::http;
using boost::beast::string_view;

class RequestParser::Machine final : public http::basic_parser<true> {
 public:
  cluster::Request request;
  int version = 11;
  bool wants_continue = false;

 private:
  using ErrorCode = boost::beast::error_code;

  void on_request_impl(http::verb, string_view method, string_view target, int http_version,
                       ErrorCode&) override {
    request.method.assign(method.data(), method.size());
    request.target.assign(target.data(), target.size());
    version = http_version;
  }

  void on_field_impl(http::field name, string_view name_text, string_view value,
                     ErrorCode&) override {
    if (is_header_done()) return;  // a trailer
    if (name == http::field::host) ++hosts_;
    if (name == http::field::transfer_encoding) encoded_ = true;
    if (name == http::field::expect) wants_continue = boost::beast::iequals(value, "100-continue");
    request.headers.emplace_back(std::string(name_text.data(), name_text.size()),
                                 std::string(value.data(), value.size()));
  }

  void on_header_impl(ErrorCode& error) override {
    // RFC 9112 3.2: a request of HTTP/1.1 has exactly one Host. 6.3: an encoding that does not end
    // in chunked has no length that both sides agree on.
    if (version == 11 && hosts_ != 1) error = http::error::bad_field;
    if (encoded_ && !chunked()) error = http::error::bad_transfer_encoding;
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
  // Beast stops after the head and after each chunk.
  while (consumed < bytes.size() && !machine_->is_done()) {
    boost::beast::error_code error;
    consumed +=
        machine_->put(boost::asio::buffer(bytes.data() + consumed, bytes.size() - consumed), error);
    if (error == http::error::need_more) break;
    if (error == http::error::header_limit) return {State::head_too_large, consumed};
    if (error == http::error::body_limit) return {State::body_too_large, consumed};
    if (error) return {State::bad, consumed};
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
