/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow arrays checked in full, by the specification alone. */
#include "arrow_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

static int wrong(const struct ArrowSchema *field, const char *what)
{
    fprintf(stderr, "\narrow: %s (%s): %s\n", field->name, field->format, what);
    return 0;
}

/* Bits of a value; 1 for BOOL, 0 for texts and bytes. */
static unsigned width(const char *format)
{
    switch (format[0]) {
    case 'b': return 1;
    case 'c': case 'C': return 8;
    case 's': case 'S': return 16;
    case 'i': case 'I': case 'f': return 32;
    case 'l': case 'L': case 'g': case 't': return 64;
    case 'd': return 128;
    default: return 0;
    }
}

int tdrt_arrow_is_null(const struct ArrowArray *array, int64_t row)
{
    const uint8_t *bits = array->buffers[0];

    row += array->offset;
    return bits != NULL && (bits[row / 8] >> (row % 8) & 1) == 0;
}

static int check_texts(const struct ArrowSchema *field, const struct ArrowArray *array)
{
    const int32_t *offsets = array->buffers[1];
    const char *bytes = array->buffers[2];

    if (array->n_buffers != 3 || offsets == NULL || bytes == NULL)
        return wrong(field, "expected offsets and bytes, even for none");
    if (offsets[0] < 0)
        return wrong(field, "the first offset is negative");
    for (int64_t i = array->offset; i < array->offset + array->length; i++) {
        if (offsets[i + 1] < offsets[i])
            return wrong(field, "offsets fall");
        if (field->format[0] == 'u' && !tdrt_is_utf8(bytes + offsets[i], (size_t)(offsets[i + 1] - offsets[i])))
            return wrong(field, "a text is not UTF-8");
    }
    /* The last byte can be read. */
    if (offsets[array->offset + array->length] > 0) {
        volatile char last = bytes[offsets[array->offset + array->length] - 1];

        (void)last;
    }
    return 1;
}

static int check_child(const struct ArrowSchema *field, const struct ArrowArray *array, int64_t rows)
{
    int64_t nulls = 0;

    if (array->release == NULL || field->release == NULL)
        return wrong(field, "released");
    if (array->length != rows || array->offset < 0)
        return wrong(field, "another length than its parent's");
    if (array->n_children != 0 || field->n_children != 0 || array->dictionary != NULL || field->dictionary != NULL)
        return wrong(field, "children of a simple type");
    if (!(field->flags & ARROW_FLAG_NULLABLE))
        return wrong(field, "not nullable");
    for (int64_t i = 0; i < array->n_buffers; i++)
        if ((uintptr_t)array->buffers[i] % 64 != 0)
            return wrong(field, "a buffer is not aligned to 64 bytes");
    for (int64_t i = 0; i < rows; i++)
        nulls += tdrt_arrow_is_null(array, i);
    if (nulls != array->null_count)
        return wrong(field, "the count of nulls is wrong");
    if (width(field->format) == 0)
        return check_texts(field, array);
    return (array->n_buffers == 2 && array->buffers[1] != NULL) || wrong(field, "expected two buffers");
}

int tdrt_arrow_check(const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    if (strcmp(schema->format, "+s") != 0 || schema->name == NULL)
        return wrong(schema, "no struct");
    if (array->n_children != schema->n_children || array->n_buffers != 1 || array->null_count != 0 || array->length <= 0)
        return wrong(schema, "the struct array is wrong, or empty");
    for (int64_t i = 0; i < schema->n_children; i++)
        if (!check_child(schema->children[i], array->children[i], array->length))
            return 0;
    return 1;
}

