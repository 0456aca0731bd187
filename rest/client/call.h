/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What calls that send something have in common: checks, time limits, request ids. Knows no endpoint. */
#ifndef TDRI_CALL_H
#define TDRI_CALL_H

#include "client/conn.h"

/* Is the connection free? Begins its record anew. TDREST_OK, or TDREST_EBUSY in it. */
int tdri_call_begin(tdrest_conn *conn);
/*
 * The caller's struct of any version, or NULL, as one of today's. Is it such a struct, within its ranges, and with what is for tdrest_write alone only
 * where `writes`? TDREST_OK, or TDREST_EUSAGE or TDREST_EOPTION in err.
 */
int tdri_call_take(const tdrest_call *given, int writes, tdrest_call *call, tdrest_error *err);
tdri_limits tdri_call_limits(const tdrest_conn *conn, const tdrest_call *call);
/* The caller's, else a new one. */
int64_t tdri_call_req_id(tdrest_conn *conn, const tdrest_call *call);
/* Sends conn->request: logs it, and stamps the record when that fails. */
int tdri_call_start(tdrest_conn *conn, const tdri_limits *limits);

#endif
