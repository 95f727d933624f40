#include "fakeapi/run/access_files.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include "fakeapi/run/files.hpp"
#include "fakeapi/run/projected_volume.hpp"

namespace fakeapi::run {
namespace {

constexpr int private_mode = 0600;  // tokens are secrets, also those of a fake
constexpr int public_mode = 0644;

/// Everything that was made so far, undone unless keep() is called.
class Written {
 public:
  ~Written() {
    for (auto path = paths_.rbegin(); path != paths_.rend(); ++path) ::remove(path->c_str());
  }
  void add(const std::string& path) { paths_.push_back(path); }
  void keep() { paths_.clear(); }

 private:
  std::vector<std::string> paths_;
};

std::string because(const std::string& what, const std::string& path) {
  return "cannot " + what + " " + path + ": " + std::strerror(errno);
}

std::optional<std::string> make_folder(const std::string& folder, Written& written) {
  if (::mkdir(folder.c_str(), 0755) == 0) {
    written.add(folder);
    return std::nullopt;
  }
  if (errno == EEXIST && std::filesystem::is_directory(folder)) return std::nullopt;
  return because("make the folder", folder);
}

std::optional<std::string> write(const std::string& path, const std::string& text, int mode,
                                 Written& written) {
  const bool existed = ::access(path.c_str(), F_OK) == 0;
  if (const auto error = write_file(path, text, mode)) return error->message;
  if (!existed) written.add(path);
  return std::nullopt;
}

std::string base64(const std::string& text) {
  std::string encoded((text.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return encoded;
}

/// The CA stands in the file itself, so that the file can be copied elsewhere. The service
/// account's token does not: clients read it again when it has been renewed.
std::string kubeconfig(const std::string& folder, const AccessFiles& files) {
  const std::string account = std::filesystem::absolute(folder).string() + "/serviceaccount";
  const std::string space = "    namespace: " + files.namespace_name + "\n";
  return std::string("apiVersion: v1\nkind: Config\ncurrent-context: ") +
         (files.account_is_current ? "serviceaccount" : "fakeapi") +
         "\nclusters:\n- name: fakeapi\n  cluster:\n    server: " + files.url +
         "\n    certificate-authority-data: " + base64(files.ca_pem) +
         "\n- name: serviceaccount\n  cluster:\n    server: " + files.url +
         "\n    certificate-authority: " + account + "/ca.crt" +
         "\nusers:\n- name: admin\n  user:\n    token: " + files.admin_token +
         "\n- name: serviceaccount\n  user:\n    tokenFile: " + account + "/token" +
         "\ncontexts:\n- name: fakeapi\n  context:\n    cluster: fakeapi\n    user: admin\n" +
         space +
         "- name: serviceaccount\n  context:\n    cluster: serviceaccount\n"
         "    user: serviceaccount\n" +
         space;
}

struct PlainFile {
  std::string path;
  std::string text;
  int mode;
};

std::vector<PlainFile> plain_files(const std::string& folder, const AccessFiles& files) {
  const nlohmann::json tokens = {{"admin", files.admin_token},
                                 {"nobody", files.nobody_token},
                                 {"serviceaccount", files.serviceaccount_token}};
  return {{folder + "/ca.crt", files.ca_pem, public_mode},
          {folder + "/kubeconfig", kubeconfig(folder, files), private_mode},
          {folder + "/tokens.json", tokens.dump(1) + "\n", private_mode}};
}

std::optional<std::string> write_account(const std::string& folder, const AccessFiles& files) {
  return write_projected(folder + "/serviceaccount",
                         {{"ca.crt", files.ca_pem, public_mode},
                          {"token", files.serviceaccount_token, private_mode},
                          {"namespace", files.namespace_name, public_mode}});
}

}  // namespace

std::variant<server::UniqueFd, std::string> write_access_files(const std::string& folder,
                                                               const AccessFiles& files) {
  const std::string account = folder + "/serviceaccount";
  Written written;
  if (auto error = make_folder(folder, written)) return *error;
  server::UniqueFd lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock.valid()) return because("use the folder", folder);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return "the folder " + folder + " is in use by another fakeapi; give each its own --dir";
  }
  if (auto error = make_folder(account, written)) return *error;
  for (const PlainFile& file : plain_files(folder, files)) {
    if (auto error = write(file.path, file.text, file.mode, written)) return *error;
  }
  if (auto error = write_account(folder, files)) return *error;
  written.keep();
  return lock;
}

std::optional<std::string> update_access_files(const std::string& folder,
                                               const AccessFiles& files) {
  for (const PlainFile& file : plain_files(folder, files)) {
    if (auto error = write_file(file.path, file.text, file.mode)) return error->message;
  }
  return write_account(folder, files);
}

}  // namespace fakeapi::run
