/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The vectors' literals as values: what each stands for by its own words, bound to a statement that knows the column, sent and read back. A refusal
 * sends nothing; what is accepted comes back as that value. Literals that no bind can say (a bare word in a text, 0x1F, a time without
 * its zone) are passed over.
 */
#include "live.h"

#include <jansson.h>
#include <math.h>

enum { ROOM = 1024 };

/* What a literal stands for. */
typedef struct meaning {
    char text[ROOM]; /* without quotes and escapes */
    size_t len;
    int is_quoted;
    int64_t integer;
    uint64_t natural;
    double real;
} meaning;

/* '...' or "..." by the server's escapes. 1; 0 when it is neither, or is not closed. */
static int unquote(const tdrt_live_value *v, meaning *m)
{
    const char *p = v->literal;
    char quote = v->literal_len > 1 ? p[0] : '\0';

    m->len = 0;
    if ((quote != '\'' && quote != '"') || v->literal_len >= ROOM || p[v->literal_len - 1] != quote)
        return 0;
    for (size_t i = 1; i + 1 < v->literal_len; i++) {
        char c = p[i];

        if (c == quote && (i + 2 >= v->literal_len || p[++i] != quote))
            return 0;
        if (c == '\\') {
            if (++i + 1 >= v->literal_len)
                return 0;
            if (strchr("%_x", p[i]) != NULL)
                m->text[m->len++] = '\\';
            c = p[i] == 'n' ? '\n' : p[i] == 'r' ? '\r' : p[i] == 't' ? '\t' : p[i];
        }
        m->text[m->len++] = c;
    }
    m->text[m->len] = '\0';
    return 1;
}

static meaning read_literal(const tdrt_live_value *v)
{
    meaning m = {"", 0, 0, 0, 0, 0};

    m.is_quoted = unquote(v, &m);
    if (!m.is_quoted && v->literal_len < ROOM) {
        memcpy(m.text, v->literal, v->literal_len);
        m.len = v->literal_len;
        m.text[m.len] = '\0';
    }
    return m;
}

static int is_type(const tdrt_live_value *v, const char *type)
{
    return strncmp(v->type, type, strlen(type)) == 0;
}

/* ---- binding: the code, or 1 when no bind can say it ---- */

static int bind_bool(tdrest_stmt *stmt, meaning *m)
{
    m->integer = strcmp(m->text, "true") == 0 || strcmp(m->text, "1") == 0;
    if (m->is_quoted || (!m->integer && strcmp(m->text, "false") != 0 && strcmp(m->text, "0") != 0))
        return 1;
    return tdrest_stmt_bind_bool(stmt, 1, (int)m->integer);
}

/* Plain digits with an optional minus, that 64 bits hold. */
static int bind_integer(tdrest_stmt *stmt, meaning *m)
{
    char again[32];

    m->integer = strtoll(m->text, NULL, 10);
    m->natural = strtoull(m->text, NULL, 10);
    snprintf(again, sizeof again, "%" PRId64, m->integer);
    if (!m->is_quoted && strcmp(again, m->text) == 0)
        return tdrest_stmt_bind_int64(stmt, 1, m->integer);
    snprintf(again, sizeof again, "%" PRIu64, m->natural);
    return !m->is_quoted && strcmp(again, m->text) == 0 ? tdrest_stmt_bind_uint64(stmt, 1, m->natural) : 1;
}

static int bind_real(tdrest_stmt *stmt, const tdrt_live_value *v, meaning *m)
{
    char *end;

    m->real = strtod(m->text, &end);
    if (end == m->text || *end != '\0')
        return 1;
    if (!is_type(v, "FLOAT"))
        return tdrest_stmt_bind_double(stmt, 1, m->real);
    m->real = (double)(float)m->real;
    return tdrest_stmt_bind_float(stmt, 1, (float)m->real);
}

static int bind_time(tdrest_stmt *stmt, const tdrt_live_value *v, meaning *m)
{
    static const int precisions[] = {TDREST_MS, TDREST_US, TDREST_NS};
    char again[32];

    if (m->is_quoted)
        return m->len > 19 && strpbrk(m->text + 19, "Zz+-") != NULL ? tdrest_stmt_bind_time_text(stmt, 1, m->text, m->len) : 1;
    m->integer = strtoll(m->text, NULL, 10);
    snprintf(again, sizeof again, "%" PRId64, m->integer);
    return strcmp(again, m->text) == 0 ? tdrest_stmt_bind_time(stmt, 1, m->integer, precisions[v->database]) : 1;
}

