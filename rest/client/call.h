/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What calls that send something have in common: checks, time limits, request ids. Knows no endpoint. */
#ifndef TDRI_CALL_H
#define TDRI_CALL_H

#include "answer/reply.h"
#include "client/conn.h"

/* One call of the user's: what it asks for, how long it may take, and its cancel scope. */
typedef struct tdri_call {
    tdrest_conn *conn;
    tdrest_call settings; /* checked; what the caller's struct of an older version lacks has its default */
    tdri_limits limits;   /* the deadline is one for all exchanges of the call */
    int whole;            /* the deadline holds to the end of the answer, not only until the columns are known */
} tdri_call;

/*
 * Begins a call: its record anew, `given` (NULL: defaults) checked, with what is for tdrest_write alone only where `writes`. From here on it can be
 * cancelled. TDREST_OK; else TDREST_EBUSY, TDREST_EUSAGE or TDREST_EOPTION in the connection's record, and nothing has begun.
 */
int tdri_call_begin(tdri_call *call, tdrest_conn *conn, const tdrest_call *given, int writes);
/* The first part of it, for requests that begin later: `given`, checked, as a struct of today. TDREST_OK, or the code with the record in err. */
int tdri_call_take(const tdrest_call *given, int writes, tdrest_call *settings, tdrest_error *err);
/* The limits but for the deadline, from the settings and the options of the connection. */
void tdri_call_set_limits(tdri_call *call);
/* timeout_ms of the settings, or else of the options. */
int64_t tdri_call_timeout_ms(const tdrest_call *settings, const tdrest_options *options);
/* Returns rc. */
int tdri_call_end(tdri_call *call, int rc);
/* `timeout_ms` begins anew, for a call that documents it as the limit of each request. */
void tdri_call_renew_deadline(tdri_call *call);
/* The caller's, else a new one. */
int64_t tdri_call_req_id(const tdri_call *call);
/* Where the answer at hand comes from. */
tdri_reply_origin tdri_call_origin(tdri_exchange *x, enum tdri_endpoint endpoint);

#endif
