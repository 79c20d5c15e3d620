/* Shared by the interposed calls of faultfs: what is watched, the log, and when to fail. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* One record of the operation log: this head, `path`, `other` and `data` follow. Numbers are of this machine.
 */
struct faultfs_record {
  uint32_t magic; /* 0xFA17F5 */
  char operation; /* see the table in README.md */
  char unused[3];
  int32_t file;
  int32_t flags;
  uint64_t number; /* pairs the beginning of a sync with its end */
  int64_t offset;
  uint32_t path;
  uint32_t other;
  uint64_t data;
};

/* What the next operation meets. */
enum faultfs_fate { FAULTFS_GO_ON, FAULTFS_FAIL, FAULTFS_SHORT };

/* Held around an operation and its record, so that the log has the order of the disk. Not recursive. */
void faultfs_lock(void);
void faultfs_unlock(void);

/* True, with the absolute name in `out` (PATH_MAX bytes), when `path` lies in the watched folder. */
bool faultfs_watched(int directory, const char* path, char* out);
/* The same for an open file. */
bool faultfs_watched_file(int file, char* out);

/* Remembers which descriptors are watched. */
void faultfs_opened(int file);
void faultfs_closed(int file);
bool faultfs_is_open(int file);

/* Appends a record; call it locked. */
void faultfs_log(char operation, int file, int flags, uint64_t number, int64_t offset, const char* path,
                 const char* other, const void* data, size_t size);

/* Counts one operation that may fail and says what becomes of it; sets errno when it is to fail. */
enum faultfs_fate faultfs_fate(char operation, const char* path);
