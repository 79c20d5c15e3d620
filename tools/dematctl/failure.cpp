#include "tools/dematctl/failure.hpp"

#include <array>
#include <boost/json/parse.hpp>

#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

struct Mapping {
  int status;
  Exit exit;
};
constexpr std::array mappings{
    Mapping{401, Exit::denied},      Mapping{403, Exit::denied},      Mapping{404, Exit::not_found},
    Mapping{409, Exit::conflict},    Mapping{429, Exit::unavailable}, Mapping{500, Exit::unavailable},
    Mapping{502, Exit::unavailable}, Mapping{503, Exit::unavailable}, Mapping{504, Exit::unavailable}};

}  // namespace

Exit exit_of_status(int status) {
  if (status >= 200 && status < 300) return Exit::ok;
  for (const Mapping& mapping : mappings) {
    if (mapping.status == status) return mapping.exit;
  }
  return Exit::refused;
}

tl::unexpected<Failure> usage_failure(std::string_view code, std::string_view fr, std::string_view en) {
  return fail({Exit::usage, permanent_error(code, fr, en), {}});
}

Failure from_problem(int status, const std::string& body) {
  Failure failure;
  failure.exit = exit_of_status(status);
  boost::system::error_code wrong;
  const auto value = boost::json::parse(body, wrong);
  const std::string number = std::to_string(status);
  if (wrong || !value.is_object()) {
    failure.error = permanent_error("http." + number, "La passerelle a répondu " + number + ".",
                                    "The gateway answered " + number + ".");
    return failure;
  }
  failure.problem = value.as_object();
  const auto& problem = failure.problem;
  failure.error =
      permanent_error(text_of(problem, "code"), text_of(problem, "detail"), text_of(problem, "detail_en"));
  if (failure.error.code.empty()) failure.error.code = "http." + number;
  if (failure.error.fr.empty()) failure.error.fr = "La passerelle a répondu " + number + ".";
  if (const auto* place = object_of(problem, "place")) {
    failure.error.place.line = static_cast<std::size_t>(number_of(*place, "line"));
    failure.error.place.path = text_of(*place, "path");
  }
  return failure;
}

Failure damaged() {
  return {Exit::network,
          permanent_error("ctl.damaged", "Les octets reçus ne sont pas ceux annoncés ; recommencez.",
                          "The bytes received are not those announced; try again."),
          {}};
}

Failure no_acquit() {
  return {Exit::not_found,
          permanent_error("ctl.no_acquit", "Aucun acquit n'est encore arrivé pour ce flux.",
                          "No acquit has come for this flow yet."),
          {}};
}

}  // namespace demat::ctl
