// What a kind looks like in a terminal: its columns, and the cells of one object. The API server
// prints, not kubectl: `kubectl get` asks for a Table and lines up what it is sent. A kind's row
// points to its printer; nothing here asks an object for its kind.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/columns/age.hpp"

namespace fakeapi::cluster::columns {

/// metav1.TableColumnDefinition. Clients leave out columns of priority 1 unless wide output is
/// asked for; the server always sends all of them.
struct Column {
  std::string name;
  std::string type = "string";  // a type of OpenAPI: string, integer, number, boolean, date
  std::string format;           // "name": the column that names the object
  int priority = 0;
  std::string description;
};

struct Printer {
  std::vector<Column> columns;
  /// A JSON array with one value for each column, in their order. `object` is whole, or what a
  /// bookmark carries; a field that is missing counts as Go's zero value.
  std::function<nlohmann::json(const nlohmann::json& object, WallTime now)> cells;
  /// The row's conditions, null when it has none; nullptr for kinds that never have any.
  nlohmann::json (*conditions)(const nlohmann::json& object) = nullptr;
  /// The rows of an empty list are null and not []: convertors that append to a nil slice.
  bool null_when_empty = false;
};

}  // namespace fakeapi::cluster::columns
