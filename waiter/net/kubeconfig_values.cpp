#include "waiter/net/kubeconfig_values.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

namespace waiter::net {
namespace {

using nlohmann::json;

std::string decode_base64(std::string text, const char* key) {
  text.erase(std::remove_if(text.begin(), text.end(),
                            [](char c) { return c == '\n' || c == ' ' || c == '\r'; }),
             text.end());
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) throw Unusable{std::string("\"") + key + "\" is no base64"};
  const auto padding = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  bytes.resize(static_cast<std::size_t>(size) - std::min(padding, static_cast<std::size_t>(size)));
  return bytes;
}

}  // namespace

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return "";
  if (found->is_boolean()) return found->get<bool>() ? "true" : "false";
  if (!found->is_string()) throw Unusable{std::string("\"") + key + "\" is no text"};
  return found->get<std::string>();
}

std::string path_from(const std::string& folder, const std::string& path) {
  return path.empty() || path.front() == '/' ? path : folder + path;
}

Material material_of(const json& object, const std::string& key, const std::string& folder) {
  const std::string data_key = key + "-data";
  const std::string data = text_of(object, data_key.c_str());
  if (!data.empty()) return {decode_base64(data, data_key.c_str()), ""};
  return {"", path_from(folder, text_of(object, key.c_str()))};
}

std::string encode_base64(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

}  // namespace waiter::net
