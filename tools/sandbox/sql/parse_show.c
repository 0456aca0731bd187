/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* SHOW, of which the sandbox knows a few. */
#include "parse_state.h"
#include "../store/store.h"

static int show_create(sbx_parser *p, sbx_statement *statement)
{
    if (sbx_p_take(p, "database")) {
        statement->kind = SBX_S_SHOW_CREATE_DATABASE;
        return sbx_p_name(p, SBX_MAX_DATABASE_NAME, &statement->name.database);
    }
    if (sbx_p_take(p, "view")) { /* this server has none */
        if (sbx_p_table(p, &statement->name))
            sbx_fail(p->request, 0x0100, "Operation not supported");
        return 0;
    }
    statement->kind = sbx_p_is(p, "table") ? SBX_S_SHOW_CREATE_TABLE : SBX_S_SHOW_CREATE_STABLE;
    return (sbx_p_take(p, "table") || sbx_p_expect(p, "stable")) && sbx_p_table(p, &statement->name);
}

/* FROM table, FROM db.table, FROM table FROM db */
static int from_table(sbx_parser *p, sbx_statement *statement)
{
    if (!sbx_p_expect(p, "from") || !sbx_p_table(p, &statement->name))
        return 0;
    return statement->name.database.len != 0 || !sbx_p_take(p, "from") || sbx_p_name(p, SBX_MAX_DATABASE_NAME, &statement->name.database);
}

/* TABLE TAGS [name, name] FROM table */
static int show_table_tags(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_SHOW_TABLE_TAGS;
    if (!sbx_p_expect(p, "tags"))
        return 0;
    if (!sbx_p_is(p, "from"))
        do {
            statement->tag_names = sbx_alloc_one_more(p->request->arena, statement->tag_names, statement->tag_name_count, sizeof(sbx_text));
            if (!sbx_p_name(p, SBX_MAX_COLUMN_NAME, &statement->tag_names[statement->tag_name_count++]))
                return 0;
        } while (sbx_p_take(p, ","));
    return from_table(p, statement);
}

static int no_database(sbx_parser *p)
{
    sbx_fail(p->request, 0x2600, "database not specified");
    return 0;
}

/* [NORMAL | CHILD] [db.]TABLES [LIKE 'pattern'], [db.]STABLES [LIKE 'pattern'] */
static int show_tables(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_SHOW_TABLES;
    if (sbx_p_take(p, "normal"))
        statement->kinds = SBX_NORMAL_TABLE;
    else if (sbx_p_take(p, "child"))
        statement->kinds = SBX_CHILD_TABLE;
    if (sbx_p_is_name(p) && (!sbx_p_name(p, SBX_MAX_DATABASE_NAME, &statement->name.database) || !sbx_p_expect(p, ".")))
        return 0;
    if (statement->kinds == 0 && sbx_p_take(p, "stables"))
        statement->kind = SBX_S_SHOW_STABLES;
    else if (!sbx_p_expect(p, "tables"))
        return 0;
    if (sbx_p_take(p, "like") && !sbx_p_string(p, &statement->like))
        return 0;
    return statement->name.database.len != 0 || p->request->database.len != 0 || no_database(p);
}

/* USER PRIVILEGES, USER DATABASES */
static int show_user(sbx_parser *p, sbx_statement *statement)
{
    statement->system = -1;
    if (sbx_p_take(p, "databases"))
        return 1;
    statement->kind = SBX_S_SHOW_PRIVILEGES;
    return sbx_p_expect(p, "privileges");
}

int sbx_p_show(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_SHOW_DATABASES;
    if (sbx_p_take(p, "databases"))
        return 1;
    if (sbx_p_take(p, "user"))
        return show_user(p, statement);
    if (sbx_p_take(p, "system")) {
        statement->system = 1;
        return sbx_p_expect(p, "databases");
    }
    if (sbx_p_take(p, "users")) {
        statement->kind = sbx_p_take(p, "full") ? SBX_S_SHOW_USERS_FULL : SBX_S_SHOW_USERS;
        return 1;
    }
    if (sbx_p_take(p, "create"))
        return show_create(p, statement);
    if (sbx_p_take(p, "table"))
        return show_table_tags(p, statement);
    if (!sbx_p_take(p, "tags"))
        return show_tables(p, statement);
    statement->kind = SBX_S_SHOW_TAGS;
    return from_table(p, statement);
}
