#include "fakeapi/run/access_files.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

namespace fakeapi::run {
namespace {

constexpr mode_t private_mode = 0600;  // tokens are secrets, also those of a fake
constexpr mode_t public_mode = 0644;

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

std::optional<std::string> write_all(int file, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const auto got = ::write(file, text.data() + done, text.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::strerror(errno);
    done += static_cast<std::size_t>(got);
  }
  return std::nullopt;
}

std::optional<std::string> write_file(const std::string& path, const std::string& text, mode_t mode,
                                      Written& written) {
  const bool existed = ::access(path.c_str(), F_OK) == 0;
  const std::string temporary = path + ".new";
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (file < 0) return because("write", path);
  const auto failed = write_all(file, text);
  const bool closed = ::close(file) == 0;
  if (failed || !closed || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const std::string why =
        failed ? "cannot write " + path + ": " + *failed : because("write", path);
    ::unlink(temporary.c_str());
    return why;
  }
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

/// The CA stands in the file itself, so that the file can be copied elsewhere.
std::string kubeconfig(const AccessFiles& files) {
  return "apiVersion: v1\nkind: Config\ncurrent-context: fakeapi\n"
         "clusters:\n- name: fakeapi\n  cluster:\n    server: " +
         files.url + "\n    certificate-authority-data: " + base64(files.ca_pem) +
         "\nusers:\n- name: admin\n  user:\n    token: " + files.admin_token +
         "\ncontexts:\n- name: fakeapi\n  context:\n    cluster: fakeapi\n    user: admin\n    "
         "namespace: " +
         files.namespace_name + "\n";
}

}  // namespace

std::optional<std::string> write_access_files(const std::string& folder, const AccessFiles& files) {
  const std::string account = folder + "/serviceaccount";
  const nlohmann::json tokens = {{"admin", files.admin_token},
                                 {"nobody", files.nobody_token},
                                 {"serviceaccount", files.serviceaccount_token}};
  Written written;
  if (auto error = make_folder(folder, written)) return error;
  if (auto error = make_folder(account, written)) return error;
  const struct {
    std::string path;
    std::string text;
    mode_t mode;
  } wanted[] = {
      {folder + "/ca.crt", files.ca_pem, public_mode},
      {folder + "/kubeconfig", kubeconfig(files), private_mode},
      {folder + "/tokens.json", tokens.dump(1) + "\n", private_mode},
      {account + "/ca.crt", files.ca_pem, public_mode},
      {account + "/token", files.serviceaccount_token, private_mode},
      {account + "/namespace", files.namespace_name, public_mode},
  };
  for (const auto& file : wanted) {
    if (auto error = write_file(file.path, file.text, file.mode, written)) return error;
  }
  written.keep();
  return std::nullopt;
}

}  // namespace fakeapi::run
