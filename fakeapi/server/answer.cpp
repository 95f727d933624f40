// Text only, so that what goes over the wire can be compared with recordings.
#include "fakeapi/server/answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "fakeapi/wire/reason_phrase.hpp"

namespace fakeapi::server {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

void append_number(std::string& out, std::size_t number, int base) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out.append(digits.data(), end);
}

void append_status_line(std::string& out, int status) {
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(std::max(status, 0)), 10);
  out += ' ';
  out += wire::reason_phrase(status);
  out += "\r\n";
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

// Headers that only the server knows; a head that brings one along would make the answer ambiguous.
bool belongs_to_framing(std::string_view name) {
  return equal_names(name, "Content-Length") || equal_names(name, "Transfer-Encoding") ||
         equal_names(name, "Connection");
}

}  // namespace

bool equal_names(std::string_view left, std::string_view right) {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

bool asks_to_close(const wire::Head& head) {
  return std::any_of(head.headers.begin(), head.headers.end(), [](const auto& field) {
    return equal_names(field.first, "Connection") && equal_names(field.second, "close");
  });
}

void append_head(std::string& out, const wire::Head& head, const Framing& framing,
                 std::string_view date) {
  append_status_line(out, head.status);
  bool has_date = false;
  for (const auto& [name, value] : head.headers) {
    if (belongs_to_framing(name)) continue;
    has_date = has_date || equal_names(name, "Date");
    append_field(out, name, value);
  }
  if (!has_date) append_field(out, "Date", date);
  const bool bodiless = head.status == 204 || head.status == 304;  // RFC 9110 8.6, 15.4.5
  if (framing.body == Framing::Body::chunked) append_field(out, "Transfer-Encoding", "chunked");
  if (framing.body == Framing::Body::length && !bodiless) {
    out += "Content-Length: ";
    append_number(out, framing.length_bytes, 10);
    out += "\r\n";
  }
  if (framing.close) append_field(out, "Connection", "close");
  if (framing.old_keep_alive) append_field(out, "Connection", "keep-alive");
  out += "\r\n";
}

void append_chunk(std::string& out, std::string_view piece, std::size_t from, std::size_t to) {
  if (piece.empty()) return;
  if (from == 0) {
    append_number(out, piece.size(), 16);
    out += "\r\n";
  }
  out += piece.substr(from, to - from);
  if (to == piece.size()) out += "\r\n";
}

std::string refusal(int status, const std::string& detail) {
  std::string out;
  append_status_line(out, status);
  if (status != 413) {
    out += "Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n";
    append_number(out, static_cast<std::size_t>(status), 10);
    out += ' ';
    out += wire::reason_phrase(status);
    if (!detail.empty()) out += ": " + detail;
    return out;
  }
  const std::string body =
      R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":)"
      R"("Request entity too large: )" +
      detail + R"(","reason":"RequestEntityTooLarge","code":413})" + "\n";
  append_field(out, "Content-Type", "application/json");
  out += "Content-Length: ";
  append_number(out, body.size(), 10);
  out += "\r\nConnection: close\r\n\r\n" + body;
  return out;
}

std::string date_text(std::time_t unix_seconds) {
  std::tm parts{};
  ::gmtime_r(&unix_seconds, &parts);
  std::array<char, 64> text{};
  const std::size_t size =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return std::string(text.data(), size);
}

}  // namespace fakeapi::server
