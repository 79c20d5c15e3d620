#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Seen by the cli*.cpp files only: this header costs seconds of compilation.
#include <CLI/CLI.hpp>

#include "tools/dematctl/commands.hpp"

namespace demat::ctl {

/// The tree of commands; one file per subject adds its own (cli_<subject>.cpp). Values are kept by shared
/// pointers that the callbacks hold.
class CommandTree {
 public:
  using Action = std::function<Exit(Session&)>;

  CommandTree();

  CLI::App& app() { return app_; }

  ConnectionSettings connection;
  std::string config;
  bool json = false;
  Action action;
  std::function<std::string()> page;  ///< set instead of `action`: a text that needs no gateway

 private:
  /// A command whose options land in a fresh T.
  template <class T>
  std::shared_ptr<T> command(CLI::App& parent, const std::string& name, const std::string& what,
                             CLI::App*& sub, std::function<Exit(Session&, const T&)> run) {
    sub = parent.add_subcommand(name, what);
    auto values = std::make_shared<T>();
    sub->callback(
        [this, values, run] { action = [values, run](Session& session) { return run(session, *values); }; });
    return values;
  }
  void simple(CLI::App& parent, const std::string& name, const std::string& what, Exit (*run)(Session&)) {
    parent.add_subcommand(name, what)->callback([this, run] { action = run; });
  }
  CLI::App& group(const std::string& name, const std::string& what) {
    CLI::App* sub = app_.add_subcommand(name, what);
    sub->require_subcommand(1);
    return *sub;
  }

  void add_actes();
  void add_acte_deposits(CLI::App& submit);
  void add_acte_settings(CLI::App& authority);
  void add_letters();
  void add_flows();
  void add_reading();
  void add_verbs();
  void add_returns();
  void add_return_reading(CLI::App& returns);
  void add_return_settings(CLI::App& authority);
  void add_sirets(CLI::App& siret);
  void add_schemas();
  void add_authorities();
  void add_identities();
  void add_platform();
  void add_care();
  void add_checks();
  void add_health();
  void add_pages();
  void add_mails();
  void add_marche();
  void add_marches();
  void add_push();
  void add_show();
  void add_sign();
  void add_steering();
  void add_tickets();
  void add_trust();

  CLI::App app_;
};

}  // namespace demat::ctl
