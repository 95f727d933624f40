// OpenAPI v2: all of the API in one document, as JSON or as protobuf. kubectl up to 1.28 asks for
// it before it applies or creates anything, newer ones for manifests of kind List.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fakeapi/cluster/api/uri.hpp"
#include "fakeapi/cluster/kinds.hpp"
#include "fakeapi/cluster/message.hpp"

namespace fakeapi::cluster::openapi {

bool is_v2_path(const Uri& uri);

/// The document is made when it is first asked for, and again when it is asked for after a
/// CustomResourceDefinition changed.
class V2 {
 public:
  Response answer(const Kinds& kinds, const Request& request);

 private:
  /// One form, plain and compressed; each made on first use.
  struct Form {
    Bytes plain;
    Bytes gzip;
  };
  void refresh(const Kinds& kinds);
  const Bytes& bytes_of(bool protobuf, bool gzip);

  // The definitions that the document was made of. Kept, so that no other can have the same
  // address.
  std::vector<std::shared_ptr<CustomKind>> made_of_;
  Form json_, protobuf_;
  std::string etag_;
};

}  // namespace fakeapi::cluster::openapi
