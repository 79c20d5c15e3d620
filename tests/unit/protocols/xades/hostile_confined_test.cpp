// No hostile file makes the verifier open a file, reach for the network or need much stack: a child process
// judges them all where the kernel kills whoever tries, in a thread with a small stack.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <functional>
#include <latch>
#include <memory>
#include <system_error>
#include <thread>

#include "hostile_kit.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/xml/parser.hpp"

using namespace demat;
using namespace demat::test::hostile;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t stack_bytes = 4'194'304;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr std::size_t stack_bytes = 4'194'304;
#else
constexpr std::size_t stack_bytes = 262'144;
#endif
#else
constexpr std::size_t stack_bytes = 262'144;
#endif

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
#endif

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

/// A file that tells when somebody opens it.
class WatchedFile {
 public:
  WatchedFile() : file_(folder_.write("appat", "secret\n")), watch_(::inotify_init1(IN_NONBLOCK)) {
    ::inotify_add_watch(watch_.get(), file_.c_str(), IN_OPEN | IN_ACCESS);
  }
  [[nodiscard]] std::string url() const { return "file://" + file_.string(); }
  [[nodiscard]] bool opened() const {
    char events[4'096];
    return ::read(watch_.get(), events, sizeof events) > 0;
  }
  void open() const { (void)test::read_file(file_); }

 private:
  test::TemporaryFolder folder_;
  std::filesystem::path file_;
  Descriptor watch_;
};

/// A port of the loopback address that tells when somebody calls.
class WatchedPort {
 public:
  WatchedPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    auto* const address = reinterpret_cast<sockaddr*>(&address_);
    if (::bind(socket_.get(), address, size) != 0 || ::listen(socket_.get(), 8) != 0 ||
        ::getsockname(socket_.get(), address, &size) != 0)
      throw std::runtime_error("no port");
  }
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)) + "/appat";
  }
  [[nodiscard]] bool called() const {
    const Descriptor caller(::accept(socket_.get(), nullptr, nullptr));
    return caller.get() >= 0;
  }
  void call() const {
    const Descriptor caller(::socket(AF_INET, SOCK_STREAM, 0));
    (void)::connect(caller.get(), reinterpret_cast<const sockaddr*>(&address_), sizeof address_);
  }

 private:
  Descriptor socket_;
  sockaddr_in address_{};
};

sock_filter statement(unsigned code, std::uint32_t value) {
  return {static_cast<std::uint16_t>(code), 0, 0, value};
}
sock_filter trap_if(std::uint32_t number) {
  return {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, number};
}

/// Names the call that was forbidden, then dies of it: the handler is gone once it is entered. fmt and stdio
/// may take locks that the thread already holds, so only write is used.
void tell_the_call(int, siginfo_t* what, void*) {
  char text[] = "forbidden system call     \n";
  auto digit = sizeof text - 3;
  for (auto rest = what->si_syscall; digit > sizeof text - 7; rest /= 10, --digit)
    text[digit] = static_cast<char>('0' + rest % 10);
  if (::write(STDERR_FILENO, text, sizeof text - 1) < 0) ::_exit(97);
  ::raise(SIGSYS);
}

/// From here on, whoever opens a file, makes a socket or starts a program dies.
bool confine() {
  struct sigaction told {};
  told.sa_sigaction = tell_the_call;
  told.sa_flags = static_cast<int>(SA_SIGINFO | SA_RESETHAND | SA_NODEFER);
  if (::sigaction(SIGSYS, &told, nullptr) != 0) return false;
  std::vector<sock_filter> program = {
      statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, architecture},
      statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
  };
  for (const auto number : {
#ifdef SYS_open
           SYS_open, SYS_creat,
#endif
           SYS_openat, SYS_openat2, SYS_open_by_handle_at, SYS_io_uring_setup, SYS_socket, SYS_connect,
           SYS_execve, SYS_execveat}) {
    program.push_back(trap_if(static_cast<std::uint32_t>(number)));
    program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_TRAP));
  }
  program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

/// One text of tens of megabytes each, which no road follows in depth: Hostile judges them.
bool is_one_long_text(const Case& one) {
  return one.number == std::string_view("T53") || one.number == std::string_view("I147");
}

/// What is larger is more of the same, neither deeper nor pointing elsewhere; libxml2's tree takes its time.
constexpr std::size_t most_for_xmlsec = 1'000'000;

struct Judged {
  const Case* one;
  std::string bytes;
};

/// What of this file differs from its promise, by each road.
std::string judge(const Judged& judged) {
  const auto document = xml::parse(judged.bytes);
  const MemorySource source(judged.bytes);
  const auto lean = xml::parse_lean(source);
  if (!document || !lean) return document || lean ? "the roads differ" : "";
  std::string all =
      difference(*judged.one, xades::verify_pes(*document, options(xades::Engine::own)).value());
  if (judged.bytes.size() <= most_for_xmlsec)
    all += difference(*judged.one, xades::verify_pes(*document, options(xades::Engine::xmlsec)).value());
  return all + difference(*judged.one, xades::verify_pes(*lean, options(xades::Engine::own)).value());
}

