#include "slice_client.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <nlohmann/json.hpp>
#include <openssl/bio.h>
#include <openssl/ssl.h>

namespace {

using nlohmann::json;

struct Free {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

/// A connection as a source of lines and of a number of bytes.
class Connection {
 public:
  explicit Connection(const Access& access) : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_load_verify_locations(context_.get(), access.ca_file.c_str(), nullptr) != 1)
      throw std::runtime_error("no CA in " + access.ca_file);
    bio_.reset(BIO_new_ssl_connect(context_.get()));
    BIO_set_conn_hostname(bio_.get(), access.host.c_str());
    BIO_set_conn_port(bio_.get(), access.port.c_str());
  }

  bool send(const std::string& text) {
    return BIO_do_connect(bio_.get()) == 1 &&
           BIO_write(bio_.get(), text.data(), static_cast<int>(text.size())) > 0;
  }

  std::optional<std::string> line() {
    std::size_t end = 0;
    while ((end = unread_.find('\n')) == std::string::npos) {
      if (!read_more()) return std::nullopt;
    }
    std::string line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }

  std::optional<std::string> bytes(std::size_t count) {
    while (unread_.size() < count) {
      if (!read_more()) return std::nullopt;
    }
    std::string text = unread_.substr(0, count);
    unread_.erase(0, count);
    return text;
  }

 private:
  bool read_more() {
    char piece[4096];
    const int size = BIO_read(bio_.get(), piece, sizeof piece);
    if (size > 0) unread_.append(piece, static_cast<std::size_t>(size));
    return size > 0;
  }

  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<BIO, Free> bio_;
  std::string unread_;
};

bool is_ready(const json& slice) {
  const auto endpoints = slice.value("endpoints", json::array());
  return std::any_of(endpoints.begin(), endpoints.end(), [](const json& endpoint) {
    return endpoint.value("/conditions/ready"_json_pointer, true);
  });
}

}  // namespace

int SliceClient::get(const std::string& target,
                     const std::function<bool(const std::string&)>& on_line) {
  Connection connection(access_);
  const bool sent = connection.send("GET " + target + " HTTP/1.1\r\nHost: " + access_.host +
                                    "\r\nUser-Agent: slice-client/1\r\nAuthorization: Bearer " +
                                    access_.token + "\r\n\r\n");
  const auto first = sent ? connection.line() : std::nullopt;
  if (!first || first->size() < 12) return 0;
  std::size_t length = 0;
  bool chunked = false;
  retry_after_seconds_ = 0;
  for (auto line = connection.line(); line && !line->empty(); line = connection.line()) {
    std::transform(line->begin(), line->end(), line->begin(), ::tolower);
    if (line->starts_with("content-length:")) length = std::stoul(line->substr(15));
    if (line->starts_with("transfer-encoding:")) chunked = true;
    if (line->starts_with("retry-after:")) retry_after_seconds_ = std::stoi(line->substr(12));
  }
  const int status = std::stoi(first->substr(9, 3));
  if (!chunked) {
    const auto body = connection.bytes(length);
    if (!body) return 0;
    on_line(*body);
    return status;
  }
  std::string text;
  for (auto size = connection.line(); size; size = connection.line()) {
    const std::size_t bytes = std::stoul(*size, nullptr, 16);
    const auto chunk = connection.bytes(bytes + 2);
    if (bytes == 0 || !chunk) break;
    text += chunk->substr(0, bytes);
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
      if (on_line(text.substr(0, end))) return status;
      text.erase(0, end + 1);
    }
  }
  return status;
}

void SliceClient::wait_until_ready(const std::string& service) {
  const std::string path =
      "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices"
      "?labelSelector=kubernetes.io%2Fservice-name%3D" +
      service;
  std::string version;  // "": it has to list
  for (bool ready = false; !ready;) {
    const bool lists = version.empty();
    const std::string target =
        lists ? path : path + "&watch=true&timeoutSeconds=240&resourceVersion=" + version;
    const int status = get(target, [&](const std::string& line) {
      const json seen = json::parse(line, nullptr, false);
      if (!seen.is_object()) return false;
      const json objects = lists ? seen.value("items", json::array()) : json{seen["object"]};
      version = (lists ? seen : seen["object"]).value("/metadata/resourceVersion"_json_pointer, "");
      return ready = std::any_of(objects.begin(), objects.end(), is_ready);
    });
    if (status != 200) {
      version.clear();
      std::this_thread::sleep_for(std::chrono::seconds(std::max(retry_after_seconds_, 1)));
    }
  }
}
