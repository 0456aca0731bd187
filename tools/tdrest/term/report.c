/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What is told on standard error, and the exit status that goes with it. Knows nothing of options and formats. */
#include "term/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "term/show.h"

enum { NAME_BYTES = 240, NAME_COLUMNS = 60, MESSAGE_BYTES = 1600 };

int cli_status_of(int code, int cls)
{
    switch (code) {
    case TDREST_OK: return CLI_OK;
    case TDREST_ESERVER: return CLI_REFUSED;
    case TDREST_EBIND:
    case TDREST_EUNSUPPORTED:
    case TDREST_ESPOOL: return CLI_USAGE;
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

static int colored;

void cli_report_color(int on)
{
    colored = on;
}

/* Where a server cannot be reached or a login fails, no statement of a script is to blame; but a later one tells how far it came. */
static int is_about_statement(const tdrest_error *err, const cli_place *place)
{
    int unreached = (err->code == TDREST_ECONNECT || err->code == TDREST_ETIMEOUT) && err->phase != TDREST_PHASE_NONE && err->phase <= TDREST_PHASE_CONNECT;

    return place->number > 1 || (place->number == 1 && err->code != TDREST_EAUTH && !unreached);
}

/* A name as it may be shown, cut to some columns. */
static const char *show_name(const char *name, char shown[CLI_SHOW_ROOM(NAME_BYTES) + 1])
{
    size_t len = strlen(name), width;

    shown[cli_show(name, len > NAME_BYTES ? NAME_BYTES : len, NAME_COLUMNS, shown, &width)] = '\0';
    return shown;
}

/* Behind the message, in parentheses: where it was. */
static void describe(const tdrest_error *err, const cli_place *place, char *text, size_t cap)
{
    char name[CLI_SHOW_ROOM(NAME_BYTES) + 1];
    size_t len = 0;

    text[0] = '\0';
#define ADD(...) len += (size_t)snprintf(text + len, cap - len, __VA_ARGS__)
    if (is_about_statement(err, place))
        ADD(", statement %lld, line %lld%s%.300s", (long long)place->number, (long long)place->line, place->file == NULL ? "" : " of ",
            place->file == NULL ? "" : show_name(place->file, name));
    if (place->text != NULL)
        ADD(", %.*s", CLI_PLACE_MAX, place->text);
    if (place->verbose && err->http_status != 0)
        ADD(", HTTP %d", err->http_status);
    if (place->verbose && err->endpoint[0] != '\0')
        ADD(", %s", err->endpoint);
    if (place->verbose && err->req_id != 0)
        ADD(", req_id 0x%llx", (unsigned long long)err->req_id);
    if (place->verbose && err->attempts > 1)
        ADD(", %d attempts", err->attempts);
    if (err->code != TDREST_EAUTH && tdrest_class_is_a(err->cls, TDREST_CLASS_CONNECTION) && strchr(err->hosts, ',') != NULL)
        ADD(", tried %s", err->hosts);
#undef ADD
    if (len == 0)
        return;
    memcpy(text, " (", 2);
    memcpy(text + len, ")", 2);
}

static char held[1024]; /* the last failure of the log */

void cli_report_log(int is_failure, const char *message)
{
    if (held[0] != '\0')
        cli_usage("%s", held);
    held[0] = '\0';
    if (is_failure)
        snprintf(held, sizeof held, "%s", message);
    else
        cli_usage("%s", message);
}

void cli_report_format(const tdrest_error *err, const cli_place *place, char *text, size_t cap)
{
    char message[CLI_SHOW_ROOM(sizeof err->message) + 1], code[16] = "", where[sizeof err->endpoint + sizeof err->hosts + CLI_PLACE_MAX + 520];
    size_t width;

    held[0] = '\0';
    /* The server's words may hold anything. */
    message[cli_show(err->message, strlen(err->message), CLI_NO_LIMIT, message, &width)] = '\0';
    if (err->server_code != 0)
        snprintf(code, sizeof code, " 0x%04X", (unsigned)err->server_code);
    describe(err, place, where, sizeof where - 1);
    snprintf(text, cap, "%s%s: %s%s", tdrest_class_name(err->cls), code, message, where);
}

int cli_report(const tdrest_error *err, const cli_place *place)
{
    char text[CLI_REPORT_ROOM];
    int head;

    cli_report_format(err, place, text, sizeof text);
    head = (int)strcspn(text, ":");
    fprintf(stderr, "tdrest: %s%.*s%s%s\n", colored ? "\033[1;31m" : "", head, text, colored ? "\033[0m" : "", text + head);
    return cli_status_of(err->code, err->cls);
}

/* Puts `to` in the place of the first `from`, as far as there is room. */
static void replace(char *text, size_t cap, const char *from, const char *to)
{
    char *at = strstr(text, from);
    char rest[sizeof((tdrest_error *)NULL)->message];

    if (at == NULL)
        return;
    snprintf(rest, sizeof rest, "%s", at + strlen(from));
    snprintf(at, cap - (size_t)(at - text), "%s%s", to, rest);
}

/* Of "parameter 0 (:ts)" the number means nothing to whoever gave a name, and perhaps a value. */
static void name_parameter(char *message, size_t cap, const char *value)
{
    static const char parameter[] = "parameter ";
    char text[sizeof((tdrest_error *)NULL)->message];
    const char *name, *end;

    if (strncmp(message, parameter, sizeof parameter - 1) != 0 || (name = strstr(message, "(:")) == NULL || (end = strchr(name, ')')) == NULL)
        return;
    snprintf(text, sizeof text, "%s%.*s%s%.300s%s", parameter, (int)(end - name) - 1, name + 1, value == NULL ? "" : ", value ", value == NULL ? "" : value,
             end + 1);
    snprintf(message, cap, "%s", text);
}

int cli_report_stmt(const tdrest_stmt *stmt, const char *value, const cli_place *place)
{
    tdrest_error err = *tdrest_stmt_error(stmt);

    replace(err.message, sizeof err.message, ", row 0", "");
    replace(err.message, sizeof err.message, "a time with its precision", "a time, as NAME:time or, in units since 1970, NAME:s, :ms, :us or :ns");
    replace(err.message, sizeof err.message, "(state or describe the database's precision)", "(in an INSERT of one row it can be written)");
    name_parameter(err.message, sizeof err.message, value); /* last: a value may hold any of these words */
    return cli_report(&err, place);
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

int cli_report_no_memory(void)
{
    return cli_report_code(TDREST_ENOMEM, tdrest_code_text(TDREST_ENOMEM), &(cli_place){.number = 0});
}

const char *cli_plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

int cli_usage(const char *format, ...)
{
    char message[MESSAGE_BYTES], shown[CLI_SHOW_ROOM(MESSAGE_BYTES) + 1];
    size_t width;
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    shown[cli_show(message, strlen(message), CLI_NO_LIMIT, shown, &width)] = '\0';
    fprintf(stderr, "tdrest: %s\n", shown);
    return CLI_USAGE;
}
