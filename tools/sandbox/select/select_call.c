/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Functions by name: those about the server and those of numbers are here. A function that is not listed is one that there is not. */
#include "select.h"

#include <math.h>

static const char VERSION[] = "3.3.6.9"; /* the server whose recordings the sandbox follows */

/* ---- errors ---- */

static int fail_by_name(sbx_query *query, const sbx_node *node, int code, const char *text)
{
    sbx_text name = node->expr->name;

    return sbx_fail(query->request, code, "%s : %.*s", text, (int)name.len, name.p);
}

int sbx_call_type_error(sbx_query *query, const sbx_node *node)
{
    return fail_by_name(query, node, 0x2802, "Invalid parameter data type");
}

int sbx_call_value_error(sbx_query *query, const sbx_node *node)
{
    return fail_by_name(query, node, 0x2803, "Invalid parameter value");
}

/* ---- about the server ---- */

int sbx_call_constant(sbx_node *node, sbx_type type, sbx_value value)
{
    node->kind = SBX_N_CONSTANT;
    node->type = type;
    node->value = value;
    return 0;
}

int sbx_call_text(sbx_node *node, sbx_text text)
{
    return sbx_call_constant(node, (sbx_type){.id = SBX_VARCHAR, .length = (int)text.len}, (sbx_value){SBX_VARCHAR, 0, {.s = text}});
}

static int bind_version(sbx_query *query, sbx_node *node)
{
    (void)query;
    return sbx_call_text(node, SBX_TEXT(VERSION));
}

static int bind_status(sbx_query *query, sbx_node *node)
{
    (void)query;
    return sbx_call_constant(node, sbx_type_fixed(SBX_INT, 0), (sbx_value){SBX_INT, 0, {.i = 1}});
}

/* A path may name a data base that there is not: then there is none. */
static int bind_database(sbx_query *query, sbx_node *node)
{
    sbx_text name = query->request->database;
    sbx_database *database = NULL;

    if (name.len != 0 && sbx_store_database(query->request, name, &database) != 0)
        return query->request->err.code;
    if (database != NULL || sbx_text_is(name, "information_schema") || sbx_text_is(name, "performance_schema"))
        return sbx_call_text(node, name);
    return sbx_call_constant(node, (sbx_type){.id = SBX_VARCHAR}, SBX_NO_VALUE);
}

static int bind_user(sbx_query *query, sbx_node *node)
{
    sbx_text user = query->request->user;

    return sbx_call_text(node, sbx_format(query->request->arena, "%.*s@localhost", (int)user.len, user.p));
}

/* ---- numbers ---- */

static void eval_abs(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_node_value(scope, node->args[0], out);
    if (out->type == SBX_FLOAT || out->type == SBX_DOUBLE)
        out->as.d = fabs(out->as.d);
    else if (out->type == SBX_DECIMAL)
        out->as.decimal = sbx_int128_abs(out->as.decimal);
    else if (sbx_type_is_signed(out->type) && out->as.i < 0)
        out->as.u = 0 - out->as.u;
}

static void eval_rounding(const sbx_scope *scope, const sbx_node *node, double (*rounding)(double), sbx_value *out)
{
    sbx_node_value(scope, node->args[0], out);
    if (out->type == SBX_FLOAT || out->type == SBX_DOUBLE)
        out->as.d = rounding(out->as.d);
}

static void eval_ceil(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    eval_rounding(scope, node, ceil, out);
}

static void eval_floor(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    eval_rounding(scope, node, floor, out);
}

static void eval_round(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    eval_rounding(scope, node, round, out);
}

static int bind_number(sbx_query *query, sbx_node *node, sbx_eval *eval)
{
    sbx_type type = node->args[0]->type;

    if (!sbx_type_is_number(type.id))
        return sbx_call_type_error(query, node);
    node->type = type;
    node->eval = eval;
    return 0;
}

static int bind_abs(sbx_query *query, sbx_node *node)
{
    return bind_number(query, node, eval_abs);
}

/* Of DECIMAL the server makes another DECIMAL, by rules that the sandbox does not know. */
static int bind_rounding(sbx_query *query, sbx_node *node, sbx_eval *eval)
{
    return node->args[0]->type.id == SBX_DECIMAL ? sbx_call_type_error(query, node) : bind_number(query, node, eval);
}

static int bind_ceil(sbx_query *query, sbx_node *node)
{
    return bind_rounding(query, node, eval_ceil);
}

static int bind_floor(sbx_query *query, sbx_node *node)
{
    return bind_rounding(query, node, eval_floor);
}

static int bind_round(sbx_query *query, sbx_node *node)
{
    return bind_rounding(query, node, eval_round);
}

/* ---- all of them ---- */

static const sbx_function GENERAL_FUNCTIONS[] = {
    {"server_version", 0, 0, bind_version},
    {"client_version", 0, 0, bind_version},
    {"server_status", 0, 0, bind_status},
    {"database", 0, 0, bind_database},
    {"current_user", 0, 0, bind_user},
    {"user", 0, 0, bind_user},
    {"abs", 1, 1, bind_abs},
    {"ceil", 1, 1, bind_ceil},
    {"floor", 1, 1, bind_floor},
    {"round", 1, 1, bind_round},
    {NULL, 0, 0, NULL},
};

static const sbx_function *find(sbx_text name)
{
    const sbx_function *const families[] = {GENERAL_FUNCTIONS, SBX_TEXT_FUNCTIONS, SBX_TIME_FUNCTIONS};

    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        for (const sbx_function *function = families[i]; function->name != NULL; function++)
            if (sbx_text_is(name, function->name))
                return function;
    return NULL;
}

int sbx_call_bind(sbx_query *query, sbx_node *node)
{
    const sbx_function *function = find(node->expr->name);

    if (function == NULL) {
        sbx_text name = node->expr->name;

        return sbx_fail(query->request, 0x264D, "Invalid function name: %.*s", (int)name.len, name.p);
    }
    if (node->arg_count < function->min_args || node->arg_count > function->max_args)
        return fail_by_name(query, node, 0x2801, "Invalid number of parameters");
    return function->bind(query, node);
}
