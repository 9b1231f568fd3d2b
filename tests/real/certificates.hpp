// certificates.hpp: certificates that are made when a test runs.

#pragma once

#include <string>

namespace wsengine::tests {

/// A certificate and its key, as PEM text.
struct certificate {
  std::string pem;
  std::string key;
};

/// Makes a self-signed certificate for names such as "DNS:localhost,IP:127.0.0.1". It is valid from
/// and for so many days, counted from now.
certificate make_certificate(const std::string& names, int from_day = -1, int to_day = 30);

/// Makes a certificate for those names that `issuer` has signed.
certificate make_signed_certificate(const certificate& issuer, const std::string& names);

/// The pin of a certificate's key: SHA-256 of its SubjectPublicKeyInfo in base64.
std::string pin_of(const certificate& which);

/// A file that is gone with the object.
class temporary_file {
public:
  explicit temporary_file(const std::string& content);

  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  ~temporary_file();

  /// Puts something else into it, with a newer time of modification.
  void replace(const std::string& content);

  [[nodiscard]] const std::string& path() const { return path_; }

private:
  std::string path_;
};

/// A folder of trusted certificates in OpenSSL's hashed layout, with one certificate in it. It is
/// gone with the object.
class temporary_ca_folder {
public:
  explicit temporary_ca_folder(const certificate& trusted);

  temporary_ca_folder(const temporary_ca_folder&) = delete;
  temporary_ca_folder& operator=(const temporary_ca_folder&) = delete;

  ~temporary_ca_folder();

  [[nodiscard]] const std::string& path() const { return path_; }

private:
  std::string path_;
};

} // namespace wsengine::tests
