/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What calls that send something have in common. */
#include "test.h"

#include "client/call.h"

/* Ids are positive whatever they are counted from: 0 would not be sent. */
static void request_ids(void)
{
    const uint64_t step = 0x9e3779b97f4a7c15u;
    tdri_call call;
    tdrest_conn *conn;
    char why[512];
    int64_t id = 0;

    CU_ASSERT_FATAL(tdrest_open("http://h", &conn, why, sizeof why) == TDREST_OK);
    memset(&call, 0, sizeof call);
    call.conn = conn;
    for (uint64_t i = 0; i < 1000; i++) {
        int64_t before = id;

        conn->last_req_id = (i - 500) * step; /* the count comes to 0 on the way */
        id = tdri_call_req_id(&call);
        CHECK(id > 0 && id != before, "%" PRId64 " after %" PRId64, id, before);
    }
    conn->last_req_id = 0 - step;
    CHECK_INT(tdri_call_req_id(&call), 1);
    call.settings.req_id = 7;
    CHECK_INT(tdri_call_req_id(&call), 7);
    tdrest_conn_free(conn);
}

CU_TestInfo tdrt_call[] = {
    {"request ids", request_ids},
    CU_TEST_INFO_NULL,
};
