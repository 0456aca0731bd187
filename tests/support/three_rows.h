/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A batch of three rows to bind, of a time, a number and a text, in memory that stays. */
#ifndef TDRT_THREE_ROWS_H
#define TDRT_THREE_ROWS_H

#include "adbc/abi.h"

static void release_schema(struct ArrowSchema *self)
{
    self->release = NULL;
}

static void release_array(struct ArrowArray *self)
{
    self->release = NULL;
}

enum { COLUMNS = 3, ROWS = 3 };

static struct ArrowSchema fields[COLUMNS], *field_of[COLUMNS], row_schema;
static struct ArrowArray columns[COLUMNS], *column_of[COLUMNS], row_array;

/* Its first `count` columns, in row_schema and row_array. */
static void make_batch(int count)
{
    static const char *const formats[] = {"tsm:UTC", "l", "u"}, *const names[] = {"ts", "x", "v"};
    static const int64_t times[] = {1700000000000, 1700000000001, 1700000000002}, numbers[] = {1, 2, 3};
    static const int32_t offsets[] = {0, 1, 3, 6};
    static const void *buffers[COLUMNS][3] = {{NULL, times, NULL}, {NULL, numbers, NULL}, {NULL, offsets, "abbccc"}}, *none[1] = {NULL};

    for (int i = 0; i < count; i++) {
        const struct ArrowSchema field = {.format = formats[i], .name = names[i], .flags = ARROW_FLAG_NULLABLE, .release = release_schema};
        const struct ArrowArray array = {.length = ROWS, .n_buffers = i == 2 ? 3 : 2, .buffers = buffers[i], .release = release_array};

        fields[i] = field;
        field_of[i] = &fields[i];
        columns[i] = array;
        column_of[i] = &columns[i];
    }
    row_schema = (struct ArrowSchema){.format = "+s", .name = "", .n_children = count, .children = field_of, .release = release_schema};
    row_array = (struct ArrowArray){.length = ROWS, .n_buffers = 1, .buffers = none, .n_children = count, .children = column_of, .release = release_array};
}

#endif