/* \x and digits become bytes in their own place; a text is its bytes. 0: broken digits. */
static int read_hex(meaning *m)
{
    size_t digits = strspn(m->text + 2, "0123456789abcdefABCDEF");
    char two[3] = "";

    if (strncmp(m->text, "\\x", 2) != 0)
        return 1;
    if (digits + 2 != m->len || digits % 2 != 0)
        return 0;
    for (size_t i = 0; i < digits / 2; i++) {
        memcpy(two, m->text + 2 + 2 * i, 2);
        m->text[i] = (char)strtoul(two, NULL, 16);
    }
    m->len = digits / 2;
    return 1;
}

static int bind_text(tdrest_stmt *stmt, const tdrt_live_value *v, meaning *m)
{
    if (is_type(v, "DECIMAL") && !m->is_quoted)
        return tdrest_stmt_bind_decimal_text(stmt, 1, m->text, m->len);
    if (!m->is_quoted)
        return 1;
    if (is_type(v, "DECIMAL"))
        return tdrest_stmt_bind_decimal_text(stmt, 1, m->text, m->len);
    if (is_type(v, "NCHAR"))
        return tdrest_stmt_bind_nchar(stmt, 1, m->text, m->len);
    if (is_type(v, "VARBINARY"))
        return read_hex(m) ? tdrest_stmt_bind_varbinary(stmt, 1, m->text, m->len) : 1;
    if (is_type(v, "GEOMETRY"))
        return tdrest_stmt_bind_geometry_wkt(stmt, 1, m->text, m->len);
    if (is_type(v, "JSON"))
        return tdrest_stmt_bind_json(stmt, 0, m->text, m->len);
    return tdrest_stmt_bind_text(stmt, 1, m->text, m->len);
}

static int bind(tdrest_stmt *stmt, const tdrt_live_value *v, meaning *m)
{
    if (!m->is_quoted && strcmp(m->text, "NULL") == 0)
        return tdrest_stmt_bind_null(stmt, is_type(v, "JSON") ? 0 : 1);
    if (is_type(v, "BOOL"))
        return bind_bool(stmt, m);
    if (is_type(v, "FLOAT") || is_type(v, "DOUBLE"))
        return bind_real(stmt, v, m);
    if (is_type(v, "TIMESTAMP"))
        return bind_time(stmt, v, m);
    if (is_type(v, "VARCHAR") || is_type(v, "NCHAR") || is_type(v, "VARBINARY") || is_type(v, "GEOMETRY") || is_type(v, "JSON") || is_type(v, "DECIMAL"))
        return bind_text(stmt, v, m);
    return bind_integer(stmt, m);
}

/* ---- reading ---- */

static int is_json(tdrest_result *res, const meaning *m)
{
    enum { FLAGS = JSON_DECODE_INT_AS_REAL };
    const char *text;
    size_t len;
    json_t *wanted = json_loadb(m->text, m->len, FLAGS, NULL), *got = NULL;
    int same;

    if (tdrest_result_json(res, 0, &text, &len) == TDREST_OK)
        got = json_loadb(text, len, FLAGS, NULL);
    same = wanted != NULL && json_equal(wanted, got);
    json_decref(wanted);
    json_decref(got);
    return same;
}

/* What the server gave back for the same literal; where it refused that, the literal's own words, up to its Z. */
static int is_time(tdrest_result *res, const tdrt_live_value *v, const meaning *m)
{
    const char *text;

    if (v->code == 0)
        return tdrt_live_is(res, 0, v->expected, v->expected_len);
    return tdrest_result_text(res, 0, &text, NULL) == TDREST_OK && m->text[m->len - 1] == 'Z' && strncmp(text, m->text, m->len - 1) == 0;
}

