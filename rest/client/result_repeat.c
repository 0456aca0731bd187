/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A statement whose answer broke after its columns were told, and before a row was handed out: once more, behind the same columns. */
#include "client/result.h"

/* The columns that were told went with the first block that was stored: the others' are copies. */
static void bring_back_columns(tdrest_result *res, tdri_decode *old)
{
    tdri_column *copies = old->block.columns;

    if (res->stored_count == 0)
        return;
    old->block.columns = res->stored[0].columns;
    res->stored[0].columns = copies;
}

/*
 * The new answer's columns are those already told: its decoder goes on behind them, and what was read of the old answer goes away. The host hears of
 * it when there is a row: what breaks again has not served.
 */
static void adopt(tdrest_result *res, tdri_decode *old)
{
    bring_back_columns(res, old);
    tdri_block_take_columns(&res->decode.block, &old->block);
    for (size_t i = 0; i < res->stored_count; i++)
        tdri_block_clear(&res->stored[i]);
    res->stored_count = res->stored_at = 0;
    res->block = &res->decode.block;
    res->at = 0;
    tdri_decode_clear(old);
    if (res->ended == 0 && !res->asked.keeps_limit)
        tdri_exchange_lift_deadline(res->conn->exchange);
}

static void refuse(tdrest_result *res)
{
    if (res->ended == 0)
        tdri_exchange_finish(res->conn->exchange, 0, 0);
    tdri_attempts_give_up(res->conn);
    tdri_err_reset(&res->err);
    (void)tdri_err_set(&res->err, TDREST_EANSWER, "the statement was repeated because its answer broke, and its columns are now different");
    res->err.phase = TDREST_PHASE_READ;
    (void)tdri_result_end(res, TDREST_EANSWER);
}

int tdri_result_repeat(tdrest_result *res)
{
    tdri_decode old;
    int rc;

    if (res->reading != TDRI_UNREAD || res->conn == NULL || !tdri_attempts_go_on(res->conn, &res->err)) {
        res->ended = res->err.code; /* a cancel during the wait replaced it */
        return 0;
    }
    old = res->decode;
    tdri_decode_init(&res->decode, &res->mem, &old.limits);
    res->decode.zone = old.zone;
    res->ended = 0;
    rc = tdri_attempts_start(res->conn, &res->err);
    if (rc != TDREST_OK)
        res->ended = rc;
    while (res->ended == 0 && !tdri_decode_has_columns(&res->decode))
        (void)tdri_result_pull(res);
    if (tdri_decode_has_columns(&res->decode) && tdri_block_has_same_columns(&res->decode.block, &old.block)) {
        adopt(res, &old);
        return 1;
    }
    rc = tdri_decode_has_columns(&res->decode);
    if (rc)
        refuse(res);
    tdri_decode_clear(&res->decode);
    res->decode = old; /* its columns are still to be seen */
    return !rc;
}
