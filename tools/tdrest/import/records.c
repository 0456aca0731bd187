/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The buffer that records are read from. Knows nothing of quotes and escapes. */
#include "import/records.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <tdrest.h>
#include <unistd.h>

#include "term/interrupt.h"

/* What is read at once, and what one record may have: no server takes a longer row. */
enum { READ_BYTES = 1 << 18, RECORD_MOST = 1 << 23 };

void cli_records_open(cli_records *r, const cli_source *source, enum cli_records_kind kind, char delimiter, int64_t from, int64_t line)
{
    *r = (cli_records){.kind = kind, .delimiter = delimiter, .line = line, .base = from, .started = from > 0};
    r->ends[(unsigned char)delimiter] = r->ends['\n'] = r->ends['\r'] = r->ends['"'] = 1;
    r->fd = cli_source_open(source, &r->name);
    r->owns_fd = r->fd > STDIN_FILENO;
    r->error = r->fd < 0 ? errno : 0;
    if (r->fd >= 0 && from > 0 && lseek(r->fd, (off_t)from, SEEK_SET) < 0)
        r->error = errno;
}

void cli_records_close(cli_records *r)
{
    if (r->fd >= 0 && r->owns_fd)
        close(r->fd);
    free(r->buffer);
    free(r->record.fields);
    cli_text_clear(&r->made);
}

/* ---- for the files of one kind ---- */

cli_field *cli_records_add(cli_records *r)
{
    cli_record *record = &r->record;

    if (record->count == record->cap) {
        size_t cap = record->cap == 0 ? 32 : 2 * record->cap;
        cli_field *fields = realloc(record->fields, cap * sizeof *fields);

        if (fields == NULL) {
            r->made.failed = TDREST_ENOMEM;
            return NULL;
        }
        record->fields = fields;
        record->cap = cap;
    }
    record->fields[record->count] = (cli_field){.text = NULL};
    return &record->fields[record->count++];
}

int cli_records_bad(cli_records *r, const char *fault, int64_t line)
{
    const char *text = r->buffer + r->start, *end = memchr(text, '\n', r->len - r->start);

    r->record.fault = fault;
    r->record.fault_line = r->line + line;
    r->record.len = end == NULL ? r->len - r->start : (size_t)(end - text) + 1;
    return CLI_LOOK_FOUND;
}

int cli_records_found(cli_records *r, size_t len)
{
    r->record.len = len;
    return CLI_LOOK_FOUND;
}

/* ---- reading ---- */

static int reserve(cli_records *r)
{
    size_t cap = r->cap == 0 ? READ_BYTES : 2 * r->cap;
    char *buffer;

    if (r->start > 0) {
        r->len -= r->start;
        r->base += (int64_t)r->start;
        memmove(r->buffer, r->buffer + r->start, r->len);
        r->start = 0;
    }
    if (r->len < r->cap)
        return TDREST_OK;
    buffer = realloc(r->buffer, cap);
    if (buffer == NULL)
        return TDREST_ENOMEM;
    r->buffer = buffer;
    r->cap = cap;
    return TDREST_OK;
}

/* Behind the first bytes: are they a text? A mark in front of them counts as read. */
static int look_at_start(cli_records *r, int ended)
{
    if (r->started || (r->len < CLI_SOURCE_START && !ended))
        return TDREST_OK;
    r->started = 1;
    r->fault = cli_source_fault(r->buffer, r->len);
    r->start = cli_source_mark(r->buffer, r->len);
    return r->fault == NULL ? TDREST_OK : TDREST_EUSAGE;
}

static int read_more(cli_records *r)
{
    struct pollfd waiting = {r->fd, POLLIN, 0};
    int rc = reserve(r);
    ssize_t n;

    if (rc < 0)
        return rc;
    if (r->idle != NULL && poll(&waiting, 1, 0) == 0)
        r->idle(r->context);
    do
        n = read(r->fd, r->buffer + r->len, r->cap - r->len);
    while (n < 0 && errno == EINTR && !cli_interrupted());
    if (n < 0 && cli_interrupted())
        return TDREST_ECANCELLED;
    if (n < 0) {
        r->error = errno;
        return TDREST_EUSAGE;
    }
    r->len += (size_t)n;
    if (n == 0) {
        if (r->owns_fd)
            close(r->fd);
        r->fd = -1;
    }
    return look_at_start(r, n == 0);
}

int64_t cli_records_lines(const char *bytes, size_t len)
{
    const char *end = bytes + len;
    int64_t lines = 0;

    while (bytes < end && (bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
        bytes++;
        lines++;
    }
    return lines;
}

static void pass_blank_lines(cli_records *r)
{
    while (r->start < r->len) {
        const char *text = r->buffer + r->start;
        size_t left = r->len - r->start;

        if (text[0] == '\n')
            r->start++;
        else if (left > 1 && text[0] == '\r' && text[1] == '\n')
            r->start += 2;
        else
            break;
        r->line++;
    }
}

static int look(cli_records *r)
{
    const char *text = r->buffer + r->start;
    size_t len = r->len - r->start;

    r->record.count = 0;
    r->record.fault = NULL;
    cli_text_reset(&r->made);
    switch (r->kind) {
    case CLI_RECORDS_CSV: return cli_csv_look(r, text, len, r->fd < 0);
    case CLI_RECORDS_TSV: return cli_tsv_look(r, text, len, r->fd < 0);
    default: return cli_jsonl_look(r, text, len, r->fd < 0);
    }
}

/* Makes pointers of offsets: what grows no longer moves. */
static int hand_out(cli_records *r)
{
    cli_record *record = &r->record;
    size_t i;

    if (r->made.failed != 0)
        return TDREST_ENOMEM;
    for (i = 0; i < record->count; i++) {
        cli_field *f = &record->fields[i];

        if ((f->made & 1) != 0)
            f->text = (r->made.data == NULL ? "" : r->made.data) + f->at;
    }
    record->bytes = r->buffer + r->start;
    record->offset = r->base + (int64_t)r->start;
    record->line = r->line;
    r->line += cli_records_lines(record->bytes, record->len);
    r->start += record->len;
    return TDREST_ROW;
}

int cli_records_next(cli_records *r)
{
    int rc = r->error != 0 || r->fault != NULL ? TDREST_EUSAGE : TDREST_OK;

    while (rc == TDREST_OK) {
        if (r->started)
            pass_blank_lines(r);
        if (r->started && r->fd < 0 && r->start == r->len)
            return TDREST_DONE;
        if (r->started && r->start < r->len) {
            if (look(r) == CLI_LOOK_FOUND)
                return hand_out(r);
            if (r->len - r->start >= RECORD_MOST) {
                cli_records_bad(r, "the record does not end within 8 MiB; where does its quote close?", 0);
                r->record.count = 0;
                return hand_out(r);
            }
        }
        rc = read_more(r);
    }
    return rc;
}
