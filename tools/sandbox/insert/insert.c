/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The server's other parser: INSERT, clause by clause, with the order in which it looks at things and its texts. It reads everything
 * before a row is written; children it makes at once, in the transaction of the statement. Knows nothing of how rows are merged.
 */
#include "insert.h"

insert_token sbx_insert_next(const insert_parser *parser, size_t *pos)
{
    insert_token token = {{SBX_T_END, 0, {0}}, {SBX_T_END, 0, {0}}};
    size_t at = *pos;

    token.head = sbx_lex_raw(parser->sql, &at);
    if (sbx_token_is(&token.head, ","))
        token.head = sbx_lex_raw(parser->sql, &at);
    if (sbx_token_is(&token.head, ",") || sbx_token_is(&token.head, ";"))
        token.head.kind = SBX_T_END;
    if (token.head.kind == SBX_T_END)
        return token;
    *pos = at;
    if ((token.head.kind != SBX_T_WORD && token.head.kind != SBX_T_NAME && token.head.kind != SBX_T_STRING) || at >= parser->sql.len ||
        parser->sql.p[at] != '.')
        return token;
    at++;
    token.tail = sbx_lex_raw(parser->sql, &at);
    if (token.tail.offset == *pos + 1 &&
        (token.tail.kind == SBX_T_WORD || token.tail.kind == SBX_T_NAME || token.tail.kind == SBX_T_STRING)) {
        *pos = at;
    } else { /* a dot needs a name on both sides, without blanks */
        token.head = (sbx_token){SBX_T_BAD, *pos, SBX_TEXT(".")};
        token.tail.kind = SBX_T_END;
    }
    return token;
}

int sbx_insert_token_is(const insert_token *token, const char *word)
{
    return token->tail.kind == SBX_T_END && sbx_token_is(&token->head, word);
}

int sbx_insert_syntax(const insert_parser *parser, const sbx_token *token, const char *reason)
{
    return sbx_syntax_error(parser->request, parser->sql, token->offset, reason);
}

/* The columns before USING are read later, when it is known of what table. */
static int skip_brackets(insert_parser *parser)
{
    int depth = 1;

    while (depth > 0) {
        insert_token token = sbx_insert_next(parser, &parser->pos);

        if (token.head.kind == SBX_T_END) /* also a comma behind a comma */
            return sbx_refuse_from(parser->request, parser->sql, parser->pos + 1);
        if (sbx_insert_token_is(&token, "("))
            depth++;
        else if (sbx_insert_token_is(&token, ")"))
            depth--;
    }
    return 0;
}

/* 1 and past it when the next token is that word. */
static int take(insert_parser *parser, const char *word)
{
    size_t pos = parser->pos;
    insert_token token = sbx_insert_next(parser, &pos);

    if (!sbx_insert_token_is(&token, word))
        return 0;
    parser->pos = pos;
    return 1;
}

static int find_table(insert_parser *parser, const sbx_name *name, sbx_table **out)
{
    if (take(parser, "using"))
        return sbx_insert_using(parser, name, out);
    if (sbx_need_table(parser->request, name, 1, NULL, out) != 0)
        return parser->request->err.code;
    /* What the statement itself is to make is not there yet. */
    if (sbx_map_find(&parser->made, (*out)->database->id, (*out)->name) != NULL)
        return sbx_fail(parser->request, 0x2603, "Table does not exist");
    return 0;
}

/* before: where the columns stand that came before USING, 0: none. */
static int read_columns(insert_parser *parser, const sbx_table *table, size_t before, insert_columns *columns)
{
    enum insert_column_kinds kinds = table->kind == SBX_SUPER_TABLE ? INSERT_ALL : INSERT_COLUMNS;
    size_t at = parser->pos;
    insert_token token = sbx_insert_next(parser, &at);

    if (table->kind == SBX_SUPER_TABLE && before == 0)
        return sbx_syntax_error(parser->request, parser->sql, parser->pos, "(...tbname, ts...) bounded cols is expected for supertable insertion");
    if (before != 0 && sbx_insert_token_is(&token, "("))
        return sbx_insert_syntax(parser, &token.head, "keyword VALUES or FILE is expected");
    if (before != 0)
        return sbx_insert_columns(parser, &before, table, kinds, columns);
    if (take(parser, "("))
        return sbx_insert_columns(parser, &parser->pos, table, kinds, columns);
    *columns = sbx_insert_all_columns(parser, table, kinds);
    return 0;
}

static int read_data(insert_parser *parser, const sbx_table *table, const insert_columns *columns)
{
    insert_token token = sbx_insert_next(parser, &parser->pos);

    if (sbx_insert_token_is(&token, "values"))
        return sbx_insert_rows(parser, table, columns);
    if (sbx_insert_token_is(&token, "file"))
        return sbx_fail(parser->request, 0x0200, "proxy mode does not support csv loading");
    return sbx_insert_syntax(parser, &token.head, "keyword VALUES or FILE is expected");
}

/* table [(columns)] [USING ...] [(columns)] VALUES (...) ... */
static int read_clause(insert_parser *parser, const insert_token *first)
{
    sbx_name name;
    sbx_table *table;
    insert_columns columns;
    size_t before = 0;

    if (sbx_insert_name(parser, first, &name) != 0)
        return parser->request->err.code;
    if (take(parser, "(")) {
        before = parser->pos;
        if (skip_brackets(parser) != 0)
            return parser->request->err.code;
    }
    if (find_table(parser, &name, &table) != 0 || read_columns(parser, table, before, &columns) != 0)
        return parser->request->err.code;
    return read_data(parser, table, &columns);
}

static int read_statement(insert_parser *parser)
{
    insert_token token = sbx_insert_next(parser, &parser->pos); /* INSERT, or IMPORT */

    token = sbx_insert_next(parser, &parser->pos);
    if (!sbx_insert_token_is(&token, "into"))
        return sbx_insert_syntax(parser, &token.head, "keyword INTO is expected");
    for (;;) {
        token = sbx_insert_next(parser, &parser->pos);
        if (token.head.kind == SBX_T_END)
            return parser->rows != 0 ? 0 : sbx_fail(parser->request, 0x0200, "no data in sql");
        if (read_clause(parser, &token) != 0)
            return parser->request->err.code;
    }
}

/* Where none of these words comes before a SELECT, the general parser reads the statement. */
int sbx_is_insert(sbx_text sql)
{
    size_t pos = 0;
    sbx_token token = sbx_lex_raw(sql, &pos);

    if (!sbx_token_is(&token, "insert") && !sbx_token_is(&token, "import"))
        return 0;
    do {
        token = sbx_lex_raw(sql, &pos);
        if (sbx_token_is(&token, "using") || sbx_token_is(&token, "values") || sbx_token_is(&token, "file"))
            return 1;
    } while (token.kind != SBX_T_END && token.kind != SBX_T_BAD && !sbx_token_is(&token, "select"));
    return 0;
}

int sbx_run_insert(sbx_request *request, sbx_text sql, int64_t *affected)
{
    insert_parser parser = {request, sql, 0, sbx_batch_new(request), 0, {0}, {0}};

    if (read_statement(&parser) != 0)
        return request->err.code;
    return sbx_batch_write(parser.batch, affected);
}
