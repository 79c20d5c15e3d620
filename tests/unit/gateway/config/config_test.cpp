#include "gateway/config/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "gateway/config/keys.hpp"

namespace demat::config {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

/// A folder with every file that the base configuration names.
class ConfigTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("demat-config-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    for (const char* name : {"server.pem", "ca.pem", "known_hosts", "signer.pem", "module.so"})
      put(name, "x");
    for (const char* name : {"server.key", "signer.key", "password"})
      put(name, "secret\n", true);
    put("open-password", "secret\n");
    put("open.key", "x");
    put("schemas/pes/5.30/pack.toml", "");
    for (const char* name : {"trust/anchors", "trust/issuers", "half-trust/anchors"})
      fs::create_directories(folder_ / name);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void put(const fs::path& name, const std::string& text, bool secret = false) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    fs::permissions(folder_ / name, secret ? fs::perms(0600) : fs::perms(0644));
  }

  tl::expected<Settings, Problems> read_text(const std::string& text) const {
    put("dematd.toml", text);
    return read(folder_ / "dematd.toml", [this](const std::string& name) {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::string() : found->second;
    });
  }

  fs::path folder_;
  std::map<std::string, std::string> environment_;
};

const std::string top = "data_folder = \"data\"\nschema_folder = \"schemas\"\n";
const std::string http_without_ca = "[http]\ncertificate = \"server.pem\"\nkey = \"server.key\"\n";
const std::string http = http_without_ca + "client_ca = \"ca.pem\"\n";
const std::string sftp =
    "[[destination]]\nname = \"helios\"\nhost = \"h.example\"\nuser = \"u\"\npassword_file = \"password\"\n"
    "known_hosts = \"known_hosts\"\n";
const std::string signer_without_city =
    "[[signer]]\nname = \"s\"\nkey = \"signer.key\"\ncertificate = \"signer.pem\"\nrole = \"Maire\"\n"
    "postal_code = \"34000\"\n";
const std::string signer = signer_without_city + "city = \"Valjoie\"\n";

TEST_F(ConfigTest, FillsDefaultsAndResolvesPaths) {
  const auto settings = read_text(top + http + sftp + signer);
  ASSERT_TRUE(settings) << settings.error().errors.front().en;
  EXPECT_EQ(settings->environment, "test");
  EXPECT_EQ(settings->data_folder, folder_ / "data");
  EXPECT_EQ(settings->http.port, 8443);
  EXPECT_EQ(settings->http.certificate, folder_ / "server.pem");
  EXPECT_EQ(settings->http.body_timeout, std::chrono::minutes(10));
  EXPECT_EQ(settings->schema_versions.at("pes"), "5.30");
  ASSERT_EQ(settings->destinations.size(), 1U);
  EXPECT_EQ(settings->destinations[0].password.reveal(), "secret");
  EXPECT_EQ(settings->destinations[0].mode, LinkMode::passtrans_sftp);
  ASSERT_EQ(settings->signers.size(), 1U);
}

const std::string token_without_pin =
    "[[signer]]\nname = \"s\"\npkcs11_module = \"module.so\"\ntoken = \"carte\"\nkey = \"maire\"\n"
    "role = \"Maire\"\ncity = \"Valjoie\"\npostal_code = \"34000\"\n";

TEST_F(ConfigTest, ASignerInATokenNamesItsKeyByLabel) {
  put("pin", "1234\n", true);
  const auto settings = read_text(
      top + http + sftp + token_without_pin +
      "pin_file = \"pin\"\nkey_id = \"a1\"\nrequire_hardware = true\nuse = \"seal\"\nmargin = \"2d\"\n"
      "flows = [\"recette\"]\nauthorities = [\"123456782\"]\nsignatories_only = true\n");
  ASSERT_TRUE(settings) << settings.error().errors.front().en;
  const auto& maire = settings->signers.at(0);
  EXPECT_EQ(maire.pkcs11_module, folder_ / "module.so");
  EXPECT_EQ(maire.key_label, "maire");
  EXPECT_EQ(maire.key_id, "a1");
  EXPECT_EQ(maire.pin_file, folder_ / "pin");
  EXPECT_FALSE(maire.pin_is_credential);
  EXPECT_TRUE(maire.require_hardware && maire.is_seal && maire.signatories_only);
  EXPECT_EQ(maire.margin, std::chrono::hours(48));
  EXPECT_EQ(maire.flows, std::vector<std::string>{"recette"});
  EXPECT_EQ(maire.authorities, std::vector<std::string>{"123456782"});
}

