/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The buffer that records are read from. Knows nothing of quotes and escapes. */
#include "import/records.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <tdrest.h>

/* What is read at once, and what one record may have: no server takes a longer row. */
enum { READ_BYTES = 1 << 18, RECORD_MOST = 1 << 23 };

void cli_records_open(cli_records *r, const cli_source *source, enum cli_records_kind kind, char delimiter, int64_t from, int64_t line)
{
    *r = (cli_records){.kind = kind, .delimiter = delimiter, .line = line};
    r->ends[(unsigned char)delimiter] = r->ends['\n'] = r->ends['\r'] = r->ends['"'] = 1;
    cli_reader_open(&r->in, source, from);
}

void cli_records_close(cli_records *r)
{
    cli_reader_close(&r->in);
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
    const char *text = r->in.buffer + r->start, *end = memchr(text, '\n', r->in.len - r->start);

    r->record.fault = fault;
    r->record.fault_line = r->line + line;
    r->record.len = end == NULL ? r->in.len - r->start : (size_t)(end - text) + 1;
    return CLI_LOOK_FOUND;
}

int cli_records_found(cli_records *r, size_t len)
{
    r->record.len = len;
    return CLI_LOOK_FOUND;
}

/* ---- reading ---- */

static int read_more(cli_records *r)
{
    struct pollfd waiting = {r->in.fd, POLLIN, 0};

    cli_reader_drop(&r->in, r->start);
    r->start = 0;
    if (r->idle != NULL && poll(&waiting, 1, 0) == 0)
        r->idle(r->context);
    return cli_reader_more(&r->in, READ_BYTES);
}

static void pass_blank_lines(cli_records *r)
{
    while (r->start < r->in.len) {
        const char *text = r->in.buffer + r->start;
        size_t left = r->in.len - r->start;

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
    const char *text = r->in.buffer + r->start;
    size_t len = r->in.len - r->start;

    r->record.count = 0;
    r->record.fault = NULL;
    cli_text_reset(&r->made);
    switch (r->kind) {
    case CLI_RECORDS_CSV: return cli_csv_look(r, text, len, r->in.fd < 0);
    case CLI_RECORDS_TSV: return cli_tsv_look(r, text, len, r->in.fd < 0);
    default: return cli_jsonl_look(r, text, len, r->in.fd < 0);
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
    record->bytes = r->in.buffer + r->start;
    record->offset = r->in.base + (int64_t)r->start;
    record->line = r->line;
    r->line += cli_source_lines(record->bytes, record->len);
    r->start += record->len;
    return TDREST_ROW;
}

int cli_records_next(cli_records *r)
{
    int rc = cli_reader_failed(&r->in) ? TDREST_EUSAGE : TDREST_OK;

    while (rc == TDREST_OK) {
        if (r->in.started)
            pass_blank_lines(r);
        if (r->in.started && r->in.fd < 0 && r->start == r->in.len)
            return TDREST_DONE;
        if (r->in.started && r->start < r->in.len) {
            if (look(r) == CLI_LOOK_FOUND)
                return hand_out(r);
            if (r->in.len - r->start >= RECORD_MOST) {
                cli_records_bad(r, "the record does not end within 8 MiB; where does its quote close?", 0);
                r->record.count = 0;
                return hand_out(r);
            }
        }
        rc = read_more(r);
    }
    return rc;
}
