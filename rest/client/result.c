/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The cursor: pulls the answer through the decoder as rows are asked for. Knows no types. */
#include "client/result.h"

#include "client/call.h"

#include <stddef.h>
#include <string.h>

/* What free reads of an answer to keep its TCP connection. */
enum { FINISH_BYTES = 65536, FINISH_MS = 20 };

void tdri_result_init(tdrest_result *res, tdrest_conn *conn, const tdri_question *asked)
{
    tdri_decode_limits limits;

    memset(res, 0, offsetof(tdrest_result, err));
    limits.block_bytes = (size_t)tdri_opts_int(conn->options, TDRI_OPT_BLOCK_BYTES);
    limits.max_cell_bytes = (size_t)tdri_opts_int(conn->options, TDRI_OPT_MAX_CELL_BYTES);
    res->mem = conn->mem;
    res->conn = conn;
    res->asked = *asked;
    res->affected = -1;
    tdri_err_reset(&res->err);
    tdri_decode_init(&res->decode, &res->mem, &limits);
    res->decode.zone = &conn->zone;
    res->arrow_text = (int)tdri_opts_int(conn->options, TDRI_OPT_ARROW_TEXT);
    res->arrow_timestamp = (int)tdri_opts_int(conn->options, TDRI_OPT_ARROW_TIMESTAMP);
    res->arrow_extensions = (int)tdri_opts_int(conn->options, TDRI_OPT_ARROW_EXTENSIONS);
    res->block = &res->decode.block;
    conn->open = res;
}

tdrest_result *tdri_result_new(tdrest_conn *conn, const tdri_question *asked)
{
    tdrest_result *res = (tdrest_result *)tdri_mem_alloc(&conn->mem, sizeof *res);

    if (res != NULL)
        tdri_result_init(res, conn, asked);
    return res;
}

void tdri_result_let_go(tdrest_result *res)
{
    if (res->conn != NULL && res->conn->open == res)
        res->conn->open = NULL;
    res->conn = NULL;
}

/*
 * The stream is over, with TDREST_DONE or an error that the record holds. The connection is free only when the caller
 * has been told, so that whether it is does not depend on how fast the server was.
 */
int tdri_result_end(tdrest_result *res, int rc)
{
    res->ended = rc;
    if (rc < 0 && tdri_decode_has_columns(&res->decode) && !res->asked.whether_ready)
        res->err.ran = TDREST_RAN_YES;
    if (rc < 0) {
        tdri_conn_stamp(res->conn, &res->err);
        return rc;
    }
    tdri_attempts_succeed(res->conn);
    tdri_conn_log(res->conn, TDREST_LOG_DEBUG, "req_id=0x%llx: complete after %lld bytes",
                  (unsigned long long)res->conn->request.req_id, (long long)res->decode.offset);
    return rc;
}

static int tell_end(tdrest_result *res)
{
    tdri_result_let_go(res);
    return res->ended;
}

static size_t take(void *context, const char *bytes, size_t len)
{
    tdrest_result *res = (tdrest_result *)context;

    return tdri_decode_feed(&res->decode, bytes, len, &res->err);
}

/* An answer that the server cut looks complete. */
static int check_rows(tdrest_result *res, const tdri_reply_origin *origin)
{
    int64_t rows = res->decode.rows_before + (int64_t)res->decode.block.rows;

    if (rows >= res->asked.expected_rows)
        return TDREST_DONE;
    res->err.http_status = origin->http_status;
    res->err.phase = TDREST_PHASE_READ;
    return tdri_err_set(&res->err, TDREST_EANSWER, "the answer ends after %lld rows; verify_rows counted %lld", (long long)rows,
                        (long long)res->asked.expected_rows);
}

/* A server that says so has answered, and does not serve: the attempt has failed like one that was refused. */
static int check_ready(tdrest_result *res, const tdri_reply_origin *origin)
{
    if (tdri_answer_is_ready(&res->decode))
        return TDREST_DONE;
    res->err.http_status = origin->http_status;
    (void)tdri_err_set(&res->err, TDREST_ESERVER, "the server says that it is not ready");
    res->err.cls = TDREST_CLASS_OPERATIONAL;
    return res->err.code;
}

