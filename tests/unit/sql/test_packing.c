/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows grouped by table and packed: every row once, in its table's order, no statement too long. */
#include "test.h"

#include "sql/packing.h"

static tdri_packing packing;

/* A table's name ends before the first blank. */
static void add(const char *clause, const char *row)
{
    CHECK_INT(tdri_packing_select(&packing, clause, strlen(clause), strcspn(clause, " ")), TDREST_OK);
    tdri_buf_add_text(&packing.text, row);
    CHECK_INT(tdri_packing_add(&packing), TDREST_OK);
}

/* All statements, with '|' behind each. */
static void pack_all(size_t max, char *out, size_t cap)
{
    tdri_packing_cursor cursor = tdri_packing_begin(&packing), counting = cursor;
    tdri_buf sql;
    size_t used = 0;

    out[0] = '\0';
    tdri_buf_init(&sql, &tdri_mem_default, SIZE_MAX);
    while (!cursor.at_end) {
        size_t len, counted = tdri_packing_pack(&packing, &counting, "I ", 2, max, NULL);

        tdri_buf_reset(&sql);
        len = tdri_packing_pack(&packing, &cursor, "I ", 2, max, &sql);
        CHECK(len == sql.len && len == counted && len <= max, "%zu bytes, %zu counted: %s", len, counted, tdri_buf_text(&sql));
        used += (size_t)snprintf(out + used, cap - used, "%s|", tdri_buf_text(&sql));
        if (len <= 2)
            break;
    }
    tdri_buf_clear(&sql);
}

static void groups(void)
{
    char out[256];

    tdri_packing_init(&packing, &tdri_mem_default);
    pack_all(100, out, sizeof out);
    CHECK_TEXT(out, "");
    add("a V", "(1)");
    add("b V", "(2)");
    add("a V", "(3)");
    add("a V", "(4)");
    add("b V", "(5)");
    pack_all(100, out, sizeof out);
    CHECK_TEXT(out, "I a V(1)(3)(4)b V(2)(5)|");
    pack_all(11, out, sizeof out);
    CHECK_TEXT(out, "I a V(1)(3)|I a V(4)|I b V(2)(5)|");
    pack_all(8, out, sizeof out);
    CHECK_TEXT(out, "I a V(1)|I a V(3)|I a V(4)|I b V(2)|I b V(5)|");
    pack_all(14, out, sizeof out);
    CHECK_TEXT(out, "I a V(1)(3)(4)|I b V(2)(5)|");
    pack_all(19, out, sizeof out);
    CHECK_TEXT(out, "I a V(1)(3)(4)|I b V(2)(5)|");
    pack_all(20, out, sizeof out);
    CHECK_TEXT(out, "I a V(1)(3)(4)b V(2)|I b V(5)|");
    add("a W", "(6)"); /* another clause of the same table stands behind the first, and the next "a V" behind both */
    add("b V", "(7)");
    add("a V", "(8)");
    add("a V", "(9)");
    pack_all(100, out, sizeof out);
    CHECK_TEXT(out, "I a V(1)(3)(4)b V(2)(5)(7)a W(6)a V(8)(9)|");
    tdri_packing_reset(&packing);
    pack_all(100, out, sizeof out);
    CHECK_TEXT(out, "");
    add("b V", "(6)");
    pack_all(100, out, sizeof out);
    CHECK_TEXT(out, "I b V(6)|");
    tdri_packing_clear(&packing);
}

