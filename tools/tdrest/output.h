/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Standard output behind a buffer of its own. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stddef.h>

#define CLI_OUTPUT_BYTES 65536

typedef struct cli_output {
    int fd;
    int error; /* errno of the write that failed, EINTR: by Ctrl-C; nothing is written after it */
    size_t len;
    char bytes[CLI_OUTPUT_BYTES];
} cli_output;

void cli_output_init(cli_output *out, int fd);
void cli_output_flush(cli_output *out);
void cli_output_put(cli_output *out, const char *bytes, size_t len);
void cli_output_fill(cli_output *out, char c, size_t count);

static inline void cli_output_char(cli_output *out, char c)
{
    if (out->len == sizeof out->bytes)
        cli_output_flush(out);
    out->bytes[out->len++] = c;
}

#endif
