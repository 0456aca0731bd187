/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Memory and the growing text: overflow, ceiling, failures that stick, and an allocator that fails when told to. */
#include "test.h"

#include "base/buf.h"

/* Fails the call number fail_at, counted from 1, and checks the contract of the allocator. */
typedef struct ledger {
    int calls;
    int fail_at;
    int live;
    size_t largest;
} ledger;

static void *ledger_resize(void *context, void *old, size_t bytes)
{
    ledger *l = (ledger *)context;
    void *p;

    CU_ASSERT(bytes != 0);
    if (bytes > l->largest)
        l->largest = bytes;
    if (++l->calls == l->fail_at || bytes > 1 << 20)
        return NULL;
    p = realloc(old, bytes);
    l->live += old == NULL;
    return p;
}

static void *ledger_alloc(void *context, size_t bytes)
{
    return ledger_resize(context, NULL, bytes);
}

static void ledger_release(void *context, void *old)
{
    ((ledger *)context)->live -= old != NULL;
    free(old);
}

static tdrest_allocator allocator_of(ledger *l)
{
    tdrest_allocator mem = {sizeof mem, NULL, ledger_alloc, ledger_resize, ledger_release};

    memset(l, 0, sizeof *l);
    mem.context = l;
    return mem;
}

static void blocks(void)
{
    static const unsigned char zeros[600];
    ledger l;
    tdrest_allocator mem = allocator_of(&l);
    unsigned char *p = (unsigned char *)tdri_mem_alloc(&mem, 600);

    memset(p, 0xff, 600);
    tdri_mem_free(&mem, p);
    p = (unsigned char *)tdri_mem_zeroed(&mem, 20, 30);
    CU_ASSERT(p != NULL && memcmp(p, zeros, 600) == 0);
    memcpy(p, "abc", 4);
    p = (unsigned char *)tdri_mem_resize(&mem, p, 10000);
    CU_ASSERT(p != NULL && memcmp(p, "abc", 4) == 0);
    p[9999] = 1;
    tdri_mem_free(&mem, p);
    tdri_mem_free(&mem, NULL);
    CHECK_INT(l.live, 0);
    CHECK_INT(l.calls, 3);
}

/* What cannot be is refused before the allocator hears of it. */
static void impossible(void)
{
    ledger l;
    tdrest_allocator mem = allocator_of(&l);
    char byte = 'x';

    CU_ASSERT(tdri_mem_alloc(&mem, 0) == NULL);
    CU_ASSERT(tdri_mem_resize(&mem, NULL, 0) == NULL);
    CU_ASSERT(tdri_mem_zeroed(&mem, 0, 8) == NULL);
    CU_ASSERT(tdri_mem_zeroed(&mem, 8, 0) == NULL);
    CU_ASSERT(tdri_mem_zeroed(&mem, SIZE_MAX / 2 + 1, 2) == NULL);
    CU_ASSERT(tdri_mem_zeroed(&mem, 2, SIZE_MAX / 2 + 1) == NULL);
    CU_ASSERT(tdri_mem_zeroed(&mem, SIZE_MAX / 8 + 2, 8) == NULL); /* 8 when it wraps around */
    CU_ASSERT(tdri_mem_text(&mem, &byte, SIZE_MAX) == NULL);
    CHECK_INT(l.calls, 0);
}

static void out_of_memory(void)
{
    ledger l;
    tdrest_allocator mem = allocator_of(&l);
    void *p = tdri_mem_alloc(&mem, 8);

    l.fail_at = 2;
    CU_ASSERT(tdri_mem_resize(&mem, p, 16) == NULL);
    tdri_mem_free(&mem, p); /* still there */
    l.fail_at = 3;
    CU_ASSERT(tdri_mem_alloc(&mem, 8) == NULL);
    l.fail_at = 4;
    CU_ASSERT(tdri_mem_zeroed(&mem, 1, 8) == NULL);
    l.fail_at = 5;
    CU_ASSERT(tdri_mem_text(&mem, "a", 1) == NULL);
    CHECK_INT(l.calls, 5);
    CHECK_INT(l.live, 0);
}

