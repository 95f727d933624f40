// Field selectors and the matching of all that a request may demand.
#include "fakeapi/cluster/selection.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

using nlohmann::json;

std::string read_name(const json& o) { return string_at(o, {"metadata", "name"}); }
std::string read_namespace(const json& o) { return string_at(o, {"metadata", "namespace"}); }

// Commas separate, a backslash makes the next character plain.
std::vector<std::string> split_terms(std::string_view text) {
  std::vector<std::string> terms;
  std::string term;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      term += text[i];
      term += text[++i];
    } else if (text[i] == ',') {
      terms.push_back(std::move(term));
      term.clear();
    } else {
      term += text[i];
    }
  }
  terms.push_back(std::move(term));
  return terms;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

std::string unknown_field(const Kind& kind, const std::string& label) {
  if (kind.own_field_errors) return "field label not supported: " + label;
  return fmt::format(
      "{} is not a known field selector: only \"metadata.name\", \"metadata.namespace\"",
      in_quotes(label));
}

bool resolve(const Kind& kind, FieldRequirement& field) {
  if (field.label == "metadata.name") {
    field.read = read_name;
  } else if (field.label == "metadata.namespace" && (kind.namespaced || !kind.own_field_errors)) {
    field.read = read_namespace;
  } else {
    const auto it =
        std::find_if(kind.fields.begin(), kind.fields.end(),
                     [&](const SelectableField& known) { return known.label == field.label; });
    if (it == kind.fields.end()) return false;
    field.read = it->read;
  }
  return true;
}

}  // namespace

Result<std::vector<FieldRequirement>> parse_field_selector(std::string_view text) {
  std::vector<FieldRequirement> out;
  for (const std::string& term : split_terms(text)) {
    if (term.empty()) continue;
    const std::size_t mark = term.find('=');
    if (mark == std::string::npos) {
      return bad_request(fmt::format("invalid selector: '{}'; can't understand '{}'", text, term));
    }
    FieldRequirement field;
    field.equal = mark == 0 || term[mark - 1] != '!';
    const std::size_t value = mark + (field.equal && term.compare(mark, 2, "==") == 0 ? 2 : 1);
    field.label = term.substr(0, field.equal ? mark : mark - 1);
    field.value = unescaped(std::string_view(term).substr(value));
    out.push_back(std::move(field));
  }
  return out;
}

std::string required_name(const std::vector<FieldRequirement>& fields) {
  for (const FieldRequirement& field : fields) {
    if (field.label == "metadata.name" && field.equal) return field.value;
  }
  return {};
}

bool Selection::matches(const Object& object) const {
  if (!namespace_name.empty() && object.namespace_name() != namespace_name) return false;
  if (!name.empty() && object.name() != name) return false;
  for (const FieldRequirement& field : fields) {
    if ((field.read(object.json()) == field.value) != field.equal) return false;
  }
  return labels.matches(object.json());
}

Result<Selection> make_selection(const Kind& kind, std::string_view namespace_name,
                                 std::string_view label_selector, std::string_view field_selector) {
  Selection selection;
  selection.namespace_name = namespace_name;
  auto labels = LabelSelector::parse(label_selector);
  if (!labels) return labels.failure();
  selection.labels = std::move(*labels);
  auto fields = parse_field_selector(field_selector);
  if (!fields) return fields.failure();
  for (FieldRequirement& field : *fields) {
    if (!resolve(kind, field)) return bad_request(unknown_field(kind, field.label));
  }
  selection.fields = std::move(*fields);
  selection.name = required_name(selection.fields);
  return selection;
}

}  // namespace fakeapi::cluster
