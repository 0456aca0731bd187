/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Writing options as a DSN, secrets masked. Knows the grammar; allocates nothing. */
#include "config/options.h"

#include "base/text.h"
#include "config/host.h"
#include "config/proxy.h"

#include <string.h>

typedef struct writer {
    char *text;
    size_t cap;
    size_t len; /* of the whole DSN, fitting or not */
    char separator; /* before the next pair */
} writer;

static void add(writer *w, const char *text, size_t len)
{
    size_t room = w->len + 1 < w->cap ? w->cap - w->len - 1 : 0;

    if (room > 0)
        memcpy(w->text + w->len, text, len < room ? len : room);
    w->len += len;
}

static void add_text(writer *w, const char *text)
{
    add(w, text, strlen(text));
}

static void add_escaped(writer *w, const char *text, size_t len)
{
    char room[4]; /* of one escape, so that nothing is allocated */
    tdri_buf one = {NULL, room, 0, sizeof room, sizeof room - 1, 0};
    size_t i;

    for (i = 0; i < len; i++) {
        tdri_buf_reset(&one);
        tdri_percent_add(&one, text + i, 1);
        add(w, one.data, one.len);
    }
}

/* A URL without its login, or a word. */
static void add_url(writer *w, const char *text)
{
    tdri_proxy url;

    if (!tdri_proxy_parse(text, strlen(text), &url) || url.login == NULL) {
        add_escaped(w, text, strlen(text));
        return;
    }
    add_escaped(w, text, (size_t)(url.login - text));
    add_text(w, "***%40");
    add_escaped(w, url.address, url.address_len);
}

static void add_value(writer *w, const tdrest_options *options, enum tdri_opt opt)
{
    if (opt == TDRI_OPT_PROXY)
        add_url(w, options->text[opt]);
    else if (tdrest_options_get_info(opt)->secret)
        add_text(w, "***");
    else
        add_escaped(w, options->text[opt], strlen(options->text[opt]));
}

/* Commas, brackets and colons belong to the grammar; only a zone's percent sign does not. */
static void add_host(writer *w, const char *host, size_t len)
{
    const char *zone = (const char *)memchr(host, '%', len);
    size_t head = zone == NULL ? len : (size_t)(zone - host);

    add(w, host, head);
    if (zone != NULL) {
        add_text(w, "%25");
        add(w, zone + 1, len - head - 1);
    }
}

/* Here every IPv6 address has its brackets. */
static void add_hosts(writer *w, const char *list)
{
    size_t len = strlen(list), span;
    tdri_host host;

    for (;; list += span + 1, len -= span + 1) {
        span = tdri_host_span(list, len);
        add_text(w, tdri_host_parse(list, span, &host) && host.bare ? "[" : "");
        add_host(w, list, span);
        add_text(w, host.bare ? "]" : "");
        if (span == len)
            return;
        add_text(w, ",");
    }
}

static void add_login(writer *w, const tdrest_options *options)
{
    if (options->text[TDRI_OPT_USER] == NULL)
        return;
    add_value(w, options, TDRI_OPT_USER);
    if (options->text[TDRI_OPT_PASSWORD] != NULL) {
        add_text(w, ":");
        add_value(w, options, TDRI_OPT_PASSWORD);
    }
    add_text(w, "@");
}

/* What goes into the query: set, not the default, and without a place of its own before the `?`. */
static int is_pair(const tdrest_options *options, enum tdri_opt opt)
{
    if (options->text[opt] == NULL || opt == TDRI_OPT_SCHEME || opt == TDRI_OPT_HOST || opt == TDRI_OPT_USER ||
        opt == TDRI_OPT_DATABASE)
        return 0;
    if (opt == TDRI_OPT_PASSWORD)
        return options->text[TDRI_OPT_USER] == NULL;
    return strcmp(options->text[opt], tdrest_options_get_info(opt)->default_value) != 0;
}

static void add_pairs(writer *w, const tdrest_options *options)
{
    int i;

    for (i = 0; i < TDRI_OPT_COUNT; i++) {
        enum tdri_opt opt = (enum tdri_opt)i;

        if (!is_pair(options, opt))
            continue;
        add(w, &w->separator, 1);
        w->separator = '&';
        add_text(w, tdrest_options_get_info(opt)->key);
        add_text(w, "=");
        add_value(w, options, opt);
    }
}

int tdrest_options_format(const tdrest_options *options, char *text, size_t cap, size_t *len)
{
    writer w = {text, text == NULL ? 0 : cap, 0, '?'};

    add_text(&w, tdri_opts_text(options, TDRI_OPT_SCHEME));
    add_text(&w, "://");
    add_login(&w, options);
    add_hosts(&w, tdri_opts_text(options, TDRI_OPT_HOST));
    if (options->text[TDRI_OPT_DATABASE] != NULL) {
        add_text(&w, "/");
        add_value(&w, options, TDRI_OPT_DATABASE);
    }
    add_pairs(&w, options);
    if (w.cap > 0)
        text[w.len < w.cap ? w.len : w.cap - 1] = '\0';
    if (len != NULL)
        *len = w.len;
    return w.len < w.cap ? TDREST_OK : TDREST_ERANGE;
}