/* What was written is passed over, also within a group. */
static void states(void)
{
    tdri_packing_cursor from, to;
    char out[256];

    tdri_packing_init(&packing, &tdri_mem_default);
    add("a V", "(1)");
    add("b V", "(2)");
    add("a V", "(3)");
    add("b V", "(4)");
    from = to = tdri_packing_begin(&packing);
    (void)tdri_packing_pack(&packing, &to, "I ", 2, 8, NULL);
    tdri_packing_set_state(&packing, from, to, TDREST_ROWS_WRITTEN);
    CHECK_INT(packing.rows[0].state, TDREST_ROWS_WRITTEN);
    CHECK_INT(packing.rows[2].state, TDREST_ROWS_NOT_WRITTEN);
    from = to;
    (void)tdri_packing_pack(&packing, &to, "I ", 2, 100, NULL);
    CU_ASSERT(to.at_end);
    tdri_packing_set_state(&packing, from, to, TDREST_ROWS_UNKNOWN);
    for (size_t i = 1; i < 4; i++)
        CHECK_INT(packing.rows[i].state, TDREST_ROWS_UNKNOWN);
    add("a V", "(5)");
    pack_all(100, out, sizeof out);
    CHECK_TEXT(out, "I a V(3)(5)b V(2)(4)|");
    from = to = tdri_packing_begin(&packing);
    (void)tdri_packing_pack(&packing, &to, "I ", 2, 100, NULL);
    tdri_packing_set_state(&packing, from, to, TDREST_ROWS_WRITTEN);
    CU_ASSERT(tdri_packing_begin(&packing).at_end);
    tdri_packing_clear(&packing);
}

static void going_back(void)
{
    tdri_packing_mark mark;
    char out[256];

    tdri_packing_init(&packing, &tdri_mem_default);
    add("a V", "(1)");
    CHECK_INT(tdri_packing_select(&packing, "b V", 3, 1), TDREST_OK);
    mark = tdri_packing_where(&packing);
    add("b V", "(2)");
    add("b V", "(3)");
    tdri_buf_add_text(&packing.text, "(half");
    tdri_packing_rewind(&packing, &mark);
    pack_all(100, out, sizeof out);
    CHECK_TEXT(out, "I a V(1)|");
    add("a V", "(4)");
    mark = tdri_packing_where(&packing);
    add("a V", "(5)");
    tdri_packing_rewind(&packing, &mark);
    add("b V", "(6)");
    pack_all(100, out, sizeof out);
    CHECK_TEXT(out, "I a V(1)(4)b V(6)|");
    tdri_packing_clear(&packing);
}

