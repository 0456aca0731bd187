/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Making and freeing connections. Knows neither SQL nor answers. */
#include "client/conn.h"

#include "base/clock.h"
#include "client/result.h"
#include "error/servercode.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A start value that two connections hardly share; the ids themselves are mixed from it. */
static uint64_t first_req_id(const tdrest_conn *conn)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec + ((uint64_t)getpid() << 44) + (uint64_t)(uintptr_t)conn;
}

int64_t tdri_conn_next_req_id(tdrest_conn *conn)
{
    uint64_t x = tdri_random_next(&conn->last_req_id) >> 1;

    return x == 0 ? 1 : (int64_t)x;
}

int tdri_conn_resolve_zone(tdrest_options *options, tdrest_error *err)
{
    char zone[TDRI_ZONE_NAME];
    int rc;

    if (strcmp(tdri_opts_text(options, TDRI_OPT_TIMEZONE), "local") != 0)
        return TDREST_OK;
    rc = tdri_zone_local(zone, sizeof zone, err);
    return rc == TDREST_OK ? tdri_opts_put(options, TDRI_OPT_TIMEZONE, zone, strlen(zone), err) : rc;
}

int tdri_conn_copy_options(const tdrest_options *options, tdrest_options **out, tdrest_error *err)
{
    int rc = tdri_opts_copy(options, out);

    if (rc != TDREST_OK)
        return tdri_err_set(err, rc, NULL);
    (*out)->log = options->log;
    (*out)->log_context = options->log_context;
    rc = tdri_opts_check(*out, err);
    return rc == TDREST_OK ? tdri_conn_resolve_zone(*out, err) : rc;
}

static tdrest_conn *make(const tdrest_options *options, tdri_hosts *hosts)
{
    tdrest_conn *conn = (tdrest_conn *)tdri_mem_zeroed(&options->mem, 1, sizeof *conn);

    if (conn == NULL)
        return NULL;
    conn->mem = options->mem;
    conn->hosts = tdri_hosts_share(hosts);
    conn->host = tdri_hosts_join(hosts);
    conn->attempts = &conn->own_attempts;
    tdri_err_reset(&conn->err);
    tdri_request_init(&conn->request, &conn->mem);
    tdri_zone_init(&conn->zone);
    tdri_buf_init(&conn->sql, &conn->mem, (size_t)tdri_opts_int(options, TDRI_OPT_MAX_SQL_BYTES));
    tdri_buf_init(&conn->body, &conn->mem, SIZE_MAX);
    tdri_buf_init(&conn->answer, &conn->mem, TDRI_REPLY_MAX);
    conn->written.size = sizeof conn->written;
    conn->last_req_id = first_req_id(conn);
    return conn;
}

/* The connection goes to out, or is freed. */
static int give(tdrest_conn *conn, int rc, tdrest_conn **out, tdrest_error *err)
{
    if (rc == TDREST_OK)
        rc = tdri_exchange_new(conn->loop, conn->options, &conn->exchange, err);
    if (rc == TDREST_OK)
        *out = conn;
    else
        tdrest_conn_free(conn);
    return rc == TDREST_OK ? rc : tdri_err_set(err, rc, NULL);
}

int tdri_conn_make(const tdrest_options *options, tdri_hosts *hosts, tdrest_conn **out, tdrest_error *err)
{
    tdrest_conn *conn = make(options, hosts);
    int rc;

    *out = NULL;
    if (conn == NULL)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    rc = tdri_conn_copy_options(options, &conn->options, err);
    if (rc == TDREST_OK)
        rc = tdri_loop_new(&conn->mem, &conn->loop, err);
    return give(conn, rc, out, err);
}

int tdri_conn_make_lane(tdrest_options *options, tdri_hosts *hosts, tdri_loop *loop, tdrest_conn **out, tdrest_error *err)
{
    tdrest_conn *conn = make(options, hosts);

    *out = NULL;
    if (conn == NULL)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    conn->options = options;
    conn->loop = loop;
    conn->borrows = 1;
    return give(conn, TDREST_OK, out, err);
}

int tdrest_conn_new(tdrest_options *options, tdrest_conn **out)
{
    tdri_hosts *hosts;
    int rc = tdri_hosts_of(options, &hosts);

    *out = NULL;
    tdri_err_reset(&options->err);
    if (rc != TDREST_OK)
        return tdri_err_set(&options->err, rc, NULL);
    rc = tdri_conn_make(options, hosts, out, &options->err);
    tdri_hosts_release(hosts);
    return rc;
}

