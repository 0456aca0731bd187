/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What stands before and behind the rows: gathered byte by byte, then read in one piece. Knows no cells. */
#include "answer/decode_parts.h"

#include "base/number.h"

#include <string.h>

/* What an array has besides, which newer servers may add, is passed over. The byte behind the array. */
static const char *skip_rest(const char *p, const char *end)
{
    p = p == NULL ? NULL : tdri_json_space(p, end);
    while (p != NULL && p < end && *p == ',') {
        p = tdri_json_skip(tdri_json_space(p + 1, end), end);
        p = p == NULL ? NULL : tdri_json_space(p, end);
    }
    return tdri_json_byte(p, end, ']');
}

/* ["name","type",length]; both texts go to *names, a NUL behind each. */
static const char *read_column(tdri_column *column, const char *p, const char *end, char **names)
{
    char *text[2] = {NULL, NULL};
    size_t len[2] = {0, 0};
    int64_t declared = 0;

    p = tdri_json_byte(p, end, '[');
    for (int i = 0; i < 2 && p != NULL; i++) {
        text[i] = *names;
        p = tdri_json_string(tdri_json_space(p, end), end, text[i], (size_t)(end - p), &len[i]);
        if (p == NULL)
            return NULL;
        text[i][len[i]] = '\0';
        *names += len[i] + 1;
        p = tdri_json_byte(p, end, ',');
    }
    p = p == NULL ? NULL : tdri_int64_parse(tdri_json_space(p, end), end, &declared);
    p = skip_rest(p, end);
    if (p != NULL)
        tdri_block_name(column, text[0], len[0], text[1], declared);
    return p;
}

/* The elements of the array at p; *behind is the byte behind it. -1 when it is broken. */
static int64_t count_elements(const char *p, const char *end, const char **behind)
{
    int64_t count = 0;

    *behind = tdri_json_skip(p, end);
    if (*behind == NULL || *p != '[')
        return -1;
    for (p = tdri_json_space(p + 1, end); *p != ']'; count++) {
        p = tdri_json_space(tdri_json_skip(p, end), end);
        p += *p == ',';
    }
    return count;
}

/* column_meta. Answers the byte behind it; NULL when it is broken or memory is out (*rc tells). */
static const char *read_columns(tdri_decode *decode, const char *p, const char *end, int *rc)
{
    tdrest_block *block = &decode->block;
    const char *behind;
    char *names;
    int64_t count = count_elements(p, end, &behind);

    if (count <= 0 || block->columns != NULL)
        return NULL;
    /* Decoded texts are never longer than their JSON, whose quotes leave room for the NULs. */
    *rc = tdri_block_columns(block, (size_t)count, (size_t)(behind - p) + 8);
    if (*rc != TDREST_OK)
        return NULL;
    names = block->names;
    p++;
    for (int64_t i = 0; i < count && p != NULL; i++) {
        p = read_column(&block->columns[i], p, end, &names);
        p = tdri_json_byte(p, end, i + 1 < count ? ',' : ']');
    }
    if (p != NULL)
        *rc = tdri_block_layout(block, decode->limits.block_bytes, TDRI_ROWS_MAX);
    return *rc == TDREST_OK ? p : NULL;
}

/* The gathered head, from `{` to the `[` of the rows. NULL when it is not what a success begins with. */
static const char *read_head(tdri_decode *decode, int *rc)
{
    const char *p = tdri_buf_text(&decode->text), *end = p + decode->text.len, *name;
    int64_t code = -1;
    size_t len;

    p = tdri_json_byte(p, end, '{');
    for (;;) {
        p = p == NULL ? NULL : tdri_json_member(p, end, &name, &len);
        if (p == NULL)
            return NULL;
        if (tdri_json_is(name, len, "data"))
            return code == 0 && decode->block.columns != NULL ? p : NULL;
        if (tdri_json_is(name, len, "code"))
            p = tdri_int64_parse(p, end, &code);
        else if (tdri_json_is(name, len, "column_meta"))
            p = read_columns(decode, p, end, rc);
        else
            p = tdri_json_skip(p, end);
        p = tdri_json_byte(p, end, ',');
    }
}

/* The text ends in `"data":[`, so what comes now are rows. */
static int at_rows(const tdri_buf *text)
{
    static const char name[] = "\"data\"";
    const char *start = tdri_buf_text(text), *p = start + text->len - 1;

    while (p > start && tdri_json_is_space(p[-1]))
        p--;
    if (p == start || *--p != ':')
        return 0;
    while (p > start && tdri_json_is_space(p[-1]))
        p--;
    return (size_t)(p - start) > sizeof name - 1 && memcmp(p - (sizeof name - 1), name, sizeof name - 1) == 0;
}

