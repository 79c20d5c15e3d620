#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "gateway/base/clock.hpp"
#include "gateway/signing/key_ring.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/base/finding.hpp"
#include "protocols/pes/header.hpp"
#include "protocols/pes/rules.hpp"
#include "protocols/xades/profile.hpp"
#include "protocols/xml/schema_pack.hpp"

namespace demat::pipeline {

/// What inspection needs besides the document; shared read-only.
struct InspectionContext {
  std::shared_ptr<const xml::SchemaPack> pack;
  std::set<std::string> encodings;
  std::vector<xades::Policy> policies;
};

/// The whole verdict on one document, and its signed form when the gateway signs.
struct Inspection {
  Report report;
  pes::Header header;
  pes::FlowFacts facts;
  std::optional<xades::DocumentReport> signatures;
  std::optional<std::string>
      signed_bytes;  ///< set only when `signer` was given, a signature is due and all is well
};

/// Runs every deterministic check in order: encoding, XML, schema, rules, signature (helios 4.2). With a
/// signing profile it also signs and re-verifies before giving the bytes. An Error is a matter of waiting (a
/// key in trouble, an unreadable payload); what is wrong with the document is in the report. Pure but for the
/// signer; thread-safe.
[[nodiscard]] Result<Inspection> inspect(const ByteSource& bytes, const InspectionContext& context,
                                         const signing::SigningProfile* signer, Instant now);

}  // namespace demat::pipeline
