/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A block as an Arrow array. Knows nothing of where blocks come from. */
#ifndef TDRI_ARROW_BATCH_H
#define TDRI_ARROW_BATCH_H

#include "arrow/convert.h"

/*
 * A struct array of the block's rows. It takes the block's memory, also when it fails, but for its arena; each child holds on to that by itself, and to a copy of the allocator.
 * TDREST_OK, or an error in the record, with out released.
 */
int tdri_arrow_batch(const tdri_arrow_source *from, const unsigned char *units, struct ArrowArray *out);

#endif
