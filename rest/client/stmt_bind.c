/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Binding: a value becomes its literal at once, a column is borrowed. Knows no SQL but through sql/literal. */
#include "client/stmt.h"

#include "base/text.h"

#include <string.h>

static int refuse_index(tdrest_stmt *stmt, int index)
{
    int count = tdrest_stmt_param_count(stmt);

    if (count == 0)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "there is no parameter %d: the statement has none", index);
    return tdri_err_set(&stmt->err, TDREST_EUSAGE, "there is no parameter %d; expected 0 to %d%s", index, count - 1,
                        index < 0 ? ", or the name of one for tdrest_stmt_param_index" : "");
}

int tdri_stmt_open(tdrest_stmt *stmt)
{
    int rc = tdri_stmt_begin(stmt);

    if (rc != TDREST_OK || stmt->lent != TDRI_STMT_ADDING)
        return rc;
    return tdri_err_set(&stmt->err, TDREST_EUSAGE, "the writer is adding what is bound");
}

/* The slot of a parameter, unbound; NULL with TDREST_EUSAGE in the record. */
static tdri_slot *open_slot(tdrest_stmt *stmt, int index)
{
    tdri_slot *slot;

    if (tdri_stmt_open(stmt) != TDREST_OK)
        return NULL;
    if (index < 0 || index >= tdrest_stmt_param_count(stmt)) {
        (void)refuse_index(stmt, index);
        return NULL;
    }
    if (stmt->source.run != NULL || stmt->source.next != NULL) {
        (void)tdri_stmt_refuse(stmt, TDREST_EUSAGE, index, -1, "nothing of its own: a stream is bound to all parameters; tdrest_stmt_reset drops it");
        return NULL;
    }
    stmt->rows_gone = 0;
    slot = &stmt->slots[index];
    slot->bound = TDRI_UNBOUND;
    tdri_buf_reset(&slot->literal);
    if (stmt->params[index].pub.role == TDREST_PARAM_TAG)
        stmt->clause_stands = 0;
    return slot;
}

/* The row that a value is bound for, where there are rows. */
static int64_t row_of(const tdrest_stmt *stmt, int index)
{
    return stmt->params[index].pub.role == TDREST_PARAM_VALUE ? tdri_stmt_row(stmt) : -1;
}

int tdri_stmt_bind(tdrest_stmt *stmt, int index, const tdri_value *value)
{
    tdri_slot *slot = open_slot(stmt, index);
    const char *expected;

    if (slot == NULL)
        return stmt->err.code;
    expected = tdri_literal_add(&slot->literal, value, &slot->place);
    if (expected != NULL)
        return tdri_stmt_refuse(stmt, TDREST_EBIND, index, row_of(stmt, index), expected);
    if (tdri_buf_code(&slot->literal) != TDREST_OK)
        return tdri_err_set(&stmt->err, TDREST_ENOMEM, NULL);
    slot->bound = TDRI_BOUND_VALUE;
    slot->type = value->type;
    return TDREST_OK;
}

/* Texts and bytes. */
static int bind_bytes(tdrest_stmt *stmt, int index, int type, const void *bytes, size_t len)
{
    tdri_value value = {type, 0, {0}, (const char *)bytes, len};

    if (bytes == NULL && len == 0)
        value.bytes = "";
    if (value.bytes != NULL)
        return tdri_stmt_bind(stmt, index, &value);
    if (open_slot(stmt, index) == NULL)
        return stmt->err.code;
    return tdri_stmt_refuse(stmt, TDREST_EUSAGE, index, -1, "a non-NULL pointer; use tdrest_stmt_bind_null for NULL");
}

static int bind_text(tdrest_stmt *stmt, int index, int type, const char *text, size_t len)
{
    /* A NULL is no empty text. */
    return bind_bytes(stmt, index, type, text, text == NULL ? 1 : tdri_text_len(text, len));
}

int tdrest_stmt_bind_null(tdrest_stmt *stmt, int index)
{
    tdri_value value = {TDREST_TYPE_UNKNOWN, 0, {0}, NULL, 0};

    return tdri_stmt_bind(stmt, index, &value);
}

int tdrest_stmt_bind_bool(tdrest_stmt *stmt, int index, int value)
{
    tdri_value bound = {TDREST_TYPE_BOOL, 0, {0}, NULL, 0};

    bound.as.i = value != 0;
    return tdri_stmt_bind(stmt, index, &bound);
}

int tdrest_stmt_bind_int64(tdrest_stmt *stmt, int index, int64_t value)
{
    tdri_value bound = {TDREST_TYPE_BIGINT, 0, {0}, NULL, 0};

    bound.as.i = value;
    return tdri_stmt_bind(stmt, index, &bound);
}

int tdrest_stmt_bind_uint64(tdrest_stmt *stmt, int index, uint64_t value)
{
    tdri_value bound = {TDREST_TYPE_UBIGINT, 0, {0}, NULL, 0};

    bound.as.u = value;
    return tdri_stmt_bind(stmt, index, &bound);
}

int tdrest_stmt_bind_double(tdrest_stmt *stmt, int index, double value)
{
    tdri_value bound = {TDREST_TYPE_DOUBLE, 0, {0}, NULL, 0};

    bound.as.d = value;
    return tdri_stmt_bind(stmt, index, &bound);
}

