// The report's renderer (fakeapi/lanes/page) and the files of fakeapi/run/page around it, in one
// document.
#include "fakeapi/run/control/live_page.hpp"

#include <memory>
#include <string>

#include <fmt/format.h>

#include "fakeapi/cluster/api/uri.hpp"
#include "fakeapi/lanes/page/page.hpp"
#include "fakeapi/run/page/page.hpp"

namespace fakeapi::run {
namespace {

struct Document {
  cluster::Bytes text;
  std::string policy;
};

struct Parts {
  std::string styles;
  std::string style_hashes;
  std::string scripts;
  std::string script_hashes;

  template <typename File>
  void add(const File& file) {
    const bool is_style = file.name.ends_with(".css");
    const std::string_view tag = is_style ? "style" : "script";
    (is_style ? styles : scripts) += fmt::format("<{0}>{1}</{0}>\n", tag, file.text);
    (is_style ? style_hashes : script_hashes) += fmt::format(" '{}'", file.hash);
  }
};

/// CSP Level 3, 6.1. The page talks to its own server only; the empty icon is a data: URL, without
/// which browsers ask the fake cluster for one.
Document make_document() {
  Parts parts;
  for (const auto& file : lanes::page::embedded_files()) parts.add(file);
  for (const auto& file : page::embedded_files()) parts.add(file);
  Document made;
  made.policy = fmt::format(
      "default-src 'none'; style-src{}; script-src{}; img-src data:; connect-src 'self'; base-uri "
      "'none'; form-action 'none'; frame-ancestors 'none'",
      parts.style_hashes, parts.script_hashes);
  made.text = std::make_shared<const std::string>(fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>fakeapi</title>
{}</head>
<body>
<noscript>This page draws what happens with scripts, and there are none.</noscript>
<main id="live"></main>
{}</body>
</html>
)",
                                                              parts.styles, parts.scripts));
  return made;
}

}  // namespace

bool asks_for_page(const cluster::Request& request) {
  return request.method == "GET" && cluster::parse_uri(request.target).path == live_page_path;
}

cluster::Response live_page() {
  static const Document document = make_document();
  cluster::Response response;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                      {"Content-Security-Policy", document.policy},
                      {"Cache-Control", "no-store"},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body = document.text;
  return response;
}

}  // namespace fakeapi::run
