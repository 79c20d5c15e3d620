#include "gateway/port_file.hpp"

#include <fstream>

namespace demat {

Status write_port_file(const std::filesystem::path& file, std::uint16_t port) {
  std::filesystem::path beside = file;
  beside += ".new";
  std::ofstream out(beside);
  out << port << '\n';
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(beside, file, error);
  if (out && !error) return {};
  return failure(permanent_error("http.port_file", "Le fichier du numéro de port ne peut pas être écrit.",
                                 "The port file cannot be written.", error.message()));
}

}  // namespace demat
