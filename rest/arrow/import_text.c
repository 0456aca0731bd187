/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow's texts and bytes, in all their layouts, and decimals, which are bound as texts. */
#include "arrow/import.h"

#include "base/number.h"
#include "base/number_wide.h"

#include <stdio.h>
#include <string.h>

enum { VALUES = 1, LENGTHS, BYTES }; /* as in import.c: owned[VALUES] are the offsets */

static const char bad_offsets[] = "offsets that do not fall";
static const char too_long[] = "texts of at most 4 GiB in a batch";

static int is_wkb(const struct ArrowSchema *field)
{
    static const char name[] = "geoarrow.wkb";
    const char *p = field->metadata;
    int32_t pairs, len;

    if (p == NULL)
        return 0;
    memcpy(&pairs, p, sizeof pairs);
    p += sizeof pairs;
    for (int32_t i = 0; i < 2 * pairs; i++) {
        memcpy(&len, p, sizeof len);
        p += sizeof len;
        if (i % 2 == 1 && (size_t)len == sizeof name - 1 && memcmp(p, name, sizeof name - 1) == 0)
            return 1;
        p += len;
    }
    return 0;
}

/* What texts and bytes are bound as: the column's own type where that can be, as text in a NCHAR, bytes in a VARCHAR, WKT or WKB in a GEOMETRY. */
static int type_of(const tdri_arrow_import_work *w)
{
    const char *format = w->rows->field->format;
    int is_text = format[0] == 'u' || format[0] == 'U' || strcmp(format, "vu") == 0;
    int target = w->rows->target == NULL ? TDREST_TYPE_UNKNOWN : w->rows->target->type;

    switch (target) {
    case TDREST_TYPE_VARCHAR: case TDREST_TYPE_NCHAR: case TDREST_TYPE_GEOMETRY: return target;
    case TDREST_TYPE_JSON: case TDREST_TYPE_DECIMAL: return is_text ? target : TDREST_TYPE_VARBINARY;
    default: return is_text ? TDREST_TYPE_VARCHAR : is_wkb(w->rows->field) ? TDREST_TYPE_GEOMETRY : TDREST_TYPE_VARBINARY;
    }
}

static const char *none(const char *bytes)
{
    return bytes == NULL ? "" : bytes;
}

const char *tdri_arrow_import_texts(const tdri_arrow_import_work *w)
{
    static const uint32_t zero[2];
    const struct ArrowArray *array = w->rows->array;

    w->out->pub.type = type_of(w);
    w->out->pub.bytes = none((const char *)array->buffers[2]);
    w->out->pub.offset = zero; /* arrays without values need not have offsets */
    if (array->buffers[1] != NULL)
        w->out->pub.offset = (const uint32_t *)tdri_arrow_import_aligned(w, VALUES, (const char *)array->buffers[1] + w->first * sizeof *zero, w->count + 1, sizeof *zero);
    if (w->out->pub.offset == NULL)
        return tdri_arrow_no_memory(w);
    for (size_t i = 0; i < w->count; i++)
        if ((int32_t)w->out->pub.offset[i] < 0 || w->out->pub.offset[i + 1] < w->out->pub.offset[i] || w->out->pub.offset[i + 1] > INT32_MAX)
            return tdri_arrow_refuse_row(w, i, bad_offsets);
    return NULL;
}

/* Room for offsets and lengths. */
static const char *make_offsets(const tdri_arrow_import_work *w, uint32_t **offsets, uint32_t **lengths)
{
    *offsets = (uint32_t *)tdri_arrow_import_own(w, VALUES, w->count, sizeof **offsets);
    *lengths = (uint32_t *)tdri_arrow_import_own(w, LENGTHS, w->count, sizeof **lengths);
    w->out->pub.offset = *offsets;
    w->out->pub.length = *lengths;
    return *offsets == NULL || *lengths == NULL ? tdri_arrow_no_memory(w) : NULL;
}

static int64_t wide_offset(const void *offsets, size_t at)
{
    int64_t offset;

    memcpy(&offset, (const char *)offsets + at * sizeof offset, sizeof offset);
    return offset;
}

