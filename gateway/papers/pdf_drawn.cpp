#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/papers/pdf_document_impl.hpp"
#include "protocols/base/digest.hpp"

namespace demat::papers {

namespace {

/// Where a stream's bytes go.
class DigestEnd : public Pipeline {
 public:
  explicit DigestEnd(Digester& digester) : Pipeline("digest", nullptr), digester_(digester) {}
  void write(const unsigned char* data, std::size_t size) override {
    digester_.update({reinterpret_cast<const char*>(data), size});
  }
  void finish() override {}

 private:
  Digester& digester_;
};

/// Ways back up, and what no reader draws.
bool is_beside(const std::string& key) {
  static const std::set<std::string> beside = {"/Parent",       "/P",        "/Annots", "/StructParents",
                                               "/StructParent", "/Metadata", "/Length", "/PieceInfo",
                                               "/LastModified"};
  return beside.contains(key);
}

/// Digests objects and what they refer to, each indirect one once, without recursion.
class Drawing {
 public:
  explicit Drawing(Digester& digester) : digester_(digester) {}

  void add(QPDFObjectHandle object) { waiting_.push_back(std::move(object)); }
  [[nodiscard]] bool empty() const { return waiting_.empty(); }

  void take_one() {
    QPDFObjectHandle object = waiting_.back();
    waiting_.pop_back();
    if (object.isIndirect()) {
      const auto [at, first] = seen_.emplace(object.getObjGen(), seen_.size());
      put("R" + std::to_string(at->second));
      if (!first) return;
    }
    if (object.isStream()) return take_stream(object);
    if (object.isDictionary()) return take_dictionary(object);
    if (object.isArray()) return take_array(object);
    put(object.unparseResolved());
  }

 private:
  void put(const std::string& text) { digester_.update(text + '\n'); }

  void take_stream(QPDFObjectHandle& stream) {
    DigestEnd end(digester_);
    put(stream.pipeStreamData(&end, 0, qpdf_dl_none) ? "stream" : "unreadable");
    auto dictionary = stream.getDict();
    take_dictionary(dictionary);
  }

  void take_dictionary(QPDFObjectHandle& dictionary) {
    put("<<");
    for (const auto& key : dictionary.getKeys()) {
      if (is_beside(key)) continue;
      put(key);
      add(dictionary.getKey(key));
    }
  }

  void take_array(QPDFObjectHandle& array) {
    put("[" + std::to_string(array.getArrayNItems()));
    for (int i = 0; i < array.getArrayNItems(); ++i)
      add(array.getArrayItem(i));
  }

  Digester& digester_;
  std::vector<QPDFObjectHandle> waiting_;
  std::map<QPDFObjGen, std::size_t> seen_;
};

}  // namespace

std::optional<Bytes> PdfDocument::drawn() {
  // Writes what pages take over from above onto each of them, as other walks do: else they would count as
  // changed.
  visit_pages([](QPDFObjectHandle&, const VisiblePage&) {});
  Digester digester(Digester::Algorithm::sha256);
  std::string why;
  const bool done = attempt(
      [&](QPDF& qpdf) {
        Drawing drawing(digester);
        drawing.add(qpdf.getRoot().getKey("/Pages"));
        while (!drawing.empty() && impl_->look_at_one())
          drawing.take_one();
      },
      why);
  if (!done) impl_->broken_off(why);
  if (exhausted()) return std::nullopt;
  return digester.finish();
}

}  // namespace demat::papers
