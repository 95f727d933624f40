// What the API says when it says no: a Status object as a plain value. The reasons and texts are
// those of apimachinery api/errors and util/validation/field; the recordings under
// fakeapi/tests/golden hold them verbatim.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fakeapi::cluster {

/// One field of an object, or of a request's options, that is wrong. `message` starts with the kind
/// of error in words.
struct Cause {
  std::string reason;  // "FieldValueInvalid"
  std::string message;
  std::string field;  // "subsets[0].ports[0].port"; empty for causes that name no field
};
using FieldErrors = std::vector<Cause>;

Cause required_value(std::string field, std::string_view detail = {});
/// `value` as it is printed: a quoted string or a bare number.
Cause invalid_value(std::string field, std::string_view value, std::string_view detail);
Cause forbidden_value(std::string field, std::string_view detail);
Cause not_supported_value(std::string field, std::string_view value,
                          const std::vector<std::string_view>& supported);
Cause too_many_values(std::string field, std::size_t actual, std::size_t limit);
Cause duplicate_value(std::string field, std::string_view value);

struct StatusDetails {
  std::string name, group, kind, uid;
  std::vector<Cause> causes;
  int retry_after_seconds = 0;
};

struct Failure {
  int code = 500;
  std::string reason;  // empty where the real server sends none
  std::string message;
  std::optional<StatusDetails> details;
  std::string continue_token;  // metadata.continue of an expired page (410)
};

/// A value or why there is none.
template <class T>
class Result {
 public:
  Result(T value) : held_(std::move(value)) {}  // NOLINT: both directions are meant to be implicit
  Result(Failure failure) : held_(std::move(failure)) {}  // NOLINT
  explicit operator bool() const { return held_.index() == 0; }
  T& operator*() { return std::get<0>(held_); }
  const T& operator*() const { return std::get<0>(held_); }
  T* operator->() { return &std::get<0>(held_); }
  const T* operator->() const { return &std::get<0>(held_); }
  const Failure& failure() const { return std::get<1>(held_); }

 private:
  std::variant<T, Failure> held_;
};

struct Kind;

Failure bad_request(std::string message);
Failure unauthorized();
Failure not_found(const Kind& kind, std::string_view name);
Failure resource_not_found();
Failure already_exists(const Kind& kind, std::string_view name);
/// A write that lost against another: `why` follows the name.
Failure conflict(std::string_view qualified, std::string_view kind, std::string_view group,
                 std::string_view name, std::string_view why);
Failure update_conflict(const Kind& kind, std::string_view name, std::string_view why);
Failure modified_meanwhile(const Kind& kind, std::string_view name);
/// 422 about an object.
Failure invalid(const Kind& kind, std::string_view name, FieldErrors errors);
/// The same for an object that has no row of its own.
Failure invalid_of(std::string_view kind, std::string_view group, std::string_view name,
                   FieldErrors errors);
/// 422 about what belongs to no object yet: a patch.
Failure invalid_without_kind(FieldErrors errors);
/// 422 about the options of a request: "ListOptions", "PatchOptions", "DeleteOptions".
Failure invalid_options(std::string_view options, FieldErrors errors);
Failure method_not_allowed();
/// 406; `representations` as the path offers them.
Failure not_acceptable(std::string_view representations);
Failure forbidden(std::string message);
Failure internal_error(std::string message);
Failure unsupported_media_type(std::string message);
Failure version_too_large(std::uint64_t asked, std::uint64_t current);
Failure expired(std::string message);

/// The Status object of a failure.
nlohmann::json status_object(const Failure& failure);
std::string status_text(const Failure& failure);

}  // namespace fakeapi::cluster
