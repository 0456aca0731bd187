/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* An Arrow array as a column that a statement can bind: which type it is, its NULLs, numbers and times, dictionaries. */
#include "arrow/import.h"

#include "base/types.h"

#include <string.h>

static const char other_type[] =
    "an Arrow type that a value can have: null, bool, an integer, a float, a decimal of at most 128 bits, timestamp, date, utf8 or binary, or a dictionary of them";

enum { VALIDITY, VALUES, LENGTHS, BYTES };

void *tdri_arrow_import_own(const tdri_arrow_import_work *w, int which, size_t count, size_t size)
{
    return w->out->owned[which] = tdri_mem_zeroed(w->mem, count == 0 ? 1 : count, size);
}

const void *tdri_arrow_import_aligned(const tdri_arrow_import_work *w, int which, const void *from, size_t count, size_t size)
{
    void *copy;

    if ((uintptr_t)from % size == 0)
        return from;
    copy = tdri_arrow_import_own(w, which, count, size);
    if (copy != NULL)
        memcpy(copy, from, count * size);
    return copy;
}

const char *tdri_arrow_refuse_row(const tdri_arrow_import_work *w, size_t row, const char *expected)
{
    w->out->code = TDREST_EBIND;
    w->out->bad_row = w->rows->from + (int64_t)row;
    return expected;
}

const char *tdri_arrow_no_memory(const tdri_arrow_import_work *w)
{
    w->out->code = TDREST_ENOMEM;
    return "memory";
}

int tdri_arrow_has_value(const struct ArrowArray *array, size_t at)
{
    const uint8_t *bits = array->n_buffers > 0 ? (const uint8_t *)array->buffers[0] : NULL;

    return array->null_count == 0 || bits == NULL || (bits[at >> 3] >> (at & 7) & 1) != 0;
}

/* A copy of the bits, the first one at bit 0; the array's own bits where that is where they are. */
static const char *import_validity(const tdri_arrow_import_work *w)
{
    const struct ArrowArray *array = w->rows->array;
    const uint8_t *bits = array->n_buffers > 0 ? (const uint8_t *)array->buffers[0] : NULL;
    uint8_t *copy;

    if (array->null_count == 0 || bits == NULL)
        return NULL;
    if (w->first % 8 == 0) {
        w->out->pub.validity = bits + w->first / 8;
        return NULL;
    }
    copy = (uint8_t *)tdri_arrow_import_own(w, VALIDITY, w->count / 8 + 1, 1);
    if (copy == NULL)
        return tdri_arrow_no_memory(w);
    for (size_t i = 0; i < w->count; i++)
        copy[i >> 3] = (uint8_t)(copy[i >> 3] | tdri_arrow_has_value(array, w->first + i) << (i & 7));
    w->out->pub.validity = copy;
    return NULL;
}

static const char *import_nulls(const tdri_arrow_import_work *w)
{
    w->out->pub.type = TDREST_TYPE_BOOL;
    w->out->pub.validity = (const uint8_t *)tdri_arrow_import_own(w, VALIDITY, w->count / 8 + 1, 1);
    w->out->pub.values = tdri_arrow_import_own(w, VALUES, w->count, 1);
    return w->out->pub.validity == NULL || w->out->pub.values == NULL ? tdri_arrow_no_memory(w) : NULL;
}

static const char *import_bools(const tdri_arrow_import_work *w)
{
    const uint8_t *bits = (const uint8_t *)w->rows->array->buffers[1];
    uint8_t *values = (uint8_t *)tdri_arrow_import_own(w, VALUES, w->count, 1);

    if (values == NULL)
        return tdri_arrow_no_memory(w);
    for (size_t i = 0; i < w->count; i++)
        values[i] = bits[(w->first + i) >> 3] >> ((w->first + i) & 7) & 1;
    w->out->pub.type = TDREST_TYPE_BOOL;
    w->out->pub.values = values;
    return NULL;
}

