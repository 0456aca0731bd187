/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * One literal in and back, and the vectors of tests/data/literals.jsonl: what a server made of 297 spellings, one JSON object a line.
 * Jansson cannot hold every expected value (integers above 2^63-1, bytes that are not UTF-8): it is cut off before the line is parsed.
 */
#include "live.h"

#include <jansson.h>

#define PLACE ",\"json_value\":"

static const int decimals[4] = {3, 3, 6, 0};

/* The table of a type in a database, made on first use; its number, or -1. */
static int table_of(tdrt_live *live, int database, const char *type)
{
    static struct { char type[32]; int database; } tables[64];
    static int count;
    char sql[128];
    int i;

    for (i = 0; i < count; i++)
        if (strcmp(tables[i].type, type) == 0 && tables[i].database == database)
            return i;
    if (!tdrt_live_check(live, count < (int)COUNT_OF(tables) && strlen(type) < sizeof tables[0].type, "too many types"))
        return -1;
    if (strcmp(type, "JSON") == 0)
        snprintf(sql, sizeof sql, "create stable t%d (ts timestamp, i int) tags (c json)", i);
    else
        snprintf(sql, sizeof sql, "create table t%d (ts timestamp, c %s)", i, type);
    if (tdrt_live_exec(live, live->db[database], NULL, sql, TDREST_CSTR) < 0)
        return -1;
    snprintf(tables[i].type, sizeof tables[i].type, "%s", type);
    tables[i].database = database;
    return count++;
}

/* What the library does not let pass: a NUL, a quote that is not closed. */
static int refused_here(const tdrt_live_value *v)
{
    tdrest_sql_statement statement = TDREST_SQL_STATEMENT_INIT;
    size_t pos = 0;

    return memchr(v->literal, '\0', v->literal_len) != NULL ||
           tdrest_sql_next(v->literal, v->literal_len, &pos, &statement) == TDREST_EUSAGE;
}

static void must_refuse(tdrt_live *live, const tdrt_live_value *v, const char *sql, size_t len)
{
    tdrest_call call = tdrt_live_call(live->db[v->database], v->zone_in);
    int rc = tdrest_exec(live->conn, sql, len, &call, NULL);
    const tdrest_error *e = tdrest_conn_error(live->conn);

    if (refused_here(v))
        tdrt_live_check(live, rc == TDREST_EUSAGE, "%.200s: %s instead of TDREST_EUSAGE", sql, tdrest_code_name(rc));
    else
        tdrt_live_check(live, rc == TDREST_ESERVER && e->server_code == v->code, "%.200s: %s 0x%04x instead of 0x%04x", sql,
                        tdrest_code_name(rc), (unsigned)e->server_code, (unsigned)v->code);
}

static void must_come_back(tdrt_live *live, const tdrt_live_value *v, const char *insert, size_t len, const char *select)
{
    const char *text = "";
    tdrest_result *res;
    int64_t affected = tdrt_live_exec(live, live->db[v->database], v->zone_in, insert, len);

    if (affected < 0 || !tdrt_live_check(live, affected == 1, "%.200s: %" PRId64 " rows", insert, affected))
        return;
    res = tdrt_live_query(live, live->db[v->database], v->zone_out, 1, select);
    if (res == NULL)
        return;
    if (tdrest_result_text(res, 0, &text, NULL) == TDREST_ENULL)
        text = "NULL";
    tdrt_live_check(live, tdrt_live_is(res, 0, v->expected, v->expected_len), "%.200s: read \"%s\", expected \"%s\"", insert, text,
                    v->expected == NULL ? "NULL" : v->expected);
    tdrt_live_check(live, tdrest_result_next(res) == TDREST_DONE, "%s: more than one row", select);
    tdrest_result_free(res);
}

/* Its place in a statement: what stands before and behind the literal, and how it is read. */
static void frame(const tdrt_live_value *v, int table, int64_t key, char before[96], char behind[64], char select[96])
{
    static const char *const zeros[] = {"", "000", "000000"};
    const char *unit = zeros[v->database];

    if (strcmp(v->type, "JSON") == 0) {
        snprintf(before, 96, "insert into j%" PRId64 " using t%d tags (", key, table);
        snprintf(behind, 64, ") values (%" PRId64 "%s, 1)", key, unit);
        snprintf(select, 96, "select c from j%" PRId64, key);
    } else {
        snprintf(before, 96, "insert into t%d values (%" PRId64 "%s, ", table, key, unit);
        snprintf(behind, 64, ")");
        snprintf(select, 96, "select c from t%d where ts = %" PRId64 "%s", table, key, unit);
    }
}

void tdrt_live_round(tdrt_live *live, const tdrt_live_value *v)
{
    char before[96], behind[64], select[96], *insert = NULL;
    int table;
    size_t len;

    if (strncmp(v->type, "DECIMAL", 7) == 0 && !tdrt_live_since(live, decimals, v->type))
        return;
    table = table_of(live, v->database, v->type);
    if (table < 0)
        return;
    frame(v, table, live->key++, before, behind, select);
    len = strlen(before) + v->literal_len + strlen(behind);
    insert = malloc(len + 1);
    if (!tdrt_live_check(live, insert != NULL, "out of memory"))
        return;
    memcpy(insert, before, strlen(before));
    memcpy(insert + strlen(before), v->literal, v->literal_len);
    memcpy(insert + strlen(before) + v->literal_len, behind, strlen(behind) + 1);
    if (v->code != 0)
        must_refuse(live, v, insert, len);
    else
        must_come_back(live, v, insert, len, select);
    if (v->is_vector)
        tdrt_live_bind(live, v, table);
    free(insert);
}

