#include "waiter/core/resource_version.hpp"

#include <algorithm>

namespace waiter::core {
namespace {

bool is_comparable(std::string_view version) {
  return !version.empty() && version.front() != '0' &&
         std::all_of(version.begin(), version.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_older(std::string_view left, std::string_view right) {
  if (!is_comparable(left) || !is_comparable(right)) return false;
  return left.size() != right.size() ? left.size() < right.size() : left < right;
}

}  // namespace waiter::core
