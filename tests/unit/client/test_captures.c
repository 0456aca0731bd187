/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Every recorded answer to SQL, from every adapter: read whole, byte by byte,
 * cut in two at every place, and ended at every byte; and its cells compared
 * with another reading of the same bytes.
 */
#include "test.h"

#include "client/result.h"
#include "dump.h"
#include "oracle.h"
#include "recording.h"

/* Above this a body is cut at some places only. */
enum { LARGE = 65536 };

#ifndef TDRT_POINTS
#if defined(__SANITIZE_ADDRESS__)
#define TDRT_POINTS 60
#else
#define TDRT_POINTS 300
#endif
#endif

static const tdrt_cuts whole = {0, 0, 0, 0};

/* Calls check for every recorded answer of a statement, and counts them. */
static int each_answer(void (*check)(const tdrt_recording *))
{
    int count = 0;

    for (size_t set = 0; tdrt_recording_sets[set] != NULL; set++)
        for (int i = 0; i < 1000; i++) {
            tdrt_recording r;

            if (!tdrt_recording_read(tdrt_recording_sets[set], i, &r))
                continue;
            if (strncmp(r.target, "/rest/sql", 9) == 0 && strcmp(r.method, "POST") == 0) {
                check(&r);
                count++;
            }
            tdrt_recording_free(&r);
        }
    return count;
}

/* Places to cut a body: every one, or evenly spread over a large one. */
static size_t next_place(size_t at, size_t len)
{
    return len <= LARGE ? at + 1 : at + (len - 1) / TDRT_POINTS + 1;
}

static void decode_into(tdri_buf *out, const tdrt_recording *r, const tdrt_cuts *cuts)
{
    tdrest_error err;

    tdri_buf_reset(out);
    (void)tdrt_decode(r->body, r->len, cuts, &tdri_mem_default, out, &err);
    CU_ASSERT(tdri_buf_code(out) == TDREST_OK);
}

static void check_cuts(const tdrt_recording *r)
{
    tdri_buf expected, seen;
    tdrt_cuts cuts = {1, 1, 0, 0};

    tdri_buf_init(&expected, &tdri_mem_default, SIZE_MAX / 2);
    tdri_buf_init(&seen, &tdri_mem_default, SIZE_MAX / 2);
    decode_into(&expected, r, &whole);
    for (cuts.hand_out = 0; cuts.hand_out < 2; cuts.hand_out++) {
        decode_into(&seen, r, &cuts);
        CHECK(strcmp(tdri_buf_text(&seen), tdri_buf_text(&expected)) == 0, "%s differs byte by byte", r->name);
    }
    cuts.step = 0;
    for (cuts.first = 1; cuts.first < r->len; cuts.first = next_place(cuts.first, r->len)) {
        cuts.hand_out = (int)(cuts.first & 1);
        decode_into(&seen, r, &cuts);
        if (strcmp(tdri_buf_text(&seen), tdri_buf_text(&expected)) != 0)
            CHECK(0, "%s differs when cut at byte %zu:\n%s\n%s", r->name, cuts.first, tdri_buf_text(&seen), tdri_buf_text(&expected));
    }
    tdri_buf_clear(&expected);
    tdri_buf_clear(&seen);
}

static void cut_in_two(void)
{
    int count = each_answer(check_cuts);

    printf(" %d answers ", count);
    CU_ASSERT(count == 239);
}

/* The verdict on a body as the client gives it. */
static int verdict(const tdrt_recording *r, size_t len, tdrest_error *err)
{
    const tdri_decode_limits limits = {131072, 16777216};
    const tdri_reply_origin origin = {TDRI_SQL, r->status, r->content_type, NULL, NULL};
    tdri_decode decode;
    int rc;

    tdri_err_reset(err);
    tdri_decode_init(&decode, &tdri_mem_default, &limits);
    for (size_t at = 0; at < len && decode.state != TDRI_BROKEN;) {
        at += tdri_decode_feed(&decode, r->body + at, len - at, err);
        if (decode.full)
            tdri_decode_recycle(&decode);
    }
    rc = decode.state == TDRI_BROKEN ? err->code : tdri_answer_end(&decode, &origin, err);
    tdri_decode_clear(&decode);
    return rc;
}

static void check_ended(const tdrt_recording *r)
{
    tdrest_error err;

    if (r->status != 200 || verdict(r, r->len, &err) != TDREST_DONE)
        return; /* errors cut short: see the tests of replies */
    for (size_t len = 0; len < r->json_len; len = next_place(len, r->len)) {
        int rc = verdict(r, len, &err);

        if (rc != TDREST_EANSWER || err.cls != TDREST_CLASS_RESULT)
            CHECK(0, "%s ended at byte %zu gives %d: %s", r->name, len, rc, err.message);
    }
    for (size_t len = r->json_len + 1; len < r->len; len++)
        CHECK(verdict(r, len, &err) == TDREST_EANSWER, "%s ended within its stray bytes at %zu passes", r->name, len);
}

static void ended_anywhere(void)
{
    CU_ASSERT(each_answer(check_ended) == 239);
}

static tdrt_oracle totals;

static void check_cells(const tdrt_recording *r)
{
    tdrest_error err;
    tdrt_oracle oracle;
    int rc = verdict(r, r->len, &err);

    if (strstr(r->name, "select-json-tag") != NULL && strstr(r->name, "null") == NULL) {
        CHECK(rc == TDREST_EANSWER && strstr(err.message, "whole tag") != NULL, "%s: %d %s", r->name, rc, err.message);
        return;
    }
    if (strstr(r->name, "row-with-meta") != NULL) {
        CHECK(rc == TDREST_EANSWER || r->status == 400, "%s: %d %s", r->name, rc, err.message);
        return;
    }
    if (strstr(r->name, "nan-and-infinity") != NULL && r->len == 0) {
        CHECK(rc == TDREST_EANSWER, "%s: %d %s", r->name, rc, err.message);
        return;
    }
    if (strncmp(r->body, "{\"code\":0", r->len < 9 ? r->len : 9) != 0 || r->len == 0) {
        CHECK(rc < 0, "%s: an error passes for an answer", r->name);
        return;
    }
    CHECK(rc == TDREST_DONE, "%s: %d %s", r->name, rc, err.message);
    tdrt_oracle_begin(&oracle, r->name, r->body, r->json_len);
    rc = tdrt_decode_blocks(r->body, r->len, &whole, &tdri_mem_default, tdrt_oracle_block, &oracle, &err);
    tdrt_oracle_end(&oracle);
    CHECK(rc == TDREST_DONE && oracle.wrong == 0, "%s: %lld wrong cells", r->name, (long long)oracle.wrong);
    totals.cells += oracle.cells;
    totals.unread += oracle.unread;
}

static void against_another_reading(void)
{
    memset(&totals, 0, sizeof totals);
    CU_ASSERT(each_answer(check_cells) == 239);
    printf(" %lld cells compared, %lld that the other reader could not read ", (long long)totals.cells, (long long)totals.unread);
    CU_ASSERT(totals.cells > 100000);
}

CU_TestInfo tdrt_captures[] = {
    {"cells against another reading", against_another_reading},
    {"whole, byte by byte, cut in two", cut_in_two},
    {"ended at every byte", ended_anywhere},
    CU_TEST_INFO_NULL,
};
