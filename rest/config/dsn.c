/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Reading options from one text, a DSN: all of it or nothing. Knows the
 * grammar; the values are the table's. Without an @, what looks like a port,
 * a database or a key may be a password whose @host was forgotten: then a
 * message repeats at most one byte of a host or five digits of a port.
 */
#include "config/options.h"

#include "base/text.h"
#include "config/host.h"

#include <string.h>

typedef struct reader {
    const char *dsn;
    char *room; /* as long as the DSN: decoded pieces */
    tdrest_options *draft;
    const char *login; /* the last credential */
    int is_sure;       /* there was an @: what is behind the host is no password */
    tdrest_error *err;
} reader;

static const char no_scheme[] = "a DSN begins with http:// or https://";

static int fail(reader *r, const char *at, const char *message)
{
    return tdri_err_set_at(r->err, TDREST_EOPTION, at - r->dsn, "%s", message);
}

static int decode(reader *r, const char *from, const char *to, char *out, size_t *len)
{
    size_t bad;

    if (tdri_percent_decode(from, (size_t)(to - from), out, len, &bad))
        return TDREST_OK;
    return fail(r, from + bad, "a % must be followed by two hex digits; write %25 for itself");
}

/* Ends a message in front of the value that it shows. */
static void hide_value(tdrest_error *err)
{
    char *shown = strstr(err->message, ", not '");

    if (shown != NULL)
        *shown = '\0';
}

static int put_text(reader *r, enum tdri_opt opt, const char *at, const char *text, size_t len)
{
    int rc;

    if (r->draft->text[opt] != NULL)
        return tdri_err_set_at(r->err, TDREST_EOPTION, at - r->dsn, "%s: given twice", tdrest_options_get_info(opt)->key);
    rc = tdri_opts_put(r->draft, opt, text, len, r->err);
    if (rc == TDREST_EOPTION || rc == TDREST_EUNSUPPORTED)
        r->err->offset = at - r->dsn;
    if (rc == TDREST_EOPTION && opt != TDRI_OPT_SCHEME && !r->is_sure)
        hide_value(r->err);
    if (opt >= TDRI_OPT_USER && opt <= TDRI_OPT_BEARER_TOKEN)
        r->login = at;
    return rc;
}

static int put(reader *r, enum tdri_opt opt, const char *from, const char *to)
{
    size_t len;
    int rc = decode(r, from, to, r->room, &len);

    return rc == TDREST_OK ? put_text(r, opt, from, r->room, len) : rc;
}

/* What stands before "://", in lower case; what has a colon of its own may be a login. */
static int read_scheme(reader *r, const char *end)
{
    size_t len = (size_t)(end - r->dsn), i;

    if (memchr(r->dsn, ':', len) != NULL)
        return fail(r, r->dsn, no_scheme);
    for (i = 0; i < len; i++)
        r->room[i] = (char)tdri_lower((unsigned char)r->dsn[i]);
    return put_text(r, TDRI_OPT_SCHEME, r->dsn, r->room, len);
}

static int read_login(reader *r, const char *from, const char *to)
{
    const char *colon = (const char *)memchr(from, ':', (size_t)(to - from));
    int rc = put(r, TDRI_OPT_USER, from, colon == NULL ? to : colon);

    return rc == TDREST_OK && colon != NULL ? put(r, TDRI_OPT_PASSWORD, colon + 1, to) : rc;
}

/* The host that is decoded at byte `from` of the room. */
static int refuse_host(reader *r, const char *at, size_t from, const tdri_host_fault *fault)
{
    int rc = tdri_host_refuse("host", r->room + from, fault, r->err);

    r->err->offset = at - r->dsn;
    return rc;
}

/* Each host is decoded and tried alone, so that the offset is that of the wrong one, or of what is wrong in it if no escape stands in front. */
static int read_hosts(reader *r, const char *from, const char *to)
{
    const char *at = from;
    size_t len = 0, span, got;
    tdri_host_fault fault;
    tdri_host host;
    int rc;

    for (;; at++) {
        span = tdri_host_span(at, (size_t)(to - at));
        rc = decode(r, at, at + span, r->room + len, &got);
        if (rc != TDREST_OK)
            return rc;
        fault = tdri_host_read(r->room + len, got, &host);
        if (host.bare)
            fault = (tdri_host_fault){TDRI_HOST_BRACKETS, 0, 0};
        if (fault.expected != NULL)
            return refuse_host(r, at + (got == span ? fault.at : 0), len, &fault);
        len += got;
        at += span;
        if (at == to)
            return put_text(r, TDRI_OPT_HOST, from, r->room, len);
        r->room[len++] = ',';
    }
}

