/* The interposed calls: each does its work, and appends what it did to the log. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "faultfs.h"

#define EXPORT __attribute__((visibility("default")))
#define CHANGES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

static atomic_ulong syncs;

/* --- opening and closing */

static int open_at(int directory, const char* path, int flags, mode_t mode) {
  char name[PATH_MAX];
  const bool watched = faultfs_watched(directory, path, name);
  if (!watched) return (int)syscall(SYS_openat, directory, path, flags, mode);
  if ((flags & CHANGES) != 0 && faultfs_fate('o', name) != FAULTFS_GO_ON) return -1;
  faultfs_lock();
  const int file = (int)syscall(SYS_openat, directory, path, flags, mode);
  const int error = errno;
  if (file >= 0) {
    faultfs_opened(file);
    faultfs_log('o', file, flags, 0, 0, name, NULL, NULL, 0);
  }
  faultfs_unlock();
  errno = error;
  return file;
}

static mode_t mode_of(int flags, va_list rest) {
  const bool given = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return given ? (mode_t)va_arg(rest, unsigned) : 0;
}

#define OPEN_LIKE(name)                               \
  EXPORT int name(const char* path, int flags, ...) { \
    va_list rest;                                     \
    va_start(rest, flags);                            \
    const mode_t mode = mode_of(flags, rest);         \
    va_end(rest);                                     \
    return open_at(AT_FDCWD, path, flags, mode);      \
  }
#define OPENAT_LIKE(name)                                            \
  EXPORT int name(int directory, const char* path, int flags, ...) { \
    va_list rest;                                                    \
    va_start(rest, flags);                                           \
    const mode_t mode = mode_of(flags, rest);                        \
    va_end(rest);                                                    \
    return open_at(directory, path, flags, mode);                    \
  }
OPEN_LIKE(open)
OPEN_LIKE(open64)
OPENAT_LIKE(openat)
OPENAT_LIKE(openat64)
/* What fortified programs call. */
EXPORT int __open_2(const char* path, int flags) {
  return open_at(AT_FDCWD, path, flags, 0);
}
EXPORT int __open64_2(const char* path, int flags) {
  return open_at(AT_FDCWD, path, flags, 0);
}
EXPORT int __openat_2(int directory, const char* path, int flags) {
  return open_at(directory, path, flags, 0);
}
EXPORT int __openat64_2(int directory, const char* path, int flags) {
  return open_at(directory, path, flags, 0);
}
EXPORT int creat(const char* path, mode_t mode) {
  return open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}
EXPORT int creat64(const char* path, mode_t mode) {
  return creat(path, mode);
}

EXPORT int close(int file) {
  if (!faultfs_is_open(file)) return (int)syscall(SYS_close, file);
  faultfs_lock();
  faultfs_log('c', file, 0, 0, 0, NULL, NULL, NULL, 0);
  faultfs_closed(file);
  const int result = (int)syscall(SYS_close, file);
  const int error = errno;
  faultfs_unlock();
  errno = error;
  return result;
}

/* --- writing */

static enum faultfs_fate fate_of(char operation, int file) {
  char name[PATH_MAX];
  return faultfs_fate(operation, faultfs_watched_file(file, name) ? name : NULL);
}

/* Where a write without a place goes. */
static off_t place_of(int file) {
  const int flags = fcntl(file, F_GETFL);
  return lseek(file, 0, (flags & O_APPEND) != 0 ? SEEK_END : SEEK_CUR);
}

static ssize_t write_at(int file, const void* data, size_t size, off_t offset) {
  const enum faultfs_fate fate = fate_of('w', file);
  if (fate == FAULTFS_FAIL) return -1;
  if (fate == FAULTFS_SHORT && size > 1) size /= 2;
  faultfs_lock();
  const off_t place = offset >= 0 ? offset : place_of(file);
  const ssize_t done =
      offset >= 0 ? syscall(SYS_pwrite64, file, data, size, offset) : syscall(SYS_write, file, data, size);
  const int error = errno;
  if (done > 0) faultfs_log('w', file, 0, 0, place, NULL, NULL, data, (size_t)done);
  faultfs_unlock();
  errno = error;
  return done;
}

EXPORT ssize_t write(int file, const void* data, size_t size) {
  return faultfs_is_open(file) ? write_at(file, data, size, -1) : syscall(SYS_write, file, data, size);
}
EXPORT ssize_t pwrite(int file, const void* data, size_t size, off_t offset) {
  return faultfs_is_open(file) ? write_at(file, data, size, offset)
                               : syscall(SYS_pwrite64, file, data, size, offset);
}
EXPORT ssize_t pwrite64(int file, const void* data, size_t size, off64_t offset) {
  return pwrite(file, data, size, offset);
}

