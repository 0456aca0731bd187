/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Standard output, or a file in its place, behind a buffer of its own. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#define CLI_OUTPUT_BYTES 65536

typedef struct cli_output {
    int fd;
    int error;            /* errno of the write that failed, EINTR: by Ctrl-C; nothing is written after it */
    int64_t bytes_before; /* of the buffer: what was written */
    void (*filled)(struct cli_output *out); /* called once when the buffer is full for the first time; NULL: nobody asks */
    char *beside;         /* a file that takes another one's place when all went well; heap, NULL: there is none */
    const char *name;     /* of the other one */
    size_t len;
    char bytes[CLI_OUTPUT_BYTES];
} cli_output;

void cli_output_init(cli_output *out, int fd);
void cli_output_flush(cli_output *out);
void cli_output_put(cli_output *out, const char *bytes, size_t len);
void cli_output_fill(cli_output *out, char c, size_t count);

/*
 * Opens a file to be written. A regular one is written beside and takes its name in cli_output_close; a pipe, a device or
 * a link is written as it is. out->error tells a failure.
 */
void cli_output_open(cli_output *out, const char *name);

/* Closes what cli_output_open opened. keep: it is whole; else an older file stays as it was. */
void cli_output_close(cli_output *out, int keep);

static inline void cli_output_text(cli_output *out, const char *text)
{
    while (*text != '\0') {
        if (out->len == sizeof out->bytes)
            cli_output_flush(out);
        out->bytes[out->len++] = *text++;
    }
}

static inline void cli_output_char(cli_output *out, char c)
{
    if (out->len == sizeof out->bytes)
        cli_output_flush(out);
    out->bytes[out->len++] = c;
}

#endif
