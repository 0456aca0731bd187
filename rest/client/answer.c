/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The verdict on an answer whose body has ended. Knows nothing of connections. */
#include "client/result.h"

int tdri_answer_is_ready(const tdri_decode *decode)
{
    const tdrest_block *block = &decode->block;

    return block->rows == 1 && block->columns[0].kind == TDRI_KIND_I32 && !tdri_column_is_null(block->columns, 0) &&
           ((const int32_t *)block->columns[0].values)[0] == 1;
}

int tdri_answer_end(tdri_decode *decode, const tdri_reply_origin *origin, tdrest_error *err)
{
    int rc;

    if (tdri_decode_is_other(decode))
        return tdri_reply_error(tdri_buf_text(&decode->text), decode->text.len, origin, err);
    rc = tdri_decode_end(decode, err);
    if (rc == TDREST_OK && origin->http_status != 200)
        rc = tdri_err_set(err, TDREST_EANSWER, "rows came with HTTP status %d", origin->http_status);
    if (rc != TDREST_OK)
        err->http_status = origin->http_status;
    return rc == TDREST_OK ? TDREST_DONE : rc;
}
