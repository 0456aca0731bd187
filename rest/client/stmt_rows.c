/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* From what is bound to text: a template's placeholders filled, rows added to the batch. Knows no network. */
#include "client/stmt.h"

int tdri_stmt_fill(tdrest_stmt *stmt, const tdri_row_part *part, size_t row, tdri_buf *out)
{
    int param = -1;
    const char *expected = tdri_row_part_add(part, row, out, &param);

    return expected == NULL ? TDREST_OK : tdri_stmt_refuse(stmt, TDREST_EBIND, param, tdri_stmt_row(stmt), expected);
}

int tdri_stmt_check_bound(tdrest_stmt *stmt)
{
    for (size_t i = 0; i < stmt->tpl.param_count; i++)
        if (stmt->slots[i].bound == TDRI_UNBOUND)
            return tdri_stmt_refuse(stmt, TDREST_EBIND, (int)i, stmt->tpl.is_rows ? tdri_stmt_row(stmt) : -1,
                                    "a value; nothing is bound");
    return TDREST_OK;
}

/* The bytes of the clause up to the end of the table's name; 0 where the name is no placeholder, and so the same in all clauses. */
static size_t table_len(const tdrest_stmt *stmt)
{
    const tdri_slot *table = tdri_stmt_table(stmt);

    return table == NULL ? 0 : stmt->tpl.placeholders[0].at - stmt->tpl.clause_at + table->literal.len;
}

/* Makes the batch's group the one of table and tags. */
static int select_group(tdrest_stmt *stmt)
{
    int rc;

    if (stmt->clause_stands && stmt->packing.group_count > 0)
        return TDREST_OK;
    if (tdri_stmt_table(stmt) != NULL && tdri_stmt_table(stmt)->bound == TDRI_UNBOUND)
        return tdri_err_set(&stmt->err, TDREST_EBIND, "no table is set; call tdrest_stmt_set_table first");
    tdri_buf_reset(&stmt->clause);
    rc = tdri_stmt_fill(stmt, &stmt->row_template.clause, 0, &stmt->clause);
    if (rc == TDREST_OK)
        rc = tdri_buf_code(&stmt->clause);
    if (rc == TDREST_OK)
        rc = tdri_packing_select(&stmt->packing, tdri_buf_text(&stmt->clause), stmt->clause.len, table_len(stmt));
    stmt->clause_stands = rc == TDREST_OK;
    return rc == TDREST_OK ? rc : tdri_err_set(&stmt->err, rc, NULL);
}

/* One row, of a bound column the row-th. */
static int add_row(tdrest_stmt *stmt, size_t row, size_t most)
{
    tdri_buf *text = &stmt->packing.text;
    size_t start = text->len;
    int rc = tdri_stmt_fill(stmt, &stmt->row_template.row, row, text);

    if (rc == TDREST_OK && tdri_buf_code(text) == TDREST_OK && text->len - start > most) {
        rc = tdri_err_set(&stmt->err, TDREST_EBIND, "row %lld: expected at most %zu bytes of SQL: with its table's clause it must fit into max_sql_bytes",
                          (long long)tdri_stmt_row(stmt), most);
        stmt->err.row = tdri_stmt_row(stmt);
    }
    if (rc == TDREST_OK)
        rc = tdri_buf_code(text);
    return rc == TDREST_OK ? tdri_packing_add(&stmt->packing) : rc;
}

/* What is bound: one row, or those of the columns, which are made ready. TDREST_OK, or TDREST_EUSAGE when they differ in length. */
static int begin_rows(tdrest_stmt *stmt, size_t *count)
{
    int64_t rows = -1;

    for (size_t i = 0; i < stmt->tpl.param_count; i++) {
        if (stmt->slots[i].bound != TDRI_BOUND_COLUMN)
            continue;
        if (rows >= 0 && rows != stmt->slots[i].column.count)
            return tdri_stmt_refuse(stmt, TDREST_EUSAGE, (int)i, -1, "as many rows as the columns before it have");
        rows = stmt->slots[i].column.count;
        tdri_slot_ready(&stmt->slots[i]);
    }
    stmt->range_index = 0;
    *count = rows < 0 ? 1 : (size_t)rows;
    return TDREST_OK;
}

/* A value may be bound before its column turns out to be the time of the row. */
static int check_key(tdrest_stmt *stmt)
{
    for (size_t i = 0; i < stmt->tpl.param_count; i++)
        if (stmt->slots[i].place.is_key && stmt->slots[i].type != TDREST_TYPE_TIMESTAMP)
            return tdri_stmt_refuse(stmt, TDREST_EBIND, (int)i, tdri_stmt_row(stmt), "a time with its precision: this is the first column of a table");
    return TDREST_OK;
}

/*
 * Where the columns are named and not described, any of them may be the time of the row: one must get a time. Items that the statement's own text fills
 * may be it too.
 */
static int check_time(tdrest_stmt *stmt)
{
    size_t items = 0;
    int first = -1;

    if (stmt->tpl.columns.len == 0 || stmt->described_count > 0)
        return check_key(stmt);
    for (size_t i = 0; i < stmt->tpl.placeholder_count; i++) {
        const tdri_placeholder *placeholder = &stmt->tpl.placeholders[i];

        if (placeholder->role != TDREST_PARAM_VALUE || placeholder->item < 0)
            continue;
        if (stmt->slots[placeholder->param].type == TDREST_TYPE_TIMESTAMP)
            return TDREST_OK;
        items++;
        if (first < 0 && !placeholder->is_table)
            first = placeholder->param;
    }
    if (items < stmt->tpl.value_count || first < 0)
        return TDREST_OK;
    return tdri_stmt_refuse(stmt, TDREST_EBIND, first, tdri_stmt_row(stmt), "a time with its precision, here or for another column: every row needs one");
}

