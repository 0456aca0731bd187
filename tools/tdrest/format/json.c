/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * json: one array of objects for each result; jsonl: one object a line. Both are written as the rows arrive: an array that a
 * failure cuts is not closed. Knows nothing of terminals.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell/cursor.h"
#include "format/formats.h"
#include "term/utf8.h"

#define REPLACEMENT "\xEF\xBF\xBD"

typedef struct field {
    char *key;       /* the name as JSON, without quotes */
    size_t len;
    size_t name_len; /* of these, before what tells equal names apart */
} field;

typedef struct rows {
    cli_sink *sink;
    cli_output *out;
    cli_result *res;
    cli_cursor cursor;
    field *fields;
    size_t count;
} rows;

/* The piece of text as JSON: a run of it as it is, or one character escaped in room. Answers how many bytes of text it stands for. */
static size_t next_piece(const char *text, size_t len, char room[8], const char **piece, size_t *bytes)
{
    static const char letters[] = "btn fr"; /* 8 to 13 */
    unsigned char first = (unsigned char)text[0];
    size_t step, run = 0;
    uint32_t c;

    while (run < len && (unsigned char)text[run] >= 0x20 && text[run] != '"' && text[run] != '\\' &&
           (step = cli_utf8_decode(text + run, len - run, &c)) != 0)
        run += step;
    *piece = run != 0 ? text : room;
    *bytes = run;
    if (run != 0)
        return run;
    if (first == '"' || first == '\\')
        *bytes = (size_t)snprintf(room, 8, "\\%c", first);
    else if (first >= 8 && first <= 13 && first != 11)
        *bytes = (size_t)snprintf(room, 8, "\\%c", letters[first - 8]);
    else if (first < 0x20)
        *bytes = (size_t)snprintf(room, 8, "\\u%04x", first);
    else
        *bytes = (size_t)snprintf(room, 8, REPLACEMENT);
    return 1;
}

/* Replacements are the only pieces made here that are not ASCII. */
static int is_replacement(const char *piece, const char *room)
{
    return piece == room && (unsigned char)piece[0] >= 0x80;
}

static void put_string(rows *r, const char *text, size_t len)
{
    char room[8];
    const char *piece;
    size_t step, bytes;

    cli_output_char(r->out, '"');
    for (; len != 0; text += step, len -= step) {
        step = next_piece(text, len, room, &piece, &bytes);
        r->sink->replaced |= is_replacement(piece, room);
        cli_output_put(r->out, piece, bytes);
    }
    cli_output_char(r->out, '"');
}

/* JSON as the server sent it. Line ends may stand between its parts only, where a blank is the same. */
static void put_json(rows *r, const char *text, size_t len)
{
    uint32_t c;
    size_t step;

    for (; len != 0; text += step, len -= step) {
        step = cli_utf8_decode(text, len, &c);
        if (step == 0) {
            r->sink->replaced = 1;
            cli_output_put(r->out, REPLACEMENT, 3);
            step = 1;
        } else if (c < 0x20) {
            cli_output_char(r->out, ' ');
        } else {
            cli_output_put(r->out, text, step);
        }
    }
}

static int put_value(rows *r, size_t i)
{
    const char *text;
    size_t len;
    int rc = cli_cursor_text(&r->cursor, i, &text, &len);

    if (rc < 0 && rc != TDREST_ENULL)
        return rc;
    if (rc == TDREST_ENULL) {
        cli_output_put(r->out, "null", 4);
        return TDREST_OK;
    }
    switch (r->cursor.lanes[i].look) {
    case CLI_LOOK_TEXT: put_string(r, text, len); break;
    case CLI_LOOK_JSON: put_json(r, text, len); break;
    case CLI_LOOK_BYTES:
        cli_output_put(r->out, "\"\\\\x", 4);
        cli_output_put(r->out, text, len);
        cli_output_char(r->out, '"');
        break;
    case CLI_LOOK_TIME:
    case CLI_LOOK_DECIMAL: put_string(r, text, len); break;
    default: cli_output_put(r->out, text, len); break;
    }
    return TDREST_OK;
}

