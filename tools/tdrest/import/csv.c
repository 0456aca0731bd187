/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Records of csv as RFC 4180 has them, with any separator and LF or CRLF. Knows nothing of columns. */
#include <string.h>

#include "import/records.h"

/* Where a field ends. */
enum end { END_FIELD, END_RECORD, END_MORE, END_BAD };

/* A record being read. */
typedef struct scan {
    cli_records *r;
    const char *text;
    size_t len;
    size_t pos;
    int ended;
} scan;

/* Behind a field: its separator, the end of the line or of the file. */
static enum end pass_end(scan *s)
{
    char c;

    if (s->pos == s->len)
        return s->ended ? END_RECORD : END_MORE;
    c = s->text[s->pos];
    if (c == s->r->delimiter) {
        s->pos++;
        return END_FIELD;
    }
    if (c == '\r' && s->pos + 1 == s->len && !s->ended)
        return END_MORE;
    if (c == '\n' || (c == '\r' && s->pos + 1 < s->len && s->text[s->pos + 1] == '\n')) {
        s->pos += c == '\n' ? 1 : 2;
        return END_RECORD;
    }
    return END_BAD;
}

static enum end plain_field(scan *s, cli_field *field)
{
    const unsigned char *ends = s->r->ends;
    const char *start = s->text + s->pos, *at = start, *last = s->text + s->len;
    enum end end;

    while (at < last && !ends[(unsigned char)*at])
        at++;
    s->pos = (size_t)(at - s->text);
    field->text = start;
    field->len = (size_t)(at - start);
    end = pass_end(s);
    if (end == END_BAD)
        cli_records_bad(s->r, s->text[s->pos] == '"' ? "a quote inside an unquoted field: expected quotes around the field, and two for each in it" : "a CR without LF; tr '\\r' '\\n' makes lines of such a file", 0);
    return end;
}

/* Behind the opening quote. */
static enum end quoted_field(scan *s, cli_field *field)
{
    cli_text *made = &s->r->made;
    size_t start = s->pos, at = made->len;
    const char *quote;
    enum end end;

    field->kind = CLI_FIELD_TEXT;
    for (;;) {
        quote = s->pos < s->len ? memchr(s->text + s->pos, '"', s->len - s->pos) : NULL;
        if (quote == NULL || (quote + 1 == s->text + s->len && !s->ended)) {
            if (!s->ended)
                return END_MORE;
            cli_records_bad(s->r, "a quote opens here and is never closed", cli_source_lines(s->text, start));
            return END_BAD;
        }
        s->pos = (size_t)(quote - s->text) + 1;
        if (s->pos == s->len || s->text[s->pos] != '"')
            break;
        cli_text_put(made, s->text + start, s->pos - start); /* one quote of two */
        start = ++s->pos;
        field->made = 1;
    }
    field->text = s->text + start;
    field->len = s->pos - 1 - start;
    if (field->made != 0) {
        cli_text_put(made, field->text, field->len);
        field->at = at;
        field->len = made->len - at;
    }
    end = pass_end(s);
    if (end == END_BAD)
        cli_records_bad(s->r, "text after a closing quote: expected a separator or the end of the line", cli_source_lines(s->text, s->pos));
    return end;
}

int cli_csv_look(cli_records *r, const char *text, size_t len, int ended)
{
    scan s = {.r = r, .text = text, .len = len, .ended = ended};
    enum end end = END_FIELD;

    while (end == END_FIELD) {
        cli_field *field = cli_records_add(r);

        if (field == NULL)
            return cli_records_bad(r, "out of memory", 0);
        if (s.pos < len && text[s.pos] == '"') {
            s.pos++;
            end = quoted_field(&s, field);
        } else {
            end = plain_field(&s, field);
        }
    }
    if (end == END_RECORD)
        return cli_records_found(r, s.pos);
    /* What is wrong is a whole line: its rest, when it comes later, is no record. */
    return end == END_MORE || (!ended && memchr(text, '\n', len) == NULL) ? CLI_LOOK_MORE : CLI_LOOK_FOUND;
}
