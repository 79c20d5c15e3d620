#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Reading answers of the gateway without trusting their shape: what is absent or of another type is empty.
namespace demat::ctl {

/// A text; numbers and booleans are written out.
[[nodiscard]] std::string text_of(const boost::json::object& object, std::string_view key);
/// A whole number that is not negative; 0 otherwise.
[[nodiscard]] std::int64_t number_of(const boost::json::object& object, std::string_view key);
[[nodiscard]] bool flag_of(const boost::json::object& object, std::string_view key, bool otherwise = false);
[[nodiscard]] const boost::json::object* object_of(const boost::json::object& object, std::string_view key);
/// The objects of a list; anything else in it is left out.
[[nodiscard]] std::vector<boost::json::object> objects_of(const boost::json::object& object,
                                                          std::string_view key);
[[nodiscard]] std::vector<std::string> texts_of(const boost::json::object& object, std::string_view key);

/// One text, with blanks between.
[[nodiscard]] std::string joined(const std::vector<std::string>& texts);
[[nodiscard]] boost::json::array as_array(const std::vector<std::string>& texts);

}  // namespace demat::ctl