static void texts(void)
{
    ledger l;
    tdrest_allocator mem = allocator_of(&l);
    char *p = tdri_mem_text(&mem, "abcdef", 3);

    CHECK_TEXT(p, "abc");
    tdri_mem_free(&mem, p);
    p = tdri_mem_text(&mem, NULL, 0);
    CHECK_TEXT(p, "");
    tdri_mem_free(&mem, p);
    p = tdri_mem_text(&mem, "a\0b", 3);
    CU_ASSERT(p != NULL && memcmp(p, "a\0b", 4) == 0);
    tdri_mem_free(&mem, p);
    CHECK_INT(l.live, 0);
    p = tdri_mem_text(&tdri_mem_default, "default", 7);
    p = (char *)tdri_mem_resize(&tdri_mem_default, p, 100);
    CHECK_TEXT(p, "default");
    tdri_mem_free(&tdri_mem_default, p);
    CHECK_INT(tdri_mem_default.size, sizeof(tdrest_allocator));
}

static void buf_grows(void)
{
    ledger l;
    tdrest_allocator mem = allocator_of(&l);
    char expected[3001] = "";
    tdri_buf buf;

    tdri_buf_init(&buf, &mem, SIZE_MAX);
    CHECK_TEXT(tdri_buf_text(&buf), "");
    CHECK_INT(l.calls, 0);
    for (size_t i = 0; i < 1000; i++) {
        memcpy(expected + 3 * i, "abc", 4);
        if (i % 2 == 0) {
            tdri_buf_add_text(&buf, "abc");
        } else {
            tdri_buf_add_char(&buf, 'a');
            tdri_buf_add(&buf, "bcd", 2);
        }
        CHECK(buf.len == 3 * (i + 1) && strcmp(tdri_buf_text(&buf), expected) == 0, "after %zu texts", i + 1);
    }
    CHECK_INT(tdri_buf_code(&buf), TDREST_OK);
    CHECK(l.calls <= 7, "%d allocations", l.calls); /* 64 ... 4096 */
    tdri_buf_reset(&buf);
    CHECK_TEXT(tdri_buf_text(&buf), "");
    tdri_buf_add(&buf, NULL, 0);
    CHECK_TEXT(tdri_buf_text(&buf), "");
    tdri_buf_add_int(&buf, INT64_MIN);
    tdri_buf_add_char(&buf, ' ');
    tdri_buf_add_int(&buf, INT64_MAX);
    tdri_buf_add_int(&buf, 0);
    CHECK_TEXT(tdri_buf_text(&buf), "-9223372036854775808 92233720368547758070");
    CHECK(l.calls <= 7, "%d allocations after the reset", l.calls);
    tdri_buf_clear(&buf);
    CHECK_INT(l.live, 0);
    CHECK_TEXT(tdri_buf_text(&buf), "");
    tdri_buf_clear(&buf);
    tdri_buf_add_text(&buf, "usable again");
    CHECK_TEXT(tdri_buf_text(&buf), "usable again");
    tdri_buf_clear(&buf);
    CHECK_INT(l.live, 0);
}

