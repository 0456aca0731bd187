/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Any bytes as the command's standard input, in whatever pieces they come. A script has the same statements; lines and points are handed on whole
 * and in order, none of them lost, cut or told twice. The first two bytes choose what is read and how it is cut.
 */
#include "input/points.h"
#include "input/script.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 4096, PIECES = 200, STATEMENTS = 4096 };

#define MUST(condition) ((condition) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A descriptor that gives so many bytes with each read, and loses what a read has no room for. */
static int feed(const char *bytes, size_t len, size_t piece)
{
    int ends[2];

    MUST(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
    for (size_t at = 0; at < len; at += piece) {
        size_t n = len - at < piece ? len - at : piece;

        MUST(write(ends[1], bytes + at, n) == (ssize_t)n);
    }
    close(ends[1]);
    return ends[0];
}

/* ---- scripts ---- */

typedef struct reading {
    char *text[STATEMENTS];
    size_t len[STATEMENTS];
    int64_t line[STATEMENTS];
    size_t count;
    int rc;
    const char *fault;
} reading;

static void read_script(reading *out, const char *bytes, size_t len, size_t piece)
{
    cli_script s;
    const char *sql;

    cli_script_open(&s, &(cli_source){.file = "/dev/null"});
    MUST(s.in.fd >= 0);
    close(s.in.fd);
    s.in.fd = feed(bytes, len, piece);
    for (out->count = 0; (out->rc = cli_script_next(&s, &sql, &out->len[out->count], &out->line[out->count])) == TDREST_ROW; out->count++) {
        out->text[out->count] = (char *)malloc(out->len[out->count] + 1);
        MUST(out->text[out->count] != NULL && out->count + 1 < STATEMENTS);
        memcpy(out->text[out->count], sql, out->len[out->count]);
    }
    out->fault = s.in.fault;
    cli_script_close(&s);
}

static void check_script(const char *bytes, size_t len, size_t piece)
{
    static reading whole, cut;

    read_script(&whole, bytes, len, len + 1);
    read_script(&cut, bytes, len, piece);
    MUST(whole.rc == cut.rc && whole.count == cut.count && whole.fault == cut.fault);
    for (size_t i = 0; i < whole.count; i++) {
        MUST(whole.len[i] == cut.len[i] && whole.line[i] == cut.line[i] && memcmp(whole.text[i], cut.text[i], whole.len[i]) == 0);
        free(whole.text[i]);
        free(cut.text[i]);
    }
}

/* ---- lines and points ---- */

/* The pieces one behind the other, those of JSON without what makes each an array of its own; the length, or -1 for a file that is refused. */
static ptrdiff_t join(char *out, int json, const char *bytes, size_t len, size_t piece)
{
    size_t at = 0, n, first = 1;
    cli_points p;
    char *data;
    int rc;

    cli_points_open(&p, &(cli_source){.file = "/dev/null"}, json, piece == 1 ? 64 : MOST);
    MUST(p.in.fd >= 0);
    close(p.in.fd);
    p.in.fd = feed(bytes, len, piece);
    while ((rc = cli_points_next(&p, &data, &n)) == TDREST_ROW) {
        int ended = p.in.fd < 0;

        MUST(n > 0 && at + n <= MOST + PIECES * 4 && (json || ended || data[n - 1] == '\n'));
        if (json && !first) {
            MUST(data[0] == '[');
            data[0] = ',';
        }
        if (json && !ended)
            MUST(data[--n] == ']');
        memcpy(out + at, data, n);
        at += n;
        first = 0;
    }
    MUST(rc == TDREST_DONE || (rc == TDREST_EUSAGE && p.in.fault != NULL));
    cli_points_close(&p);
    return rc == TDREST_DONE ? (ptrdiff_t)at : -1;
}

static void check_points(int json, const char *bytes, size_t len, size_t piece)
{
    static char out[MOST + PIECES * 4];
    size_t mark = cli_source_mark(bytes, len);
    ptrdiff_t joined = join(out, json, bytes, len, piece);

    MUST((joined < 0) == (cli_source_fault(bytes, len) != NULL));
    if (joined >= 0)
        MUST((size_t)joined == len - mark && memcmp(out, bytes + mark, len - mark) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes;
    size_t len, piece;

    if (size < 3 || size > MOST)
        return 0;
    bytes = (const char *)data + 2;
    len = size - 2;
    piece = (size_t)data[1] % 16 + 1;
    piece = len / piece < PIECES ? piece : len / PIECES + 1;
    if (data[0] % 3 == 0)
        check_script(bytes, len, piece);
    else
        check_points(data[0] % 3 == 2, bytes, len, piece);
    return 0;
}
