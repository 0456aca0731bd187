/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Schemaless data as requests, for whoever sends them. Knows no grammar, and waits for nothing. */
#ifndef TDRI_WRITE_H
#define TDRI_WRITE_H

#include "client/call.h"
#include "lines/split.h"

/* Data on its way. */
typedef struct tdri_writing {
    int protocol;
    const char *data;        /* borrowed */
    size_t len;
    size_t pos;              /* behind the part at hand */
    size_t max;              /* bytes of a request */
    tdri_split_part part;
    tdri_request_spec spec;
    tdrest_written *written; /* the account */
} tdri_writing;

/*
 * Checks data and settings, whose texts are borrowed, and begins the account. TDREST_OK, or TDREST_EUSAGE in err: nothing
 * is to be sent.
 */
int tdri_writing_begin(tdri_writing *w, int precision, const tdrest_call *settings, tdrest_error *err);
/* 1: the next part is at hand, and has points to be sent. 0: all is written. */
int tdri_writing_next(tdri_writing *w);
/* The request for it. TDREST_OK, or the code with the record in conn. */
int tdri_writing_build(tdri_writing *w, tdrest_conn *conn, int64_t req_id);

/* Takes the answer's bytes into conn->answer; of a long one its begin. */
size_t tdri_writing_receive(void *conn, const char *bytes, size_t len);
/* 1 while more of the answer is wanted. */
int tdri_writing_wants_more(const tdrest_conn *conn);
/* The exchange is over, as its step said: TDREST_OK when the server took the request, else the code with the record in conn. */
int tdri_writing_judge(const tdri_writing *w, tdrest_conn *conn, int rc);

/* The part at hand was written. */
void tdri_writing_note_success(tdri_writing *w);
/* It was not; err has the stamped record, which then tells of all parts. */
void tdri_writing_note_failure(tdri_writing *w, tdrest_error *err);

#endif
