/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Conditions: comparisons, NOT, AND, OR over values. The server's grammar keeps the two apart: a column alone is no condition, and a
 * comparison in brackets is no value. Knows nothing of tables, so it cannot tell a tag from a column.
 */
#include "parse_state.h"

int sbx_p_is_condition(const sbx_expr *expr)
{
    switch (expr->kind) {
    case SBX_E_NOT:
    case SBX_E_COMPARE:
    case SBX_E_AND:
    case SBX_E_OR:
    case SBX_E_IN:
    case SBX_E_LIKE:
    case SBX_E_BETWEEN:
    case SBX_E_IS_NULL:
        return 1;
    default:
        return 0;
    }
}

/* ---- predicates: what may stand behind a value ---- */

static sbx_expr *binary(sbx_parser *p, sbx_expr *left, sbx_expr_kind kind, char op, int negated)
{
    sbx_expr *expr = sbx_p_new(p, kind);

    expr->op = op;
    expr->negated = negated;
    return sbx_p_adopt(p, expr, left) && sbx_p_adopt(p, expr, sbx_p_expression(p)) ? sbx_p_span(p, expr, left->offset) : NULL;
}

static sbx_expr *between(sbx_parser *p, sbx_expr *left, int negated)
{
    sbx_expr *expr = sbx_p_new(p, SBX_E_BETWEEN);

    expr->negated = negated;
    if (!sbx_p_adopt(p, expr, left) || !sbx_p_adopt(p, expr, sbx_p_expression(p)) || !sbx_p_expect(p, "and") ||
        !sbx_p_adopt(p, expr, sbx_p_expression(p)))
        return NULL;
    return sbx_p_span(p, expr, left->offset);
}

/* IN takes literals only, with their signs. */
static sbx_expr *one_of(sbx_parser *p, sbx_expr *left, int negated)
{
    sbx_expr *expr = sbx_p_new(p, SBX_E_IN);

    expr->negated = negated;
    if (!sbx_p_adopt(p, expr, left) || !sbx_p_expect(p, "("))
        return NULL;
    do {
        if (!sbx_p_adopt(p, expr, sbx_p_literal(p)))
            return NULL;
    } while (sbx_p_take(p, ","));
    return sbx_p_expect(p, ")") ? sbx_p_span(p, expr, left->offset) : NULL;
}

static sbx_expr *is_null(sbx_parser *p, sbx_expr *left)
{
    sbx_expr *expr = sbx_p_new(p, SBX_E_IS_NULL);

    expr->negated = sbx_p_take(p, "not");
    return sbx_p_expect(p, "null") && sbx_p_adopt(p, expr, left) ? sbx_p_span(p, expr, left->offset) : NULL;
}

/* The letter of a comparison, 0 when the next token is none. */
static char comparison(const sbx_parser *p)
{
    static const struct {
        char text[3];
        char op;
    } comparisons[] = {{"=", '='}, {"==", '='}, {"<", '<'}, {">", '>'}, {"<=", 'l'}, {">=", 'g'}, {"<>", 'n'}, {"!=", 'n'}};

    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++)
        if (sbx_p_is(p, comparisons[i].text))
            return comparisons[i].op;
    return 0;
}

static sbx_expr *predicate(sbx_parser *p)
{
    sbx_expr *left = sbx_p_either(p);
    int negated;
    char op;

    if (left == NULL || sbx_p_is_condition(left))
        return left;
    op = comparison(p);
    if (op != 0) {
        sbx_p_next(p);
        return binary(p, left, SBX_E_COMPARE, op, 0);
    }
    negated = sbx_p_take(p, "not");
    if (sbx_p_take(p, "like"))
        return binary(p, left, SBX_E_LIKE, 0, negated);
    if (sbx_p_take(p, "between"))
        return between(p, left, negated);
    if (sbx_p_take(p, "in"))
        return one_of(p, left, negated);
    if (negated)
        return sbx_p_fail(p), NULL;
    return sbx_p_take(p, "is") ? is_null(p, left) : left;
}

/* ---- NOT, AND, OR ---- */

static sbx_expr *negation(sbx_parser *p)
{
    size_t begin = p->token.offset;
    sbx_expr *expr, *inner;

    if (!sbx_p_take(p, "not"))
        return predicate(p);
    inner = predicate(p);
    if (inner != NULL && !sbx_p_is_condition(inner))
        sbx_p_fail(p);
    expr = sbx_p_new(p, SBX_E_NOT);
    return sbx_p_adopt(p, expr, inner) ? sbx_p_span(p, expr, begin) : NULL;
}

/* A tree no higher than it must be, so that thousands of alternatives can be gone through recursively. */
static sbx_expr *balanced(sbx_parser *p, sbx_expr_kind kind, sbx_expr **terms, size_t count)
{
    sbx_expr *expr, *left, *right;

    if (count == 1)
        return terms[0];
    left = balanced(p, kind, terms, count / 2);
    right = balanced(p, kind, terms + count / 2, count - count / 2);
    expr = sbx_p_new(p, kind);
    if (!sbx_p_adopt(p, expr, left) || !sbx_p_adopt(p, expr, right))
        return NULL;
    expr->offset = left->offset;
    expr->text = (sbx_text){left->text.p, (size_t)(right->text.p - left->text.p) + right->text.len};
    return expr;
}

/* Terms with the same word between them; a term that is a value must stand alone. */
static sbx_expr *chain(sbx_parser *p, sbx_expr_kind kind, const char *word, sbx_expr *(*term)(sbx_parser *))
{
    sbx_expr **terms = NULL;
    size_t count = 0;

    do {
        terms = sbx_alloc_one_more(p->request->arena, terms, count, sizeof *terms);
        terms[count] = term(p);
        if (terms[count] == NULL)
            return NULL;
        if (!sbx_p_is_condition(terms[count]) && (count > 0 || sbx_p_is(p, word)))
            return sbx_p_fail(p), NULL;
        count++;
    } while (sbx_p_take(p, word));
    return balanced(p, kind, terms, count);
}

static sbx_expr *conjunction(sbx_parser *p)
{
    return chain(p, SBX_E_AND, "and", negation);
}

sbx_expr *sbx_p_condition(sbx_parser *p)
{
    return chain(p, SBX_E_OR, "or", conjunction);
}