/* What the exchange brought with rc: rc while the stream goes on, else how it ended. */
static int note_step(tdrest_result *res, int rc)
{
    tdri_exchange *x = res->conn->exchange;
    tdri_reply_origin origin;

    if (res->decode.state == TDRI_BROKEN) {
        origin = tdri_call_origin(x, TDRI_SQL);
        res->err.http_status = origin.http_status;
        res->err.phase = TDREST_PHASE_READ;
        tdri_exchange_finish(x, 0, 0);
        return tdri_result_end(res, res->err.code);
    }
    if (rc == TDREST_ROW && tdri_decode_has_enough(&res->decode)) {
        tdri_exchange_finish(x, 0, 0);
        rc = TDREST_DONE;
    }
    if (rc == TDREST_ROW || rc == TDRI_WAIT)
        return rc;
    origin = tdri_call_origin(x, TDRI_SQL);
    if (rc == TDREST_DONE)
        rc = tdri_answer_end(&res->decode, &origin, &res->err);
    if (rc == TDREST_DONE)
        rc = check_rows(res, &origin);
    if (rc == TDREST_DONE && res->asked.whether_ready)
        rc = check_ready(res, &origin);
    if (rc == TDREST_DONE)
        return tdri_result_end(res, rc);
    if (res->err.http_status == 0)
        res->err.http_status = origin.http_status;
    if (res->err.phase == TDREST_PHASE_NONE)
        res->err.phase = TDREST_PHASE_READ;
    return tdri_result_end(res, rc);
}

int tdri_result_step(tdrest_result *res)
{
    return note_step(res, tdri_exchange_step(res->conn->exchange, take, res, &res->err));
}

int tdri_result_pull(tdrest_result *res)
{
    return note_step(res, tdri_exchange_run(res->conn->exchange, take, res, &res->err));
}

/* The shape of the answer to INSERT, DDL and the like: one column of this name and type. */
static int looks_like_update(const tdri_decode *decode)
{
    const tdri_column *c = decode->block.columns;

    return decode->block.column_count == 1 && c->kind == TDRI_KIND_I32 && strcmp(c->pub.name, "affected_rows") == 0;
}

/* Takes the one number of an update's answer. The server counts in 32 bits: what is negative has passed 2^31, and is right again without a sign. */
static int take_affected(tdrest_result *res)
{
    const tdrest_block *block = &res->decode.block;

    if (block->rows != 1 || tdri_column_is_null(block->columns, 0)) {
        res->err.phase = TDREST_PHASE_READ;
        res->err.http_status = tdri_call_origin(res->conn->exchange, TDRI_SQL).http_status;
        return tdri_result_end(res, tdri_err_set(&res->err, TDREST_EANSWER, "affected_rows is not a single number"));
    }
    res->affected = (uint32_t)((const int32_t *)block->columns[0].values)[0];
    res->at = block->rows;
    tdri_result_let_go(res);
    return TDREST_OK;
}

int tdri_result_settle(tdrest_result *res)
{
    if (!tdri_decode_has_columns(&res->decode))
        return res->ended == 0 ? TDRI_WAIT : res->ended;
    if (res->affected >= 0)
        return TDREST_OK;
    if (res->asked.verb != TDRI_SQL_READS && looks_like_update(&res->decode)) {
        if (res->ended == 0)
            return TDRI_WAIT;
        return res->ended < 0 ? res->ended : take_affected(res);
    }
    if (res->ended == 0 && !res->asked.keeps_limit)
        tdri_exchange_lift_deadline(res->conn->exchange);
    return TDREST_OK;
}

int tdri_result_begin(tdrest_result *res)
{
    int rc;

    while ((rc = tdri_result_settle(res)) == TDRI_WAIT)
        (void)tdri_result_pull(res);
    return rc;
}

size_t tdrest_result_column_count(const tdrest_result *res)
{
    return res == NULL || res->affected >= 0 ? 0 : res->decode.block.column_count;
}

const tdrest_column *tdrest_result_column(const tdrest_result *res, size_t index)
{
    return index < tdrest_result_column_count(res) ? &res->block->columns[index].pub : NULL;
}

int tdrest_result_column_index(const tdrest_result *res, const char *name)
{
    size_t count = tdrest_result_column_count(res);

    for (size_t i = 0; i < count; i++)
        if (strcmp(res->decode.block.columns[i].pub.name, name) == 0)
            return (int)i;
    return -1;
}

