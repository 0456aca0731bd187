/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Answers that carry no rows: error objects, bare strings, proxies' pages,
 * nothing at all. Knows nothing of transport.
 */
#ifndef TDRI_REPLY_H
#define TDRI_REPLY_H

#include "error/record.h"
#include "request/request.h"

/* More of such a body is of no interest. */
enum { TDRI_REPLY_MAX = 65536 };

/* Where a body came from. */
typedef struct tdri_reply_origin {
    enum tdri_endpoint endpoint;
    int http_status;
    const char *content_type;     /* NULL: none */
    const char *content_encoding; /* that the body still has; NULL: none */
    const char *answerer;         /* with status 407: host:port of the proxy; NULL: not known */
} tdri_reply_origin;

/*
 * Turns a whole body (len <= TDRI_REPLY_MAX, cut there) into err: code, class, server code, HTTP status, message, and TDREST_RAN_YES as ran
 * where it says so; what that means for a repeat is the judge's to say (error/outcome.h).
 * Always fills an error and answers its code: the caller knows already that the body is no success.
 */
int tdri_reply_error(const char *body, size_t len, const tdri_reply_origin *origin, tdrest_error *err);

#endif
