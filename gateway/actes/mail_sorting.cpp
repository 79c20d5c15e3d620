#include "gateway/actes/mail_sorting.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gateway/actes/mail_settler.hpp"
#include "protocols/actes/read.hpp"

namespace demat::actes_road {
namespace {

/// XML of a mail that is read whole although it is large: a budget, a form, an odd message.
constexpr std::uint64_t most_xml = 16'777'216;

}  // namespace

bool is_xml(const mail::Attachment& file) {
  return actes::sniff(file.bytes) == actes::Media::xml;
}

Status complete_xml(mail::Message& mail, const ByteSource& bytes) {
  std::uint64_t taken = 0;
  for (auto& file : mail.attachments) {
    if (file.whole() || file.nested || !is_xml(file) || taken + file.size > most_xml) continue;
    taken += file.size;
    std::string whole;
    whole.reserve(file.size);
    const auto poured = mail::pour(bytes, file, [&](std::string_view piece) {
      whole += piece;
      return Status();
    });
    if (!poured) return poured;
    file.bytes = std::move(whole);
  }
  return {};
}

bool is_multi_canal_notice(const mail::Message& mail) {
  if (std::any_of(mail.attachments.begin(), mail.attachments.end(), is_xml)) return false;
  return std::any_of(mail.bodies.begin(), mail.bodies.end(), [](const mail::Body& body) {
    std::string text;
    for (const char c : body.text)
      text.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    return text.find("multi canal") != std::string::npos || text.find("multi-canal") != std::string::npos ||
           text.find("multicanal") != std::string::npos;
  });
}

MailSettler::Sorted MailSettler::sort(const mail::Message& mail) {
  Sorted out;
  std::vector<std::pair<std::string, std::string>> unread;  // name and code
  for (const auto& file : mail.attachments) {
    if (file.nested || !is_xml(file)) continue;
    auto read = actes::read(file.bytes);
    if (!read) {
      unread.emplace_back(file.name, read.error().code);
      continue;
    }
    if (auto* message = std::get_if<actes::Message>(&read->content)) {
      out.messages.push_back({&file, std::move(*message)});
    } else if (auto* envelope = std::get_if<actes::PrefectureEnvelope>(&read->content)) {
      out.envelope = std::move(*envelope);
      out.envelope_file = &file;
    } else if (auto* anomaly = std::get_if<actes::EnvelopeAnomaly>(&read->content)) {
      out.anomaly = std::move(*anomaly);
      out.anomaly_file = &file;
    }
  }
  // A letter may carry XML: a budget, a form, an acte. That is no message to us.
  std::set<std::string> carried;
  for (const auto& found : out.messages)
    if (!actes::info(found.message.code).from_authority)
      for (const auto& file : actes::files_of(found.message))
        carried.insert(file.name);
  std::erase_if(out.messages, [&](const Found& found) {
    return actes::info(found.message.code).from_authority && carried.contains(found.file->name);
  });
  for (const auto& [name, code] : unread) {
    if (out.unread.empty()) out.unread = code;
    if (out.broken.empty() && code != "actes.read.root" && !carried.contains(name)) out.broken = code;
  }
  return out;
}

bool MailSettler::goes_with(const Found& found, const Sorted& sorted, const mail::Attachment& file) {
  if (file.role != mail::Role::attachment || file.nested) return false;
  // The envelope stays in the mail: it is no part of what was written.
  if (&file == sorted.envelope_file || &file == sorted.anomaly_file) return false;
  const auto names = [&file](const Found& one) {
    const auto files = actes::files_of(one.message);
    return std::any_of(files.begin(), files.end(),
                       [&file](const actes::SignedFile& named) { return named.name == file.name; });
  };
  if (&file == found.file || names(found)) return true;
  return std::none_of(sorted.messages.begin(), sorted.messages.end(),
                      [&](const Found& other) { return &file == other.file || names(other); });
}

}  // namespace demat::actes_road
