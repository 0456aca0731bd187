/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Schemaless writing as its caller sees it: refusals, units of times, options, and going on behind a request that failed. */
#include "live.h"

#define LINE TDREST_PROTOCOL_LINE
#define TELNET TDREST_PROTOCOL_TELNET
#define JSON TDREST_PROTOCOL_JSON

static int write_data(tdrt_live *live, const char *database, int protocol, const char *data)
{
    tdrest_call call = tdrt_live_call(database, NULL);

    return tdrest_write(live->conn, protocol, protocol == LINE ? TDREST_NS : 0, data, TDREST_CSTR, &call);
}

/* The rows that a query gives, in one text: values with `,` between them and `;` behind each row. */
static void check_rows(tdrt_live *live, const char *database, const char *sql, const char *expected)
{
    tdrest_result *res = tdrt_live_query(live, database, "UTC", 0, sql);
    char got[2048] = "";
    size_t len = 0;
    const char *text;
    int rc = TDREST_DONE;

    while (res != NULL && (rc = tdrest_result_next(res)) == TDREST_ROW)
        for (size_t i = 0; i < tdrest_result_column_count(res) && len < sizeof got - 1; i++) {
            if (tdrest_result_text(res, i, &text, NULL) != TDREST_OK)
                text = "NULL";
            len += (size_t)snprintf(got + len, sizeof got - len, "%s%c", text, i + 1 < tdrest_result_column_count(res) ? ',' : ';');
        }
    tdrt_live_check(live, res == NULL || (rc == TDREST_DONE && strcmp(got, expected) == 0), "%s: %s instead of %s", sql, got, expected);
    tdrest_result_free(res);
}

/* ---- refusals ---- */

typedef struct refusal {
    int protocol;
    const char *data;
    int server_code; /* 0: it is written; ANY: no server's code for it is known */
    int unknown;     /* may the line be written all the same? */
} refusal;

enum { ANY = -1 };

static const refusal refusals[] = {
    {LINE, "wr,t=a f=1,s=\"x\" 1700000000000000000", 0, 0},
    {LINE, "wr,t=a f=1i 1700000000000000001", 0x3002, 0},
    {LINE, "wr,t=a f=2 1700000000000000001\nwr,t=a s=2 1700000000000000002", 0x3002, 0},
    {LINE, "wr2,t=a f=1 1700000000000000001\nwr2,t=a f=1i 1700000000000000002", 0x3004, 0},
    {LINE, "wr f=1,f=2 1700000000000000001", 0x263c, 0},
    {LINE, "wr,f=a f=2 1700000000000000001", 0x263c, 0},
    {LINE, "wr,t=b,t=a f=2 1700000000000000001", 0x263c, 0},
    {LINE, "wr f=1 1700000000000000001\nwr f= 1700000000000000002", ANY, 0},
    {LINE, "wr f=128i8", 0x0203, 0},
    {LINE, "wr f=1 soon", 0x0127, 0},
    {LINE, "wr f=1 9214646400000000001", 0x060b, 1},
    {LINE, "wr", ANY, 0},
    {TELNET, "wt 1700000000 1 t=a", 0, 0},
    {TELNET, "wt 1700000001 1 t=a\nwt 17 1 t=a", 0x0127, 0},
    {TELNET, "wt 1700000001 x t=a", ANY, 0},
    {TELNET, "wt 1700000001 1 t=a t=b", 0x263c, 0},
    {JSON, "{\"metric\":\"wj\",\"timestamp\":1700000000,\"value\":1,\"tags\":{\"t\":\"a\"}}", 0, 0},
    {JSON, "{\"metric\":\"wj\",\"timestamp\":17,\"value\":1,\"tags\":{\"t\":\"a\"}}", 0x0127, 0},
    {JSON, "{\"metric\":\"wj\",\"timestamp\":1700000001,\"tags\":{\"t\":\"a\"}}", 0x0221, 0},
    {JSON, "{\"metric\":\"wj\",\"timestamp\":1700000001,\"value\":1,\"tags\":{\"t\":1}}", 0x3002, 0},
    {JSON, "{\"metric\":\"wj\",\"timestamp\":1700000001,\"value\":1,\"tags\":{\"t\":\"a\",\"t\":\"b\"}}", ANY, 0},
};

