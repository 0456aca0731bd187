/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A spool over this machine's files: locks, rights, forks, kills, moves, a long backlog. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "folder.h"
#include "memory.h"
#include "spool/spool.h"

/* ---- a directory ---- */

static char scratch[64], dir[128];
static tdrest_error err;

static void begin(void)
{
    snprintf(scratch, sizeof scratch, "/tmp/tdrest-spool.XXXXXX");
    CU_ASSERT_FATAL(mkdtemp(scratch) != NULL);
    snprintf(dir, sizeof dir, "%s/spool", scratch);
}

static void finish(void)
{
    (void)tdrt_folder_remove(dir);
    CHECK(rmdir(scratch) == 0, "%s is not empty", scratch);
}

static int open_at(const char *path, tdri_spool **out)
{
    const tdri_spool_config config = {.dir = path, .sync = TDRI_SPOOL_SYNC_BATCH, .segment_bytes = 4096};

    tdri_err_reset(&err);
    return tdri_spool_open(out, &config, &tdri_mem_default, &err);
}

static int append(tdri_spool *spool, int value)
{
    char text[32];
    const tdri_spool_record record = {.rows = 1, .body = {text, (size_t)snprintf(text, sizeof text, "%d ", value)}};
    uint64_t number;
    int rc;

    tdri_err_reset(&err);
    rc = tdri_spool_append(spool, &record, &number, &err);
    return rc == TDREST_OK ? tdri_spool_sync(spool, &err) : rc;
}

/* Delivers the next one; its value, 0 when there is none. */
static int take(tdri_spool *spool)
{
    tdri_spool_record record;
    int rc, value;

    tdri_err_reset(&err);
    rc = tdri_spool_next(spool, 0, &record, &err);
    if (rc != TDREST_ROW) {
        CHECK_INT(rc, TDREST_DONE);
        return 0;
    }
    value = atoi(record.body.text);
    CHECK_INT(tdri_spool_delivered(spool, record.number, &err), TDREST_OK);
    return value;
}

static void close_spool(tdri_spool *spool)
{
    tdri_err_reset(&err);
    CHECK_INT(tdri_spool_close(spool, &err), TDREST_OK);
}

/* ---- who may use it ---- */

static void rights(void)
{
    struct stat about;
    tdri_spool *spool;
    char path[256];

    begin();
    CHECK_INT(open_at(dir, &spool), TDREST_OK);
    CHECK_INT(append(spool, 1), TDREST_OK);
    CHECK(stat(dir, &about) == 0 && (about.st_mode & 0777) == 0700, "mode %o", (unsigned)about.st_mode);
    snprintf(path, sizeof path, "%s/segment.0000000001", dir);
    CHECK(stat(path, &about) == 0 && (about.st_mode & 0777) == 0600, "mode %o", (unsigned)about.st_mode);
    close_spool(spool);
    finish();
}

static void two_in_one_process(void)
{
    tdri_spool *spool, *other = NULL;

    begin();
    CHECK_INT(open_at(dir, &spool), TDREST_OK);
    CHECK_INT(append(spool, 1), TDREST_OK);
    CHECK_INT(open_at(dir, &other), TDREST_EOPTION);
    CHECK(other == NULL && strstr(err.message, "in use by another writer") != NULL && strstr(err.message, dir) != NULL, "%s", err.message);
    /* The refused one closed a file of the same name: the lock holds on. */
    CHECK_INT(open_at(dir, &other), TDREST_EOPTION);
    CHECK_INT(append(spool, 2), TDREST_OK);
    close_spool(spool);
    CHECK_INT(open_at(dir, &spool), TDREST_OK);
    CHECK(take(spool) == 1 && take(spool) == 2 && take(spool) == 0, "not both came");
    close_spool(spool);
    finish();
}

/* In a child: its exit status. */
static int in_child(int (*work)(tdri_spool *spool), tdri_spool *spool)
{
    const pid_t child = fork();
    int status = -1;

    if (child == 0)
        _exit(work(spool));
    CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status), "no child");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int try_open(tdri_spool *unused)
{
    tdri_spool *spool = NULL;

    (void)unused;
    return open_at(dir, &spool) == TDREST_EOPTION && spool == NULL;
}