/* Thousands of tables in turn: each row is packed once, under its own clause, in order. */
static void many_tables(void)
{
    enum { TABLES = 3000, ROUNDS = 3 };
    static int seen[TABLES];
    tdri_packing_cursor cursor;
    tdri_buf sql;
    int wrong = 0, requests = 0, total = 0;

    tdri_packing_init(&packing, &tdri_mem_default);
    tdri_buf_init(&sql, &tdri_mem_default, SIZE_MAX);
    for (int i = 0; i < TABLES * ROUNDS; i++) {
        char clause[32], row[32];

        snprintf(clause, sizeof clause, "t%d V", i % TABLES);
        snprintf(row, sizeof row, "(%d,%d)", i % TABLES, i / TABLES);
        add(clause, row);
    }
    CHECK_INT(packing.group_count, TABLES);
    for (cursor = tdri_packing_begin(&packing); !cursor.at_end; requests++) {
        const char *p;
        int table = -1;

        tdri_buf_reset(&sql);
        (void)tdri_packing_pack(&packing, &cursor, "I ", 2, 4096, &sql);
        wrong += sql.len > 4096;
        for (p = sql.data + 2; *p != '\0'; p++) {
            int number, round;

            if (sscanf(p, "t%d V", &number) == 1)
                table = number;
            if (*p == '(') {
                wrong += sscanf(p, "(%d,%d)", &number, &round) != 2 || number != table || seen[table]++ != round;
                total++;
            }
        }
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(total, TABLES * ROUNDS);
    CU_ASSERT(requests > 10);
    tdri_buf_clear(&sql);
    tdri_packing_clear(&packing);
}

/* Rows of three tables in two clauses each; every range of them dropped: what is left is packed as if the others had never been there. */
static void dropped(void)
{
    enum { ROWS = 12 };
    static const char *const clauses[ROWS] = {"a V", "b V", "a V", "a W", "c V", "a W", "b V", "b V", "a V", "c V", "c V", "b W"};
    char rows[ROWS][32], out[256], expected[256];

    for (int i = 0; i < ROWS; i++)
        snprintf(rows[i], sizeof rows[i], "(%.*s%d)", i % 3, "xx", i);
    for (size_t first = 0; first <= ROWS; first++)
        for (size_t count = 0; first + count <= ROWS; count++) {
            tdri_packing_init(&packing, &tdri_mem_default);
            for (size_t i = 0; i < ROWS; i++) {
                CHECK_INT(tdri_packing_select(&packing, clauses[i], 3, 1), TDREST_OK);
                if (i < first || i - first >= count) {
                    tdri_buf_add_text(&packing.text, rows[i]);
                    CHECK_INT(tdri_packing_add(&packing), TDREST_OK);
                    packing.rows[packing.row_count - 1].state = (uint8_t)(i % 5 == 0 ? TDREST_ROWS_WRITTEN : TDREST_ROWS_UNKNOWN);
                }
            }
            pack_all(100, expected, sizeof expected);
            tdri_packing_clear(&packing);
            tdri_packing_init(&packing, &tdri_mem_default);
            for (size_t i = 0; i < ROWS; i++) {
                add(clauses[i], rows[i]);
                packing.rows[i].state = (uint8_t)(i % 5 == 0 ? TDREST_ROWS_WRITTEN : TDREST_ROWS_UNKNOWN);
            }
            tdri_packing_drop(&packing, first, count);
            CHECK_INT(packing.row_count, ROWS - count);
            pack_all(100, out, sizeof out);
            CHECK(strcmp(out, expected) == 0, "%zu from %zu: %s, not %s", count, first, out, expected);
            add("a V", "(new)");
            add("c V", "(new)");
            pack_all(100, out, sizeof out);
            CHECK(strstr(out, "(new)") != NULL, "%zu from %zu: %s", count, first, out);
            tdri_packing_clear(&packing);
        }
}

/* Which row a byte of a packed statement belongs to: compared with where the row's text, which is unique, stands in it. */
static void rows_of_bytes(void)
{
    tdri_packing_cursor from, to;
    tdri_buf sql;

    tdri_packing_init(&packing, &tdri_mem_default);
    tdri_buf_init(&sql, &tdri_mem_default, SIZE_MAX);
    add("a V", "(row0)");
    add("b V", "(row1)");
    add("a V", "(row2)");
    add("b V", "(row3)");
    packing.rows[2].state = TDREST_ROWS_WRITTEN;
    add("a V", "(row4)");
    for (from = to = tdri_packing_begin(&packing); !from.at_end; from = to) {
        const char *text, *row;

        tdri_buf_reset(&sql);
        (void)tdri_packing_pack(&packing, &to, "I ", 2, 20, &sql);
        text = tdri_buf_text(&sql);
        for (size_t at = 0; at < sql.len; at++) {
            for (row = text + at; row > text && *row != '(' && row[-1] != ')'; row--)
                ;
            CHECK_INT(tdri_packing_packed_row(&packing, from, to, 2, at), *row == '(' ? (size_t)(row[4] - '0') : SIZE_MAX);
        }
        CHECK_INT(tdri_packing_packed_row(&packing, from, to, 2, sql.len), SIZE_MAX);
        CHECK_INT(tdri_packing_packed_row(&packing, from, to, 2, SIZE_MAX), SIZE_MAX);
    }
    tdri_buf_clear(&sql);
    tdri_packing_clear(&packing);
}

CU_TestInfo tdrt_packing[] = {
    {"rows that are dropped", dropped},
    {"rows of bytes", rows_of_bytes},
    {"grouped and packed", groups},
    {"what was written", states},
    {"going back", going_back},
    {"many tables", many_tables},
    CU_TEST_INFO_NULL,
};
