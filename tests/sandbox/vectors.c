/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The vectors of tests/data/literals.jsonl through the sandbox's own reading of literals: the recorded value, byte for byte, or the recorded
 * code and text. What is known not to be met stands in a list with its reason; a vector of the list that is met is a failure too, so that
 * the list stays true. Knows nothing of tables and HTTP.
 */
#include "../../tools/sandbox/insert/literal.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE ",\"json_value\":"

enum { MAX_VECTORS = 1000, LEAST_MET_PERCENT = 90 };

typedef struct vector {
    const json_t *line;
    sbx_text literal;
    sbx_text expected; /* JSON, as sent; none where a code is expected */
    int code;
} vector;

/* ---- the line ---- */

static const char *text_of(const json_t *line, const char *key)
{
    const char *text = json_string_value(json_object_get(line, key));

    return text == NULL ? "" : text;
}

static sbx_text from_hex(sbx_arena *arena, const char *hex)
{
    sbx_text copy = sbx_copy(arena, hex, strlen(hex));
    char *bytes = sbx_alloc(arena, copy.len), digits[3] = "";
    size_t i;

    for (i = 0; 2 * i + 1 < copy.len; i++) {
        memcpy(digits, copy.p + 2 * i, 2);
        bytes[i] = (char)strtoul(digits, NULL, 16);
    }
    return (sbx_text){bytes, i};
}

/* A member, or the bytes of one whose name ends in _hex. */
static sbx_text bytes_of(sbx_arena *arena, const json_t *line, const char *key)
{
    const json_t *plain = json_object_get(line, key);
    char name[32];

    snprintf(name, sizeof name, "%s_hex", key);
    if (plain != NULL)
        return sbx_copy(arena, json_string_value(plain), json_string_length(plain));
    return from_hex(arena, text_of(line, name));
}

static sbx_type type_of(const char *name)
{
    static const struct {
        const char *name;
        sbx_type_id id;
    } types[] = {{"TINYINT UNSIGNED", SBX_UTINYINT}, {"SMALLINT UNSIGNED", SBX_USMALLINT}, {"INT UNSIGNED", SBX_UINT},
                 {"BIGINT UNSIGNED", SBX_UBIGINT},   {"TINYINT", SBX_TINYINT},             {"SMALLINT", SBX_SMALLINT},
                 {"INT", SBX_INT},                   {"BIGINT", SBX_BIGINT},               {"BOOL", SBX_BOOL},
                 {"FLOAT", SBX_FLOAT},               {"DOUBLE", SBX_DOUBLE},               {"DECIMAL", SBX_DECIMAL},
                 {"TIMESTAMP", SBX_TIMESTAMP},       {"VARCHAR", SBX_VARCHAR},             {"NCHAR", SBX_NCHAR},
                 {"VARBINARY", SBX_VARBINARY},       {"GEOMETRY", SBX_GEOMETRY},           {"JSON", SBX_JSON}};
    sbx_type type = {SBX_NULL, 0, 0, 0};
    size_t i;

    for (i = 0; i < sizeof types / sizeof *types && type.id == SBX_NULL; i++)
        if (strncmp(name, types[i].name, strlen(types[i].name)) == 0)
            type = sbx_type_fixed(types[i].id, 0);
    name = strchr(name, '(');
    if (name != NULL && type.id == SBX_DECIMAL) {
        type.precision = (int)strtol(name + 1, NULL, 10);
        type.scale = (int)strtol(strchr(name, ',') + 1, NULL, 10);
    } else if (name != NULL) {
        type.length = (int)strtol(name + 1, NULL, 10);
    }
    return type;
}

static int digits_of(const char *precision)
{
    return strcmp(precision, "ns") == 0 ? 9 : strcmp(precision, "us") == 0 ? 6 : 3;
}

/* `conn_tz` is for reading the literal and for writing the value, `tz` for writing alone. */
static int zones_of(const char *parameters, sbx_zone *in, sbx_zone *out)
{
    const char *name = strchr(parameters, '=');
    sbx_buf why = {0};
    int ok;

    *in = *out = SBX_UTC;
    if (name == NULL)
        return 1;
    ok = sbx_zone_find((sbx_text){name + 1, strlen(name + 1)}, out, &why);
    if (strncmp(parameters, "conn_tz=", 8) == 0)
        *in = *out;
    sbx_buf_clear(&why);
    return ok;
}

/* ---- the check: 1 when it is met; else what came instead is printed ---- */

static int is_value(sbx_request *request, const vector *v, const sbx_value *value, const sbx_zone *zone, int show)
{
    sbx_buf json = {0};
    int met;

    if (request->err.code != 0) {
        if (show)
            printf("0x%04x %s, expected %.*s\n", (unsigned)request->err.code, request->err.desc.p, (int)v->expected.len, v->expected.p);
        return 0;
    }
    sbx_value_json(&json, value, zone);
    met = v->code == 0 && sbx_text_equal((sbx_text){json.p, json.len}, v->expected);
    if (!met && show)
        printf("%s, expected %.*s%s\n", json.p, (int)v->expected.len, v->expected.p == NULL ? "" : v->expected.p,
               v->code == 0 ? "" : text_of(v->line, "desc"));
    sbx_buf_clear(&json);
    return met;
}

