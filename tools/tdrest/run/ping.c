/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Asks hosts one after the other, each alone and once: no other host answers in its place. A refused login is not tried again elsewhere, since
 * servers lock an account after some of them. Knows nothing of formats.
 */
#include "run/ping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/formats.h"
#include "run/connect.h"
#include "run/sink.h"
#include "term/interrupt.h"
#include "term/report.h"

/* A health check must not hang, whatever the number of hosts: unless a limit is set, it has a short one. */
enum { PING_MS = 5000 };

enum { ADDRESS, VERSION, MS, READY, REASON, COLUMNS };

static const cli_grid_head heads[COLUMNS] = {[ADDRESS] = {"address", TDREST_TYPE_VARCHAR},
                                             [VERSION] = {"version", TDREST_TYPE_VARCHAR},
                                             [MS] = {"ms", TDREST_TYPE_BIGINT},
                                             [READY] = {"ready", TDREST_TYPE_VARCHAR},
                                             [REASON] = {"reason", TDREST_TYPE_VARCHAR}};

typedef struct pinger {
    const cli_args *args;
    cli_progress *progress;
    cli_grid grid;
    int refused;         /* is the login? */
    int64_t deadline_ms; /* of all hosts; 0: there is none */
    int64_t left;        /* hosts that were not asked, with the one at hand */
} pinger;

/* A host with its port, which stands behind the last colon outside brackets. */
static void put_address(pinger *p, const char *host)
{
    const char *behind = strrchr(host, ']'), *port = tdrest_options_get(p->args->options, "port");
    size_t cap = strlen(host) + strlen(port) + 2;
    char *address = malloc(cap);

    if (address == NULL) {
        p->grid.is_short = 1;
        return;
    }
    if (strchr(behind == NULL ? host : behind, ':') != NULL)
        snprintf(address, cap, "%s", host);
    else
        snprintf(address, cap, "%s:%s", host, port);
    cli_grid_text(&p->grid, ADDRESS, address);
    free(address);
}

static void put_reason(pinger *p, const char *reason)
{
    cli_grid_text(&p->grid, READY, "no");
    cli_grid_text(&p->grid, REASON, reason);
}

static void set_deadline(pinger *p)
{
    const int is_set = cli_settings_has(&p->args->settings, "timeout_ms");
    const int64_t limit = is_set ? strtoll(tdrest_options_get(p->args->options, "timeout_ms"), NULL, 10) : PING_MS;

    p->deadline_ms = limit == 0 ? 0 : cli_now_ms() + limit;
}

/* Until when the host at hand has time: what is left is shared, so that silent hosts in front leave some to those behind. 0: no limit. */
static int64_t share(const pinger *p)
{
    const int64_t now = cli_now_ms();

    return p->deadline_ms == 0 ? 0 : now + (p->deadline_ms > now ? (p->deadline_ms - now) / p->left : 0);
}

static void set_limit(const pinger *p, tdrest_call *call, int64_t until)
{
    const int64_t now = cli_now_ms();

    if (until == 0)
        return;
    call->timeout_ms = until > now ? until - now : 1;
    if (!cli_settings_has(&p->args->settings, "timeout_ms"))
        call->stall_timeout_ms = call->timeout_ms;
}

/* Its exit status. */
static int ask(pinger *p, tdrest_conn *conn)
{
    const cli_place place = {.verbose = p->args->verbose};
    const tdrest_error *err;
    tdrest_call call = TDREST_CALL_INIT;
    char version[64], reason[CLI_REPORT_ROOM];
    int64_t started = cli_now_ms(), until = share(p), took;
    int rc;

    set_limit(p, &call, until);
    rc = tdrest_conn_ping(conn, &call);
    took = cli_now_ms() - started;
    set_limit(p, &call, until);
    if (rc >= 0)
        rc = tdrest_conn_query_version(conn, &call, version, sizeof version);
    if (rc >= 0) {
        cli_grid_int(&p->grid, MS, took);
        cli_grid_text(&p->grid, VERSION, version);
        cli_grid_text(&p->grid, READY, "yes");
        return CLI_OK;
    }
    err = tdrest_conn_error(conn);
    if (rc == TDREST_ECANCELLED)
        return cli_report(err, &place);
    p->refused = rc == TDREST_EAUTH;
    cli_grid_int(&p->grid, MS, cli_now_ms() - started);
    cli_report_format(err, &place, reason, sizeof reason);
    put_reason(p, reason);
    return cli_status_of(err->code, err->cls);
}

/* A row for one host; its exit status. */
static int ping_host(pinger *p, const char *host)
{
    tdrest_options *options = p->args->options;
    const cli_place nowhere = {.number = 0};
    tdrest_conn *conn;
    int status;

    cli_grid_row(&p->grid);
    put_address(p, host);
    if (p->refused) {
        put_reason(p, "not asked: login refused");
        return CLI_OK;
    }
    if (tdrest_options_set(options, "host", host) < 0 || tdrest_options_set(options, "retry", "never") < 0)
        return cli_report(tdrest_options_error(options), &nowhere);
    status = cli_connect(p->args, p->progress, &conn);
    if (status != CLI_OK)
        return status;
    status = ask(p, conn);
    cli_disconnect(conn);
    return status;
}

static size_t count_hosts(const char *list)
{
    size_t count = 1;

    while ((list = strchr(list, ',')) != NULL) {
        list++;
        count++;
    }
    return count;
}

/* One after the other; the status of the worst, that of an interrupt above all. The list is taken apart. */
static int ping_hosts(pinger *p, char *list)
{
    int status, worst = CLI_OK;
    char *rest = list, *host;

    set_deadline(p);
    while (rest != NULL && !cli_interrupted()) {
        host = rest;
        rest = strchr(host, ',');
        if (rest != NULL)
            *rest++ = '\0';
        status = ping_host(p, host);
        p->left--;
        worst = status > worst ? status : worst;
    }
    return cli_interrupted() ? CLI_INTERRUPTED : worst;
}

int cli_ping(const cli_args *args, cli_output *out)
{
    const char *hosts = tdrest_options_get(args->options, "host");
    cli_progress progress;
    pinger p = {.args = args, .progress = &progress};
    const cli_format *format;
    cli_sink sink;
    char *list;
    int status = cli_sink_open(&sink, &format, args, out, &progress), told;

    if (status != CLI_OK)
        return status;
    list = strdup(hosts); /* the options change */
    p.left = (int64_t)count_hosts(hosts);
    cli_grid_init(&p.grid, heads, COLUMNS, (size_t)p.left);
    p.grid.is_short |= list == NULL;
    status = list == NULL ? CLI_OK : ping_hosts(&p, list);
    told = status == CLI_INTERRUPTED ? CLI_OK : cli_sink_write_grid(&sink, format, &p.grid);
    cli_grid_clear(&p.grid);
    free(list);
    return told > status ? told : status;
}
