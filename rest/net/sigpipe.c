/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* SIGPIPE kept away from the program. Knows nothing of libcurl. */
#include "net/sigpipe.h"

#include <errno.h>
#include <stddef.h>

static int is_pending(void)
{
    sigset_t pending;

    return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

void tdri_sigpipe_block(tdri_sigpipe *state)
{
    sigset_t pipe_only;

    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_only, &state->before);
    /* One can only be pending already where the thread blocks it by itself. */
    state->pending = sigismember(&state->before, SIGPIPE) == 1 && is_pending();
}

void tdri_sigpipe_restore(tdri_sigpipe *state)
{
    sigset_t pipe_only;
    int before = errno, taken;

    if (!state->pending && is_pending()) {
        sigemptyset(&pipe_only);
        sigaddset(&pipe_only, SIGPIPE);
        (void)sigwait(&pipe_only, &taken);
    }
    pthread_sigmask(SIG_SETMASK, &state->before, NULL);
    errno = before;
}
