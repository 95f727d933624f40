// get and list: which version is read, and what of it (recordings: lists.json).
#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "fakeapi/cluster/api/continue_token.hpp"
#include "fakeapi/cluster/api/render.hpp"
#include "fakeapi/cluster/api/respond.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster {
namespace {

constexpr const char* list_expired = "The resourceVersion for the provided list is too old.";
constexpr const char* continue_expired =
    "The provided continue parameter is too old to display a consistent list result. You can start "
    "a new list without "
    "the continue parameter, or use the continue token in this response to retrieve the remainder "
    "of the results. "
    "Continuing with the provided token results in an inconsistent list - objects that were "
    "created, modified, or "
    "deleted between the time the first chunk was returned and now may show up in the list.";

Failure bad_version(std::string_view text) {
  return bad_request(
      fmt::format("invalid resource version: resourceVersion: Invalid value: {}: "
                  "strconv.ParseUint: parsing {}: invalid syntax",
                  in_quotes(text), in_quotes(text)));
}

// What a list reads: the present, or one moment of the past, from one key on.
struct ListPlan {
  std::uint64_t version = 0;
  bool past = false;
  std::uint64_t limit = 0;
  std::optional<Key> after;
};

Result<ListPlan> plan_continued(const Store& store, const Call& call, const ListOptions& options) {
  if (!options.resource_version.empty() && options.resource_version != "0") {
    return bad_request("specifying resource version is not allowed when using continue");
  }
  const auto token = decode_continue(options.continue_token, call.namespace_name);
  if (!token)
    return bad_request("invalid continue token: continue key is not valid: " +
                       options.continue_token);
  ListPlan plan{token->version.value_or(store.version()), token->version.has_value(), options.limit,
                token->after};
  if (plan.past && plan.version < store.compacted(*call.kind)) {
    Failure failure = expired(continue_expired);
    failure.continue_token = encode_continue({std::nullopt, token->after}, call.namespace_name);
    return failure;
  }
  if (plan.version > store.version()) return version_too_large(plan.version, store.version());
  return plan;
}

/// What may be answered from the watch cache; one that lags answers with what it has.
ListPlan plan_cached(const Store& store, const WatchHub& cache, std::uint64_t limit) {
  const std::uint64_t reached = cache.reached();
  return {reached, reached < store.version(), limit, std::nullopt};
}

Result<ListPlan> plan_list(const Store& store, const WatchHub& cache, const Call& call,
                           const ListOptions& options) {
  if (!options.continue_token.empty()) return plan_continued(store, call, options);
  ListPlan plan{store.version(), false, options.limit, std::nullopt};
  if (options.resource_version.empty()) return plan;
  const auto version = parse_decimal(options.resource_version);
  if (!version) return bad_version(options.resource_version);
  if (*version == 0) return plan_cached(store, cache, 0);  // the watch cache does not page
  // A page of a given version is exact also where nobody said so (API concepts, "Semantics for get
  // and list").
  const bool exact = options.resource_version_match == "Exact" ||
                     (options.resource_version_match.empty() && options.limit > 0);
  const std::uint64_t newest = exact ? store.version() : cache.reached();
  if (*version > newest) return version_too_large(*version, newest);
  if (!exact) return plan_cached(store, cache, plan.limit);
  if (*version < store.compacted(*call.kind)) return expired(list_expired);
  plan.version = *version;
  plan.past = true;
  return plan;
}

// Items until the page is full; then what is left is only counted.
struct Taken {
  std::vector<ObjectPtr> items;
  std::uint64_t left = 0;
};

Taken take_items(const Objects& objects, const Selection& selection, const ListPlan& plan) {
  Taken taken;
  auto it = plan.after ? objects.upper_bound(*plan.after)
            : selection.namespace_name.empty()
                ? objects.begin()
                : objects.lower_bound(KeyView{selection.namespace_name, {}});
  for (; it != objects.end(); ++it) {
    if (!selection.namespace_name.empty() && it->first.namespace_name != selection.namespace_name)
      break;
    if (!selection.matches(*it->second)) continue;
    if (plan.limit > 0 && taken.items.size() == plan.limit) {
      ++taken.left;
    } else {
      taken.items.push_back(it->second);
    }
  }
  return taken;
}

}  // namespace

Response Api::get(const Call& call) const {
  const std::string_view version_text = call.uri->parameter("resourceVersion");
  const std::uint64_t reached = watches_.reached();
  ObjectPtr object;
  if (!version_text.empty()) {
    const auto version = parse_decimal(version_text);
    if (!version) return failure_response(bad_version(version_text));
    if (*version > reached) return failure_response(version_too_large(*version, reached));
  }
  if (!version_text.empty() && reached < store_.version()) {
    const Objects cached = watches_.cached(*call.kind);
    const auto it = cached.find(KeyView{call.namespace_name, call.attributes->name});
    if (it != cached.end()) object = it->second;
  } else {
    object = store_.find(*call.kind, call.namespace_name, call.attributes->name);
  }
  if (!object) return failure_response(not_found(*call.kind, call.attributes->name));
  if (call.attributes->subresource == "scale") return scale_response(call, *object);
  return object_response(call, 200, *object);
}

Result<Page> Api::read_page(const Call& call) const {
  auto selection =
      make_selection(*call.kind, call.namespace_name, call.uri->parameter("labelSelector"),
                     call.uri->parameter("fieldSelector"));
  if (!selection) return selection.failure();
  auto options = read_list_options(*call.uri);
  if (!options) return options.failure();
  if (const auto failure = validate_list(*options)) return *failure;
  const auto plan = plan_list(store_, watches_, call, *options);
  if (!plan) return plan.failure();

  const bool past = plan->past && plan->version < store_.version();
  const std::uint64_t readable = std::max(plan->version, store_.compacted(*call.kind));
  Taken taken = past ? take_items(store_.objects_at(*call.kind, readable), *selection, *plan)
                     : take_items(store_.objects(*call.kind), *selection, *plan);
  Page page;
  page.meta.resource_version = std::to_string(plan->version);
  if (taken.left > 0) {
    const Object& last = *taken.items.back();
    page.meta.continue_token = encode_continue(
        {plan->version, Key{last.namespace_name(), last.name()}}, call.namespace_name);
    if (!selection->selects_some()) page.meta.remaining_item_count = taken.left;
  }
  page.items = std::move(taken.items);
  return page;
}

Response Api::list(const Call& call) const {
  const auto page = read_page(call);
  if (!page) return failure_response(page.failure());
  return list_response(call, page->meta, page->items);
}

}  // namespace fakeapi::cluster
