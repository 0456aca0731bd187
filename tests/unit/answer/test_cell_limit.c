/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* max_cell_bytes: what counts, and that the way an answer is cut does not matter. */
#include "test.h"

#include "answer/decode.h"

/* A cell above max_cell_bytes is refused, with its place. */
static void cell_limit(void)
{
    static const char *const bodies_over[] = {
        "{\"code\":0,\"column_meta\":[[\"a\",\"INT\",4],[\"v\",\"VARCHAR\",9]],\"data\":[[1,\"ok\"],[2,\"0123456789abcdef0\"]],\"rows\":2}",
        "{\"code\":0,\"column_meta\":[[\"a\",\"INT\",4],[\"v\",\"JSON\",9]],\"data\":[[1,{}],[2,{\"k\":\"0123456789abcdef\"}]],\"rows\":2}",
    };
    const tdri_decode_limits limits = {131072, 16};

    for (size_t i = 0; i < COUNT_OF(bodies_over); i++) {
        tdri_decode decode;
        tdrest_error err;

        tdri_err_reset(&err);
        tdri_decode_init(&decode, &tdri_mem_default, &limits);
        (void)tdri_decode_feed(&decode, bodies_over[i], strlen(bodies_over[i]), &err);
        CHECK(err.code == TDREST_EANSWER && strstr(err.message, "max_cell_bytes") != NULL, "%d %s", err.code, err.message);
        CHECK_INT(err.row, 1);
        CHECK_INT(err.column, 1);
        CHECK_INT(decode.block.rows, 1);
        tdri_decode_clear(&decode);
    }
}

/* A body of one column of that type: a row, two with the cell, and more so that the fast way is taken. */
static void long_cell(tdri_buf *body, const char *type, const char *open, const char *unit, size_t count, const char *close)
{
    tdri_buf_reset(body);
    tdri_buf_add_text(body, "{\"code\":0,\"column_meta\":[[\"v\",\"");
    tdri_buf_add_text(body, type);
    tdri_buf_add_text(body, "\",9]],\"data\":[[null],");
    for (int row = 0; row < 2; row++) {
        tdri_buf_add_char(body, '[');
        tdri_buf_add_text(body, open);
        for (size_t i = 0; i < count; i++)
            tdri_buf_add_text(body, unit);
        tdri_buf_add_text(body, close);
        tdri_buf_add_text(body, "],");
    }
    for (int i = 0; i < 20; i++)
        tdri_buf_add_text(body, "[null],");
    tdri_buf_add_text(body, "[null]],\"rows\":24}");
}

/* The body in two pieces, and with 0 in pieces of one byte. */
static int feed_cut(const tdri_buf *body, size_t cut, tdrest_error *err)
{
    const tdri_decode_limits limits = {131072, 1024};
    const char *text = tdri_buf_text(body);
    tdri_decode decode;
    int rc;

    tdri_err_reset(err);
    tdri_decode_init(&decode, &tdri_mem_default, &limits);
    if (cut > 0) {
        (void)tdri_decode_feed(&decode, text, cut, err);
        (void)tdri_decode_feed(&decode, text + cut, body->len - cut, err);
    }
    for (size_t i = 0; cut == 0 && i < body->len; i++)
        (void)tdri_decode_feed(&decode, text + i, 1, err);
    rc = tdri_decode_end(&decode, err);
    tdri_decode_clear(&decode);
    return rc;
}

/* Whether a cell is within max_cell_bytes does not depend on how the answer is cut: bytes of its text count, without escapes; hex digits of binary values. */
static void cell_limit_everywhere(void)
{
    static const struct { const char *type, *open, *unit, *close; size_t unit_bytes, more; } cells[] = {
        {"VARCHAR", "\"", "x", "\"", 1, 0}, {"VARCHAR", "\"", "\\n", "\"", 1, 0}, {"NCHAR", "\"", "\\u00e9", "\"", 2, 0},
        {"NCHAR", "\"", "\xc3\xa9", "\"", 2, 0}, {"VARBINARY", "\"", "ab", "\"", 2, 0}, {"JSON", "", "1", "", 1, 0},
        {"JSON", "\"", "x", "\"", 1, 2}, {"JSON", "{\"k\":\"", "x", "\"}", 1, 8}, {"DOUBLE", "0.", "0", "", 1, 2}, {"FLOAT", "0.", "0", "", 1, 2},
    };
    tdri_buf body;

    tdri_buf_init(&body, &tdri_mem_default, 100000);
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        size_t most = (1024 - cells[i].more) / cells[i].unit_bytes, over;
        tdrest_error err, first;

        long_cell(&body, cells[i].type, cells[i].open, cells[i].unit, most, cells[i].close);
        for (size_t cut = 0; cut < body.len; cut++)
            if (feed_cut(&body, cut, &err) != TDREST_OK)
                CHECK(0, "%s of 1024 bytes, cut at %zu: %s", cells[i].type, cut, err.message);
        long_cell(&body, cells[i].type, cells[i].open, cells[i].unit, most + 1, cells[i].close);
        over = (size_t)(strstr(tdri_buf_text(&body), "[null],") - tdri_buf_text(&body)) + 8;
        for (size_t cut = 0; cut < body.len; cut++) {
            (void)feed_cut(&body, cut, &err);
            if (cut == 0)
                first = err;
            if (err.code != TDREST_EANSWER || strstr(err.message, "max_cell_bytes") == NULL || strcmp(err.message, first.message) != 0 ||
                err.offset != (int64_t)over || err.row != 1 || err.column != 0)
                CHECK(0, "%s, cut at %zu: byte %" PRId64 ", row %" PRId64 ": %s", cells[i].type, cut, err.offset, err.row, err.message);
        }
    }
    tdri_buf_clear(&body);
}

CU_TestInfo tdrt_cell_limit[] = {
    {"place", cell_limit},
    {"cut everywhere", cell_limit_everywhere},
    CU_TEST_INFO_NULL,
};