static const char *lend(const tdri_arrow_import_work *w, int type, size_t width)
{
    w->out->pub.type = type;
    w->out->pub.values = tdri_arrow_import_aligned(w, VALUES, (const char *)w->rows->array->buffers[1] + w->first * width, w->count, width);
    return w->out->pub.values == NULL ? tdri_arrow_no_memory(w) : NULL;
}

/* A float of 16 bits, which each has its equal among those of 32. */
static float widen(uint16_t half)
{
    const uint32_t exponent = half >> 10 & 31, fraction = half & 1023u;
    const float smallest = 1.0f / 16777216;
    uint32_t bits = (uint32_t)(half & 0x8000u) << 16 | (exponent == 31 ? 0x7f800000u : (exponent + 112) << 23) | fraction << 13;
    float value;

    memcpy(&value, &bits, sizeof value);
    return exponent != 0 ? value : (half & 0x8000u) != 0 ? -(float)fraction * smallest : (float)fraction * smallest;
}

static const char *import_halves(const tdri_arrow_import_work *w)
{
    const char *from = (const char *)w->rows->array->buffers[1] + w->first * sizeof(uint16_t);
    float *values = (float *)tdri_arrow_import_own(w, VALUES, w->count, sizeof *values);
    uint16_t half;

    if (values == NULL)
        return tdri_arrow_no_memory(w);
    for (size_t i = 0; i < w->count; i++) {
        memcpy(&half, from + i * sizeof half, sizeof half);
        values[i] = widen(half);
    }
    w->out->pub.type = TDREST_TYPE_FLOAT;
    w->out->pub.values = values;
    return NULL;
}

/* ---- times ---- */

/* Counts times `factor`, from 64 or 32 bits. */
static const char *scale_times(const tdri_arrow_import_work *w, size_t width, int64_t factor)
{
    const char *from = (const char *)w->rows->array->buffers[1] + w->first * width;
    int64_t *values = (int64_t *)tdri_arrow_import_own(w, VALUES, w->count, sizeof *values);

    if (values == NULL)
        return tdri_arrow_no_memory(w);
    for (size_t i = 0; i < w->count; i++) {
        int32_t narrow;

        if (!tdri_arrow_has_value(w->rows->array, w->first + i))
            continue;
        memcpy(width == sizeof narrow ? (void *)&narrow : (void *)&values[i], from + i * width, width);
        if (width == sizeof narrow)
            values[i] = narrow;
        if (values[i] > INT64_MAX / factor || values[i] < INT64_MIN / factor)
            return tdri_arrow_refuse_row(w, i, "a time within 64 bits of milliseconds");
        values[i] *= factor;
    }
    w->out->pub.type = TDREST_TYPE_TIMESTAMP;
    w->out->pub.precision = TDREST_MS;
    w->out->pub.values = values;
    return NULL;
}

static const char *import_times(const tdri_arrow_import_work *w, const char *format)
{
    enum { SECOND = 1000, DAY = 86400000 };

    if (strcmp(format, "tdD") == 0)
        return scale_times(w, sizeof(int32_t), DAY);
    if (strcmp(format, "tdm") == 0)
        return scale_times(w, sizeof(int64_t), 1);
    if (strncmp(format, "tss:", 4) == 0)
        return scale_times(w, sizeof(int64_t), SECOND);
    w->out->pub.precision = strncmp(format, "tsm:", 4) == 0 ? TDREST_MS : strncmp(format, "tsu:", 4) == 0 ? TDREST_US
                            : strncmp(format, "tsn:", 4) == 0 ? TDREST_NS : TDREST_PRECISION_UNKNOWN;
    w->out->code = TDREST_EBIND;
    return w->out->pub.precision == TDREST_PRECISION_UNKNOWN ? other_type : lend(w, TDREST_TYPE_TIMESTAMP, sizeof(int64_t));
}

/* ---- dictionaries ---- */

