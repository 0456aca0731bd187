/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Values: literals, columns, calls, arithmetic. Knows which functions the grammar itself names, not what any of them does. */
#include "parse_state.h"

#include <stdlib.h>

enum { MAX_DEPTH = 200, LEVELS = 2 };

/* ---- nodes ---- */

sbx_expr *sbx_p_new(sbx_parser *p, sbx_expr_kind kind)
{
    sbx_expr *expr = sbx_alloc(p->request->arena, sizeof *expr);

    expr->kind = kind;
    expr->height = 1;
    return expr;
}

int sbx_p_adopt(sbx_parser *p, sbx_expr *expr, sbx_expr *child)
{
    if (child == NULL)
        return 0;
    if (child->height >= SBX_MAX_HEIGHT)
        return sbx_p_fail(p);
    if (expr->height <= child->height)
        expr->height = child->height + 1;
    expr->args = sbx_alloc_one_more(p->request->arena, expr->args, expr->arg_count, sizeof(sbx_expr *));
    expr->args[expr->arg_count++] = child;
    return 1;
}

sbx_expr *sbx_p_span(sbx_parser *p, sbx_expr *expr, size_t begin)
{
    expr->offset = begin;
    expr->text = (sbx_text){p->sql.p + begin, p->behind - begin};
    return expr;
}

/* ---- literals ---- */

/* Beyond the unsigned range it stays at its end. */
static sbx_value integer(sbx_text digits)
{
    uint64_t u = 0;

    for (size_t i = 0; i < digits.len; i++) {
        unsigned digit = (unsigned)(digits.p[i] - '0');

        u = u > (UINT64_MAX - digit) / 10 ? UINT64_MAX : u * 10 + digit;
    }
    return u > INT64_MAX ? (sbx_value){SBX_UBIGINT, 0, {.u = u}} : (sbx_value){SBX_BIGINT, 0, {.i = (int64_t)u}};
}

/* With its sign, saturating at INT64_MIN. */
static void negate(sbx_value *value)
{
    if (value->type == SBX_DOUBLE)
        value->as.d = -value->as.d;
    else if (value->type == SBX_BIGINT && value->as.i != INT64_MIN)
        value->as.i = -value->as.i;
    else if (value->type == SBX_UBIGINT)
        *value = (sbx_value){SBX_BIGINT, 0, {.i = INT64_MIN}};
}

static int is_number(const sbx_expr *expr)
{
    return expr->kind == SBX_E_VALUE && sbx_type_is_number(expr->value.type);
}

/* Where the next token is a literal without a sign: 1. */
static int plain_literal(sbx_parser *p, sbx_expr *expr)
{
    sbx_text raw = p->token.raw;
    int is_true = sbx_p_is(p, "true");

    expr->kind = SBX_E_VALUE;
    if (p->token.kind == SBX_T_STRING) {
        expr->value.type = SBX_VARCHAR;
        return sbx_p_string(p, &expr->value.as.s);
    }
    if (p->token.kind == SBX_T_DURATION) {
        expr->kind = SBX_E_DURATION;
        return sbx_p_duration(p, &expr->duration);
    }
    if (p->token.kind == SBX_T_INTEGER)
        expr->value = integer(raw);
    else if (p->token.kind == SBX_T_FLOAT)
        expr->value = (sbx_value){SBX_DOUBLE, 0, {.d = strtod(sbx_copy(p->request->arena, raw.p, raw.len).p, NULL)}};
    else if (is_true || sbx_p_is(p, "false"))
        expr->value = (sbx_value){SBX_BOOL, 0, {.i = is_true}};
    else if (!sbx_p_is(p, "null"))
        return 0;
    sbx_p_next(p);
    return 1;
}

sbx_expr *sbx_p_literal(sbx_parser *p)
{
    sbx_expr *expr = sbx_p_new(p, SBX_E_VALUE);
    size_t begin = p->token.offset;
    int minus = sbx_p_take(p, "-"), sign = minus || sbx_p_take(p, "+");

    if (sign && p->token.kind != SBX_T_INTEGER && p->token.kind != SBX_T_FLOAT)
        return sbx_p_fail(p), NULL;
    if (!plain_literal(p, expr))
        return sbx_p_fail(p), NULL;
    if (minus)
        negate(&expr->value);
    return sbx_p_span(p, expr, begin);
}

/* ---- columns ---- */