static int put_row(rows *r)
{
    size_t i;
    int rc = TDREST_OK;

    for (i = 0; rc >= 0 && i < r->count; i++) {
        cli_output_put(r->out, i == 0 ? "{\"" : ",\"", 2);
        cli_output_put(r->out, r->fields[i].key, r->fields[i].len);
        cli_output_put(r->out, "\":", 2);
        rc = put_value(r, i);
    }
    cli_output_char(r->out, '}');
    return rc < 0 ? rc : TDREST_ROW;
}

static int same_key(const field *a, const field *b)
{
    return a->len == b->len && memcmp(a->key, b->key, a->len) == 0;
}

/* Is the key of field i that of an earlier one or, once it has a number, of any other? */
static int is_taken(const rows *r, size_t i)
{
    size_t k, end = r->fields[i].len == r->fields[i].name_len ? i : r->count;

    for (k = 0; k < end; k++)
        if (k != i && same_key(&r->fields[k], &r->fields[i]))
            return 1;
    return 0;
}

/* Equal names become name, name_2, name_3: an object has each key once. */
static void tell_apart(rows *r)
{
    size_t i, k, number;

    for (i = 1; i < r->count; i++) {
        field *f = &r->fields[i];

        for (k = 0, number = 1; k < i; k++)
            number += r->fields[k].name_len == f->name_len && memcmp(r->fields[k].key, f->key, f->name_len) == 0;
        for (; is_taken(r, i); number++)
            f->len = f->name_len + (size_t)snprintf(f->key + f->name_len, 24, "_%zu", number);
    }
}

/* 1; 0 when memory is out. */
static int make_key(rows *r, field *f, const char *name, size_t len)
{
    char room[8];
    const char *piece;
    size_t step, bytes;

    f->key = malloc(6 * len + 24); /* \u0001 at worst, and a number behind */
    for (; f->key != NULL && len != 0; name += step, len -= step) {
        step = next_piece(name, len, room, &piece, &bytes);
        r->sink->replaced |= is_replacement(piece, room);
        memcpy(f->key + f->len, piece, bytes);
        f->len += bytes;
    }
    f->name_len = f->len;
    return f->key != NULL;
}

static int make_fields(rows *r)
{
    size_t i;
    int good;

    r->fields = calloc(r->count, sizeof *r->fields);
    good = cli_cursor_open(&r->cursor, r->sink, r->res) == TDREST_ROW && r->fields != NULL;
    for (i = 0; good && i < r->count; i++) {
        const tdrest_column *column = cli_result_column(r->res, i);

        good = make_key(r, &r->fields[i], column->name, column->name_len);
    }
    if (good)
        tell_apart(r);
    return good ? TDREST_ROW : TDREST_ENOMEM;
}

static void clear(rows *r)
{
    size_t i;

    for (i = 0; r->fields != NULL && i < r->count; i++)
        free(r->fields[i].key);
    free(r->fields);
    cli_cursor_close(&r->cursor);
}

int cli_write_json(cli_sink *sink, cli_result *res, cli_written *written)
{
    rows r = {.sink = sink, .out = sink->out, .res = res, .count = cli_result_column_count(res)};
    int rc = make_fields(&r);

    written->columns = r.count;
    cli_output_char(sink->out, '[');
    while (rc == TDREST_ROW && sink->out->error == 0 && (rc = cli_cursor_next(&r.cursor, sink, written)) == TDREST_ROW) {
        if (written->rows != 1)
            cli_output_char(sink->out, ',');
        cli_output_char(sink->out, '\n');
        rc = put_row(&r);
    }
    if (written->rows != 0 || rc != TDREST_DONE)
        cli_output_char(sink->out, '\n');
    if (rc == TDREST_DONE)
        cli_output_put(sink->out, "]\n", 2);
    clear(&r);
    return rc;
}

int cli_write_jsonl(cli_sink *sink, cli_result *res, cli_written *written)
{
    rows r = {.sink = sink, .out = sink->out, .res = res, .count = cli_result_column_count(res)};
    int rc = make_fields(&r);

    written->columns = r.count;
    while (rc == TDREST_ROW && sink->out->error == 0 && (rc = cli_cursor_next(&r.cursor, sink, written)) == TDREST_ROW) {
        rc = put_row(&r);
        cli_output_char(sink->out, '\n');
    }
    clear(&r);
    return rc;
}