TEST_F(ConfigTest, AnAgentsCardNeedsNoKeyHere) {
  const std::string agent =
      "[[signer]]\nname = \"carte\"\nagent = true\nrole = \"Maire\"\ncity = \"Valjoie\"\npostal_code = "
      "\"34000\"\n";
  const auto settings = read_text(top + http + sftp + agent + "request_life = \"30min\"\n");
  ASSERT_TRUE(settings) << settings.error().errors.front().en;
  EXPECT_TRUE(settings->signers.at(0).by_agent);
  EXPECT_EQ(settings->signers.at(0).request_life, std::chrono::minutes(30));
  for (const auto* line :
       {"key = \"signer.key\"\n", "certificate = \"signer.pem\"\n", "pin_file = \"pin\"\n",
        "signatories_only = true\n", "pkcs11_module = \"module.so\"\n", "flows = [\"actes\"]\n"}) {
    const auto refused = read_text(top + http + sftp + agent + line);
    ASSERT_FALSE(refused) << line;
    EXPECT_EQ(refused.error().errors.front().code, "config.conflict") << line;
  }
  EXPECT_FALSE(read_text(top + http + sftp + agent + "request_life = \"25h\"\n"));
}

TEST_F(ConfigTest, TakesValuesOfTheFile) {
  const auto settings = read_text(
      top + "inline_payload = \"1KiB\"\n" + http +
      "port = 0\nmax_payload = \"5MB\"\nidle_timeout = 7\n[pipeline]\nlease = \"2min\"\n[pipeline.retry]\n"
      "first = \"10ms\"\nfactor = 3\n[checks]\nencodings = [\"UTF-8\", \"ISO-8859-1\"]\n" +
      sftp + "poll_every = \"50ms\"\nput = \"temporary_then_rename\"\nmax_tls = \"1.2\"\nsenders = 4\n");
  ASSERT_TRUE(settings) << settings.error().errors.front().en;
  EXPECT_EQ(settings->inline_payload, 1024U);
  EXPECT_EQ(settings->http.port, 0);
  EXPECT_EQ(settings->http.max_payload, 5'000'000U);
  EXPECT_EQ(settings->http.idle_timeout, std::chrono::seconds(7));
  EXPECT_EQ(settings->pipeline.lease, std::chrono::minutes(2));
  EXPECT_EQ(settings->pipeline.retry.first, std::chrono::milliseconds(10));
  EXPECT_DOUBLE_EQ(settings->pipeline.retry.factor, 3.0);
  EXPECT_EQ(settings->checks.encodings, (std::vector<std::string>{"UTF-8", "ISO-8859-1"}));
  EXPECT_EQ(settings->destinations[0].poll_every, std::chrono::milliseconds(50));
  EXPECT_EQ(settings->destinations[0].put, PutMode::temporary_then_rename);
  EXPECT_EQ(settings->destinations[0].max_tls, "1.2");
  EXPECT_EQ(settings->destinations[0].senders, 4U);
}

TEST_F(ConfigTest, EnvironmentOverrides) {
  environment_ = {{"DEMAT_HTTP_PORT", "9443"},
                  {"DEMAT_ENVIRONMENT", "test"},
                  {"DEMAT_LOG_LEVEL", "debug"},
                  {"DEMAT_PIPELINE_RETRY_JITTER", "0.5"},
                  {"DEMAT_ANTIVIRUS_ENABLED", "true"},
                  {"DEMAT_ANTIVIRUS_SOCKET", "/run/clamd"},
                  {"DEMAT_CHECKS_ENCODINGS", "UTF-8,ISO-8859-1"},
                  {"DEMAT_DATA_FOLDER", "/srv/demat"},
                  {"DEMAT_DESTINATION_HELIOS_PASSWORD", "from-environment"}};
  const auto settings = read_text(top + http + "port = 1\n" + sftp);
  ASSERT_TRUE(settings) << settings.error().errors.front().en;
  EXPECT_EQ(settings->http.port, 9443);
  EXPECT_EQ(settings->log.level, "debug");
  EXPECT_DOUBLE_EQ(settings->pipeline.retry.jitter, 0.5);
  EXPECT_TRUE(settings->antivirus.enabled);
  EXPECT_EQ(settings->checks.encodings, (std::vector<std::string>{"UTF-8", "ISO-8859-1"}));
  EXPECT_EQ(settings->data_folder, "/srv/demat");
  EXPECT_EQ(settings->destinations[0].password.reveal(), "from-environment");
}

