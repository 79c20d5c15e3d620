#pragma once

#include <string_view>

#include "protocols/base/result.hpp"

namespace demat::archive::detail {

/// Every reason why an archive, or a file for one, is refused.
enum class Reason {
  absolute_path,
  checksum,
  control_in_name,
  damaged,
  directory,
  duplicate,
  empty,
  extension_too_long,
  header,
  link,
  name_encoding,
  name_too_long,
  name_unsafe,
  nested_gzip,
  not_gzip,
  not_tar,
  parent_path,
  ratio,
  sparse,
  special_file,
  too_large,
  too_many_entries,
  total,
  trailing,
  truncated,
  unsupported,
};

/// The permanent error of a reason. `name` is shown to the agent when there is one that can be shown.
[[nodiscard]] Error refusal(Reason reason, std::string_view name = {});

/// The source ended before its size: not the archive's fault, so try again.
[[nodiscard]] Error unreadable();

}  // namespace demat::archive::detail
