/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The names that a statement lists. Knows no values. */
#include "sql/template.h"

#include "config/names.h"

int tdri_template_name(const tdri_template *tpl, tdri_span list, size_t *pos, tdri_span *name)
{
    tdri_sql_walk walk = {tpl->text.data, list.at + list.len, *pos == 0 ? list.at : *pos, 0};
    tdri_sql_token token;

    if (list.len == 0)
        return 0;
    do { /* a comma before each but the first */
        token = tdri_sql_walk_token(&walk);
    } while (token.kind == TDRI_SQL_OTHER);
    *pos = walk.pos;
    name->at = token.offset;
    name->len = token.len;
    return token.kind != TDRI_SQL_END;
}

int tdri_template_name_is(const tdri_template *tpl, tdri_span written, const char *name, size_t len)
{
    return tdri_name_is(tpl->text.data + written.at, written.len, name, len);
}

int tdri_template_is_tbname(const tdri_template *tpl, tdri_span written)
{
    return tdri_template_name_is(tpl, written, "tbname", sizeof "tbname" - 1);
}
