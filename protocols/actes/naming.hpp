#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocols/actes/message.hpp"
#include "protocols/base/result.hpp"

/// Names of archives, envelopes and files (actes 2.1, 2.2). Parsing is tolerant: what came in is to be
/// understood; building is strict. Nothing is ever correlated by a file name.
namespace demat::actes {

/// `[TRI-]APPLI--SIREN--YYYYMMDD-N`, or from the ministry `APPLI--SPREF0441-SIREN-YYYYMMDD-N`.
struct EnvelopeName {
  std::string trigram;      ///< of the operator, "SLO"; only on archives
  std::string application;  ///< "EACT" in production, "TACT" in test
  std::string emitter;      ///< SIREN, or SPREF + department + arrondissement
  std::string recipient;    ///< SIREN when the ministry emits; empty otherwise
  std::string date;         ///< "YYYYMMDD", the day of the serial
  std::string serial;       ///< without leading zero; more than four digits from the ministry
  friend bool operator==(const EnvelopeName&, const EnvelopeName&) = default;
};

/// "SLO-EACT--210703385--20170612-2.tar.gz"
[[nodiscard]] std::string archive_name(const EnvelopeName& name);
/// "EACT--210703385--20170612-2.xml": the archive's without the trigram
[[nodiscard]] std::string envelope_name(const EnvelopeName& name);
/// "ANO_EACT--210703385--20170612-2.xml"
[[nodiscard]] std::string anomaly_name(const EnvelopeName& name);

/// An archive (.tar.gz) or an envelope (.xml), in either direction.
[[nodiscard]] std::optional<EnvelopeName> parse_envelope_name(std::string_view file_name);
/// An ANO_ file: the name of the envelope that was refused.
[[nodiscard]] std::optional<EnvelopeName> parse_anomaly_name(std::string_view file_name);

/// The daily serial as written. Error: `actes.serial.exhausted` above 9999, `actes.serial.invalid` for 0.
inline constexpr unsigned max_serial = 9999;
[[nodiscard]] Result<std::string> serial_text(unsigned serial);

/// `[TYPE5-]DEP3-SIREN9-[YYYYMMDD]-[NUMBER]-[NATURE2]-T-M_ORDER.ext`
struct FileName {
  std::string type;  ///< typologie, on documents only
  std::string department;
  std::string siren;
  std::string date;    ///< "YYYYMMDD"; empty in 7-1, 7-2, 1-3
  std::string number;  ///< may hold '-', '_' and blanks
  std::string nature;  ///< "DE"
  Code code = Code::acte;
  std::optional<unsigned> order;  ///< 0 = the business XML, 1 = the acte, 2… = annexes
  std::string extension;          ///< without dot
  friend bool operator==(const FileName&, const FileName&) = default;
};
[[nodiscard]] std::string file_name(const FileName& name);
[[nodiscard]] std::optional<FileName> parse_file_name(std::string_view name);

/// IDActe: `DEP-SIREN-YYYYMMDD-NUMBER-NATURE`, at most 41 characters in the base schema (actes 3.1).
struct ActeId {
  std::string department;
  std::string siren;
  std::string date;  ///< "YYYYMMDD"
  std::string number;
  std::string nature;  ///< "DE"
  [[nodiscard]] std::string str() const;
  friend bool operator==(const ActeId&, const ActeId&) = default;
};
[[nodiscard]] std::optional<ActeId> parse_acte_id(std::string_view text);

/// The identifier that the receipt will confirm; known before it (actes 1.1).
[[nodiscard]] ActeId predicted_id(const AuthorityId& authority, std::string_view date,
                                  std::string_view number, int nature);

/// "DE" for 1 … "AU" for 6; empty otherwise.
[[nodiscard]] std::string_view nature_abbreviation(int nature);
/// 1 for "DE" … 6 for "AU"; 0 otherwise.
[[nodiscard]] int nature_of_abbreviation(std::string_view abbreviation);

/// "2018-05-22" as "20180522" and back; empty when the text is no such date.
[[nodiscard]] std::string compact_date(std::string_view iso);
[[nodiscard]] std::string iso_date(std::string_view compact);
/// "2018-5-2" as "2018-05-02" (actes 4.1-3); nothing when no day of the calendar is meant.
[[nodiscard]] std::optional<std::string> normal_date(std::string_view text);

}  // namespace demat::actes