int tdrest_stmt_bind_float(tdrest_stmt *stmt, int index, float value)
{
    tdri_value bound = {TDREST_TYPE_FLOAT, 0, {0}, NULL, 0};

    bound.as.f = value;
    return tdri_stmt_bind(stmt, index, &bound);
}

int tdrest_stmt_bind_time(tdrest_stmt *stmt, int index, int64_t value, int precision)
{
    tdri_value bound = {TDREST_TYPE_TIMESTAMP, precision, {0}, NULL, 0};

    bound.as.i = value;
    return tdri_stmt_bind(stmt, index, &bound);
}

int tdrest_stmt_bind_time_text(tdrest_stmt *stmt, int index, const char *text, size_t len)
{
    const char *expected;
    int64_t count = 0;
    int precision = 0;

    if (text == NULL)
        return bind_text(stmt, index, TDREST_TYPE_VARCHAR, text, len);
    expected = tdri_time_parse(text, tdri_text_len(text, len), &count, &precision);
    if (expected == NULL)
        return tdrest_stmt_bind_time(stmt, index, count, precision);
    return open_slot(stmt, index) == NULL ? stmt->err.code : tdri_stmt_refuse(stmt, TDREST_EBIND, index, row_of(stmt, index), expected);
}

int tdrest_stmt_bind_text(tdrest_stmt *stmt, int index, const char *text, size_t len)
{
    return bind_text(stmt, index, TDREST_TYPE_VARCHAR, text, len);
}

int tdrest_stmt_bind_bytes(tdrest_stmt *stmt, int index, const void *bytes, size_t len)
{
    return bind_bytes(stmt, index, TDREST_TYPE_VARCHAR, bytes, len);
}

int tdrest_stmt_bind_nchar(tdrest_stmt *stmt, int index, const char *text, size_t len)
{
    return bind_text(stmt, index, TDREST_TYPE_NCHAR, text, len);
}

int tdrest_stmt_bind_json(tdrest_stmt *stmt, int index, const char *text, size_t len)
{
    return bind_text(stmt, index, TDREST_TYPE_JSON, text, len);
}

int tdrest_stmt_bind_decimal_text(tdrest_stmt *stmt, int index, const char *text, size_t len)
{
    return bind_text(stmt, index, TDREST_TYPE_DECIMAL, text, len);
}

int tdrest_stmt_bind_varbinary(tdrest_stmt *stmt, int index, const void *bytes, size_t len)
{
    return bind_bytes(stmt, index, TDREST_TYPE_VARBINARY, bytes, len);
}

int tdrest_stmt_bind_geometry_wkt(tdrest_stmt *stmt, int index, const char *text, size_t len)
{
    return bind_text(stmt, index, TDREST_TYPE_GEOMETRY, text, len);
}

/* ---- columns ---- */

/* Why no column can be bound there; NULL: it can. */
static const char *refuse_column(const tdri_param *param)
{
    if (param->pub.role == TDREST_PARAM_TAG)
        return "a single value: a tag is the same in all rows";
    if (param->pub.role == TDREST_PARAM_EXPRESSION && param->is_no_list)
        return "a single value: a column is for a row of INSERT, or for the brackets of IN (?) with nothing else in them";
    return NULL;
}

/* The slot's column becomes the list of IN, at once: each value the literal that it would be by itself. */
static int bind_list(tdrest_stmt *stmt, int index, tdri_slot *slot)
{
    const char *expected = NULL;
    int64_t row = 0, count = slot->column.count;
    tdri_value value;

    if (count == 0)
        return tdri_stmt_refuse(stmt, TDREST_EBIND, index, -1, "at least one value: empty brackets are not valid SQL");
    for (; expected == NULL && row < count; row++) {
        if (row > 0)
            tdri_buf_add_char(&slot->literal, ',');
        tdri_bound_array_get(&slot->column, (size_t)row, &value);
        expected = value.type == TDREST_TYPE_UNKNOWN ? "a value: NULL equals nothing, and NOT IN with it finds no row" : tdri_literal_add(&slot->literal, &value, &slot->place);
    }
    if (expected != NULL)
        return tdri_stmt_refuse(stmt, TDREST_EBIND, index, row - 1, expected);
    if (tdri_buf_code(&slot->literal) != TDREST_OK)
        return tdri_err_set(&stmt->err, TDREST_ENOMEM, NULL);
    slot->bound = TDRI_BOUND_VALUE;
    slot->type = slot->column.type;
    return TDREST_OK;
}

int tdrest_stmt_bind_column(tdrest_stmt *stmt, int index, const tdrest_column *column)
{
    tdri_slot *slot = open_slot(stmt, index);
    const char *expected;
    int code = TDREST_EUSAGE;

    if (slot == NULL)
        return stmt->err.code;
    expected = refuse_column(&stmt->params[index]);
    if (expected != NULL)
        return tdri_stmt_refuse(stmt, code, index, -1, expected);
    if (column == NULL)
        return tdri_stmt_refuse(stmt, code, index, -1, "a column that is not NULL");
    expected = tdri_bound_array_copy(column, &slot->column, &code);
    if (expected != NULL)
        return tdri_stmt_refuse(stmt, code, index, -1, expected);
    if (stmt->params[index].pub.role == TDREST_PARAM_EXPRESSION)
        return bind_list(stmt, index, slot);
    slot->bound = TDRI_BOUND_COLUMN;
    slot->type = slot->column.type;
    return TDREST_OK;
}
