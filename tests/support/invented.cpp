#include "tests/support/invented.hpp"

#include <array>
#include <string>

namespace demat::samples {
namespace {

constexpr std::array<std::string_view, 12> trades{
    "Menuiserie",    "Maçonnerie", "Imprimerie", "Électricité", "Boulangerie",  "Papeterie",
    "Espaces verts", "Plomberie",  "Métallerie", "Nettoyage",   "Informatique", "Signalisation"};
constexpr std::array<std::string_view, 12> owners{"Brévandier", "Côtelaine",  "du Chêne creux", "Fontanelle",
                                                  "Grémillet",  "Hautevigne", "de l'Écluse",    "Lorvigne",
                                                  "Mirandeau",  "Noëllet",    "des Trois Gués", "Vaucelin"};
constexpr std::array<std::string_view, 10> streets{"rue des Tilleuls",    "avenue du Général Inconnu",
                                                   "chemin des Écoliers", "place du Marché",
                                                   "rue de la Forêt",     "impasse du Puits",
                                                   "boulevard des Près",  "allée des Châtaigniers",
                                                   "quai de l'Île",       "route du Hêtre"};
constexpr std::array<std::string_view, 10> cities{
    "EXEMPLEVILLE", "SAINT-TÉMOIN", "MODÈLE-LÈS-BOIS",  "VILLENEUVE-DU-TEST", "L'ÉCHANTILLON",
    "MONT-FICTIF",  "PORT-ESSAI",   "LA FÊTE-INVENTÉE", "CHÂTEAU-IMAGINAIRE", "BOURG-NULLEPART"};
constexpr std::array<std::string_view, 10> last_names{"BRÉVAND",  "CORVELLE", "DUMARAIS", "ESQUIVON",
                                                      "FAVIÈRE",  "GOURDEL",  "HALLIGNY", "JOUVENÇON",
                                                      "LÉTOURNE", "MARCILLAC"};
constexpr std::array<std::string_view, 10> first_names{"Agnès", "Benoît", "Chloé",  "Désiré", "Élodie",
                                                       "Félix", "Gaëlle", "Hélène", "Joël",   "Zoé"};
constexpr std::array<std::string_view, 12> expenses{"Fournitures scolaires, école élémentaire",
                                                    "Entretien de la chaudière du gymnase",
                                                    "Réfection de la toiture de la médiathèque",
                                                    "Contrat de maintenance éclairage public",
                                                    "Denrées pour la restauration scolaire",
                                                    "Location d'une nacelle élévatrice",
                                                    "Élagage des platanes du mail",
                                                    "Impression du bulletin municipal",
                                                    "Carburant des véhicules techniques",
                                                    "Honoraires d'étude hydraulique",
                                                    "Achat de mobilier pour la crèche",
                                                    "Dératisation des réseaux"};
constexpr std::array<std::string_view, 8> revenues{
    "Restauration scolaire, décembre",  "Accueil périscolaire, 1er trimestre",
    "Redevance d'occupation du marché", "Location de la salle des fêtes",
    "Cotisation école de musique",      "Séjour d'été, centre aéré",
    "Droits de place de la fête",       "Concession au cimetière, 30 ans"};

char luhn_key(std::string_view digits) {
  unsigned sum = 0;
  bool twice = true;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, twice = !twice) {
    const unsigned digit = static_cast<unsigned>(*it - '0') * (twice ? 2U : 1U);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

unsigned modulo_97(std::string_view digits) {
  unsigned rest = 0;
  for (const char c : digits)
    rest = (rest * 10 + static_cast<unsigned>(c - '0')) % 97;
  return rest;
}

std::string two_digits(unsigned value) {
  return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts)
    out += part;
  return out;
}

std::string make_street(Dice& dice) {
  return joined({std::to_string(1 + dice.below(180)), " ", dice.pick(streets)});
}

}  // namespace

std::uint64_t Dice::next() {
  state_ += 0x9E3779B97F4A7C15U;
  auto z = state_;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

std::string Dice::digits(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(static_cast<char>('0' + below(10)));
  return out;
}

std::string make_siren(std::string_view first_eight) {
  std::string out(first_eight);
  return out + luhn_key(first_eight);
}

std::string make_siret(std::string_view siren, std::string_view nic_four) {
  const auto begin = joined({siren, nic_four});
  return begin + luhn_key(begin);
}

std::string sample_siret(unsigned number) {
  auto digits = std::to_string(number % 10'000);
  digits.insert(0, 4 - digits.size(), '0');
  return make_siret(make_siren("2134" + digits), "0001");
}

std::string make_iban(Dice& dice) {
  const auto bank = "9" + dice.digits(4);  // no bank has such a code
  const auto counter = dice.digits(5);
  const auto account = dice.digits(11);
  const auto key = 97 - (89 * modulo_97(bank) + 15 * modulo_97(counter) + 3 * modulo_97(account)) % 97;
  const auto bban = joined({bank, counter, account, two_digits(key)});
  const auto check = 98 - modulo_97(bban + "152700");  // FR00 in digits
  return joined({"FR", two_digits(check), bban});
}

std::string amount(std::uint64_t cents) {
  return joined({std::to_string(cents / 100), ".", two_digits(static_cast<unsigned>(cents % 100))});
}

Company make_company(Dice& dice) {
  Company out;
  out.siret = make_siret(make_siren("99" + dice.digits(6)), "000" + dice.digits(1));
  out.name = joined({dice.pick(trades), " ", dice.pick(owners)});
  out.street = make_street(dice);
  out.post_code = "34" + dice.digits(2) + "0";
  out.city = dice.pick(cities);
  return out;
}

Person make_person(Dice& dice) {
  Person out;
  out.title = dice.below(2) == 0 ? "Mme" : "M.";
  out.last_name = dice.pick(last_names);
  out.first_name = dice.pick(first_names);
  out.street = make_street(dice);
  out.post_code = "34" + dice.digits(2) + "0";
  out.city = dice.pick(cities);
  return out;
}

std::string_view expense_subject(Dice& dice) {
  return dice.pick(expenses);
}
std::string_view revenue_subject(Dice& dice) {
  return dice.pick(revenues);
}

}  // namespace demat::samples
