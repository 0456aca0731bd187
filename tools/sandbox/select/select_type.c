/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Operators: which operands each takes, the type it gives, and what evaluates it. What the server calls an invalid operation is refused
 * with its code. Knows nothing of rows.
 */
#include "select.h"

static int invalid(sbx_query *query)
{
    return sbx_fail(query->request, 0x0200, "Invalid operation");
}

static int is_constant_text(const sbx_node *node)
{
    return node->kind == SBX_N_CONSTANT && node->type.id == SBX_VARCHAR;
}

static int is_null(const sbx_node *node)
{
    return node->kind == SBX_N_CONSTANT && node->value.type == SBX_NULL;
}

/* What can be reckoned with: numbers, BOOL, and text, which is read as a number. */
static int is_mathable(sbx_type_id id)
{
    return sbx_type_is_number(id) || sbx_type_is_text(id) || id == SBX_BOOL;
}

static int is_moment_operand(const sbx_node *node)
{
    return sbx_type_is_integer(node->type.id) || node->type.id == SBX_BOOL || is_null(node);
}

static int moment_type(sbx_query *query, sbx_node *node)
{
    const sbx_node *a = node->args[0], *b = node->args[1];
    int left = a->type.id == SBX_TIMESTAMP;

    if (!is_moment_operand(left ? b : a) || (node->op != '+' && node->op != '-') || (node->op == '-' && !left))
        return invalid(query);
    node->type = left ? a->type : b->type;
    node->eval = sbx_eval_moment;
    return 0;
}

static int arithmetic_type(sbx_query *query, sbx_node *node)
{
    sbx_type_id a = node->args[0]->type.id, b = node->args[1]->type.id;
    int floating = a == SBX_FLOAT || a == SBX_DOUBLE || sbx_type_is_text(a) || b == SBX_FLOAT || b == SBX_DOUBLE || sbx_type_is_text(b);

    if ((a == SBX_TIMESTAMP) != (b == SBX_TIMESTAMP))
        return moment_type(query, node);
    if (!is_mathable(a) || !is_mathable(b))
        return invalid(query);
    if ((a == SBX_DECIMAL || b == SBX_DECIMAL) && !floating) {
        node->eval = sbx_eval_decimal;
        return sbx_decimal_result(&node->args[0]->type, &node->args[1]->type, node->op, &node->type) ? 0 : invalid(query);
    }
    node->type = sbx_type_fixed(SBX_DOUBLE, 0);
    node->eval = sbx_eval_arithmetic;
    return 0;
}

static int bits_type(sbx_query *query, sbx_node *node)
{
    for (size_t i = 0; i < 2; i++)
        if (!sbx_type_is_integer(node->args[i]->type.id))
            return invalid(query);
    node->type = sbx_type_fixed(SBX_BIGINT, 0);
    node->eval = sbx_eval_bits;
    return 0;
}

static int negate_type(sbx_query *query, sbx_node *node)
{
    sbx_type type = node->args[0]->type;

    if (!is_mathable(type.id))
        return invalid(query);
    node->type = type.id == SBX_DECIMAL ? type : sbx_type_fixed(SBX_DOUBLE, 0);
    node->eval = sbx_eval_negate;
    return 0;
}

static int compare_type(sbx_query *query, sbx_node *node)
{
    node->eval = sbx_eval_compare;
    return sbx_compare_check(query, &node->args[0], &node->args[1]);
}

static int many_type(sbx_query *query, sbx_node *node)
{
    const sbx_node *left = node->args[0];

    node->eval = node->expr->kind == SBX_E_IN ? sbx_eval_in : sbx_eval_between;
    if (left->type.id == SBX_JSON && node->expr->kind == SBX_E_IN)
        return sbx_fail(query->request, 0x072C, "Json not support in in/notin operator");
    for (size_t i = 1; i < node->arg_count; i++)
        if (sbx_compare_check(query, &node->args[0], &node->args[i]) != 0)
            return query->request->err.code;
    return 0;
}

static int pattern_type(sbx_query *query, sbx_node *node)
{
    const sbx_node *left = node->args[0];
    int member = left->eval == sbx_eval_member;

    if ((!sbx_type_is_text(left->type.id) && !member) || (!is_constant_text(node->args[1])))
        return invalid(query);
    if (node->expr->kind == SBX_E_LIKE) {
        node->eval = sbx_eval_like;
        return 0;
    }
    node->eval = sbx_eval_match;
    return sbx_match_compile(query, node);
}

static int is_json_tag(const sbx_node *node)
{
    return node->type.id == SBX_JSON && node->kind == SBX_N_COLUMN;
}

static int member_type(sbx_query *query, sbx_node *node)
{
    if (!is_json_tag(node->args[0]))
        return invalid(query);
    node->type = node->args[0]->type;
    node->eval = sbx_eval_member;
    return 0;
}

static int contains_type(sbx_query *query, sbx_node *node)
{
    if (!is_json_tag(node->args[0]) || !is_constant_text(node->args[1]))
        return invalid(query);
    node->eval = sbx_eval_contains;
    return 0;
}

static int logic_type(sbx_query *query, sbx_node *node, sbx_eval *eval)
{
    for (size_t i = 0; i < node->arg_count; i++) {
        sbx_type_id id = node->args[i]->type.id;

        if (!is_mathable(id) && id != SBX_TIMESTAMP)
            return invalid(query);
    }
    node->eval = eval;
    return 0;
}

int sbx_type_operator(sbx_query *query, sbx_node *node)
{
    node->type = sbx_type_fixed(SBX_BOOL, 0);
    switch (node->expr->kind) {
    case SBX_E_ARITHMETIC:
        return node->op == '&' || node->op == '|' ? bits_type(query, node) : arithmetic_type(query, node);
    case SBX_E_NEGATE:
        return negate_type(query, node);
    case SBX_E_COMPARE:
        return compare_type(query, node);
    case SBX_E_IN:
    case SBX_E_BETWEEN:
        return many_type(query, node);
    case SBX_E_LIKE:
    case SBX_E_MATCH:
        return pattern_type(query, node);
    case SBX_E_MEMBER:
        return member_type(query, node);
    case SBX_E_CONTAINS:
        return contains_type(query, node);
    case SBX_E_NOT:
        return logic_type(query, node, sbx_eval_not);
    case SBX_E_AND:
        return logic_type(query, node, sbx_eval_and);
    case SBX_E_OR:
        return logic_type(query, node, sbx_eval_or);
    case SBX_E_IS_NULL:
        node->eval = sbx_eval_is_null;
        return 0;
    default:
        return invalid(query);
    }
}
