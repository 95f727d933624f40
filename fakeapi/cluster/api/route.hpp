// What a request asks for, before anybody looks at whether it exists: the attributes that
// authorisation decides on (kube-apiserver: endpoints/request/requestinfo.go).
#pragma once

#include <string>

#include "fakeapi/cluster/api/uri.hpp"
#include "fakeapi/cluster/kinds.hpp"

namespace fakeapi::cluster {

struct Attributes {
  bool is_resource = false;
  std::string
      verb;  // "get", "list", "watch", "create", ...; for other paths the method in lower case
  std::string path;
  std::string group, version;
  std::string resource, subresource;
  std::string namespace_name, name;
  bool legacy_watch = false;  // /api/v1/watch/...
  bool item = false;          // the path itself names one object
};

Attributes attributes_of(const std::string& method, const Uri& uri);

}  // namespace fakeapi::cluster
