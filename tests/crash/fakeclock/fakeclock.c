/* Moves the wall clock of a process and of its children by what a shared file says; the monotonic clock
 * stays. Preloaded by clock_steps.py. FAKECLOCK_FILE holds one int64_t of this machine: microseconds to add.
 * Deadlines of waits against the wall clock are not moved: what is under test must wait by the monotonic
 * clock. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static const _Atomic int64_t* offset;

__attribute__((constructor)) static void configure(void) {
  const char* name = getenv("FAKECLOCK_FILE");
  if (name == NULL) return;
  const int file = open(name, O_RDONLY | O_CLOEXEC);
  if (file < 0) _exit(97);
  void* mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (mapped == MAP_FAILED) _exit(97);
  offset = mapped;
}

static void move(struct timespec* moment) {
  if (offset == NULL) return;
  const int64_t by = atomic_load(offset);
  moment->tv_sec += by / 1000000;
  moment->tv_nsec += by % 1000000 * 1000;
  if (moment->tv_nsec >= 1000000000) {
    moment->tv_nsec -= 1000000000;
    ++moment->tv_sec;
  } else if (moment->tv_nsec < 0) {
    moment->tv_nsec += 1000000000;
    --moment->tv_sec;
  }
}

EXPORT int clock_gettime(clockid_t clock, struct timespec* out) {
  const int result = (int)syscall(SYS_clock_gettime, clock, out);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) move(out);
  return result;
}

EXPORT int gettimeofday(struct timeval* restrict out, void* restrict zone) {
  (void)zone;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  *out = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
  return 0;
}

EXPORT time_t time(time_t* out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != NULL) *out = now.tv_sec;
  return now.tv_sec;
}

EXPORT int timespec_get(struct timespec* out, int base) {
  return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, out) == 0 ? base : 0;
}
