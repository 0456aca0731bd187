/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Blocks of columns: arrays summed without a call per value, and their NULLs: 05_blocks [DSN [TABLE]]. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

typedef struct totals {
    int64_t rows, nulls, sum, text_bytes;
    double real_sum;
} totals;

/* One block of (ts, i INT, f FLOAT, v VARCHAR). */
static void add_block(const tdrest_block *block, totals *t)
{
    const tdrest_column *ints = tdrest_block_column(block, 1), *floats = tdrest_block_column(block, 2), *texts = tdrest_block_column(block, 3);
    const int32_t *i = ints->values;
    const float *f = floats->values;

    for (int64_t row = 0; row < tdrest_block_rows(block); row++) {
        t->nulls += !(ints->validity[row >> 3] >> (row & 7) & 1); /* elements of NULLs are 0 */
        t->sum += i[row];
        t->real_sum += (double)f[row];
        t->text_bytes += texts->length[row]; /* the text itself is at texts->bytes + texts->offset[row] */
    }
    t->rows += tdrest_block_rows(block);
}

int main(int argc, char **argv)
{
    static const int wanted[] = {TDREST_TYPE_TIMESTAMP, TDREST_TYPE_INT, TDREST_TYPE_FLOAT, TDREST_TYPE_VARCHAR};
    totals t = {0, 0, 0, 0, 0};
    const tdrest_block *block;
    tdrest_result *res = NULL;
    tdrest_conn *conn;
    char why[512], table[256], sql[300];
    int rc = tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why);

    if (rc < 0) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    if (argc > 2) /* quote names, never paste them */
        rc = tdrest_quote_ident(argv[2], TDREST_CSTR, table, sizeof table, NULL);
    snprintf(sql, sizeof sql, "select * from %s", argc > 2 && rc == TDREST_OK ? table : "wire_ms.long");
    if (rc == TDREST_OK)
        rc = tdrest_query(conn, sql, TDREST_CSTR, NULL, &res);
    for (size_t c = 0; rc == TDREST_OK && c < 4; c++)
        if (tdrest_result_column(res, c) == NULL || tdrest_result_column(res, c)->type != wanted[c])
            rc = TDREST_ETYPE;
    while (rc >= 0 && (rc = tdrest_result_next_block(res, &block)) == TDREST_ROW)
        add_block(block, &t);
    if (rc < 0)
        fprintf(stderr, "%s: %s\n", tdrest_code_name(rc), (res != NULL ? tdrest_result_error(res) : tdrest_conn_error(conn))->message);
    else
        printf("%" PRId64 " rows, %" PRId64 " NULL, sum %" PRId64 ", %.3f, %" PRId64 " bytes of text\n", t.rows, t.nulls, t.sum, t.real_sum, t.text_bytes);
    tdrest_result_free(res);
    tdrest_conn_free(conn);
    return rc < 0;
}
