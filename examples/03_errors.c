/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* How to handle a failure by its class, the server's own code, and whether it may be repeated: 03_errors [DSN [SQL...]]. */
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

static const char *advice(const tdrest_error *err)
{
    if (err->repeat == TDREST_REPEAT_SAFE)
        return "it did not run: send it again";
    if (err->repeat == TDREST_REPEAT_IDEMPOTENT)
        return "it may have run: send it again if that does no harm";
    if (tdrest_class_is_a(err->cls, TDREST_CLASS_DATA) && err->ran != TDREST_RAN_NO)
        return "look at the values; other rows of the statement may be stored";
    if (err->server_code == 0x2603)
        return "create the table first";
    if (tdrest_class_is_a(err->cls, TDREST_CLASS_CONNECTION))
        return "look at address and login";
    if (tdrest_class_is_a(err->cls, TDREST_CLASS_INTERFACE))
        return "look at the call: nothing was sent";
    return "look at the statement";
}

static int try(tdrest_conn *conn, const char *sql)
{
    const tdrest_error *err = tdrest_conn_error(conn);
    int64_t affected;
    int rc = tdrest_exec(conn, sql, TDREST_CSTR, NULL, &affected);

    if (rc == TDREST_OK) {
        printf("%s\n  done\n", sql);
        return 0;
    }
    printf("%s\n  %s: %s", sql, tdrest_class_name(err->cls), tdrest_code_name(err->code));
    if (err->server_code != 0)
        printf(" 0x%04x", (unsigned)err->server_code);
    printf(": %s\n  %s\n", err->message, advice(err));
    return 1;
}

int main(int argc, char **argv)
{
    static const char *const statements[] = {
        "select 1", "selec 1", "select * from wire_ms.nope", "select nope from wire_ms.e1", "select * from nodb.t", "create database wire_ms",
        "insert into wire_ms.e1 (ts,i) values ('1900-01-01 00:00:00',1)", "select 1; select 2", "select 'abc",
    };
    tdrest_conn *conn;
    char why[512];
    int failed = 0;

    if (tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why) < 0) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    for (int i = 2; i < argc; i++)
        failed |= try(conn, argv[i]);
    for (size_t i = 0; argc <= 2 && i < sizeof statements / sizeof statements[0]; i++)
        try(conn, statements[i]);
    tdrest_conn_free(conn);
    return failed;
}
