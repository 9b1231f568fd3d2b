// certificates.cpp: see certificates.hpp.

#include "real/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <unistd.h>

namespace wsengine::tests {

namespace {

template <class T, void (*Free)(T*)>
struct deleter {
  void operator()(T* what) const { Free(what); }
};

using key_ptr = std::unique_ptr<EVP_PKEY, deleter<EVP_PKEY, EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, deleter<X509, X509_free>>;
using bio_ptr = std::unique_ptr<BIO, deleter<BIO, BIO_free_all>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, deleter<X509_EXTENSION, X509_EXTENSION_free>>;

void require(bool condition) {
  if (!condition)
    throw std::runtime_error("cannot make a certificate");
}

void add_extension(X509* to, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, to, to, nullptr, nullptr, 0);
  extension_ptr extension{X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str())};
  require(extension && X509_add_ext(to, extension.get(), -1) == 1);
}

std::string text_of(BIO* from) {
  char* data = nullptr;
  auto size = BIO_get_mem_data(from, &data);
  return {data, static_cast<std::size_t>(size)};
}

} // namespace

namespace {

x509_ptr certificate_in(const std::string& pem) {
  bio_ptr from{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  x509_ptr result{PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr)};
  require(result != nullptr);
  return result;
}

key_ptr key_in(const std::string& pem) {
  bio_ptr from{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  key_ptr result{PEM_read_bio_PrivateKey(from.get(), nullptr, nullptr, nullptr)};
  require(result != nullptr);
  return result;
}

// Signed by itself without an issuer.
certificate make(const certificate* issuer, const std::string& names, int from_day, int to_day) {
  constexpr long day = 24L * 60 * 60;
  key_ptr key{EVP_EC_gen("P-256")};
  x509_ptr made{X509_new()};
  require(key && made);
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), issuer == nullptr ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), from_day * day);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), to_day * day);
  X509_set_pubkey(made.get(), key.get());
  auto* name = X509_get_subject_name(made.get());
  // Issuers are told apart by their names.
  auto text = issuer == nullptr ? "wsengine test " + names.substr(0, 40) : "wsengine test, signed";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
  auto issuing = issuer == nullptr ? nullptr : certificate_in(issuer->pem);
  X509_set_issuer_name(made.get(), issuing ? X509_get_subject_name(issuing.get()) : name);
  add_extension(made.get(), NID_subject_alt_name, names);
  add_extension(made.get(), NID_basic_constraints,
                issuer == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
  auto signing = issuer == nullptr ? nullptr : key_in(issuer->key);
  require(X509_sign(made.get(), signing ? signing.get() : key.get(), EVP_sha256()) > 0);
  bio_ptr pem{BIO_new(BIO_s_mem())};
  bio_ptr key_pem{BIO_new(BIO_s_mem())};
  require(PEM_write_bio_X509(pem.get(), made.get()) == 1);
  require(PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr)
          == 1);
  return {text_of(pem.get()), text_of(key_pem.get())};
}

} // namespace

certificate make_certificate(const std::string& names, int from_day, int to_day) {
  return make(nullptr, names, from_day, to_day);
}

certificate make_signed_certificate(const certificate& issuer, const std::string& names) {
  return make(&issuer, names, -1, 30);
}

std::string pin_of(const certificate& which) {
  auto parsed = certificate_in(which.pem);
  bio_ptr der{BIO_new(BIO_s_mem())};
  require(i2d_PUBKEY_bio(der.get(), X509_get0_pubkey(parsed.get())) == 1);
  auto bytes = text_of(der.get());
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  require(EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) == 1);
  unsigned char text[64];
  auto length = EVP_EncodeBlock(text, digest, static_cast<int>(size));
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)};
}

temporary_file::temporary_file(const std::string& content)
  : path_((std::filesystem::temp_directory_path() / "wsengine-XXXXXX").string()) {
  auto file = ::mkstemp(path_.data());
  require(file >= 0);
  require(::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
  ::close(file);
}

void temporary_file::replace(const std::string& content) {
  auto before = std::filesystem::last_write_time(path_);
  std::ofstream{path_} << content;
  std::filesystem::last_write_time(path_, before + std::chrono::seconds(1));
}

temporary_file::~temporary_file() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

temporary_ca_folder::temporary_ca_folder(const certificate& trusted)
  : path_((std::filesystem::temp_directory_path() / "wsengine-XXXXXX").string()) {
  auto certificate = certificate_in(trusted.pem);
  require(::mkdtemp(path_.data()) != nullptr);
  char name[16];
  std::snprintf(name, sizeof name, "%08lx.0", X509_subject_name_hash(certificate.get()));
  std::ofstream{std::filesystem::path{path_} / name} << trusted.pem;
}

temporary_ca_folder::~temporary_ca_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace wsengine::tests
