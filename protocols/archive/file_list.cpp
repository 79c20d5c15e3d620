#include "protocols/archive/file_list.hpp"

#include "protocols/archive/names.hpp"
#include "protocols/archive/refusal.hpp"
#include "protocols/base/utf8.hpp"

namespace demat::archive::detail {

Status check_files(std::span<const File> files, std::size_t max_name) {
  if (files.empty()) return failure(refusal(Reason::empty));
  if (files.size() > Limits{}.entries) return failure(refusal(Reason::too_many_entries));
  NameSet names;
  for (const File& file : files) {
    if (!is_utf8(file.name)) return failure(refusal(Reason::name_encoding));
    const auto name = entry_name(file.name, max_name);
    if (!name) return failure(name.error());
    if (auto added = names.add(*name); !added) return added;
  }
  return {};
}

}  // namespace demat::archive::detail
