/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The error record, and the names of codes and classes, all from the two tables of tdrest.h. Knows no protocol. */
#include "error/record.h"

#include "base/text.h"
#include "error/outcome.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef struct code_row {
    int code;
    int cls;
    int repeat;
    const char *name;
    const char *text;
} code_row;

typedef struct class_row {
    int cls;
    int parent;
    const char *name;
} class_row;

static const code_row codes[] = {
    {TDREST_OK, TDREST_CLASS_NONE, TDREST_REPEAT_NO, "TDREST_OK", ""},
    {TDREST_ROW, TDREST_CLASS_NONE, TDREST_REPEAT_NO, "TDREST_ROW", ""},
    {TDREST_DONE, TDREST_CLASS_NONE, TDREST_REPEAT_NO, "TDREST_DONE", ""},
    {TDREST_FULL, TDREST_CLASS_NONE, TDREST_REPEAT_NO, "TDREST_FULL", ""},
#define CODE_ROW(name, number, cls, repeat, text) {number, TDREST_CLASS_##cls, TDREST_REPEAT_##repeat, "TDREST_" #name, text},
    TDREST_CODE_MAP(CODE_ROW)
#undef CODE_ROW
};

static const class_row classes[] = {
#define CLASS_ROW(name, number, parent, text) {number, TDREST_CLASS_##parent, text},
    TDREST_CLASS_MAP(CLASS_ROW)
#undef CLASS_ROW
};

static const tdrest_error no_error = {.size = sizeof(tdrest_error), .column = -1, .row = -1, .offset = -1, .retry_after_ms = -1};

static const code_row *find_code(int code)
{
    static const code_row unknown = {0, TDREST_CLASS_ERROR, TDREST_REPEAT_NO, "TDREST_?", ""};
    size_t i;

    for (i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].code == code)
            return &codes[i];
    return &unknown;
}

static const class_row *find_class(int cls)
{
    static const class_row unknown = {TDREST_CLASS_NONE, TDREST_CLASS_NONE, ""};
    size_t i;

    for (i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (classes[i].cls == cls)
            return &classes[i];
    return &unknown;
}

const char *tdrest_code_name(int code)
{
    return find_code(code)->name;
}

const char *tdrest_code_text(int code)
{
    return find_code(code)->text;
}

const char *tdrest_class_name(int cls)
{
    return find_class(cls)->name;
}

int tdrest_class_is_a(int cls, int ancestor)
{
    const class_row *row = find_class(cls);

    while (row->cls != TDREST_CLASS_NONE && row->cls != ancestor)
        row = find_class(row->parent);
    return row->cls != TDREST_CLASS_NONE;
}

/* What stands behind the NUL of a text is of no interest: a record is one and a half kilobytes, and a request resets several. */
void tdri_err_reset(tdrest_error *err)
{
    memcpy(err, &no_error, offsetof(tdrest_error, endpoint));
    err->endpoint[0] = err->message[0] = err->hosts[0] = err->first_cause[0] = '\0';
    err->retry_after_ms = no_error.retry_after_ms;
    err->ran = no_error.ran;
}

const tdrest_error *tdri_err_none(void)
{
    return &no_error;
}

/* A text of which only the first size - 1 bytes are there ends in "..." behind its last whole character. */
static void mark_cut(char *text, size_t size)
{
    size_t at = size - sizeof "...";
    size_t least = at - 3; /* a character has at most three bytes behind its first */

    while (at > least && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    memcpy(text + at, "...", sizeof "...");
}

/* A control character, or a line end of Unicode's; terminals obey those of two bytes too. */
static int is_control(const char *c, size_t len)
{
    static const char ends[2][4] = {"\xe2\x80\xa8", "\xe2\x80\xa9"};

    if (len == 1)
        return (unsigned char)*c < 0x20 || *c == 0x7f;
    return len == 2 ? *c == '\xc2' && (unsigned char)c[1] < 0xa0 : len == 3 && (memcmp(c, ends[0], 3) == 0 || memcmp(c, ends[1], 3) == 0);
}

/* One line of UTF-8, whatever server, proxy or library it comes from. */
static void make_one_line(char *text)
{
    size_t left = strlen(text), len;

    for (; left > 0; text += len, left -= len) {
        len = tdri_utf8_len(text, left);
        if (len > 0 && !is_control(text, len))
            continue;
        len = len == 0 ? 1 : len;
        memset(text, '?', len);
    }
}

static int fill(tdrest_error *err, int code, int64_t offset, const char *format, va_list args)
{
    const code_row *row = find_code(code);
    int len = -1;

    assert(code < 0);
    if (err->code != 0)
        return err->code;
    err->code = code;
    err->cls = row->cls;
    err->repeat = row->repeat;
    err->ran = tdri_outcome_default(code);
    err->offset = offset;
    if (format != NULL)
        len = vsnprintf(err->message, sizeof err->message, format, args);
    if (len < 0)
        memcpy(err->message, row->text, strlen(row->text) + 1);
    else if ((size_t)len >= sizeof err->message)
        mark_cut(err->message, sizeof err->message);
    make_one_line(err->message);
    return code;
}

int tdri_err_set(tdrest_error *err, int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    code = fill(err, code, err->offset, format, args);
    va_end(args);
    return code;
}

int tdri_err_set_at(tdrest_error *err, int code, int64_t offset, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    code = fill(err, code, offset, format, args);
    va_end(args);
    return code;
}

void tdri_err_add(tdrest_error *err, const char *format, ...)
{
    size_t used = strlen(err->message), room = sizeof err->message - used;
    va_list args;
    int len;

    assert(err->code != 0);
    va_start(args, format);
    len = vsnprintf(err->message + used, room, format, args);
    va_end(args);
    if (len >= 0 && (size_t)len >= room)
        mark_cut(err->message, sizeof err->message);
    make_one_line(err->message);
}
