#include "gateway/config/keys.hpp"

#include <chrono>

namespace demat::config {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t gigabyte = 1'000'000'000;
constexpr std::int64_t max_port = 65'535;
constexpr std::chrono::hours century = 24h * 36'525;

/// A key of the préfecture as a key of its destination.
Key<Destination> lifted(const Key<Prefecture>& key) {
  return {key.name,
          [set = key.set](Destination& target, const Value& value, const KeyPlace& place, Context& context) {
            set(target.prefecture, value, place, context);
          },
          [show = key.show](const Destination& to) {
            return to.mode == LinkMode::prefecture ? show(to.prefecture) : std::string();
          },
          key.is_secret};
}

std::vector<Key<Destination>> with_prefecture(std::vector<Key<Destination>> keys) {
  for (const auto& key : prefecture_keys())
    keys.push_back(lifted(key));
  return keys;
}

}  // namespace

std::span<const Key<Settings>> top_keys() {
  static const std::vector<Key<Settings>> keys{
      choice("environment", &Settings::environment,
             {{"test", std::string("test")}, {"production", std::string("production")}}),
      text("operator_name", &Settings::operator_name),
      path("data_folder", &Settings::data_folder),
      path("schema_folder", &Settings::schema_folder),
      path("backup_folder", &Settings::backup_folder),
      size("inline_payload", &Settings::inline_payload, 0, 16'777'216),
  };
  return keys;
}

