#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/rig/process.hpp"

namespace demat::papers::kit {

/// A PDF written by hand: objects by number, a classic cross-reference table, a trailer with /Root 1 0 R.
class PdfText {
 public:
  PdfText& object(int number, std::string body);
  PdfText& stream(int number, std::string_view dictionary, std::string_view data);
  PdfText& trailer(std::string more);
  [[nodiscard]] std::string build() const;

 private:
  std::map<int, std::string> objects_;
  std::string trailer_;
};

/// One page of a test document.
struct PageSpec {
  std::string media = "[0 0 595 842]";
  std::string crop;  ///< none when empty
  int rotate = 0;
  std::string more;  ///< further entries of the page's dictionary
  std::string content = "BT /F1 14 Tf 60 400 Td (Bonjour) Tj ET";
};

/// A document of those pages with Helvetica; `catalog` adds entries to the catalog, `objects` are numbered
/// from 1000 on by whoever adds them.
[[nodiscard]] PdfText document(const std::vector<PageSpec>& pages, const std::string& catalog = {});

[[nodiscard]] std::string deflated(std::string_view bytes);

/// What a tool said.
struct Said {
  int code = 0;
  std::string text;
};

/// Programs of qpdf and poppler on a private folder.
class Tools {
 public:
  [[nodiscard]] Said run(std::vector<std::string> arguments) const;
  /// Puts bytes into a file of the folder, and tells its path.
  [[nodiscard]] std::string file(const std::string& name, std::string_view bytes) const;
  [[nodiscard]] std::string read(const std::string& name) const;
  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

  [[nodiscard]] int pdfinfo_code(std::string_view pdf) const;
  [[nodiscard]] bool sound(std::string_view pdf) const;  ///< `qpdf --check` has nothing to say
  [[nodiscard]] std::string text(std::string_view pdf) const;

 private:
  rig::TempFolder folder_;
};

/// A page as shown, in grey; 72 dots per inch, so a dot is a point.
class Picture {
 public:
  Picture(const Tools& tools, std::string_view pdf, int page = 1);
  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  /// Dots darker than half in a part of the page, given in fractions of it from the top left.
  [[nodiscard]] int dark(double left, double top, double right, double bottom) const;
  struct Bounds {
    int left, top, right, bottom;
  };
  /// What is not white.
  [[nodiscard]] Bounds inked() const;

 private:
  int width_ = 0;
  int height_ = 0;
  std::string grey_;
};

}  // namespace demat::papers::kit
