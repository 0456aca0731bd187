/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * One row a line: csv, comma-separated values as RFC 4180 has them with lines ended by LF, and tsv, tab-separated values with
 * backslash escapes. Knows nothing of terminals.
 */
#include <stdio.h>
#include <string.h>

#include "cell/cursor.h"
#include "cell/digits.h"
#include "format/formats.h"

/* A text of so many bytes is looked at and copied at once. */
enum { SHORT = 128 };

/* A writer of one kind of file. */
typedef struct kind {
    char separator;
    char mark; /* the other character that a text cannot have as it is, besides line ends */
    const char *null;
    void (*put)(cli_output *out, const char *text, size_t len, const char *null);
} kind;

typedef struct cells {
    const kind *kind;
    cli_output *out;
    const char *null;
    size_t null_len;
    cli_cursor cursor;
} cells;

static int is_null_text(const char *text, size_t len, const char *null)
{
    return len != 0 && text[0] == null[0] && strlen(null) == len && memcmp(null, text, len) == 0;
}

/* An empty field is NULL, and so is what --null names: the text that is the same stands in quotes. */
static int needs_quotes(const char *text, size_t len, const char *null)
{
    static const char marks[256] = {['"'] = 1, [','] = 1, ['\n'] = 1, ['\r'] = 1};
    size_t i;

    for (i = 0; i < len; i++)
        if (marks[(unsigned char)text[i]])
            return 1;
    return len == 0 || is_null_text(text, len, null);
}

static void put_quoted(cli_output *out, const char *text, size_t len, const char *null)
{
    const char *quote;
    size_t run;

    if (!needs_quotes(text, len, null)) {
        cli_output_put(out, text, len);
        return;
    }
    cli_output_char(out, '"');
    while ((quote = len == 0 ? NULL : memchr(text, '"', len)) != NULL) {
        run = (size_t)(quote - text) + 1;
        cli_output_put(out, text, run);
        cli_output_char(out, '"');
        text += run;
        len -= run;
    }
    cli_output_put(out, text, len);
    cli_output_char(out, '"');
}

static void put_escaped(cli_output *out, const char *text, size_t len, const char *null)
{
    char digits[8];
    size_t i;

    if (len > 0 && text[0] != '\\' && is_null_text(text, len, null)) { /* told apart by its first byte; a backslash is doubled anyway */
        cli_output_put(out, digits, (size_t)snprintf(digits, sizeof digits, "\\x%02x", (unsigned)(unsigned char)text[0]));
        text++;
        len--;
    }
    for (i = 0; i < len; i++) {
        switch (text[i]) {
        case '\t': cli_output_put(out, "\\t", 2); break;
        case '\n': cli_output_put(out, "\\n", 2); break;
        case '\r': cli_output_put(out, "\\r", 2); break;
        case '\\': cli_output_put(out, "\\\\", 2); break;
        default: cli_output_char(out, text[i]); break;
        }
    }
}

static void put_header(const cells *c, const cli_sink *sink)
{
    char room[CLI_HEAD_ROOM];
    size_t i, len;

    for (i = 0; i < c->cursor.count; i++) {
        len = cli_head(sink, cli_result_column(c->cursor.res, i), room);
        if (i != 0)
            cli_output_char(c->out, c->kind->separator);
        c->kind->put(c->out, room, len, c->null);
    }
    cli_output_char(c->out, '\n');
}

static int put_cell(cells *c, size_t i)
{
    enum cli_look look = c->cursor.lanes[i].look;
    const char *text;
    size_t len;
    int rc = cli_cursor_text(&c->cursor, i, &text, &len);

    if (rc == TDREST_ENULL) {
        cli_output_put(c->out, c->null, c->null_len);
        return TDREST_OK;
    }
    if (rc < 0)
        return rc;
    if (look == CLI_LOOK_BYTES)
        c->kind->put(c->out, "\\x", 2, "");
    /* A number may read like the text for NULL, too. */
    if (look == CLI_LOOK_TEXT || look == CLI_LOOK_JSON || (c->null_len == len && is_null_text(text, len, c->null)))
        c->kind->put(c->out, text, len, c->null);
    else
        cli_output_put(c->out, text, len);
    return TDREST_OK;
}

/* Does one of eight bytes equal the byte that pattern repeats? */
static uint64_t equals(uint64_t eight, uint64_t pattern)
{
    uint64_t x = eight ^ pattern;

    return (x - 0x0101010101010101u) & ~x & 0x8080808080808080u;
}

