/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* DROP, and ALTER TABLE. */
#include "parse_state.h"

/* ---- DROP ---- */

static int drop_tables(sbx_parser *p, sbx_statement *statement)
{
    int exists;

    statement->kind = SBX_S_DROP_TABLES;
    do {
        size_t i = statement->name_count;

        statement->names = sbx_alloc_one_more(p->request->arena, statement->names, i, sizeof(sbx_name));
        statement->names_exist = sbx_alloc_one_more(p->request->arena, statement->names_exist, i, 1);
        if (!sbx_p_if_exists(p, &exists) || !sbx_p_table(p, &statement->names[i]))
            return 0;
        statement->names_exist[i] = (unsigned char)exists;
        statement->name_count++;
    } while (sbx_p_take(p, ","));
    return 1;
}

int sbx_p_drop(sbx_parser *p, sbx_statement *statement)
{
    if (sbx_p_take(p, "table"))
        return drop_tables(p, statement);
    if (sbx_p_take(p, "user"))
        return sbx_p_drop_user(p, statement);
    if (sbx_p_take(p, "database")) {
        statement->kind = SBX_S_DROP_DATABASE;
        return sbx_p_if_exists(p, &statement->exists) && sbx_p_name(p, SBX_MAX_DATABASE_NAME, &statement->name.database);
    }
    statement->kind = SBX_S_DROP_STABLE;
    return sbx_p_expect(p, "stable") && sbx_p_if_exists(p, &statement->exists) && sbx_p_table(p, &statement->name);
}

/* ---- ALTER TABLE ---- */

/* name = value, name = value: only the first is kept, the others follow it in the text. */
static int set_tags(sbx_parser *p, sbx_statement *statement)
{
    sbx_text other;

    statement->alteration = SBX_A_SET_TAG;
    if (!sbx_p_expect(p, "tag") || !sbx_p_name(p, SBX_MAX_COLUMN_NAME, &statement->altered.name) || !sbx_p_expect(p, "="))
        return 0;
    statement->value_offset = p->token.offset;
    if (!sbx_p_tag_value(p))
        return 0;
    while (sbx_p_take(p, ","))
        if (!sbx_p_name(p, SBX_MAX_COLUMN_NAME, &other) || !sbx_p_expect(p, "=") || !sbx_p_tag_value(p))
            return 0;
    return 1;
}

/* COLUMN or TAG: which of the two alterations it is. */
static int subject(sbx_parser *p, sbx_statement *statement, sbx_alteration column, sbx_alteration tag)
{
    statement->alteration = sbx_p_is(p, "column") ? column : tag;
    return sbx_p_take(p, "column") || sbx_p_expect(p, "tag");
}

int sbx_p_alter_table(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_ALTER_TABLE;
    if (!sbx_p_table(p, &statement->name))
        return 0;
    if (sbx_p_take(p, "add"))
        return subject(p, statement, SBX_A_ADD_COLUMN, SBX_A_ADD_TAG) &&
               sbx_p_definition(p, statement->alteration == SBX_A_ADD_COLUMN, &statement->altered);
    if (sbx_p_take(p, "modify"))
        return subject(p, statement, SBX_A_MODIFY_COLUMN, SBX_A_MODIFY_TAG) && sbx_p_definition(p, 0, &statement->altered);
    if (sbx_p_take(p, "drop"))
        return subject(p, statement, SBX_A_DROP_COLUMN, SBX_A_DROP_TAG) && sbx_p_name(p, SBX_MAX_COLUMN_NAME, &statement->altered.name);
    if (sbx_p_take(p, "rename"))
        return subject(p, statement, SBX_A_RENAME_COLUMN, SBX_A_RENAME_TAG) && sbx_p_name(p, SBX_MAX_COLUMN_NAME, &statement->altered.name) &&
               sbx_p_name(p, SBX_MAX_COLUMN_NAME, &statement->new_name);
    if (sbx_p_take(p, "comment")) {
        statement->alteration = SBX_A_COMMENT;
        return sbx_p_string(p, &statement->comment);
    }
    return sbx_p_expect(p, "set") && set_tags(p, statement);
}
