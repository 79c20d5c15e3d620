#pragma once

#include <cstddef>

namespace demat::archive {

/// What an archive of unknown origin may hold. The defaults are those of ACTES.
struct Limits {
  /// Bytes of the archive itself: 150 MiB (actes 2.3, ACTES_ARCHIVE_MAX_SIZE).
  std::size_t archive = 157'286'400;
  /// Bytes of the tar inside, headers included. Ours: four full archives; PDF hardly shrinks, and XML, which
  /// does, is a small part of an envelope.
  std::size_t total = 4 * std::size_t{157'286'400};
  /// Files. The XSD sets no number of annexes and one envelope may carry several messages (actes 2.3, 3.2).
  std::size_t entries = 2'000;
  /// Unpacked bytes for each packed byte, counted from `ratio_from` on. Deflate cannot do more than 1032;
  /// budgets in XML, the best case that is real, reach about 30.
  std::size_t ratio = 200;
  std::size_t ratio_from = 4'194'304;
  /// Bytes of a name: what file systems take. ACTES names stay under 70 (actes 2.2).
  std::size_t name = 255;
  /// Bytes of one pax or GNU extension header: a longest name and a few times and owners.
  std::size_t extension = 16'384;
};

/// A name of an archive that we write, in ustar without a directory: 100 bytes (POSIX pax, ustar format).
inline constexpr std::size_t max_written_name = 100;
/// Bytes that are read, inflated or deflated at once; memory is a few times this.
inline constexpr std::size_t piece_bytes = 65'536;

}  // namespace demat::archive
