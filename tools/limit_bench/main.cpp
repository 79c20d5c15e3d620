// limit_bench: the bare library costs of the stages of one flow, and their sums L and L'.

#include <libxml/parser.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>

#include "protocols/base/limits.hpp"
#include "protocols/xades/profile.hpp"
#include "protocols/xml/parser.hpp"
#include "tests/support/pes_samples.hpp"
#include "tools/limit_bench/terms.hpp"

namespace {

namespace samples = demat::samples;
using limit_bench::Effort;
using limit_bench::Identity;

constexpr const char* usage =
    "limit_bench [--size BYTES]... [--unsigned] [--schemas FOLDER] [--batches N] [--json]\n"
    "            [--peer ftp://user:password@host:port/folder/]\n"
    "            [--peer sftp://user@host:port/folder/ --peer-key FILE --known-hosts FILE]\n"
    "Prints the CPU cost (microseconds) of each bare library stage of a depense flow that the gateway signs\n"
    "(--unsigned: that it relays as it came), and the sums L (one parse, one payload, intake only) and L'\n"
    "(all stages of the road). Without --peer the put is left out.\n";

struct Options {
  std::vector<std::size_t> sizes;
  std::string schemas = "schemas/pes/5.30";
  limit_bench::Peer peer;
  Effort effort;
  bool is_signed = true;
  bool json = false;
};

struct Term {
  std::string name;
  double us;
  bool in_l;
  bool in_l_prime;
};

Options read_options(int count, char** arguments) {
  Options options;
  const auto number = [](std::string_view text) {
    std::size_t value = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (wrong != std::errc{} || end != text.data() + text.size())
      throw std::runtime_error("not a number: " + std::string(text));
    return value;
  };
  for (int i = 1; i < count; ++i) {
    const std::string_view name = arguments[i];
    if (name == "--json") {
      options.json = true;
      continue;
    }
    if (name == "--unsigned") {
      options.is_signed = false;
      continue;
    }
    if (++i == count) throw std::runtime_error(usage);
    if (name == "--size")
      options.sizes.push_back(number(arguments[i]));
    else if (name == "--schemas")
      options.schemas = arguments[i];
    else if (name == "--peer")
      options.peer.url = arguments[i];
    else if (name == "--peer-key")
      options.peer.key = arguments[i];
    else if (name == "--known-hosts")
      options.peer.known_hosts = arguments[i];
    else if (name == "--batches")
      options.effort.batches = number(arguments[i]);
    else
      throw std::runtime_error(usage);
  }
  if (options.sizes.empty()) options.sizes = {5'000, 100'000, 1'000'000};
  return options;
}

std::string sign(const std::string& flow, const Identity& identity) {
  const auto document = demat::xml::parse(flow);
  limit_bench::require(document.has_value(), "sample");
  demat::xades::SignRequest request;
  request.policy = demat::xades::helios_policy_1_7();
  request.statement = {"Ordonnateur", "Valjoie", "34000"};
  request.signing_time = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  request.certificate_der = identity.der;
  request.sign = [&](std::string_view bytes) -> demat::Result<demat::Bytes> {
    return limit_bench::rsa_sign(identity.key.get(), bytes);
  };
  auto signed_bytes = demat::xades::sign_pes(*document, flow, request);
  limit_bench::require(signed_bytes.has_value(), "signed sample");
  return *signed_bytes;
}

/// As many as the gateway adds: one for each bordereau.
double signatures_in(const std::string& signed_bytes) {
  double count = 0;
  for (std::size_t at = 0; (at = signed_bytes.find("<ds:SignatureValue", at)) != std::string::npos; ++at)
    ++count;
  return count;
}

/// What a signature costs beyond the relayed flow.
void add_signing(std::vector<Term>& terms, const Effort& effort, const std::string& flow,
                 const std::string& signed_bytes, const Identity& identity, double c14n) {
  const std::string inserted(signed_bytes.size() - flow.size(), 's');
  const double rsa = limit_bench::rsa_term(effort, identity) * signatures_in(signed_bytes);
  terms.push_back({"exc-c14n and digest", c14n, true, true});
  terms.push_back({"RSA-2048, each signature", rsa, true, true});
  terms.push_back({"splice", limit_bench::splice_term(effort, flow, inserted), true, true});
  terms.push_back(
      {"re-verification", limit_bench::reverify_term(effort, signed_bytes, identity), false, true});
}

std::vector<Term> measure(const Options& options, const std::string& flow, const Identity& identity) {
  const Effort& effort = options.effort;
  const std::string added = options.is_signed ? sign(flow, identity) : std::string();
  const std::string& leaving = options.is_signed ? added : flow;
  const auto outline = samples::outline_of(demat::xml::MemorySource(flow));
  limit_bench::require(outline.has_value(), "outline");
  const std::string acquit = samples::acquit(*outline, samples::Verdict::positive);
  const auto xml = limit_bench::xml_terms(effort, flow, options.schemas + "/pes_aller.xsd");
  const auto durable = [&](std::size_t group) {
    return limit_bench::durable_term(effort, flow, added, acquit, group, demat::limits::inline_payload);
  };
  std::vector<Term> terms{{"TLS in", limit_bench::tls_term(effort, flow.size(), identity), true, true},
                          {"SHA-256", limit_bench::sha256_term(effort, flow), true, true},
                          {"SHA-1", limit_bench::sha1_term(effort, flow), false, true},
                          {"parse (libxml2 DOM)", xml.parse, true, true},
                          {"XSD", xml.validate, true, true}};
  if (options.is_signed) add_signing(terms, effort, flow, added, identity, xml.c14n);
  terms.push_back({"durable writes, groups of 10", durable(10), false, true});
  terms.push_back({"durable writes, one by one", durable(1), false, false});
  terms.push_back({"acquit parse", limit_bench::parse_term(effort, acquit), false, true});
  terms.push_back({"one payload stored",
                   limit_bench::payload_term(effort, flow, demat::limits::inline_payload), true, false});
  if (!options.peer.url.empty())
    terms.push_back({"put to the peer", limit_bench::put_term(effort, options.peer, leaving), false, true});
  return terms;
}

double sum(const std::vector<Term>& terms, bool Term::*member) {
  double total = 0;
  for (const auto& term : terms)
    if (term.*member) total += term.us;
  return total;
}

void print(const std::vector<Term>& terms, std::size_t size, bool json) {
  const double l = sum(terms, &Term::in_l);
  const double l_prime = sum(terms, &Term::in_l_prime);
  if (json) {
    std::printf("{\"bytes\":%zu,\"L\":%.1f,\"L_prime\":%.1f,\"terms\":[", size, l, l_prime);
    for (std::size_t i = 0; i < terms.size(); ++i)
      std::printf("%s{\"name\":\"%s\",\"us\":%.1f}", i == 0 ? "" : ",", terms[i].name.c_str(), terms[i].us);
    std::printf("]}\n");
    return;
  }
  std::printf("flow of %zu bytes, us of CPU\n", size);
  for (const auto& term : terms)
    std::printf("  %-32s %10.1f  %s%s\n", term.name.c_str(), term.us, term.in_l ? "L " : "",
                term.in_l_prime ? "L'" : "");
  std::printf("  L = %.0f   L' = %.0f\n\n", l, l_prime);
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const Options options = read_options(count, arguments);
    // The TLS writer learns from its write that the reader has gone.
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    xmlInitParser();
    const Identity identity = limit_bench::make_identity();
    for (const std::size_t size : options.sizes) {
      const std::string flow = samples::depense({}, samples::shape_of_size(size));
      print(measure(options, flow, identity), flow.size(), options.json);
    }
    return 0;
  } catch (const std::exception& failed) {
    std::cerr << failed.what() << '\n';
    return 1;
  }
}
