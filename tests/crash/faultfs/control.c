/* The log, the watched folder and the failures of faultfs. Configured by the environment, see README.md. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "faultfs.h"

#define MOST_FILES 65536

static struct {
  char root[PATH_MAX];
  size_t root_length;
  int log;
  long fail_at;  /* the operation that fails, from 0; -1: none */
  long fail_for; /* so many in a row */
  long every;    /* each so many-th fails; 0: none */
  int error;
  const char* which;       /* operations that may fail, as letters; NULL: all */
  const char* marker;      /* a file of the test's own in the watched folder: logged, never failing */
  const char* switch_file; /* while it exists, all fail with the error it names */
} settings = {.log = -1, .fail_at = -1, .fail_for = 1, .error = EIO};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool watched_files[MOST_FILES];
static atomic_long operations;
static atomic_long failures;
static atomic_bool short_before; /* the last write took only a part, as on a full disk */

static long number_of(const char* name, long otherwise) {
  const char* text = getenv(name);
  return text != NULL && *text != '\0' ? strtol(text, NULL, 10) : otherwise;
}

static int error_named(const char* name) {
  return name != NULL && strncmp(name, "ENOSPC", 6) == 0 ? ENOSPC : EIO;
}

__attribute__((constructor)) static void configure(void) {
  const char* root = getenv("FAULTFS_ROOT");
  if (root == NULL || realpath(root, settings.root) == NULL) return;
  settings.root_length = strlen(settings.root);
  settings.fail_at = number_of("FAULTFS_FAIL_AT", -1);
  settings.fail_for = number_of("FAULTFS_FAIL_FOR", 1);
  settings.every = number_of("FAULTFS_EVERY", 0);
  settings.error = error_named(getenv("FAULTFS_ERROR"));
  settings.which = getenv("FAULTFS_WHICH");
  settings.marker = getenv("FAULTFS_MARKER");
  settings.switch_file = getenv("FAULTFS_SWITCH");
  const char* log = getenv("FAULTFS_LOG");
  if (log == NULL) return;
  settings.log = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (settings.log < 0) {
    perror("faultfs: cannot open its log");
    _exit(97);
  }
}

void faultfs_lock(void) {
  pthread_mutex_lock(&mutex);
}
void faultfs_unlock(void) {
  pthread_mutex_unlock(&mutex);
}

static bool inside(const char* path) {
  return settings.root_length > 0 && strncmp(path, settings.root, settings.root_length) == 0 &&
         (path[settings.root_length] == '/' || path[settings.root_length] == '\0');
}

bool faultfs_watched_file(int file, char* out) {
  if (settings.root_length == 0 || file < 0) return false;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, out, PATH_MAX - 1);
  if (length < 0) return false;
  out[length] = '\0';
  return inside(out);
}

bool faultfs_watched(int directory, const char* path, char* out) {
  if (settings.root_length == 0 || path == NULL) return false;
  char whole[PATH_MAX];
  if (path[0] != '/' && directory != AT_FDCWD) {
    char folder[PATH_MAX];
    if (!faultfs_watched_file(directory, folder)) return false;
    if (snprintf(whole, sizeof whole, "%s/%s", folder, path) >= (int)sizeof whole) return false;
  } else if (snprintf(whole, sizeof whole, "%s", path) >= (int)sizeof whole) {
    return false;
  }
  /* The last part may not exist, or be a link to act upon: only the folder is resolved. */
  char* slash = strrchr(whole, '/');
  const char* name = slash != NULL ? slash + 1 : whole;
  char folder[PATH_MAX];
  if (slash != NULL) *slash = '\0';
  if (realpath(slash == NULL ? "." : (*whole != '\0' ? whole : "/"), folder) == NULL) return false;
  if (snprintf(out, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX) return false;
  return inside(out);
}

void faultfs_opened(int file) {
  if (file >= 0 && file < MOST_FILES) atomic_store(&watched_files[file], true);
}
void faultfs_closed(int file) {
  if (file >= 0 && file < MOST_FILES) atomic_store(&watched_files[file], false);
}
bool faultfs_is_open(int file) {
  return file >= 0 && file < MOST_FILES && atomic_load(&watched_files[file]);
}

static const char* within(const char* path) {
  return path != NULL && inside(path) ? path + settings.root_length : "";
}

void faultfs_log(char operation, int file, int flags, uint64_t number, int64_t offset, const char* path,
                 const char* other, const void* data, size_t size) {
  if (settings.log < 0) return;
  path = within(path);
  other = within(other);
  struct faultfs_record head = {.magic = 0xFA17F5,
                                .operation = operation,
                                .file = file,
                                .flags = flags,
                                .number = number,
                                .offset = offset,
                                .path = (uint32_t)strlen(path),
                                .other = (uint32_t)strlen(other),
                                .data = size};
  /* The constness goes with struct iovec; nothing is written through it. */
  struct iovec parts[] = {{&head, sizeof head},
                          {(void*)(uintptr_t)path, head.path},
                          {(void*)(uintptr_t)other, head.other},
                          {(void*)(uintptr_t)data, size}};
  const long whole = (long)(sizeof head + head.path + head.other + size);
  if (syscall(SYS_writev, settings.log, parts, 4) != whole) {
    static const char words[] = "faultfs: its log cannot be written\n";
    (void)!syscall(SYS_write, 2, words, sizeof words - 1);
    _exit(98);
  }
}

/* While the switch exists, its first word is the error. */
static int switched(void) {
  if (settings.switch_file == NULL) return 0;
  const int file = (int)syscall(SYS_openat, AT_FDCWD, settings.switch_file, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0) return 0;
  char word[16] = {0};
  const ssize_t length = read(file, word, sizeof word - 1);
  syscall(SYS_close, file);
  return length > 0 ? error_named(word) : 0;
}

static enum faultfs_fate fails(char operation, int error) {
  atomic_fetch_add(&failures, 1);
  /* A full disk often takes a part of the bytes first. */
  if (operation == 'w' && error == ENOSPC && !atomic_exchange(&short_before, true)) return FAULTFS_SHORT;
  atomic_store(&short_before, false);
  errno = error;
  return FAULTFS_FAIL;
}

enum faultfs_fate faultfs_fate(char operation, const char* path) {
  const int saved = errno;
  if (settings.which != NULL && strchr(settings.which, operation) == NULL) return FAULTFS_GO_ON;
  const size_t length = path != NULL ? strlen(path) : 0;
  const char* name = path != NULL ? strrchr(path, '/') : NULL;
  if (settings.marker != NULL && name != NULL && strcmp(name + 1, settings.marker) == 0) return FAULTFS_GO_ON;
  if (length > 4 && strcmp(path + length - 4, "-shm") == 0) return FAULTFS_GO_ON; /* no durable data */
  const long now = atomic_fetch_add(&operations, 1);
  const int error = switched();
  if (error != 0) return fails(operation, error);
  errno = saved;
  if (atomic_load(&short_before)) return fails(operation, settings.error);
  const bool at =
      settings.fail_at >= 0 && now >= settings.fail_at && now < settings.fail_at + settings.fail_for;
  if (at || (settings.every > 0 && now % settings.every == settings.every - 1))
    return fails(operation, settings.error);
  return FAULTFS_GO_ON;
}

/* For programs that want to know, by dlsym. */
__attribute__((visibility("default"))) long faultfs_operations(void) {
  return atomic_load(&operations);
}
__attribute__((visibility("default"))) long faultfs_failures(void) {
  return atomic_load(&failures);
}
