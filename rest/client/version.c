/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The library's name and what it stands on. */
#include "net/loop.h"

#include <pthread.h>
#include <stdio.h>

static pthread_once_t version_once = PTHREAD_ONCE_INIT;
static char version_text[160]; /* written once, by make_version */

static void make_version(void)
{
    int interruptible;
    const char *curl = tdri_loop_version(&interruptible);

    (void)snprintf(version_text, sizeof version_text, "tdrest/%d.%d.%d libcurl/%s lookup=%s",
                   TDREST_VERSION_MAJOR, TDREST_VERSION_MINOR, TDREST_VERSION_PATCH, curl,
                   interruptible ? "interruptible" : "thread");
}

const char *tdrest_version(void)
{
    pthread_once(&version_once, make_version);
    return version_text;
}
