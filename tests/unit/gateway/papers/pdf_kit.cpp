#include "pdf_kit.hpp"

#include <zlib.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace demat::papers::kit {

PdfText& PdfText::object(int number, std::string body) {
  objects_[number] = std::move(body);
  return *this;
}

PdfText& PdfText::stream(int number, std::string_view dictionary, std::string_view data) {
  return object(number, "<< " + std::string(dictionary) + " /Length " + std::to_string(data.size()) +
                            " >>\nstream\n" + std::string(data) + "\nendstream");
}

PdfText& PdfText::trailer(std::string more) {
  trailer_ = std::move(more);
  return *this;
}

std::string PdfText::build() const {
  std::string pdf = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";
  std::map<int, std::size_t> places;
  for (const auto& [number, body] : objects_) {
    places[number] = pdf.size();
    pdf += std::to_string(number) + " 0 obj\n" + body + "\nendobj\n";
  }
  const std::size_t table = pdf.size();
  pdf += "xref\n0 1\n0000000000 65535 f \n";
  for (const auto& [number, place] : places) {
    const std::string digits = std::to_string(place);
    pdf += std::to_string(number) + " 1\n" + std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
  }
  const int size = objects_.empty() ? 1 : objects_.rbegin()->first + 1;
  pdf += "trailer\n<< /Size " + std::to_string(size) + " /Root 1 0 R " + trailer_ + " >>\nstartxref\n" +
         std::to_string(table) + "\n%%EOF\n";
  return pdf;
}

PdfText document(const std::vector<PageSpec>& pages, const std::string& catalog) {
  PdfText pdf;
  pdf.object(1, "<< /Type /Catalog /Pages 2 0 R " + catalog + " >>");
  pdf.object(3, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
  std::string kids;
  int number = 10;
  for (const PageSpec& page : pages) {
    std::string body = "<< /Type /Page /Parent 2 0 R /MediaBox " + page.media +
                       " /Resources << /Font << /F1 3 0 R >> >> /Contents " + std::to_string(number + 1) +
                       " 0 R";
    if (!page.crop.empty()) body += " /CropBox " + page.crop;
    if (page.rotate != 0) body += " /Rotate " + std::to_string(page.rotate);
    pdf.object(number, body + " " + page.more + " >>");
    pdf.stream(number + 1, "", page.content);
    kids += std::to_string(number) + " 0 R ";
    number += 2;
  }
  pdf.object(2, "<< /Type /Pages /Count " + std::to_string(pages.size()) + " /Kids [" + kids + "] >>");
  return pdf;
}

std::string deflated(std::string_view bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                bytes.size(), 9) != Z_OK)
    throw std::runtime_error("zlib failed");
  out.resize(size);
  return out;
}

Said Tools::run(std::vector<std::string> arguments) const {
  const auto log = folder_.path() / "said";
  std::filesystem::remove(log);
  arguments.front() = "/usr/bin/" + arguments.front();
  Said said;
  said.code = rig::run(arguments, log);
  said.text = rig::read_file(log);
  return said;
}

std::string Tools::file(const std::string& name, std::string_view bytes) const {
  const auto path = folder_.path() / name;
  rig::write_file(path, bytes);
  return path.string();
}

std::string Tools::read(const std::string& name) const {
  return rig::read_file(folder_.path() / name);
}

int Tools::pdfinfo_code(std::string_view pdf) const {
  return run({"pdfinfo", file("info.pdf", pdf)}).code;
}

bool Tools::sound(std::string_view pdf) const {
  return run({"qpdf", "--check", file("check.pdf", pdf)}).code == 0;
}

std::string Tools::text(std::string_view pdf) const {
  const auto in = file("text.pdf", pdf);
  if (run({"pdftotext", "-layout", "-enc", "UTF-8", in, (folder_.path() / "text.txt").string()}).code != 0)
    throw std::runtime_error("pdftotext failed");
  return read("text.txt");
}

Picture::Picture(const Tools& tools, std::string_view pdf, int page) {
  const auto in = tools.file("picture.pdf", pdf);
  const auto number = std::to_string(page);
  const auto out = tools.path("picture").string();
  const auto said = tools.run(
      {"pdftoppm", "-gray", "-cropbox", "-r", "72", "-f", number, "-l", number, "-singlefile", in, out});
  if (said.code != 0) throw std::runtime_error("pdftoppm: " + said.text);
  const std::string bytes = tools.read("picture.pgm");
  std::istringstream head(bytes);
  std::string magic;
  int most = 0;
  head >> magic >> width_ >> height_ >> most;
  if (magic != "P5" || most != 255) throw std::runtime_error("not the picture that was expected");
  grey_ = bytes.substr(static_cast<std::size_t>(head.tellg()) + 1);
}

int Picture::dark(double left, double top, double right, double bottom) const {
  int count = 0;
  for (int y = static_cast<int>(top * height_); y < static_cast<int>(bottom * height_); ++y)
    for (int x = static_cast<int>(left * width_); x < static_cast<int>(right * width_); ++x)
      if (static_cast<unsigned char>(grey_[static_cast<std::size_t>(y * width_ + x)]) < 128) ++count;
  return count;
}

Picture::Bounds Picture::inked() const {
  Bounds bounds{width_, height_, -1, -1};
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x) {
      if (static_cast<unsigned char>(grey_[static_cast<std::size_t>(y * width_ + x)]) > 250) continue;
      bounds.left = std::min(bounds.left, x);
      bounds.right = std::max(bounds.right, x);
      bounds.top = std::min(bounds.top, y);
      bounds.bottom = std::max(bounds.bottom, y);
    }
  return bounds;
}

}  // namespace demat::papers::kit