/* The index that a row has; -1: it is none. It may stand anywhere. */
static int64_t index_at(const char *format, const void *values, size_t at)
{
    const char *from = (const char *)values;
    union {
        int8_t i8; uint8_t u8; int16_t i16; uint16_t u16; int32_t i32; uint32_t u32; int64_t i64; uint64_t u64;
    } v;

    switch (format[0]) {
    case 'c': memcpy(&v.i8, from + at, 1); return v.i8;
    case 'C': memcpy(&v.u8, from + at, 1); return v.u8;
    case 's': memcpy(&v.i16, from + 2 * at, 2); return v.i16;
    case 'S': memcpy(&v.u16, from + 2 * at, 2); return v.u16;
    case 'i': memcpy(&v.i32, from + 4 * at, 4); return v.i32;
    case 'I': memcpy(&v.u32, from + 4 * at, 4); return v.u32;
    case 'l': memcpy(&v.i64, from + 8 * at, 8); return v.i64;
    case 'L': memcpy(&v.u64, from + 8 * at, 8); return v.u64 > INT64_MAX ? -1 : (int64_t)v.u64;
    default: return -1;
    }
}

/* The arrays of a column of `count` elements, to be filled from those of a dictionary. */
typedef struct picked {
    uint8_t *validity;
    char *values; /* or offsets */
    uint32_t *lengths;
} picked;

static void pick(const tdrest_column *words, size_t word, size_t width, const picked *to, size_t row)
{
    if (words->validity != NULL && (words->validity[word >> 3] >> (word & 7) & 1) == 0)
        return;
    to->validity[row >> 3] = (uint8_t)(to->validity[row >> 3] | 1u << (row & 7));
    if (width > 0) {
        memcpy(to->values + row * width, (const char *)words->values + word * width, width);
        return;
    }
    memcpy(to->values + row * sizeof(uint32_t), &words->offset[word], sizeof(uint32_t));
    to->lengths[row] = words->length != NULL ? words->length[word] : words->offset[word + 1] - words->offset[word];
}

static const char *pick_all(const tdri_arrow_import_work *w, const tdrest_column *words, const picked *to)
{
    const struct ArrowArray *array = w->rows->array;
    size_t width = tdri_type_width(words->type);

    for (size_t i = 0; i < w->count; i++) {
        int64_t word;

        if (!tdri_arrow_has_value(array, w->first + i))
            continue;
        word = index_at(w->rows->field->format, array->buffers[1], w->first + i);
        if (word < 0 || word >= words->count)
            return tdri_arrow_refuse_row(w, i, "an index within the dictionary");
        pick(words, (size_t)word, width, to, i);
    }
    return NULL;
}

/* The dictionary becomes a column first; its bytes stay, so it is kept until this one is cleared. */
static const char *import_dictionary(const tdri_arrow_import_work *w)
{
    const struct ArrowArray *array = w->rows->array;
    tdri_arrow_rows all = {w->rows->field->dictionary, array->dictionary, 0, array->dictionary->length, w->rows->target};
    tdri_arrow_column words;
    const char *expected = all.field->dictionary != NULL ? other_type : tdri_arrow_import(w->mem, &all, &words);
    picked to;

    w->out->code = TDREST_EBIND;
    if (all.field->dictionary != NULL)
        return expected;
    if (expected == NULL) {
        to.validity = (uint8_t *)tdri_arrow_import_own(w, VALIDITY, w->count / 8 + 1, 1);
        to.values = (char *)tdri_arrow_import_own(w, VALUES, w->count, sizeof(int64_t));
        to.lengths = (uint32_t *)tdri_arrow_import_own(w, LENGTHS, w->count, sizeof(uint32_t));
        expected = to.validity == NULL || to.values == NULL || to.lengths == NULL ? tdri_arrow_no_memory(w) : pick_all(w, &words.pub, &to);
    } else {
        w->out->code = words.code;
    }
    if (expected == NULL) {
        w->out->pub.type = words.pub.type;
        w->out->pub.precision = words.pub.precision;
        w->out->pub.validity = to.validity;
        w->out->pub.values = tdri_type_width(words.pub.type) > 0 ? to.values : NULL;
        w->out->pub.offset = (const uint32_t *)(const void *)to.values;
        w->out->pub.length = to.lengths;
        w->out->pub.bytes = words.pub.bytes;
        w->out->owned[BYTES] = words.owned[BYTES];
        words.owned[BYTES] = NULL;
    }
    tdri_arrow_import_clear(w->mem, &words);
    return expected;
}

