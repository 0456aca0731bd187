/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Making statements with parameters, and what is asked of them. Knows neither values nor the server. */
#include "client/stmt.h"

#include "base/text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* ---- making ---- */

static void make_param(tdrest_stmt *stmt, size_t index, char *name)
{
    const tdri_template_param *from = &stmt->tpl.params[index];
    tdri_param *param = &stmt->params[index];

    memcpy(name, stmt->tpl.text.data + from->name_at, from->name_len);
    name[from->name_len] = '\0';
    param->pub.size = sizeof param->pub;
    param->pub.name = name;
    param->pub.role = from->role;
    stmt->slots[index].place.expression = !stmt->tpl.is_rows && (stmt->tpl.verb != TDRI_SQL_INSERT || stmt->tpl.selects);
    stmt->value_params += from->role == TDREST_PARAM_VALUE;
}

void tdri_stmt_set_places(tdrest_stmt *stmt)
{
    for (size_t i = 0; i < stmt->tpl.param_count; i++)
        stmt->slots[i].place.is_key = stmt->slots[i].place.is_table = 0;
    for (size_t i = 0; i < stmt->tpl.placeholder_count; i++) {
        const tdri_placeholder *placeholder = &stmt->tpl.placeholders[i];

        if (placeholder->param < 0)
            continue;
        stmt->slots[placeholder->param].place.is_key |= placeholder->is_key;
        stmt->slots[placeholder->param].place.is_table |= placeholder->is_table;
    }
}

static int make_params(tdrest_stmt *stmt)
{
    size_t count = stmt->tpl.param_count, bytes = 1;
    char *name;

    for (size_t i = 0; i < count; i++)
        bytes += stmt->tpl.params[i].name_len + 1;
    stmt->params = (tdri_param *)tdri_mem_zeroed(&stmt->mem, count + 1, sizeof *stmt->params);
    stmt->slots = (tdri_slot *)tdri_mem_zeroed(&stmt->mem, count + 1, sizeof *stmt->slots);
    stmt->names = name = (char *)tdri_mem_alloc(&stmt->mem, bytes);
    if (stmt->params == NULL || stmt->slots == NULL || name == NULL)
        return TDREST_ENOMEM;
    for (size_t i = 0; i <= count; i++)
        tdri_buf_init(&stmt->slots[i].literal, &stmt->mem, SIZE_MAX);
    for (size_t i = 0; i < count; i++) {
        make_param(stmt, i, name);
        name += stmt->tpl.params[i].name_len + 1;
    }
    for (size_t i = 0; i < stmt->tpl.placeholder_count; i++)
        if (stmt->tpl.placeholders[i].param >= 0)
            stmt->params[stmt->tpl.placeholders[i].param].is_no_list |= !stmt->tpl.placeholders[i].is_list;
    tdri_stmt_set_places(stmt);
    return tdri_row_template_make(&stmt->row_template, &stmt->tpl, stmt->slots);
}

/* ---- the connection's list ---- */

static void attach(tdrest_stmt *stmt)
{
    stmt->older = stmt->conn->stmts;
    if (stmt->older != NULL)
        stmt->older->newer = stmt;
    stmt->conn->stmts = stmt;
}

static void leave(tdrest_stmt *stmt)
{
    if (stmt->conn == NULL)
        return;
    if (stmt->older != NULL)
        stmt->older->newer = stmt->newer;
    if (stmt->newer != NULL)
        stmt->newer->older = stmt->older;
    else
        stmt->conn->stmts = stmt->older;
}

void tdri_stmt_detach(tdrest_conn *conn)
{
    for (tdrest_stmt *stmt = conn->stmts; stmt != NULL; stmt = stmt->older)
        stmt->conn = NULL;
    conn->stmts = NULL;
}

int tdri_stmt_ready(tdrest_stmt *stmt)
{
    if (tdri_stmt_begin(stmt) != TDREST_OK)
        return TDREST_EBUSY;
    return stmt->conn != NULL ? TDREST_OK : tdri_err_set(&stmt->err, TDREST_EUSAGE, "the statement's connection was freed");
}

int tdri_stmt_ready_to_run(tdrest_stmt *stmt)
{
    int rc = tdri_stmt_ready(stmt);

    if (rc == TDREST_OK && stmt->source.run != NULL)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "a stream is bound; expected tdrest_stmt_run, which reads it, or tdrest_stmt_reset");
    if (rc != TDREST_OK || stmt->lent == TDRI_STMT_OWN)
        return rc;
    return tdri_err_set(&stmt->err, TDREST_EUSAGE, "the statement belongs to a writer: use tdrest_writer_add, which also sends");
}