static int use_forked(tdri_spool *spool)
{
    tdri_spool_record record;

    tdri_err_reset(&err);
    if (append(spool, 7) != TDREST_EUSAGE || tdri_spool_next(spool, 0, &record, &err) != TDREST_EUSAGE ||
        tdri_spool_delivered(spool, 1, &err) != TDREST_EUSAGE || tdri_spool_sync(spool, &err) != TDREST_EUSAGE)
        return 0;
    return tdri_spool_close(spool, &err) == TDREST_OK;
}

/* Another process is refused; a child that was forked can neither use the spool nor give up its lock. */
static void two_processes(void)
{
    tdri_spool *spool;

    begin();
    CHECK_INT(open_at(dir, &spool), TDREST_OK);
    CHECK_INT(append(spool, 1), TDREST_OK);
    CHECK_INT(in_child(try_open, NULL), 1);
    CHECK_INT(in_child(use_forked, spool), 1);
    CHECK_INT(in_child(try_open, NULL), 1);
    CHECK_INT(append(spool, 2), TDREST_OK);
    CHECK(take(spool) == 1 && take(spool) == 2, "not both came");
    close_spool(spool);
    finish();
}

static void odd_directories(void)
{
    tdri_spool *spool = NULL;
    char path[256];
    int fd;

    begin();
    CHECK_INT(open_at("", &spool), TDREST_EOPTION);
    snprintf(path, sizeof path, "%s/no/such", scratch);
    CHECK_INT(open_at(path, &spool), TDREST_EOPTION);
    CHECK(strstr(err.message, path) != NULL && strstr(err.message, "No such file") != NULL, "%s", err.message);
    snprintf(path, sizeof path, "%s/file", scratch);
    fd = open(path, O_WRONLY | O_CREAT, 0600);
    CHECK(fd >= 0 && close(fd) == 0, "%s", path);
    CHECK_INT(open_at(path, &spool), TDREST_EOPTION);
    CHECK(spool == NULL && unlink(path) == 0, "%s", path);
    /* Slashes behind are no other directory; what is no file there is put aside. */
    snprintf(path, sizeof path, "%s/spool/segment.0000000001", scratch);
    CHECK(mkdir(dir, 0700) == 0 && mkdir(path, 0700) == 0, "%s", path);
    snprintf(path, sizeof path, "%s/spool/segment.0000000002", scratch);
    CHECK(mkfifo(path, 0600) == 0, "%s", path);
    snprintf(path, sizeof path, "%s/spool//", scratch);
    CHECK_INT(open_at(path, &spool), TDREST_OK);
    CHECK_INT(append(spool, 1), TDREST_OK);
    CHECK(take(spool) == 1 && take(spool) == 0, "it did not come");
    close_spool(spool);
    snprintf(path, sizeof path, "%s/spool/damaged.0000000001", scratch);
    CHECK(access(path, F_OK) == 0, "%s", path);
    finish();
}

static void moved(void)
{
    tdri_spool *spool;
    char path[128];

    begin();
    CHECK_INT(open_at(dir, &spool), TDREST_OK);
    CHECK_INT(append(spool, 1), TDREST_OK);
    CHECK_INT(append(spool, 2), TDREST_OK);
    close_spool(spool);
    snprintf(path, sizeof path, "%s/other", scratch);
    CHECK(rename(dir, path) == 0, "%s", path);
    CHECK_INT(open_at(path, &spool), TDREST_OK);
    CHECK(take(spool) == 1 && take(spool) == 2 && take(spool) == 0, "not both came");
    close_spool(spool);
    (void)tdrt_folder_remove(path);
    finish();
}

/* ---- kills ---- */

/* Appends 1, 2, ... and tells each that is stored; never ends. Every third one is delivered as well. */
static void work_until_killed(int first, int out)
{
    tdri_spool *spool = NULL;

    if (open_at(dir, &spool) != TDREST_OK)
        _exit(1);
    for (int value = first;; value++) {
        if (append(spool, value) != TDREST_OK || write(out, &value, sizeof value) != sizeof value)
            _exit(2);
        if (value % 3 == 0)
            (void)take(spool);
    }
}

/* The highest value that a child told, which is killed after some. */
static int run_and_kill(int first, int count)
{
    int pipes[2], value, last = 0, status = 0;
    pid_t child;

    CU_ASSERT_FATAL(pipe(pipes) == 0);
    child = fork();
    if (child == 0) {
        (void)close(pipes[0]);
        work_until_killed(first, pipes[1]);
    }
    (void)close(pipes[1]);
    while (read(pipes[0], &value, sizeof value) == sizeof value) {
        last = value;
        if (value - first + 1 == count)
            (void)kill(child, SIGKILL);
    }
    (void)close(pipes[0]);
    CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status), "status %d", status);
    return last;
}

