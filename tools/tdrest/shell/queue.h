/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Bytes that were typed and not yet taken, and the signals of a terminal while somebody types. */
#ifndef CLI_QUEUE_H
#define CLI_QUEUE_H

#include <stddef.h>

typedef struct cli_queue {
    char *bytes;
    size_t at;
    size_t len;
    size_t cap;
} cli_queue;

/* What ended a wait. */
enum cli_event { CLI_EVENT_INPUT, CLI_EVENT_NONE, CLI_EVENT_END, CLI_EVENT_INTERRUPT, CLI_EVENT_STOP, CLI_EVENT_CONTINUE, CLI_EVENT_RESIZE, CLI_EVENT_FAILED };

/* From here on Ctrl-Z, the return from it and a new size are events; they are what they were before after cli_queue_unwatch. */
void cli_queue_watch(int stops);
void cli_queue_unwatch(void);

/* Stops the process, as Ctrl-Z does; returns when it goes on. */
void cli_queue_stop(void);

/* Waits for bytes of standard input, and adds them. timeout_ms: -1 waits for as long as it takes. */
enum cli_event cli_queue_wait(cli_queue *q, int timeout_ms);

static inline size_t cli_queue_left(const cli_queue *q)
{
    return q->len - q->at;
}

/* Puts bytes in front. 0, or -1: out of memory. */
int cli_queue_unread(cli_queue *q, const char *bytes, size_t len);
void cli_queue_clear(cli_queue *q);

#endif
