#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <stdexcept>

#include "tools/dematctl/http_client.hpp"

namespace demat::ctl {
namespace {

struct EasyClose {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FileClose {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
struct MimeFree {
  void operator()(curl_mime* form) const { curl_mime_free(form); }
};
using Mime = std::unique_ptr<curl_mime, MimeFree>;
using Easy = std::unique_ptr<CURL, EasyClose>;
using HeaderList = std::unique_ptr<curl_slist, ListFree>;
using File = std::unique_ptr<std::FILE, FileClose>;

/// Where one exchange puts what comes in. Lives on the stack of send().
struct Exchange {
  CURL* handle = nullptr;
  HttpResponse response;
  std::FILE* download = nullptr;
  std::FILE* upload = nullptr;
};

constexpr std::size_t max_body_in_memory = 256'000'000;  ///< bytes; a gateway answers far less

std::size_t take_body(const char* data, std::size_t, std::size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  long status = 0;
  curl_easy_getinfo(exchange.handle, CURLINFO_RESPONSE_CODE, &status);
  if (exchange.download != nullptr && status >= 200 && status < 300)
    return std::fwrite(data, 1, count, exchange.download);
  if (exchange.response.body.size() + count > max_body_in_memory) return 0;
  exchange.response.body.append(data, count);
  return count;
}

std::size_t take_header(const char* data, std::size_t, std::size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  const std::string line(data, count);
  const std::size_t colon = line.find(':');
  if (line.starts_with("HTTP/")) exchange.response.headers.clear();  // of a 100 Continue before
  if (colon == std::string::npos) return count;
  std::string name = line.substr(0, colon);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
  const std::size_t end = line.find_last_not_of(" \t\r\n");
  exchange.response.headers[name] =
      begin == std::string::npos || end < begin ? "" : line.substr(begin, end - begin + 1);
  return count;
}

std::size_t give_body(char* buffer, std::size_t size, std::size_t count, void* context) {
  auto& exchange = *static_cast<Exchange*>(context);
  const std::size_t given = std::fread(buffer, 1, size * count, exchange.upload);
  return std::ferror(exchange.upload) != 0 ? CURL_READFUNC_ABORT : given;
}

int rewind_body(void* context, curl_off_t offset, int origin) {
  auto& exchange = *static_cast<Exchange*>(context);
  if (std::fseek(exchange.upload, static_cast<long>(offset), origin) != 0) return CURL_SEEKFUNC_CANTSEEK;
  return CURL_SEEKFUNC_OK;
}

struct Meaning {
  CURLcode code;
  Exit exit;
  const char* name;
  const char* fr;
  const char* en;
};
constexpr std::array meanings{
    Meaning{CURLE_URL_MALFORMAT, Exit::usage, "ctl.url", "L'adresse de la passerelle est incorrecte",
            "The gateway's address is wrong"},
    Meaning{CURLE_UNSUPPORTED_PROTOCOL, Exit::usage, "ctl.url", "Seul https:// est admis",
            "Only https:// is allowed"},
    Meaning{CURLE_SSL_CERTPROBLEM, Exit::usage, "ctl.certificate",
            "Certificat client ou clé illisible, ou qui ne vont pas ensemble",
            "Client certificate or key unreadable, or not belonging together"},
    Meaning{CURLE_SSL_CACERT_BADFILE, Exit::usage, "ctl.certificate",
            "Fichier de l'autorité (--ca) illisible", "Unreadable authority file (--ca)"},
    Meaning{CURLE_PEER_FAILED_VERIFICATION, Exit::network, "ctl.tls",
            "Le certificat de la passerelle n'est pas digne de confiance ; vérifiez --ca et l'adresse",
            "The gateway's certificate is not trusted; check --ca and the address"},
    Meaning{CURLE_SSL_CONNECT_ERROR, Exit::network, "ctl.tls", "La connexion TLS a échoué",
            "The TLS connection failed"},
    Meaning{CURLE_OPERATION_TIMEDOUT, Exit::network, "ctl.timeout", "La passerelle n'a pas répondu à temps",
            "The gateway did not answer in time"},
    Meaning{CURLE_WRITE_ERROR, Exit::usage, "ctl.file", "Écriture du fichier impossible",
            "The file cannot be written"},
};

Failure failure_of(CURLcode code, const char* detail) {
  Meaning found{code, Exit::network, "ctl.network", "La passerelle est injoignable",
                "The gateway is unreachable"};
  for (const Meaning& meaning : meanings) {
    if (meaning.code == code) found = meaning;
  }
  const std::string why = *detail != '\0' ? detail : curl_easy_strerror(code);
  return {found.exit,
          permanent_error(found.name, std::string(found.fr) + " (" + why + ").",
                          std::string(found.en) + " (" + why + ").", why),
          {}};
}

tl::unexpected<Failure> file_failure(const std::filesystem::path& file) {
  return usage_failure("ctl.file", "Fichier illisible : " + file.string(), "Unusable file: " + file.string());
}

bool is_folder(const std::filesystem::path& file) {
  std::error_code error;
  return std::filesystem::is_directory(file, error);
}

class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(ConnectionSettings settings) : settings_(std::move(settings)), easy_(curl_easy_init()) {
    if (!easy_) throw std::runtime_error("libcurl does not start");
  }

