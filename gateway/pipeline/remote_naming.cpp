#include "gateway/pipeline/remote_naming.hpp"

#include "protocols/pes/naming.hpp"

namespace demat::pipeline {
namespace {

pes::TemplateValues header_values(const flow::Flow& flow) {
  return {{"TypFic", flow.typ_fic},     {"CodCol", flow.cod_col},       {"IdPost", flow.id_post},
          {"CodBud", flow.cod_bud},     {"NomFic", flow.nom_fic.str()}, {"Siren", flow.authority.str()},
          {"Siret", flow.id_coll.str()}};
}

}  // namespace

std::string default_remote_name(config::LinkMode mode) {
  if (mode == config::LinkMode::passtrans_sftp) return "{P_DEST}%%{P_APPLI}%%{P_MSG}%%{sha1}";
  return "PESALR2_{Siren}_{yymmdd}_{NNN}.xml";
}

Result<RemoteAddress> remote_address(const flow::Flow& flow, const flow::Route& route,
                                     const config::Destination& destination, const Sha1& sha1, Instant now,
                                     const CounterSource& counter) {
  // Packaging has named the archive (actes 2.1); the préfecture knows no parameters.
  if (destination.mode == config::LinkMode::prefecture) return RemoteAddress{{}, flow.remote_name};
  RemoteAddress out;
  out.parameters.p_dest = route.p_dest.empty() ? destination.p_dest : route.p_dest;
  out.parameters.p_appli = destination.p_appli;
  pes::TemplateValues values = header_values(flow);
  auto p_msg = pes::fill_template(destination.p_msg, values, pes::TemplateUse::parameter);
  if (!p_msg) return failure(p_msg.error());
  out.parameters.p_msg = std::move(*p_msg);
  if (!flow.remote_name.empty()) {
    out.remote_name = flow.remote_name;
    return out;
  }
  const std::string name =
      destination.remote_name.empty() ? default_remote_name(destination.mode) : destination.remote_name;
  const std::string day = paris_yymmdd(now);
  if (name.find("{NNN}") != std::string::npos) {
    const auto number = counter("remote:" + destination.name + ":" + flow.authority.str() + ":" + day);
    if (!number) return failure(number.error());
    values["Counter"] = std::to_string(*number);
  }
  values["yymmdd"] = day;
  values["sha1"] = sha1.str();
  values["P_DEST"] = out.parameters.p_dest;
  values["P_APPLI"] = out.parameters.p_appli;
  values["P_MSG"] = out.parameters.p_msg;
  auto filled = pes::fill_template(name, values, pes::TemplateUse::file_name);
  if (!filled) return failure(filled.error());
  out.remote_name = std::move(*filled);
  return out;
}

}  // namespace demat::pipeline