const char *tdri_arrow_import_large_texts(const tdri_arrow_import_work *w)
{
    const void *from = w->rows->array->buffers[1];
    uint32_t *offsets, *lengths;
    const char *expected = make_offsets(w, &offsets, &lengths);
    int64_t begin;

    if (expected != NULL)
        return expected;
    w->out->pub.type = type_of(w);
    w->out->pub.bytes = "";
    if (w->count == 0 || from == NULL)
        return NULL;
    begin = wide_offset(from, w->first);
    for (size_t i = 0; i < w->count; i++) {
        int64_t at = wide_offset(from, w->first + i), end = wide_offset(from, w->first + i + 1);

        if (begin < 0 || end < at)
            return tdri_arrow_refuse_row(w, i, bad_offsets);
        if (end - begin > UINT32_MAX)
            return too_long;
        offsets[i] = (uint32_t)(at - begin);
        lengths[i] = (uint32_t)(end - at);
    }
    w->out->pub.bytes = none((const char *)w->rows->array->buffers[2]) + begin;
    return NULL;
}

/* Sixteen bytes: a length; then up to 12 bytes themselves, or 4 of them, the buffer and the place in it. */
static const char *view_bytes(const struct ArrowArray *array, size_t at, uint32_t *len)
{
    const char *view = (const char *)array->buffers[1] + 16 * at;
    int32_t length, buffer, place;

    memcpy(&length, view, sizeof length);
    *len = (uint32_t)length;
    if (length < 0)
        return NULL;
    if (length <= 12)
        return view + 4;
    memcpy(&buffer, view + 8, sizeof buffer);
    memcpy(&place, view + 12, sizeof place);
    return buffer < 0 || place < 0 || buffer >= array->n_buffers - 3 ? NULL : (const char *)array->buffers[2 + buffer] + place;
}

const char *tdri_arrow_import_views(const tdri_arrow_import_work *w)
{
    const struct ArrowArray *array = w->rows->array;
    uint32_t *offsets, *lengths;
    uint64_t total = 0;
    const char *expected = make_offsets(w, &offsets, &lengths);
    char *bytes;

    for (size_t i = 0; expected == NULL && i < w->count; i++) {
        if (tdri_arrow_has_value(array, w->first + i) && view_bytes(array, w->first + i, &lengths[i]) == NULL)
            return tdri_arrow_refuse_row(w, i, "a view into a buffer that the array has");
        offsets[i] = (uint32_t)total;
        total += lengths[i];
        if (total > UINT32_MAX)
            return too_long;
    }
    bytes = expected == NULL ? (char *)tdri_arrow_import_own(w, BYTES, (size_t)total, 1) : NULL;
    if (bytes == NULL)
        return tdri_arrow_no_memory(w);
    for (size_t i = 0; i < w->count; i++) {
        uint32_t len;

        if (lengths[i] > 0)
            memcpy(bytes + offsets[i], view_bytes(array, w->first + i, &len), lengths[i]);
    }
    w->out->pub.type = type_of(w);
    w->out->pub.bytes = bytes;
    return NULL;
}

const char *tdri_arrow_import_fixed(const tdri_arrow_import_work *w)
{
    const char *format = w->rows->field->format;
    int64_t width = -1;
    uint32_t *offsets, *lengths;
    const char *expected;

    if (format[1] != ':' || tdri_int64_parse(format + 2, format + strlen(format), &width) == NULL || width < 0 || width > UINT32_MAX)
        return "an Arrow format of bytes of fixed size, such as w:16";
    if (width > 0 && (uint64_t)w->count > UINT32_MAX / (uint64_t)width)
        return too_long;
    expected = make_offsets(w, &offsets, &lengths);
    if (expected != NULL)
        return expected;
    for (size_t i = 0; i < w->count; i++) {
        offsets[i] = (uint32_t)(i * (size_t)width);
        lengths[i] = (uint32_t)width;
    }
    w->out->pub.type = type_of(w);
    w->out->pub.bytes = none((const char *)w->rows->array->buffers[1]) + w->first * (size_t)width;
    return NULL;
}

/* ---- decimals ---- */