int tdrest_stmt_new(tdrest_conn *conn, const char *sql, size_t len, tdrest_stmt **out)
{
    tdrest_stmt *stmt;
    int rc;

    *out = NULL;
    tdri_err_reset(&conn->err);
    if (sql == NULL)
        return tdri_err_set(&conn->err, TDREST_EUSAGE, "sql is NULL");
    stmt = (tdrest_stmt *)tdri_mem_zeroed(&conn->mem, 1, sizeof *stmt);
    if (stmt == NULL)
        return tdri_err_set(&conn->err, TDREST_ENOMEM, NULL);
    stmt->mem = conn->mem;
    stmt->conn = conn;
    attach(stmt);
    tdri_err_reset(&stmt->err);
    tdri_template_init(&stmt->tpl, &stmt->mem);
    tdri_row_template_init(&stmt->row_template, &stmt->mem);
    tdri_buf_init(&stmt->clause, &stmt->mem, SIZE_MAX);
    tdri_buf_init(&stmt->described_texts, &stmt->mem, SIZE_MAX);
    tdri_packing_init(&stmt->packing, &stmt->mem);
    rc = tdri_template_read(&stmt->tpl, sql, tdri_text_len(sql, len), conn->sql.max, &conn->err);
    if (rc == TDREST_OK && make_params(stmt) != TDREST_OK)
        rc = tdri_err_set(&conn->err, TDREST_ENOMEM, NULL);
    tdrest_stmt_reset(stmt);
    if (rc == TDREST_OK)
        *out = stmt;
    else
        tdrest_stmt_free(stmt);
    return rc;
}

void tdrest_stmt_free(tdrest_stmt *stmt)
{
    tdrest_allocator mem;

    if (stmt == NULL)
        return;
    if (stmt->run != NULL)
        stmt->give_up(stmt->run);
    mem = stmt->mem;
    leave(stmt);
    tdri_stmt_set_source(stmt, NULL);
    for (size_t i = 0; stmt->slots != NULL && i <= stmt->tpl.param_count; i++)
        tdri_buf_clear(&stmt->slots[i].literal);
    tdri_mem_free(&mem, stmt->slots);
    tdri_mem_free(&mem, stmt->params);
    tdri_mem_free(&mem, stmt->names);
    tdri_template_clear(&stmt->tpl);
    tdri_row_template_clear(&stmt->row_template);
    tdri_buf_clear(&stmt->clause);
    tdri_mem_free(&mem, stmt->described);
    tdri_mem_free(&mem, stmt->column_lists);
    tdri_buf_clear(&stmt->described_texts);
    tdri_packing_clear(&stmt->packing);
    tdri_mem_free(&mem, stmt);
}

void tdri_stmt_set_source(tdrest_stmt *stmt, const tdri_stmt_source *source)
{
    static const tdri_stmt_source nothing = {NULL, NULL, NULL, NULL, 0};

    for (size_t i = 0; stmt->slots != NULL && i < stmt->tpl.param_count; i++)
        stmt->slots[i].bound = TDRI_UNBOUND;
    stmt->clause_stands = 0;
    stmt->rows_gone = 0;
    if (stmt->source.next != NULL)
        stmt->rows_sent = 0;
    if (stmt->source.held != NULL)
        stmt->source.let_go(&stmt->mem, stmt->source.held);
    stmt->source = source == NULL ? nothing : *source;
}

void tdri_stmt_forget_rows(tdrest_stmt *stmt)
{
    tdri_packing_reset(&stmt->packing);
    stmt->clause_stands = 0;
    stmt->texts_may_be_times = 0;
}

void tdrest_stmt_reset(tdrest_stmt *stmt)
{
    if (stmt == NULL || stmt->run != NULL || stmt->lent == TDRI_STMT_ADDING)
        return;
    tdri_stmt_set_source(stmt, NULL);
    if (stmt->slots != NULL)
        stmt->slots[stmt->tpl.param_count].bound = TDRI_UNBOUND; /* the table */
    tdri_stmt_forget_rows(stmt);
    memset(&stmt->report, 0, sizeof stmt->report);
    stmt->report.size = sizeof stmt->report;
    stmt->report.failed_at = -1;
    stmt->affected = -1;
    stmt->range_index = 0;
    memset(&stmt->range, 0, sizeof stmt->range);
    stmt->range.size = sizeof stmt->range;
    tdri_err_reset(&stmt->err);
}

/* ---- parameters ---- */

int tdrest_stmt_param_count(const tdrest_stmt *stmt)
{
    return stmt == NULL ? 0 : (int)stmt->tpl.param_count;
}

const tdrest_param *tdrest_stmt_param(const tdrest_stmt *stmt, int index)
{
    return index < 0 || index >= tdrest_stmt_param_count(stmt) ? NULL : &stmt->params[index].pub;
}

int tdrest_stmt_param_index(const tdrest_stmt *stmt, const char *name)
{
    int count = tdrest_stmt_param_count(stmt);

    for (int i = 0; i < count; i++)
        if (stmt->params[i].pub.name[0] != '\0' && strcmp(stmt->params[i].pub.name, name) == 0)
            return i;
    return -1;
}