  Answer<HttpResponse> send(const HttpRequest& request) override {
    if (settings_.url.empty()) {
      return usage_failure("ctl.url", "Adresse de la passerelle inconnue : --url ou DEMATCTL_URL.",
                           "The gateway's address is not known: --url or DEMATCTL_URL.");
    }
    CURL* handle = easy_.get();
    curl_easy_reset(handle);
    std::array<char, CURL_ERROR_SIZE> detail{};
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail.data());
    Exchange exchange{handle, {}, nullptr, nullptr};
    set_connection(request, exchange);
    const HeaderList headers = set_headers(request);
    Mime form;
    if (!request.form.empty()) {
      auto made = make_form(request.form);
      if (!made) return fail(std::move(made.error()));
      form = std::move(*made);
      curl_easy_setopt(handle, CURLOPT_MIMEPOST, form.get());
    }
    File upload;
    if (!request.upload.empty()) {
      std::error_code error;
      const auto size = std::filesystem::file_size(request.upload, error);
      upload.reset(std::fopen(request.upload.c_str(), "rb"));
      if (error || !upload) return file_failure(request.upload);
      exchange.upload = upload.get();
      set_upload(size, exchange);
    } else if (request.method != "GET" && !form) {
      curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    File download;
    if (!request.download.empty()) {
      download.reset(std::fopen(request.download.c_str(), "wb"));
      if (!download) return file_failure(request.download);
      exchange.download = download.get();
    }
    const CURLcode code = curl_easy_perform(handle);
    if (code != CURLE_OK) return fail(failure_of(code, detail.data()));
    if (download && std::fflush(download.get()) != 0) return file_failure(request.download);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    exchange.response.status = static_cast<int>(status);
    return std::move(exchange.response);
  }

 private:
  void set_connection(const HttpRequest& request, Exchange& exchange) {
    CURL* handle = easy_.get();
    std::string base = settings_.url;
    while (base.ends_with('/'))
      base.pop_back();
    curl_easy_setopt(handle, CURLOPT_URL, (base + request.path).c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, 10'000L);
    // No limit for the whole, a 100 MB file over a slow line is fine; but a stalled line is noticed.
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, 120L);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "dematctl/1");
    if (!settings_.ca.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, settings_.ca.c_str());
    if (!settings_.cert.empty()) {
      curl_easy_setopt(handle, CURLOPT_SSLCERT, settings_.cert.c_str());
      curl_easy_setopt(handle, CURLOPT_SSLKEY,
                       settings_.key.empty() ? settings_.cert.c_str() : settings_.key.c_str());
    }
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &exchange);
  }

  HeaderList set_headers(const HttpRequest& request) {
    HeaderList headers;
    const auto add = [&headers](const std::string& line) {
      curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
      if (longer == nullptr) throw std::bad_alloc();
      (void)headers.release();
      headers.reset(longer);
    };
    for (const auto& [name, value] : request.headers)
      add(name + ": " + value);
    if (!settings_.authority.empty()) add("Demat-Authority: " + settings_.authority);
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers.get());
    return headers;
  }

  /// Files are read while they are sent: annexes may be large.
  Answer<Mime> make_form(const std::vector<FormPart>& parts) {
    Mime form(curl_mime_init(easy_.get()));
    if (!form) throw std::bad_alloc();
    for (const auto& part : parts) {
      curl_mimepart* one = curl_mime_addpart(form.get());
      if (one == nullptr || curl_mime_name(one, part.name.c_str()) != CURLE_OK) throw std::bad_alloc();
      if (part.file.empty()) {
        if (curl_mime_data(one, part.text.data(), part.text.size()) != CURLE_OK) throw std::bad_alloc();
      } else if (is_folder(part.file) || curl_mime_filedata(one, part.file.c_str()) != CURLE_OK) {
        return file_failure(part.file);
      }
    }
    return form;
  }

  void set_upload(std::uintmax_t size, Exchange& exchange) {
    CURL* handle = easy_.get();
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(size));
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(handle, CURLOPT_READDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, rewind_body);
    curl_easy_setopt(handle, CURLOPT_SEEKDATA, &exchange);
  }

  ConnectionSettings settings_;
  Easy easy_;
};

}  // namespace

std::unique_ptr<HttpClient> make_curl_client(const ConnectionSettings& settings) {
  return std::make_unique<CurlClient>(settings);
}

}  // namespace demat::ctl
