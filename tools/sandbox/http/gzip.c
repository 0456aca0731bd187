/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* gzip both ways over zlib, told apart as the adapter tells it: no gzip at all, or gzip that is damaged. */
#include "exchange.h"

#include <string.h>
#include <zlib.h>

enum { GZIP = 15 + 16, PIECE = 65536 };

/* What came out of one call; 0 when there is too much of it. */
static int take(z_stream *z, const unsigned char *piece, sbx_buf *out)
{
    sbx_buf_put(out, piece, PIECE - z->avail_out);
    return out->len <= SBX_MAX_BODY;
}

static const char *reason(int rc, const z_stream *z, int header_done)
{
    if (rc == Z_BUF_ERROR || rc == Z_OK)
        return "unexpected EOF";
    if (!header_done)
        return "gzip: invalid header";
    return z->msg != NULL && strstr(z->msg, "check") != NULL ? "gzip: invalid checksum" : "flate: corrupt input";
}

/* One member. NULL: whole; else why not. */
static const char *member(z_stream *z, sbx_buf *out, int *header_done)
{
    unsigned char piece[PIECE];
    gz_header header = {0};
    int rc;

    inflateGetHeader(z, &header);
    do {
        z->next_out = piece;
        z->avail_out = PIECE;
        rc = inflate(z, Z_NO_FLUSH);
        *header_done = header.done == 1;
        if (!take(z, piece, out))
            return "too long";
    } while (rc == Z_OK && (z->avail_in != 0 || z->avail_out == 0));
    return rc == Z_STREAM_END ? NULL : reason(rc, z, *header_done);
}

sbx_gunzip_result sbx_gunzip(const sbx_buf *in, sbx_buf *out, const char **why)
{
    z_stream z = {0};
    int header_done = 0, first = 1;

    *why = "unexpected EOF";
    if (in->len == 0 || in->len > SBX_MAX_BODY || inflateInit2(&z, GZIP) != Z_OK)
        return SBX_GUNZIP_NOT_GZIP;
    z.next_in = (unsigned char *)in->p;
    z.avail_in = (unsigned)in->len;
    do {
        *why = member(&z, out, &header_done);
        if (*why != NULL)
            break;
        first = 0;
    } while (z.avail_in != 0 && inflateReset(&z) == Z_OK);
    inflateEnd(&z);
    if (*why == NULL)
        return SBX_GUNZIP_OK;
    return first && !header_done ? SBX_GUNZIP_NOT_GZIP : SBX_GUNZIP_DAMAGED;
}

void sbx_gzip(const sbx_buf *in, sbx_buf *out)
{
    unsigned char piece[PIECE];
    z_stream z = {0};
    size_t given = 0;
    int rc = deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP, 8, Z_DEFAULT_STRATEGY);

    while (rc == Z_OK) {
        size_t left = in->len - given;

        if (z.avail_in == 0 && left != 0) {
            z.next_in = (unsigned char *)in->p + given;
            z.avail_in = left > PIECE ? PIECE : (unsigned)left;
            given += z.avail_in;
        }
        z.next_out = piece;
        z.avail_out = PIECE;
        rc = deflate(&z, given == in->len ? Z_FINISH : Z_NO_FLUSH);
        sbx_buf_put(out, piece, PIECE - z.avail_out);
    }
    deflateEnd(&z);
}
