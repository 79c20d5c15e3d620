#pragma once

#include <cstddef>

/// Named limits with their default values (stack rule 12). Those an operator may change are also keys of the
/// configuration; the code never repeats a number.
namespace demat::limits {

inline constexpr std::size_t max_payload = 100'000'000;  ///< bytes of one file; 100 Mo decimal (R-17)
inline constexpr std::size_t inline_payload = 262'144;   ///< up to here a payload lives in the row (stack D1)
inline constexpr std::size_t max_xml_depth = 64;         ///< elements inside each other (signature S6)
inline constexpr std::size_t max_xml_attributes = 64;    ///< attributes of one element
inline constexpr std::size_t max_xml_namespaces = 64;    ///< namespace declarations of one element
inline constexpr std::size_t max_xml_name = 1'000;       ///< bytes of one name
inline constexpr std::size_t max_attribute_value = 65'536;  ///< bytes of one attribute value
inline constexpr std::size_t max_header_bytes = 1'048'576;  ///< the PES header must end before this offset
inline constexpr std::size_t max_dom_bytes =
    8'388'608;                                        ///< larger unsigned documents take the streaming road
inline constexpr std::size_t max_signatures = 2'000;  ///< ds:Signature of one document
inline constexpr std::size_t max_findings = 200;      ///< findings kept of one check; a last one says so
inline constexpr std::size_t max_return_bytes = 314'572'800;  ///< one return file (helios B13)
inline constexpr std::size_t max_page = 500;                  ///< rows of one page of a list
inline constexpr std::size_t default_page = 50;

}  // namespace demat::limits
