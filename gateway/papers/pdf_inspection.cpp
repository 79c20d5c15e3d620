#include <set>
#include <vector>

#include "gateway/papers/pdf_document_impl.hpp"

namespace demat::papers {

namespace {

/// Objects still to look at; each indirect one only once, so that loops end.
class Agenda {
 public:
  void add(QPDFObjectHandle object) {
    if (object.isArray()) {
      if (!first_time(object)) return;
      for (int i = 0; i < object.getArrayNItems(); ++i)
        add_one(object.getArrayItem(i));
      return;
    }
    add_one(object);
  }
  [[nodiscard]] bool empty() const { return waiting_.empty(); }
  QPDFObjectHandle next() {
    QPDFObjectHandle object = waiting_.back();
    waiting_.pop_back();
    return object;
  }

 private:
  bool first_time(QPDFObjectHandle& object) {
    return !object.isIndirect() || seen_.insert(object.getObjGen()).second;
  }
  void add_one(QPDFObjectHandle object) {
    if (object.isDictionary() && first_time(object)) waiting_.push_back(object);
  }

  std::vector<QPDFObjectHandle> waiting_;
  std::set<QPDFObjGen> seen_;
};

void add_actions(Agenda& agenda, QPDFObjectHandle holder) {
  agenda.add(holder.getKey("/A"));
  if (auto more = holder.getKey("/AA"); more.isDictionary())
    for (const auto& key : more.getKeys())
      agenda.add(more.getKey(key));
}

std::string text_of(QPDFObjectHandle value) {
  return value.isString() ? value.getUTF8Value() : std::string();
}

std::string name_of(QPDFObjectHandle value) {
  std::string name;
  if (!value.getValueAsName(name)) return {};
  return name.substr(1);
}

SignatureEntry entry_of(QPDFObjectHandle value, std::string field) {
  SignatureEntry entry;
  entry.field = std::move(field);
  entry.sub_filter = name_of(value.getKey("/SubFilter"));
  entry.reason = text_of(value.getKey("/Reason"));
  entry.modified = text_of(value.getKey("/M"));
  if (auto contents = value.getKey("/Contents"); contents.isString())
    entry.contents = contents.getStringValue();
  auto range = value.getKey("/ByteRange");
  constexpr int most = 64;
  for (int i = 0; range.isArray() && i < std::min(range.getArrayNItems(), most); ++i) {
    entry.byte_range.push_back(integer_of(range.getArrayItem(i)).value_or(-1));
  }
  return entry;
}

/// A form field on its way down: name and type come from above (ISO 32000-1, 12.7.3).
struct Field {
  QPDFObjectHandle dictionary;
  std::string name;
  bool signature = false;
};

struct Collected {
  std::vector<SignatureEntry> entries;
  std::set<QPDFObjGen> seen;
};

/// A value that damage made unreadable is a signature still, and a broken one.
void collect_value(Collected& collected, QPDFObjectHandle value, const std::string& name, bool damaged) {
  if (damaged && value.isIndirect() && value.isNull())
    collected.entries.push_back({name, {}, {}, {}, {}, {}});
  if (!value.isDictionary()) return;
  if (value.isIndirect() && !collected.seen.insert(value.getObjGen()).second) return;
  collected.entries.push_back(entry_of(value, name));
}

}  // namespace

std::vector<SignatureEntry> PdfDocument::signatures() {
  Collected collected;
  std::set<QPDFObjGen> seen_fields;
  std::vector<Field> stack;
  const auto damaged = [this] { return !impl_->complaint.empty() || impl_->qpdf.numWarnings() > 0; };
  const auto push_all = [&stack](QPDFObjectHandle fields, const Field& above) {
    for (int i = fields.isArray() ? fields.getArrayNItems() - 1 : -1; i >= 0; --i)
      stack.push_back({fields.getArrayItem(i), above.name, above.signature});
  };
  const auto drain = [&] {
    while (!stack.empty() && impl_->look_at_one()) {
      Field field = std::move(stack.back());
      stack.pop_back();
      if (!field.dictionary.isDictionary()) continue;
      if (field.dictionary.isIndirect() && !seen_fields.insert(field.dictionary.getObjGen()).second) continue;
      if (const auto part = text_of(field.dictionary.getKey("/T")); !part.empty() && field.name.size() < 500)
        field.name += (field.name.empty() ? "" : ".") + part;
      if (auto type = field.dictionary.getKey("/FT"); type.isName())
        field.signature = type.isNameAndEquals("/Sig");
      if (field.signature) {
        auto value = field.dictionary.getKey("/V");
        const bool null = value.isNull();  // resolves it, which may be what finds the damage
        collect_value(collected, value, field.name, null && damaged());
      }
      push_all(field.dictionary.getKey("/Kids"), field);
    }
  };
  std::string why;
  const bool done = attempt(
      [&](QPDF& qpdf) {
        auto root = qpdf.getRoot();
        push_all(root.getKeyIfDict("/AcroForm").getKeyIfDict("/Fields"), {});
        drain();
        // Certification; usage rights (/UR3) are a vendor's mark, not somebody's signature.
        collect_value(collected, root.getKeyIfDict("/Perms").getKeyIfDict("/DocMDP"), "", false);
      },
      why);
  if (!done) impl_->broken_off(why);
  // Widgets that the form does not list are signatures for readers all the same.
  visit_pages([&](QPDFObjectHandle& page, const VisiblePage&) {
    push_all(page.getKey("/Annots"), {});
    drain();
  });
  return std::move(collected.entries);
}

void PdfDocument::look_for_actions() {
  if (impl_->actions_known) return;
  impl_->actions_known = true;
  Agenda agenda;
  const auto drain = [&] {
    while (!agenda.empty() && impl_->look_at_one()) {
      auto action = agenda.next();
      const auto kind = name_of(action.getKey("/S"));
      if (kind == "JavaScript" || !action.getKey("/JS").isNull()) impl_->javascript = true;
      if (kind == "Launch") impl_->launch = true;
      add_actions(agenda, action);  // an annotation or a field holds actions, an action has a next one
      agenda.add(action.getKey("/Next"));
      agenda.add(action.getKey("/Kids"));
    }
  };
  std::string why;
  const bool done = attempt(
      [&](QPDF& qpdf) {
        auto root = qpdf.getRoot();
        if (root.getKeyIfDict("/Names").getKeyIfDict("/JavaScript").isDictionary()) impl_->javascript = true;
        agenda.add(root.getKey("/OpenAction"));
        add_actions(agenda, root);
        agenda.add(root.getKeyIfDict("/AcroForm").getKeyIfDict("/Fields"));
        drain();
      },
      why);
  if (!done) impl_->broken_off(why);
  visit_pages([&](QPDFObjectHandle& page, const VisiblePage&) {
    add_actions(agenda, page);
    agenda.add(page.getKey("/Annots"));
    drain();
  });
}

bool PdfDocument::has_javascript() {
  look_for_actions();
  return impl_->javascript;
}

bool PdfDocument::has_launch() {
  look_for_actions();
  return impl_->launch;
}

bool PdfDocument::has_xfa() {
  bool found = false;
  std::string why;
  const bool done = attempt(
      [&](QPDF& qpdf) { found = !qpdf.getRoot().getKeyIfDict("/AcroForm").getKeyIfDict("/XFA").isNull(); },
      why);
  if (!done) impl_->broken_off(why);
  return found;
}

}  // namespace demat::papers
