/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Any bytes as statements for the sandbox, each up to a semicolon that ends a line: first its tokens and its tree, looked at closely,
 * then all of them one after the other through the whole engine, over an empty database in memory. Behind "#line", "#telnet" or "#json" as
 * the first line they are bodies of schemaless writing, each up to an empty line. Knows nothing of the library.
 */
#include "../../tools/sandbox/sql/execute.h"
#include "../../tools/sandbox/sql/ast.h"
#include "../../tools/sandbox/store/store.h"
#include "../../tools/sandbox/base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { DESC_BYTES = 511 };

#define MUST(condition) ((condition) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy on the heap of exactly its size, so that reading beyond shows. */
static sbx_text exact(sbx_text text)
{
    char *p = (char *)malloc(text.len + (text.len == 0));

    MUST(p != NULL);
    if (text.len != 0)
        memcpy(p, text.p, text.len);
    return (sbx_text){p, text.len};
}

static void drop(sbx_text text)
{
    free((void *)(uintptr_t)text.p);
}

/* ---- tokens ---- */

/* As long as the text up to a NUL, capitals the only bytes that change; folding what is folded changes nothing. */
static void check_lower(sbx_arena *arena, sbx_text given, sbx_text lower)
{
    for (size_t i = 0; i < lower.len; i++)
        MUST(lower.p[i] == given.p[i] || (given.p[i] >= 'A' && given.p[i] <= 'Z' && lower.p[i] == given.p[i] - 'A' + 'a'));
    MUST(lower.len == given.len || (lower.len < given.len && given.p[lower.len] == '\0'));
    MUST(sbx_text_equal(lower, sbx_lower(arena, lower)));
}

static void check_token_text(sbx_arena *arena, const sbx_token *token)
{
    sbx_text text = sbx_token_text(arena, token);

    if (token->kind == SBX_T_STRING || token->kind == SBX_T_NAME)
        MUST(token->raw.len >= 2 && text.len <= token->raw.len - 2);
    else
        MUST(sbx_text_equal(text, token->raw));
}

/* One behind the other, with nothing but white space between them; without comments they are the same. */
static void check_tokens(sbx_arena *arena, sbx_text sql)
{
    size_t pos = 0, plain_pos = 0, behind = 0;
    sbx_token token, plain;

    do {
        token = sbx_lex_raw(sql, &pos);
        MUST(token.offset >= behind && token.offset + token.raw.len <= sql.len && token.raw.p == sql.p + token.offset);
        MUST(pos == token.offset + token.raw.len && (token.raw.len == 0) == (token.kind == SBX_T_END));
        for (; behind < token.offset; behind++)
            MUST(memchr(" \t\r\n\f", sql.p[behind], 5) != NULL);
        behind = pos;
        check_token_text(arena, &token);
        if (token.kind != SBX_T_COMMENT) {
            plain = sbx_lex(sql, &plain_pos);
            MUST(plain.kind == token.kind && plain.offset == token.offset && plain.raw.len == token.raw.len);
        }
    } while (token.kind != SBX_T_END);
    MUST(behind == sql.len);
}

/* ---- trees ---- */

static void check_expr(sbx_text sql, const sbx_expr *expr)
{
    MUST(expr->height >= 1 && expr->height <= SBX_MAX_HEIGHT);
    MUST(expr->text.len > 0 && expr->text.p == sql.p + expr->offset && expr->offset + expr->text.len <= sql.len);
    for (size_t i = 0; i < expr->arg_count; i++) {
        MUST(expr->args[i]->height < expr->height);
        MUST(expr->args[i]->offset >= expr->offset && expr->args[i]->offset + expr->args[i]->text.len <= expr->offset + expr->text.len);
        check_expr(sql, expr->args[i]);
    }
}

static void check_exprs(sbx_text sql, sbx_expr *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_expr(sql, list[i]);
}

