/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What the server says of the table that an INSERT goes to: its columns and tags, and the precision of its database. Knows how
 * DESCRIBE answers; no values.
 */
#include "client/stmt.h"

#include "answer/column.h"
#include "base/text.h"
#include "config/names.h"
#include "request/precision.h"

#include <string.h>

static int out_of_memory(tdrest_stmt *stmt)
{
    return tdri_err_set(&stmt->err, TDREST_ENOMEM, NULL);
}

/* ---- asking ---- */

/* The rows of a statement, one after the other; the records of failures become stmt's. */
typedef int row_function(tdrest_stmt *stmt, tdrest_result *res);

static int ask(tdrest_stmt *stmt, const tdri_buf *sql, const tdri_call *call, row_function *each)
{
    tdrest_result *res = NULL;
    int rc = tdri_buf_code(sql) == TDREST_OK ? tdri_query(call, sql->data, sql->len, &res) : out_of_memory(stmt);

    if (rc != TDREST_OK && stmt->err.code == 0)
        stmt->err = stmt->conn->err;
    while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
        rc = each(stmt, res);
    if (rc < 0 && stmt->err.code == 0)
        stmt->err = *tdrest_result_error(res);
    tdrest_result_free(res);
    return rc < 0 ? rc : TDREST_OK;
}

/* One row of DESCRIBE: field, type, length, note. */
static int take_column(tdrest_stmt *stmt, tdrest_result *res)
{
    const char *name, *type, *note;
    size_t name_len, type_len, note_len, cap = stmt->described_cap == 0 ? 16 : stmt->described_cap * 2;
    tdri_described *grown, *column;
    int64_t length;

    if (tdrest_result_text(res, 0, &name, &name_len) != TDREST_OK || tdrest_result_text(res, 1, &type, &type_len) != TDREST_OK ||
        tdrest_result_int64(res, 2, &length) != TDREST_OK || tdrest_result_text(res, 3, &note, &note_len) != TDREST_OK)
        return tdri_err_set(&stmt->err, TDREST_EANSWER, "the answer to DESCRIBE has unexpected columns; expected name, type, length and note");
    if (stmt->described_count == stmt->described_cap) {
        grown = (tdri_described *)tdri_mem_resize(&stmt->mem, stmt->described, cap * sizeof *grown);
        if (grown == NULL)
            return out_of_memory(stmt);
        stmt->described = grown;
        stmt->described_cap = cap;
    }
    column = &stmt->described[stmt->described_count++];
    memset(column, 0, sizeof *column);
    column->param = -1;
    column->name_at = stmt->described_texts.len;
    tdri_buf_add(&stmt->described_texts, name, name_len + 1);
    column->type_at = stmt->described_texts.len;
    tdri_buf_add(&stmt->described_texts, type, type_len + 1);
    column->pub.name_len = name_len;
    column->pub.declared = length;
    column->is_tag = tdri_text_is(note, note_len, "TAG");
    return tdri_buf_code(&stmt->described_texts) == TDREST_OK ? TDREST_OK : out_of_memory(stmt);
}

/* The texts are all there and move no more. */
static void settle_columns(tdrest_stmt *stmt)
{
    for (size_t i = 0; i < stmt->described_count; i++) {
        tdri_described *d = &stmt->described[i];
        tdri_column column;

        memset(&column, 0, sizeof column);
        tdri_block_name(&column, stmt->described_texts.data + d->name_at, d->pub.name_len, stmt->described_texts.data + d->type_at,
                        d->pub.declared);
        d->pub = column.pub;
    }
}

static int ask_columns(tdrest_stmt *stmt, const tdri_call *call)
{
    const tdri_template *tpl = &stmt->tpl;
    tdri_buf sql;
    int rc;

    tdri_buf_init(&sql, &stmt->mem, SIZE_MAX);
    tdri_buf_add_text(&sql, "DESCRIBE ");
    if (tpl->database.len > 0) {
        tdri_buf_add(&sql, tpl->text.data + tpl->database.at, tpl->database.len);
        tdri_buf_add_char(&sql, '.');
    }
    if (tpl->target.len > 0)
        tdri_buf_add(&sql, tpl->text.data + tpl->target.at, tpl->target.len);
    else
        tdri_buf_add(&sql, tdri_stmt_table(stmt)->literal.data, tdri_stmt_table(stmt)->literal.len);
    rc = ask(stmt, &sql, call, take_column);
    tdri_buf_clear(&sql);
    if (rc == TDREST_OK && stmt->described_count == 0)
        rc = tdri_err_set(&stmt->err, TDREST_EANSWER, "the answer to DESCRIBE has no rows");
    if (rc == TDREST_OK)
        settle_columns(stmt);
    return rc;
}

