/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A child table has one value of each tag: rows with another one are not its rows. */
#include "adbc/ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The bytes of a value; len -1: NULL. */
typedef struct value {
    const char *bytes;
    int64_t len;
    char bit;
} value;

/* The bytes of each value of a type whose values have equal lengths; 0: they have not. */
static int64_t width_of(const char *format)
{
    int precision, scale, bits = 128;

    if (format[0] == 'w')
        return strtoll(format + 2, NULL, 10);
    if (sscanf(format, "d:%d,%d,%d", &precision, &scale, &bits) >= 2)
        return bits / 8;
    if (strchr("cC", format[0]) != NULL)
        return 1;
    if (strchr("sSe", format[0]) != NULL)
        return 2;
    if (strchr("iIf", format[0]) != NULL || strcmp(format, "tdD") == 0)
        return 4;
    return strchr("lLg", format[0]) != NULL || format[0] == 't' ? 8 : 0;
}

static int64_t index_at(const char *format, const struct ArrowArray *array, int64_t at)
{
    const void *values = array->buffers[1];

    switch (format[0]) {
    case 'c': return ((const int8_t *)values)[at];
    case 'C': return ((const uint8_t *)values)[at];
    case 's': return ((const int16_t *)values)[at];
    case 'S': return ((const uint16_t *)values)[at];
    case 'i': return ((const int32_t *)values)[at];
    case 'I': return ((const uint32_t *)values)[at];
    default: return ((const int64_t *)values)[at];
    }
}

/*
 * A view: the length, then the text when it has up to 12 bytes, or else four of them, the number of a buffer and the place in it. A view into a buffer that is
 * not there stands for itself: binding it is an error.
 */
static void view_at(const struct ArrowArray *array, int64_t at, value *out)
{
    const char *view = (const char *)array->buffers[1] + 16 * at;
    int32_t len, buffer, offset;

    memcpy(&len, view, sizeof len);
    memcpy(&buffer, view + 8, sizeof buffer);
    memcpy(&offset, view + 12, sizeof offset);
    out->len = len;
    out->bytes = view + 4;
    if (len > 12 && (buffer < 0 || buffer + 3 >= array->n_buffers))
        out->len = 12;
    else if (len > 12)
        out->bytes = (const char *)array->buffers[2 + buffer] + offset;
}

static void value_at(const struct ArrowSchema *field, const struct ArrowArray *array, int64_t row, value *out)
{
    const int64_t at = array->offset + row, width = width_of(field->format);
    const unsigned char *valid = array->n_buffers > 0 ? (const unsigned char *)array->buffers[0] : NULL;

    out->len = -1;
    if (array->n_buffers == 0 || (valid != NULL && (valid[at / 8] >> at % 8 & 1) == 0))
        return;
    if (field->dictionary != NULL) {
        value_at(field->dictionary, array->dictionary, index_at(field->format, array, at), out);
    } else if (field->format[0] == 'b') {
        out->bit = (char)(((const unsigned char *)array->buffers[1])[at / 8] >> at % 8 & 1);
        out->bytes = &out->bit;
        out->len = 1;
    } else if (field->format[0] == 'v') {
        view_at(array, at, out);
    } else if (width > 0) {
        out->bytes = (const char *)array->buffers[1] + width * at;
        out->len = width;
    } else if (field->format[0] == 'U' || field->format[0] == 'Z') {
        const int64_t *offsets = (const int64_t *)array->buffers[1] + at;

        out->bytes = (const char *)array->buffers[2] + offsets[0];
        out->len = offsets[1] - offsets[0];
    } else {
        const int32_t *offsets = (const int32_t *)array->buffers[1] + at;

        out->bytes = (const char *)array->buffers[2] + offsets[0];
        out->len = offsets[1] - offsets[0];
    }
}

/* Keeps the tags of the first row. 0 when memory is out. */
static int keep(tda_job *job, int64_t index, const value *first)
{
    tda_kept *kept = &job->kept[index];

    kept->known = 1;
    kept->len = first->len;
    kept->bytes = (char *)malloc(first->len > 0 ? (size_t)first->len : 1);
    if (kept->bytes != NULL && first->len > 0)
        memcpy(kept->bytes, first->bytes, (size_t)first->len);
    return kept->bytes != NULL;
}

/* The first row with another value than the first of all; -1: none; -2: memory is out. */
static int64_t other_value(tda_job *job, int64_t index)
{
    const struct ArrowSchema *field = job->schema.children[index];
    const tda_kept *kept = &job->kept[index];
    value v;

    for (int64_t row = 0; row < job->next.length; row++) {
        value_at(field, job->next.children[index], job->next.offset + row, &v);
        if (!kept->known && !keep(job, index, &v))
            return -2;
        if (v.len != kept->len || (v.len > 0 && memcmp(v.bytes, kept->bytes, (size_t)v.len) != 0))
            return row;
    }
    return -1;
}

int tda_job_check_tags(tda_job *job)
{
    for (int64_t i = 0; i < job->schema.n_children; i++) {
        const int64_t row = tda_job_is_tag(job, i) ? other_value(job, i) : -1;

        if (row == -1)
            continue;
        job->no_memory = row == -2;
        (void)snprintf(job->refusal, sizeof job->refusal, "row %lld: tag %.100s has another value than in the first row; rows of different child tables need "
                       "tdrest.ingest.tbname", (long long)(job->rows + row), job->schema.children[i]->name);
        return 0;
    }
    job->rows += job->next.length;
    return 1;
}

void tda_job_forget_tags(tda_job *job)
{
    for (int64_t i = 0; job->kept != NULL && i < job->schema.n_children; i++)
        free(job->kept[i].bytes);
    free(job->kept);
}
