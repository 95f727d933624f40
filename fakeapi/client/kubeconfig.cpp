// Kubeconfig files (kubernetes.io/docs/reference/config-api/kubeconfig.v1).
#include <algorithm>
#include <array>
#include <string_view>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "fakeapi/client/access.hpp"
#include "fakeapi/client/read_file.hpp"
#include "fakeapi/cluster/api/yaml.hpp"
#include "fakeapi/cluster/base64.hpp"

namespace fakeapi::client {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 10> cluster_keys = {"server",
                                                           "certificate-authority",
                                                           "certificate-authority-data",
                                                           "insecure-skip-tls-verify",
                                                           "tls-server-name",
                                                           "disable-compression",
                                                           "extensions",
                                                           "api-version",
                                                           "name",
                                                           "proxy-url"};
constexpr std::array<std::string_view, 11> user_keys = {"token",
                                                        "tokenFile",
                                                        "client-certificate",
                                                        "client-certificate-data",
                                                        "client-key",
                                                        "client-key-data",
                                                        "username",
                                                        "password",
                                                        "exec",
                                                        "extensions",
                                                        "name"};

struct Wrong {
  std::string message;
};

struct File {
  std::string folder;  // with a slash at its end, or ""
  json content;
};

struct Entry {
  json value;
  std::string folder;
};

// A token of digits is a number to YAML, and no number in the file.
std::string text(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return "";
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number() || found->is_boolean()) {
    throw Wrong{std::string("\"") + key + "\" is no text; put it in quotes"};
  }
  throw Wrong{std::string("\"") + key + "\" is no text"};
}

bool flag(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return false;
  if (!found->is_boolean()) throw Wrong{std::string("\"") + key + "\" is neither true nor false"};
  return found->get<bool>();
}

template <class Keys>
void refuse_unknown(const json& object, const Keys& known, const char* what) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw Wrong{"\"" + key + "\" of the " + what + " is not supported"};
  }
}

std::string path_in(const std::string& folder, const std::string& path) {
  return path.empty() || path.front() == '/' ? path : folder + path;
}

