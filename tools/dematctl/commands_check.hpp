#pragma once

#include "protocols/report/sheet.hpp"
#include "tools/dematctl/commands.hpp"

/// Reports about files, and the rules they are made by.
namespace demat::ctl {

/// How a report is shown.
struct ReportOptions {
  std::filesystem::path html;     ///< a page instead of text: its file, or the folder for those of several
  std::string language = "both";  ///< fr, en, both: of the text
};

/// Without a gateway: which schemas.
struct OfflineOptions {
  bool offline = false;
  std::filesystem::path schemas;  ///< folder of packs; empty: those that were installed with dematctl
  std::string version;            ///< of the pack; empty: the one in force by default
  bool to_be_signed = false;      ///< who will send the flow signs it: no signature is asked for
};

struct CheckOptions {
  Files files;
  ReportOptions report{};
  OfflineOptions without{};
};

// check.cpp
/// Every check of the gateway for these files, or with `offline` schema and rules alone, on any machine.
[[nodiscard]] Exit check(Session& session, const CheckOptions& options);
/// The report of a flow: our findings, and what Hélios answered.
[[nodiscard]] Exit report(Session& session, const std::string& id, const ReportOptions& options);

// offline_check.cpp
/// The folder with the packs, found beside the program or given by DEMATCTL_SCHEMAS; empty: none.
[[nodiscard]] std::filesystem::path installed_schemas();
/// Holds each file against schema and rules. Failures: `ctl.file`, `pack.*`.
class OfflineCheck {
 public:
  [[nodiscard]] static Answer<OfflineCheck> with(const OfflineOptions& options);
  [[nodiscard]] Answer<report::Sheet> check(const std::filesystem::path& file) const;

  struct Impl;

 private:
  explicit OfflineCheck(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

// rules.cpp
struct RulesOptions {
  std::string name;    ///< of `explain`: "P16", "pes.p16"
  std::string level;   ///< of `ls`: flux, bordereau, piece, pj, facture, marche; empty: all
  std::string domain;  ///< of `ls`: depense, recette, tiers…; empty: all
  bool offline = false;
  std::string language = "both";
};
/// The rules as the gateway applies them to the caller's authority; as the program knows them when offline
/// or when no gateway is known.
[[nodiscard]] Exit rules_list(Session& session, const RulesOptions& options);
[[nodiscard]] Exit rules_explain(Session& session, const RulesOptions& options);

}  // namespace demat::ctl