/* The text of an error as one reads it from the answer. */
static int is_error(sbx_request *request, const vector *v, int show)
{
    const char *expected = text_of(v->line, "desc");
    sbx_buf json = {0};
    json_t *desc;
    int met;

    sbx_json_desc(&json, request->err.desc);
    desc = json_loads(json.p, JSON_DECODE_ANY, NULL);
    met = request->err.code == v->code && desc != NULL &&
          (json_is_true(json_object_get(v->line, "desc_varies")) || strcmp(json_string_value(desc), expected) == 0);
    if (!met && show)
        printf("0x%04x %s, expected 0x%04x %s\n", (unsigned)request->err.code, json.p, (unsigned)v->code, expected);
    json_decref(desc);
    sbx_buf_clear(&json);
    return met;
}

static int is_met(sbx_arena *arena, const vector *v, int show)
{
    static const char before[] = "insert into t values (0, ", before_tag[] = "insert into ct using st tags(", behind[] = ")";
    sbx_type type = type_of(text_of(v->line, "type"));
    const char *frame = type.id == SBX_JSON ? before_tag : before;
    sbx_request request = {arena, NULL, {NULL, 0}, SBX_UTC, 0, {NULL, 0}, {0, {NULL, 0}}};
    sbx_value value = SBX_NO_VALUE;
    size_t pos = strlen(frame);
    sbx_buf sql = {0};
    sbx_text lower;
    sbx_zone zone;

    if (type.id == SBX_TIMESTAMP)
        type.precision = digits_of(text_of(v->line, "db_precision"));
    if (!zones_of(text_of(v->line, "params"), &request.zone, &zone))
        return 0;
    sbx_buf_text(&sql, frame);
    sbx_buf_put(&sql, v->literal.p, v->literal.len);
    sbx_buf_text(&sql, behind);
    lower = sbx_lower(arena, (sbx_text){sql.p, sql.len});
    sbx_buf_clear(&sql);
    sbx_literal(&request, lower, &pos, &type, SBX_TEXT("c"), &value);
    if (v->code != 0 && request.err.code != 0)
        return is_error(&request, v, show);
    if (request.err.code == 0 && pos + strlen(behind) != lower.len) {
        printf("%s: the value ends at the wrong place\n", lower.p);
        return 0;
    }
    return is_value(&request, v, &value, &zone, show);
}

/* ---- the files ---- */

/* The numbers of the list's lines, "NUMBER why". */
static int read_list(const char *path, unsigned char listed[MAX_VECTORS])
{
    FILE *file = fopen(path, "r");
    char text[512];
    long number;

    if (file == NULL)
        return 0;
    while (fgets(text, sizeof text, file) != NULL) {
        number = strtol(text, NULL, 10);
        if (number > 0 && number < MAX_VECTORS)
            listed[number] = 1;
    }
    fclose(file);
    return 1;
}

/*
 * The value is cut off before the line is parsed: it is compared as it is, and no JSON reader holds all of them. 1 as expected, met or listed;
 * 0 else.
 */
static int one_vector(char *text, int number, int listed, int *met)
{
    sbx_arena *arena = sbx_arena_new();
    char *raw = strstr(text, PLACE);
    vector v = {NULL, {NULL, 0}, {NULL, 0}, 0};
    json_t *line;

    *met = 0;
    text[strcspn(text, "\n")] = '\0';
    if (raw != NULL) {
        v.expected = sbx_copy(arena, raw + strlen(PLACE), strlen(raw) - strlen(PLACE) - 1);
        memcpy(raw, "}", 2);
    }
    line = json_loads(text, JSON_ALLOW_NUL, NULL);
    if (line != NULL) {
        v.line = line;
        v.literal = bytes_of(arena, line, "sql_literal");
        v.code = (int)json_integer_value(json_object_get(line, "code"));
        if (json_object_get(line, "json_value_hex") != NULL)
            v.expected = bytes_of(arena, line, "json_value");
        *met = is_met(arena, &v, !listed);
    }
    if (*met == listed)
        printf("vector %d, %s %s: %s\n", number, text_of(line, "type"), text_of(line, "sql_literal"), listed ? "met, but listed as not met" : "not met");
    json_decref(line);
    sbx_arena_free(arena);
    return *met != listed;
}

int main(int argc, char **argv)
{
    static unsigned char listed[MAX_VECTORS];
    FILE *file = argc == 3 ? fopen(argv[1], "r") : NULL;
    int number = 0, passed = 0, met = 0, one;
    char *text = NULL;
    size_t cap = 0;

    if (file == NULL || !read_list(argv[2], listed)) {
        fputs("usage: vectors literals.jsonl vectors-not-met.txt\n", stderr);
        return 2;
    }
    while (number + 1 < MAX_VECTORS && getline(&text, &cap, file) > 1) {
        number++;
        passed += one_vector(text, number, listed[number], &one);
        met += one;
    }
    free(text);
    fclose(file);
    printf("%d of %d met\n%d passed, %d failed\n", met, number, passed, number - passed);
    return number == 0 || passed != number || met * 100 < number * LEAST_MET_PERCENT;
}
