// Patches of all four kinds against one object each. The first line of the input says which:
// resource, form, and what else ("pods apply status force"); the rest is the body.
#include <memory>

#include "fuzz/kind.hpp"
#include "fuzz/small_cluster.hpp"

namespace {

using namespace fakeapi::cluster;
using fuzz::Client;
using nlohmann::json;

struct Patch {
  std::string path;
  std::string query;
  std::string content_type;
  std::string body;
  bool applies = false;
};

bool has_word(std::string_view line, std::string_view word) {
  return line.find(word) != std::string_view::npos;
}

Patch read_patch(std::string_view input) {
  const std::string_view line = fuzz::take_line(input);
  const fuzz::Sample* sample = &fuzz::samples().front();
  for (const fuzz::Sample& one : fuzz::samples()) {
    const std::string plural = one.collection.substr(one.collection.rfind('/') + 1);
    if (line.starts_with(plural + " ")) sample = &one;
  }
  Patch out;
  out.path =
      sample->collection + "/" + json::parse(sample->object)["metadata"]["name"].get<std::string>();
  if (has_word(line, "status")) out.path += "/status";
  if (has_word(line, "scale")) out.path += "/scale";
  out.query = "?fieldManager=f";
  if (has_word(line, "Strict")) out.query += "&fieldValidation=Strict";
  out.content_type = has_word(line, " json")        ? "application/json-patch+json"
                     : has_word(line, " merge")     ? "application/merge-patch+json"
                     : has_word(line, " strategic") ? "application/strategic-merge-patch+json"
                                                    : "application/apply-patch+yaml";
  out.applies = out.content_type == "application/apply-patch+yaml";
  if (out.applies && has_word(line, " force")) out.query += "&force=true";
  out.body = input;
  return out;
}

Response send(Client& client, const Patch& patch, std::string_view more) {
  return client.cluster.operate(client.now, "PATCH", patch.path + patch.query + std::string(more),
                                patch.content_type, patch.body);
}

// 500: what does not fit the type in an apply, and a list's element without its key, as the real
// server answers (fields/managed_fields.hpp, api/strategic.cpp).
bool known(int status) {
  for (const int one : {200, 201, 400, 403, 404, 405, 409, 413, 415, 422, 500}) {
    if (status == one) return true;
  }
  return false;
}

std::unique_ptr<Client> new_client() {
  auto client = std::make_unique<Client>(fuzz::small_options());
  fuzz::fill(*client);
  return client;
}

// An apply that is repeated finds everything as it wants it.
void check_apply_is_idempotent(Client& client, const Patch& patch) {
  const Response first = send(client, patch, {});
  if (first.status != 200) return;
  const std::uint64_t version = client.cluster.version();
  const Response second = send(client, patch, {});
  fuzz::check(second.status == 200, "an apply can be repeated", *first.body + *second.body);
  fuzz::check(client.cluster.version() == version, "an apply that is repeated writes nothing",
              *first.body + *second.body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::unique_ptr<Client> client = new_client();
  static const std::uint64_t pristine = client->cluster.version();
  const Patch patch = read_patch(fuzz::text_of(data, size));
  // A dry run leaves the cluster as it is, for the next input.
  const Response response = send(*client, patch, "&dryRun=All");
  fuzz::check(client->cluster.version() == pristine, "a dry run writes nothing");
  fuzz::check(known(response.status), "the status is known", std::to_string(response.status));
  fuzz::check(response.body && json::accept(*response.body), "the answer is JSON");
  if (response.status != 200) return 0;
  const json object = json::parse(*response.body);
  fuzz::check(object.is_object() && object["metadata"].is_object() &&
                  object["metadata"]["name"].is_string() && object["metadata"]["uid"].is_string(),
              "a patched object has a name and a uid", *response.body);
  if (!patch.applies) return 0;
  check_apply_is_idempotent(*client, patch);
  if (client->cluster.version() != pristine) client = new_client();
  return 0;
}
