#include <algorithm>

#include "gateway/config/keys.hpp"

namespace demat::config {
namespace {

constexpr std::int64_t max_port = 65'535;
constexpr std::int64_t gigabyte = 1'000'000'000;

}  // namespace

std::span<const Key<Prefecture>> prefecture_keys() {
  using P = Prefecture;
  static const std::vector<Key<P>> keys{
      text("post_url", &P::post_url),
      wholes("success_codes", &P::success_codes, 200, 299),
      choice("part_style", &P::part_style,
             {{"single", PartStyle::single}, {"three_parts", PartStyle::three_parts}}),
      path("certificate", &P::certificate),
      texts("pins", &P::pins),
      flag("verify_hostname", &P::verify_hostname),
      flag("server_error_means_not_delivered", &P::server_error_means_not_delivered),
      text("user_agent", &P::user_agent),
      text("mail_host", &P::mail_host),
      whole("mail_port", &P::mail_port, 1, max_port),
      text("mail_user", &P::mail_user),
      secret_inline("mail_password", &P::mail_password),
      secret_file("mail_password_file", &P::mail_password),
      path("mail_ca", &P::mail_ca),
      text("mail_folder", &P::mail_folder),
      text("trigramme", &P::trigramme),
      choice("quadrigramme", &P::quadrigramme,
             {{"TACT", std::string("TACT")}, {"EACT", std::string("EACT")}}),
      texts("return_addresses", &P::return_addresses),
      size("max_archive", &P::max_archive, 1'000, 4 * gigabyte),
  };
  return keys;
}

}  // namespace demat::config
