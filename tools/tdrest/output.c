/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Standard output behind a buffer of its own. Knows nothing of what is written. */
#include "output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "interrupt.h"

void cli_output_init(cli_output *out, int fd)
{
    out->fd = fd;
    out->error = 0;
    out->len = 0;
}

static void write_all(cli_output *out, const char *bytes, size_t len)
{
    while (len != 0 && out->error == 0) {
        ssize_t n = write(out->fd, bytes, len);

        if (n < 0 && errno != EINTR)
            out->error = errno;
        else if (n < (ssize_t)len && cli_interrupted())
            out->error = EINTR;
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        }
    }
}

void cli_output_flush(cli_output *out)
{
    write_all(out, out->bytes, out->len);
    out->len = 0;
}

void cli_output_put(cli_output *out, const char *bytes, size_t len)
{
    if (len > sizeof out->bytes - out->len)
        cli_output_flush(out);
    if (len > sizeof out->bytes) {
        write_all(out, bytes, len);
        return;
    }
    memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
}

void cli_output_fill(cli_output *out, char c, size_t count)
{
    while (count-- > 0)
        cli_output_char(out, c);
}
