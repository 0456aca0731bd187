/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * OpenTSDB points as JSON: 14_insert_json [DSN [JSON]]. The DSN names a database. Programs that hold their points in Jansson's values use
 * tdrest_write_json of tdrest_jansson.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

/* Unlike in lines, tags keep their types. */
static const char some[] =
    "[{\"metric\": \"jm.current\", \"timestamp\": 1700000000, \"value\": 10.3, \"tags\": {\"location\": \"SF\", \"groupid\": 2}},"
    " {\"metric\": \"jm.current\", \"timestamp\": 1700000001, \"value\": 12.6, \"tags\": {\"location\": \"LA\", \"groupid\": 3}}]";

int main(int argc, char **argv)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_conn *conn;
    char why[512];
    int rc = tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why);

    if (rc < 0) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    call.timeout_ms = 10000; /* for all requests that it takes */
    rc = tdrest_write(conn, TDREST_PROTOCOL_JSON, 0, argc > 2 ? argv[2] : some, TDREST_CSTR, NULL, &call);
    if (rc < 0) {
        const tdrest_error *err = tdrest_conn_error(conn);

        printf("%s: %s", tdrest_class_name(err->cls), err->message);
        if (err->offset >= 0) /* found before anything was sent */
            printf(" (byte %" PRId64 ")", err->offset);
        printf("\n");
    } else {
        printf("%" PRId64 " points are written\n", tdrest_conn_written(conn)->lines);
    }
    tdrest_conn_free(conn);
    return rc < 0;
}