/* ---- the file ---- */

static const char *text_of(const json_t *line, const char *key)
{
    const char *text = json_string_value(json_object_get(line, key));

    return text == NULL ? "" : text;
}

/* Bytes of a text of hexadecimal digits, in its own place. */
static size_t from_hex(char *text, size_t len)
{
    char digits[3] = "";
    size_t i;

    for (i = 0; 2 * i + 1 < len; i++) {
        memcpy(digits, text + 2 * i, 2);
        text[i] = (char)strtoul(digits, NULL, 16);
    }
    text[i] = '\0';
    return i;
}

/* A member as text, or one whose name ends in _hex as bytes; NULL when there is neither. */
static char *bytes_of(const json_t *line, const char *key, size_t *len)
{
    char name[32], *bytes;
    json_t *plain = json_object_get(line, key), *hex;

    snprintf(name, sizeof name, "%s_hex", key);
    hex = json_object_get(line, name);
    *len = json_string_length(plain != NULL ? plain : hex);
    if ((plain == NULL && hex == NULL) || (bytes = malloc(*len + 1)) == NULL)
        return NULL;
    memcpy(bytes, json_string_value(plain != NULL ? plain : hex), *len);
    bytes[*len] = '\0';
    if (plain == NULL)
        *len = from_hex(bytes, *len);
    return bytes;
}

/* What is expected, as the getters give it: strings without their JSON. Also bytes that no JSON reader takes. */
static char *expected_of(const json_t *line, const char *raw, size_t *len)
{
    json_t *string;
    char *text;

    if (raw == NULL) {
        text = bytes_of(line, "json_value", len);
        if (text == NULL || *len < 2)
            return text;
        *len -= 2; /* the quotes */
        memmove(text, text + 1, *len);
        text[*len] = '\0';
        return text;
    }
    string = json_loads(raw, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    *len = json_is_string(string) ? json_string_length(string) : strlen(raw);
    text = strcmp(raw, "null") == 0 ? NULL : malloc(*len + 1);
    if (text != NULL) {
        memcpy(text, json_is_string(string) ? json_string_value(string) : raw, *len);
        text[*len] = '\0';
    }
    json_decref(string);
    return text;
}

/* Recorded in UTC but where the parameters say otherwise: `conn_tz` is for both ways, `tz` for reading alone. */
static void set_zones(tdrt_live_value *v, const char *parameters)
{
    v->zone_in = v->zone_out = "UTC";
    if (strncmp(parameters, "conn_tz=", 8) == 0)
        v->zone_in = v->zone_out = parameters + 8;
    else if (strncmp(parameters, "tz=", 3) == 0)
        v->zone_out = parameters + 3;
}

/* What the server wrote with seconds cut off its offset the library writes in UTC. */
static char *in_utc(char *recorded, size_t *len)
{
    static const char cut[] = "1900-01-01T08:05:43.000+08:05", whole[] = "1900-01-01T00:00:00.000Z";

    if (recorded != NULL && strcmp(recorded, cut) == 0) {
        memcpy(recorded, whole, sizeof whole);
        *len = sizeof whole - 1;
    }
    return recorded;
}

static void one_vector(tdrt_live *live, char *text, int number)
{
    tdrt_live_value v = {NULL, 0, NULL, NULL, NULL, 0, NULL, 0, 0, 1};
    char *raw = strstr(text, PLACE), *literal, *expected;
    const char *precision;
    json_t *line;

    text[strcspn(text, "\n")] = '\0';
    if (raw != NULL) {
        raw[strlen(raw) - 1] = '\0'; /* the object's own brace */
        memcpy(raw, "}", 2);
        raw += strlen(PLACE);
    }
    line = json_loads(text, JSON_ALLOW_NUL, NULL);
    literal = bytes_of(line, "sql_literal", &v.literal_len);
    if (!tdrt_live_check(live, literal != NULL, "vector %d cannot be read", number)) {
        json_decref(line);
        return;
    }
    precision = text_of(line, "db_precision");
    v.type = text_of(line, "type");
    v.database = precision[0] == 'u' ? TDRT_LIVE_US : precision[0] == 'n' ? TDRT_LIVE_NS : TDRT_LIVE_MS;
    set_zones(&v, text_of(line, "params"));
    v.literal = literal;
    v.expected = expected = in_utc(expected_of(line, raw, &v.expected_len), &v.expected_len);
    v.code = (int)json_integer_value(json_object_get(line, "code"));
    tdrt_live_round(live, &v);
    free(literal);
    free(expected);
    json_decref(line);
}

void tdrt_live_vectors(tdrt_live *live, const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = NULL;
    size_t cap = 0;
    int number = 0;

    if (!tdrt_live_check(live, file != NULL, "%s cannot be opened", path))
        return;
    while (getline(&text, &cap, file) > 1)
        one_vector(live, text, ++number);
    tdrt_live_check(live, number >= 297, "%s has only %d vectors", path, number);
    /* The least is what is left without DECIMAL, which servers before 3.3.6 do not know. */
    tdrt_live_check(live, live->bound >= 120 && live->refused >= 60, "of them %d bound, %d refused", live->bound, live->refused);
    free(text);
    fclose(file);
}