void tdrest_conn_free(tdrest_conn *conn)
{
    struct tdri_lease *lease;
    tdrest_allocator mem;

    if (conn == NULL)
        return;
    if (conn->open != NULL)
        tdri_result_detach(conn->open);
    tdri_stmt_detach(conn);
    tdri_exchange_free(conn->exchange);
    if (!conn->borrows)
        tdri_loop_free(conn->loop);
    tdri_request_clear(&conn->request);
    tdri_zone_clear(&conn->zone, &conn->mem);
    tdri_buf_clear(&conn->sql);
    tdri_buf_clear(&conn->body);
    tdri_buf_clear(&conn->answer);
    tdri_attempts_give_up(conn);
    tdri_hosts_leave(conn->hosts, conn->host);
    tdri_hosts_release(conn->hosts);
    if (!conn->borrows)
        tdrest_options_free(conn->options);
    lease = conn->lease;
    mem = conn->mem;
    tdri_mem_free(&mem, conn);
    if (lease != NULL)
        tdri_pool_give_up(lease);
}

void tdri_conn_settle(tdrest_conn *conn)
{
    if (conn->open != NULL) {
        tdri_result_finish(conn->open);
        tdri_result_detach(conn->open);
    }
    tdri_stmt_detach(conn);
    conn->written = (tdrest_written){.size = sizeof conn->written};
    if (conn->err.code != 0)
        tdri_err_reset(&conn->err);
}

int tdri_conn_is_stale(const tdrest_conn *conn)
{
    return tdri_exchange_is_stale(conn->exchange);
}

static void copy_message(const tdrest_options *options, int rc, char *message, size_t cap)
{
    if (message != NULL && cap > 0)
        (void)snprintf(message, cap, "%s", options == NULL ? tdrest_code_text(rc) : tdrest_options_error(options)->message);
}

int tdrest_open(const char *dsn, tdrest_conn **out, char *message, size_t cap)
{
    tdrest_options *options = NULL;
    int rc;

    *out = NULL;
    if (message != NULL && cap > 0)
        message[0] = '\0';
    rc = tdrest_options_new(NULL, &options);
    if (rc == TDREST_OK && dsn != NULL)
        rc = tdrest_options_parse(options, dsn);
    if (rc == TDREST_OK)
        rc = tdrest_conn_new(options, out);
    if (rc != TDREST_OK)
        copy_message(options, rc, message, cap);
    tdrest_options_free(options);
    return rc;
}

const tdrest_error *tdrest_conn_error(const tdrest_conn *conn)
{
    return conn == NULL ? tdri_err_none() : &conn->err;
}

void tdrest_conn_cancel(tdrest_conn *conn)
{
    tdri_loop_cancel(conn->loop);
}

void tdri_conn_log(const tdrest_conn *conn, int level, const char *format, ...)
{
    char message[768];
    va_list args;
    const tdrest_options *options = conn->options;

    if (options->log == NULL || level > tdri_opts_int(options, TDRI_OPT_LOG_LEVEL))
        return;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    options->log(options->log_context, level, message);
}

/* No such database, or none at all: INSERT and other statements tell it with codes of their own. */
static int misses_database(const tdrest_error *err)
{
    return (tdri_servercode_facts(err->server_code) & TDRI_NO_DATABASE) != 0 ||
           (err->server_code == 0x0200 && strstr(err->message, "db is not specified") != NULL);
}

void tdri_conn_stamp(tdrest_conn *conn, tdrest_error *err)
{
    const char *folded = conn->request.folded;
    tdri_outcome outcome;

    conn->last_failure = err->code;
    if (folded[0] != '\0' && misses_database(err))
        tdri_err_add(err, " (the database %s was sent in lower case; capitals need backquotes: `%s`)", folded, folded);
    err->req_id = conn->request.req_id;
    err->retry_after_ms = conn->attempts->count == 0 ? -1 : tdri_exchange_retry_after_ms(conn->exchange); /* not what an earlier call was told */
    (void)snprintf(err->endpoint, sizeof err->endpoint, "%s%s", tdri_hosts_origin(conn->hosts, conn->host), tdri_buf_text(&conn->request.path));
    tdri_conn_log(conn, TDREST_LOG_ERROR, "%s req_id=0x%llx: %s", err->endpoint, (unsigned long long)err->req_id, err->message);
    outcome = tdri_outcome_tell(err, tdri_endpoint_is_lines(conn->request.endpoint), tdri_exchange_body_left(conn->exchange));
    tdri_attempts_stamp(conn->attempts, &outcome, err);
}

int tdri_conn_unsent(tdrest_conn *conn)
{
    conn->err.phase = TDREST_PHASE_PREPARE;
    (void)tdri_outcome_tell(&conn->err, 0, 0);
    return conn->err.code;
}