/* Reads until the decoder's block has rows: TDREST_ROW, or how the stream ended. */
static int read_block(tdrest_result *res)
{
    tdri_decode *decode = &res->decode;
    tdri_loop *loop = res->conn->loop;

    tdri_loop_enter(loop);
    tdri_decode_recycle(decode);
    res->at = 0;
    do
        while (decode->block.rows == 0 && res->ended == 0)
            (void)tdri_result_pull(res);
    while (res->ended < 0 && tdri_result_repeat(res));
    tdri_loop_leave(loop);
    if (decode->block.rows == 0)
        return tell_end(res);
    if (res->ended == 0)
        tdri_attempts_succeed(res->conn);
    return TDREST_ROW;
}

/* The next of the stored blocks, the decoder's own last. */
static void next_stored(tdrest_result *res)
{
    res->stored_at++;
    res->block = res->stored_at < res->stored_count ? &res->stored[res->stored_at] : &res->decode.block;
    res->at = 0;
}

static void leave_row(tdrest_result *res)
{
    if (res->reading == TDRI_ON_ROW)
        res->reading = TDRI_BETWEEN;
}

/* Makes rows available that were not handed out: TDREST_ROW, or how the stream ended. */
static int fill(tdrest_result *res)
{
    leave_row(res);
    while (res->at == res->block->rows && res->block != &res->decode.block)
        next_stored(res);
    if (res->at < res->block->rows)
        return TDREST_ROW;
    if (res->is_view)
        return TDREST_DONE;
    return res->ended != 0 ? tell_end(res) : read_block(res);
}

int tdrest_result_next(tdrest_result *res)
{
    int rc = res->at < res->block->rows ? TDREST_ROW : fill(res);

    if (rc == TDREST_ROW) {
        res->at++;
        res->reading = TDRI_ON_ROW;
    }
    return rc;
}

int tdrest_result_next_block(tdrest_result *res, const tdrest_block **out)
{
    int rc;

    *out = NULL;
    if (res->reading == TDRI_ON_ROW)
        res->at = res->block->rows;
    rc = fill(res);
    if (rc == TDREST_ROW) {
        res->at = res->block->rows;
        res->reading = TDRI_BETWEEN;
        *out = res->block;
    }
    return rc;
}

/* Room for one more stored block. */
static int grow_stored(tdrest_result *res)
{
    size_t cap = res->stored_cap == 0 ? 16 : res->stored_cap * 2;
    tdrest_block *more;

    if (res->stored_count < res->stored_cap)
        return TDREST_OK;
    more = cap > SIZE_MAX / sizeof *more ? NULL : (tdrest_block *)tdri_mem_resize(&res->mem, res->stored, cap * sizeof *more);
    if (more == NULL)
        return TDREST_ENOMEM;
    res->stored = more;
    res->stored_cap = cap;
    return TDREST_OK;
}

int tdri_result_store_block(tdrest_result *res)
{
    int rc = grow_stored(res);

    if (rc == TDREST_OK)
        rc = tdri_decode_split(&res->decode, NULL, &res->stored[res->stored_count]);
    if (rc == TDREST_OK)
        res->stored_count++;
    else
        rc = tdri_err_set(&res->err, rc, "out of memory after %lld stored rows", (long long)res->decode.rows_before);
    res->block = res->stored_count > 0 ? &res->stored[0] : &res->decode.block;
    return rc;
}

static void store_rest(tdrest_result *res)
{
    int rc = TDREST_OK;

    while (res->ended == 0) {
        if (res->decode.full)
            rc = tdri_result_store_block(res);
        if (rc == TDREST_OK) {
            (void)tdri_result_pull(res);
            continue;
        }
        tdri_exchange_finish(res->conn->exchange, 0, 0);
        (void)tdri_result_end(res, rc);
    }
}

int tdri_result_store(tdrest_result *res)
{
    int rc;

    store_rest(res);
    rc = tell_end(res);
    return rc == TDREST_DONE ? TDREST_OK : rc;
}

