/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a result holds, for the files of this layer. */
#ifndef TDRI_RESULT_H
#define TDRI_RESULT_H

#include "client/call.h"
#include "answer/reply.h"
#include "answer/decode.h"
#include "sql/lexer.h"

/* A cell's text made on demand; stays until the row changes. */
typedef struct tdri_cell_text {
    char small[TDRI_UTC_TEXT];
    char *large; /* hex digits */
    size_t cap;
} tdri_cell_text;

/* What was asked; fixed before the request leaves. */
typedef struct tdri_question {
    enum tdri_sql_verb verb; /* of the statement */
    int whether_ready;       /* the question whether the server serves: only yes is a success */
    int keeps_limit;         /* the deadline holds to the end of the answer, else to its columns */
    int64_t expected_rows;   /* as counted beforehand; 0: not counted, or none */
} tdri_question;

/*
 * Two things move, each on its own: the stream, which may be whole long before its rows are read, and its reader.
 *
 *     ended:    0, bytes may come  ──►  TDREST_DONE or an error: nothing comes any more  ──►  conn NULL: the caller was told
 *     reading:  UNREAD  ──►  ON_ROW  ◄──►  BETWEEN
 *
 * Until the first row is handed out the statement may be sent again, and the rows may still go to Arrow.
 */
enum tdri_reading {
    TDRI_UNREAD, /* no row was handed out */
    TDRI_ON_ROW, /* the getters read this row */
    TDRI_BETWEEN /* rows were handed out, none is current: a block was, or the end was reached */
};

struct tdrest_result {
    tdrest_allocator mem;
    tdrest_conn *conn;       /* NULL: the stream is over or detached */
    tdri_decode decode;
    tdri_question asked;
    int ended;
    enum tdri_reading reading;
    int is_view;             /* lent to a callback: it hands out what is there, and reads nothing */
    tdrest_block *block;     /* whose rows are handed out: a stored one, else the decoder's */
    size_t at;               /* rows of it handed out; the current one is the last of them */
    tdrest_block *stored;    /* blocks read ahead of the decoder's */
    size_t stored_count, stored_cap;
    size_t stored_at;        /* those handed out */
    int64_t affected;        /* -1: the answer has rows */
    tdri_cell_text *texts;   /* one a column; made when first needed */
    int arrow_text;          /* the options, as the word's place, for rest/arrow */
    int arrow_timestamp;
    int arrow_extensions;
    tdrest_error err;        /* the last one: see tdri_result_init */
};

/* The request for a statement as it is sent, which is borrowed, from the call's settings: it goes to conn->request. TDREST_OK, or the code with the record in conn. */
int tdri_query_build(const tdri_call *call, const char *sql, size_t len);

/* Sends what stands in conn->sql, and waits until the columns are known (buffered: for the end). The record of a failure is in conn. */
int tdri_query_send(const tdri_call *call, enum tdri_sql_verb verb, tdrest_result **out);
/* The same for a statement of the caller's, whose rows are counted beforehand where that is asked for. */
int tdri_query_send_verified(const tdri_call *call, enum tdri_sql_verb verb, tdrest_result **out);
/* The same for the text of a question of ours. */
int tdri_query(const tdri_call *call, const char *sql, size_t len, tdrest_result **out);

/* Whether the rows of a call's statement are to be counted beforehand. */
int tdri_verify_is_asked(const tdrest_call *settings, const tdrest_options *options);
/* The statement that counts the rows of this one, which then begins at *offset of it, goes to an empty buffer. TDREST_OK, or TDREST_EUSAGE or TDREST_ENOMEM in err. */
int tdri_verify_wrap(const char *sql, size_t len, tdri_buf *out, size_t *offset, tdrest_error *err);
/* The number that is the whole answer to it; an answer without rows counts none. TDREST_OK, or TDREST_EANSWER in err. */
int tdri_verify_read(tdrest_result *res, int64_t *rows, tdrest_error *err);
/* The record of a count that failed says that it was not the statement itself. */
void tdri_verify_note_failure(tdrest_error *err);
/* Counts the rows of what stands in conn->sql, which stays. TDREST_OK, or the error's code with the record in conn. */
int tdri_verify_count(const tdri_call *call, int64_t *rows);

/* A result for the exchange just started on conn. NULL when memory is out. */
tdrest_result *tdri_result_new(tdrest_conn *conn, const tdri_question *asked);
/* The same in memory of the caller's, which only tdri_result_clear ends. */
void tdri_result_init(tdrest_result *res, tdrest_conn *conn, const tdri_question *asked);
void tdri_result_clear(tdrest_result *res);

/* Reads until columns are known. TDREST_OK, or the error's code with the record in res. */
int tdri_result_begin(tdrest_result *res);

/* tdrest_result_store within a call that runs; a failure is not repeated here. */
int tdri_result_store(tdrest_result *res);

/* What is known, without reading: TDREST_OK: the columns, or the number of rows affected; TDRI_WAIT: neither yet; else how the stream ended. */
int tdri_result_settle(tdrest_result *res);

/* Reads what is there: TDREST_ROW or TDRI_WAIT while the stream goes on; else how it ended. */
int tdri_result_step(tdrest_result *res);
/* Reads once. TDREST_ROW while the stream goes on; else how it ended. */
int tdri_result_pull(tdrest_result *res);
/* The decoder's full block joins the stored ones. TDREST_OK, or TDREST_ENOMEM in the record. */
int tdri_result_store_block(tdrest_result *res);
/* The stream is over, with TDREST_DONE or an error that the record holds. */
int tdri_result_end(tdrest_result *res, int rc);

/*
 * The stream broke, with the error in the record. 1: the statement was sent once more, and the stream is that of its answer, running or broken too; pointers to the
 * columns are still valid. 0: it stands, as rows were handed out or by the rules of client/retry.
 */
int tdri_result_repeat(tdrest_result *res);

/* Reads until a block is full or the stream ends. TDREST_ROW: tdri_result_take has rows; else how the stream ended, also by an error of before. */
int tdri_result_gather(tdrest_result *res);
/*
 * Those rows with their memory, which is the caller's from then on; further blocks are of that size. TDREST_OK, or TDREST_ENOMEM in the record, all as it was. Unless the stream
 * is stopped, tdri_result_return_arena is due next: the texts' arena is used again.
 */
int tdri_result_take(tdrest_result *res, const tdri_block_size *size, tdrest_block *out);
void tdri_result_return_arena(tdrest_result *res, tdrest_block *from);
/* Ends the stream, and what it had left, with the error in the record. */
void tdri_result_stop(tdrest_result *res);

/* Ends the stream early, if it runs: what remains is read for a moment to keep the TCP connection, else that is closed. */
void tdri_result_finish(tdrest_result *res);

/* The connection is free for its next statement. */
void tdri_result_let_go(tdrest_result *res);

/* The connection is going away. */
void tdri_result_detach(tdrest_result *res);

/* The question whether a server serves. */
#define TDRI_READY_SQL "select server_status()"
/* Whether the whole answer to it is the server's word that it serves. */
int tdri_answer_is_ready(const tdri_decode *decode);

/* The end of a body: TDREST_DONE when it was a whole answer with rows, else the code of the error it is, in err. */
int tdri_answer_end(tdri_decode *decode, const tdri_reply_origin *origin, tdrest_error *err);

#endif