/// Runs `work` in a thread with a small stack.
bool with_little_stack(std::function<void()> work) {
  pthread_attr_t attributes;
  pthread_t thread{};
  ::pthread_attr_init(&attributes);
  const bool started = ::pthread_attr_setstacksize(&attributes, stack_bytes) == 0 &&
                       ::pthread_create(
                           &thread, &attributes,
                           [](void* given) -> void* {
                             (*static_cast<std::function<void()>*>(given))();
                             return nullptr;
                           },
                           &work) == 0;
  ::pthread_attr_destroy(&attributes);
  return started && ::pthread_join(thread, nullptr) == 0;
}

/// The state in which a child that did `work`, confined, has ended.
int state_of_child(const std::function<int()>& work) {
  const auto child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    int code = 99;
    // Before glibc gives back what lies at the end of a thread's heap it opens
    // /proc/sys/vm/overcommit_memory. One heap for all is not enough: the heaps of the parent's threads, had
    // it any, are handed to the child's.
    ::mallopt(M_TRIM_THRESHOLD, -1);
    const bool ran = confine() && with_little_stack([&] { code = work(); });
    ::_exit(ran ? code : 98);
  }
  int state = 0;
  while (::waitpid(child, &state, 0) < 0)
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  return state;
}

/// Some containers do not let a process confine itself.
bool may_confine() {
  return state_of_child([] { return 0; }) == 0;
}

TEST(Confined, TheTrapsWork) {
  if (!may_confine()) GTEST_SKIP() << "this system allows no seccomp filter";
  const WatchedFile file;
  const WatchedPort port;
  EXPECT_FALSE(file.opened());
  EXPECT_FALSE(port.called());
  file.open();
  port.call();
  EXPECT_TRUE(file.opened());
  EXPECT_TRUE(port.called());
  for (const auto& forbidden :
       std::vector<std::function<void()>>{[&] { file.open(); }, [&] { port.call(); }}) {
    const int state = state_of_child([&] {
      forbidden();
      return 0;
    });
    EXPECT_TRUE(WIFSIGNALED(state)) << state;
    EXPECT_EQ(WTERMSIG(state), SIGSYS);
  }
  EXPECT_EQ(state_of_child([] { return 7; }) >> 8, 7);
}

/// Leaves heaps behind that belonged to threads at the same time, as any test with threads does.
void leave_heaps_behind() {
  constexpr int count = 4;
  std::latch all_have_one(count);
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back([&] {
      const std::string text(1'000, 'a');
      all_have_one.arrive_and_wait();
      EXPECT_EQ(text.back(), 'a');
    });
  for (auto& thread : threads)
    thread.join();
}

TEST(Confined, AHeapInheritedFromThreadsOpensNothing) {
  if (!may_confine()) GTEST_SKIP() << "this system allows no seccomp filter";
  leave_heaps_behind();
  EXPECT_EQ(state_of_child([] {
              std::vector<std::string> many(1'000, std::string(10'000, 'a'));
              return many.back().back() == 'a' ? 0 : 1;
            }),
            0);
}

TEST(Confined, NothingIsOpenedNorCalledAndTheStackIsSmall) {
  if (!may_confine()) GTEST_SKIP() << "this system allows no seccomp filter";
  const WatchedFile file;
  const WatchedPort port;
  auto cases = all_cases();
  ASSERT_EQ(std::erase_if(cases, is_one_long_text), 2U);
  std::vector<Judged> files;
  for (const auto& one : cases)
    files.push_back({&one, one.file({file.url(), port.url()})});
  // Libraries set themselves up once: what they open then is not the work of a hostile file.
  ASSERT_EQ(judge(files.front()), "");
  // Shared with the child: what it was at when it died.
  using Shared = std::unique_ptr<std::size_t, decltype([](std::size_t* p) { ::munmap(p, sizeof *p); })>;
  const Shared at(static_cast<std::size_t*>(
      ::mmap(nullptr, sizeof(std::size_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)));
  ASSERT_NE(at.get(), MAP_FAILED);
  const int state = state_of_child([&] {
    int wrong = 0;
    for (const auto& one : files) {
      *at = static_cast<std::size_t>(&one - files.data());
      const auto differs = judge(one);
      if (differs.empty()) continue;
      ++wrong;
      std::fprintf(stderr, "%s: %s\n", one.one->name, differs.c_str());
    }
    return std::min(wrong, 90);
  });
  ASSERT_TRUE(WIFEXITED(state)) << "killed by signal " << WTERMSIG(state) << " at " << cases[*at].name;
  EXPECT_EQ(WEXITSTATUS(state), 0);
  // The same with everything allowed: nobody tries.
  for (const auto& one : files)
    if (one.bytes.find("appat") != std::string::npos) EXPECT_EQ(judge(one), "") << one.one->name;
  EXPECT_FALSE(file.opened());
  EXPECT_FALSE(port.called());
}

}  // namespace
