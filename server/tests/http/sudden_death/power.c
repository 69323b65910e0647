/* A disk that forgets: keeps, beside each file of the books, what stood there before every write
 * that has not been synced yet. Whoever kills the program then puts it back, as if power had failed
 * at that moment (a kill alone loses nothing: the system still writes what it was given).
 *
 * LOST_POWER_FOLDER names the folder; with LOST_POWER_LIES=1 the disk says that it has synced and
 * has not. The undo file holds for each write: offset, size of the file before, length, and bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define MOST_FILES 4096

struct before {
    int64_t offset, size, length;
};

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static int undo_of[MOST_FILES];

static void *real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) abort();
    return found;
}

static int ends_with(const char *text, const char *end) {
    size_t long_text = strlen(text), long_end = strlen(end);
    return long_text >= long_end && strcmp(text + long_text - long_end, end) == 0;
}

/* Remembers where the undo of a file goes, if it is one of the books. */
static int opened(int file) {
    const char *folder = getenv("LOST_POWER_FOLDER");
    char link[64], path[PATH_MAX];
    if (file < 0 || file >= MOST_FILES || folder == NULL) return file;
    undo_of[file] = 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 8);
    if (length <= 0) return file;
    path[length] = 0;
    if (strncmp(path, folder, strlen(folder)) != 0) return file;
    if (!ends_with(path, ".sqlite") && !ends_with(path, "-wal") && !ends_with(path, "-journal"))
        return file;
    strcat(path, ".undo");
    int (*open_it)(const char *, int, ...) = real("open");
    undo_of[file] = open_it(path, O_RDWR | O_CREAT | O_APPEND, 0600);
    return file;
}

static int undo(int file) {
    return file >= 0 && file < MOST_FILES ? undo_of[file] : 0;
}

/* Notes what the next `length` bytes from `offset` on were. The caller holds the lock. */
static void remember(int file, off_t offset, size_t length) {
    ssize_t (*read_it)(int, void *, size_t, off_t) = real("pread64");
    ssize_t (*write_it)(int, const void *, size_t) = real("write");
    struct stat now;
    if (fstat(file, &now) != 0) abort();
    struct before before = {offset, now.st_size, 0};
    if (offset < now.st_size) {
        int64_t rest = now.st_size - offset;
        before.length = (int64_t)length < rest ? (int64_t)length : rest;
    }
    size_t whole = sizeof before + before.length;
    char *bytes = malloc(whole);
    if (bytes == NULL) abort();
    memcpy(bytes, &before, sizeof before);
    if (before.length > 0 &&
        read_it(file, bytes + sizeof before, before.length, offset) != before.length) abort();
    if (write_it(undo(file), bytes, whole) != (ssize_t)whole) abort();
    free(bytes);
}

#define OPENS(name)                                                                              \
    int name(const char *path, int flags, ...) {                                                 \
        va_list more;                                                                            \
        va_start(more, flags);                                                                   \
        mode_t mode = va_arg(more, mode_t);                                                      \
        va_end(more);                                                                            \
        int (*open_it)(const char *, int, ...) = real(#name);                                    \
        return opened(open_it(path, flags, mode));                                               \
    }
OPENS(open)
OPENS(open64)

#define WRITES(name)                                                                             \
    ssize_t name(int file, const void *bytes, size_t length, off_t offset) {                     \
        ssize_t (*write_it)(int, const void *, size_t, off_t) = real(#name);                     \
        if (!undo(file)) return write_it(file, bytes, length, offset);                           \
        pthread_mutex_lock(&one_at_a_time);                                                      \
        remember(file, offset, length);                                                          \
        ssize_t written = write_it(file, bytes, length, offset);                                 \
        pthread_mutex_unlock(&one_at_a_time);                                                    \
        return written;                                                                          \
    }
WRITES(pwrite)
WRITES(pwrite64)

#define TRUNCATES(name)                                                                          \
    int name(int file, off_t size) {                                                             \
        int (*truncate_it)(int, off_t) = real(#name);                                            \
        if (!undo(file)) return truncate_it(file, size);                                         \
        pthread_mutex_lock(&one_at_a_time);                                                      \
        struct stat now;                                                                         \
        if (fstat(file, &now) != 0) abort();                                                     \
        remember(file, size, now.st_size > size ? now.st_size - size : 0);                       \
        int done = truncate_it(file, size);                                                      \
        pthread_mutex_unlock(&one_at_a_time);                                                    \
        return done;                                                                             \
    }
TRUNCATES(ftruncate)
TRUNCATES(ftruncate64)

/* What is synced is not undone any more. */
#define SYNCS(name)                                                                              \
    int name(int file) {                                                                         \
        int (*sync_it)(int) = real(#name);                                                       \
        int (*truncate_it)(int, off_t) = real("ftruncate64");                                    \
        if (!undo(file)) return sync_it(file);                                                   \
        if (getenv("LOST_POWER_LIES") != NULL) return 0;                                         \
        pthread_mutex_lock(&one_at_a_time);                                                      \
        int done = sync_it(file);                                                                \
        if (done == 0 && truncate_it(undo(file), 0) != 0) abort();                               \
        pthread_mutex_unlock(&one_at_a_time);                                                    \
        return done;                                                                             \
    }
SYNCS(fsync)
SYNCS(fdatasync)
