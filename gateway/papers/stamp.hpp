#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/paris.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/base/result.hpp"

namespace demat::papers {

/// What the stamp of an act says (actes 7.2). Days as Paris counts them; the day of reception is that of the
/// AR's DateReception, not that of the mail.
struct Stamp {
  std::optional<ParisDay> sent;
  std::optional<ParisDay> received;
  std::optional<ParisDay> published;
  std::string id_acte;      ///< empty leaves the line out
  std::string environment;  ///< "SIMULATION / TEST" outside production, empty in production
};

/// Where on the visible page, as it is shown after rotation: percent of the free room from the left and from
/// the top, so that the stamp stays on the page whatever its size. Values outside 0..100 are brought inside.
struct StampPosition {
  double across = 100;
  double down = 0;
};

enum class StampOutcome {
  stamped,        ///< the sink got the stamped copy
  separate_page,  ///< the sink got nothing: deliver the original as it is, with the page
};

/// Why an act got a page of its own.
enum class SeparateReason {
  none,
  signed_document,  ///< a signature would break
  not_a_pdf,        ///< an image, or XML
  locked,           ///< protected
  unreadable,       ///< damaged, or abnormal
  too_large,        ///< a part of it is larger than what may be held in memory in order to write it anew
};

/// The document that a separate stamp page speaks of.
struct StampedFile {
  std::string name;       ///< as posted
  std::string authority;  ///< its name
  std::string sha256;     ///< hexadecimal; ties the page to the file
  Instant made_at{};      ///< creation date of the page; the same input gives the same bytes
};

struct Stamped {
  StampOutcome outcome = StampOutcome::stamped;
  SeparateReason reason = SeparateReason::none;
  std::string page;  ///< the PDF of the separate page, if any
};

/// Takes the stamped copy piece by piece.
using ByteSink = std::function<Status(std::string_view)>;

/// Puts the stamp on every page, over the content and upright as shown, whatever /Rotate, boxes and units
/// say; everything else is written as it was. A signed PDF is never altered, nor one that cannot be rewritten
/// faithfully: these get a separate page. Deterministic. The copy is not kept in memory, but for one stream
/// of it at a time; `act` is read over. Errors: the sink's, the source's, `papers.font_missing`,
/// `papers.drawing`, `papers.stamp_failed` (waiting); what the sink got by then is worthless. Thread-safe.
[[nodiscard]] Result<Stamped> stamp_pdf(const ByteSource& act, const Stamp& stamp,
                                        const StampPosition& position, const StampedFile& file,
                                        const ByteSink& sink);

/// A page of its own with the stamp, for what is no PDF. Errors: `papers.font_missing`, `papers.drawing`.
[[nodiscard]] Result<std::string> stamp_page(const Stamp& stamp, const StampedFile& file,
                                             SeparateReason reason);

}  // namespace demat::papers
