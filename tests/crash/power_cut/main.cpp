#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "work.hpp"

// store_work run FOLDER PROMISES SEED FILES CLIENTS   makes a store when there is none, and works on it; with
//                                                     CLIENTS 0 in one thread, in an order that repeats
// store_work verify FOLDER PROMISES                   holds what is there against what was promised

namespace demat::crash {
namespace {

/// The store may be made while the disk fails: what is half there is made again.
std::unique_ptr<store::Store> open_store(const std::filesystem::path& folder, const Clock& clock) {
  constexpr int tries = 400;
  for (int i = 0; i < tries; ++i) {
    if (auto opened = store::open_sqlite_store(options_in(folder), clock)) {
      if ((*opened)->recover(clock.now())) return std::move(*opened);
      continue;
    }
    const auto made = store::create_sqlite_store(options_in(folder));
    if (!made) std::printf("create: %s (%s)\n", made.error().code.c_str(), made.error().detail.c_str());
  }
  std::fprintf(stderr, "store_work: no store after %d tries\n", tries);
  std::_Exit(5);
}

void work_alone(Work& work, unsigned files) {
  for (unsigned i = 0; i < files; ++i) {
    work.deposit(0, i);
    work.check_one();
    work.send_one();
    work.settle_one();
  }
  // What was dropped with its claim is taken up again.
  while (work.check_one() || work.send_one() || work.settle_one()) {
  }
}

/// Clients and workers side by side, so that groups form in the writer.
void work_together(Work& work, unsigned files, unsigned clients) {
  std::atomic<unsigned> depositing{clients};
  std::vector<std::thread> threads;
  for (unsigned client = 0; client < clients; ++client)
    threads.emplace_back([&work, &depositing, client, files] {
      for (unsigned i = 0; i < files; ++i)
        work.deposit(client, i);
      --depositing;
    });
  using Step = bool (Work::*)();
  for (const Step step : {&Work::check_one, &Work::send_one, &Work::settle_one})
    threads.emplace_back([&work, &depositing, step] {
      unsigned idle = 0;
      while (depositing > 0 || idle < 20) {
        idle = (work.*step)() ? 0 : idle + 1;
        if (idle > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    });
  for (auto& thread : threads)
    thread.join();
}

/// Told by the fault layer, when it is loaded.
long faults(const char* name) {
  using Count = long (*)();
  const auto count = reinterpret_cast<Count>(::dlsym(RTLD_DEFAULT, name));
  return count != nullptr ? count() : 0;
}

int run(const std::filesystem::path& folder, const char* file, unsigned long seed, unsigned files,
        unsigned clients) {
  const SystemClock clock;
  Promises promises(file);
  {
    const auto store = open_store(folder, clock);
    Work work(*store, promises, seed);
    if (clients == 0)
      work_alone(work, files);
    else
      work_together(work, files, clients);
    for (const auto& [code, count] : work.errors())
      std::printf("error %s %u\n", code.c_str(), count);
  }
  std::printf("operations %ld failures %ld\n", faults("faultfs_operations"), faults("faultfs_failures"));
  return 0;
}

}  // namespace
}  // namespace demat::crash

int main(int count, char** words) {
  const std::string command = count > 1 ? words[1] : "";
  if (command == "verify" && count == 4) return demat::crash::verify(words[2], words[3]) == 0 ? 0 : 1;
  if (command == "run" && count == 7)
    return demat::crash::run(words[2], words[3], std::strtoul(words[4], nullptr, 10),
                             static_cast<unsigned>(std::strtoul(words[5], nullptr, 10)),
                             static_cast<unsigned>(std::strtoul(words[6], nullptr, 10)));
  std::fprintf(stderr, "store_work run FOLDER PROMISES SEED FILES CLIENTS | verify FOLDER PROMISES\n");
  return 2;
}