/* " for column v, VARCHAR(4)" */
static void add_column(const tdrest_column *column, char *out, size_t cap)
{
    int has_length = column->type == TDREST_TYPE_VARCHAR || column->type == TDREST_TYPE_NCHAR || column->type == TDREST_TYPE_VARBINARY ||
                     column->type == TDREST_TYPE_GEOMETRY;

    if (has_length)
        (void)snprintf(out, cap, " for column %s, %s(%lld)", column->name, column->type_name, (long long)column->declared);
    else
        (void)snprintf(out, cap, " for column %s, %s", column->name, column->type_name);
}

int tdri_stmt_refuse(tdrest_stmt *stmt, int code, int index, int64_t row, const char *expected)
{
    const tdrest_param *param = &stmt->params[index].pub;
    char name[80] = "", column[160] = "", at[32] = "";

    if (param->name[0] != '\0')
        (void)snprintf(name, sizeof name, " (:%.64s)", param->name);
    if (param->column != NULL)
        add_column(param->column, column, sizeof column);
    if (row >= 0)
        (void)snprintf(at, sizeof at, ", row %lld", (long long)row);
    code = tdri_err_set(&stmt->err, code, "parameter %d%s%s%s: expected %s", index, name, column, at, expected);
    stmt->err.phase = TDREST_PHASE_PREPARE;
    stmt->err.column = index;
    stmt->err.row = row;
    return code;
}

tdri_slot *tdri_stmt_table(const tdrest_stmt *stmt)
{
    return stmt->tpl.placeholder_count > 0 && stmt->tpl.placeholders[0].role == 0 ? &stmt->slots[stmt->tpl.param_count] : NULL;
}

int tdrest_stmt_set_table(tdrest_stmt *stmt, const char *name, size_t len)
{
    tdri_slot *table = tdri_stmt_table(stmt);
    const char *expected;

    if (tdri_stmt_begin(stmt) != TDREST_OK)
        return TDREST_EBUSY;
    if (table == NULL)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "the statement has no placeholder for a table");
    if (stmt->lent == TDRI_STMT_ADDING)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "the writer is adding what is bound");
    table->bound = TDRI_UNBOUND;
    stmt->clause_stands = 0;
    stmt->described_stands = stmt->described_stands && stmt->tpl.target.len > 0;
    if (name == NULL)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "name is NULL");
    tdri_buf_reset(&table->literal);
    expected = tdri_name_add(&table->literal, TDRI_NAME_TABLE, name, tdri_text_len(name, len));
    if (expected != NULL)
        return tdri_err_set(&stmt->err, TDREST_EBIND, "table: expected %s", expected);
    if (tdri_buf_code(&table->literal) != TDREST_OK)
        return tdri_err_set(&stmt->err, TDREST_ENOMEM, NULL);
    table->bound = TDRI_BOUND_VALUE;
    return TDREST_OK;
}

int tdrest_stmt_set_precision(tdrest_stmt *stmt, int precision)
{
    if (tdri_stmt_begin(stmt) != TDREST_OK)
        return TDREST_EBUSY;
    if (precision != TDREST_PRECISION_UNKNOWN && precision != TDREST_MS && precision != TDREST_US && precision != TDREST_NS)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "precision: expected TDREST_MS, TDREST_US, TDREST_NS or TDREST_PRECISION_UNKNOWN");
    for (size_t i = 0; i < stmt->tpl.param_count; i++)
        stmt->slots[i].place.precision = precision;
    return TDREST_OK;
}

const tdrest_error *tdrest_stmt_error(const tdrest_stmt *stmt)
{
    return stmt == NULL ? tdri_err_none() : &stmt->err;
}

/* ---- what became of a run ---- */

int64_t tdrest_stmt_affected(const tdrest_stmt *stmt)
{
    return stmt == NULL ? -1 : stmt->affected;
}

const tdrest_stmt_report *tdrest_stmt_get_report(const tdrest_stmt *stmt)
{
    return &stmt->report;
}

/* Moves range to the neighbours behind it; 0 when there are no more rows. */
static int next_range(tdrest_stmt *stmt)
{
    const tdri_packing_row *rows = stmt->packing.rows;
    size_t at = (size_t)(stmt->range.first + stmt->range.count), from = at, count = stmt->packing.row_count;

    while (at < count && rows[at].state == rows[from].state)
        at++;
    if (at == from)
        return 0;
    stmt->range.first = (int64_t)from;
    stmt->range.count = (int64_t)(at - from);
    stmt->range.state = rows[from].state;
    return 1;
}

const tdrest_row_range *tdrest_stmt_get_range(tdrest_stmt *stmt, size_t index)
{
    /* From the one handed out last, which is number range_index - 1. */
    if (stmt->range_index == 0 || index < stmt->range_index - 1) {
        stmt->range.first = stmt->range.count = 0;
        stmt->range_index = 0;
    }
    for (; stmt->range_index <= index; stmt->range_index++)
        if (!next_range(stmt))
            return NULL;
    return &stmt->range;
}