std::span<const Key<Http>> http_keys() {
  static const std::vector<Key<Http>> keys{
      text("listen", &Http::listen),
      whole("port", &Http::port, 0, max_port),
      path("port_file", &Http::port_file),
      path("certificate", &Http::certificate),
      path("key", &Http::key),
      path("client_ca", &Http::client_ca),
      text("client_trust", &Http::client_trust),
      choice("client_refusal", &Http::client_refusal,
             {{"handshake", ClientRefusal::handshake}, {"request", ClientRefusal::request}}),
      size("max_payload", &Http::max_payload, 1'000, 4 * gigabyte),
      whole("max_connections", &Http::max_connections, 1, 100'000),
      size("memory_budget", &Http::memory_budget, 1'000'000, 64 * gigabyte),
      duration("header_timeout", &Http::header_timeout, 1s, 1h),
      duration("idle_timeout", &Http::idle_timeout, 1s, 24h),
      duration("body_timeout", &Http::body_timeout, 1s, 24h),
      text("metrics_listen", &Http::metrics_listen),
  };
  return keys;
}

std::span<const Key<Antivirus>> antivirus_keys() {
  static const std::vector<Key<Antivirus>> keys{
      flag("enabled", &Antivirus::enabled),
      text("host", &Antivirus::host),
      whole("port", &Antivirus::port, 1, max_port),
      path("socket", &Antivirus::socket),
      duration("timeout", &Antivirus::timeout, 1ms, 1h),
  };
  return keys;
}

std::span<const Key<Pipeline>> pipeline_keys() {
  static const std::vector<Key<Pipeline>> keys{
      whole("check_workers", &Pipeline::check_workers, 0, 256),
      duration("lease", &Pipeline::lease, 1s, 24h),
  };
  return keys;
}

std::span<const Key<Retry>> retry_keys() {
  static const std::vector<Key<Retry>> keys{
      duration("first", &Retry::first, 1ms, 24h),
      duration("max", &Retry::max, 1ms, 24h * 7),
      number("factor", &Retry::factor, 1.0, 100.0),
      number("jitter", &Retry::jitter, 0.0, 0.9),
  };
  return keys;
}

std::span<const Key<Checks>> checks_keys() {
  static const std::vector<Key<Checks>> keys{texts("encodings", &Checks::encodings),
                                             flag("second_opinion", &Checks::second_opinion)};
  return keys;
}

std::span<const Key<Marche>> marche_keys() {
  static const std::vector<Key<Marche>> keys{flag("ordering", &Marche::ordering)};
  return keys;
}

std::span<const Key<Log>> log_keys() {
  static const std::vector<Key<Log>> keys{
      choice("level", &Log::level,
             {{"debug", std::string("debug")},
              {"info", std::string("info")},
              {"warning", std::string("warning")},
              {"error", std::string("error")}}),
      path("file", &Log::file),
  };
  return keys;
}

std::span<const Key<Breaker>> breaker_keys() {
  static const std::vector<Key<Breaker>> keys{
      whole("failures", &Breaker::failures, 0, 1'000),
      duration("rest", &Breaker::rest, 10ms, 24h),
      duration("max_rest", &Breaker::max_rest, 10ms, 24h),
  };
  return keys;
}

std::span<const Key<Deadlines>> deadlines_keys() {
  static const std::vector<Key<Deadlines>> keys{
      whole("acquit_working_days", &Deadlines::acquit_working_days, 1, 60),
      duration("to_sign", &Deadlines::to_sign, 1s, 24h * 366),
      duration("queued", &Deadlines::queued, 1s, 24h * 366),
      texts("holidays", &Deadlines::holidays),
      flag("alsace_moselle", &Deadlines::alsace_moselle),
      duration("acte_ar", &Deadlines::acte_ar, 1s, 24h * 366),
      whole("acte_silence_days", &Deadlines::acte_silence_days, 1, 366),
      whole("letter_answer_days", &Deadlines::letter_answer_days, 1, 60),
      whole("simple_letter_answer_days", &Deadlines::simple_letter_answer_days, 0, 60),
  };
  return keys;
}

std::span<const Key<Retention>> retention_keys() {
  static const std::vector<Key<Retention>> keys{
      flag("enabled", &Retention::enabled),
      duration("succeeded", &Retention::succeeded, 24h, century),
      duration("failed", &Retention::failed, 24h, century),
      duration("returns", &Retention::returns, 24h, century),
      duration("traces", &Retention::traces, 24h, century),
  };
  return keys;
}

std::span<const Key<Push>> push_keys() {
  static const std::vector<Key<Push>> keys{
      texts("allowed_hosts", &Push::allowed_hosts),
      path("ca", &Push::ca),
      duration("timeout", &Push::timeout, 100ms, 1h),
      duration("give_up", &Push::give_up, 1s, 24h * 366),
  };
  return keys;
}

std::span<const Key<Mail>> mail_keys() {
  static const std::vector<Key<Mail>> keys{
      text("url", &Mail::url),
      flag("starttls", &Mail::starttls),
      path("ca", &Mail::ca),
      text("user", &Mail::user),
      secret_inline("password", &Mail::password),
      secret_file("password_file", &Mail::password),
      text("helo", &Mail::helo),
      text("from", &Mail::from),
      text("from_name", &Mail::from_name),
      text("label", &Mail::label),
      text("public_url", &Mail::public_url),
      duration("connect_timeout", &Mail::connect_timeout, 100ms, 10min),
      duration("timeout", &Mail::timeout, 100ms, 1h),
      whole("per_connection", &Mail::per_connection, 1, 1'000),
      duration("retry_first", &Mail::retry_first, 10ms, 24h),
      duration("retry_max", &Mail::retry_max, 10ms, 24h * 7),
      duration("give_up", &Mail::give_up, 1s, 24h * 366),
      duration("alarm_after", &Mail::alarm_after, 1s, 24h * 366),
      duration("keep", &Mail::keep, 24h, century),
  };
  return keys;
}

std::span<const Key<Guards>> guards_keys() {
  static const std::vector<Key<Guards>> keys{
      size("min_free_disk", &Guards::min_free_disk, 0, 1'000'000 * gigabyte),
      whole("max_per_certificate", &Guards::max_per_certificate, 1, 100'000),
      whole("max_uploads", &Guards::max_uploads, 1, 100'000),
      duration("upload_life", &Guards::upload_life, 1min, 24h * 30),
      duration("idempotency_life", &Guards::idempotency_life, 1min, 24h * 30),
      wholes("expiry_days", &Guards::expiry_days, 1, 3'650),
  };
  return keys;
}

std::span<const Key<Window>> window_keys() {
  using W = Window;
  static const std::vector<Key<W>> keys{
      text("name", &W::name),
      text("destination", &W::destination),
      texts("days", &W::days),
      text("from", &W::from),
      text("to", &W::to),
      text("first_day", &W::first_day),
      text("last_day", &W::last_day),
      size("bytes_per_hour", &W::bytes_per_hour, 0, 1'000'000 * gigabyte),
  };
  return keys;
}

std::span<const Key<Destination>> destination_keys() {
  using D = Destination;
  static const std::vector<Key<D>> keys = with_prefecture({
      text("name", &D::name),
      choice("environment", &D::environment,
             {{"test", std::string("test")}, {"production", std::string("production")}}),
      choice("mode", &D::mode,
             {{"ftp_simulator", LinkMode::ftp_simulator},
              {"gateway_ftp", LinkMode::gateway_ftp},
              {"passtrans_ftps", LinkMode::passtrans_ftps},
              {"passtrans_sftp", LinkMode::passtrans_sftp},
              {"prefecture", LinkMode::prefecture}}),
      text("host", &D::host),
      whole("port", &D::port, 0, max_port),
      text("user", &D::user),
      secret_inline("password", &D::password),
      secret_file("password_file", &D::password),
      path("key", &D::key),
      secret_inline("key_passphrase", &D::key_passphrase),
      secret_file("key_passphrase_file", &D::key_passphrase),
      path("known_hosts", &D::known_hosts),
      path("ca", &D::ca),
      choice("max_tls", &D::max_tls,
             {{"", std::string()}, {"1.2", std::string("1.2")}, {"1.3", std::string("1.3")}}),
      flag("passive", &D::passive),
      text("send_directory", &D::send_directory),
      text("return_directory", &D::return_directory),
      choice("put", &D::put,
             {{"direct", PutMode::direct}, {"temporary_then_rename", PutMode::temporary_then_rename}}),
      flag("delete_after_fetch", &D::delete_after_fetch),
      flag("listing_is_conclusive", &D::listing_is_conclusive),
      text("p_appli", &D::p_appli),
      text("p_dest", &D::p_dest),
      text("p_msg", &D::p_msg),
      text("remote_name", &D::remote_name),
      duration("poll_every", &D::poll_every, 10ms, 24h),
      size("max_return", &D::max_return, 1'000, 16 * gigabyte),
      duration("connect_timeout", &D::connect_timeout, 10ms, 1h),
      duration("transfer_timeout", &D::transfer_timeout, 10ms, 24h),
      whole("senders", &D::senders, 1, 64),
      text("trust", &D::trust),
      choice("on_indeterminate", &D::doubt_waits, {{"wait", true}, {"warn", false}}),
  });
  return keys;
}

std::span<const Key<Trust>> trust_keys() {
  using T = Trust;
  static const std::vector<Key<T>> keys{
      text("name", &T::name),
      path("folder", &T::folder),
      text("level", &T::level),
      texts("policies", &T::policies),
      choice("non_repudiation", &T::non_repudiation,
             {{"tolerant", UsageRule::tolerant},
              {"if_stated", UsageRule::if_stated},
              {"strict", UsageRule::strict}}),
      flag("strict_x509", &T::strict_x509),
      whole("max_depth", &T::max_depth, 0, 20),
      choice("revocation", &T::revocation,
             {{"required", RevocationRule::required},
              {"warn", RevocationRule::warn},
              {"off", RevocationRule::off}}),
      choice("revocation_by", &T::revocation_by,
             {{"either", RevocationSource::either},
              {"crl", RevocationSource::crl},
              {"ocsp", RevocationSource::ocsp}}),
      duration("crl_max_age", &T::crl_max_age, 0ms, 24h * 366),
      duration("crl_grace", &T::crl_grace, 0ms, 24h * 366),
      flag("archive", &T::archive),
      flag("fetch", &T::fetch),
      texts("fetch_hosts", &T::fetch_hosts),
      duration("fetch_every", &T::fetch_every, 1s, 24h * 31),
      duration("fetch_timeout", &T::fetch_timeout, 100ms, 1h),
      size("fetch_max", &T::fetch_max, 1'000, gigabyte),
  };
  return keys;
}

}  // namespace demat::config
