// One object and those who write it, for tests of who owns what.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "fakeapi/cluster/fields/managed_fields.hpp"
#include "fakeapi/cluster/fields/test_types.hpp"

namespace fakeapi::cluster::fields::testing {

using nlohmann::json;

/// Each write comes a second after the last.
class Writers : public ::testing::Test {
 protected:
  Manager manager(const std::string& name) {
    return {name, subresource_, &reset_,
            "2026-01-01T00:00:" + std::to_string(10 + ++writes_) + "Z"};
  }
  const json* live() const { return live_.is_null() ? nullptr : &live_; }

  void store(json object) {
    live_ = std::move(object);
    live_["metadata"]["uid"] = "u";
  }
  void write(const std::string& name, json object) {
    store(update_managers({live(), std::move(object), types_.type, manager(name)}));
  }
  // What a client does that read the object before.
  void change(const std::string& name, const json& spec) {
    json object = live_;
    object["spec"].merge_patch(spec);
    write(name, std::move(object));
  }
  Result<Applied> try_apply(const std::string& name, const json& config, bool force = false) {
    return apply({live(), &config, types_.type, "apps/v1", "Workload", manager(name), force});
  }
  void apply_spec(const std::string& name, const json& spec, bool force = false) {
    auto result = try_apply(name, workload(spec), force);
    ASSERT_TRUE(result) << result.failure().message;
    store(result->object);
  }

  // {"web Update": {fieldsV1 of the spec}}
  json owners() const {
    json out = json::object();
    for (const json& entry : entries()) {
      const std::string key =
          entry["manager"].get<std::string>() + " " + entry["operation"].get<std::string>() +
          (entry.contains("subresource") ? "/" + entry["subresource"].get<std::string>() : "");
      out[key] = entry["fieldsV1"].value("f:spec", entry["fieldsV1"]);
    }
    return out;
  }
  json entries() const { return live_["metadata"].value("managedFields", json::array()); }
  json time_of(std::size_t entry) const { return entries()[entry].value("time", json()); }

  Workload types_;
  FieldSet reset_ = set_of_fields({{"status"}});
  std::string subresource_;
  json live_;
  int writes_ = 0;
};

inline const json leaf = json::object();

}  // namespace fakeapi::cluster::fields::testing
