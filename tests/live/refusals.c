/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the server refuses, and what is refused in its place: code, class and the server's own code of each. */
#include "live.h"

typedef struct refusal {
    int named;        /* 1: sent to the database; 0: to none */
    const char *sql;  /* %s: the database */
    int server_code, cls;
} refusal;

static const refusal refusals[] = {
    {1, "selec 1", 0x2600, TDREST_CLASS_PROGRAMMING},
    {0, "select * from tdrest_live_nodb.t", 0x0388, TDREST_CLASS_PROGRAMMING},
    {0, "select * from errors", 0x2616, TDREST_CLASS_PROGRAMMING},
    {0, "insert into errors values (now, 1, 'v')", 0x0200, TDREST_CLASS_PROGRAMMING},
    {1, "select * from nope", 0x2603, TDREST_CLASS_PROGRAMMING},
    {1, "drop table nope", 0x2603, TDREST_CLASS_PROGRAMMING},
    {1, "select nope from errors", 0x2602, TDREST_CLASS_PROGRAMMING},
    {0, "create database %s", 0x0381, TDREST_CLASS_PROGRAMMING},
    {1, "create table errors (ts timestamp, i int)", 0x0603, TDREST_CLASS_PROGRAMMING},
    {1, "insert into errors (ts, i) values ('1900-01-01 00:00:00', 1)", 0x060B, TDREST_CLASS_DATA},
    {1, "insert into errors (ts, v) values (now, 'xxxxxxxxxxxxxxxxxxxx')", 0x2653, TDREST_CLASS_DATA},
    {1, "insert into errors (ts, i) values (now, 'abc')", 0x0216, 0},
    {1, "insert into errors (ts, i) values (now, 99999999999)", 0x0216, 0},
    {1, "insert into errors values (now, 1)", 0x0216, 0},
    {1, "insert into errors (ts, i) values ('yesterday', 1)", 0x0216, 0},
    {1, "insert into errors (ts, ge) values (now, 'POINT(1')", 0x0216, 0},
    {1, "create table ebad using tagged tags ('{not json')", 0x0216, 0},
    {0, "create user root pass 'Abcd1234!'", 0x0350, TDREST_CLASS_PROGRAMMING},
};

static void server_refusals(tdrt_live *live)
{
    char sql[256];

    tdrt_live_exec(live, live->db[0], NULL, "create table errors (ts timestamp, i int, v varchar(8), ge geometry(64))", TDREST_CSTR);
    tdrt_live_exec(live, live->db[0], NULL, "create stable tagged (ts timestamp, i int) tags (j json)", TDREST_CSTR);
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        const refusal *r = &refusals[i];
        tdrest_call call = tdrt_live_call(r->named ? live->db[0] : NULL, NULL);
        const char *mark = strstr(r->sql, "%s");
        const tdrest_error *e;
        int rc;

        snprintf(sql, sizeof sql, "%.*s%s", mark == NULL ? (int)strlen(r->sql) : (int)(mark - r->sql), r->sql, mark == NULL ? "" : live->db[0]);
        call.req_id = 4711 + (int64_t)i;
        rc = tdrest_exec(live->conn, sql, TDREST_CSTR, &call, NULL);
        e = tdrest_conn_error(live->conn);
        tdrt_live_check(live, rc == TDREST_ESERVER && e->server_code == r->server_code && e->http_status != 0 && e->req_id == call.req_id &&
                                  (r->cls == 0 ? tdrest_class_is_a(e->cls, TDREST_CLASS_DATABASE) : e->cls == r->cls),
                        "%s: %s 0x%04x %s instead of 0x%04x: %s", sql, tdrest_code_name(rc), (unsigned)e->server_code,
                        tdrest_class_name(e->cls), (unsigned)r->server_code, e->message);
    }
}

