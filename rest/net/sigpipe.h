/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Keeps SIGPIPE away from the program while libcurl works: writing to a
 * connection that the server has closed would raise it, and its default is to
 * end the process. Changes the calling thread's signal mask only, and only in
 * between. Knows nothing of libcurl.
 */
#ifndef TDRI_SIGPIPE_H
#define TDRI_SIGPIPE_H

#include <signal.h>

typedef struct tdri_sigpipe {
    sigset_t before; /* the thread's mask */
    int pending;     /* a SIGPIPE that was there already stays */
} tdri_sigpipe;

void tdri_sigpipe_block(tdri_sigpipe *state);
/* Takes back a SIGPIPE that was raised since, and restores the mask. */
void tdri_sigpipe_restore(tdri_sigpipe *state);

#endif
