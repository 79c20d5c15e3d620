#include "gateway/observe/log.hpp"

#include <spdlog/details/file_helper.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <mutex>

#include "gateway/base/clock.hpp"
#include "gateway/observe/json_line.hpp"

namespace demat::observe {
namespace {

/// A file that log rotation may move away; spdlog's own file sinks cannot be opened again.
class FileSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FileSink(const std::filesystem::path& file) { file_.open(file.string(), false); }
  void reopen() {
    const std::lock_guard lock(mutex_);
    file_.reopen(false);
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t formatted;
    formatter_->format(message, formatted);
    file_.write(formatted);
  }
  void flush_() override { file_.flush(); }

 private:
  spdlog::details::file_helper file_;
};

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

struct Logger::Impl {
  Impl(Level least, std::shared_ptr<spdlog::sinks::sink> sink, std::shared_ptr<FileSink> own_file)
      : file(std::move(own_file)), logger("dematd", std::move(sink)) {
    logger.set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
    logger.set_level(spdlog_level(least));
    logger.flush_on(spdlog::level::info);
  }
  void write(Level level, std::string_view code, std::initializer_list<Field> fields, bool alarm) {
    if (!logger.should_log(spdlog_level(level))) return;
    const std::string line = json_line(to_iso8601(clock.now()), level, code, fields, alarm);
    logger.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
  }

  SystemClock clock;
  std::shared_ptr<FileSink> file;  ///< null: standard error
  spdlog::logger logger;
};

std::unique_ptr<Logger> Logger::create(Level level, const std::filesystem::path& file) {
  std::unique_ptr<Impl> impl;
  if (file.empty()) {
    impl = std::make_unique<Impl>(level, std::make_shared<spdlog::sinks::stderr_sink_mt>(), nullptr);
  } else {
    auto sink = std::make_shared<FileSink>(file);
    impl = std::make_unique<Impl>(level, sink, sink);
  }
  return std::unique_ptr<Logger>(new Logger(std::move(impl)));
}

Logger::Logger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Logger::~Logger() = default;

void Logger::write(Level level, std::string_view code, std::initializer_list<Field> fields) {
  impl_->write(level, code, fields, false);
}

void Logger::alarm(std::string_view code, std::initializer_list<Field> fields) {
  impl_->write(Level::error, code, fields, true);
}

void Logger::set_level(Level level) {
  impl_->logger.set_level(spdlog_level(level));
}

void Logger::reopen() {
  if (impl_->file) impl_->file->reopen();
}

void Logger::flush() {
  impl_->logger.flush();
}

}  // namespace demat::observe
