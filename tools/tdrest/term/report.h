/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What is told on standard error, and the exit status that goes with it. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <tdrest.h>

enum cli_status {
    CLI_OK = 0,
    CLI_REFUSED = 1,        /* the server refused a statement */
    CLI_USAGE = 2,          /* usage, configuration, a file that cannot be read */
    CLI_DISCONNECTED = 3,   /* not connected, refused login, timeout */
    CLI_BROKEN = 4,         /* answer not understood or output not written */
    CLI_INTERRUPTED = 130
};

/* The exit status that a failure of the library means. */
int cli_status_of(int code, int cls);

enum { CLI_PLACE_MAX = 400, CLI_REPORT_ROOM = 4096 };

/* What a failure is about. */
typedef struct cli_place {
    int64_t number;   /* of the statement, 0: there is none; */
    int64_t line;     /* and where it stands in the script */
    const char *file; /* of the script, or NULL */
    const char *text; /* another place, in at most CLI_PLACE_MAX bytes that are safe on a terminal; NULL: there is none */
    int verbose;      /* tell of the request as well */
} cli_place;

/* Writes a failure as one line without its end: class, code, message, place. */
void cli_report_format(const tdrest_error *err, const cli_place *place, char *text, size_t cap);
/* Tells a failure in one line; its exit status. */
int cli_report(const tdrest_error *err, const cli_place *place);
/*
 * The same for a statement's failure, in words for those who give parameters with -p. value: what was given for the parameter, in quotes; NULL: it is not to be
 * told, or there is none.
 */
int cli_report_stmt(const tdrest_stmt *stmt, const char *value, const cli_place *place);
/* The same for a failure without a record. */
int cli_report_code(int code, const char *message, const cli_place *place);
int cli_report_no_memory(void);

/*
 * Tells what the library logs. A failure is held back until something follows it: that which ends a call is told by those above, who forget it here.
 */
void cli_report_log(int is_failure, const char *message);

/* "s" behind the name of that many things, or "". */
const char *cli_plural(int64_t count);

/* Are messages in color? */
void cli_report_color(int on);

/* "tdrest: message", formatted as by printf, made safe for a terminal; CLI_USAGE. */
int cli_usage(const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 1, 2)))
#endif
    ;

#endif
