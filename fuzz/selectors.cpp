// Label and field selectors, and what they say about an object. The input is three lines: resource,
// labels, fields.
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/cluster/selection.hpp"
#include "fuzz/check.hpp"
#include "fuzz/kind.hpp"

namespace {

using namespace fakeapi::cluster;
using nlohmann::json;

const Object& pod() {
  static const Object object(std::make_shared<const json>(
      json::parse(R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","namespace":"default",
                      "resourceVersion":"1","labels":{"app":"a","n":"5","x.io/y":""}},
                      "spec":{"nodeName":"n"},"status":{"phase":"Running"}})")));
  return object;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Kinds kinds;
  std::string_view input = fuzz::text_of(data, size);
  const Kind& kind = fuzz::take_kind(kinds, input);
  const std::string_view labels = fuzz::take_line(input);
  const std::string_view fields = input;
  const auto selection = make_selection(kind, "default", labels, fields);
  if (!selection) {
    fuzz::check(selection.failure().code == 400 && !selection.failure().message.empty(),
                "a selector that is refused is a bad request with a reason");
    status_text(selection.failure());
    return 0;
  }
  fuzz::check(selection->matches(pod()) == selection->matches(pod()), "a selector has one answer");
  if (!selection->name.empty() && selection->name != pod().name())
    fuzz::check(!selection->matches(pod()), "a name that is demanded is the object's");
  return 0;
}
