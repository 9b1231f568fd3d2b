// credentials.cpp: see credentials.hpp.

#include "cluster/credentials.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

namespace wsengine::internal {

namespace {

template <auto Free>
struct deleter {
  template <class T>
  void operator()(T* x) const {
    Free(x);
  }
};

using bio_ptr = std::unique_ptr<BIO, deleter<BIO_free>>;
using certificate_ptr = std::unique_ptr<X509, deleter<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, deleter<EVP_PKEY_free>>;

// Nobody is there to be asked for the password of a key.
int no_password(char*, int, int, void*) {
  return -1;
}

// Reads the first thing of a kind in a PEM file; null when there is none.
template <class Pointer, class Read>
Pointer read_first(const std::string& path, Read read) {
  bio_ptr file{BIO_new_file(path.c_str(), "r")};
  Pointer result{file ? read(file.get(), nullptr, no_password, nullptr) : nullptr};
  // What was wrong must not be taken for an error of who asks OpenSSL next on this thread.
  ERR_clear_error();
  return result;
}

bool is_file(const char* field, const std::string& path, std::vector<option_problem>& problems) {
  std::error_code ec;
  if (path.empty())
    problems.push_back({field, "is needed unless nodes speak plain"});
  else if (!std::filesystem::is_regular_file(path, ec))
    problems.push_back({field, "is no file: " + path});
  else
    return true;
  return false;
}

template <class Pointer, class Read>
Pointer check(const char* field, const std::string& path, const char* wanted, Read read,
              std::vector<option_problem>& problems) {
  if (!is_file(field, path, problems))
    return {};
  auto result = read_first<Pointer>(path, read);
  if (!result)
    problems.push_back({field, "has no " + std::string{wanted} + ": " + path});
  return result;
}

} // namespace

void check_credentials(const cluster::transport_options& options,
                       std::vector<option_problem>& problems) {
  auto certificate = check<certificate_ptr>("certificate_file", options.certificate_file,
                                            "certificate in PEM", PEM_read_bio_X509, problems);
  auto key = check<key_ptr>("key_file", options.key_file, "key in PEM that is not encrypted",
                            PEM_read_bio_PrivateKey, problems);
  check<certificate_ptr>("ca_file", options.ca_file, "certificate in PEM", PEM_read_bio_X509,
                         problems);
  if (certificate && key && X509_check_private_key(certificate.get(), key.get()) != 1) {
    problems.push_back({"key_file", "is not the key of the certificate: " + options.key_file});
    ERR_clear_error();
  }
}

} // namespace wsengine::internal