int tdrest_result_store(tdrest_result *res)
{
    tdri_loop *loop = res->conn == NULL ? NULL : res->conn->loop;
    int rc;

    if (res->is_view)
        return TDREST_EUSAGE;
    if (loop == NULL)
        return tdri_result_store(res);
    tdri_loop_enter(loop);
    do
        store_rest(res);
    while (res->ended < 0 && tdri_result_repeat(res));
    rc = tdri_result_store(res);
    tdri_loop_leave(loop);
    return rc;
}

int tdri_result_gather(tdrest_result *res)
{
    tdri_decode *decode = &res->decode;

    if (res->at < res->block->rows && (res->block != &decode->block || decode->full))
        return TDREST_ROW;
    if (res->ended == 0) {
        tdri_loop *loop = res->conn->loop;

        tdri_loop_enter(loop);
        do
            while (!decode->full && res->ended == 0)
                (void)tdri_result_pull(res);
        while (res->ended < 0 && tdri_result_repeat(res));
        tdri_loop_leave(loop);
    }
    return res->at < res->block->rows ? TDREST_ROW : tell_end(res);
}

int tdri_result_take(tdrest_result *res, const tdri_block_size *size, tdrest_block *out)
{
    const tdri_block_size none = {0, 1};

    if (res->block != &res->decode.block) {
        *out = *res->block;
        tdri_block_init(res->block, &res->mem);
        next_stored(res);
    } else if (tdri_decode_split(&res->decode, res->ended == 0 ? size : &none, out) != TDREST_OK) {
        return tdri_err_set(&res->err, TDREST_ENOMEM, "out of memory after %lld rows", (long long)res->decode.rows_before);
    }
    if (res->ended == 0)
        tdri_attempts_succeed(res->conn);
    res->reading = TDRI_BETWEEN;
    return TDREST_OK;
}

void tdri_result_return_arena(tdrest_result *res, tdrest_block *from)
{
    if (res->decode.block.arena == NULL && from->arena != NULL)
        tdri_block_take_arena(&res->decode.block, from);
    tdri_mem_free(&res->mem, from->arena); /* of a block that was stored */
    from->arena = NULL;
}

void tdri_result_stop(tdrest_result *res)
{
    if (res->ended == 0)
        tdri_exchange_finish(res->conn->exchange, 0, 0);
    res->ended = res->err.code;
    res->at = res->block->rows;
    tdri_result_let_go(res);
}

int64_t tdrest_result_affected(const tdrest_result *res)
{
    return res == NULL ? -1 : res->affected;
}

int64_t tdrest_result_timing(const tdrest_result *res)
{
    return res == NULL ? -1 : res->decode.timing_ns;
}

const tdrest_error *tdrest_result_error(const tdrest_result *res)
{
    return res == NULL ? tdri_err_none() : &res->err;
}

void tdri_result_finish(tdrest_result *res)
{
    if (res->conn == NULL)
        return;
    tdri_exchange_finish(res->conn->exchange, FINISH_BYTES, FINISH_MS);
    if (res->ended == 0) /* else whoever repeats it tells how it ended */
        tdri_attempts_give_up(res->conn);
}

void tdri_result_detach(tdrest_result *res)
{
    tdri_result_let_go(res);
    leave_row(res);
    res->block = &res->decode.block;
    res->at = res->block->rows;
    tdri_err_reset(&res->err);
    res->ended = tdri_err_set(&res->err, TDREST_EUSAGE, "the connection of this result was freed");
}

void tdri_result_clear(tdrest_result *res)
{
    const tdrest_allocator mem = res->mem;
    const size_t columns = res->decode.block.column_count;

    tdri_result_finish(res);
    tdri_result_let_go(res);
    for (size_t i = 0; res->texts != NULL && i < columns; i++)
        tdri_mem_free(&mem, res->texts[i].large);
    tdri_mem_free(&mem, res->texts);
    for (size_t i = 0; i < res->stored_count; i++)
        tdri_block_clear(&res->stored[i]);
    tdri_mem_free(&mem, res->stored);
    tdri_decode_clear(&res->decode);
}

void tdrest_result_free(tdrest_result *res)
{
    tdrest_allocator mem;

    if (res == NULL || res->is_view) /* a callback's is not the caller's */
        return;
    mem = res->mem;
    tdri_result_clear(res);
    tdri_mem_free(&mem, res);
}
