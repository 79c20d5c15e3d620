#include "protocols/trust/decoding.hpp"

#include <algorithm>
#include <array>

#include "protocols/trust/errors.hpp"
#include "protocols/trust/ocsp_reading.hpp"
#include "protocols/trust/x509.hpp"

namespace demat::trust {
namespace {

/// The blocks with one of these labels, decoded; `ok` false when one of them is broken.
struct Blocks {
  std::vector<Bytes> found;
  bool ok = true;
};

Blocks pem_blocks(std::string_view text, std::span<const std::string_view> labels) {
  constexpr std::string_view begin = "-----BEGIN ";
  constexpr std::string_view dashes = "-----";
  Blocks blocks;
  for (std::size_t at = text.find(begin); at != std::string_view::npos; at = text.find(begin, at)) {
    at += begin.size();
    const auto label_end = text.find(dashes, at);
    if (label_end == std::string_view::npos) return {{}, false};
    const auto label = text.substr(at, label_end - at);
    const std::string closing = "-----END " + std::string(label) + "-----";
    const auto body = label_end + dashes.size();
    const auto end = text.find(closing, body);
    if (end == std::string_view::npos) return {{}, false};
    at = end + closing.size();
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) continue;
    auto decoded = decode_base64(text.substr(body, end - body));
    if (!decoded.ok) return {{}, false};
    blocks.found.push_back(std::move(decoded.bytes));
  }
  return blocks;
}

template <class Parse>
Result<std::vector<Bytes>> read(std::string_view file, std::span<const std::string_view> labels, Parse parse,
                                const Error& unreadable) {
  const bool is_pem = file.find("-----BEGIN ") != std::string_view::npos;
  Blocks blocks;
  if (is_pem)
    blocks = pem_blocks(file, labels);
  else
    blocks.found.emplace_back(file.begin(), file.end());
  if (!blocks.ok || blocks.found.empty()) return failure(unreadable);
  for (const auto& der : blocks.found)
    if (!parse(der)) return failure(unreadable);
  return std::move(blocks.found);
}

}  // namespace

Result<std::vector<Bytes>> read_certificates(std::string_view file) {
  constexpr std::array<std::string_view, 2> labels{"CERTIFICATE", "X509 CERTIFICATE"};
  return read(
      file, labels, [](const Bytes& der) { return parse_certificate(der) != nullptr; },
      certificate_unreadable());
}

Result<std::vector<Bytes>> read_crls(std::string_view file) {
  constexpr std::array<std::string_view, 1> labels{"X509 CRL"};
  return read(
      file, labels, [](const Bytes& der) { return parse_crl(der) != nullptr; }, crl_unreadable());
}

Result<std::vector<Bytes>> read_ocsp_responses(std::string_view file) {
  constexpr std::array<std::string_view, 1> labels{"OCSP RESPONSE"};
  return read(
      file, labels, [](const Bytes& der) { return parse_ocsp(der) != nullptr; }, ocsp_unreadable());
}

}  // namespace demat::trust
