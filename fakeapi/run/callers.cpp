#include "fakeapi/run/callers.hpp"

#include <algorithm>
#include <string_view>

namespace fakeapi::run {
namespace {

const cluster::User* user_of(const cluster::Headers& headers,
                             const std::vector<cluster::User>& users) {
  constexpr std::string_view scheme = "Bearer ";
  const auto header = cluster::find_header(headers, "Authorization");
  if (!header || !header->starts_with(scheme)) return nullptr;
  const std::string_view token = header->substr(scheme.size());
  const auto found = std::find_if(users.begin(), users.end(), [token](const cluster::User& user) {
    return !user.token.empty() && user.token == token;
  });
  return found == users.end() ? nullptr : &*found;
}

}  // namespace

std::string user_name_of(const cluster::Headers& headers, const std::vector<cluster::User>& users) {
  const cluster::User* user = user_of(headers, users);
  return user == nullptr ? "system:anonymous" : user->name;
}

bool is_administrator(const cluster::Headers& headers, const std::vector<cluster::User>& users) {
  const cluster::User* user = user_of(headers, users);
  if (user == nullptr) return false;
  return std::find(user->groups.begin(), user->groups.end(), "system:masters") !=
         user->groups.end();
}

}  // namespace fakeapi::run
