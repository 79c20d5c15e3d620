#include "pairs.hpp"

#include "protocols/base/digest.hpp"
#include "tests/support/pes_samples.hpp"

namespace demat::preflight::test {

std::string aller(std::string_view domains, std::string_view header) {
  return R"(<?xml version="1.0" encoding="ISO-8859-1"?>)"
         R"(<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller">)"
         R"(<Enveloppe><Parametres><Version V="2"/><TypFic V="PESALR1"/><NomFic V="essai"/></Parametres>)"
         R"(</Enveloppe><EnTetePES><IdPost V="034000"/><IdColl V="73282932000074"/>)"
         R"(<CodCol V="123"/><CodBud V="00"/>)" +
         std::string(header) + "</EnTetePES>" + std::string(domains) + "</n:PES_Aller>";
}

std::string packed(std::string_view content) {
  const auto bytes = samples::gzip(content);
  return base64({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

std::vector<RuleCase> paired(const std::vector<Pair>& pairs) {
  std::vector<RuleCase> out;
  std::size_t number = 0;
  for (const auto& pair : pairs) {
    Options options;
    options.rules.version = pair.version;
    const auto name = std::to_string(++number);
    out.push_back({pair.code, "Kept" + name, pair.keeps, 0, {}, options});
    out.push_back({pair.code, "Broken" + name, pair.breaks, pair.times, pair.value, options});
  }
  return out;
}

std::vector<Finding> of(const Report& report, std::string_view code) {
  std::vector<Finding> out;
  for (const auto& finding : report.findings)
    if (finding.code == code) out.push_back(finding);
  return out;
}

}  // namespace demat::preflight::test
