/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* An address of this machine that swallows connections: its listener takes no more of them, and does not say so. */
#ifndef TDRT_HOLE_H
#define TDRT_HOLE_H

typedef struct tdrt_hole {
    int listener, filler; /* -1: none */
} tdrt_hole;

#define TDRT_HOLE_INIT {-1, -1}

/* `listener` is -1 when there can be none at that address. */
tdrt_hole tdrt_hole_dig(const char *address, int port);
void tdrt_hole_fill(tdrt_hole *hole);

#endif
