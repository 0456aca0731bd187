/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * SHOW of lists. As on the server each is a SELECT over a table of information_schema, so that both say the same and LIKE is one thing;
 * the tree that the parser would have made of it is put together here. Knows nothing of the store.
 */
#include "show.h"

static sbx_expr *new_expr(sbx_request *request, sbx_expr_kind kind, sbx_expr *left, sbx_expr *right)
{
    sbx_expr *expr = sbx_alloc(request->arena, sizeof *expr);

    expr->kind = kind;
    expr->text = SBX_TEXT("");
    if (left != NULL) {
        expr->args = sbx_alloc_array(request->arena, 2, sizeof *expr->args);
        expr->args[0] = left;
        expr->args[1] = right;
        expr->arg_count = 2;
    }
    return expr;
}

static sbx_expr *column(sbx_request *request, sbx_text name)
{
    sbx_expr *expr = new_expr(request, SBX_E_COLUMN, NULL, NULL);

    expr->name = name;
    expr->text = name;
    return expr;
}

static sbx_expr *text(sbx_request *request, sbx_text value)
{
    sbx_expr *expr = new_expr(request, SBX_E_VALUE, NULL, NULL);

    expr->value = sbx_cell_text(value);
    return expr;
}

static sbx_expr *equals(sbx_request *request, const char *name, sbx_text value)
{
    sbx_expr *left = column(request, sbx_format(request->arena, "%s", name));
    sbx_expr *expr = new_expr(request, SBX_E_COMPARE, left, text(request, value));

    expr->op = '=';
    return expr;
}

/* Both; one of them where the other is NULL. */
static sbx_expr *both(sbx_request *request, sbx_expr *a, sbx_expr *b)
{
    return a == NULL ? b : b == NULL ? a : new_expr(request, SBX_E_AND, a, b);
}

/* item: the one column that is shown, or len 0 for all. */
static int select_from(sbx_request *request, const sbx_statement *statement, const char *table, sbx_text item, sbx_expr *where,
                       sbx_answer *answer)
{
    sbx_select select = {0};
    sbx_item items[1] = {{NULL, {0}}};

    if (statement->like.len != 0)
        where = both(request, where, new_expr(request, SBX_E_LIKE, column(request, item), text(request, statement->like)));
    items[0].expr = item.len != 0 ? column(request, item) : new_expr(request, SBX_E_STAR, NULL, NULL);
    select.items = items;
    select.item_count = 1;
    select.has_from = 1;
    select.from.database = SBX_TEXT("information_schema");
    select.from.table = sbx_format(request->arena, "%s", table);
    select.where = where;
    select.limit = select.slimit = -1;
    return sbx_run_select(request, &select, answer);
}

/* The data base of a list, which must be there. */
static int find_database(sbx_request *request, const sbx_statement *statement, sbx_text *name)
{
    sbx_database *database;

    *name = statement->name.database.len != 0 ? statement->name.database : request->database;
    if (sbx_is_system_database(*name))
        return 0;
    if (sbx_find_database(request, statement->name.database, 0, NULL, &database) != 0)
        return request->err.code;
    *name = database->name;
    return 0;
}

static int show_stables(sbx_request *request, const sbx_statement *statement, sbx_answer *answer)
{
    sbx_text name;

    if (find_database(request, statement, &name) != 0)
        return request->err.code;
    return select_from(request, statement, "ins_stables", SBX_TEXT("stable_name"), equals(request, "db_name", name), answer);
}

static int show_tables(sbx_request *request, const sbx_statement *statement, sbx_answer *answer)
{
    sbx_expr *where;
    sbx_text name;

    if (find_database(request, statement, &name) != 0)
        return request->err.code;
    where = equals(request, "db_name", name);
    if (statement->kinds == SBX_NORMAL_TABLE)
        where = both(request, where, equals(request, "type", SBX_TEXT("NORMAL_TABLE")));
    else if (statement->kinds == SBX_CHILD_TABLE)
        where = both(request, where, equals(request, "type", SBX_TEXT("CHILD_TABLE")));
    return select_from(request, statement, "ins_tables", SBX_TEXT("table_name"), where, answer);
}

static int show_tags(sbx_request *request, const sbx_statement *statement, sbx_answer *answer)
{
    sbx_expr *where;
    sbx_table *table;

    if (sbx_need_table(request, &statement->name, 0, SBX_TABLE_INFO_FAILED, &table) != 0)
        return request->err.code;
    if (table->kind != SBX_CHILD_TABLE)
        return sbx_fail(request, 0x2644, "Permission denied or target object not exist");
    where = both(request, equals(request, "db_name", table->database->name), equals(request, "table_name", table->name));
    return select_from(request, statement, "ins_tags", (sbx_text){0}, where, answer);
}

int sbx_run_show(sbx_request *request, const sbx_statement *statement, sbx_answer *answer)
{
    switch (statement->kind) {
    case SBX_S_DESCRIBE:
        return sbx_describe(request, statement, answer);
    case SBX_S_SHOW_DATABASES:
        return select_from(request, statement, "ins_databases", SBX_TEXT("name"), NULL, answer);
    case SBX_S_SHOW_STABLES:
        return show_stables(request, statement, answer);
    case SBX_S_SHOW_TABLES:
        return show_tables(request, statement, answer);
    case SBX_S_SHOW_TAGS:
        return show_tags(request, statement, answer);
    default:
        return sbx_show_create(request, statement, answer);
    }
}
