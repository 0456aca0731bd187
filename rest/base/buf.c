/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A growing text with a ceiling. Knows nothing of what is written into it. */
#include "base/buf.h"

#include "base/number.h"

#include <string.h>

enum { FIRST_CAP = 64 };

void tdri_buf_init(tdri_buf *buf, const tdrest_allocator *mem, size_t max)
{
    memset(buf, 0, sizeof *buf);
    buf->mem = mem;
    buf->max = max < SIZE_MAX ? max : SIZE_MAX - 1; /* the NUL must be countable */
}

void tdri_buf_clear(tdri_buf *buf)
{
    if (buf->mem != NULL)
        tdri_mem_free(buf->mem, buf->data);
    buf->data = NULL;
    buf->len = buf->cap = 0;
    buf->failed = 0;
}

void tdri_buf_reset(tdri_buf *buf)
{
    buf->len = 0;
    buf->failed = 0;
}

void tdri_buf_cut(tdri_buf *buf, size_t len)
{
    buf->len = len;
    buf->failed = 0;
    if (buf->data != NULL)
        buf->data[len] = '\0';
}

/* Memory for that many bytes more, doubled up to the ceiling. */
static int grow(tdri_buf *buf, size_t more)
{
    size_t needed = buf->len + more + 1, cap;
    char *data;

    if (needed <= buf->cap)
        return 1;
    cap = buf->cap == 0 ? FIRST_CAP : buf->cap > SIZE_MAX / 2 ? SIZE_MAX : buf->cap * 2;
    cap = cap > buf->max ? buf->max + 1 : cap;
    cap = cap < needed ? needed : cap;
    data = (char *)tdri_mem_resize(buf->mem, buf->data, cap);
    if (data == NULL) {
        buf->failed = TDREST_ENOMEM;
        return 0;
    }
    buf->data = data;
    buf->cap = cap;
    return 1;
}

int tdri_buf_reserve(tdri_buf *buf, size_t more)
{
    if (buf->failed == 0 && (buf->len > buf->max || more > buf->max - buf->len))
        buf->failed = TDREST_ERANGE;
    return buf->failed == 0 && grow(buf, more);
}

char *tdri_buf_grow(tdri_buf *buf, size_t more)
{
    if (buf->failed == 0 && (buf->len > buf->max || more > SIZE_MAX - 1 - buf->len))
        buf->failed = TDREST_ERANGE;
    return buf->failed == 0 && grow(buf, more) ? buf->data + buf->len : NULL;
}

void tdri_buf_add(tdri_buf *buf, const void *bytes, size_t len)
{
    if (!tdri_buf_reserve(buf, len))
        return;
    if (len != 0)
        memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void tdri_buf_add_text(tdri_buf *buf, const char *text)
{
    tdri_buf_add(buf, text, strlen(text));
}

void tdri_buf_add_char(tdri_buf *buf, char c)
{
    tdri_buf_add(buf, &c, 1);
}

void tdri_buf_add_int(tdri_buf *buf, int64_t number)
{
    char text[TDRI_NUMBER_TEXT];

    tdri_buf_add(buf, text, tdri_int64_format(number, text));
}

int tdri_buf_code(const tdri_buf *buf)
{
    return buf->failed;
}

const char *tdri_buf_text(const tdri_buf *buf)
{
    return buf->len == 0 ? "" : buf->data;
}