static void refused(tdrt_live *live)
{
    const tdrest_error *e = tdrest_conn_error(live->conn);
    const tdrest_written *written = tdrest_conn_get_written(live->conn);

    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        const refusal *r = &refusals[i];
        int rc = write_data(live, live->db[TDRT_LIVE_NS], r->protocol, r->data);

        tdrt_live_check(live, rc == (r->server_code == 0 ? TDREST_OK : TDREST_ESERVER) && (r->server_code == ANY || e->server_code == r->server_code) &&
                                  (rc == TDREST_OK || (e->cls == TDREST_CLASS_SCHEMALESS && e->repeat == TDREST_REPEAT_NO && e->row == 0)),
                        "%s: %s 0x%04x %s instead of 0x%04x: %s", r->data, tdrest_code_name(rc), (unsigned)e->server_code,
                        tdrest_class_name(e->cls), (unsigned)r->server_code, e->message);
        tdrt_live_check(live, (r->server_code == ANY || written->failed_unknown == r->unknown) && (written->failed_lines > 0) == (rc < 0) && written->requests == (rc == TDREST_OK),
                        "%s: %" PRId64 " lines failed, unknown %d", r->data, written->failed_lines, written->failed_unknown);
    }
    check_rows(live, live->db[TDRT_LIVE_NS], "select _ts, f, s, t from wr", "2023-11-14T22:13:20.000000000Z,1,x,a;");
    check_rows(live, live->db[TDRT_LIVE_NS], "select _value, t from wt", "1,a;");
    check_rows(live, live->db[TDRT_LIVE_NS], "select _value, t from wj", "1,a;");
}

static void no_database(tdrt_live *live)
{
    const tdrest_error *e = tdrest_conn_error(live->conn);
    int rc = write_data(live, "tdrest_live_nodb", LINE, "wr f=1 1700000000000000000");

    tdrt_live_check(live, rc == TDREST_ESERVER && e->server_code == 0x0388 && e->cls == TDREST_CLASS_SCHEMALESS && !tdrest_conn_get_written(live->conn)->failed_unknown,
                    "no such database: %s 0x%04x %s", tdrest_code_name(rc), (unsigned)e->server_code, e->message);
}

/* ---- what is asked for ---- */

static void units(tdrt_live *live)
{
    static const struct { int precision; const char *data; } cases[] = {
        {TDREST_HOUR, "wu,p=h f=1 472222"},
        {TDREST_MINUTE, "wu,p=m f=1 28333333"},
        {TDREST_SECOND, "wu,p=s f=1 1700000000"},
        {TDREST_MS, "wu,p=ms f=1 1700000000123"},
        {TDREST_US, "wu,p=us f=1 1700000000123456"},
        {TDREST_NS, "wu,p=ns f=1 1700000000123457789"}, /* cut to microseconds */
    };
    tdrest_call call = tdrt_live_call(live->db[TDRT_LIVE_US], NULL);

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        tdrt_live_check(live, tdrest_write(live->conn, LINE, cases[i].precision, cases[i].data, TDREST_CSTR, &call) == TDREST_OK, "%s: %s",
                        cases[i].data, tdrest_conn_error(live->conn)->message);
    check_rows(live, live->db[TDRT_LIVE_US], "select _ts, p from wu order by _ts",
               "2023-11-14T22:00:00.000000Z,h;2023-11-14T22:13:00.000000Z,m;2023-11-14T22:13:20.000000Z,s;2023-11-14T22:13:20.123000Z,ms;"
               "2023-11-14T22:13:20.123456Z,us;2023-11-14T22:13:20.123457Z,ns;");
    tdrt_live_check(live, write_data(live, live->db[TDRT_LIVE_US], TELNET, "put wu.t 1700000000 1 d=10\nwu.t 1700000000123 2 d=13") == TDREST_OK, "telnet: %s",
                    tdrest_conn_error(live->conn)->message);
    check_rows(live, live->db[TDRT_LIVE_US], "select _ts, _value, d from wu_t order by _ts", "2023-11-14T22:13:20.000000Z,1,10;2023-11-14T22:13:20.123000Z,2,13;");
}

static void options(tdrt_live *live)
{
    char database[48], sql[256];
    tdrest_call call = TDREST_CALL_INIT;
    int rc;

    snprintf(database, sizeof database, "`%s`", live->db[TDRT_LIVE_MS]);
    call.database = database;
    call.ttl_days = 9;
    call.table_name_key = "the device";
    rc = tdrest_write(live->conn, LINE, TDREST_MS, "wo,the\\ device=d9,t=a f=1 1700000000000", TDREST_CSTR, &call);
    tdrt_live_check(live, rc == TDREST_OK, "with options: %s", tdrest_conn_error(live->conn)->message);
    check_rows(live, live->db[TDRT_LIVE_MS], "select tbname, t, f from wo", "d9,a,1;");
    snprintf(sql, sizeof sql, "select `ttl` from information_schema.ins_tables where db_name='%s' and table_name='d9'", live->db[TDRT_LIVE_MS]);
    check_rows(live, NULL, sql, "9;");
}