/* May there be something that csv has to quote, or tsv to escape? Bytes below `-` are few in most texts, and all separators and line ends are among them. */
static uint64_t is_suspect(uint64_t eight, uint64_t mark)
{
    return ((eight - 0x2D2D2D2D2D2D2D2Du) & ~eight & 0x8080808080808080u) | equals(eight, mark);
}

static int has_marks(const kind *k, const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (text[i] == k->separator || text[i] == k->mark || text[i] == '\n' || text[i] == '\r')
            return 1;
    return 0;
}

/* Is there nothing in a short text that csv has to quote, or tsv to escape? */
static int is_plain(const kind *k, const char *text, size_t len)
{
    uint64_t eight, found = 0, mark = 0x0101010101010101u * (unsigned char)k->mark;
    size_t i;

    if (len < 8)
        return !has_marks(k, text, len);
    for (i = 0; i + 8 < len; i += 8) {
        memcpy(&eight, text + i, 8);
        found |= is_suspect(eight, mark);
    }
    memcpy(&eight, text + len - 8, 8);
    found |= is_suspect(eight, mark);
    return found == 0 || !has_marks(k, text, len);
}

/* A short value at p, where there is room for it; behind it. NULL: it needs put_cell. */
static char *put_short(cells *c, size_t i, char *p)
{
    const cli_lane *lane = &c->cursor.lanes[i];
    const char *text;
    size_t len;

    if (!cli_cursor_has(&c->cursor, i))
        return cli_put_bytes(p, c->null, c->null_len);
    if (lane->way == CLI_WAY_PUT)
        return cli_cursor_put(&c->cursor, i, p);
    if (lane->way != CLI_WAY_HELD || lane->look == CLI_LOOK_JSON)
        return NULL;
    text = lane->data->bytes + lane->data->offset[c->cursor.row];
    len = lane->data->length[c->cursor.row];
    if (len == 0 || len > SHORT || (lane->look == CLI_LOOK_TEXT && !is_plain(c->kind, text, len)))
        return NULL;
    return cli_put_bytes(p, text, len);
}

/* As put_row, where the text for NULL is the format's own, which no value reads like. */
static int put_row_fast(cells *c)
{
    cli_output *out = c->out;
    char *p, *end;
    size_t i;
    int rc = TDREST_ROW;

    for (i = 0; rc >= 0 && i < c->cursor.count; i++) {
        if (sizeof out->bytes - out->len < SHORT + 2)
            cli_output_flush(out);
        p = out->bytes + out->len;
        if (i != 0)
            *p++ = c->kind->separator;
        end = put_short(c, i, p);
        out->len = (size_t)((end == NULL ? p : end) - out->bytes);
        if (end == NULL)
            rc = put_cell(c, i);
    }
    cli_output_char(out, '\n');
    return rc < 0 ? rc : TDREST_ROW;
}

static int put_row(cells *c)
{
    size_t i;
    int rc = TDREST_OK;

    for (i = 0; rc >= 0 && i < c->cursor.count; i++) {
        if (i != 0)
            cli_output_char(c->out, c->kind->separator);
        rc = put_cell(c, i);
    }
    cli_output_char(c->out, '\n');
    return rc < 0 ? rc : TDREST_ROW;
}

static int write_kind(const kind *k, cli_sink *sink, cli_result *res, cli_written *written)
{
    cells c = {.kind = k, .out = sink->out, .null = cli_null(sink, k->null)};
    int rc = cli_cursor_open(&c.cursor, sink, res);

    c.null_len = strlen(c.null);
    written->columns = c.cursor.count;
    if (rc == TDREST_ROW && !sink->style.bare)
        put_header(&c, sink);
    while (rc == TDREST_ROW && sink->out->error == 0 && (rc = cli_cursor_next(&c.cursor, sink, written)) == TDREST_ROW)
        rc = sink->style.null == NULL ? put_row_fast(&c) : put_row(&c);
    cli_cursor_close(&c.cursor);
    return rc;
}

int cli_write_csv(cli_sink *sink, cli_result *res, cli_written *written)
{
    static const kind csv = {',', '"', "", put_quoted};

    return write_kind(&csv, sink, res, written);
}

int cli_write_tsv(cli_sink *sink, cli_result *res, cli_written *written)
{
    static const kind tsv = {'\t', '\\', "\\N", put_escaped};

    return write_kind(&tsv, sink, res, written);
}
