#include "protocols/trust/path.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>

namespace demat::trust {
namespace {

constexpr int security_level = 2;  ///< 112 bits: RSA 2048, no SHA-1 (signature RV4)

bool is_date(int error) {
  return error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID;
}

bool is_weakness(int error) {
  return error == X509_V_ERR_EE_KEY_TOO_SMALL || error == X509_V_ERR_CA_KEY_TOO_SMALL ||
         error == X509_V_ERR_CA_MD_TOO_WEAK;
}

/// The chain stops short of our anchors.
bool is_unknown(int error) {
  constexpr std::array errors{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
                              X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
                              X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                              X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE};
  return std::find(errors.begin(), errors.end(), error) != errors.end();
}

/// Sorts what OpenSSL reports, and lets it go on so that all of it is known.
int collect(int ok, X509_STORE_CTX* context) {
  if (ok == 1) return 1;
  auto& path = *static_cast<Path*>(X509_STORE_CTX_get_app_data(context));
  const int error = X509_STORE_CTX_get_error(context);
  const X509* const current = X509_STORE_CTX_get_current_cert(context);
  Flaw flaw{error, current != nullptr ? display_name(current) : std::string(),
            X509_verify_cert_error_string(error)};
  if (is_unknown(error))
    path.unknown = true;
  else if (is_weakness(error))
    path.weak.push_back(std::move(flaw));
  else if (!is_date(error))
    path.flaws.push_back(std::move(flaw));
  if (path.unknown) return 0;
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return path.flaws.empty() ? 1 : 0;
}

void set_rules(X509_VERIFY_PARAM* parameters, const Rules& rules, Instant when) {
  unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST;
  if (rules.strict_x509) flags |= X509_V_FLAG_X509_STRICT;
  X509_VERIFY_PARAM_set_flags(parameters, flags);
  X509_VERIFY_PARAM_set_time(parameters, when.time_since_epoch().count());
  X509_VERIFY_PARAM_set_depth(parameters, rules.max_depth);
  X509_VERIFY_PARAM_set_auth_level(parameters, security_level);
}

}  // namespace

Path find_path(const TrustProfile::Material& profile, X509* leaf, const std::vector<X509Ptr>& offered,
               Instant when) {
  Path path;
  const StackPtr helpers(sk_X509_new_null());
  for (const auto* several : {&profile.helpers, &offered})
    for (const auto& one : *several)
      sk_X509_push(helpers.get(), one.get());
  const StoreContextPtr context(X509_STORE_CTX_new());
  if (!context || X509_STORE_CTX_init(context.get(), profile.anchors.get(), leaf, helpers.get()) != 1) {
    ERR_clear_error();
    path.unknown = true;
    return path;
  }
  X509_STORE_CTX_set_app_data(context.get(), &path);
  X509_STORE_CTX_set_verify_cb(context.get(), collect);
  set_rules(X509_STORE_CTX_get0_param(context.get()), profile.rules, when);
  const bool held = X509_verify_cert(context.get()) == 1;
  if (!held && !path.unknown && path.flaws.empty())
    path.flaws.push_back(
        {X509_STORE_CTX_get_error(context.get()), display_name(leaf), "verification stopped"});
  if (const STACK_OF(X509)* const chain = X509_STORE_CTX_get0_chain(context.get()); chain && !path.unknown) {
    for (int i = 0; i < sk_X509_num(chain); ++i) {
      X509* const one = sk_X509_value(chain, i);
      X509_up_ref(one);
      path.chain.emplace_back(one);
    }
  }
  ERR_clear_error();
  return path;
}

}  // namespace demat::trust