/* ---- several requests ---- */

enum { MANY = 1000, LEN = 32, PER_REQUEST = 4096 / LEN, BAD = 2 * PER_REQUEST + 70 };

static int64_t count_rows(tdrt_live *live, const char *where)
{
    tdrest_result *res;
    char sql[128];
    int64_t count = -1;

    snprintf(sql, sizeof sql, "select count(*) from wm where %s", where);
    res = tdrt_live_query(live, live->db[TDRT_LIVE_MS], NULL, 1, sql);
    if (res != NULL && tdrest_result_int64(res, 0, &count) != TDREST_OK)
        count = -1;
    tdrest_result_free(res);
    return count;
}

/* Requests of 128 lines each; one line of the third cannot be read. */
static void go_on(tdrt_live *live)
{
    static char data[MANY * LEN + 1];
    tdrest_conn *conn = tdrt_live_connect(live, "batch_bytes", "4096");
    tdrest_call call = tdrt_live_call(live->db[TDRT_LIVE_MS], NULL);
    const tdrest_written *written = tdrest_conn_get_written(conn);
    int rc;

    if (conn == NULL)
        return;
    for (int i = 0; i < MANY; i++)
        snprintf(data + LEN * i, sizeof data - (size_t)(LEN * i), "wm,t=a f=%010di %d\n", i, 1700000000 + i);
    memcpy(data + LEN * BAD + 9, "x", 1);
    rc = tdrest_write(conn, LINE, TDREST_SECOND, data, TDREST_CSTR, &call);
    tdrt_live_check(live, rc == TDREST_ESERVER && tdrest_conn_error(conn)->server_code == 0x0203 && tdrest_conn_error(conn)->repeat == TDREST_REPEAT_NO,
                    "the third request: %s: %s", tdrest_code_name(rc), tdrest_conn_error(conn)->message);
    tdrt_live_check(live, written->requests == 2 && written->lines == 2 * PER_REQUEST && written->failed_lines == PER_REQUEST && !written->failed_unknown &&
                              written->unsent_lines == MANY - 3 * PER_REQUEST && written->bytes == 2 * 4096 && written->failed_bytes == 4096,
                    "%" PRId64 " lines are written, %" PRId64 " failed, %" PRId64 " not sent", written->lines, written->failed_lines, written->unsent_lines);
    tdrt_live_check(live, count_rows(live, "f >= 0") == 2 * PER_REQUEST, "not just the first two requests are written");
    rc = tdrest_write(conn, LINE, TDREST_SECOND, data + written->bytes + written->failed_bytes, TDREST_CSTR, &call);
    tdrt_live_check(live, rc == TDREST_OK && written->lines == MANY - 3 * PER_REQUEST, "behind it: %s", tdrest_conn_error(conn)->message);
    tdrt_live_check(live, count_rows(live, "f >= 0") == MANY - PER_REQUEST, "not just one request is missing");
    memcpy(data + LEN * BAD + 9, "0", 1);
    rc = tdrest_write(conn, LINE, TDREST_SECOND, data + 2 * 4096, 4096, &call);
    tdrt_live_check(live, rc == TDREST_OK && count_rows(live, "f >= 0") == MANY, "mended: %s", tdrest_conn_error(conn)->message);
    rc = tdrest_write(conn, LINE, TDREST_SECOND, data, TDREST_CSTR, &call); /* every line has its time: twice is once */
    tdrt_live_check(live, rc == TDREST_OK && count_rows(live, "f >= 0") == MANY, "once more: %s", tdrest_conn_error(conn)->message);
    check_rows(live, live->db[TDRT_LIVE_MS], "select count(*), sum(f), first(_ts), last(_ts) from wm", "1000,499500,2023-11-14T22:13:20.000Z,2023-11-14T22:29:59.000Z;");
    tdrest_conn_free(conn);
}

void tdrt_live_writes(tdrt_live *live)
{
    refused(live);
    no_database(live);
    units(live);
    options(live);
    go_on(live);
}
