#include "protocols/marche/reader.hpp"

#include "protocols/marche/binding.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::marche {
namespace {

// PES_Aller / PES_Marche / Marches / Marche
constexpr std::size_t domain_depth = 2;
constexpr std::size_t contract_depth = 4;

/// An open element of a contract; `object` is null where nothing is read.
struct Frame {
  void* object;
  std::span<const Binding> inside;
  std::size_t next = 0;  ///< where the next element is likely: the tables are in the order of the schema
};

const Binding* find(Frame& frame, std::string_view element) {
  const auto count = frame.inside.size();
  for (std::size_t tried = 0; tried < count; ++tried) {
    const auto at = (frame.next + tried) % count;
    if (frame.inside[at].element != element) continue;
    frame.next = at;
    return &frame.inside[at];
  }
  return nullptr;
}

}  // namespace

struct ContratReader::Impl {
  ContratSink* sink;
  std::size_t depth = 0;
  bool in_marche = false;  ///< within PES_Marche
  std::vector<Frame> open;
  // The contract that is open: at most one of the two.
  std::optional<Marche> marche;
  std::optional<Concession> concession;
  std::size_t parts = 0;
  std::size_t text = 0;

  Contrat& contrat() { return marche ? static_cast<Contrat&>(*marche) : *concession; }

  void begin(const xml::StartElement& element, std::string_view path) {
    parts = 0;
    text = 0;
    if (element.name == "Marche")
      open.push_back({&marche.emplace(), marche_bindings()});
    else
      open.push_back({&concession.emplace(), concession_bindings()});
    contrat().place = {element.line, std::string(path)};
    contrat().element = element.name == "Marche" ? "Marche" : "Concession";
  }

  void finish() {
    open.clear();
    if (marche) sink->marche(*marche);
    if (concession) sink->concession(*concession);
    marche.reset();
    concession.reset();
  }

  /// False when the contract holds as much as is kept.
  bool room(std::size_t bytes) {
    text += bytes;
    if (++parts <= max_parts && text <= max_text) return true;
    ++contrat().dropped;
    return false;
  }

  void leaf(void* object, const Binding& binding, const xml::StartElement& element) {
    const auto value = trimmed(element.attribute("V"));
    if (binding.repeated && !room(0)) return;
    text += value.size();
    if (text > max_text) {
      ++contrat().dropped;
      return;
    }
    auto& slot = *binding.leaf(object);
    if (slot.present()) return;
    slot.text = value;
    slot.element = binding.element;
    slot.line = element.line;
  }

  Frame block(void* object, const Binding& binding, const xml::StartElement& element, std::string_view path) {
    if (binding.open == nullptr) return {object, binding.inside};
    if (!room(path.size())) return {nullptr, {}};
    const auto opened = binding.open(object);
    if (!opened.block->element.empty()) return {nullptr, {}};  // a second one where one may stand
    opened.block->element = binding.element;
    opened.block->place = {element.line, std::string(path)};
    return {opened.object, binding.inside};
  }

  void within(const xml::StartElement& element, std::string_view path) {
    const auto* found = find(open.back(), element.name);
    const auto above = open.back();
    if (above.object == nullptr || found == nullptr) {
      open.push_back({nullptr, {}});
    } else if (found->leaf != nullptr) {
      leaf(above.object, *found, element);
      open.push_back({nullptr, {}});
    } else {
      open.push_back(block(above.object, *found, element, path));
    }
  }
};

ContratReader::ContratReader(ContratSink& sink) : impl_(std::make_unique<Impl>()) {
  impl_->sink = &sink;
}
ContratReader::~ContratReader() = default;

void ContratReader::start(const xml::StartElement& element, std::string_view path) {
  auto& me = *impl_;
  ++me.depth;
  if (me.depth == domain_depth) me.in_marche = element.name == "PES_Marche";
  if (!me.in_marche) return;
  if (!me.open.empty()) return me.within(element, path);
  const bool contract = element.name == "Marche" || element.name == "Concession";
  if (me.depth == contract_depth && contract) me.begin(element, path);
}

void ContratReader::end(std::string_view /*name*/, std::string_view /*path*/) {
  auto& me = *impl_;
  if (!me.open.empty()) {
    if (me.depth == contract_depth)
      me.finish();
    else
      me.open.pop_back();
  }
  if (me.depth > 0) --me.depth;
}

Status read_contrats(const xml::ByteSource& source, ContratSink& sink) {
  ContratReader reader(sink);
  return xml::stream(source, reader);
}

}  // namespace demat::marche