TEST_F(ConfigTest, AWrongVariableIsNamed) {
  environment_ = {{"DEMAT_HTTP_PORT", "many"}};
  const auto settings = read_text(top + http);
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().errors.at(0).code, "config.type");
  EXPECT_EQ(settings.error().errors.at(0).place.path, "DEMAT_HTTP_PORT");
}

struct Wrong {
  const char* name;
  std::string text;
  const char* code;
  const char* key;
  std::size_t line;
  const char* said;  ///< within the English sentence
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.name;
}

class WrongConfigTest : public ConfigTest, public testing::WithParamInterface<Wrong> {};

TEST_P(WrongConfigTest, IsToldWithKeyAndLine) {
  const Wrong& wrong = GetParam();
  const auto settings = read_text(wrong.text);
  ASSERT_FALSE(settings) << "accepted";
  std::string all;
  for (const Error& error : settings.error().errors) {
    all += describe(error, "f") + "\n";
    EXPECT_THAT(error.fr, testing::Not(IsEmpty()));
    EXPECT_THAT(error.en, testing::Not(IsEmpty()));
    EXPECT_THAT(error.en + error.fr, testing::Not(HasSubstr("hunter2")));
  }
  EXPECT_EQ(settings.error().errors.size(), 1U) << all;
  const Error& error = settings.error().errors.front();
  EXPECT_EQ(error.code, wrong.code) << all;
  EXPECT_EQ(error.place.path, wrong.key) << all;
  EXPECT_EQ(error.place.line, wrong.line) << all;
  EXPECT_THAT(error.en, HasSubstr(wrong.said));
}

const std::string base = top + http;  // 6 lines
const std::string actes_without_ca =
    "[[destination]]\nname = \"actes\"\nmode = \"prefecture\"\nmail_ca = \"ca.pem\"\n"
    "mail_host = \"imap.example\"\nmail_user = \"m\"\nmail_password_file = \"password\"\n"
    "return_addresses = [\"actes@boite.example.org\"]\ntrigramme = \"ABC\"\n";