static void killed(void)
{
    tdri_spool *spool;
    int stored = 0, next = 1, value;

    begin();
    for (int round = 1; round <= 10; round++)
        stored = run_and_kill(stored + 1, round * 7 % 23 + 1);
    CHECK_INT(open_at(dir, &spool), TDREST_OK);
    /* What is left comes in order, without a gap, up to all that was told. */
    value = take(spool);
    CHECK(value >= 1 && value <= stored, "first %d of %d", value, stored);
    for (next = value; value != 0; next++) {
        /* A killed run may have written one that it did not tell; the next run wrote that value once more. */
        CHECK(value == next || value == next - 1, "%d, expected %d", value, next);
        next = value;
        value = take(spool);
    }
    CHECK(next - 1 >= stored, "%d of %d", next - 1, stored);
    close_spool(spool);
    finish();
}

/* ---- a long backlog ---- */

static void make_backlog(int count)
{
    tdri_crc32c_table table;
    char head[TDRI_SPOOL_FILE_HEAD], path[256];
    tdri_buf buf;

    tdri_crc32c_init(&table);
    tdri_buf_init(&buf, &tdri_mem_default, SIZE_MAX);
    CHECK(mkdir(dir, 0700) == 0, "%s", dir);
    for (int i = 1; i <= count; i++) {
        const tdri_spool_record record = {.number = (uint64_t)i << 32 | 1, .rows = 1, .body = {"1 ", 2}};
        int fd;

        tdri_buf_reset(&buf);
        tdri_spool_write_head(head, &table, (uint32_t)i);
        tdri_buf_add(&buf, head, sizeof head);
        tdri_spool_put_record(&buf, &table, (uint32_t)i, &record);
        snprintf(path, sizeof path, "%s/segment.%010d", dir, i);
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
        if (fd < 0 || write(fd, buf.data, buf.len) != (ssize_t)buf.len || close(fd) != 0) {
            CHECK(0, "%s: %s", path, strerror(errno));
            break;
        }
    }
    tdri_buf_clear(&buf);
}

static double seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* TDREST_SPOOL_BACKLOG in the environment: how many segments; memory and descriptors do not depend on it, but for 12 bytes each. */
static void backlog(void)
{
    const char *asked = getenv("TDREST_SPOOL_BACKLOG");
    const int count = asked == NULL ? 5000 : atoi(asked);
    const int64_t before = tdrt_memory_bytes();
    const tdri_spool_config config = {.dir = dir, .sync = TDRI_SPOOL_SYNC_BATCH};
    struct rlimit limit, few;
    tdri_spool *spool = NULL;
    double took;

    begin();
    make_backlog(count);
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0, "no limit");
    few = limit;
    few.rlim_cur = 32;
    CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0, "no limit");
    tdrt_memory_plan(0, 0);
    tdri_err_reset(&err);
    took = seconds();
    CHECK_INT(tdri_spool_open(&spool, &config, &tdrt_memory, &err), TDREST_OK);
    took = seconds() - took;
    if (asked != NULL)
        fprintf(stderr, "%d segments: %.3f s to open, %d bytes\n", count, took, (int)(tdrt_memory_bytes() - before));
    CHECK(tdrt_memory_bytes() - before < 65536 + 18 * (int64_t)count, "%d bytes", (int)(tdrt_memory_bytes() - before));
    for (int i = 0; i < 100 && i < count; i++)
        CHECK_INT(take(spool), 1);
    CHECK(tdrt_memory_most() - before < 65536 + 30 * (int64_t)count, "%d bytes", (int)(tdrt_memory_most() - before));
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0, "no limit");
    close_spool(spool);
    CHECK(count < 100 || tdrt_folder_remove(dir) == count - 99, "segments that were not delivered are missing"); /* the lock, too */
    finish();
}

CU_TestInfo tdrt_spool_system[] = {
    {"rights", rights},
    {"two in one process", two_in_one_process},
    {"two processes, and a forked one", two_processes},
    {"directories that are none", odd_directories},
    {"moved to another place", moved},
    {"killed", killed},
    {"a long backlog", backlog},
    CU_TEST_INFO_NULL,
};
