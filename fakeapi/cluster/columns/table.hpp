// The projections of meta.k8s.io: what an answer becomes when Accept asks for as=Table or
// as=PartialObjectMetadata (apiserver pkg/endpoints/handlers/response.go). Each takes whole
// objects, so it works for a get, a list, the answer to a write, and the object of a watch event
// alike.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "fakeapi/cluster/columns/printer.hpp"
#include "fakeapi/cluster/failure.hpp"

namespace fakeapi::cluster::columns {

/// Which object a row carries beside its cells.
enum class IncludeObject { metadata, none, object };

/// The query parameter includeObject, empty when it is missing: 400 for a value that is none.
Result<IncludeObject> read_include_object(std::string_view value);

struct TableOptions {
  std::string_view version = "v1";  // of meta.k8s.io: v1, or v1beta1 for clients of before 2019
  IncludeObject include = IncludeObject::metadata;
  bool headers = true;
};

/// metadata of a list.
struct ListMeta {
  std::string resource_version;
  std::string continue_token;
  std::optional<std::uint64_t> remaining_item_count;
};

using ObjectList = std::span<const nlohmann::json* const>;

nlohmann::json table_of_list(const Printer& printer, ObjectList objects, const ListMeta& meta,
                             const TableOptions& options, WallTime now);
/// One row; metadata.resourceVersion is that of the object. A bookmark is printed like any object,
/// and one that ends the initial events carries its metadata even with IncludeObject::none, as the
/// client must see the annotation.
nlohmann::json table_of(const Printer& printer, const nlohmann::json& object,
                        const TableOptions& options, WallTime now);

/// The tables of one watch: only the first one has column definitions, in the others they are null.
/// An ERROR event's Status is not for it: that is sent as it is.
class TableSequence {
 public:
  TableSequence(const Printer& printer, TableOptions options)
      : printer_(&printer), options_(options) {}

  nlohmann::json next(const nlohmann::json& object, WallTime now);

 private:
  const Printer* printer_;
  TableOptions options_;
};

nlohmann::json partial_metadata(const nlohmann::json& object, std::string_view version);
/// Without any object its items are null.
nlohmann::json partial_metadata_list(ObjectList objects, const ListMeta& meta,
                                     std::string_view version);

/// 406 for a client that asks for PartialObjectMetadata of a list or for a
/// PartialObjectMetadataList of one object. `kind` is what the answer would hold: "Endpoints".
Failure no_partial_metadata_of_list(std::string_view group, std::string_view kind);
Failure no_partial_metadata_list_of_object(std::string_view group, std::string_view kind);

}  // namespace fakeapi::cluster::columns
