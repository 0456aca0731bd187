/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Headers that a program adds to every request. Knows what a header may be, and which ones are the library's own; no message repeats a value, or a name that is not valid. */
#include "config/options.h"

#include "base/text.h"

#include <string.h>

/* All of them together fit into a request beside our own headers. */
enum { HEADERS_MAX = 10, NAME_MAX_BYTES = 128, VALUE_MAX_BYTES = 4096 };

/* Written by the library or by libcurl, or meant for one connection only; whatever begins with Proxy- is a proxy's. */
static const char *const ours[] = {
    "Accept", "Accept-Encoding", "Authorization", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Expect", "Host",
    "Keep-Alive", "Range", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent",
};

static int is_token(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!tdri_is_alpha((unsigned char)name[i]) && !tdri_is_digit((unsigned char)name[i]) && strchr("!#$%&'*+-.^_`|~", name[i]) == NULL)
            return 0;
    return len > 0;
}

static int check_name(const char *name, size_t len, tdrest_error *err)
{
    static const char proxys[] = "Proxy-";

    if (len > NAME_MAX_BYTES || !is_token(name, len))
        return tdri_err_set(err, TDREST_EOPTION, "a header's name: expected 1 to %d letters, digits or !#$%%&'*+-.^_`|~, without spaces or colons",
                            NAME_MAX_BYTES);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (tdri_text_is(name, len, ours[i]))
            return tdri_err_set(err, TDREST_EOPTION, "the header %s is the library's own and cannot be added", ours[i]);
    if (len >= sizeof proxys - 1 && tdri_text_is(name, sizeof proxys - 1, proxys))
        return tdri_err_set(err, TDREST_EOPTION, "headers that begin with Proxy- are for proxies and cannot be added; put a proxy's login into its URL");
    return TDREST_OK;
}

static int check_value(const char *name, const char *value, size_t len, tdrest_error *err)
{
    int good = len > 0 && len <= VALUE_MAX_BYTES && strchr(" \t", value[0]) == NULL && strchr(" \t", value[len - 1]) == NULL;

    for (size_t i = 0; good && i < len; i++)
        good = value[i] == '\t' || tdri_is_printable(value + i, 1);
    return good ? TDREST_OK
                : tdri_err_set(err, TDREST_EOPTION, "the header %s: expected a value of 1 to %d bytes without control characters and without spaces at either end",
                               name, VALUE_MAX_BYTES);
}

static int is_there(const tdrest_options *options, const char *name, size_t len)
{
    for (size_t i = 0; i < options->header_count; i++)
        if (strcspn(options->headers[i], ":") == len && tdri_text_is(options->headers[i], len, name))
            return 1;
    return 0;
}

/* Takes the line, which may be NULL for want of memory. */
static int append(tdrest_options *options, char *line)
{
    char **more = line == NULL ? NULL : (char **)tdri_mem_resize(&options->mem, options->headers, (options->header_count + 1) * sizeof *more);

    if (more == NULL) {
        tdri_mem_free(&options->mem, line);
        return TDREST_ENOMEM;
    }
    more[options->header_count++] = line;
    options->headers = more;
    return TDREST_OK;
}

static char *join(const tdrest_allocator *mem, const char *name, size_t name_len, const char *value, size_t value_len)
{
    char *line = (char *)tdri_mem_alloc(mem, name_len + 2 + value_len + 1);

    if (line == NULL)
        return NULL;
    memcpy(line, name, name_len);
    memcpy(line + name_len, ": ", 2);
    memcpy(line + name_len + 2, value, value_len);
    line[name_len + 2 + value_len] = '\0';
    return line;
}

int tdri_opts_copy_headers(const tdrest_options *from, tdrest_options *to)
{
    int rc = TDREST_OK;

    for (size_t i = 0; rc == TDREST_OK && i < from->header_count; i++)
        rc = append(to, tdri_mem_text(&to->mem, from->headers[i], strlen(from->headers[i])));
    return rc;
}

void tdri_opts_clear_headers(tdrest_options *options)
{
    for (size_t i = 0; i < options->header_count; i++)
        tdri_mem_free(&options->mem, options->headers[i]);
    tdri_mem_free(&options->mem, options->headers);
    options->headers = NULL;
    options->header_count = 0;
}

int tdrest_options_add_header(tdrest_options *options, const char *name, const char *value)
{
    tdrest_error *err = &options->err;
    size_t name_len, value_len;

    tdri_err_reset(err);
    if (name == NULL || value == NULL)
        return tdri_err_set(err, TDREST_EUSAGE, "the header's name or value is NULL");
    name_len = strlen(name);
    value_len = strlen(value);
    if (check_name(name, name_len, err) != TDREST_OK || check_value(name, value, value_len, err) != TDREST_OK)
        return err->code;
    if (is_there(options, name, name_len))
        return tdri_err_set(err, TDREST_EOPTION, "the header %s was already added", name);
    if (options->header_count == HEADERS_MAX)
        return tdri_err_set(err, TDREST_EOPTION, "headers: expected at most %d", HEADERS_MAX);
    if (append(options, join(&options->mem, name, name_len, value, value_len)) != TDREST_OK)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    return TDREST_OK;
}