/* Nothing of these is sent. */
static void refused_here(tdrt_live *live)
{
    enum { LONG = 1048600 };
    static const char *const statements[] = {
        "", " ;", "select 1; select 2", "select 'abc", "select /* open", "insert into errors values (now, 1); drop table errors",
    };
    char *text = malloc(LONG + 1);
    tdrest_call call = TDREST_CALL_INIT;
    int rc;

    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        rc = tdrest_exec(live->conn, statements[i], TDREST_CSTR, NULL, NULL);
        tdrt_live_check(live, rc == TDREST_EUSAGE && tdrest_conn_error(live->conn)->phase == TDREST_PHASE_PREPARE, "%s: %s", statements[i],
                        tdrest_code_name(rc));
    }
    if (tdrt_live_check(live, text != NULL, "out of memory")) {
        memset(text, 'x', LONG);
        memcpy(text, "select '", 8);
        memcpy(text + LONG - 1, "'", 2);
        rc = tdrest_exec(live->conn, text, LONG, NULL, NULL);
        tdrt_live_check(live, rc == TDREST_EUSAGE, "a statement of %d bytes: %s", LONG, tdrest_code_name(rc));
    }
    free(text);
    rc = tdrest_exec(live->conn, "select\0 1", 9, NULL, NULL);
    tdrt_live_check(live, rc == TDREST_EUSAGE, "a NUL: %s", tdrest_code_name(rc));
    call.timezone = "+08:00";
    rc = tdrest_exec(live->conn, "select 1", TDREST_CSTR, &call, NULL);
    tdrt_live_check(live, rc == TDREST_EOPTION, "a zone of numbers: %s", tdrest_code_name(rc));
}

static int has_password(const char *dsn)
{
    tdrest_options *options;
    const char *token = NULL, *bearer = NULL;
    int good = 0;

    if (tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK) {
        token = tdrest_options_get(options, "token");
        bearer = tdrest_options_get(options, "bearer_token");
        good = (token == NULL || token[0] == '\0') && (bearer == NULL || bearer[0] == '\0');
    }
    tdrest_options_free(options);
    return good;
}

static void wrong_login(tdrt_live *live)
{
    tdrest_conn *conn;
    const tdrest_error *e;
    int rc;

    if (!has_password(live->dsn)) {
        puts("skipped: a wrong password, as the login is a token");
        live->skipped++;
        return;
    }
    conn = tdrt_live_connect(live, "password", "not-the-password");
    if (conn == NULL)
        return;
    rc = tdrest_exec(conn, "select 1", TDREST_CSTR, NULL, NULL);
    e = tdrest_conn_error(conn);
    tdrt_live_check(live, rc == TDREST_EAUTH && e->cls == TDREST_CLASS_CONNECTION && e->repeat == TDREST_REPEAT_NO &&
                              e->server_code == 0x0357 && strstr(e->message, "not-the-password") == NULL,
                    "a wrong password: %s 0x%04x %s", tdrest_code_name(rc), (unsigned)e->server_code, e->message);
    rc = tdrest_conn_ping(conn, NULL);
    tdrt_live_check(live, rc == TDREST_EAUTH, "ping with a wrong password: %s", tdrest_code_name(rc));
    for (int protocol = TDREST_PROTOCOL_LINE; protocol <= TDREST_PROTOCOL_JSON; protocol++) {
        tdrest_call call = tdrt_live_call(live->db[0], NULL);

        rc = tdrest_write(conn, protocol, protocol == TDREST_PROTOCOL_LINE ? TDREST_NS : 0, protocol == TDREST_PROTOCOL_JSON ? "{}" : "m f=1", TDREST_CSTR,
                          &call);
        tdrt_live_check(live, rc == TDREST_EAUTH && e->cls == TDREST_CLASS_CONNECTION && e->server_code == 0x0357 && !tdrest_conn_get_written(conn)->failed_unknown,
                        "writing with a wrong password: %s 0x%04x %s", tdrest_code_name(rc), (unsigned)e->server_code, e->message);
    }
    tdrest_conn_free(conn);
}

void tdrt_live_refusals(tdrt_live *live)
{
    server_refusals(live);
    refused_here(live);
    wrong_login(live);
}
