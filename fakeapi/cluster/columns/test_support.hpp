// For tests of printers: one fixed moment, and the cells of an object at it.
#pragma once

#include <chrono>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakeapi/cluster/columns/printer.hpp"
#include "fakeapi/cluster/text.hpp"

namespace fakeapi::cluster::columns::testing {

inline constexpr WallTime now{std::chrono::seconds{1'795'414'874}};  // 2026-11-23T06:21:14Z

/// That moment minus a time, as the API writes it.
inline std::string ago(std::chrono::seconds time) { return rfc3339(now - time); }

/// There must be as many as there are columns.
inline nlohmann::json cells_of(const Printer& printer, const nlohmann::json& object) {
  nlohmann::json cells = printer.cells(object, now);
  EXPECT_EQ(cells.size(), printer.columns.size());
  return cells;
}

/// "Name,Status,Age*": an asterisk for what only wide output shows.
inline std::string headers_of(const Printer& printer) {
  std::string out;
  for (const Column& column : printer.columns) {
    if (!out.empty()) out += ',';
    out += column.name + (column.priority == 1 ? "*" : "");
  }
  return out;
}

}  // namespace fakeapi::cluster::columns::testing
