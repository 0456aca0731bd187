/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The verdict on an answer whose body has ended. Knows nothing of connections. */
#include "client/result.h"

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