/* 128 bits of the machine in decimal digits. */
static void put_decimal(const void *value, char *out, size_t cap)
{
    static const uint16_t one = 1;
    const int little = *(const uint8_t *)&one == 1;
    uint32_t limb[4];
    char digits[48];
    size_t at = sizeof digits - 1;
    int negative;

    memcpy(limb, value, sizeof limb);
    if (!little) {
        uint32_t swap[4] = {limb[3], limb[2], limb[1], limb[0]};

        memcpy(limb, swap, sizeof limb);
    }
    negative = limb[3] >> 31 != 0;
    if (negative) {
        uint64_t carry = 1;

        for (int i = 0; i < 4; i++) {
            carry += (uint32_t)~limb[i];
            limb[i] = (uint32_t)carry;
            carry >>= 32;
        }
    }
    digits[at] = '\0';
    do {
        uint64_t rest = 0;

        for (int i = 3; i >= 0; i--) {
            rest = rest << 32 | limb[i];
            limb[i] = (uint32_t)(rest / 10);
            rest %= 10;
        }
        digits[--at] = (char)('0' + rest);
    } while ((limb[0] | limb[1] | limb[2] | limb[3]) != 0);
    snprintf(out, cap, "%s%s", negative ? "-" : "", digits + at);
}

static void put_bytes(const struct ArrowSchema *field, const struct ArrowArray *array, int64_t row, char *out, size_t cap)
{
    const int32_t *offsets = array->buffers[1];
    const unsigned char *bytes = (const unsigned char *)array->buffers[2] + offsets[row];
    int32_t len = offsets[row + 1] - offsets[row];
    size_t n = 0;

    if (field->format[0] == 'u') {
        snprintf(out, cap, "\"%.*s\"", (int)len, (const char *)bytes);
        return;
    }
    n = (size_t)snprintf(out, cap, "x'");
    for (int32_t i = 0; i < len && n < cap; i++)
        n += (size_t)snprintf(out + n, cap - n, "%02x", bytes[i]);
    if (n < cap)
        snprintf(out + n, cap - n, "'");
}

void tdrt_arrow_cell(const struct ArrowSchema *field, const struct ArrowArray *array, int64_t row, char *out, size_t cap)
{
    const void *v = array->buffers[1];
    int null = tdrt_arrow_is_null(array, row);

    row += array->offset;
    if (null) {
        snprintf(out, cap, "NULL");
        return;
    }
    switch (field->format[0]) {
    case 'b': snprintf(out, cap, "%s", ((const uint8_t *)v)[row / 8] >> (row % 8) & 1 ? "true" : "false"); break;
    case 'c': snprintf(out, cap, "%d", ((const int8_t *)v)[row]); break;
    case 's': snprintf(out, cap, "%d", ((const int16_t *)v)[row]); break;
    case 'i': snprintf(out, cap, "%" PRId32, ((const int32_t *)v)[row]); break;
    case 'l': case 't': snprintf(out, cap, "%" PRId64, ((const int64_t *)v)[row]); break;
    case 'C': snprintf(out, cap, "%u", ((const uint8_t *)v)[row]); break;
    case 'S': snprintf(out, cap, "%u", ((const uint16_t *)v)[row]); break;
    case 'I': snprintf(out, cap, "%" PRIu32, ((const uint32_t *)v)[row]); break;
    case 'L': snprintf(out, cap, "%" PRIu64, ((const uint64_t *)v)[row]); break;
    case 'f': snprintf(out, cap, "%.9g", (double)((const float *)v)[row]); break;
    case 'g': snprintf(out, cap, "%.17g", ((const double *)v)[row]); break;
    case 'd': put_decimal((const char *)v + 16 * row, out, cap); break;
    default: put_bytes(field, array, row, out, cap); break;
    }
}

const char *tdrt_arrow_metadata(const struct ArrowSchema *field, const char *key)
{
    static char value[256];
    const char *p = field->metadata;
    int32_t pairs, len;

    if (p == NULL)
        return NULL;
    memcpy(&pairs, p, sizeof pairs);
    p += sizeof pairs;
    for (int32_t i = 0; i < pairs; i++) {
        int found;

        memcpy(&len, p, sizeof len);
        p += sizeof len;
        found = strlen(key) == (size_t)len && memcmp(p, key, (size_t)len) == 0;
        p += len;
        memcpy(&len, p, sizeof len);
        p += sizeof len;
        if (found) {
            snprintf(value, sizeof value, "%.*s", (int)len, p);
            return value;
        }
        p += len;
    }
    return NULL;
}