Material material(const Entry& entry, const std::string& key) {
  const std::string data_key = key + "-data";
  std::string data = text(entry.value, data_key.c_str());
  if (data.empty()) return {"", path_in(entry.folder, text(entry.value, key.c_str()))};
  std::erase_if(data, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
  auto bytes = cluster::base64_decode(data);
  if (!bytes) throw Wrong{"\"" + data_key + "\" is no base64"};
  return {std::move(*bytes), ""};
}

Entry named(const std::vector<File>& files, const char* list, const char* key,
            const std::string& name) {
  for (const File& file : files) {
    const auto found = file.content.find(list);
    if (found == file.content.end() || !found->is_array()) continue;
    for (const json& one : *found) {
      if (!one.is_object() || text(one, "name") != name) continue;
      const json value = one.value(key, json::object());
      return {value.is_object() ? value : json::object(), file.folder};
    }
  }
  throw Wrong{std::string("it has no ") + key + " \"" + name + "\""};
}

std::string current_context(const std::vector<File>& files) {
  for (const File& file : files) {
    std::string name = text(file.content, "current-context");
    if (!name.empty()) return name;
  }
  throw Wrong{"it has no current-context; name one with --context"};
}

std::string known_contexts(const std::vector<File>& files) {
  constexpr std::size_t names_max = 20;  // a message has one line
  std::size_t count = 0;
  std::string names;
  for (const File& file : files) {
    for (const json& one : file.content.value("contexts", json::array())) {
      if (!one.is_object() || ++count > names_max) continue;
      names += (names.empty() ? "" : ", ") + text(one, "name");
    }
  }
  return names.empty() ? "none" : names + (count > names_max ? " and more" : "");
}

json context_of(const std::vector<File>& files, const std::string& name) {
  try {
    return named(files, "contexts", "context", name).value;
  } catch (const Wrong& wrong) {
    throw Wrong{wrong.message + "; its contexts are: " + known_contexts(files)};
  }
}

void take_cluster(const Entry& entry, Access& access) {
  refuse_unknown(entry.value, cluster_keys, "cluster");
  const std::string server = text(entry.value, "server");
  if (!take_url(server, access))
    throw Wrong{"the server \"" + server + "\" is not of the form https://HOST[:PORT]"};
  if (!text(entry.value, "proxy-url").empty()) throw Wrong{"\"proxy-url\" is not supported"};
  access.server_name = text(entry.value, "tls-server-name");
  access.ca = material(entry, "certificate-authority");
  access.verify = !flag(entry.value, "insecure-skip-tls-verify");
}

std::string told_cluster(const json& cluster, const Access& access) {
  json told = {{"server", text(cluster, "server")}};
  if (!access.server_name.empty()) told["tls-server-name"] = access.server_name;
  if (!access.verify) told["insecure-skip-tls-verify"] = true;
  if (access.ca.present()) {
    const auto ca = read(access.ca);
    if (const auto* problem = std::get_if<Problem>(&ca)) throw Wrong{problem->message};
    told["certificate-authority-data"] = cluster::base64_encode(std::get<std::string>(ca));
  }
  for (const json& one : cluster.value("extensions", json::array())) {
    if (one.is_object() && one.value("name", json()) == "client.authentication.k8s.io/exec" &&
        one.contains("extension"))
      told["config"] = one["extension"];
  }
  return told.dump(-1, ' ', false, json::error_handler_t::replace);
}

Plugin plugin_of(const Entry& user, const json& cluster, const Access& access) {
  const json& exec = user.value["exec"];
  if (!exec.is_object()) throw Wrong{"\"exec\" is no object"};
  Plugin plugin;
  plugin.command = text(exec, "command");
  if (plugin.command.empty()) throw Wrong{"\"exec\" names no command"};
  if (plugin.command.find('/') != std::string::npos)
    plugin.command = path_in(user.folder.empty() ? "./" : user.folder, plugin.command);
  plugin.api_version = text(exec, "apiVersion");
  if (plugin.api_version != "client.authentication.k8s.io/v1" &&
      plugin.api_version != "client.authentication.k8s.io/v1beta1") {
    throw Wrong{"the apiVersion \"" + plugin.api_version +
                "\" of \"exec\" is not supported: client.authentication.k8s.io/v1 and v1beta1 are"};
  }
  if (text(exec, "interactiveMode") == "Always")
    throw Wrong{
        "the credential plugin asks people (interactiveMode: Always), but nobody can "
        "answer here"};
  const auto list = [&](const char* key) -> json {
    const auto found = exec.find(key);
    return found != exec.end() && found->is_array() ? *found : json::array();
  };
  for (const json& one : list("args")) {
    if (!one.is_string()) throw Wrong{"\"args\" of the credential plugin holds what is no text"};
    plugin.arguments.push_back(one.get<std::string>());
  }
  for (const json& one : list("env")) {
    if (!one.is_object()) throw Wrong{"\"env\" of the credential plugin holds what is no object"};
    plugin.environment.emplace_back(text(one, "name"), text(one, "value"));
  }
  plugin.install_hint = text(exec, "installHint");
  if (flag(exec, "provideClusterInfo")) plugin.cluster_json = told_cluster(cluster, access);
  return plugin;
}

void take_user(const Entry& user, const json& cluster, Access& access) {
  refuse_unknown(user.value, user_keys, "user");
  access.token.file = path_in(user.folder, text(user.value, "tokenFile"));
  if (access.token.file.empty()) access.token.text = text(user.value, "token");
  access.certificate = material(user, "client-certificate");
  access.key = material(user, "client-key");
  if (access.certificate.present() != access.key.present())
    throw Wrong{"only one of \"client-certificate\" and \"client-key\" is given"};
  const std::string name = text(user.value, "username");
  const std::string password = text(user.value, "password");
  if (!name.empty() || !password.empty()) {
    if (access.token.present()) throw Wrong{"the user has both a token and a username; keep one"};
    access.basic = name + ":" + password;
  }
  // As client-go: what is given itself is used, and the plugin is not asked.
  const bool exec = user.value.contains("exec") && !user.value["exec"].is_null();
  if (exec && !access.token.present() && access.basic.empty())
    access.plugin = plugin_of(user, cluster, access);
}

Access access_of(const std::vector<File>& files, const std::string& name) {
  const json context = context_of(files, name);
  const Entry cluster = named(files, "clusters", "cluster", text(context, "cluster"));
  Access access;
  take_cluster(cluster, access);
  const std::string user = text(context, "user");
  if (!user.empty()) take_user(named(files, "users", "user", user), cluster.value, access);
  const std::string namespace_name = text(context, "namespace");
  if (!namespace_name.empty()) access.namespace_name = namespace_name;
  return access;
}

Or<File> read_kubeconfig(const std::string& path) {
  auto text_of_file = read_small_file(path);
  if (auto* problem = std::get_if<Problem>(&text_of_file))
    return Problem{"kubeconfig: " + problem->message};
  auto content = cluster::parse_yaml(std::get<std::string>(text_of_file));
  if (!content) return Problem{"kubeconfig " + path + " is not YAML"};
  if (!content->is_object()) return Problem{"kubeconfig " + path + " is no kubeconfig"};
  return File{path.substr(0, path.rfind('/') + 1), std::move(*content)};  // npos + 1 is 0
}

}  // namespace

Or<Access> kubeconfig_access(const std::vector<std::string>& paths, const std::string& context) {
  std::vector<File> files;
  std::string names;
  for (const std::string& path : paths) {
    // Of several, those that are not there are left out, as kubectl does; one alone is meant.
    if (paths.size() > 1 && ::access(path.c_str(), F_OK) != 0) continue;
    auto file = read_kubeconfig(path);
    if (auto* problem = std::get_if<Problem>(&file)) return std::move(*problem);
    files.push_back(std::get<File>(std::move(file)));
    names += (names.empty() ? "" : ":") + path;
  }
  if (files.empty()) return Problem{"none of the kubeconfig files that KUBECONFIG names is there"};
  try {
    const std::string name = context.empty() ? current_context(files) : context;
    Access access = access_of(files, name);
    access.origin = "context " + name + " of kubeconfig " + names;
    return access;
  } catch (const Wrong& wrong) {
    return Problem{"kubeconfig " + names + ": " + wrong.message};
  } catch (const json::exception&) {
    return Problem{"kubeconfig " + names + ": a list or an object is missing where one must be"};
  }
}

}  // namespace fakeapi::client
