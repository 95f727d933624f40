// The log is data in the page: JSON in ASCII, in which no tag can begin or end (HTML Living
// Standard, 4.12.1.3, restrictions on contents of script elements).
#include "fakeapi/lanes/html.hpp"

#include <string_view>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "fakeapi/lanes/page/page.hpp"
#include "fakeapi/lanes/picture.hpp"
#include "fakeapi/lanes/svg.hpp"
#include "fakeapi/lanes/svg_canvas.hpp"

namespace fakeapi::lanes {
namespace {

using nlohmann::json;

bool is_style(const page::EmbeddedFile& file) { return file.name.ends_with(".css"); }

/// CSP Level 3, 6.1: default-src covers all that is fetched; base-uri and form-action are no
/// fetches. A block of JSON is no script, and needs no permission.
std::string policy(const std::vector<page::EmbeddedFile>& files) {
  std::string styles;
  std::string scripts;
  for (const page::EmbeddedFile& file : files) {
    (is_style(file) ? styles : scripts) += fmt::format(" '{}'", file.hash);
  }
  return fmt::format(
      "default-src 'none'; style-src{}; script-src{}; base-uri 'none'; form-action 'none'", styles,
      scripts);
}

std::string script_json(const std::vector<Event>& events) {
  json rows = json::array();
  for (const Event& event : events) {
    rows.push_back({event.at_seconds, event.lane, event.what, event.why});
  }
  const std::string text = rows.dump(-1, ' ', true, json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (const char letter : text) {
    if (letter == '<') {
      safe += "\\u003c";
    } else if (letter == '>') {
      safe += "\\u003e";
    } else if (letter == '&') {
      safe += "\\u0026";
    } else {
      safe += letter;
    }
  }
  return safe;
}

}  // namespace

std::string to_html(const std::vector<Event>& events) {
  const std::vector<Event> ordered = in_order(events);
  const Picture picture = make_picture(ordered);
  const std::vector<page::EmbeddedFile> files = page::embedded_files();
  std::string styles;
  std::string scripts;
  for (const page::EmbeddedFile& file : files) {
    const std::string_view tag = is_style(file) ? "style" : "script";
    (is_style(file) ? styles : scripts) += fmt::format("<{0}>{1}</{0}>\n", tag, file.text);
  }
  return fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{}</title>
{}</head>
<body>
<main id="report">
<div class="static">
{}</div>
</main>
<script type="application/json" id="fakeapi-events">{}</script>
{}</body>
</html>
)",
                     policy(files), xml_escaped(picture.title), styles, to_svg(picture),
                     script_json(ordered), scripts);
}

}  // namespace fakeapi::lanes