static ssize_t write_parts(int file, const struct iovec* parts, int count, off_t offset) {
  ssize_t whole = 0;
  for (int i = 0; i < count; ++i) {
    if (parts[i].iov_len == 0) continue;
    const ssize_t done =
        write_at(file, parts[i].iov_base, parts[i].iov_len, offset >= 0 ? offset + whole : -1);
    if (done < 0) return whole > 0 ? whole : -1;
    whole += done;
    if ((size_t)done < parts[i].iov_len) break;
  }
  return whole;
}

EXPORT ssize_t writev(int file, const struct iovec* parts, int count) {
  return faultfs_is_open(file) ? write_parts(file, parts, count, -1)
                               : syscall(SYS_writev, file, parts, count);
}
EXPORT ssize_t pwritev(int file, const struct iovec* parts, int count, off_t offset) {
  return faultfs_is_open(file) ? write_parts(file, parts, count, offset)
                               : syscall(SYS_pwritev, file, parts, count, offset, 0);
}
EXPORT ssize_t pwritev64(int file, const struct iovec* parts, int count, off64_t offset) {
  return pwritev(file, parts, count, offset);
}

/* Copies inside the kernel would not be seen: their callers know how to do without. */
EXPORT ssize_t sendfile(int to, int from, off_t* offset, size_t size) {
  if (!faultfs_is_open(to)) return syscall(SYS_sendfile, to, from, offset, size);
  errno = EINVAL;
  return -1;
}
EXPORT ssize_t sendfile64(int to, int from, off64_t* offset, size_t size) {
  return sendfile(to, from, offset, size);
}
EXPORT ssize_t copy_file_range(int from, off64_t* from_offset, int to, off64_t* to_offset, size_t size,
                               unsigned flags) {
  if (!faultfs_is_open(to))
    return syscall(SYS_copy_file_range, from, from_offset, to, to_offset, size, flags);
  errno = ENOSYS;
  return -1;
}

static int resize(int file, off_t size) {
  if (fate_of('t', file) != FAULTFS_GO_ON) return -1;
  faultfs_lock();
  const int result = (int)syscall(SYS_ftruncate, file, size);
  const int error = errno;
  if (result == 0) faultfs_log('t', file, 0, 0, size, NULL, NULL, NULL, 0);
  faultfs_unlock();
  errno = error;
  return result;
}
EXPORT int ftruncate(int file, off_t size) {
  return faultfs_is_open(file) ? resize(file, size) : (int)syscall(SYS_ftruncate, file, size);
}
EXPORT int ftruncate64(int file, off64_t size) {
  return ftruncate(file, size);
}

/* Space reserved by fallocate is a file grown by zeros to whoever reads it. */
EXPORT int fallocate(int file, int mode, off_t offset, off_t length) {
  if (!faultfs_is_open(file)) return (int)syscall(SYS_fallocate, file, mode, offset, length);
  if (fate_of('t', file) != FAULTFS_GO_ON) return -1;
  faultfs_lock();
  const int result = (int)syscall(SYS_fallocate, file, mode, offset, length);
  const int error = errno;
  if (result == 0) faultfs_log('a', file, mode, 0, offset + length, NULL, NULL, NULL, 0);
  faultfs_unlock();
  errno = error;
  return result;
}
EXPORT int fallocate64(int file, int mode, off64_t offset, off64_t length) {
  return fallocate(file, mode, offset, length);
}
EXPORT int posix_fallocate(int file, off_t offset, off_t length) {
  return fallocate(file, 0, offset, length) == 0 ? 0 : errno;
}
EXPORT int posix_fallocate64(int file, off64_t offset, off64_t length) {
  return posix_fallocate(file, offset, length);
}

