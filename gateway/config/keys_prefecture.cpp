#include <algorithm>

#include "gateway/config/keys.hpp"

namespace demat::config {
namespace {

constexpr std::int64_t max_port = 65'535;
constexpr std::int64_t gigabyte = 1'000'000'000;

/// A list of whole numbers, or of their texts with commas between from the environment.
std::optional<std::vector<int>> as_codes(const Value& value, int low, int high) {
  std::vector<Value> items = value.items;
  if (value.from_environment) {
    for (auto& text : as_texts(value).value_or(std::vector<std::string>()))
      items.push_back(Value::of_environment(std::move(text)));
  } else if (value.kind != Value::Kind::list) {
    return std::nullopt;
  }
  std::vector<int> codes;
  for (const Value& item : items) {
    const auto code = as_integer(item);
    if (!code || *code < low || *code > high) return std::nullopt;
    codes.push_back(static_cast<int>(*code));
  }
  return codes;
}

Key<Prefecture> status_codes(std::string_view name, std::vector<int> Prefecture::*member) {
  return {name,
          [member](Prefecture& target, const Value& value, const KeyPlace& place, Context& context) {
            if (auto read = as_codes(value, 200, 299))
              target.*member = std::move(*read);
            else
              complain_type(context, place, "une liste de codes de 200 à 299, telle que [201]",
                            "a list of codes from 200 to 299, such as [201]");
          },
          [member](const Prefecture& section) {
            std::string out;
            for (const int code : section.*member)
              out += (out.empty() ? "" : ", ") + std::to_string(code);
            return "[" + out + "]";
          }};
}

}  // namespace

std::span<const Key<Prefecture>> prefecture_keys() {
  using P = Prefecture;
  static const std::vector<Key<P>> keys{
      text("post_url", &P::post_url),
      status_codes("success_codes", &P::success_codes),
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
