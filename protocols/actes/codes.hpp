#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace demat::actes {

/// The namespace of every version seen, and that of INSEE's identifiers (actes 3, 3.5).
inline constexpr std::string_view actes_ns = "http://www.interieur.gouv.fr/ACTES#v1.1-20040216";
inline constexpr std::string_view insee_ns = "http://xml.insee.fr/schema";

/// The 21 business messages (actes 1.2); the names follow their numbers.
enum class Code : std::uint8_t {
  acte,                         ///< 1-1
  acte_receipt,                 ///< 1-2
  acte_anomaly,                 ///< 1-3
  letter,                       ///< 2-1
  letter_answer,                ///< 2-2
  pieces_request,               ///< 3-1
  pieces_request_receipt,       ///< 3-2
  pieces_refusal,               ///< 3-3
  pieces,                       ///< 3-4
  pieces_answer_receipt,        ///< 3-5
  observations,                 ///< 4-1
  observations_receipt,         ///< 4-2
  observations_rejection,       ///< 4-3
  observations_answer,          ///< 4-4
  observations_answer_receipt,  ///< 4-5
  referral,                     ///< 5-1, déféré au tribunal administratif
  cancellation,                 ///< 6-1
  cancellation_receipt,         ///< 6-2
  classification_request,       ///< 7-1
  classification,               ///< 7-2
  classification_unchanged,     ///< 7-3
};

/// How many files a message carries.
enum class Carries : std::uint8_t { nothing, one, one_or_more, any };

struct CodeInfo {
  Code code;
  std::string_view number;  ///< "1-1"
  std::string_view root;    ///< local name of the root element
  bool from_authority;      ///< CL -> MI
  Carries carries;
  std::optional<Code> answers;  ///< the message that this one acknowledges or answers
  std::string_view fr;
  std::string_view en;
};

/// All of them, in the order of their numbers.
[[nodiscard]] std::span<const CodeInfo> codes();
[[nodiscard]] const CodeInfo& info(Code code);
[[nodiscard]] std::optional<Code> code_of_number(std::string_view number);
[[nodiscard]] std::optional<Code> code_of_root(std::string_view root);

/// The receipt that the gateway sends by itself: 3-2 for 3-1, 4-2 for 4-1; none for the others (actes 1.2).
[[nodiscard]] std::optional<Code> automatic_receipt(Code received);

}  // namespace demat::actes