static void check_select(sbx_text sql, const sbx_select *select)
{
    MUST(select->item_count > 0);
    for (size_t i = 0; i < select->item_count; i++)
        check_expr(sql, select->items[i].expr);
    for (size_t i = 0; i < select->order_count; i++)
        check_expr(sql, select->order[i].expr);
    check_exprs(sql, select->partition, select->partition_count);
    check_exprs(sql, select->group, select->group_count);
    for (size_t i = 0; i < select->source_count; i++) {
        MUST((select->sources[i].select != NULL) != (select->sources[i].name.table.len != 0));
        if (select->sources[i].select != NULL)
            check_select(sql, select->sources[i].select);
        if (select->sources[i].on != NULL)
            check_expr(sql, select->sources[i].on);
    }
    if (select->next != NULL)
        check_select(sql, select->next);
    if (select->where != NULL)
        check_expr(sql, select->where);
    if (select->having != NULL)
        check_expr(sql, select->having);
}

static void check_statement(sbx_text sql, const sbx_statement *statement)
{
    MUST((statement->kind == SBX_S_SELECT) == (statement->select != NULL));
    MUST((statement->kind == SBX_S_CREATE_CHILDREN) == (statement->child_count > 0));
    MUST((statement->kind == SBX_S_DROP_TABLES) == (statement->name_count > 0));
    if (statement->select != NULL)
        check_select(sql, statement->select);
    if (statement->where != NULL)
        check_expr(sql, statement->where);
    for (size_t i = 0; i < statement->child_count; i++)
        MUST(statement->children[i].tags_offset < sql.len && sql.p[statement->children[i].tags_offset - 1] == '(');
}

static void check_refused(const sbx_error *err)
{
    MUST(err->code == 0x2600 || err->code == 0x2601 || err->code == 0x2610 || err->code == 0x2611 || err->code == 0x2615 ||
         err->code == 0x2617 || err->code == 0x2619);
    MUST(err->desc.len > 0 && err->desc.len <= DESC_BYTES);
}

/* Twice the same; and whatever stands behind a semicolon makes no difference to what is accepted. */
static void check_parse(sbx_text sql)
{
    sbx_request first = {.arena = sbx_arena_new(), .database = SBX_TEXT("f")}, second = first, third = first;
    sbx_statement *a, *b, *c;

    MUST(sbx_parse(&first, sql, &a) == first.err.code && sbx_parse(&second, sql, &b) == first.err.code);
    MUST(sbx_text_equal(first.err.desc, second.err.desc));
    if (first.err.code != 0) {
        check_refused(&first.err);
    } else {
        check_statement(sql, a);
        MUST(sbx_parse(&third, sbx_format(first.arena, "%.*s;'", (int)sql.len, sql.p), &c) == 0 && c->kind == a->kind && b->kind == a->kind);
    }
    sbx_arena_free(first.arena);
}

static void check_text(sbx_text given)
{
    sbx_arena *arena = sbx_arena_new();
    sbx_text lower = sbx_lower(arena, given), sql = exact(lower);

    check_lower(arena, given, lower);
    check_tokens(arena, sql);
    check_parse(sql);
    drop(sql);
    sbx_arena_free(arena);
}

/* ---- the engine ---- */

static sbx_request request_of(sbx_store *store)
{
    return (sbx_request){.arena = sbx_arena_new(),
                         .store = store,
                         .database = SBX_TEXT("f"),
                         .zone = SBX_UTC,
                         .now_ns = 1700000000000000000,
                         .user = SBX_TEXT("root")};
}

/* How many databases and tables there are. */
static size_t catalog_size(sbx_store *store)
{
    sbx_request request = request_of(store);
    sbx_field field = {SBX_TEXT("count"), sbx_type_fixed(SBX_BIGINT, 0)};
    sbx_answer answer = {0};
    size_t sum;

    MUST(sbx_run_sql(&request, SBX_TEXT("SELECT (SELECT count(*) FROM db) + (SELECT count(*) FROM tbl)"), &field, 1, &answer) == 0);
    sum = (size_t)answer.rows[0][0].as.i;
    sbx_arena_free(request.arena);
    return sum;
}

