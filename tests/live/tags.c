/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Tables that statements make: tags of every type bound by value, and the same as columns of blocks, into a database of another precision. */
#include "live.h"

static const char *const names[] = {"back one", "Back`2", "back3"}, *const json[] = {"{\"k\":\"it's\"}", "{\"a\":1.5,\"b\":true}", NULL};

static void good(tdrt_live *live, tdrest_stmt *stmt, int rc)
{
    tdrt_live_check(live, rc == TDREST_OK, "tags: %s", tdrest_stmt_error(stmt)->message);
}

static tdrest_stmt *prepare(tdrt_live *live, const char *sql)
{
    tdrest_stmt *stmt = NULL;

    tdrt_live_check(live, tdrest_stmt_new(live->conn, sql, TDREST_CSTR, &stmt) == TDREST_OK, "%s: %s", sql, tdrest_conn_error(live->conn)->message);
    return stmt;
}

static void write_children(tdrt_live *live)
{
    tdrest_call call = tdrt_live_call(live->db[TDRT_LIVE_MS], NULL);
    tdrest_stmt *stmt = prepare(live, "INSERT INTO ? USING back_tags TAGS(?) VALUES(?,?)");
    int64_t affected = 0;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        good(live, stmt, tdrest_stmt_set_table(stmt, names[i], TDREST_CSTR));
        good(live, stmt, json[i] == NULL ? tdrest_stmt_bind_null(stmt, 0) : tdrest_stmt_bind_json(stmt, 0, json[i], TDREST_CSTR));
        good(live, stmt, tdrest_stmt_bind_time(stmt, 1, 1700000000000 + (int64_t)i, TDREST_MS));
        good(live, stmt, tdrest_stmt_bind_int64(stmt, 2, (int64_t)i));
        good(live, stmt, tdrest_stmt_add_row(stmt));
    }
    good(live, stmt, tdrest_stmt_run(stmt, &call, &affected));
    tdrt_live_check(live, affected == (int64_t)COUNT_OF(names), "%" PRId64 " tables with tags", affected);
    tdrest_stmt_free(stmt);
}

/* Name, time, value and tag of each, as the columns of one block. */
static void copy_children(tdrt_live *live)
{
    tdrest_call call = tdrt_live_call(live->db[TDRT_LIVE_US], NULL);
    tdrest_result *res = tdrt_live_query(live, live->db[TDRT_LIVE_MS], NULL, 0, "select tbname, ts, v, j from back_tags order by ts");
    tdrest_stmt *stmt = prepare(live, "INSERT INTO back_tags(tbname,ts,v,j) VALUES(?,?,?,?)");
    const tdrest_block *block;
    int64_t affected = 0;

    while (res != NULL && tdrest_result_next_block(res, &block) == TDREST_ROW) {
        for (int i = 0; i < 4; i++)
            good(live, stmt, tdrest_stmt_bind_column(stmt, i, tdrest_block_column(block, (size_t)i)));
        good(live, stmt, tdrest_stmt_add_row(stmt));
    }
    tdrest_result_free(res);
    good(live, stmt, tdrest_stmt_run(stmt, &call, &affected));
    tdrt_live_check(live, affected == (int64_t)COUNT_OF(names), "%" PRId64 " tables with tags, from blocks", affected);
    tdrest_stmt_free(stmt);
}

static void read_children(tdrt_live *live, int database)
{
    tdrest_result *res = tdrt_live_query(live, live->db[database], NULL, 0, "select tbname, v, j from back_tags order by ts");
    int64_t v;

    for (size_t i = 0; res != NULL && i < COUNT_OF(names); i++) {
        tdrt_live_check(live, tdrest_result_next(res) == TDREST_ROW && tdrt_live_is(res, 0, names[i], strlen(names[i])), "not the name of %s", names[i]);
        tdrt_live_check(live, tdrest_result_int64(res, 1, &v) == TDREST_OK && v == (int64_t)i, "not the row of %s", names[i]);
        tdrt_live_check(live, tdrt_live_is(res, 2, json[i], json[i] == NULL ? 0 : strlen(json[i])), "not the tag of %s", names[i]);
    }
    if (res != NULL)
        tdrt_live_check(live, tdrest_result_next(res) == TDREST_DONE, "more tables with tags");
    tdrest_result_free(res);
}

void tdrt_live_tags(tdrt_live *live)
{
    for (int database = TDRT_LIVE_MS; database <= TDRT_LIVE_US; database++)
        tdrt_live_exec(live, live->db[database], NULL, "create stable back_tags (ts timestamp, v int) tags (j json)", TDREST_CSTR);
    write_children(live);
    copy_children(live);
    read_children(live, TDRT_LIVE_MS);
    read_children(live, TDRT_LIVE_US);
}
