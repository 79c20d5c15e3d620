#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "gateway/config/cross_checks.hpp"

namespace demat::config {

/// Checks of one section: names its keys and knows its line. For the cross checks only.
class Section {
 public:
  Section(std::string name, const SectionLines& lines, Complaints& complaints);

  void complain(std::string_view code, std::string_view key, std::string_view fr, std::string_view en);
  void require(bool present, std::string_view key, std::string_view why_fr, std::string_view why_en);
  /// The file must exist, unless the path is empty.
  void file(const std::filesystem::path& file, std::string_view key);
  /// The same, and nobody else may read it.
  void private_key(const std::filesystem::path& key_file, std::string_view key);

 private:
  std::string name_;
  std::size_t line_ = 0;
  Complaints& complaints_;
};

}  // namespace demat::config
