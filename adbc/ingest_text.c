/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* How long the columns of texts have to be: from the data, rounded up to a power of two. */
#include "adbc/ingest.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MIN = 64 };

const char *tda_field_format(const struct ArrowSchema *field)
{
    return field->dictionary != NULL ? field->dictionary->format : field->format;
}

int tda_field_is_time(const struct ArrowSchema *field)
{
    return strncmp(tda_field_format(field), "ts", 2) == 0 || strncmp(tda_field_format(field), "td", 2) == 0;
}

int tda_field_has_length(const struct ArrowSchema *field)
{
    const char *format = tda_field_format(field);

    return strchr("uUzZw", format[0]) != NULL || strcmp(format, "vu") == 0 || strcmp(format, "vz") == 0;
}

static int is_null(const struct ArrowArray *array, int64_t at)
{
    const unsigned char *valid = (const unsigned char *)array->buffers[0];

    return valid != NULL && (valid[at / 8] >> at % 8 & 1) == 0;
}

/* The longest text among the rows of an array. */
static int64_t longest(const char *format, const struct ArrowArray *array)
{
    int64_t most = 0;
    const int large = format[0] == 'U' || format[0] == 'Z', view = format[0] == 'v';
    const int32_t *narrow = (const int32_t *)array->buffers[1];
    const int64_t *wide = (const int64_t *)array->buffers[1];

    if (format[0] == 'w')
        return strtoll(format + 2, NULL, 10);
    for (int64_t i = array->offset; narrow != NULL && i < array->offset + array->length; i++) {
        int64_t len = view ? narrow[4 * i] : large ? wide[i + 1] - wide[i] : narrow[i + 1] - narrow[i];

        if (len > most && !is_null(array, i))
            most = len;
    }
    return most;
}

/* Of a struct's child: its own offset, and those of the rows of the struct. */
static struct ArrowArray rows_of(const struct ArrowArray *batch, int64_t index)
{
    struct ArrowArray rows = *batch->children[index];

    rows.offset += batch->offset;
    rows.length = batch->length;
    return rows;
}

int tda_job_measure(tda_job *job)
{
    int grown = 0;

    for (int64_t i = 0; i < job->schema.n_children; i++) {
        const struct ArrowSchema *field = job->schema.children[i];
        int64_t bytes = job->bytes[i] > 0 ? job->bytes[i] : TEXT_MIN, most = 0;
        struct ArrowArray rows;

        if (!tda_field_has_length(field) || tda_job_is_tbname(job, i))
            continue;
        if (job->next.release != NULL && job->ingest->varchar_bytes == NULL) {
            rows = rows_of(&job->next, i);
            most = longest(tda_field_format(field), rows.dictionary != NULL ? rows.dictionary : &rows);
        }
        if (job->ingest->varchar_bytes != NULL)
            bytes = strtoll(job->ingest->varchar_bytes, NULL, 10);
        while (bytes < most)
            bytes *= 2;
        bytes = bytes > TDA_TEXT_MAX ? TDA_TEXT_MAX : bytes;
        grown |= bytes > job->bytes[i];
        job->bytes[i] = bytes;
    }
    return grown;
}