/* The value itself; of decimals and geometries what the server gave back for the same literal. */
static int is_meant(tdrest_result *res, const tdrt_live_value *v, const meaning *m)
{
    const void *bytes;
    uint64_t natural;
    size_t len;
    double real;
    int flag;

    if (!m->is_quoted && strcmp(m->text, "NULL") == 0)
        return tdrest_result_is_null(res, 0);
    if (is_type(v, "BOOL"))
        return tdrest_result_bool(res, 0, &flag) == TDREST_OK && flag == (int)m->integer;
    if (is_type(v, "FLOAT") || is_type(v, "DOUBLE"))
        return tdrest_result_double(res, 0, &real) == TDREST_OK && memcmp(&real, &m->real, sizeof real) == 0;
    if (is_type(v, "JSON"))
        return is_json(res, m);
    if (is_type(v, "VARCHAR") || is_type(v, "NCHAR") || is_type(v, "VARBINARY"))
        return tdrest_result_bytes(res, 0, &bytes, &len) == TDREST_OK && len == m->len && memcmp(bytes, m->text, len) == 0;
    if (is_type(v, "TIMESTAMP"))
        return is_time(res, v, m);
    if (is_type(v, "DECIMAL") || is_type(v, "GEOMETRY"))
        return v->code == 0 && tdrt_live_is(res, 0, v->expected, v->expected_len);
    if (m->text[0] == '-')
        return tdrest_result_int64(res, 0, &(int64_t){0}) == TDREST_OK && tdrt_live_is(res, 0, m->text, m->len);
    return tdrest_result_uint64(res, 0, &natural) == TDREST_OK && natural == m->natural;
}

static void read_back(tdrt_live *live, const tdrt_live_value *v, const meaning *m, const char *select)
{
    tdrest_result *res = tdrt_live_query(live, live->db[v->database], v->zone_out, 1, select);
    const char *shown = "NULL";

    if (res == NULL)
        return;
    (void)tdrest_result_text(res, 0, &shown, NULL);
    tdrt_live_check(live, is_meant(res, v, m), "%s %.*s, bound: read back as %s", v->type, (int)v->literal_len, v->literal, shown);
    tdrest_result_free(res);
}

/* ---- one vector ---- */

static void send(tdrt_live *live, tdrest_stmt *stmt, const tdrt_live_value *v, int64_t key)
{
    static const int64_t units[] = {1, 1000, 1000000};
    static const int precisions[] = {TDREST_MS, TDREST_US, TDREST_NS};
    tdrest_call call = tdrt_live_call(live->db[v->database], v->zone_in);
    int64_t affected = 0;
    int rc = tdrest_stmt_bind_time(stmt, is_type(v, "JSON") ? 1 : 0, key * units[v->database], precisions[v->database]);

    if (rc == TDREST_OK)
        rc = tdrest_stmt_run(stmt, &call, &affected);
    tdrt_live_check(live, rc == TDREST_OK && affected == 1, "%s %.*s, bound: %s", v->type, (int)v->literal_len, v->literal, tdrest_stmt_error(stmt)->message);
}

void tdrt_live_bind(tdrt_live *live, const tdrt_live_value *v, int table)
{
    static const char *const zeros[] = {"", "000", "000000"};
    tdrest_call call = tdrt_live_call(live->db[v->database], NULL);
    meaning m = read_literal(v);
    tdrest_stmt *stmt = NULL;
    int64_t key = live->key++;
    char sql[160], select[96];
    int rc;

    snprintf(sql, sizeof sql, "INSERT INTO t%d VALUES(?,?)", table);
    snprintf(select, sizeof select, "select c from t%d where ts = %" PRId64 "%s", table, key, zeros[v->database]);
    if (is_type(v, "JSON"))
        snprintf(sql, sizeof sql, "INSERT INTO j%" PRId64 " USING t%d TAGS(?) VALUES(?,1)", key, table);
    if (!tdrt_live_check(live, tdrest_stmt_new(live->conn, sql, TDREST_CSTR, &stmt) == TDREST_OK, "%s", sql))
        return;
    tdrt_live_check(live, tdrest_stmt_describe(stmt, &call) == TDREST_OK, "%s: %s", sql, tdrest_stmt_error(stmt)->message);
    rc = bind(stmt, v, &m);
    if (rc == TDREST_OK) {
        send(live, stmt, v, key);
        read_back(live, v, &m, select);
        live->bound++;
    } else if (rc < 0) {
        tdrt_live_check(live, rc == TDREST_EBIND, "%s %.*s, bound: %s", v->type, (int)v->literal_len, v->literal, tdrest_code_name(rc));
        live->refused++;
    }
    tdrest_stmt_free(stmt);
}
