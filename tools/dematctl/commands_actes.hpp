#pragma once

#include <map>
#include <optional>
#include <utility>

#include "tools/dematctl/commands.hpp"

/// Acts, the letters of the préfecture, its classification, and the settings of an authority. As
/// commands.hpp.
namespace demat::ctl {

/// A file and its typologie: "annexe.pdf:21_DA".
struct TypedFile {
  std::filesystem::path file;
  std::string type;  ///< empty when none was given: the gateway names what is missing
};
[[nodiscard]] TypedFile typed_file(const std::string& text);

// actes.cpp
struct ActeOptions {
  std::string number;
  std::string date;
  std::string nature;
  std::string matieres;
  std::string object;
  std::string type;
  std::filesystem::path acte;
  std::vector<std::string> annexes;  ///< "FILE:TYPE"
  bool paper = false;
  std::string previous;
  std::string classification_date;
  std::filesystem::path signature;  ///< detached PKCS#7 of the acte: DER, PEM or base64
  std::string priority;
};
[[nodiscard]] Exit acte_submit(Session& session, const ActeOptions& options);
struct EnvelopeOptions {
  std::filesystem::path file;
  std::string priority;
};
/// A ready-made tar.gz, under the name of its file.
[[nodiscard]] Exit envelope_submit(Session& session, const EnvelopeOptions& options);
struct ActeFilter {
  std::vector<std::string> states;
  std::string number;
  std::string id_acte;
  std::string message;
  std::string from;
  std::string to;
  bool annulled = false;
  bool overdue = false;
  std::size_t limit = 50;          ///< 0: all
  std::filesystem::path output{};  ///< of an export
};
[[nodiscard]] Exit acte_list(Session& session, const ActeFilter& filter);
/// CSV of everything that matches.
[[nodiscard]] Exit acte_export(Session& session, const ActeFilter& filter);
[[nodiscard]] Exit acte_get(Session& session, const std::string& id);
struct AnnulOptions {
  std::string id;
  std::size_t acte = 0;  ///< which one of an envelope; 0: the first
};
[[nodiscard]] Exit acte_annul(Session& session, const AnnulOptions& options);
/// Prints the flow that a deposit has become, "already here" when the same was posted before.
[[nodiscard]] Exit print_taken(Session& session, const Answer<Api::Reply>& reply);

// acte_papers.cpp
struct PaperOptions {
  std::string id;
  std::size_t document = 0;  ///< of a stamp; 0: the acte
  std::string published;     ///< of a stamp
  std::filesystem::path output;
  std::size_t acte = 0;  ///< which one of an envelope; 0: the first
};
/// Notes when the stamp is a page of its own.
[[nodiscard]] Exit acte_stamp(Session& session, const PaperOptions& options);
[[nodiscard]] Exit acte_bordereau(Session& session, const PaperOptions& options);
[[nodiscard]] Exit acte_evidence(Session& session, const PaperOptions& options);

// letters.cpp
[[nodiscard]] Exit letter_list(Session& session, const std::string& state, std::size_t limit);
[[nodiscard]] Exit letter_get(Session& session, const std::string& id);
[[nodiscard]] Exit letter_read(Session& session, const Ids& ids, bool read);
struct AnswerOptions {
  std::string id;
  std::string message;                 ///< "3-4"
  std::vector<std::string> documents;  ///< "FILE:TYPE"
};
[[nodiscard]] Exit letter_answer(Session& session, const AnswerOptions& options);

// classification.cpp
[[nodiscard]] Exit classification_show(Session& session);
[[nodiscard]] Exit classification_request(Session& session, bool again);

// acte_settings.cpp
/// What is to change, by the names of the API; what is not named stays.
struct ActeSettings {
  std::string siren;
  std::map<std::string, std::string> texts;
  std::map<std::string, std::vector<std::string>> lists;  ///< empty texts in them do not count
  std::map<std::string, bool> flags;
  std::string reason;
  std::map<std::string, unsigned> numbers{};
};
/// "top-right", "bottom-left"… or "ACROSS,DOWN" in percent of the free room from the left and the top;
/// nothing for other texts.
[[nodiscard]] std::optional<std::pair<unsigned, unsigned>> stamp_place(const std::string& text);
/// Shows the settings when nothing is to change.
[[nodiscard]] Exit authority_actes(Session& session, const ActeSettings& wanted);

}  // namespace demat::ctl
