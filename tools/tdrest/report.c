/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What is told on standard error, and the exit status that goes with it. Knows nothing of options and formats. */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "show.h"

int cli_status_of(int code, int cls)
{
    switch (code) {
    case TDREST_OK: return CLI_OK;
    case TDREST_ESERVER: return CLI_REFUSED;
    case TDREST_EBIND:
    case TDREST_EUNSUPPORTED: return CLI_USAGE;
    case TDREST_ENOMEM: return CLI_BROKEN;
    case TDREST_ECANCELLED: return CLI_INTERRUPTED;
    default: break;
    }
    if (tdrest_class_is_a(cls, TDREST_CLASS_INTERFACE))
        return CLI_USAGE;
    if (tdrest_class_is_a(cls, TDREST_CLASS_CONNECTION))
        return CLI_DISCONNECTED;
    return tdrest_class_is_a(cls, TDREST_CLASS_RESULT) ? CLI_BROKEN : CLI_REFUSED;
}

/* Behind the message, in parentheses: where it was. */
static void describe(const tdrest_error *err, const cli_place *place, char *text, size_t cap)
{
    size_t len = 0;

    text[0] = '\0';
#define ADD(...) len += (size_t)snprintf(text + len, cap - len, __VA_ARGS__)
    if (place->number != 0)
        ADD(", statement %lld, line %lld", (long long)place->number, (long long)place->line);
    if (place->text != NULL)
        ADD(", %.*s", CLI_PLACE_MAX, place->text);
    if (place->verbose && err->http_status != 0)
        ADD(", HTTP %d", err->http_status);
    if (place->verbose && err->endpoint[0] != '\0')
        ADD(", %s", err->endpoint);
    if (place->verbose && err->req_id != 0)
        ADD(", req_id 0x%llx", (unsigned long long)err->req_id);
#undef ADD
    if (len == 0)
        return;
    memcpy(text, " (", 2);
    memcpy(text + len, ")", 2);
}

int cli_report(const tdrest_error *err, const cli_place *place)
{
    char message[CLI_SHOW_ROOM(sizeof err->message) + 1], code[16] = "", where[sizeof err->endpoint + CLI_PLACE_MAX + 160];
    size_t width;

    /* The server's words may hold anything. */
    message[cli_show(err->message, strlen(err->message), CLI_NO_LIMIT, message, &width)] = '\0';
    if (err->server_code != 0)
        snprintf(code, sizeof code, " 0x%04X", (unsigned)err->server_code);
    describe(err, place, where, sizeof where - 1);
    fprintf(stderr, "tdrest: %s%s: %s%s\n", tdrest_class_name(err->cls), code, message, where);
    return cli_status_of(err->code, err->cls);
}

static int class_of(int code)
{
    switch (code) {
#define CLASS_OF(name, number, cls, repeat, text) \
    case TDREST_##name: return TDREST_CLASS_##cls;
        TDREST_CODE_MAP(CLASS_OF)
#undef CLASS_OF
    default: return TDREST_CLASS_ERROR;
    }
}

int cli_report_code(int code, const char *message, const cli_place *place)
{
    tdrest_error err = {.size = sizeof err, .code = code, .cls = class_of(code)};

    snprintf(err.message, sizeof err.message, "%s", message);
    return cli_report(&err, place);
}

int cli_usage(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("tdrest: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return CLI_USAGE;
}