/* A shared writable mapping would change a file unseen; only the index of SQLite's log may. */
static void* map(void* address, size_t size, int protection, int flags, int file, off_t offset) {
  char name[PATH_MAX];
  if ((flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0 && faultfs_is_open(file) &&
      faultfs_watched_file(file, name)) {
    faultfs_lock();
    faultfs_log('m', file, protection, 0, offset, name, NULL, NULL, 0);
    faultfs_unlock();
  }
  return (void*)syscall(SYS_mmap, address, size, protection, flags, file, offset);
}
EXPORT void* mmap(void* address, size_t size, int protection, int flags, int file, off_t offset) {
  return map(address, size, protection, flags, file, offset);
}
EXPORT void* mmap64(void* address, size_t size, int protection, int flags, int file, off64_t offset) {
  return map(address, size, protection, flags, file, offset);
}

/* --- syncing: durable is what was written before it began, once it has ended. The real disk is spared. */

static int sync_one(int file) {
  const uint64_t number = atomic_fetch_add(&syncs, 1) + 1;
  faultfs_lock();
  faultfs_log('b', file, 0, number, 0, NULL, NULL, NULL, 0);
  faultfs_unlock();
  const bool fails = fate_of('s', file) != FAULTFS_GO_ON;
  const int error = errno;
  faultfs_lock();
  faultfs_log(fails ? 'f' : 's', file, 0, number, 0, NULL, NULL, NULL, 0);
  faultfs_unlock();
  errno = error;
  return fails ? -1 : 0;
}
EXPORT int fsync(int file) {
  return faultfs_is_open(file) ? sync_one(file) : (int)syscall(SYS_fsync, file);
}
EXPORT int fdatasync(int file) {
  return faultfs_is_open(file) ? sync_one(file) : (int)syscall(SYS_fdatasync, file);
}
/* Starts writing, promises nothing. */
EXPORT int sync_file_range(int file, off64_t offset, off64_t length, unsigned flags) {
  return faultfs_is_open(file) ? 0 : (int)syscall(SYS_sync_file_range, file, offset, length, flags);
}

/* --- names */

/* Does `action` on watched names; the log tells of it when it succeeded. */
#define NAMED(operation_, from_folder_, from_, to_folder_, to_, action)                          \
  do {                                                                                           \
    char old[PATH_MAX], new[PATH_MAX];                                                           \
    const bool of_ours = faultfs_watched(from_folder_, from_, old);                              \
    const bool to_ours = faultfs_watched(to_folder_, to_, new);                                  \
    if (!of_ours && !to_ours) return (int)(action);                                              \
    if (faultfs_fate(operation_, old) != FAULTFS_GO_ON) return -1;                               \
    faultfs_lock();                                                                              \
    const int result = (int)(action);                                                            \
    const int error = errno;                                                                     \
    if (result == 0)                                                                             \
      faultfs_log(operation_, -1, 0, 0, 0, of_ours ? old : NULL, to_ours ? new : NULL, NULL, 0); \
    faultfs_unlock();                                                                            \
    errno = error;                                                                               \
    return result;                                                                               \
  } while (0)

EXPORT int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  NAMED('r', from_folder, from, to_folder, to,
        syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}
EXPORT int renameat(int from_folder, const char* from, int to_folder, const char* to) {
  return renameat2(from_folder, from, to_folder, to, 0);
}
EXPORT int rename(const char* from, const char* to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* Linking an unnamed file (O_TMPFILE) names it: the log then has the descriptor behind /proc/self/fd. */
EXPORT int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  int file = -1;
  if (from[0] == '\0')
    file = from_folder;
  else if (sscanf(from, "/proc/self/fd/%d", &file) != 1)
    file = -1;
  if (file < 0)
    NAMED('l', from_folder, from, to_folder, to,
          syscall(SYS_linkat, from_folder, from, to_folder, to, flags));
  char name[PATH_MAX];
  if (!faultfs_watched(to_folder, to, name))
    return (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
  if (faultfs_fate('l', name) != FAULTFS_GO_ON) return -1;
  faultfs_lock();
  const int result = (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
  const int error = errno;
  if (result == 0) faultfs_log('n', file, 0, 0, 0, name, NULL, NULL, 0);
  faultfs_unlock();
  errno = error;
  return result;
}
EXPORT int link(const char* from, const char* to) {
  return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

EXPORT int unlinkat(int folder, const char* path, int flags) {
  NAMED('u', folder, path, folder, (const char*)NULL, syscall(SYS_unlinkat, folder, path, flags));
}
EXPORT int unlink(const char* path) {
  return unlinkat(AT_FDCWD, path, 0);
}
EXPORT int rmdir(const char* path) {
  return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}
EXPORT int remove(const char* path) {
  const int done = unlinkat(AT_FDCWD, path, 0);
  return done != 0 && (errno == EISDIR || errno == EPERM) ? unlinkat(AT_FDCWD, path, AT_REMOVEDIR) : done;
}
EXPORT int mkdirat(int folder, const char* path, mode_t mode) {
  NAMED('d', folder, path, folder, (const char*)NULL, syscall(SYS_mkdirat, folder, path, mode));
}
EXPORT int mkdir(const char* path, mode_t mode) {
  return mkdirat(AT_FDCWD, path, mode);
}