static int read_pair(reader *r, const char *from, const char *to)
{
    const char *equals = (const char *)memchr(from, '=', (size_t)(to - from));
    size_t len;
    int opt, rc;

    if (equals == NULL)
        return fail(r, from, "expected key=value, with & between pairs");
    rc = decode(r, from, equals, r->room, &len);
    if (rc != TDREST_OK)
        return rc;
    opt = tdri_opts_find(r->room, len);
    if (opt >= 0)
        return put(r, (enum tdri_opt)opt, equals + 1, to);
    rc = tdri_opts_unknown(r->room, len, r->err);
    if (!r->is_sure && len > 0 && strstr(r->err->message, "the nearest is") == NULL) {
        tdri_err_reset(r->err);
        return fail(r, from, "no such option");
    }
    r->err->offset = from - r->dsn;
    return rc;
}

static int read_query(reader *r, const char *at)
{
    size_t span;
    int rc = TDREST_OK;

    while (rc == TDREST_OK && *at != '\0') {
        span = strcspn(at, "&");
        if (span > 0)
            rc = read_pair(r, at, at + span);
        at += at[span] == '\0' ? span : span + 1;
    }
    return rc;
}

/* From behind "://". The last @ of the authority ends the login; one further on is mostly a password's that hides a / or ? too. */
static int read_rest(reader *r, const char *at)
{
    const char *end = at + strcspn(at, "/?"), *stray = strchr(end, '@'), *host = end;
    int rc = TDREST_OK;

    if (stray != NULL)
        return fail(r, stray, "write an @ after the host as %40, and / ? # @ in user and password as %2F %3F %23 %40");
    while (host > at && host[-1] != '@')
        host--;
    r->is_sure = host > at;
    if (r->is_sure)
        rc = read_login(r, at, host - 1);
    if (rc == TDREST_OK)
        rc = read_hosts(r, host, end);
    at = end + strcspn(end, "?");
    if (rc == TDREST_OK && at > end + 1)
        rc = put(r, TDRI_OPT_DATABASE, end + 1, at);
    return rc == TDREST_OK && *at == '?' ? read_query(r, at + 1) : rc;
}

int tdri_dsn_read(const char *dsn, tdrest_options *draft, size_t *login_at, tdrest_error *err)
{
    reader r = {dsn, NULL, draft, dsn, 0, err};
    const char *mark = strstr(dsn, "://"), *hash = strchr(dsn, '#');
    size_t len = strlen(dsn);
    int rc;

    *login_at = 0;
    if (mark == NULL)
        return fail(&r, dsn, no_scheme);
    if (hash != NULL)
        return fail(&r, hash, "a # must be written %23");
    r.room = (char *)tdri_mem_alloc(&draft->mem, len);
    if (r.room == NULL)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    rc = read_scheme(&r, mark);
    if (rc == TDREST_OK)
        rc = read_rest(&r, mark + 3);
    tdri_mem_free(&draft->mem, r.room);
    *login_at = (size_t)(r.login - dsn);
    return rc;
}

int tdrest_options_parse(tdrest_options *options, const char *dsn)
{
    tdrest_options draft;
    size_t login_at;
    int rc;

    tdri_err_reset(&options->err);
    if (dsn == NULL)
        return tdri_err_set(&options->err, TDREST_EUSAGE, "the DSN is NULL");
    tdri_opts_draft(options, &draft);
    rc = tdri_dsn_read(dsn, &draft, &login_at, &options->err);
    if (rc != TDREST_OK) {
        tdri_opts_clear(&draft);
        return rc;
    }
    rc = tdri_opts_merge(options, &draft, &options->err);
    if (rc != TDREST_OK)
        options->err.offset = (int64_t)login_at;
    return rc;
}