/* Values are NULL or of their column's type, and each is something when written. */
static void check_answer(const sbx_answer *answer)
{
    sbx_zone zone = SBX_UTC;
    sbx_buf json = {0};

    MUST(answer->field_count > 0 || answer->row_count == 0);
    for (size_t i = 0; i < answer->row_count; i++)
        for (size_t j = 0; j < answer->field_count; j++) {
            const sbx_value *value = &answer->rows[i][j];

            MUST(value->type == SBX_NULL || value->type == answer->fields[j].type.id);
            json.len = 0;
            sbx_value_json(&json, value, &zone);
            MUST(json.len > 0);
        }
    sbx_buf_clear(&json);
}

/* What failed says why, and left nothing behind. */
static void run(sbx_store *store, sbx_text sql)
{
    sbx_request request = request_of(store);
    size_t before = catalog_size(store);
    sbx_answer answer;

    MUST(sbx_sql(&request, sql, &answer) == request.err.code);
    if (request.err.code == 0)
        check_answer(&answer);
    else
        MUST(request.err.code > 0 && request.err.code <= 0xffff && request.err.desc.len > 0 && catalog_size(store) == before);
    sbx_arena_free(request.arena);
}

static void run_lines(sbx_store *store, enum sbx_lines_protocol protocol, sbx_text given)
{
    sbx_lines_options options = {.unit = 'b', .ttl = 1, .table_name_key = SBX_TEXT("name")};
    sbx_request request = request_of(store);
    size_t before = catalog_size(store);
    sbx_text body = exact(given);

    MUST(sbx_lines(&request, protocol, body, &options) == request.err.code);
    /* Tables that were made for the rows stay. */
    MUST(request.err.code == 0 || (request.err.code <= 0xffff && request.err.desc.len > 0 && catalog_size(store) >= before));
    drop(body);
    sbx_arena_free(request.arena);
}

/* Where the first of two bytes is that end a body or statement; the end when they are not there. */
static size_t end_of(sbx_text script, size_t pos, char last)
{
    while (pos < script.len && (script.p[pos] != last || pos + 1 >= script.len || script.p[pos + 1] != '\n'))
        pos++;
    return pos;
}

static void run_statements(sbx_store *store, sbx_text script)
{
    for (size_t pos = 0, end; pos < script.len; pos = end + 2) {
        sbx_text sql;

        end = end_of(script, pos, ';');
        sql = (sbx_text){script.p + pos, end - pos};
        check_text(sql);
        if (sql.len > 0)
            run(store, sql);
    }
}

/* 1 when the script says that it is one of these. */
static int run_bodies(sbx_store *store, sbx_text script)
{
    static const char *const heads[] = {[SBX_LINE] = "#line\n", [SBX_TELNET] = "#telnet\n", [SBX_OPENTSDB_JSON] = "#json\n"};
    size_t protocol = 0, count = sizeof heads / sizeof heads[0];

    while (protocol < count && !sbx_text_begins(script, heads[protocol]))
        protocol++;
    if (protocol == count)
        return 0;
    for (size_t pos = strlen(heads[protocol]), end; pos < script.len; pos = end + 2) {
        end = end_of(script, pos, '\n');
        run_lines(store, (enum sbx_lines_protocol)protocol, (sbx_text){script.p + pos, end - pos});
    }
    return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sbx_text script = {(const char *)data, size};
    sbx_buf why = {0};
    sbx_store *store = sbx_store_open(":memory:", &why);

    MUST(store != NULL);
    run(store, SBX_TEXT("create database f"));
    MUST(catalog_size(store) == 1);
    if (!run_bodies(store, script))
        run_statements(store, script);
    sbx_store_close(store);
    sbx_buf_clear(&why);
    return 0;
}
