#pragma once

#include <filesystem>
#include <string>

#include "gateway/config/config.hpp"
#include "tools/dematctl/failure.hpp"

namespace demat::ctl {

/// How to reach the gateway, and as whom. Empty: not given.
struct ConnectionSettings {
  std::string url;        ///< "https://localhost:8443"
  std::string cert;       ///< PEM file of the client certificate
  std::string key;        ///< PEM file of its key; empty: in `cert` too
  std::string ca;         ///< PEM file of who issued the server's certificate; empty: the system's
  std::string authority;  ///< SIREN for the header Demat-Authority
};

/// Completes what the command line gave: then DEMATCTL_URL, _CERT, _KEY, _CA, _AUTHORITY, then the file
/// (`--config`, DEMATCTL_CONFIG, or dematctl.toml in $XDG_CONFIG_HOME or ~/.config). The same five names are
/// its keys; paths in it are relative to it. An absent default file is no error.
[[nodiscard]] Answer<ConnectionSettings> complete(ConnectionSettings given, const std::string& config_option,
                                                  const config::Environment& environment);

}  // namespace demat::ctl
