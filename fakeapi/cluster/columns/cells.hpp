// What the printers of all kinds share: careful reading of fields, and the texts that more than one
// kind prints.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/columns/printer.hpp"

namespace fakeapi::cluster::columns {

using Path = std::initializer_list<const char*>;

Column name_column();
Column age_column();
Column created_at_column();

std::string name_of(const nlohmann::json& object);
/// The age of the object itself.
std::string age_of_object(const nlohmann::json& object, WallTime now);
/// The time of creation in UTC, for columns of type "date" that are not turned into an age; Go's
/// zero time when there is none.
std::string creation_text(const nlohmann::json& object);

/// 0 when there is no integer.
std::int64_t integer_at(const nlohmann::json& object, Path path);
bool true_at(const nlohmann::json& object, Path path);
/// Something other than null is there: Go's "pointer is not nil".
bool present(const nlohmann::json& object, Path path);
/// The array at a path; an empty one when there is none.
const nlohmann::json& list_at(const nlohmann::json& object, Path path);
/// The number of entries of a map or list; 0 when there is none.
std::int64_t size_at(const nlohmann::json& object, Path path);

/// Whether the first condition of that type in a list of conditions is "True".
bool condition_holds(const nlohmann::json& conditions, std::string_view type);

std::string or_else(std::string text, std::string_view fallback);

/// "a=1,b=2"; "<none>" without labels (apimachinery labels.FormatLabels).
std::string labels_text(const nlohmann::json* labels);

/// A metav1.LabelSelector as the query that selects the same: "app=a,tier in (db,web),!x". Empty
/// for one that selects everything, and for none at all, which selects nothing; no value for one
/// that is malformed (metav1.LabelSelectorAsSelector).
std::optional<std::string> selector_text(const nlohmann::json* selector);
/// The same with "<none>" for empty and "<error>" for malformed (metav1.FormatLabelSelector).
std::string selector_or_none(const nlohmann::json* selector);

/// Names and images of a Pod template's containers, each joined with commas.
struct ContainerTexts {
  std::string names, images;
};
ContainerTexts container_texts(const nlohmann::json& object, Path pod_spec);

/// Up to three texts, and how many more there were: "a,b,c + 2 more...".
class ShortList {
 public:
  void add(std::string_view text);
  std::string text() const;

 private:
  std::string shown_;
  std::int64_t count_ = 0;
};

}  // namespace fakeapi::cluster::columns
