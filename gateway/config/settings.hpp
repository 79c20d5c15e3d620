#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocols/base/limits.hpp"

/// The typed configuration, already checked: what the rest of the daemon sees. Plain values with their
/// defaults; the reader is in config.hpp.
namespace demat::config {

/// A secret read from a file or the environment; never logged, has no stream operator.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

/// Where a client whose certificate the trust profile refuses is told so: by a TLS alert, or by an answer
/// with the reason.
enum class ClientRefusal { handshake, request };

struct Http {
  std::string listen = "127.0.0.1";
  std::uint16_t port = 8443;  ///< 0: any free one, written to port_file
  std::filesystem::path port_file;
  std::filesystem::path certificate;  ///< PEM chain
  std::filesystem::path key;
  std::filesystem::path client_ca;  ///< PEM: who may issue client certificates; or
  std::string client_trust;         ///< the [[trust]] that judges them; apart from those of signers
  ClientRefusal client_refusal = ClientRefusal::handshake;  ///< with client_trust
  std::size_t max_payload = limits::max_payload;
  std::size_t max_connections = 512;
  std::size_t memory_budget = 64'000'000;  ///< bytes of bodies in memory; above it 503
  std::chrono::seconds header_timeout{15};
  std::chrono::seconds idle_timeout{60};
  std::chrono::seconds body_timeout{600};
  std::string metrics_listen;  ///< "127.0.0.1:9464": /livez /readyz /metrics in clear; empty: off
};

enum class LinkMode { ftp_simulator, gateway_ftp, passtrans_ftps, passtrans_sftp, prefecture };
enum class PutMode { direct, temporary_then_rename };
/// How an envelope stands in the multipart body: one file part named after the archive, or the three parts
/// name, filename, file (actes 5.1).
enum class PartStyle { single, three_parts };

/// The ministry's side of ACTES (actes 5): where envelopes are posted, and our mailbox, which it answers to.
/// Client key and its passphrase, `ca`, `max_tls`, basic authentication (user, password) and the timeouts are
/// those of the Destination.
struct Prefecture {
  std::string post_url;                 ///< https; neither credentials nor a query string
  std::vector<int> success_codes{201};  ///< the legacy servers answer 200
  PartStyle part_style = PartStyle::single;
  std::filesystem::path certificate;  ///< PEM: our client certificate, its key in Destination::key
  std::vector<std::string> pins;      ///< "sha256//<base64>" of the server's public key; one must match
  bool verify_hostname = true;        ///< false: legacy servers only, and then a pin is required
  bool server_error_means_not_delivered = false;  ///< what 5xx after the whole body tells; else ambiguous
  std::string user_agent = "curl/*";              ///< what the new servers are known to take
  std::string mail_host;                          ///< IMAPS
  std::uint16_t mail_port = 993;
  std::string mail_user;
  Secret mail_password;
  std::filesystem::path mail_ca;
  std::string mail_folder = "INBOX";
  std::string trigramme;                      ///< given by the ministry to the operator
  std::string quadrigramme = "TACT";          ///< "EACT" in production (actes 2.1)
  std::vector<std::string> return_addresses;  ///< AdressesRetour; our own mailbox first
  std::size_t max_archive = 157'286'400;      ///< bytes of the tar.gz (actes 2.3)
};

/// A place of the State (helios §6, actes 5).
struct Destination {
  std::string name;
  std::string environment = "test";  ///< a "test" gateway talks to "test" destinations only
  LinkMode mode = LinkMode::passtrans_sftp;
  std::string host;
  std::uint16_t port = 0;  ///< 0: 21 or 22
  std::string user;
  Secret password;            ///< FTP(S); optional for SFTP with a key
  std::filesystem::path key;  ///< SFTP private key; of the client certificate for a préfecture
  Secret key_passphrase;
  std::filesystem::path known_hosts;  ///< SFTP: required
  std::filesystem::path ca;           ///< FTPS: required; préfecture: required without a pin
  std::string max_tls;                ///< "1.2" for peers that want session reuse (stack N3)
  bool passive = true;
  std::string send_directory = "/entree/";
  std::string return_directory = "/sortie/";
  PutMode put = PutMode::direct;
  bool delete_after_fetch = false;     ///< simulator only: the DGFiP removes files itself (helios 6.2)
  bool listing_is_conclusive = false;  ///< deposits stay visible: an absent name was not delivered
  std::string p_appli = "THELPES2";
  std::string p_dest;  ///< default for routes that give none
  std::string p_msg = "PES#{CodCol}#{IdPost}#{CodBud}";
  std::string remote_name;  ///< template; empty: the mode's usual one (helios 3.2)
  std::chrono::milliseconds poll_every{60'000};
  std::size_t max_return = limits::max_return_bytes;  ///< bytes of one file fetched (helios B13)
  std::chrono::milliseconds connect_timeout{30'000};
  std::chrono::milliseconds transfer_timeout{600'000};
  std::size_t senders = 1;  ///< parallel connections for sending
  std::string trust;  ///< name of the [[trust]] that judges signers; empty: signatures alone are checked
  bool doubt_waits = true;  ///< a signer that cannot be judged now: the flow waits; else it leaves, warned
  Prefecture prefecture;    ///< with that mode only
};

/// When one destination may be sent to, and how much (R-13, helios 6.4). None for a destination: free to
/// send. Days and hours are those of Europe/Paris.
struct Window {
  std::string name;
  std::string destination;
  std::vector<std::string> days{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  std::string from = "00:00";      ///< HH:MM
  std::string to = "24:00";        ///< HH:MM, excluded; before `from`: over midnight
  std::string first_day;           ///< 2026-01-31; empty: always
  std::string last_day;            ///< included; empty: for ever
  std::size_t bytes_per_hour = 0;  ///< each hour of the clock is a slot with this budget; 0: no bound
};

/// Rest for a destination that fails again and again.
struct Breaker {
  std::size_t failures = 5;  ///< in a row, that open it; 0: never
  std::chrono::milliseconds rest{30'000};
  std::chrono::milliseconds max_rest{900'000};
};

/// When somebody must be told that something takes too long; alarms only (decisions, Verbs and states).
struct Deadlines {
  std::size_t acquit_working_days = 3;  ///< after the transmission (helios 1.7)
  std::chrono::milliseconds to_sign{432'000'000};
  std::chrono::milliseconds queued{86'400'000};   ///< ready, and still not sent
  std::vector<std::string> holidays;              ///< 2026-05-02: days off beside the legal ones
  bool alsace_moselle = false;                    ///< its two further holidays
  std::chrono::milliseconds acte_ar{14'400'000};  ///< for the AR of a message of ACTES (actes 5.4)
  std::size_t acte_silence_days = 30;             ///< after them none will come any more (actes 5.4)
  std::size_t letter_answer_days = 30;            ///< to answer a 3-1 or a 4-1
  std::size_t simple_letter_answer_days = 0;      ///< to answer a 2-1; 0: none is awaited
};

/// How long things are kept after they ended. Legal floors are in cross_checks.cpp.
struct Retention {
  bool enabled = false;                                 ///< else only by `purge` called by hand
  std::chrono::milliseconds succeeded{94'694'400'000};  ///< payloads of acknowledged and sent_final flows
  std::chrono::milliseconds failed{31'622'400'000};     ///< payloads of refused, rejected, cancelled flows
  std::chrono::milliseconds returns{94'694'400'000};    ///< bytes of returns that were read, or ignored
  std::chrono::milliseconds traces{315'619'200'000};  ///< rows, events and traces: never below 8 years (R-12)
};

/// Webhooks.
struct Push {
  std::vector<std::string> allowed_hosts;  ///< "hooks.example.fr", "*.example.fr"; none: webhooks are off
  std::filesystem::path ca;                ///< PEM; empty: the system's
  std::chrono::milliseconds timeout{10'000};
  std::chrono::milliseconds give_up{
      259'200'000};  ///< a delivery that failed this long is given up, with an alarm
};

/// Mails that tell people what the ministry has sent.
struct Mail {
  std::string url;  ///< "smtp://relay.example.fr:587" or "smtps://…"; empty: no mail is written nor sent
  bool starttls = true;      ///< with smtp://; false: in clear, to this machine only
  std::filesystem::path ca;  ///< PEM: who vouches for the server; empty: the system's
  std::string user;
  Secret password;
  std::string helo;  ///< how we name ourselves to the server; empty: the name of the machine
  std::string from;
  std::string from_name;
  std::string label;       ///< before each subject; empty: "[TEST]" in test, nothing in production
  std::string public_url;  ///< shown in each mail when given: where people find the act
  std::chrono::milliseconds connect_timeout{15'000};
  std::chrono::milliseconds timeout{60'000};      ///< of one mail, connection included
  std::size_t per_connection = 20;                ///< mails
  std::chrono::milliseconds retry_first{30'000};  ///< then twice as long each time
  std::chrono::milliseconds retry_max{1'800'000};
  std::chrono::milliseconds give_up{
      432'000'000};  ///< a recipient put off this long is given up, with an alarm
  std::chrono::milliseconds alarm_after{3'600'000};  ///< when the oldest mail that waits is an alarm
  std::chrono::milliseconds keep{7'776'000'000};     ///< rows of mails that were sent or given up
};

/// What protects the machine and the neighbours.
struct Guards {
  std::size_t min_free_disk = 1'000'000'000;  ///< bytes; below it deposits get 503 `store.disk_low` (R16)
  std::size_t max_per_certificate = 128;      ///< requests at once from one certificate; then 429
  std::size_t max_uploads = 100;              ///< unfinished resumable uploads of one identity
  std::chrono::milliseconds upload_life{86'400'000};  ///< an upload without news is dropped
  std::chrono::milliseconds idempotency_life{172'800'000};
  std::vector<int> expiry_days{90, 30, 7, 1};  ///< before the end of a certificate, when it is told
};

/// A key the gateway may sign with: in files, or in a PKCS#11 token; or what agents sign with their own.
struct SignerKey {
  std::string name;
  std::filesystem::path key;          ///< PEM key, or PKCS#12 holding both; unused with a token
  std::filesystem::path certificate;  ///< PEM; empty with PKCS#12, and where the token holds it
  Secret passphrase;
  std::filesystem::path pkcs11_module;  ///< the library of the token's maker; empty: no token
  std::string token;                    ///< label of the token
  std::string token_serial;             ///< its serial number
  std::string key_label;                ///< `key` as it is written: the label of the key in the token
  std::string key_id;                   ///< its id there, hexadecimal
  std::filesystem::path pin_file;       ///< read for each login, never kept
  bool pin_is_credential = false;       ///< of systemd, whose mode lets a group read
  bool require_hardware = false;        ///< only a key that never left its device (signature RS1)
  bool is_seal = false;                 ///< certificate of a server, not of a person (signature RS15)
  std::chrono::milliseconds margin{0};  ///< before the certificate's end, when nothing is signed any more
  std::vector<std::string> flows{"depense", "recette"};  ///< what it may sign
  std::vector<std::string> authorities;  ///< SIRENs it signs for; none: any that is routed to it
  bool signatories_only = false;         ///< each signature is asked for by a signatory of the authority
  bool by_agent = false;                 ///< no key here: an agent signs with a card of his own, in two steps
  std::chrono::milliseconds request_life{3'600'000};  ///< how long such a signature may be brought
  std::string role;
  std::string city;
  std::string postal_code;
  std::string country = "France";
  std::string policy;     ///< name or OID of the signature policy of PES; empty: the one of Hélios in force
  std::string timestamp;  ///< name of the [[timestamp]] that stamps its signatures on acts; empty: none
};

/// A document that rules signatures, and how we sign under it (signature 1.2). Those of Hélios are built in;
/// a row with the OID of one of them takes its place.
struct SignaturePolicy {
  std::string name;
  std::string oid;                            ///< "1.2.250.1…"
  std::string digest;                         ///< of the document, base64; what signers state
  std::string digest_method = "sha256";       ///< sha1, sha256, sha384, sha512
  std::vector<std::string> accepted_digests;  ///< further ones that are met: "sha256:BASE64", with a warning
  std::string description = "Politique de signature Helios de la DGFiP";
  std::string spuri;                          ///< where the document lies
  std::string from;                           ///< first day in force, 2018-05-18; empty: always
  std::string until;                          ///< last day in force; empty: until another one
  bool other_digest_fails = true;             ///< a digest that is not listed; false: a warning
  bool out_of_force_fails = true;             ///< signed on another day; false: a warning
  std::string xades = "1.2.2";                ///< version of XAdES that we write
  std::string signature_id = "{id}_SIG_{n}";  ///< of the signature over the element with that Id
  std::string certificate_digest = "sha256";  ///< of CertDigest that we write
};

/// An authority that stamps times (RFC 3161).
struct TimestampAuthority {
  std::string name;
  std::string url;     ///< https, or http without credentials: a token proves itself
  std::string trust;   ///< name of the [[trust]] that judges its certificate
  std::string policy;  ///< OID asked for; empty: its own
  std::string digest = "sha256";
  std::string user;  ///< basic authentication; empty: none
  Secret password;
  std::filesystem::path ca;  ///< PEM: who vouches for the server; empty: the system's
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{30'000};     ///< of one stamp, connection included
  std::chrono::milliseconds max_drift{300'000};  ///< between its time and ours
};

/// What a missing nonRepudiation usage comes to, and a certificate without a fresh CRL (signature RV6, RV8).
enum class UsageRule { tolerant, if_stated, strict };
enum class RevocationRule { required, warn, off };
/// By what the revocation of signers is told; authorities always by a list when there is one (signature RV8).
enum class RevocationSource { either, crl, ocsp };

/// A trust profile: whom to believe as a signer (signature 3.0).
struct Trust {
  std::string name;
  std::filesystem::path
      folder;         ///< holds anchors/, issuers/, and perhaps intermediates/, crls/, ocsp/, stamps/
  std::string level;  ///< what reports call a signer that passes: "RGS **"
  std::vector<std::string> policies;  ///< OIDs, one of which the certificate carries; none: any
  UsageRule non_repudiation = UsageRule::if_stated;
  bool strict_x509 = false;
  std::size_t max_depth = 6;  ///< certificates between the signer's and the anchor
  RevocationRule revocation = RevocationRule::required;
  RevocationSource revocation_by = RevocationSource::either;
  std::chrono::milliseconds crl_max_age{86'400'000};  ///< 0: nextUpdate alone counts
  std::chrono::milliseconds crl_grace{0};
  bool archive = false;                  ///< outlived algorithms are indeterminate instead of failed
  bool fetch = false;                    ///< revocation lists are fetched from where certificates say
  std::vector<std::string> fetch_hosts;  ///< from these hosts alone: "crl.example.fr", "*.example.fr"
  std::chrono::milliseconds fetch_every{3'600'000};  ///< the longest time between two looks at one place
  std::chrono::milliseconds fetch_timeout{20'000};   ///< of one transfer, connection included
  std::size_t fetch_max = 32'000'000;                ///< bytes of one list
};

struct Antivirus {
  bool enabled = false;
  std::string host;  ///< TCP, or
  std::uint16_t port = 3310;
  std::filesystem::path socket;  ///< a local socket
  std::chrono::milliseconds timeout{60'000};
};

struct Retry {
  std::chrono::milliseconds first{5'000};
  std::chrono::milliseconds max{900'000};
  double factor = 2.0;
  double jitter = 0.2;  ///< +- this part
};

struct Pipeline {
  std::size_t check_workers = 0;  ///< 0: one per core
  std::chrono::milliseconds lease{300'000};
  Retry retry;
};

struct Checks {
  std::vector<std::string> encodings{"ISO-8859-1"};
  bool second_opinion = false;  ///< libxmlsec1 verifies received signatures as well
};

/// Another PES pack than [schemas] says, for some authorities or for all, within dates (decisions, Checks).
/// Of the rows that apply, those that name authorities prevail, then the last one.
struct PackSetting {
  std::string name;                      ///< version: folder below schema_folder/pes; key `version`
  std::vector<std::string> authorities;  ///< SIRENs; none: every authority
  std::string from;                      ///< first day, 2026-01-31; empty: always
  std::string until;                     ///< last day, included; empty: for ever
};

/// What a broken rule of the pre-flight comes to.
enum class RuleWeight { error, warning, info, off };

/// Another weight for a rule than its own (decisions, Checks: severity is data), for some authorities or for
/// all. Of the rows that apply, those that name authorities prevail, then the last one.
struct RuleSetting {
  std::string name;  ///< code ("pes.p16") or name ("P16") of the rule; key `rule`
  RuleWeight severity = RuleWeight::warning;
  std::vector<std::string> authorities;  ///< SIRENs; none: every authority
  std::string from;                      ///< first day, 2026-01-31; empty: always
  std::string until;                     ///< last day, included; empty: for ever
};

/// The order in which the records of one contract leave (helios 9.3).
struct Marche {
  bool ordering = true;  ///< a record waits for the acquit of the one before it
};

struct Log {
  std::string level = "info";
  std::filesystem::path file;  ///< empty: standard error
};

struct Settings {
  std::string environment = "test";
  std::string operator_name;  ///< of the operator of transmission, as papers name it (actes B8)
  std::filesystem::path data_folder;
  std::filesystem::path schema_folder;
  std::filesystem::path backup_folder;  ///< backups asked for through the API land below it; empty: none may
  std::map<std::string, std::string> schema_versions{{"pes", "5.30"}};  ///< protocol -> version in force
  std::size_t inline_payload = limits::inline_payload;
  Http http;
  Antivirus antivirus;
  Pipeline pipeline;
  Checks checks;
  Marche marche;
  Log log;
  Breaker breaker;
  Deadlines deadlines;
  Retention retention;
  Push push;
  Mail mail;
  Guards guards;
  std::vector<Window> windows;
  std::vector<Destination> destinations;
  std::vector<SignerKey> signers;
  std::vector<Trust> trusts;
  std::vector<SignaturePolicy> signature_policies;
  std::vector<TimestampAuthority> timestamps;
  std::vector<PackSetting> packs;
  std::vector<RuleSetting> rules;
};

}  // namespace demat::config
