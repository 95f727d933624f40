// How values are put together from single ones, and what each is called in words.
#include "fakeapi/scenario/language/table.hpp"

#include <utility>

#include <fmt/format.h>

#include "fakeapi/scenario/language/forms.hpp"

namespace fakeapi::scenario {
namespace {

std::string limits(const Type& type) {
  if (type.form == Form::share) {
    return fmt::format("from {} to {}",
                       type.minimum == 0 ? "above 0" : fmt::to_string(type.minimum), type.maximum);
  }
  return fmt::format("from {} to {}", type.minimum, type.maximum);
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) out += i + 1 == texts.size() ? " or " : ", ";
    out += texts[i];
  }
  return out;
}

std::string words_of_scalar(const Type& type) {
  std::string words(row_of(type.form).words);
  if (type.form != Form::integer && type.form != Form::share) return words;
  if (type.minimum == type.maximum) return fmt::format("{}, {}", words, type.minimum);
  if (type.form == Form::share && type.minimum == 0) return words + ", above 0 to 1";
  return fmt::format("{}, {} to {}", words, type.minimum, type.maximum);
}

std::string expected_scalar(const Type& type) {
  if (type.form != Form::integer && type.form != Form::share)
    return std::string(row_of(type.form).expected);
  if (type.minimum == type.maximum) return fmt::to_string(type.minimum);
  return "a number " + limits(type);
}

}  // namespace

Type scalar(Form form) { return {Type::Kind::scalar, form}; }

Type number(std::int64_t minimum, std::int64_t maximum) {
  return {Type::Kind::scalar, Form::integer, minimum, maximum};
}

Type choice(const Choices& choices) {
  Type type{Type::Kind::choice};
  type.choices = &choices;
  return type;
}

Type mapping(const Mapping& (*mapping)(), std::string_view words) {
  Type type{Type::Kind::mapping};
  type.mapping = mapping;
  type.words = words;
  return type;
}

Type list(Type element, std::string_view words) {
  Type type{Type::Kind::list};
  type.parts = {std::move(element)};
  type.words = words;
  return type;
}

Type one_or_list(Type element) {
  Type type{Type::Kind::one_or_list};
  type.parts = {std::move(element)};
  return type;
}

Type map(Form form, std::string_view noun, Type value, std::string_view words) {
  Type type{Type::Kind::map, form};
  type.parts = {std::move(value)};
  type.noun = noun;
  type.words = words;
  return type;
}

Type either(std::vector<Type> parts) {
  Type type{Type::Kind::either};
  type.parts = std::move(parts);
  return type;
}

Type object() {
  Type type{Type::Kind::object};
  type.words = "a Kubernetes object";
  return type;
}

std::string words_of(const Type& type) {
  std::vector<std::string> parts;
  switch (type.kind) {
    case Type::Kind::scalar:
      return words_of_scalar(type);
    case Type::Kind::choice:
      for (const Choice& each : *type.choices) parts.emplace_back(each.name);
      return fmt::format("word: {}", fmt::join(parts, ", "));
    case Type::Kind::one_or_list:
      return words_of(type.parts[0]) + ", or a list of such";
    case Type::Kind::either:
      for (const Type& part : type.parts) parts.push_back(words_of(part));
      return fmt::format("{}", fmt::join(parts, "; or "));
    case Type::Kind::mapping:
    case Type::Kind::list:
    case Type::Kind::map:
    case Type::Kind::object:
      break;
  }
  return std::string(type.words);
}

std::string expected(const Type& type) {
  std::vector<std::string> parts;
  switch (type.kind) {
    case Type::Kind::scalar:
      return expected_scalar(type);
    case Type::Kind::choice:
      for (const Choice& each : *type.choices) parts.emplace_back(each.name);
      return joined(parts);
    case Type::Kind::list:
      return std::string("a ") + std::string(type.words);
    case Type::Kind::one_or_list:
      return expected(type.parts[0]) + " or a list of such";
    case Type::Kind::either:
      for (const Type& part : type.parts) parts.push_back(expected(part));
      return joined(parts);
    case Type::Kind::mapping:
    case Type::Kind::map:
      return fmt::format("a mapping ({})", type.words);
    case Type::Kind::object:
      break;
  }
  return "a Kubernetes object";
}

std::vector<const Mapping*> all_mappings() {
  return {&scenario_mapping(),       &service_mapping(),     &step_mapping(),
          &trigger_mapping(),        &pod_state_mapping(),   &cluster_restart_mapping(),
          &rolling_update_mapping(), &controllers_mapping(), &object_name_mapping(),
          &token_mapping(),          &fault_mapping(),       &match_mapping(),
          &respond_mapping(),        &body_fault_mapping(),  &stream_fault_mapping(),
          &request_mapping(),        &expect_mapping(),      &at_most_mapping()};
}

std::optional<Shows> parse_shows(std::string_view word) {
  if (word == "absent") return Shows::absent;
  if (word == "pending") return Shows::pending;
  if (word == "not-ready") return Shows::not_ready;
  if (word == "ready") return Shows::ready;
  if (word == "terminating") return Shows::terminating;
  return std::nullopt;
}

const std::vector<PodWord>& pod_words() {
  static const std::vector<PodWord> words{
      {"absent", Shows::absent, false, "no Pod object"},
      {"pending", Shows::pending, false, "the Pod is there and has no address"},
      {"running", Shows::not_ready, false, "its process starts, or has failed"},
      {"ready", Shows::ready, true, "all is well"},
      {"stale", Shows::ready, false, "what a power failure leaves behind"},
      {"unnoticed", Shows::not_ready, true, "kubelet has not probed it yet"},
      {"terminating", Shows::terminating, std::nullopt, "deleted, within its grace period of 30 s"},
  };
  return words;
}

std::optional<bool> listens_by_default(Shows shows) {
  if (shows == Shows::terminating) return std::nullopt;
  return shows == Shows::ready;
}

}  // namespace fakeapi::scenario