static int is_pseudo_column(const sbx_parser *p)
{
    static const char *const names[] = {"tbname", "_wstart", "_wend", "_wduration", "_c0", "_rowts"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (sbx_p_is(p, names[i]))
            return 1;
    return 0;
}

static int pseudo_column(sbx_parser *p, sbx_expr *expr)
{
    expr->name = p->token.raw;
    sbx_p_next(p);
    return 1;
}

/* json->'key': what is there becomes the argument of what is made. */
static sbx_expr *member(sbx_parser *p, sbx_expr *column)
{
    sbx_expr *expr = sbx_p_new(p, SBX_E_MEMBER);

    return sbx_p_adopt(p, expr, column) && sbx_p_string(p, &expr->name) ? sbx_p_span(p, expr, column->offset) : NULL;
}

/* Behind the first name, which expr has. */
static sbx_expr *column(sbx_parser *p, sbx_expr *expr)
{
    expr->kind = SBX_E_COLUMN;
    if (sbx_p_take(p, ".")) {
        expr->table = expr->name;
        if (sbx_p_is(p, "tbname"))
            pseudo_column(p, expr);
        else if (!sbx_p_column(p, &expr->name))
            return NULL;
    }
    sbx_p_span(p, expr, expr->offset);
    return sbx_p_take(p, "->") ? member(p, expr) : expr;
}

/* The second and third token from here are a point and a star. */
static int is_table_star(const sbx_parser *p)
{
    size_t pos = p->pos;
    sbx_token point = sbx_lex(p->sql, &pos), star = sbx_lex(p->sql, &pos);

    return sbx_p_is_name(p) && sbx_token_is(&point, ".") && sbx_token_is(&star, "*");
}

sbx_expr *sbx_p_star(sbx_parser *p)
{
    sbx_expr *expr = sbx_p_new(p, SBX_E_STAR);
    size_t begin = p->token.offset;

    if (is_table_star(p)) {
        if (!sbx_p_name(p, SBX_MAX_TABLE_NAME, &expr->table))
            return NULL;
        sbx_p_next(p);
    } else if (!sbx_p_is(p, "*")) {
        return NULL;
    }
    sbx_p_next(p);
    return sbx_p_span(p, expr, begin);
}

/* ---- calls ---- */

/* Words of the grammar that name functions, with what may stand between their brackets; a name that is no keyword takes values. */
enum arguments { NO_FUNCTION, NOTHING, VALUES, NOTHING_OR_VALUE, STAR_OR_VALUES };

static enum arguments function_word(const sbx_parser *p)
{
    static const struct {
        const char *word;
        enum arguments takes;
    } words[] = {
        {"count", STAR_OR_VALUES}, {"first", STAR_OR_VALUES}, {"last", STAR_OR_VALUES}, {"last_row", STAR_OR_VALUES}, {"now", NOTHING},
        {"today", NOTHING}, {"timezone", NOTHING}, {"database", NOTHING}, {"client_version", NOTHING}, {"server_version", NOTHING},
        {"server_status", NOTHING}, {"current_user", NOTHING}, {"user", NOTHING}, {"pi", NOTHING}, {"rand", NOTHING_OR_VALUE},
        {"trim", VALUES}, {"replace", VALUES}, {"substr", VALUES}, {"substring", VALUES},
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (sbx_p_is(p, words[i].word))
            return words[i].takes;
    return NO_FUNCTION;
}

static int call_values(sbx_parser *p, sbx_expr *expr, int star)
{
    do {
        sbx_expr *arg = star && (sbx_p_is(p, "*") || is_table_star(p)) ? sbx_p_star(p) : sbx_p_expression(p);

        if (!sbx_p_adopt(p, expr, arg))
            return 0;
    } while (sbx_p_take(p, ","));
    return 1;
}

/* From the opening bracket on. */
static sbx_expr *call(sbx_parser *p, sbx_expr *expr, enum arguments takes)
{
    expr->kind = SBX_E_CALL;
    if (!sbx_p_expect(p, "("))
        return NULL;
    if (takes != NOTHING && (takes != NOTHING_OR_VALUE || !sbx_p_is(p, ")")) && !call_values(p, expr, takes == STAR_OR_VALUES))
        return NULL;
    return sbx_p_expect(p, ")") ? sbx_p_span(p, expr, expr->offset) : NULL;
}

/* NOW and TODAY are values without brackets, too. */
static sbx_expr *call_word(sbx_parser *p, sbx_expr *expr, enum arguments takes)
{
    int bare = sbx_p_is(p, "now") || sbx_p_is(p, "today");

    expr->name = p->token.raw;
    sbx_p_next(p);
    if (!bare || sbx_p_is(p, "("))
        return call(p, expr, takes);
    expr->kind = SBX_E_CALL;
    return sbx_p_span(p, expr, expr->offset);
}

static sbx_expr *cast(sbx_parser *p, sbx_expr *expr)
{
    expr->kind = SBX_E_CAST;
    sbx_p_next(p);
    if (!sbx_p_expect(p, "(") || !sbx_p_adopt(p, expr, sbx_p_expression(p)) || !sbx_p_expect(p, "as") || !sbx_p_type(p, 1, &expr->type) ||
        !sbx_p_expect(p, ")"))
        return NULL;
    return sbx_p_span(p, expr, expr->offset);
}

/* A column, or a call when a bracket follows. */
static sbx_expr *named(sbx_parser *p, sbx_expr *expr)
{
    int callable = sbx_p_is_name(p);

    if (!sbx_p_column(p, &expr->name))
        return NULL;
    return callable && sbx_p_is(p, "(") ? call(p, expr, VALUES) : column(p, expr);
}

/* CASE WHEN condition THEN value ... ELSE value END */
static sbx_expr *case_when(sbx_parser *p, sbx_expr *expr)
{
    expr->kind = SBX_E_CASE;
    sbx_p_next(p);
    if (!sbx_p_is(p, "when"))
        return sbx_p_fail(p), NULL;
    while (sbx_p_take(p, "when"))
        if (!sbx_p_adopt(p, expr, sbx_p_condition(p)) || !sbx_p_expect(p, "then") || !sbx_p_adopt(p, expr, sbx_p_expression(p)))
            return NULL;
    if (sbx_p_take(p, "else") && !sbx_p_adopt(p, expr, sbx_p_expression(p)))
        return NULL;
    return sbx_p_expect(p, "end") ? sbx_p_span(p, expr, expr->offset) : NULL;
}

static sbx_expr *word(sbx_parser *p, sbx_expr *expr)
{
    enum arguments takes = function_word(p);

    if (takes != NO_FUNCTION)
        return call_word(p, expr, takes);
    if (sbx_p_is(p, "cast"))
        return cast(p, expr);
    if (sbx_p_is(p, "case"))
        return case_when(p, expr);
    if (!is_pseudo_column(p))
        return named(p, expr);
    expr->kind = SBX_E_COLUMN;
    pseudo_column(p, expr);
    return sbx_p_span(p, expr, expr->offset);
}

/* ---- signs, brackets, operators ---- */

static sbx_expr *arithmetic(sbx_parser *p, int level, int or_condition);

/* What a sign stands before reaches as far as * / % do. */
static sbx_expr *signed_value(sbx_parser *p, size_t begin)
{
    int minus = sbx_p_is(p, "-");
    sbx_expr *expr, *inner;

    sbx_p_next(p);
    inner = arithmetic(p, LEVELS - 1, 0);
    if (inner == NULL)
        return NULL;
    if (minus && is_number(inner))
        negate(&inner->value);
    if (!minus || is_number(inner))
        return sbx_p_span(p, inner, begin);
    expr = sbx_p_new(p, SBX_E_NEGATE);
    return sbx_p_adopt(p, expr, inner) ? sbx_p_span(p, expr, begin) : NULL;
}

static sbx_expr *bracketed(sbx_parser *p, size_t begin, int or_condition)
{
    sbx_expr *expr;

    sbx_p_next(p);
    expr = or_condition ? sbx_p_condition(p) : sbx_p_expression(p);
    return expr != NULL && sbx_p_expect(p, ")") ? sbx_p_span(p, expr, begin) : NULL;
}

static sbx_expr *operand(sbx_parser *p, int or_condition)
{
    size_t begin = p->token.offset;
    sbx_expr *expr;

    if (sbx_p_is(p, "+") || sbx_p_is(p, "-"))
        return signed_value(p, begin);
    if (sbx_p_is(p, "("))
        return bracketed(p, begin, or_condition);
    expr = sbx_p_new(p, SBX_E_VALUE);
    expr->offset = begin;
    if (plain_literal(p, expr))
        return sbx_p_span(p, expr, begin);
    return p->token.kind == SBX_T_WORD || p->token.kind == SBX_T_NAME ? word(p, expr) : (sbx_p_fail(p), NULL);
}

/* All that is nested passes here. */
static sbx_expr *primary(sbx_parser *p, int or_condition)
{
    sbx_expr *expr = NULL;

    if (++p->depth > MAX_DEPTH)
        sbx_p_fail(p);
    else
        expr = operand(p, or_condition);
    p->depth--;
    return expr;
}

static char operator_of(const sbx_parser *p, int level)
{
    static const char operators[LEVELS][4] = {"+-", "*/%"};

    for (const char *op = operators[level]; *op != '\0'; op++)
        if (sbx_p_is(p, (const char[]){*op, '\0'}))
            return *op;
    return 0;
}

/* level: 0 for + and -, 1 for * / %. A condition, which only stands in brackets, ends it: none of them takes one. */
static sbx_expr *arithmetic(sbx_parser *p, int level, int or_condition)
{
    sbx_expr *left = level == LEVELS ? primary(p, or_condition) : arithmetic(p, level + 1, or_condition);
    char op;

    while (level < LEVELS && left != NULL && !sbx_p_is_condition(left) && (op = operator_of(p, level)) != 0) {
        sbx_expr *expr = sbx_p_new(p, SBX_E_ARITHMETIC);
        size_t begin = left->offset;

        sbx_p_next(p);
        expr->op = op;
        left = sbx_p_adopt(p, expr, left) && sbx_p_adopt(p, expr, arithmetic(p, level + 1, 0)) ? sbx_p_span(p, expr, begin) : NULL;
    }
    return left;
}

sbx_expr *sbx_p_expression(sbx_parser *p)
{
    return arithmetic(p, 0, 0);
}

sbx_expr *sbx_p_either(sbx_parser *p)
{
    return arithmetic(p, 0, 1);
}

int sbx_p_expressions(sbx_parser *p, sbx_expr ***list, size_t *count)
{
    do {
        sbx_expr *expr = sbx_p_expression(p);

        if (expr == NULL)
            return 0;
        *list = sbx_alloc_one_more(p->request->arena, *list, *count, sizeof **list);
        (*list)[(*count)++] = expr;
    } while (sbx_p_take(p, ","));
    return 1;
}