/* ---- any type ---- */

static const char *import_type(const tdri_arrow_import_work *w)
{
    const char *format = w->rows->field->format;

    switch (format[0]) {
    case 'n': return import_nulls(w);
    case 'b': return import_bools(w);
    case 'c': return lend(w, TDREST_TYPE_TINYINT, 1);
    case 'C': return lend(w, TDREST_TYPE_UTINYINT, 1);
    case 's': return lend(w, TDREST_TYPE_SMALLINT, 2);
    case 'S': return lend(w, TDREST_TYPE_USMALLINT, 2);
    case 'i': return lend(w, TDREST_TYPE_INT, 4);
    case 'I': return lend(w, TDREST_TYPE_UINT, 4);
    case 'l': return lend(w, TDREST_TYPE_BIGINT, 8);
    case 'L': return lend(w, TDREST_TYPE_UBIGINT, 8);
    case 'e': return import_halves(w);
    case 'f': return lend(w, TDREST_TYPE_FLOAT, 4);
    case 'g': return lend(w, TDREST_TYPE_DOUBLE, 8);
    case 't': return import_times(w, format);
    case 'u': case 'z': return tdri_arrow_import_texts(w);
    case 'U': case 'Z': return tdri_arrow_import_large_texts(w);
    case 'v': return format[1] == 'u' || format[1] == 'z' ? tdri_arrow_import_views(w) : other_type;
    case 'w': return tdri_arrow_import_fixed(w);
    case 'd': return tdri_arrow_import_decimals(w);
    default: return other_type;
    }
}

/* Types that are not read have what they want. */
static int has_buffers(const tdri_arrow_rows *rows)
{
    const char format = rows->field->format[0];
    const int64_t expected = strchr("uzUZv", format) != NULL ? 3 : strchr("bcCsSiIlLefgtwd", format) != NULL ? 2 : 0;

    return format == '\0' || expected == 0 || (rows->array->n_buffers >= expected && (rows->count == 0 || rows->array->buffers[1] != NULL));
}

static const char *check_array(const tdri_arrow_rows *rows)
{
    const struct ArrowArray *array = rows->array;

    if (rows->field->format == NULL || array == NULL || array->release == NULL || rows->field->release == NULL)
        return "an Arrow array with its schema, neither of them released";
    if (array->offset < 0 || rows->from < 0 || rows->count < 0 || rows->from + rows->count > array->length)
        return "an Arrow array at least as long as its struct";
    if (rows->field->dictionary != NULL && array->dictionary == NULL)
        return "an Arrow array with the dictionary of its schema";
    return has_buffers(rows) ? NULL : "an Arrow array with all buffers of its type";
}

const char *tdri_arrow_import(const tdrest_allocator *mem, const tdri_arrow_rows *rows, tdri_arrow_column *out)
{
    const tdrest_column nothing = TDREST_COLUMN(TDREST_TYPE_UNKNOWN, NULL, rows->count);
    tdri_arrow_import_work w = {mem, rows, out, 0, 0};
    const char *expected;

    memset(out, 0, sizeof *out);
    out->pub = nothing;
    out->bad_row = -1;
    out->code = TDREST_EUSAGE;
    expected = check_array(rows);
    if (expected != NULL)
        return expected;
    w.first = (size_t)(rows->array->offset + rows->from);
    w.count = (size_t)rows->count;
    out->code = TDREST_EBIND;
    if (rows->field->dictionary != NULL)
        return import_dictionary(&w);
    expected = import_validity(&w);
    return expected != NULL ? expected : import_type(&w);
}

void tdri_arrow_import_clear(const tdrest_allocator *mem, tdri_arrow_column *column)
{
    for (int i = 0; i < TDRI_ARROW_OWNED; i++) {
        tdri_mem_free(mem, column->owned[i]);
        column->owned[i] = NULL;
    }
}
