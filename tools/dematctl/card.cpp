#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <utility>

#include "gateway/signing/file_signer.hpp"
#include "gateway/signing/token_signer.hpp"
#include "protocols/trust/decoding.hpp"
#include "tools/dematctl/commands_sign.hpp"

namespace demat::ctl {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

/// A secret from the terminal, overwritten when it is no longer needed.
struct Typed {
  std::array<char, 256> text{};
  std::size_t size = 0;
  Typed() { ::mlock(text.data(), text.size()); }
  ~Typed() {
    OPENSSL_cleanse(text.data(), text.size());
    ::munlock(text.data(), text.size());
  }
  Typed(const Typed&) = delete;
  Typed& operator=(const Typed&) = delete;
};

/// One line from the terminal, not shown while it is typed.
bool ask_secret(const std::string& question, Typed& into) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  termios before{};
  if (terminal.get() < 0 || ::tcgetattr(terminal.get(), &before) != 0) return false;
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  // Silent before it asks: a quick answer would be shown, and then lost to the flush.
  if (::tcsetattr(terminal.get(), TCSAFLUSH, &silent) != 0) return false;
  if (::write(terminal.get(), question.data(), question.size()) < 0) {
    ::tcsetattr(terminal.get(), TCSANOW, &before);
    return false;
  }
  const auto got = ::read(terminal.get(), into.text.data(), into.text.size());
  ::tcsetattr(terminal.get(), TCSAFLUSH, &before);
  const bool told = ::write(terminal.get(), "\n", 1) == 1;
  if (got <= 1 || !told) return false;
  into.size = static_cast<std::size_t>(got) - 1;  // the line end
  return true;
}

tl::unexpected<Failure> no_secret() {
  return usage_failure("ctl.pin", "Il faut un code PIN ou une phrase secrète : un terminal, ou --pin-file.",
                       "A PIN or a passphrase is needed: a terminal, or --pin-file.");
}

Failure of_error(Error error) {
  const Exit exit = error.outlook == Outlook::waiting ? Exit::unavailable : Exit::refused;
  return {exit, std::move(error), {}};
}

/// What was typed, as a file that has no name and goes with this process: keys read their PIN from files.
class Secret {
 public:
  [[nodiscard]] Answer<std::filesystem::path> file(const SignOptions& options, const std::string& question) {
    if (!options.pin_file.empty()) return options.pin_file;
    if (kept_) return path();
    Typed typed;
    if (!ask_secret(question, typed)) return no_secret();
    kept_.emplace(::memfd_create("pin", MFD_CLOEXEC));
    if (kept_->get() < 0 || ::fchmod(kept_->get(), S_IRUSR | S_IWUSR) != 0 ||
        ::write(kept_->get(), typed.text.data(), typed.size) != static_cast<ssize_t>(typed.size))
      return no_secret();
    return path();
  }

 private:
  [[nodiscard]] std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(kept_->get()); }
  std::optional<Descriptor> kept_;
};

std::string first_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

bool is_pkcs12(const std::filesystem::path& file) {
  return file.extension() == ".p12" || file.extension() == ".pfx";
}

class OwnCard final : public Card {
 public:
  explicit OwnCard(const SignOptions& options) : options_(options) {}

  [[nodiscard]] Answer<Bytes> certificate() override {
    if (!options_.certificate.empty()) return read_certificate();
    if (auto opened = open(); !opened) return fail(opened.error());
    return signer_->certificate_der();
  }

  [[nodiscard]] Answer<Bytes> sign(std::string_view signed_info) override {
    if (auto opened = open(); !opened) return fail(opened.error());
    auto value = signer_->sign(signed_info);
    if (!value) return fail(of_error(std::move(value.error())));
    return std::move(*value);
  }

 private:
  [[nodiscard]] Answer<Bytes> read_certificate() const {
    std::ifstream in(options_.certificate, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    auto found = trust::read_certificates(bytes);
    if (!found) return fail({Exit::usage, found.error(), {}});
    return std::move(found->front());
  }

  [[nodiscard]] Answer<bool> open() {
    if (signer_) return true;
    auto opened = options_.module.empty() ? open_file() : open_token();
    if (!opened) return fail(opened.error());
    signer_ = std::move(*opened);
    return true;
  }

  [[nodiscard]] Answer<std::shared_ptr<const signing::Signer>> open_token() {
    const auto pin = secret_.file(options_, "Code PIN de la carte / PIN of the card: ");
    if (!pin) return fail(pin.error());
    signing::TokenKey wanted;
    wanted.module = options_.module;
    wanted.token = options_.token;
    wanted.token_serial = options_.token_serial;
    wanted.key = options_.label;
    wanted.key_id = options_.key_id;
    wanted.certificate = options_.certificate;
    wanted.pin_file = *pin;
    auto signer = tokens_.open(wanted);
    if (!signer) return fail(of_error(std::move(signer.error())));
    if (auto status = (*signer)->ready(); !status) return fail(of_error(std::move(status.error())));
    return std::move(*signer);
  }

  [[nodiscard]] Answer<std::shared_ptr<const signing::Signer>> open_file() {
    std::string passphrase;
    const bool pkcs12 = is_pkcs12(options_.key);
    if (pkcs12 || !options_.pin_file.empty()) {
      const auto file = secret_.file(options_, "Phrase secrète de la clé / passphrase of the key: ");
      if (!file) return fail(file.error());
      passphrase = first_line(*file);
    }
    auto signer = pkcs12
                      ? signing::load_signer(signing::Pkcs12File{options_.key, passphrase})
                      : signing::load_signer(signing::PemFiles{
                            options_.key, options_.certificate.empty() ? options_.key : options_.certificate,
                            passphrase});
    OPENSSL_cleanse(passphrase.data(), passphrase.size());
    if (!signer) return fail(of_error(std::move(signer.error())));
    return std::move(*signer);
  }

  const SignOptions options_;
  Secret secret_;
  signing::Tokens tokens_;
  std::shared_ptr<const signing::Signer> signer_;
};

}  // namespace

Answer<std::unique_ptr<Card>> open_card(const SignOptions& options) {
  if (options.module.empty() == options.key.empty())
    return usage_failure("ctl.no_card", "Donnez la carte (--module) ou un fichier de clé (--key).",
                         "Give the card (--module) or a key file (--key).");
  return std::make_unique<OwnCard>(options);
}

bool confirmed(const std::string& question) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (terminal.get() < 0 || ::write(terminal.get(), question.data(), question.size()) < 0) return false;
  // The whole line: what is left of it would answer the next question.
  std::array<char, 256> line{};
  if (::read(terminal.get(), line.data(), line.size()) < 1) return false;
  return std::string_view("oOyY").find(line[0]) != std::string_view::npos;
}

}  // namespace demat::ctl
