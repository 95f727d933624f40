// The table of kinds holds a hash for each row, and the pure part that serves it has no SHA-256.
// Here the hashes are computed: the first eight bytes of SHA-256("GROUP/VERSION/KIND") of what is
// stored, in base64 (apiserver pkg/endpoints/discovery/storageversionhash.go).
#include <string>

#include <gtest/gtest.h>
#include <openssl/sha.h>

#include "fakeapi/cluster/base64.hpp"
#include "fakeapi/cluster/kinds.hpp"

namespace fakeapi::cluster {
namespace {

std::string hash_of(const std::string& stored) {
  constexpr std::size_t hash_bytes = 8;
  std::string bytes(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(stored.data()), stored.size(),
         reinterpret_cast<unsigned char*>(bytes.data()));
  return base64_encode(std::string_view(bytes).substr(0, hash_bytes));
}

// Kinds that are stored as something else than they are served as.
std::string stored_as(const Kind& kind) {
  // apiextensions-apiserver pkg/cmd/server/options/options.go: the codec of its storage.
  if (kind.kind == "CustomResourceDefinition") return kind.group + "/v1beta1/" + kind.kind;
  // kubernetes pkg/kubeapiserver/default_storage_factory_builder.go: both Events are one.
  if (kind.group == "events.k8s.io") return "/v1/" + kind.kind;
  return kind.group + "/" + kind.version + "/" + kind.kind;
}

TEST(StorageVersionHash, IsThatOfTheStoredKind) {
  std::size_t stored = 0;
  const Kinds kinds;
  for (const Kind& kind : kinds.all()) {
    if (kind.storage_version_hash.empty()) continue;
    ++stored;
    EXPECT_EQ(kind.storage_version_hash, hash_of(stored_as(kind))) << kind.qualified_kind();
  }
  EXPECT_GT(stored, 0U);
}

// What can be listed and written is stored; reviews and ComponentStatuses are only answered.
TEST(StorageVersionHash, IsThereForWhatIsStored) {
  const Kinds kinds;
  for (const Kind& kind : kinds.all()) {
    const bool stored = kind.allows("list") && kind.allows("create");
    EXPECT_EQ(!kind.storage_version_hash.empty(), stored) << kind.qualified_kind();
  }
}

}  // namespace
}  // namespace fakeapi::cluster