const char *tdri_decode_head(tdri_decode *decode, const char *p, const char *end)
{
    int rc = TDREST_OK;
    const char *from = p;

    if (decode->text.len == 0 && decode->track.depth == 0) {
        if (tdri_json_is_space(*p) && decode->offset < TDRI_HEAD_MAX)
            return p + 1;
        if (*p != '{') {
            decode->state = TDRI_IN_OTHER;
            return p;
        }
    }
    for (; p < end; p++) {
        tdri_track_byte(&decode->track, *p);
        if (*p != '[' || decode->track.depth != 2 || decode->track.in_string)
            continue;
        tdri_buf_add(&decode->text, from, (size_t)(p + 1 - from));
        from = p + 1;
        if (tdri_buf_code(&decode->text) == TDREST_OK && at_rows(&decode->text))
            break;
    }
    if (p == end) /* else all up to the bracket has been added */
        tdri_buf_add(&decode->text, from, (size_t)(end - from));
    if (tdri_buf_code(&decode->text) != TDREST_OK)
        return tdri_decode_fail(decode, p, tdri_buf_code(&decode->text) == TDREST_ENOMEM ? TDREST_ENOMEM : TDREST_EANSWER,
                                "no rows within the first %d bytes of the answer", TDRI_HEAD_MAX);
    if (p == end)
        return end;
    if (read_head(decode, &rc) == NULL)
        return tdri_decode_fail(decode, p, rc == TDREST_OK ? TDREST_EANSWER : rc, rc == TDREST_OK
            ? "the beginning of the answer is malformed; expected code 0 and column_meta before data" : "out of memory for the columns");
    tdri_buf_clear(&decode->text);
    decode->text.max = TDRI_TAIL_MAX;
    memset(&decode->track, 0, sizeof decode->track);
    decode->state = TDRI_AT_FIRST_ROW;
    return p + 1;
}

/* A member behind the rows; what newer servers add is passed over. NULL: one that belongs before them, or a code that says that they failed. */
static const char *read_tail_member(tdri_decode *decode, const char *p, const char *end, int64_t *rows)
{
    int64_t code = 0;
    const char *name;
    size_t len;

    p = tdri_json_member(p, end, &name, &len);
    if (p == NULL || tdri_json_is(name, len, "data") || tdri_json_is(name, len, "column_meta"))
        return NULL;
    if (tdri_json_is(name, len, "rows"))
        return tdri_int64_parse(p, end, rows);
    if (tdri_json_is(name, len, "timing"))
        return tdri_int64_parse(p, end, &decode->timing_ns);
    if (!tdri_json_is(name, len, "code"))
        return tdri_json_skip(p, end);
    p = tdri_int64_parse(p, end, &code);
    return code == 0 ? p : NULL;
}

/* The gathered tail, `,"rows":N` to `}`: 1 when it is whole; *rows is -1 when the member is missing. */
static int read_tail(tdri_decode *decode, int64_t *rows)
{
    const char *p = tdri_buf_text(&decode->text), *end = p + decode->text.len;

    *rows = -1;
    for (p = tdri_json_space(p, end); p != NULL && p < end && *p == ','; p = p == NULL ? NULL : tdri_json_space(p, end))
        p = read_tail_member(decode, p + 1, end, rows);
    return p != NULL && p + 1 == end && *p == '}';
}

const char *tdri_decode_tail(tdri_decode *decode, const char *p, const char *end)
{
    const char *from = p;
    int64_t rows, seen = decode->rows_before + (int64_t)decode->block.rows;

    if (decode->text.len == 0)
        decode->track.depth = 1;
    for (; p < end && decode->track.depth > 0; p++)
        tdri_track_byte(&decode->track, *p);
    tdri_buf_add(&decode->text, from, (size_t)(p - from));
    if (tdri_buf_code(&decode->text) != TDREST_OK)
        return tdri_decode_fail(decode, p, tdri_buf_code(&decode->text) == TDREST_ENOMEM ? TDREST_ENOMEM : TDREST_EANSWER,
                                "the answer goes on for more than %d bytes after its rows", TDRI_TAIL_MAX);
    if (decode->track.depth > 0)
        return p;
    if (!read_tail(decode, &rows))
        return tdri_decode_fail(decode, p, TDREST_EANSWER, "the end of the answer is malformed; expected ,\"rows\":N}");
    if (rows < 0)
        return tdri_decode_fail(decode, p, TDREST_EANSWER, "the answer does not say how many rows it has");
    if (rows != seen)
        return tdri_decode_fail(decode, p, TDREST_EANSWER, "the answer says %lld rows but has %lld", (long long)rows, (long long)seen);
    decode->state = TDRI_AT_END;
    return p;
}
