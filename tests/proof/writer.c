/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A writer over a sandbox that is killed and started again while it writes, once in each round, in every second round behind haproxy where there is one.
 * Each key is written once. In the end of a round the rows are read: what was reported written is there as it was written, what was refused is
 * not, and nothing else is.
 *
 *     proof-writer SANDBOX DATA_FILE ROUNDS [SEED [HAPROXY]]
 */
#include "outages.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tdrest.h>

enum { TABLES = 8, ROWS = 2000, BAD_EVERY = 331, BOUNCE_MS = 80, CLOSE_MS = 300000, TIME_STEP = 10 };
#define FIRST_TIME INT64_C(1700000000000)

static tdrt_cluster cluster;
static unsigned char fates[ROWS];
static int64_t written, refused, unknown, failures;
static uint64_t chance;

static int lot(int limit)
{
    chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((chance >> 33) % (uint64_t)limit);
}

static void complain(int round, const char *what, int64_t row, const char *why)
{
    fprintf(stderr, "FAILED: round %d, row %" PRId64 ": %s: %s\n", round, row, what, why);
    failures++;
}

/* ---- haproxy ---- */

static pid_t front;

static int listens(int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), good;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    good = fd >= 0 && connect(fd, (const struct sockaddr *)&at, sizeof at) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

