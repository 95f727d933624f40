// Which representation a client wants and which one it sent (apiserver
// endpoints/handlers/negotiation).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fakeapi/cluster/message.hpp"

namespace fakeapi::cluster {

/// What an answer is written as.
struct Representation {
  enum class Form { json, yaml, table, partial_metadata, partial_metadata_list, aggregated };
  Form form = Form::json;
  std::string version = "v1";  // of meta.k8s.io, for tables and partial metadata
  bool yaml = false;           // a projection written as YAML
  bool pretty = false;         // for people's eyes
};

/// What an endpoint can answer with.
enum class Answers {
  objects,   // objects and lists, and their projections
  stream,    // a watch: JSON only, projections included
  plain,     // documents of one form: JSON or YAML
  discovery  // the same, and the aggregated form
};

/// The first clause of Accept that can be answered; nothing means 406.
std::optional<Representation> negotiate(const Headers& headers, std::string_view query_pretty,
                                        Answers answers);

/// A media type without its parameters, in lower case.
std::string media_type(std::string_view content_type);

/// A client that takes gzip (Accept-Encoding).
bool takes_gzip(const Headers& headers);

}  // namespace fakeapi::cluster
