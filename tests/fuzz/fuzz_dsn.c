/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * DSNs. A refused one gives the place and changes nothing; an accepted one has usable addresses, and written with its
 * secrets masked it reads back as the same.
 */
#include <stdlib.h>
#include <string.h>

#include "config/options.h"
#include "request/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static tdrest_options *fresh(void)
{
    tdrest_options *options;

    if (tdrest_options_new(NULL, &options) != TDREST_OK)
        abort();
    return options;
}

static char *format(const tdrest_options *options)
{
    size_t len;
    char *text;

    if (tdrest_options_format(options, NULL, 0, &len) != TDREST_ERANGE)
        abort();
    text = (char *)malloc(len + 1);
    if (text == NULL || tdrest_options_format(options, text, len + 1, NULL) != TDREST_OK || strlen(text) != len)
        abort();
    return text;
}

/* An object with something in it, so that a change shows. Its user meets the tokens of the input. */
static void check_refused(const char *dsn, int64_t len)
{
    tdrest_options *options = fresh(), *before;
    int i;

    if (tdrest_options_parse(options, "https://old:old@old:1/old?app=old&timezone=CET&conn_retries=1") != TDREST_OK ||
        tdri_opts_copy(options, &before) != TDREST_OK)
        abort();
    if (tdrest_options_parse(options, dsn) != TDREST_OK) {
        if ((options->err.code != TDREST_EOPTION && options->err.code != TDREST_EUNSUPPORTED) || options->err.offset < 0 || options->err.offset > len || options->err.message[0] == '\0')
            abort();
        for (i = 0; i < TDRI_OPT_COUNT; i++)
            if ((options->text[i] == NULL) != (before->text[i] == NULL) ||
                (options->text[i] != NULL && strcmp(options->text[i], before->text[i]) != 0))
                abort();
    }
    tdrest_options_free(before);
    tdrest_options_free(options);
}

static void check_addresses(const tdrest_options *options)
{
    char host[256];
    size_t index = 0;
    tdri_buf origin;
    int port;

    tdri_buf_init(&origin, &tdri_mem_default, 1024);
    while (tdri_opts_address(options, index, host, &port)) {
        if (host[0] == '\0' || strlen(host) >= sizeof host || strpbrk(host, "[]/@?#, ") != NULL || port < 1 || port > 65535)
            abort();
        if (tdri_request_origin(options, index, &origin) != TDREST_OK || strncmp(tdri_buf_text(&origin), "http", 4) != 0)
            abort();
        index++;
    }
    if (index == 0 || tdri_request_origin(options, index, &origin) != TDREST_DONE)
        abort();
    tdri_buf_clear(&origin);
}

static void check_written(const tdrest_options *options)
{
    tdrest_options *other = fresh();
    char *text = format(options), *again;

    if (tdrest_options_parse(other, text) != TDREST_OK)
        abort();
    again = format(other);
    if (strcmp(text, again) != 0)
        abort();
    free(again);
    free(text);
    tdrest_options_free(other);
}

/* A request can be made of what was accepted, and is one line of printable ASCII. */
static void check_request(tdrest_options *options)
{
    tdri_request_spec spec = {.endpoint = TDRI_SQL, .req_id = 1};
    tdri_request request;
    tdrest_error err;
    const char *p;

    tdri_err_reset(&err);
    if (tdri_opts_check(options, &err) != TDREST_OK)
        return;
    if (strcmp(tdri_opts_text(options, TDRI_OPT_TIMEZONE), "local") == 0)
        spec.timezone = "UTC";
    tdri_request_init(&request, &tdri_mem_default);
    if (tdri_request_build(&request, options, &spec, &err) != TDREST_OK)
        abort();
    for (p = tdri_buf_text(&request.target); *p != '\0'; p++)
        if (*p <= ' ' || *p > '~')
            abort();
    tdri_request_clear(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tdrest_options *options = fresh();
    char *dsn = (char *)malloc(size + 1);

    if (dsn == NULL)
        abort();
    if (size > 0)
        memcpy(dsn, data, size);
    dsn[size] = '\0';
    if (tdrest_options_parse(options, dsn) == TDREST_OK) {
        check_addresses(options);
        check_written(options);
        check_request(options);
    } else if ((options->err.code != TDREST_EOPTION && options->err.code != TDREST_EUNSUPPORTED) || options->err.offset < 0 || options->err.offset > (int64_t)strlen(dsn)) {
        abort();
    }
    check_refused(dsn, (int64_t)strlen(dsn));
    free(dsn);
    tdrest_options_free(options);
    return 0;
}