const std::string actes_nowhere = actes_without_ca + "ca = \"ca.pem\"\n";
const std::string post_there = "post_url = \"https://depot.example:8443/envoi\"\n";
const std::string actes = actes_nowhere + post_there;  // 11 lines
const std::string a_pin = "pins = [\"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]\n";
const std::string a_trust = "[[trust]]\nname = \"rgs\"\nfolder = \"trust\"\n";
const std::string night = "[[window]]\nname = \"night\"\ndestination = \"helios\"\n";
INSTANTIATE_TEST_SUITE_P(
    Cases, WrongConfigTest,
    testing::Values(
        Wrong{"Syntax", "a = \n", "config.syntax", "", 1, "TOML"},
        Wrong{"NotUtf8", "a = 1\n\xbd = 2\n", "config.syntax", "", 2, "UTF-8"},
        Wrong{"UnknownKey", base + "prot = 1\n", "config.unknown_key", "http.prot", 7, "\"port\""},
        Wrong{"UnknownTopKey", "envirnoment = \"test\"\n" + base, "config.unknown_key", "envirnoment", 1,
              "\"environment\""},
        Wrong{"UnknownSection", base + "[antvirus]\nenabled = true\n", "config.unknown_key", "antvirus", 7,
              "\"antivirus\""},
        Wrong{"UnknownList", base + "[[destinations]]\nname = \"a\"\n", "config.unknown_key", "destinations",
              7, "\"destination\""},
        Wrong{"UnknownInList", base + sftp + "hots = \"h\"\n", "config.unknown_key", "destination[0].hots",
              13, "\"host\""},
        Wrong{"UnknownNothingNear", base + "zzzzzzzzzz = 1\n", "config.unknown_key", "http.zzzzzzzzzz", 7,
              "unknown name"},
        Wrong{"WrongType", base + "port = \"8443\"\n", "config.type", "http.port", 7, "whole number"},
        Wrong{"WrongDuration", base + "idle_timeout = \"5 parsecs\"\n", "config.type", "http.idle_timeout", 7,
              "duration"},
        Wrong{"NegativeDuration", base + "idle_timeout = -1\n", "config.range", "http.idle_timeout", 7,
              "from"},
        Wrong{"WrongSize", base + "max_payload = \"ten\"\n", "config.type", "http.max_payload", 7, "size"},
        Wrong{"HugeSize", base + "max_payload = \"99999999999999999999GB\"\n", "config.type",
              "http.max_payload", 7, "size"},
        Wrong{"PortTooBig", base + "port = 65536\n", "config.range", "http.port", 7, "65535"},
        Wrong{"PortNegative", base + "port = -1\n", "config.range", "http.port", 7, "from 0"},
        Wrong{"NoNumber", base + "[pipeline.retry]\njitter = nan\n", "config.range", "pipeline.retry.jitter",
              8, "from"},
        Wrong{"BadChoice", base + "[log]\nlevel = \"loud\"\n", "config.range", "log.level", 8, "\"debug\""},
        Wrong{"BadMode", base + sftp + "mode = \"carrier_pigeon\"\n", "config.range", "destination[0].mode",
              13, "passtrans_sftp"},
        Wrong{"SingleDestination", base + "[destination]\nname = \"a\"\n", "config.type", "destination", 7,
              "[[destination]]"},
        Wrong{"TwoLogs", base + "[[log]]\nlevel = \"info\"\n", "config.type", "log", 7, "one single"},
        Wrong{"InlineSecret", base + sftp + "key_passphrase = \"hunter2\"\n", "config.secret_inline",
              "destination[0].key_passphrase", 13, "key_passphrase_file"},
        Wrong{"OpenSecretFile", base + sftp + "key_passphrase_file = \"open-password\"\n",
              "config.secret_mode", "destination[0].key_passphrase_file", 13, "chmod 600"},
        Wrong{"NoSecretFile", base + sftp + "key_passphrase_file = \"none\"\n", "config.file",
              "destination[0].key_passphrase_file", 13, "unreadable"},
        Wrong{"OpenKey", base + sftp + "key = \"open.key\"\n", "config.secret_mode", "destination[0].key", 7,
              "chmod 600"},
        Wrong{"MissingFile", top + http_without_ca + "client_ca = \"none.pem\"\n", "config.file",
              "http.client_ca", 3, "none.pem"},
        Wrong{"MissingKey", top + "[http]\ncertificate = \"server.pem\"\nclient_ca = \"ca.pem\"\n",
              "config.missing", "http.key", 3, "missing"},
        Wrong{"MissingDataFolder", "schema_folder = \"schemas\"\n" + http, "config.missing", "data_folder", 0,
              "missing"},
        Wrong{"MissingPack", base + "[schemas]\npes = \"9.99\"\n", "config.file", "schemas.pes", 0, "9.99"},
        Wrong{"SameName", base + sftp + sftp, "config.conflict", "destination[1].name", 13, "helios"},
        Wrong{"SameSigner", base + signer + signer, "config.conflict", "signer[1].name", 14, "taken"},
        Wrong{"ProductionFromTest", base + sftp + "environment = \"production\"\n", "config.environment",
              "destination[0].environment", 7, "test gateway"},
        Wrong{"ProductionUntrusted", "environment = \"production\"\n" + base, "config.trust", "environment",
              0, "production"},
        Wrong{"TokenWithoutPin", base + token_without_pin, "config.missing", "signer[0].pin_file", 7, "PIN"},
        Wrong{"TokenOpenPin", base + token_without_pin + "pin_file = \"open-password\"\n",
              "config.secret_mode", "signer[0].pin_file", 7, "chmod 600"},
        Wrong{"TokenNoModule",
              base + "[[signer]]\nname = \"s\"\npkcs11_module = \"none.so\"\npin_file = \"password\"\n"
                     "role = \"M\"\ncity = \"V\"\npostal_code = \"34000\"\n",
              "config.file", "signer[0].pkcs11_module", 7, "none.so"},
        Wrong{"TokenPassphrase",
              base + token_without_pin + "pin_file = \"password\"\npassphrase_file = \"password\"\n",
              "config.conflict", "signer[0].passphrase_file", 7, "pin_file"},
        Wrong{"FileIsNoHardware", base + signer + "require_hardware = true\n", "config.conflict",
              "signer[0].require_hardware", 7, "not in a device"},
        Wrong{"PinWithoutToken", base + signer + "pin_file = \"password\"\n", "config.conflict",
              "signer[0].pkcs11_module", 7, "go with"},
        Wrong{"SignerFlows", base + signer + "flows = [\"marche\"]\n", "config.range", "signer[0].flows", 14,
              "depense"},
        Wrong{"SignerNoFlows", base + signer + "flows = []\n", "config.missing", "signer[0].flows", 7,
              "kind of flow"},
        Wrong{"SignerSiren", base + signer + "authorities = [\"12345\"]\n", "config.range",
              "signer[0].authorities", 7, "9 digits"},
        Wrong{"SignerUse", base + signer + "use = \"stamp\"\n", "config.range", "signer[0].use", 14, "seal"},
        Wrong{"TrustOfNobody", base + sftp + "trust = \"rgs\"\n", "config.conflict", "destination[0].trust",
              7, "no [[trust]]"},
        Wrong{"ClientTrustOfNobody", top + http_without_ca + "client_trust = \"rgs\"\n", "config.conflict",
              "http.client_trust", 3, "no [[trust]]"},
        Wrong{"ClientTrustAndAuthority", base + "client_trust = \"rgs\"\n" + a_trust, "config.conflict",
              "http.client_trust", 3, "not both"},
        Wrong{"ClientTrustOfSigners",
              top + http_without_ca + "client_trust = \"rgs\"\n" + a_trust + sftp + "trust = \"rgs\"\n",
              "config.conflict", "http.client_trust", 3, "kept apart"},
        Wrong{"ClientRefusal", base + "client_refusal = \"politely\"\n", "config.range",
              "http.client_refusal", 7, "handshake"},
        Wrong{"FetchFromNowhere", base + a_trust + "fetch = true\n", "config.missing", "trust[0].fetch_hosts",
              7, "fetch_hosts"},
        Wrong{"FetchFromAnAddress", base + a_trust + "fetch_hosts = [\"http://crl.example.fr/\"]\n",
              "config.range", "trust[0].fetch_hosts", 7, "host name"},
        Wrong{"FetchFromAnywhere", base + a_trust + "fetch_hosts = [\"*\"]\n", "config.range",
              "trust[0].fetch_hosts", 7, "host name"},
        Wrong{"ExpiryDays", base + "[guards]\nexpiry_days = [90, 0]\n", "config.type", "guards.expiry_days",
              8, "from 1"},
        Wrong{"TrustNowhere", base + "[[trust]]\nname = \"rgs\"\n", "config.missing", "trust[0].folder", 7,
              "anchors/"},
        Wrong{"TrustWithoutIssuers", base + "[[trust]]\nname = \"rgs\"\nfolder = \"half-trust\"\n",
              "config.file", "trust[0].folder", 7, "issuers"},
        Wrong{"TrustUsage", base + "[[trust]]\nname = \"rgs\"\nfolder = \"trust\"\nrevocation = \"maybe\"\n",
              "config.range", "trust[0].revocation", 10, "required"},
        Wrong{"ProductionDestinationUntrusted",
              "environment = \"production\"\n" + base + a_trust + sftp + "environment = \"production\"\n",
              "config.trust", "destination[0].trust", 11, "names the trust profile"},
        Wrong{"SignerWithoutCity", base + signer_without_city, "config.missing", "signer[0].city", 7,
              "missing"},
        Wrong{"NoClientCa", top + http_without_ca, "config.missing", "http.client_ca", 3, "missing"},
        Wrong{"SftpWithoutHosts",
              base +
                  "[[destination]]\nname = \"a\"\nhost = \"h\"\nuser = \"u\"\npassword_file = \"password\"\n",
              "config.missing", "destination[0].known_hosts", 7, "verified"},
        Wrong{"FtpsWithoutCa", base + sftp + "mode = \"passtrans_ftps\"\n", "config.missing",
              "destination[0].ca", 7, "verified"},
        Wrong{"EmptyTemplate", base + sftp + "p_msg = \"\"\n", "config.missing", "destination[0].p_msg", 7,
              "P_MSG"},
        Wrong{"AntivirusNowhere", base + "[antivirus]\nenabled = true\n", "config.missing",
              "antivirus.socket", 7, "clamd"},
        Wrong{"RetryBackwards", base + "[pipeline.retry]\nfirst = \"1h\"\nmax = \"1s\"\n", "config.conflict",
              "pipeline.retry.max", 7, "shorter"},
        Wrong{"WindowOfNobody", base + "[[window]]\nname = \"n\"\ndestination = \"nobody\"\n",
              "config.window", "window[0].destination", 7, "no destination"},
        Wrong{"WindowBackwards", base + sftp + night + "from = \"7h\"\n", "config.window", "window[0].from",
              13, "07:30"},
        Wrong{"WindowDay", base + sftp + night + "days = [\"lundi\"]\n", "config.window", "window[0].days",
              13, "mon"},
        Wrong{"WindowsOverlap",
              base + sftp + night + "from = \"20:00\"\nto = \"23:00\"\n" +
                  "[[window]]\nname = \"late\"\ndestination = \"helios\"\nfrom = \"22:00\"\n",
              "config.window_overlap", "window[1].from", 18, "overlaps"},
        Wrong{"BreakerBackwards", base + "[breaker]\nrest = \"1h\"\nmax_rest = \"1s\"\n", "config.conflict",
              "breaker.max_rest", 7, "shorter"},
        Wrong{"HolidayIsNoDay", base + "[deadlines]\nholidays = [\"Easter\"]\n", "config.holiday",
              "deadlines.holidays", 7, "Easter"},
        Wrong{"PostNowhere", base + actes_nowhere, "config.missing", "destination[0].post_url", 7, "https"},
        Wrong{"PostInClear", base + actes_nowhere + "post_url = \"http://depot.example/\"\n", "config.url",
              "destination[0].post_url", 7, "https"},
        Wrong{"SecretInUrl", base + actes_nowhere + "post_url = \"https://u:hunter2@depot.example/\"\n",
              "config.url", "destination[0].post_url", 7, "no place"},
        Wrong{"SecretInQuery",
              base + actes_nowhere + "post_url = \"https://depot.example/?user=u&password=hunter2\"\n",
              "config.url", "destination[0].post_url", 7, "no place"},
        Wrong{"HostBesideUrl", base + actes + "host = \"h\"\n", "config.conflict", "destination[0].host", 7,
              "post_url"},
        Wrong{"NoSuccess", base + actes + "success_codes = []\n", "config.missing",
              "destination[0].success_codes", 7, "success"},
        Wrong{"RedirectAsSuccess", base + actes + "success_codes = [302]\n", "config.type",
              "destination[0].success_codes", 18, "200 to 299"},
        Wrong{"ServerUnknown", base + actes_without_ca + post_there, "config.missing", "destination[0].ca", 7,
              "verified"},
        Wrong{"PinOfAnotherForm", base + actes + "pins = [\"aa:bb\"]\n", "config.pin", "destination[0].pins",
              7, "base64"},
        Wrong{"HostNameUnverified", base + actes + "verify_hostname = false\n", "config.conflict",
              "destination[0].verify_hostname", 7, "pins"},
        Wrong{"CertificateWithoutKey", base + actes + "certificate = \"server.pem\"\n", "config.conflict",
              "destination[0].certificate", 7, "together"},
        Wrong{"UserWithoutPassword", base + actes + "user = \"u\"\n", "config.conflict",
              "destination[0].user", 7, "together"},
        Wrong{"ListingOfAPrefecture", base + actes + "listing_is_conclusive = true\n", "config.conflict",
              "destination[0].listing_is_conclusive", 7, "does not show"},
        Wrong{"PrefectureOfAnotherMode", base + sftp + post_there, "config.conflict", "destination[0].mode",
              7, "prefecture"},
        Wrong{"MailUrl", base + "[mail]\nurl = \"smtp://u:hunter2@relais.example\"\nfrom = \"a@b.fr\"\n",
              "config.url", "mail.url", 7, "smtps://"},
        Wrong{"MailPath", base + "[mail]\nurl = \"smtps://relais.example/x\"\nfrom = \"a@b.fr\"\n",
              "config.url", "mail.url", 7, "smtps://"},
        Wrong{"MailPort", base + "[mail]\nurl = \"smtps://relais.example:99999\"\nfrom = \"a@b.fr\"\n",
              "config.url", "mail.url", 7, "smtps://"},
        Wrong{"MailWithoutSender", base + "[mail]\nurl = \"smtps://relais.example\"\n", "config.missing",
              "mail.from", 7, "sender"},
        Wrong{"MailSender", base + "[mail]\nfrom = \"Mairie <a@b.fr>\"\n", "config.range", "mail.from", 7,
              "address"},
        Wrong{"MailInClear",
              base + "[mail]\nurl = \"smtp://relais.example\"\nstarttls = false\nfrom = \"a@b.fr\"\n",
              "config.conflict", "mail.starttls", 7, "this machine"},
        Wrong{"MailPasswordInClear",
              base +
                  "[mail]\nurl = \"smtp://127.0.0.1:25\"\nstarttls = false\nfrom = \"a@b.fr\"\nuser = \"u\"\n"
                  "password_file = \"password\"\n",
              "config.conflict", "mail.user", 7, "in clear"},
        Wrong{"MailUserAlone",
              base + "[mail]\nurl = \"smtps://relais.example\"\nfrom = \"a@b.fr\"\nuser = \"u\"\n",
              "config.conflict", "mail.user", 7, "together"},
        Wrong{"MailLabelOfTwoLines", base + "[mail]\nlabel = \"a\\nBcc: b\"\n", "config.range", "mail.label",
              7, "one line"},
        Wrong{"MailRetry", base + "[mail]\nretry_first = \"2h\"\n", "config.conflict", "mail.retry_max", 7,
              "shorter"},
        Wrong{"MailPasswordInline", base + actes + "mail_password = \"hunter2\"\n", "config.secret_inline",
              "destination[0].mail_password", 18, "mail_password_file"},
        Wrong{"TrigrammeTooLong",
              base + actes_without_ca.substr(0, actes_without_ca.find("trigramme")) +
                  "trigramme = \"ABCD\"\nca = \"ca.pem\"\n" + post_there,
              "config.range", "destination[0].trigramme", 7, "three"},
        Wrong{"AddressTheSchemaRefuses",
              base + "[[destination]]\nreturn_addresses = [\"actes+x@boite.example.org\"]\n" +
                  actes.substr(actes.find("name"), actes.find("return_addresses") - actes.find("name")) +
                  actes.substr(actes.find("trigramme")),
              "config.range", "destination[0].return_addresses", 7, "schema"},
        Wrong{"TracesBelowEightYears", base + "[retention]\ntraces = \"2921d\"\n", "config.floor",
              "retention.traces", 7, "8 years"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(ConfigTest, ReadsAPrefecture) {
  const auto settings =
      read_text(base + actes + a_pin +
                "verify_hostname = false\nsuccess_codes = [200, 201]\npart_style = \"three_parts\"\n"
                "certificate = \"server.pem\"\nkey = \"server.key\"\n");
  ASSERT_TRUE(settings) << describe(settings.error().errors.front(), "f");
  const Destination& to = settings->destinations.at(0);
  EXPECT_EQ(to.mode, LinkMode::prefecture);
  EXPECT_EQ(to.connect_timeout, std::chrono::seconds(60));
  EXPECT_EQ(to.transfer_timeout, std::chrono::seconds(180));
  EXPECT_EQ(to.prefecture.success_codes, (std::vector<int>{200, 201}));
  EXPECT_EQ(to.prefecture.part_style, PartStyle::three_parts);
  EXPECT_FALSE(to.prefecture.verify_hostname);
  EXPECT_EQ(to.prefecture.mail_password.reveal(), "secret");
  EXPECT_EQ(to.prefecture.max_archive, 150U * 1024 * 1024);
  EXPECT_EQ(to.prefecture.quadrigramme, "TACT");
}

TEST_F(ConfigTest, APinStandsInForTheAuthority) {
  const auto settings = read_text(base + actes_without_ca + post_there + a_pin);
  EXPECT_TRUE(settings) << describe(settings.error().errors.front(), "f");
}

TEST_F(ConfigTest, TheEnvironmentGivesThePrefectureItsSecrets) {
  environment_ = {{"DEMAT_DESTINATION_ACTES_MAIL_PASSWORD", "from-environment"},
                  {"DEMAT_DESTINATION_ACTES_SUCCESS_CODES", "200,201"}};
  const auto settings = read_text(base + actes);
  ASSERT_TRUE(settings) << describe(settings.error().errors.front(), "f");
  EXPECT_EQ(settings->destinations[0].prefecture.mail_password.reveal(), "from-environment");
  EXPECT_EQ(settings->destinations[0].prefecture.success_codes, (std::vector<int>{200, 201}));
}

TEST_F(ConfigTest, TellsEverythingAtOnce) {
  const auto settings =
      read_text(top + "nothing = 1\n" + http + "port = -5\nlisten = 3\n" + sftp + "p_msg = \"\"\n");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().errors.size(), 4U);
}

TEST_F(ConfigTest, ProductionStartsWithTrustInPlace) {
  const auto settings =
      read_text("environment = \"production\"\n" + top + http + a_trust + "policies = [\"1.2.3\"]\n" +
                "revocation = \"warn\"\n" + sftp + "environment = \"production\"\ntrust = \"rgs\"\n" +
                "on_indeterminate = \"warn\"\n");
  ASSERT_TRUE(settings) << describe(settings.error().errors.front(), "f");
  ASSERT_EQ(settings->trusts.size(), 1U);
  EXPECT_EQ(settings->trusts[0].folder, folder_ / "trust");
  EXPECT_EQ(settings->trusts[0].revocation, RevocationRule::warn);
  EXPECT_EQ(settings->trusts[0].policies, std::vector<std::string>{"1.2.3"});
  EXPECT_EQ(settings->destinations[0].trust, "rgs");
  EXPECT_FALSE(settings->destinations[0].doubt_waits);
}

TEST_F(ConfigTest, AnAbsentFileIsAnError) {
  const auto settings = read(folder_ / "none.toml", [](const std::string&) { return std::string(); });
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().errors.at(0).code, "config.file");
}

std::string sample() {
  std::ifstream in(fs::path(DEMAT_SOURCE_DIR) / "config/dematd.sample.toml");
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(ConfigTest, TheSampleIsRight) {
  ASSERT_THAT(sample(), testing::Not(IsEmpty()));
  put("config/dematd.toml", sample());
  put("config/secrets/helios-simulateur.password", "x\n", true);
  for (const char* name : {"server.pem", "ca.pem", "signer.pem"})
    put(fs::path("certs-sample/out") / name, "x");
  for (const char* name : {"server.key", "signer.key"})
    put(fs::path("certs-sample/out") / name, "x", true);
  const auto settings =
      read(folder_ / "config/dematd.toml", [](const std::string&) { return std::string(); });
  ASSERT_TRUE(settings) << describe(settings.error().errors.front(), "sample");
  EXPECT_EQ(settings->destinations.size(), 1U);
}

/// The keys of a table that the sample neither sets nor shows behind a '#'.
template <class S>
std::vector<std::string> not_shown(std::span<const Key<S>> keys) {
  const std::string text = "\n" + sample();
  std::vector<std::string> missing;
  for (const auto& key : keys) {
    const std::string shown = std::string(key.name) + " = ";
    const bool secret = text.find("\n" + std::string(key.name) + "_file = ") != std::string::npos ||
                        text.find("\n# " + std::string(key.name) + "_file = ") != std::string::npos;
    if (!secret && text.find("\n" + shown) == std::string::npos &&
        text.find("\n# " + shown) == std::string::npos)
      missing.emplace_back(key.name);
  }
  return missing;
}

TEST(SampleTest, ShowsEveryKey) {
  EXPECT_THAT(not_shown(top_keys()), IsEmpty());
  EXPECT_THAT(not_shown(http_keys()), IsEmpty());
  EXPECT_THAT(not_shown(antivirus_keys()), IsEmpty());
  EXPECT_THAT(not_shown(pipeline_keys()), IsEmpty());
  EXPECT_THAT(not_shown(retry_keys()), IsEmpty());
  EXPECT_THAT(not_shown(checks_keys()), IsEmpty());
  EXPECT_THAT(not_shown(marche_keys()), IsEmpty());
  EXPECT_THAT(not_shown(log_keys()), IsEmpty());
  EXPECT_THAT(not_shown(breaker_keys()), IsEmpty());
  EXPECT_THAT(not_shown(deadlines_keys()), IsEmpty());
  EXPECT_THAT(not_shown(retention_keys()), IsEmpty());
  EXPECT_THAT(not_shown(push_keys()), IsEmpty());
  EXPECT_THAT(not_shown(mail_keys()), IsEmpty());
  EXPECT_THAT(not_shown(guards_keys()), IsEmpty());
  EXPECT_THAT(not_shown(window_keys()), IsEmpty());
  EXPECT_THAT(not_shown(destination_keys()), IsEmpty());
  EXPECT_THAT(not_shown(signer_keys()), IsEmpty());
  EXPECT_THAT(not_shown(trust_keys()), IsEmpty());
  EXPECT_THAT(not_shown(signature_policy_keys()), IsEmpty());
  EXPECT_THAT(not_shown(timestamp_keys()), IsEmpty());
}

}  // namespace
}  // namespace demat::config
