/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Statements with parameters, there and back: rows of every type by every way of binding, compared with what was bound; then the blocks that
 * are read of them bound as they are to another table, compared cell by cell with the first.
 */
#include "live.h"

#include <float.h>

enum { ROWS = 500, DECIMALS = 2, SPECIAL = 3 /* lowest, highest, NULL */ };

static const int64_t units[TDRT_LIVE_DATABASES] = {1, 1000, 1000000};
static const int precisions[TDRT_LIVE_DATABASES] = {TDREST_MS, TDREST_US, TDREST_NS};

static const struct {
    const char *name;
    int type;
    int64_t low;
    uint64_t high;
} columns[] = {
    {"bool", TDREST_TYPE_BOOL, 0, 1},
    {"tinyint", TDREST_TYPE_TINYINT, INT8_MIN, INT8_MAX},
    {"smallint", TDREST_TYPE_SMALLINT, INT16_MIN, INT16_MAX},
    {"int", TDREST_TYPE_INT, INT32_MIN, INT32_MAX},
    {"bigint", TDREST_TYPE_BIGINT, INT64_MIN, INT64_MAX},
    {"tinyint unsigned", TDREST_TYPE_UTINYINT, 0, UINT8_MAX},
    {"smallint unsigned", TDREST_TYPE_USMALLINT, 0, UINT16_MAX},
    {"int unsigned", TDREST_TYPE_UINT, 0, UINT32_MAX},
    {"bigint unsigned", TDREST_TYPE_UBIGINT, 0, UINT64_MAX},
    {"float", TDREST_TYPE_FLOAT, 0, 0},
    {"double", TDREST_TYPE_DOUBLE, 0, 0},
    {"timestamp", TDREST_TYPE_TIMESTAMP, INT64_MIN, INT64_MAX},
    {"varchar(200)", TDREST_TYPE_VARCHAR, 0, 0},
    {"binary(20)", TDREST_TYPE_VARCHAR, 0, 0},
    {"nchar(60)", TDREST_TYPE_NCHAR, 0, 0},
    {"varbinary(64)", TDREST_TYPE_VARBINARY, 0, 0},
    {"geometry(128)", TDREST_TYPE_GEOMETRY, 0, 0},
    {"decimal(18,6)", TDREST_TYPE_DECIMAL, 0, 0},
    {"decimal(38,10)", TDREST_TYPE_DECIMAL, 0, 0},
};

/* ---- values: those of a row and column are the same each time they are asked for ---- */

