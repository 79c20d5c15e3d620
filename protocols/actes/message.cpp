#include "protocols/actes/message.hpp"

#include <algorithm>

#include "protocols/actes/naming.hpp"

namespace demat::actes {
namespace {

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

void take_data(Correlation& into, const ActeData& data) {
  into.date = data.date;
  into.number = data.number;
  into.nature = data.nature;
}

/// What the identifier says fills what the message leaves open.
void take_id(Correlation& into, const std::string& id) {
  into.id = id;
  const auto parsed = parse_acte_id(id);
  if (!parsed) return;
  into.department = parsed->department;
  into.siren = parsed->siren;
  if (into.date.empty()) into.date = iso_date(parsed->date);
  if (into.number.empty()) into.number = parsed->number;
  if (into.nature.empty()) {
    const int nature = nature_of_abbreviation(parsed->nature);
    if (nature != 0) into.nature = std::to_string(nature);
  }
}

std::vector<SignedFile> files_of(const ActeData& data) {
  std::vector<SignedFile> files;
  if (!data.document.name.empty()) files.push_back(data.document);
  files.insert(files.end(), data.annexes.begin(), data.annexes.end());
  return files;
}

bool is_upper_or_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

Correlation correlation(const Message& message) {
  Correlation found;
  const auto by_id = [&](const auto& body) { take_id(found, body.id); };
  std::visit(
      Overloaded{[&](const ActeMessage& body) { take_data(found, body.acte); },
                 [&](const ActeReceipt& body) {
                   take_data(found, body.received);
                   take_id(found, body.id);
                 },
                 [&](const ActeAnomaly& body) { take_data(found, body.received); },
                 [&](const Letter& body) { by_id(body); }, [&](const AnswerReceipt& body) { by_id(body); },
                 [&](const Referral& body) { by_id(body); }, [&](const Cancellation& body) { by_id(body); },
                 [](const ClassificationDate&) {}, [](const Classification&) {}},
      message.body);
  return found;
}

std::vector<SignedFile> files_of(const Message& message) {
  return std::visit(
      Overloaded{[](const ActeMessage& body) { return files_of(body.acte); },
                 [](const Letter& body) { return body.documents; },
                 [](const Referral& body) { return body.documents; },
                 [](const auto&) { return std::vector<SignedFile>{}; }},  // a receipt only echoes names
      message.body);
}

std::string_view typologie_of(std::string_view file_name) {
  constexpr std::size_t length = 5;
  if (file_name.size() <= length || file_name[length] != '-') return {};
  const auto prefix = file_name.substr(0, length);
  const bool well_formed =
      std::all_of(prefix.begin(), prefix.end(), [](char c) { return is_upper_or_digit(c) || c == '_'; });
  return well_formed ? prefix : std::string_view{};
}

std::string_view anomaly_code(std::string_view detail) {
  constexpr std::string_view middle = "-VERIF-";
  const auto at = detail.find(middle);
  if (at == std::string_view::npos) return {};
  std::size_t begin = at;
  while (begin > 0 && is_upper(detail[begin - 1]))
    --begin;
  std::size_t end = at + middle.size();
  while (end < detail.size() && is_digit(detail[end]))
    ++end;
  if (begin == at || end == at + middle.size()) return {};
  return detail.substr(begin, end - begin);
}

}  // namespace demat::actes
