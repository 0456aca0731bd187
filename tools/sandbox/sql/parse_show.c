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
    statement->kind = sbx_p_is(p, "table") ? SBX_S_SHOW_CREATE_TABLE : SBX_S_SHOW_CREATE_STABLE;
    return (sbx_p_take(p, "table") || sbx_p_expect(p, "stable")) && sbx_p_table(p, &statement->name);
}

/* TAGS FROM table, FROM db.table, FROM table FROM db */
static int show_tags(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_SHOW_TAGS;
    if (!sbx_p_expect(p, "from") || !sbx_p_table(p, &statement->name))
        return 0;
    return statement->name.database.len != 0 || !sbx_p_take(p, "from") || sbx_p_name(p, SBX_MAX_DATABASE_NAME, &statement->name.database);
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
    return !sbx_p_take(p, "like") || sbx_p_string(p, &statement->like);
}

int sbx_p_show(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_SHOW_DATABASES;
    if (sbx_p_take(p, "databases"))
        return 1;
    if (sbx_p_take(p, "create"))
        return show_create(p, statement);
    return sbx_p_take(p, "tags") ? show_tags(p, statement) : show_tables(p, statement);
}