static uint64_t random_of(size_t row, size_t column)
{
    uint64_t z = (row * COUNT_OF(columns) + column + 1) * UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int is_null(size_t row, size_t column)
{
    return row == 2 || (row >= SPECIAL && random_of(row, column) % 7 == 0);
}

static uint64_t natural_of(size_t row, size_t column)
{
    return row == 0 ? 0 : row == 1 ? columns[column].high : random_of(row, column) & columns[column].high;
}

/* The extremes, else the bits of the random number that the type has, as a signed number. */
static int64_t integer_of(size_t row, size_t column)
{
    uint64_t bits = random_of(row, column) & columns[column].high;

    if (row == 0)
        return columns[column].low;
    return row == 1 ? (int64_t)columns[column].high : row & 1 ? (int64_t)bits : columns[column].low + (int64_t)bits;
}

static double double_of(size_t row, size_t column)
{
    static const double special[] = {-DBL_MAX, DBL_MAX, 0, -0.0, 0x1p-1074, -0x1p-1074, DBL_MIN, 0x1.fffffffffffffp-1023, 0.1, 1e22, 1e21, 1e-7, 9007199254740993.0};
    uint64_t bits = random_of(row, column);
    double d;

    if (row < COUNT_OF(special))
        return special[row];
    memcpy(&d, &bits, sizeof d);
    return d <= DBL_MAX && d >= -DBL_MAX ? d : (double)row;
}

static float float_of(size_t row, size_t column)
{
    static const float special[] = {-FLT_MAX, FLT_MAX, 0, -0.0f, 0x1p-149f, FLT_MIN, 0x1.fffffcp-127f, 10.3f, 16777217.0f};
    static const uint32_t hard = 0x15ae43fd; /* its shortest text is another float there */
    uint32_t bits = row == COUNT_OF(special) ? hard : (uint32_t)random_of(row, column);
    float f;

    if (row < COUNT_OF(special))
        return special[row];
    memcpy(&f, &bits, sizeof f);
    return f <= FLT_MAX && f >= -FLT_MAX ? f : (float)row;
}

typedef struct text {
    const char *p;
    size_t len;
} text;

#define TEXT(literal) {(literal), sizeof(literal) - 1}

/* Bound, and read back, where these differ. */
static const struct {
    text varchar, binary, nchar, varbinary;
    const char *wkt, *wkb, *d64, *d64_back, *d128, *d128_back, *time;
    int64_t ms;
} texts[] = {
    {TEXT(""), TEXT(""), TEXT(""), TEXT(""), "POINT(1 2)", "0101000000000000000000f03f0000000000000040", "-999999999999.999999", "-999999999999.999999",
     "-9999999999999999999999999999.9999999999", "-9999999999999999999999999999.9999999999", "1970-01-01T00:00:00Z", 0},
    {TEXT("it's \\ \"x\" `y` -- /* ? ; \n\r\t\x01\x7f"), TEXT("\xff\xfe\x80"), TEXT("汉字😀é'\\"), TEXT("\0'\\x\xff"), "point (-1.5 1e3)",
     "0101000000000000000000f8bf0000000000408f40", "999999999999.999999", "999999999999.999999", "9999999999999999999999999999.9999999999",
     "9999999999999999999999999999.9999999999", "1969-12-31T23:59:59.999Z", -1},
    {TEXT("null"), TEXT("NULL"), TEXT("now"), TEXT("null"), "LINESTRING(0 0,1 2)",
     "01020000000200000000000000000000000000000000000000000000000000f03f0000000000000040", "-0.05", "-0.050000", "0", "0.0000000000",
     "2024-02-29 23:59:58.123+05:30", 1709231398123},
    {TEXT("'); drop table t"), TEXT("''"), TEXT("\xf4\x8f\xbf\xbf"), TEXT("\\x41"), "POINT(0 0)", "010100000000000000000000000000000000000000", "007.5",
     "7.500000", "-123.4500", "-123.4500000000", "2262-04-11T23:47:16.854Z", 9223372036854},
};

static size_t choice(size_t row, size_t column)
{
    return row < COUNT_OF(texts) ? row : random_of(row, column) % COUNT_OF(texts);
}

static text text_of(size_t row, size_t column)
{
    size_t i = choice(row, column);

    if (columns[column].type == TDREST_TYPE_VARBINARY)
        return texts[i].varbinary;
    if (columns[column].type == TDREST_TYPE_NCHAR)
        return texts[i].nchar;
    return columns[column].name[0] == 'b' ? texts[i].binary : texts[i].varchar;
}

/* Half of the times are bound as text. */
static int is_time_text(size_t row, size_t column)
{
    return row >= SPECIAL && random_of(row, column) % 2 == 0;
}

static int64_t time_of(size_t row, size_t column, int database)
{
    return is_time_text(row, column) ? texts[choice(row, column)].ms * units[database] : integer_of(row, column);
}

/* ---- by rows ---- */

static int bind_text(tdrest_stmt *stmt, int index, size_t row, size_t column)
{
    text t = text_of(row, column);
    size_t i = choice(row, column);

    switch (columns[column].type) {
    case TDREST_TYPE_NCHAR: return tdrest_stmt_bind_nchar(stmt, index, t.p, t.len);
    case TDREST_TYPE_VARBINARY: return tdrest_stmt_bind_varbinary(stmt, index, t.p, t.len);
    case TDREST_TYPE_GEOMETRY: return tdrest_stmt_bind_geometry_wkt(stmt, index, texts[i].wkt, TDREST_CSTR);
    case TDREST_TYPE_DECIMAL:
        return tdrest_stmt_bind_decimal_text(stmt, index, strstr(columns[column].name, "38") != NULL ? texts[i].d128 : texts[i].d64, TDREST_CSTR);
    default: return columns[column].name[0] == 'b' ? tdrest_stmt_bind_bytes(stmt, index, t.p, t.len) : tdrest_stmt_bind_text(stmt, index, t.p, t.len);
    }
}

static int bind_cell(tdrest_stmt *stmt, int index, size_t row, size_t column, int database)
{
    int type = columns[column].type;

    if (is_null(row, column))
        return tdrest_stmt_bind_null(stmt, index);
    switch (type) {
    case TDREST_TYPE_BOOL: return tdrest_stmt_bind_bool(stmt, index, (int)natural_of(row, column));
    case TDREST_TYPE_FLOAT: return tdrest_stmt_bind_float(stmt, index, float_of(row, column));
    case TDREST_TYPE_DOUBLE: return tdrest_stmt_bind_double(stmt, index, double_of(row, column));
    case TDREST_TYPE_TIMESTAMP:
        return is_time_text(row, column) ? tdrest_stmt_bind_time_text(stmt, index, texts[choice(row, column)].time, TDREST_CSTR)
                                         : tdrest_stmt_bind_time(stmt, index, integer_of(row, column), precisions[database]);
    case TDREST_TYPE_UTINYINT: case TDREST_TYPE_USMALLINT: case TDREST_TYPE_UINT: case TDREST_TYPE_UBIGINT:
        return tdrest_stmt_bind_uint64(stmt, index, natural_of(row, column));
    case TDREST_TYPE_TINYINT: case TDREST_TYPE_SMALLINT: case TDREST_TYPE_INT: case TDREST_TYPE_BIGINT:
        return tdrest_stmt_bind_int64(stmt, index, integer_of(row, column));
    default: return bind_text(stmt, index, row, column);
    }
}

/* The table with so many of the columns, and an INSERT into it that knows them. NULL when that failed, which was counted. */
static tdrest_stmt *make_table(tdrt_live *live, int database, const char *table, size_t count)
{
    char ddl[1024], sql[256];
    tdrest_call call = tdrt_live_call(live->db[database], NULL);
    tdrest_stmt *stmt = NULL;
    size_t len = (size_t)snprintf(ddl, sizeof ddl, "create table %s (ts timestamp", table);

    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(ddl + len, sizeof ddl - len, ", c%zu %s", i, columns[i].name);
    snprintf(ddl + len, sizeof ddl - len, ")");
    tdrt_live_exec(live, live->db[database], NULL, ddl, TDREST_CSTR);
    len = (size_t)snprintf(sql, sizeof sql, "INSERT INTO %s.%s VALUES(?", live->db[database], table);
    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(sql + len, sizeof sql - len, ",?");
    snprintf(sql + len, sizeof sql - len, ")");
    if (tdrest_stmt_new(live->conn, sql, TDREST_CSTR, &stmt) != TDREST_OK) {
        tdrt_live_check(live, 0, "%s: %s", sql, tdrest_conn_error(live->conn)->message);
        return NULL;
    }
    tdrt_live_check(live, tdrest_stmt_describe(stmt, &call) == TDREST_OK, "%s: %s", sql, tdrest_stmt_error(stmt)->message);
    return stmt;
}

static void run_all(tdrt_live *live, tdrest_stmt *stmt, int64_t rows)
{
    int64_t affected = 0;
    int rc = tdrest_stmt_run(stmt, NULL, &affected);

    tdrt_live_check(live, rc == TDREST_OK && affected == rows, "%" PRId64 " rows of %" PRId64 ": %s", affected, rows, tdrest_stmt_error(stmt)->message);
}

static void write_rows(tdrt_live *live, int database, size_t count)
{
    tdrest_stmt *stmt = make_table(live, database, "by_rows", count);
    int rc = stmt == NULL ? TDREST_ENOMEM : TDREST_OK;
    size_t row, column;

    for (row = 0; rc >= 0 && row < ROWS; row++) {
        rc = tdrest_stmt_bind_time(stmt, 0, (1700000000000 + (int64_t)row) * units[database], precisions[database]);
        for (column = 0; rc == TDREST_OK && column < count; column++)
            rc = bind_cell(stmt, (int)column + 1, row, column, database);
        if (rc == TDREST_OK)
            rc = tdrest_stmt_add_row(stmt);
    }
    if (tdrt_live_check(live, rc >= 0, "row %zu: %s", row - 1, tdrest_stmt_error(stmt)->message))
        run_all(live, stmt, ROWS);
    tdrest_stmt_free(stmt);
}

/* ---- what was bound ---- */

static int is_real(tdrest_result *res, size_t at, size_t row, size_t column)
{
    double d, wanted = columns[column].type == TDREST_TYPE_FLOAT ? (double)float_of(row, column) : double_of(row, column);

    return tdrest_result_double(res, at, &d) == TDREST_OK && memcmp(&d, &wanted, sizeof d) == 0;
}

static int is_text(tdrest_result *res, size_t at, size_t row, size_t column)
{
    text t = text_of(row, column);
    size_t i = choice(row, column), len;
    const void *bytes;

    if (columns[column].type == TDREST_TYPE_GEOMETRY)
        return tdrt_live_is(res, at, texts[i].wkb, strlen(texts[i].wkb));
    if (columns[column].type == TDREST_TYPE_DECIMAL) {
        t.p = strstr(columns[column].name, "38") != NULL ? texts[i].d128_back : texts[i].d64_back;
        return tdrt_live_is(res, at, t.p, strlen(t.p));
    }
    return tdrest_result_bytes(res, at, &bytes, &len) == TDREST_OK && len == t.len && memcmp(bytes, t.p, len) == 0;
}

static int is_cell(tdrest_result *res, size_t row, size_t column, int database)
{
    size_t at = column + 1;
    uint64_t natural;
    int64_t integer;
    int flag;

    if (is_null(row, column))
        return tdrest_result_is_null(res, at);
    switch (columns[column].type) {
    case TDREST_TYPE_BOOL: return tdrest_result_bool(res, at, &flag) == TDREST_OK && (uint64_t)flag == natural_of(row, column);
    case TDREST_TYPE_FLOAT: case TDREST_TYPE_DOUBLE: return is_real(res, at, row, column);
    case TDREST_TYPE_TIMESTAMP: return tdrest_result_time(res, at, &integer, NULL) == TDREST_OK && integer == time_of(row, column, database);
    case TDREST_TYPE_UTINYINT: case TDREST_TYPE_USMALLINT: case TDREST_TYPE_UINT: case TDREST_TYPE_UBIGINT:
        return tdrest_result_uint64(res, at, &natural) == TDREST_OK && natural == natural_of(row, column);
    case TDREST_TYPE_TINYINT: case TDREST_TYPE_SMALLINT: case TDREST_TYPE_INT: case TDREST_TYPE_BIGINT:
        return tdrest_result_int64(res, at, &integer) == TDREST_OK && integer == integer_of(row, column);
    default: return is_text(res, at, row, column);
    }
}

static void read_rows(tdrt_live *live, int database, const char *table, size_t count)
{
    char sql[64];
    const char *shown;
    tdrest_result *res;

    snprintf(sql, sizeof sql, "select * from %s order by ts", table);
    res = tdrt_live_query(live, live->db[database], NULL, 0, sql);
    for (size_t row = 0; res != NULL && row < ROWS; row++) {
        if (!tdrt_live_check(live, tdrest_result_next(res) == TDREST_ROW, "%s: no row %zu: %s", sql, row, tdrest_result_error(res)->message))
            break;
        for (size_t column = 0; column < count; column++) {
            shown = "NULL";
            (void)tdrest_result_text(res, column + 1, &shown, NULL);
            tdrt_live_check(live, is_cell(res, row, column, database), "%s: row %zu, %s: %s", table, row, columns[column].name, shown);
        }
    }
    tdrest_result_free(res);
}

/* ---- by blocks ---- */

/* Small blocks, so that there are many. */
static tdrest_result *query_in_blocks(tdrt_live *live, tdrest_conn *conn, int database, const char *sql)
{
    tdrest_call call = tdrt_live_call(live->db[database], NULL);
    tdrest_result *res = NULL;
    int rc = conn == NULL ? TDREST_EUSAGE : tdrest_query(conn, sql, TDREST_CSTR, &call, &res);

    tdrt_live_check(live, rc == TDREST_OK, "%s: %s", sql, tdrest_code_name(rc));
    return res;
}

/* Every column of every block, as it is. */
static void copy_blocks(tdrt_live *live, tdrest_stmt *stmt, tdrest_result *res, size_t least_blocks, int64_t rows)
{
    const tdrest_block *block;
    size_t blocks = 0;
    int rc, bound = TDREST_OK;

    while ((rc = tdrest_result_next_block(res, &block)) == TDREST_ROW) {
        blocks++;
        for (size_t i = 0; bound >= 0 && i < tdrest_result_column_count(res); i++)
            bound = tdrest_stmt_bind_column(stmt, (int)i, tdrest_block_column(block, i));
        if (bound >= 0)
            bound = tdrest_stmt_add_row(stmt);
    }
    tdrt_live_check(live, rc == TDREST_DONE && blocks >= least_blocks, "%zu blocks: %s", blocks, tdrest_result_error(res)->message);
    if (tdrt_live_check(live, bound >= 0, "blocks: %s", tdrest_stmt_error(stmt)->message))
        run_all(live, stmt, rows);
}

static int is_same(tdrest_result *a, tdrest_result *b, size_t column)
{
    const char *x = NULL, *y = NULL;
    size_t x_len = 0, y_len = 0;
    double d = 0, e = 0;

    if (tdrest_result_is_null(a, column) || tdrest_result_is_null(b, column))
        return tdrest_result_is_null(a, column) && tdrest_result_is_null(b, column);
    if (tdrest_result_double(a, column, &d) == TDREST_OK && (tdrest_result_double(b, column, &e) != TDREST_OK || memcmp(&d, &e, sizeof d) != 0))
        return 0;
    return tdrest_result_text(a, column, &x, &x_len) == TDREST_OK && tdrest_result_text(b, column, &y, &y_len) == TDREST_OK && x_len == y_len &&
           memcmp(x, y, x_len) == 0;
}

static void compare(tdrt_live *live, int database, tdrest_conn *other)
{
    tdrest_result *a = tdrt_live_query(live, live->db[database], NULL, 0, "select * from by_rows order by ts"),
                  *b = query_in_blocks(live, other, database, "select * from by_blocks order by ts");
    size_t row = 0;
    int rc = TDREST_DONE;

    while (a != NULL && b != NULL && (rc = tdrest_result_next(a)) == TDREST_ROW && tdrt_live_check(live, tdrest_result_next(b) == TDREST_ROW, "row %zu", row)) {
        for (size_t i = 0; i < tdrest_result_column_count(a); i++)
            tdrt_live_check(live, is_same(a, b, i), "row %zu, column %zu is another after it was written back", row, i);
        row++;
    }
    tdrt_live_check(live, rc == TDREST_DONE && row == ROWS && b != NULL && tdrest_result_next(b) == TDREST_DONE, "%zu rows", row);
    tdrest_result_free(a);
    tdrest_result_free(b);
}

static void through_blocks(tdrt_live *live, int database, size_t count)
{
    tdrest_conn *reader = tdrt_live_connect(live, "block_bytes", "16384");
    tdrest_stmt *stmt = make_table(live, database, "by_blocks", count);
    tdrest_result *res = query_in_blocks(live, reader, database, "select * from by_rows order by ts");

    if (stmt != NULL && res != NULL)
        copy_blocks(live, stmt, res, 2, ROWS);
    tdrest_result_free(res);
    tdrest_stmt_free(stmt);
    compare(live, database, reader);
    tdrest_conn_free(reader);
}

void tdrt_live_blocks(tdrt_live *live)
{
    static const int decimals[4] = {3, 3, 6, 0};
    size_t count = COUNT_OF(columns) - (tdrt_live_since(live, decimals, "DECIMAL") ? 0 : DECIMALS);

    for (int database = 0; database < TDRT_LIVE_DATABASES; database++) {
        write_rows(live, database, count);
        read_rows(live, database, "by_rows", count);
        through_blocks(live, database, count);
        read_rows(live, database, "by_blocks", count);
    }
}
