/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Old and new times in zones whose offsets had seconds, which the server does not write: each must be the number that the server has for it,
 * one by one, in blocks, and when blocks are bound back.
 */
#include "live.h"

/* Around changes of the zones below, and where nothing changes. */
static const int64_t times[] = {
    -5364662400000, -2776979813000, -2776979812000, -2717640001000, -2208988800000, -2177481944000, -2177481943000, -1604359013001, -1604359012000,
    -1028420000000, -1, 0, 63593069999, 63593070000, 63676799999, 63676800000, 1719903845678, 7258118400000,
};

static int write_times(tdrt_live *live, const char *table)
{
    char sql[2048];
    size_t len;

    snprintf(sql, sizeof sql, "create table %s (ts timestamp, c timestamp)", table);
    tdrt_live_exec(live, live->db[TDRT_LIVE_MS], NULL, sql, TDREST_CSTR);
    len = (size_t)snprintf(sql, sizeof sql, "insert into %s values", table);
    for (size_t i = 0; i < COUNT_OF(times); i++)
        len += (size_t)snprintf(sql + len, sizeof sql - len, " (%d, %" PRId64 ")", (int)i, times[i]);
    return tdrt_live_exec(live, live->db[TDRT_LIVE_MS], NULL, sql, TDREST_CSTR) == (int64_t)COUNT_OF(times);
}

/* Without a file for the zone old times are refused: that is no failure, and proves nothing. */
static int is_refusal(tdrt_live *live, const char *zone, int rc, const tdrest_error *err)
{
    if (rc != TDREST_EANSWER || strstr(err->message, "zone files") == NULL)
        return 0;
    printf("skipped: times before 1972 in %s: %s\n", zone == NULL ? "the connection's zone" : zone, err->message);
    live->skipped++;
    return 1;
}

static void read_times(tdrt_live *live, const char *zone, const char *table)
{
    char select[96];
    tdrest_result *res;
    int64_t number, when;
    int rc, precision;
    size_t row = 0;

    snprintf(select, sizeof select, "select cast(c as bigint), c from %s order by ts", table);
    res = tdrt_live_query(live, live->db[TDRT_LIVE_MS], zone, 0, select);
    if (res == NULL)
        return;
    while ((rc = tdrest_result_next(res)) == TDREST_ROW && row < COUNT_OF(times)) {
        int good = tdrest_result_int64(res, 0, &number) == TDREST_OK && tdrest_result_time(res, 1, &when, &precision) == TDREST_OK;

        tdrt_live_check(live, good && number == times[row] && when == number, "%s in %s: %" PRId64 " is read as %" PRId64, table,
                        zone == NULL ? "the connection's zone" : zone, times[row], when);
        row++;
    }
    if (!is_refusal(live, zone, rc, tdrest_result_error(res)))
        tdrt_live_check(live, rc == TDREST_DONE && row == COUNT_OF(times), "%s: %s after %zu rows", select, tdrest_code_name(rc), row);
    tdrest_result_free(res);
}

/* The table's blocks into another one, as they are. 1 when that went well. */
static int bind_back(tdrt_live *live, const char *zone, const char *from, const char *to)
{
    tdrest_call call = tdrt_live_call(live->db[TDRT_LIVE_MS], zone);
    char sql[96];
    const tdrest_block *block;
    tdrest_stmt *stmt = NULL;
    tdrest_result *res;
    int rc;

    snprintf(sql, sizeof sql, "create table %s (ts timestamp, c timestamp)", to);
    tdrt_live_exec(live, live->db[TDRT_LIVE_MS], NULL, sql, TDREST_CSTR);
    snprintf(sql, sizeof sql, "insert into %s values(?, ?)", to);
    if (!tdrt_live_check(live, tdrest_stmt_new(live->conn, sql, TDREST_CSTR, &stmt) == TDREST_OK, "%s", sql))
        return 0;
    tdrt_live_check(live, tdrest_stmt_describe(stmt, &call) == TDREST_OK, "%s: %s", sql, tdrest_stmt_error(stmt)->message);
    snprintf(sql, sizeof sql, "select ts, c from %s order by ts", from);
    res = tdrt_live_query(live, live->db[TDRT_LIVE_MS], zone, 0, sql);
    rc = res == NULL ? TDREST_DONE : tdrest_result_store(res);
    if (rc == TDREST_OK)
        rc = tdrest_result_next_block(res, &block);
    if (rc == TDREST_ROW && tdrest_stmt_bind_column(stmt, 0, tdrest_block_column(block, 0)) == TDREST_OK &&
        tdrest_stmt_bind_column(stmt, 1, tdrest_block_column(block, 1)) == TDREST_OK)
        rc = tdrest_stmt_run(stmt, &call, NULL);
    if (!is_refusal(live, zone, rc, tdrest_result_error(res)))
        tdrt_live_check(live, rc == TDREST_OK, "%s, bound back: %s %s", from, tdrest_code_name(rc), tdrest_stmt_error(stmt)->message);
    tdrest_stmt_free(stmt);
    tdrest_result_free(res);
    return rc == TDREST_OK;
}

void tdrt_live_zones(tdrt_live *live)
{
    static const char *const zones[] = {NULL, "UTC", "Asia/Shanghai", "Africa/Monrovia", "Europe/Amsterdam", "America/New_York", "Etc/GMT-8"};
    char to[24];

    if (!tdrt_live_check(live, write_times(live, "zone_old"), "old times cannot be written"))
        return;
    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        read_times(live, zones[i], "zone_old");
        snprintf(to, sizeof to, "zone_back%zu", i);
        if (bind_back(live, zones[i], "zone_old", to))
            read_times(live, "UTC", to);
    }
}
