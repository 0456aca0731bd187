/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Long answers for tests of Arrow. Knows nothing of the library. */
#ifndef TDRT_ARROW_ROWS_H
#define TDRT_ARROW_ROWS_H

#include "serve.h"

enum { TDRT_ARROW_COLUMNS = 8 };

/* A tdrt_handler: `rows N` is answered with N rows, in chunks; `cut  N` closes the connection behind them instead of ending; `three` is three rows of TDRT_THREE. */
int tdrt_arrow_rows(const tdrt_visit *visit);

#endif
