#pragma once

#include <stdexcept>
#include <vector>

#include "gateway/store/care.hpp"
#include "gateway/store/returns.hpp"
#include "tests/unit/gateway/store/conformance/suite.hpp"

namespace demat::store::conformance {

/// The fixture of the cases about PES_Retour.
class ReturnSuite : public StoreSuite {
 protected:
  static inline const AuthorityId town{"123456782"};
  static inline const Siret siret{"12345678200010"};

  void SetUp() override {
    StoreSuite::SetUp();
    ASSERT_TRUE(store().put_authority({town, "Ville", {siret}, true}, "tester"));
  }
  [[nodiscard]] Returns& returns() { return store().returns(); }

  flow::Return retour(const std::string& name, flow::ReturnState state = flow::ReturnState::available,
                      const std::string& id_coll = siret.str()) {
    Settlement settlement;
    settlement.item = import(name, "retour " + name);
    settlement.item.kind = "PES_Retour";
    settlement.item.state = state;
    settlement.item.id_coll = id_coll;
    settlement.item.cod_col = "710";
    settlement.item.cod_bud = "00";
    settlement.item.domaines = {"depense", "client"};
    settlement.item.typ_restit = "02";
    settlement.item.day = "2026-01-15";
    settlement.item.match_rule = state == flow::ReturnState::orphan ? "siret_unknown" : "siret";
    if (state == flow::ReturnState::available) settlement.item.authority = town;
    auto item = settlement.item;
    if (!store().settle_return(std::move(settlement))) throw std::runtime_error("settle failed");
    clock.advance(std::chrono::seconds(1));
    return item;
  }
  [[nodiscard]] std::vector<std::string> names(const ReturnFilter& filter) {
    std::vector<std::string> out;
    const auto page = store().list_returns(filter, "", 100);
    if (!page) throw std::runtime_error(page.error().code);
    for (const auto& item : page->items)
      out.push_back(item.remote_name);
    return out;
  }
  [[nodiscard]] std::size_t events(const std::string& code) {
    JournalFilter filter;
    filter.code = code;
    return store().care().search(filter, "", 100).value().items.size();
  }
  [[nodiscard]] flow::Return found(const ReturnId& id) { return store().find_return(id).value().value(); }
};

}  // namespace demat::store::conformance