/* ---- precision ---- */

static void add_bare_name(tdri_buf *out, const char *name, size_t len)
{
    char *to = tdri_buf_room(out, len);

    if (to != NULL)
        tdri_buf_wrote(out, to + tdri_name_bare(name, len, to));
}

/* As in the statement, of the call, or of the connection; 1 when one is known. */
static int find_database(const tdrest_stmt *stmt, const tdri_call *call, tdri_buf *out)
{
    const char *name = tdri_opts_text(stmt->conn->options, TDRI_OPT_DATABASE);

    if (stmt->tpl.database.len > 0) {
        add_bare_name(out, stmt->tpl.text.data + stmt->tpl.database.at, stmt->tpl.database.len);
        return 1;
    }
    if (call->settings.database != NULL)
        name = call->settings.database;
    if (name == NULL || name[0] == '\0')
        return 0;
    add_bare_name(out, name, strlen(name));
    return 1;
}

static int take_precision(tdrest_stmt *stmt, tdrest_result *res)
{
    const char *text = "";

    (void)tdrest_result_text(res, 0, &text, NULL);
    stmt->precision = tdri_precision_find(text);
    return TDREST_OK;
}

/* Where the server does not tell, times are sent as text. */
static int ask_precision(tdrest_stmt *stmt, const tdri_call *call)
{
    tdri_buf name, sql;
    int rc = TDREST_OK;

    tdri_buf_init(&name, &stmt->mem, SIZE_MAX);
    tdri_buf_init(&sql, &stmt->mem, SIZE_MAX);
    if (find_database(stmt, call, &name)) {
        tdri_buf_add_text(&sql, "SELECT `precision` FROM information_schema.ins_databases WHERE name=");
        if (tdri_buf_code(&name) != TDREST_OK || tdri_text_add(&sql, tdri_buf_text(&name), name.len) != NULL)
            rc = out_of_memory(stmt);
        else
            rc = ask(stmt, &sql, call, take_precision);
        if (rc == TDREST_ESERVER) {
            tdri_err_reset(&stmt->err);
            rc = TDREST_OK;
        }
    }
    tdri_buf_clear(&name);
    tdri_buf_clear(&sql);
    return rc;
}

/* ---- what it means for the parameters ---- */

/* The item-th column of those a row without names fills: all but the tags; or the item-th tag. */
static tdri_described *by_place(const tdrest_stmt *stmt, int is_tag, size_t item)
{
    for (size_t i = 0; i < stmt->described_count; i++)
        if (stmt->described[i].is_tag == is_tag && item-- == 0)
            return &stmt->described[i];
    return NULL;
}

static tdri_described *by_name(const tdrest_stmt *stmt, tdri_span written)
{
    for (size_t i = 0; i < stmt->described_count; i++)
        if (tdri_template_name_is(&stmt->tpl, written, stmt->described[i].pub.name, stmt->described[i].pub.name_len))
            return &stmt->described[i];
    return NULL;
}

/* Without names there must be as many items as columns. */
static int check_count(tdrest_stmt *stmt, int is_tag, size_t items)
{
    size_t count = 0;

    for (size_t i = 0; i < stmt->described_count; i++)
        count += stmt->described[i].is_tag == is_tag;
    if (count == items)
        return TDREST_OK;
    return tdri_err_set(&stmt->err, TDREST_EBIND, "%s: expected %zu values, as there are %s; the statement has %zu",
                        is_tag ? "TAGS" : "VALUES", count, is_tag ? "tags" : "columns", items);
}

static void set_column(tdrest_stmt *stmt, const tdri_placeholder *placeholder, tdri_described *column)
{
    stmt->slots[placeholder->param].place.is_key |= column == stmt->described;
    column->param = placeholder->param;
}

/* A value that goes to several columns must fit each of them; the caller is shown a column only where it is the only one. */
static int list_columns(tdrest_stmt *stmt)
{
    const tdrest_column **list, **first;

    stmt->column_lists = (const tdrest_column **)tdri_mem_zeroed(&stmt->mem, stmt->described_count + stmt->tpl.param_count, sizeof *list);
    if (stmt->column_lists == NULL)
        return out_of_memory(stmt);
    list = stmt->column_lists;
    for (size_t i = 0; i < stmt->tpl.param_count; i++) {
        first = list;
        for (size_t d = 0; d < stmt->described_count; d++)
            if (stmt->described[d].param == (int)i)
                *list++ = &stmt->described[d].pub;
        list++;
        stmt->slots[i].place.columns = first;
        stmt->params[i].pub.column = first[0] != NULL && first[1] == NULL ? first[0] : NULL;
    }
    return TDREST_OK;
}

