// The recorded OpenAPI documents: as they are, for those who ask the API for them, and as types. A
// document is read when a kind of it is first needed, once for the whole program: reading the core
// group takes a few milliseconds, which a server that only answers reads need not spend.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/schema/read.hpp"

namespace fakeapi::cluster::schema {

struct Document {
  std::string path;       // below /openapi/v3: "api/v1", "apis/apps/v1"
  std::string_view gzip;  // compressed JSON
};

const std::vector<Document>& documents();

/// The types of a group and version, "" being the core group; nullptr when there is no document.
const Types* types_of(std::string_view group, std::string_view version);

/// The type of ObjectMeta, for custom resources.
const Type& object_meta();

/// Message name -> field number -> name and type (golden/protobuf/fields.json).
const nlohmann::json& protobuf_fields();

}  // namespace fakeapi::cluster::schema
