/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows of an INSERT. */
#include "sql/insert_rows.h"

#include "base/text.h"

/* The token at or behind *pos that is not blank. */
static tdri_sql_token next(const tdri_insert_rows *r, size_t *pos)
{
    tdri_sql_token token;

    do
        token = tdri_sql_token_next(r->text, r->len, pos);
    while (token.kind == TDRI_SQL_SPACE || token.kind == TDRI_SQL_COMMENT);
    return token;
}

static int is_byte(const tdri_insert_rows *r, tdri_sql_token token, char c)
{
    return token.kind == TDRI_SQL_OTHER && r->text[token.offset] == c;
}

static int is_word(const tdri_insert_rows *r, tdri_sql_token token, const char *word)
{
    return token.kind == TDRI_SQL_WORD && tdri_text_is(r->text + token.offset, token.len, word);
}

/* From behind an opening bracket to behind its closing one; 0: there is none. */
static int close_bracket(const tdri_insert_rows *r, size_t *pos)
{
    int depth = 1;

    while (depth > 0) {
        tdri_sql_token token = next(r, pos);

        if (token.kind == TDRI_SQL_END || token.kind == TDRI_SQL_OPEN)
            return 0;
        depth += is_byte(r, token, '(') - is_byte(r, token, ')');
    }
    return 1;
}

/* From the clause that begins with the token to the bracket of its first row. */
static int read_head(tdri_insert_rows *r, tdri_sql_token token, size_t *pos)
{
    int after_values = 0;

    r->head = token.offset;
    for (; !(after_values && is_byte(r, token, '(')); token = next(r, pos)) {
        if (token.kind == TDRI_SQL_END || token.kind == TDRI_SQL_OPEN || (is_byte(r, token, '(') && !close_bracket(r, pos)))
            return 0;
        after_values = is_word(r, token, "VALUES");
    }
    r->head_end = token.offset;
    return 1;
}

int tdri_insert_rows_next(tdri_insert_rows *r)
{
    const int is_first = r->end == 0;
    size_t pos = r->end;
    tdri_sql_token token = next(r, &pos);

    if (!is_first && token.kind == TDRI_SQL_END)
        return 0;
    if (is_first) {
        if (!is_word(r, token, "INSERT") || !is_word(r, next(r, &pos), "INTO"))
            return -1;
        token = next(r, &pos);
        r->start = token.offset;
    } else if (is_byte(r, token, ',')) {
        token = next(r, &pos);
    }
    r->row = token.offset;
    if (is_first || !is_byte(r, token, '(')) {
        if (!read_head(r, token, &pos))
            return -1;
        r->row = r->head_end;
    }
    pos = r->row + 1;
    r->end = close_bracket(r, &pos) ? pos : r->end;
    return r->end == pos ? 1 : -1;
}