/* The column of the item-th value of a list: that of the next name or, without names, by its place. NULL for the name of the table, `tbname`. */
static int find_column(tdrest_stmt *stmt, int is_tag, size_t item, tdri_span names, size_t *pos, tdri_described **column)
{
    const tdri_template *tpl = &stmt->tpl;
    tdri_span name = {0, 0};

    if (names.len == 0) {
        *column = by_place(stmt, is_tag, item);
        return TDREST_OK;
    }
    (void)tdri_template_name(tpl, names, pos, &name);
    *column = by_name(stmt, name);
    if (*column != NULL || tdri_template_is_tbname(tpl, name))
        return TDREST_OK;
    return tdri_err_set(&stmt->err, TDREST_EBIND, "%.*s is not a column of the table", (int)name.len, tpl->text.data + name.at);
}

/* The placeholder that is the item-th value of its list, looked for from *from on; NULL: something else is. */
static const tdri_placeholder *find_placeholder(const tdri_template *tpl, int role, size_t item, size_t *from)
{
    for (; *from < tpl->placeholder_count; ++*from) {
        const tdri_placeholder *placeholder = &tpl->placeholders[*from];

        if (placeholder->role == role && placeholder->item >= (int)item)
            return placeholder->item == (int)item ? placeholder : NULL;
    }
    return NULL;
}

/* Gives the placeholders of one list, TAGS or VALUES, their columns. */
static int match(tdrest_stmt *stmt, int role, tdri_span names, size_t items)
{
    tdri_described *column = NULL;
    const tdri_placeholder *placeholder;
    size_t pos = 0, from = 0;
    int is_tag = role == TDREST_PARAM_TAG, rc = names.len > 0 ? TDREST_OK : check_count(stmt, is_tag, items);

    for (size_t item = 0; rc == TDREST_OK && item < items; item++) {
        rc = find_column(stmt, is_tag, item, names, &pos, &column);
        placeholder = find_placeholder(&stmt->tpl, role, item, &from);
        if (rc == TDREST_OK && column != NULL && placeholder != NULL)
            set_column(stmt, placeholder, column);
    }
    return rc;
}

static void forget(tdrest_stmt *stmt)
{
    for (size_t i = 0; i < stmt->tpl.param_count; i++) {
        stmt->params[i].pub.column = NULL;
        stmt->slots[i].place.columns = NULL;
    }
    tdri_stmt_set_places(stmt);
    tdri_mem_free(&stmt->mem, stmt->column_lists);
    stmt->column_lists = NULL;
    tdri_buf_reset(&stmt->described_texts);
    stmt->described_count = 0;
    stmt->precision = TDREST_PRECISION_UNKNOWN;
}

static int describe(tdrest_stmt *stmt, const tdri_call *call)
{
    int rc = ask_columns(stmt, call);

    if (rc == TDREST_OK)
        rc = ask_precision(stmt, call);
    if (rc == TDREST_OK && stmt->tpl.tag_count > 0)
        rc = match(stmt, TDREST_PARAM_TAG, stmt->tpl.tags, stmt->tpl.tag_count);
    if (rc == TDREST_OK)
        rc = match(stmt, TDREST_PARAM_VALUE, stmt->tpl.columns, stmt->tpl.value_count);
    return rc == TDREST_OK ? list_columns(stmt) : rc;
}

/* Both questions are one call: one limit, one cancel scope. */
static int call_describe(tdrest_stmt *stmt, const tdrest_call *settings)
{
    tdri_call call;

    if (tdri_call_begin(&call, stmt->conn, settings, 0) != TDREST_OK) {
        stmt->err = stmt->conn->err;
        return stmt->err.code;
    }
    call.whole = 1;
    return tdri_call_end(&call, describe(stmt, &call));
}

int tdrest_stmt_describe(tdrest_stmt *stmt, const tdrest_call *call)
{
    int rc = tdri_stmt_ready(stmt);

    if (rc != TDREST_OK)
        return rc;
    if (!stmt->tpl.is_rows)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "not an INSERT with one row of VALUES: there are no columns to ask for");
    if (stmt->described_stands)
        return TDREST_OK;
    if (stmt->tpl.target.len == 0 && tdri_stmt_table(stmt)->bound == TDRI_UNBOUND)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "no table is set; call tdrest_stmt_set_table first");
    forget(stmt);
    rc = call_describe(stmt, call);
    if (rc != TDREST_OK) {
        forget(stmt);
        return rc;
    }
    stmt->described_stands = 1;
    return stmt->precision == TDREST_PRECISION_UNKNOWN ? rc : tdrest_stmt_set_precision(stmt, stmt->precision);
}