/* Up to the ceiling and no byte further; a refused append leaves the text as it was, and later ones do nothing. */
static void buf_ceiling(void)
{
    for (size_t max = 0; max < 300; max++) {
        ledger l;
        tdrest_allocator mem = allocator_of(&l);
        tdri_buf buf;

        tdri_buf_init(&buf, &mem, max);
        for (size_t i = 0; i < max; i++)
            tdri_buf_add_char(&buf, 'x');
        tdri_buf_add(&buf, "", 0);
        CHECK(tdri_buf_code(&buf) == TDREST_OK && buf.len == max && strlen(tdri_buf_text(&buf)) == max, "%zu of %zu bytes", buf.len, max);
        CHECK(l.largest <= max + 1, "%zu bytes were taken for %zu", l.largest, max);
        tdri_buf_add_char(&buf, 'y');
        CHECK_INT(tdri_buf_code(&buf), TDREST_ERANGE);
        tdri_buf_add(&buf, "", 0);
        CHECK_INT(tdri_buf_code(&buf), TDREST_ERANGE);
        CHECK(buf.len == max && strchr(tdri_buf_text(&buf), 'y') == NULL, "the text of %zu bytes has changed", max);
        tdri_buf_reset(&buf);
        tdri_buf_add(&buf, "z", max != 0);
        CHECK_TEXT(tdri_buf_text(&buf), max != 0 ? "z" : "");
        tdri_buf_clear(&buf);
        CHECK_INT(l.live, 0);
    }
}

/* Lengths near the end of size_t are refused, not wrapped around. */
static void buf_overflow(void)
{
    static const size_t ceilings[] = {100, SIZE_MAX / 2, SIZE_MAX - 1, SIZE_MAX};
    static const size_t beyond[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 2, SIZE_MAX - 3, SIZE_MAX / 2 + 1};

    for (size_t i = 0; i < COUNT_OF(ceilings); i++)
        for (size_t j = 0; j < COUNT_OF(beyond); j++) {
            ledger l;
            tdrest_allocator mem = allocator_of(&l);
            size_t room = (ceilings[i] < SIZE_MAX ? ceilings[i] : SIZE_MAX - 1) - 3;
            int expected = beyond[j] > room ? TDREST_ERANGE : TDREST_ENOMEM;
            tdri_buf buf;

            tdri_buf_init(&buf, &mem, ceilings[i]);
            tdri_buf_add_text(&buf, "abc");
            tdri_buf_add(&buf, "x", beyond[j]);
            CHECK(tdri_buf_code(&buf) == expected, "ceiling %zu, %zu bytes: %d", ceilings[i], beyond[j], tdri_buf_code(&buf));
            CHECK_TEXT(tdri_buf_text(&buf), "abc");
            tdri_buf_clear(&buf);
            CHECK_INT(l.live, 0);
        }
}

/* Each allocation in turn fails: what was there remains, the failure sticks until the reset. */
static void buf_out_of_memory(void)
{
    for (int fail_at = 1; fail_at <= 5; fail_at++) {
        ledger l;
        tdrest_allocator mem = allocator_of(&l);
        size_t before = fail_at == 1 ? 0 : ((size_t)64 << (fail_at - 2)) - 1;
        tdri_buf buf;

        l.fail_at = fail_at;
        tdri_buf_init(&buf, &mem, 10000);
        for (int i = 0; i < 1000; i++)
            tdri_buf_add_char(&buf, 'x');
        CHECK_INT(tdri_buf_code(&buf), TDREST_ENOMEM);
        CHECK(buf.len == before && strlen(tdri_buf_text(&buf)) == before, "%zu bytes are left, expected %zu", buf.len, before);
        CHECK_INT(l.calls, fail_at);
        tdri_buf_reset(&buf);
        tdri_buf_add_text(&buf, "again");
        CHECK_INT(tdri_buf_code(&buf), TDREST_OK);
        CHECK_TEXT(tdri_buf_text(&buf), "again");
        tdri_buf_clear(&buf);
        CHECK_INT(l.live, 0);
    }
}

CU_TestInfo tdrt_mem[] = {
    {"blocks", blocks},
    {"impossible sizes", impossible},
    {"out of memory", out_of_memory},
    {"texts", texts},
    {"buf grows", buf_grows},
    {"buf ceiling", buf_ceiling},
    {"buf overflow", buf_overflow},
    {"buf out of memory", buf_out_of_memory},
    CU_TEST_INFO_NULL,
};
