// Quality values are ignored, as kube-apiserver's clients send none: the first clause that fits
// wins.
#include "fakeapi/cluster/api/negotiate.hpp"

#include <algorithm>

namespace fakeapi::cluster {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view take(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  const std::string_view part = trimmed(rest.substr(0, at));
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return part;
}

std::string_view parameter(std::string_view clause, std::string_view name) {
  take(clause, ';');
  while (!clause.empty()) {
    std::string_view one = take(clause, ';');
    if (take(one, '=') == name) return trimmed(one);
  }
  return {};
}

std::optional<Representation> answer_to(std::string_view clause, bool discovery) {
  const std::string type = media_type(clause);
  const std::string_view as = parameter(clause, "as");
  if (type == "application/json" && as == "APIGroupDiscoveryList" && discovery &&
      parameter(clause, "g") == "apidiscovery.k8s.io" && parameter(clause, "v") == "v2") {
    return Representation::aggregated_discovery;
  }
  if (!as.empty()) return std::nullopt;
  if (type == "application/json" || type == "application/*" || type == "*/*")
    return Representation::json;
  return std::nullopt;
}

}  // namespace

std::string media_type(std::string_view content_type) {
  std::string out(take(content_type, ';'));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return out;
}

std::optional<Representation> accepted(std::optional<std::string_view> accept, bool discovery) {
  if (!accept || trimmed(*accept).empty()) return Representation::json;
  std::string_view rest = *accept;
  while (!rest.empty()) {
    if (const auto answer = answer_to(take(rest, ','), discovery)) return answer;
  }
  return std::nullopt;
}

}  // namespace fakeapi::cluster
