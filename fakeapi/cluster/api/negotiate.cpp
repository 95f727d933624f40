// Clauses are taken in the order of their quality, the client's order among equals; one that asks
// for a projection which the endpoint does not have is passed over.
#include "fakeapi/cluster/api/negotiate.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace fakeapi::cluster {
namespace {

using Form = Representation::Form;

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

// strconv.ParseBool
bool is_true(std::string_view text) {
  return text == "1" || text == "t" || text == "T" || text == "true" || text == "TRUE" ||
         text == "True";
}

// Browsers and tools that people type into (negotiate.go, isPrettyPrint).
bool for_people(const Headers& headers, std::string_view query_pretty) {
  if (!query_pretty.empty()) return is_true(query_pretty);
  const std::string_view agent = find_header(headers, "User-Agent").value_or("");
  return agent.starts_with("curl") || agent.starts_with("Wget") || agent.starts_with("Mozilla/5.0");
}

std::optional<Form> projection(std::string_view clause, Answers answers) {
  const std::string_view as = parameter(clause, "as");
  const std::string_view group = parameter(clause, "g");
  const std::string_view version = parameter(clause, "v");
  if (as == "APIGroupDiscoveryList") {
    const bool known =
        answers == Answers::discovery && group == "apidiscovery.k8s.io" && version == "v2";
    return known ? std::optional(Form::aggregated) : std::nullopt;
  }
  const bool meta = group == "meta.k8s.io" && (version == "v1" || version == "v1beta1");
  const bool objects = answers == Answers::objects || answers == Answers::stream;
  if (!meta || !objects) return std::nullopt;
  if (as == "Table") return Form::table;
  if (as == "PartialObjectMetadata") return Form::partial_metadata;
  if (as == "PartialObjectMetadataList") return Form::partial_metadata_list;
  return std::nullopt;
}

std::optional<Representation> answer_to(std::string_view clause, Answers answers) {
  const std::string type = media_type(clause);
  const bool json = type == "application/json" || type == "application/*" || type == "*/*";
  const bool yaml = type == "application/yaml" && answers != Answers::stream;
  if (!json && !yaml) return std::nullopt;
  Representation out;
  out.pretty = is_true(parameter(clause, "pretty"));
  out.form = yaml ? Form::yaml : Form::json;
  if (parameter(clause, "as").empty()) return out;
  const auto form = projection(clause, answers);
  if (!form) return std::nullopt;
  out.form = *form;
  out.yaml = yaml;
  if (*form != Form::aggregated) out.version = std::string(parameter(clause, "v"));
  return out;
}

double quality(std::string_view clause) {
  const std::string_view text = parameter(clause, "q");
  double value = 1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::string media_type(std::string_view content_type) {
  std::string out(take(content_type, ';'));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return out;
}

std::optional<Representation> negotiate(const Headers& headers, std::string_view query_pretty,
                                        Answers answers) {
  const std::string_view accept = trimmed(find_header(headers, "Accept").value_or(""));
  std::optional<Representation> chosen;
  if (accept.empty()) chosen.emplace();
  std::vector<std::string_view> clauses;
  for (std::string_view rest = accept; !rest.empty();) clauses.push_back(take(rest, ','));
  if (clauses.size() > 1) {
    std::stable_sort(clauses.begin(), clauses.end(), [](std::string_view a, std::string_view b) {
      return quality(a) > quality(b);
    });
  }
  for (std::size_t i = 0; i < clauses.size() && !chosen; ++i)
    chosen = answer_to(clauses[i], answers);
  if (chosen) chosen->pretty = chosen->pretty || for_people(headers, query_pretty);
  return chosen;
}

bool takes_gzip(const Headers& headers) {
  std::string_view rest = find_header(headers, "Accept-Encoding").value_or("");
  while (!rest.empty()) {
    std::string_view one = take(rest, ',');
    if (take(one, ';') == "gzip") return true;
  }
  return false;
}

}  // namespace fakeapi::cluster
