#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace demat::fuzz {

/// Changes signed XML as somebody would who knows it: elements moved, exchanged, doubled and hidden, names
/// given to others, things slipped in. What it makes is mostly well-formed.
class SignedMutator {
 public:
  explicit SignedMutator(unsigned seed) : random_(seed) {}

  [[nodiscard]] std::size_t below(std::size_t limit) {
    return limit == 0 ? 0 : std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  [[nodiscard]] std::string changed(const std::string& bytes) {
    const auto elements = elements_of(bytes);
    if (elements.size() < 3) return bytes;
    const auto& one = elements[1 + below(elements.size() - 1)];
    const auto& other = elements[1 + below(elements.size() - 1)];
    switch (below(8)) {
      case 0:
        return std::string(bytes).erase(one.begin, one.size());
      case 1:
        return std::string(bytes).insert(other.end, bytes.substr(one.begin, one.size()));
      case 2:
        return std::string(bytes).insert(other.content, bytes.substr(one.begin, one.size()));
      case 3:
        return exchanged(bytes, one, other);
      case 4:
        return wrapped(bytes, one);
      case 5:
        return with_value_of_another(bytes);
      case 6:
        return std::string(bytes).insert(one.content, pick());
      default:
        return std::string(bytes).insert(one.begin + 1 + bytes.substr(one.begin + 1).find_first_of(" />"),
                                         pick_attribute());
    }
  }

 private:
  struct Span {
    std::size_t begin = 0;
    std::size_t content = 0;  ///< after the start tag
    std::size_t end = 0;      ///< after the end tag
    [[nodiscard]] std::size_t size() const { return end - begin; }
  };

  /// By their tags alone; what is no well-formed XML gives fewer.
  static std::vector<Span> elements_of(const std::string& bytes) {
    std::vector<Span> found;
    std::vector<std::size_t> open;
    for (auto at = bytes.find('<'); at != std::string::npos; at = bytes.find('<', at + 1)) {
      const auto close = bytes.find('>', at);
      if (close == std::string::npos) break;
      const char kind = bytes[at + 1];
      if (kind == '?' || kind == '!') continue;
      if (kind == '/') {
        if (open.empty()) break;
        found[open.back()].end = close + 1;
        open.pop_back();
        continue;
      }
      found.push_back({at, close + 1, close + 1});
      if (bytes[close - 1] == '/')
        found.back().content = at;  // nothing fits inside: before it
      else
        open.push_back(found.size() - 1);
    }
    return found;
  }

  static std::string exchanged(const std::string& bytes, Span one, Span other) {
    if (other.begin < one.begin) std::swap(one, other);
    if (other.begin < one.end) return bytes;
    return bytes.substr(0, one.begin) + bytes.substr(other.begin, other.size()) +
           bytes.substr(one.end, other.begin - one.end) + bytes.substr(one.begin, one.size()) +
           bytes.substr(other.end);
  }

  std::string wrapped(std::string bytes, const Span& one) {
    constexpr std::string_view names[] = {"x", "Bordereau", "PES_DepenseAller", "PES_RecetteAller", "PES_PJ"};
    const std::string name(names[below(std::size(names))]);
    bytes.insert(one.end, "</" + name + ">");
    return bytes.insert(one.begin, "<" + name + ">");
  }

  /// One quoted value in place of another: Ids, URIs and algorithms change their bearers.
  std::string with_value_of_another(const std::string& bytes) {
    std::vector<std::pair<std::size_t, std::size_t>> values;
    for (auto at = bytes.find("=\""); at != std::string::npos;) {
      const auto end = bytes.find('"', at + 2);
      if (end == std::string::npos) break;
      values.emplace_back(at + 2, end - at - 2);
      at = bytes.find("=\"", end);
    }
    if (values.empty()) return bytes;
    const auto& [to, old] = values[below(values.size())];
    const auto& [from, size] = values[below(values.size())];
    auto value = bytes.substr(from, size);
    if (below(3) == 0) value = value.starts_with('#') ? value.substr(1) : "#" + value;
    return std::string(bytes).replace(to, old, value);
  }

  std::string pick() {
    constexpr std::string_view pieces[] = {
        "<!-- c -->",
        "<?p i?>",
        "<![CDATA[]]>",
        "&#32;",
        " ",
        "A",
        "=",
        "<ds:Object xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>",
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>",
        "<ds:Transform xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" "
        "Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
        "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"n xsi "
        "ds\"/>",
        "<Bordereau Id=\"BORD1\"/>",
        "<r:e xmlns:r=\"r\"/>",
        "<e xmlns=\"urn:e\"><f xmlns=\"\"/></e>",
    };
    return std::string(pieces[below(std::size(pieces))]);
  }

  std::string pick_attribute() {
    constexpr std::string_view pieces[] = {
        " Id=\"BORD1\"",
        " ID=\"BORD1\"",
        " xml:id=\"BORD1\"",
        " xmlns=\"urn:e\"",
        " xmlns:ds=\"urn:d\"",
        " xmlns:n=\"urn:n\"",
        " xmlns:xad=\"urn:x\"",
        " xml:lang=\"fr\"",
        " URI=\"\"",
        " Type=\"#Manifest\"",
        " z:a=\"1\" xmlns:z=\"urn:z\"",
    };
    return std::string(pieces[below(std::size(pieces))]);
  }

  std::mt19937 random_;
};

}  // namespace demat::fuzz
