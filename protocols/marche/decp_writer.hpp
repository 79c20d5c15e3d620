#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/marche/decp.hpp"

/// Writing of one contract's essential data. Internal to this folder.
namespace demat::marche {

/// XML with indentation; texts are escaped.
class XmlText {
 public:
  explicit XmlText(std::size_t depth) : depth_(depth) {}
  void open(std::string_view name);
  void close(std::string_view name);
  void leaf(std::string_view name, std::string_view text);
  void raw(std::string_view written) { out_ += written; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void indent();
  std::string out_;
  std::size_t depth_;
};

using Values = std::vector<std::string>;
/// "a;b" in two.
[[nodiscard]] Values split_values(std::string_view text);

/// One contract: what is written of it, what is missing.
class DecpContract {
 public:
  DecpContract(std::string id, const DecpGiven& given, Decp& out)
      : id_(std::move(id)), given_(given), out_(out) {}

  XmlText xml{1};

  /// What was given for an item; else what the PES says.
  [[nodiscard]] std::optional<std::string> value(std::string_view item,
                                                 std::optional<std::string> of_pes) const;
  /// A required item; what is absent becomes a gap.
  void required(std::string_view item, std::optional<std::string> of_pes);
  void optional(std::string_view item, std::optional<std::string> of_pes);
  /// <items><item>..</item></items>; an empty list is a gap, and so is `never`, a value of the other kind of
  /// contract that was given.
  void required_list(std::string_view item, std::string_view element, Values of_pes,
                     std::string_view never = {});
  /// A required item within a repeated part; what was given as `given_as` wins here, too.
  void required_within(const std::string& path, std::string_view element, std::optional<std::string> of_pes,
                       std::string_view given_as = {});
  void missing(std::string item, Words why, std::string_view given_as = {});
  /// What was not read of the contract may be anything: nothing is published without it.
  void whole(const Contrat& contract);
  void omitted(std::string item, Words why, std::string_view given_as = {});
  /// typeIdentifiant and id; a gap where the kind has no name in the format.
  void party(const std::string& path, const Operateur& operateur);

 private:
  std::string id_;
  const DecpGiven& given_;
  Decp& out_;
};

inline constexpr std::size_t longest_id = 16;
inline constexpr std::size_t longest_subject = 1'000;

/// The text of a leaf that is there.
[[nodiscard]] std::optional<std::string> text_of(const Leaf& leaf);
/// Nothing for a text longer than the format has room for, in bytes.
[[nodiscard]] std::optional<std::string> text_of(const Leaf& leaf, std::size_t longest);
/// Eight digits, and perhaps the key behind a dash.
[[nodiscard]] std::optional<std::string> cpv_of(const Leaf& leaf);
/// Dates without time zone; nothing for what is no date.
[[nodiscard]] std::optional<std::string> date_of(const Leaf& leaf);
/// At least 1, without leading zeros.
[[nodiscard]] std::optional<std::string> count_of(const Leaf& leaf);
/// At least one euro, as the format wants.
[[nodiscard]] std::optional<std::string> amount_of(std::optional<Cents> cents);
[[nodiscard]] std::optional<std::string> yes_no_of(const Leaf& leaf);

/// A code of the PES in the words of the format.
struct DecpWord {
  std::string_view code;
  std::string_view word;
};
[[nodiscard]] std::optional<std::string> word_of(std::span<const DecpWord> words, const Leaf& leaf);
[[nodiscard]] Values words_of(std::span<const DecpWord> words, const std::vector<Leaf>& leaves);

void write_place(DecpContract& out, const Contrat& contract);

[[nodiscard]] std::string decp_marche(const Marche& contract, std::string_view id_coll,
                                      const DecpGiven& given, Decp& out);
[[nodiscard]] std::string decp_concession(const Concession& contract, std::string_view id_coll,
                                          const DecpGiven& given, Decp& out);

}  // namespace demat::marche