/* d:precision,scale[,bits]; 1 when that is what it is. */
static int read_decimal(const char *format, int64_t number[3])
{
    const char *p = format + 1, *end = format + strlen(format);

    number[2] = 128;
    for (int i = 0; i < 3 && p != NULL && p < end; i++) {
        if (*p != (i == 0 ? ':' : ','))
            return 0;
        p = tdri_int64_parse(p + 1, end, &number[i]);
    }
    return p == end && number[0] >= 1 && number[0] <= 38 && number[1] >= 0 && number[1] <= 38 && (number[2] == 32 || number[2] == 64 || number[2] == 128);
}

/* The value as sign and magnitude. */
static tdri_wide magnitude(const char *at, int64_t bits, int *negative)
{
    static const uint16_t one = 1;
    const int little = *(const uint8_t *)&one == 1;
    uint64_t word[2] = {0, 0};
    int32_t narrow;
    tdri_wide v;

    memcpy(word, at, bits == 128 ? 16 : bits == 64 ? 8 : 0);
    if (bits == 32) {
        memcpy(&narrow, at, sizeof narrow);
        word[0] = (uint64_t)(int64_t)narrow;
    }
    v.lo = bits == 128 && !little ? word[1] : word[0];
    v.hi = bits == 128 ? word[little ? 1 : 0] : (v.lo >> 63 != 0 ? UINT64_MAX : 0);
    *negative = v.hi >> 63 != 0;
    if (*negative) {
        v.lo = 0 - v.lo;
        v.hi = ~v.hi + (v.lo == 0);
    }
    return v;
}

/* Its last digit, which it loses. */
static unsigned take_digit(tdri_wide *v)
{
    uint64_t part[4] = {v->hi >> 32, v->hi & UINT32_MAX, v->lo >> 32, v->lo & UINT32_MAX}, rest = 0;

    for (int i = 0; i < 4; i++) {
        rest = rest << 32 | part[i];
        part[i] = rest / 10;
        rest %= 10;
    }
    v->hi = part[0] << 32 | part[1];
    v->lo = part[2] << 32 | part[3];
    return (unsigned)rest;
}

enum { DECIMAL_ROOM = 48 };

/* Into DECIMAL_ROOM bytes; where it begins. */
static const char *decimal_text(const char *at, const int64_t number[3], char *out, uint32_t *len)
{
    int negative;
    int64_t digits = 0;
    tdri_wide v = magnitude(at, number[2], &negative);
    char *p = out + DECIMAL_ROOM;

    do {
        if (digits++ == number[1] && number[1] > 0)
            *--p = '.';
        *--p = (char)('0' + take_digit(&v));
    } while (v.hi != 0 || v.lo != 0 || digits <= number[1]);
    if (negative)
        *--p = '-';
    *len = (uint32_t)(out + DECIMAL_ROOM - p);
    return p;
}

const char *tdri_arrow_import_decimals(const tdri_arrow_import_work *w)
{
    int64_t number[3] = {0, 0, 0};
    uint32_t *offsets, *lengths;
    const char *expected;
    char *bytes;

    if (!read_decimal(w->rows->field->format, number))
        return "an Arrow decimal of at most 38 digits and 128 bits";
    if (w->count > UINT32_MAX / DECIMAL_ROOM)
        return too_long;
    expected = make_offsets(w, &offsets, &lengths);
    bytes = expected == NULL ? (char *)tdri_arrow_import_own(w, BYTES, w->count, DECIMAL_ROOM) : NULL;
    if (bytes == NULL)
        return tdri_arrow_no_memory(w);
    for (size_t i = 0; i < w->count; i++) {
        const char *at = (const char *)w->rows->array->buffers[1] + (w->first + i) * (size_t)(number[2] / 8);
        char *room = bytes + i * DECIMAL_ROOM;

        if (tdri_arrow_has_value(w->rows->array, w->first + i))
            offsets[i] = (uint32_t)(decimal_text(at, number, room, &lengths[i]) - bytes);
    }
    w->out->pub.type = TDREST_TYPE_DECIMAL;
    w->out->pub.bytes = bytes;
    return NULL;
}