/* It has the port behind the sandbox's. 1 when it serves. */
static int start_front(const char *haproxy, const char *data_file)
{
    char name[512];
    FILE *config;

    (void)snprintf(name, sizeof name, "%s.cfg", data_file);
    config = fopen(name, "w");
    if (config == NULL)
        return 0;
    fprintf(config, "global\n maxconn 100\ndefaults\n mode http\n timeout connect 2s\n timeout client 60s\n timeout server 60s\n"
            "listen front\n bind 127.0.0.1:%d\n server one 127.0.0.1:%d\n", cluster.port + TDRT_ADDRESSES, cluster.port);
    fclose(config);
    front = fork();
    if (front == 0) {
        execl(haproxy, haproxy, "-q", "-db", "-f", name, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 600 && front > 0; i++, tdrt_sleep_ms(50)) {
        if (listens(cluster.port + TDRT_ADDRESSES))
            return 1;
        if (waitpid(front, NULL, WNOHANG) != 0)
            front = 0;
    }
    return 0;
}

static void stop_front(void)
{
    if (front <= 0)
        return;
    kill(front, SIGKILL);
    waitpid(front, NULL, 0);
}

/* ---- writing ---- */

static int64_t key(int round, int64_t row)
{
    return FIRST_TIME + ((int64_t)round * ROWS + row) * TIME_STEP;
}

static int is_bad(int64_t row)
{
    return row % BAD_EVERY == BAD_EVERY - 1;
}

static void delivered(void *context, const tdrest_delivery *d)
{
    int round = *(const int *)context;

    for (int64_t row = d->first; row < d->first + d->count; row++) {
        if (row < 0 || row >= ROWS || fates[row] != 0)
            complain(round, "reported twice, or never added", row, "");
        else
            fates[row] = (unsigned char)d->state;
        if (row < ROWS && d->state == TDREST_ROWS_REFUSED && is_bad(row) != (d->error->server_code == 0x216) && d->error->code == TDREST_ESERVER)
            complain(round, "refused for another's reason", row, d->error->message);
    }
}

static int add_row(tdrest_writer *w, int round, int64_t row)
{
    tdrest_stmt *stmt = tdrest_writer_stmt(w);
    char table[16], value[32];
    int rc;

    (void)snprintf(table, sizeof table, "t%d", (int)(row % TABLES));
    (void)snprintf(value, sizeof value, is_bad(row) ? "none" : "%" PRId64, key(round, row) * 7);
    rc = tdrest_stmt_set_table(stmt, table, TDREST_CSTR);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_time(stmt, 0, key(round, row), TDREST_MS);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_text(stmt, 1, value, TDREST_CSTR);
    return rc == TDREST_OK ? tdrest_writer_add(w) : rc;
}

static int make_options(const char *parameters, int port, tdrest_options **out)
{
    char dsn[256];
    int rc = tdrest_options_new(NULL, out);

    (void)snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/proof?%s", port, parameters);
    return rc == TDREST_OK ? tdrest_options_parse(*out, dsn) : rc;
}

static void check_counts(tdrest_writer *w, int round, int64_t added)
{
    tdrest_writer_counts c = TDREST_WRITER_COUNTS_INIT;

    if (tdrest_writer_stats(w, &c) != TDREST_OK || c.added != c.written + c.refused + c.unknown + c.pending || c.added != added)
        complain(round, "the counts do not add up", added, "");
}

/* Some rounds repeat until it works, some never; all sizes by lot. */
static void write_rows(int round, int port)
{
    static const char *const retries[] = {"retry=auto&retry_for_ms=60000", "retry=auto&retry_for_ms=60000&conn_retries=3", "retry=never", "retry=connect"};
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    tdrest_options *options = NULL;
    tdrest_writer *w = NULL;
    char parameters[160];
    int rc;

    (void)snprintf(parameters, sizeof parameters, "batch_bytes=%d&retry_backoff_ms=5&retry_backoff_max_ms=50&stall_timeout_ms=30000&%s", 4096 + lot(8192),
                   retries[lot(4)]);
    settings.max_in_flight = 1 + lot(6);
    settings.writer_bytes = 65536 + lot(300000);
    settings.flush_ms = 1 + lot(20);
    settings.delivered = delivered;
    settings.context = &round;
    rc = make_options(parameters, port, &options);
    if (rc == TDREST_OK)
        rc = tdrest_writer_new(options, &settings, "INSERT INTO ? VALUES (?, ?)", TDREST_CSTR, &w);
    if (rc != TDREST_OK)
        complain(round, "no writer", 0, tdrest_options_error(options)->message);
    for (int64_t row = 0; rc == TDREST_OK && row < ROWS; row++) {
        rc = add_row(w, round, row);
        if (rc != TDREST_OK)
            complain(round, "not added", row, tdrest_writer_error(w)->message);
        check_counts(w, round, row + 1);
    }
    if (w != NULL && tdrest_writer_close(w, CLOSE_MS) == TDREST_OK)
        complain(round, "closed as if there were no bad row", 0, "");
    tdrest_writer_free(w);
    tdrest_options_free(options);
}

/* ---- reading ---- */

static void check_row(int round, int64_t row, int64_t value)
{
    if (row < 0 || row >= ROWS || value != key(round, row) * 7)
        complain(round, "a row that nobody wrote", row, "");
    else if (fates[row] == TDREST_ROWS_REFUSED)
        complain(round, "refused, and there", row, "");
    else
        fates[row] |= 16;
}

static void read_table(tdrest_conn *conn, int round, int table)
{
    char sql[160];
    tdrest_result *res = NULL;
    int64_t time, value;
    int rc;

    (void)snprintf(sql, sizeof sql, "select ts, n from t%d where ts >= %" PRId64 " and ts < %" PRId64, table, key(round, 0), key(round + 1, 0));
    rc = tdrest_query(conn, sql, TDREST_CSTR, NULL, &res);
    while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
        if (tdrest_result_time(res, 0, &time, NULL) == TDREST_OK && tdrest_result_int64(res, 1, &value) == TDREST_OK)
            check_row(round, (time - key(round, 0)) / TIME_STEP, value);
    if (rc < 0)
        complain(round, "cannot be read", table, res == NULL ? tdrest_conn_error(conn)->message : tdrest_result_error(res)->message);
    tdrest_result_free(res);
}

static void check_rows(tdrest_conn *conn, int round)
{
    for (int table = 0; table < TABLES; table++)
        read_table(conn, round, table);
    for (int64_t row = 0; row < ROWS; row++) {
        int fate = fates[row] & 15;

        if (fate == 0)
            complain(round, "never reported", row, "");
        if (fates[row] == TDREST_ROWS_WRITTEN)
            complain(round, "reported written, and not there", row, "");
        if (fate == TDREST_ROWS_WRITTEN && is_bad(row))
            complain(round, "a bad row is written", row, "");
        written += fate == TDREST_ROWS_WRITTEN;
        refused += fate == TDREST_ROWS_REFUSED;
        unknown += fate == TDREST_ROWS_UNKNOWN;
    }
}

/* ---- rounds ---- */

/* One writer is one thread's. */
typedef struct errand {
    int round, port;
} errand;

static void *write_all(void *context)
{
    const errand *e = (const errand *)context;

    write_rows(e->round, e->port);
    return NULL;
}

/* The sandbox ends with the thread that starts it, which is therefore this one. */
static void run_round(tdrest_conn *conn, int round)
{
    errand e = {round, cluster.port + (front > 0 && round % 2 == 1 ? TDRT_ADDRESSES : 0)};
    pthread_t thread;
    int runs;

    memset(fates, 0, sizeof fates);
    if (pthread_create(&thread, NULL, write_all, &e) != 0) {
        complain(round, "no thread", 0, "");
        return;
    }
    runs = tdrt_cluster_bounce(&cluster, BOUNCE_MS);
    (void)pthread_join(thread, NULL);
    if (runs)
        check_rows(conn, round);
    else
        complain(round, "the sandbox does not start", 0, "");
}

static tdrest_conn *set_up(void)
{
    tdrest_options *options = NULL;
    tdrest_conn *conn = NULL;
    char sql[80];
    int rc = make_options("retry_for_ms=60000", cluster.port, &options);

    if (rc == TDREST_OK)
        rc = tdrest_conn_new(options, &conn);
    if (rc == TDREST_OK)
        rc = tdrest_exec(conn, "create database proof keep 36500", TDREST_CSTR, NULL, NULL);
    for (int i = 0; i < TABLES && rc == TDREST_OK; i++) {
        (void)snprintf(sql, sizeof sql, "create table proof.t%d (ts timestamp, n bigint)", i);
        rc = tdrest_exec(conn, sql, TDREST_CSTR, NULL, NULL);
    }
    if (rc != TDREST_OK)
        complain(0, "set up", 0, conn == NULL ? tdrest_options_error(options)->message : tdrest_conn_error(conn)->message);
    tdrest_options_free(options);
    return conn;
}

int main(int argc, char **argv)
{
    int rounds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 0;
    tdrest_conn *conn;

    if (rounds <= 0) {
        fprintf(stderr, "usage: proof-writer SANDBOX DATA_FILE ROUNDS [SEED [HAPROXY]]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    cluster.program = argv[1];
    cluster.file = argv[2];
    cluster.random = chance = argc > 4 ? strtoull(argv[4], NULL, 10) : (uint64_t)getpid() * 1000003 + (uint64_t)tdrt_clock_ms();
    printf("seed %" PRIu64 "\n", cluster.random);
    if (!tdrt_cluster_start(&cluster)) {
        fprintf(stderr, "FAILED: the sandbox does not start\n");
        return 1;
    }
    if (argc > 5 && !start_front(argv[5], argv[2]))
        complain(0, "haproxy does not start", 0, argv[5]);
    conn = set_up();
    for (int round = 0; round < rounds && failures == 0; round++)
        run_round(conn, round);
    tdrest_conn_free(conn);
    stop_front();
    tdrt_cluster_stop(&cluster);
    printf("%d rounds, %d kills, %s: %" PRId64 " rows written, %" PRId64 " refused, %" PRId64 " unknown\n", rounds, cluster.kills,
           front > 0 ? "every second round through haproxy" : "without haproxy", written, refused, unknown);
    printf("%d passed, %d failed\n", failures == 0, failures != 0);
    return failures != 0;
}