/* Texts that a column of times would read as NOW are looked for only where there may be such a column. */
static void note_texts(tdrest_stmt *stmt)
{
    if (stmt->tpl.columns.len == 0 || stmt->described_count > 0)
        return;
    for (size_t i = 0; i < stmt->tpl.param_count; i++)
        if (stmt->params[i].pub.role == TDREST_PARAM_VALUE && !stmt->slots[i].place.is_table &&
            (stmt->slots[i].type == TDREST_TYPE_VARCHAR || stmt->slots[i].type == TDREST_TYPE_NCHAR))
            stmt->texts_may_be_times = 1;
}

static void unbind_row(tdrest_stmt *stmt)
{
    for (size_t i = 0; i < stmt->tpl.param_count; i++)
        if (stmt->params[i].pub.role == TDREST_PARAM_VALUE)
            stmt->slots[i].bound = TDRI_UNBOUND;
}

/* Before rows are added: how many are bound, and how many bytes each may have. */
static int begin_adding(tdrest_stmt *stmt, size_t *count, size_t *most)
{
    size_t used;
    int rc = tdri_stmt_check_bound(stmt);

    if (rc == TDREST_OK)
        rc = check_time(stmt);
    if (rc == TDREST_OK)
        rc = begin_rows(stmt, count);
    if (rc == TDREST_OK)
        rc = select_group(stmt);
    used = stmt->tpl.clause_at + stmt->clause.len;
    *most = used < stmt->conn->sql.max ? stmt->conn->sql.max - used : 0;
    return rc;
}

int tdri_stmt_add(tdrest_stmt *stmt)
{
    size_t count = 0, most;
    tdri_packing_mark mark;
    int rc = begin_adding(stmt, &count, &most);

    if (rc != TDREST_OK)
        return rc;
    mark = tdri_packing_where(&stmt->packing);
    for (size_t row = 0; rc == TDREST_OK && row < count; row++)
        rc = add_row(stmt, row, most);
    if (rc != TDREST_OK) {
        tdri_packing_rewind(&stmt->packing, &mark);
        return tdri_err_set(&stmt->err, rc, NULL);
    }
    note_texts(stmt);
    unbind_row(stmt);
    return (int64_t)(stmt->packing.text.len + stmt->packing.clauses.len) >= tdri_opts_int(stmt->conn->options, TDRI_OPT_BATCH_BYTES) ? TDREST_FULL : TDREST_OK;
}

/* ---- for a writer ---- */

/* Clauses that were used before need not be kept. */
enum { CLAUSES_KEPT = 64 };

int tdri_stmt_add_part(tdrest_stmt *stmt, size_t enough, int *more)
{
    size_t count = 0, most, row = stmt->rows_gone;
    int rc;

    *more = 0;
    if (stmt->packing.group_count > CLAUSES_KEPT)
        tdri_stmt_forget_rows(stmt);
    rc = begin_adding(stmt, &count, &most);
    if (rc == TDREST_OK)
        note_texts(stmt);
    while (rc == TDREST_OK && row < count && stmt->packing.text.len < enough)
        rc = add_row(stmt, row++, most);
    if (rc != TDREST_OK && stmt->packing.row_count > 0) { /* those in front of it are good */
        tdri_buf_cut(&stmt->packing.text, stmt->packing.rows[stmt->packing.row_count - 1].end);
        tdri_err_reset(&stmt->err);
        *more = 1;
        return TDREST_OK;
    }
    *more = row < count;
    if (rc != TDREST_OK)
        tdri_buf_reset(&stmt->packing.text);
    return rc == TDREST_OK ? rc : tdri_err_set(&stmt->err, rc, NULL);
}

void tdri_stmt_take_part(tdrest_stmt *stmt, size_t taken, int more)
{
    static const tdri_packing_mark nothing = {0, 0, TDRI_PACKING_ROWS_MAX};

    more |= taken < stmt->packing.row_count;
    stmt->rows_gone = more ? stmt->rows_gone + taken : 0;
    tdri_packing_rewind(&stmt->packing, &nothing);
    if (!more)
        unbind_row(stmt);
}

int tdrest_stmt_drop_rows(tdrest_stmt *stmt, int64_t first, int64_t count)
{
    int64_t held = (int64_t)stmt->packing.row_count;

    if (tdri_stmt_begin(stmt) != TDREST_OK)
        return TDREST_EBUSY;
    if (first < 0 || count < 0 || first > held || count > held - first)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "rows: expected a range within the %lld that the statement holds", (long long)held);
    tdri_packing_drop(&stmt->packing, (size_t)first, (size_t)count);
    if (stmt->packing.row_count == 0)
        tdri_stmt_forget_rows(stmt);
    stmt->report.rows = (int64_t)stmt->packing.row_count;
    stmt->range_index = 0;
    return TDREST_OK;
}

int tdrest_stmt_add_row(tdrest_stmt *stmt)
{
    int rc = tdri_stmt_ready_to_run(stmt);

    if (rc != TDREST_OK)
        return rc;
    if (!stmt->tpl.is_rows)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "not an INSERT with one row of VALUES: bind its values and call tdrest_stmt_run");
    return tdri_stmt_add(stmt);
}
