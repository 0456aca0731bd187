/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Targets, parameters and their numbers as the adapter's Go libraries read them, with the texts of their errors. */
#include "exchange.h"

#include <string.h>

/* ---- targets ---- */

/* 0 when a percent sign has no two hexadecimal digits behind it. */
static int unescape(sbx_arena *arena, sbx_text text, int plus_is_blank, sbx_text *out)
{
    char *to = sbx_alloc(arena, text.len + 1);
    size_t i, len = 0;

    for (i = 0; i < text.len; i++) {
        char c = text.p[i];

        if (c == '%') {
            if (text.len - i < 3 || sbx_hex_digit(text.p[i + 1]) < 0 || sbx_hex_digit(text.p[i + 2]) < 0)
                return 0;
            c = (char)(sbx_hex_digit(text.p[i + 1]) * 16 + sbx_hex_digit(text.p[i + 2]));
            i += 2;
        } else if (c == '+' && plus_is_blank) {
            c = ' ';
        }
        to[len++] = c;
    }
    *out = (sbx_text){to, len};
    return 1;
}

static sbx_text before(sbx_text text, char c)
{
    const char *at = text.len == 0 ? NULL : memchr(text.p, c, text.len);

    return at == NULL ? text : (sbx_text){text.p, (size_t)(at - text.p)};
}

static sbx_text from(sbx_text text, size_t offset)
{
    return offset >= text.len ? (sbx_text){text.p, 0} : (sbx_text){text.p + offset, text.len - offset};
}

static void add_pair(sbx_arena *arena, sbx_target *target, sbx_text pair)
{
    sbx_text name = before(pair, '=');
    sbx_param param;

    if (pair.len == 0 || before(pair, ';').len != pair.len)
        return;
    if (!unescape(arena, name, 1, &param.name) || !unescape(arena, from(pair, name.len + 1), 1, &param.value))
        return;
    target->params = sbx_alloc_one_more(arena, target->params, target->param_count, sizeof param);
    target->params[target->param_count++] = param;
}

int sbx_target_parse(sbx_arena *arena, sbx_text raw, sbx_target *target)
{
    sbx_text path = before(raw, '?'), rest, pair;

    *target = (sbx_target){0};
    target->query = from(raw, path.len);
    for (rest = from(target->query, 1); rest.len != 0; rest = from(rest, pair.len + 1)) {
        pair = before(rest, '&');
        add_pair(arena, target, pair);
    }
    return unescape(arena, path, 0, &target->path);
}

static const sbx_param *find(const sbx_target *target, const char *name)
{
    for (size_t i = 0; i < target->param_count; i++)
        if (sbx_text_is(target->params[i].name, name))
            return &target->params[i];
    return NULL;
}

sbx_text sbx_param_get(const sbx_target *target, const char *name)
{
    const sbx_param *param = find(target, name);

    return param == NULL ? (sbx_text){"", 0} : param->value;
}

int sbx_param_has(const sbx_target *target, const char *name)
{
    return find(target, name) != NULL;
}

/* ---- numbers ---- */

/* strconv.Quote, taking every character from U+00A1 on as one that can be shown. */
static void quote(sbx_buf *out, sbx_text text)
{
    static const char escapes[] = "\aa\bb\ff\nn\rr\tt\vv\\\\\"\"";
    uint32_t c = 0;
    size_t len, i;

    sbx_buf_char(out, '"');
    for (; text.len != 0; text = from(text, len)) {
        len = sbx_utf8(text, &c);
        for (i = 0; len == 1 && i + 1 < sizeof escapes && (uint32_t)escapes[i] != c; i += 2)
            ;
        if (len == 0)
            sbx_buf_format(out, "\\x%02x", (unsigned)(unsigned char)text.p[0]);
        else if (len == 1 && i + 1 < sizeof escapes)
            sbx_buf_format(out, "\\%c", escapes[i + 1]);
        else if (c < ' ' || c == 0x7f)
            sbx_buf_format(out, "\\x%02x", (unsigned)c);
        else if (c > 0x7f && c < 0xa1)
            sbx_buf_format(out, "\\u%04x", (unsigned)c);
        else
            sbx_buf_put(out, text.p, len);
        len = len == 0 ? 1 : len;
    }
    sbx_buf_char(out, '"');
}

static int refuse(sbx_buf *why, const char *function, sbx_text text, const char *reason)
{
    sbx_buf_format(why, "strconv.%s: parsing ", function);
    quote(why, text);
    sbx_buf_format(why, ": %s", reason);
    return 0;
}

/* Digits to a number; what is wrong first is said. */
static const char *digits(sbx_text text, uint64_t most, uint64_t *out)
{
    uint64_t n = 0;

    if (text.len == 0)
        return "invalid syntax";
    for (size_t i = 0; i < text.len; i++) {
        unsigned d = (unsigned)(unsigned char)text.p[i] - '0';

        if (d > 9)
            return "invalid syntax";
        if (n > (UINT64_MAX - d) / 10)
            return "value out of range";
        n = n * 10 + d;
    }
    *out = n;
    return n > most ? "value out of range" : NULL;
}

int sbx_parse_uint(sbx_text text, uint64_t *out, sbx_buf *why)
{
    const char *reason = digits(text, UINT64_MAX, out);

    return reason == NULL ? 1 : refuse(why, "ParseUint", text, reason);
}

int sbx_parse_int(sbx_text text, const char *function, int64_t *out, sbx_buf *why)
{
    int negative = sbx_text_begins(text, "-");
    int has_sign = negative || sbx_text_begins(text, "+");
    uint64_t most = (uint64_t)INT64_MAX + (negative ? 1 : 0), n = 0;
    const char *reason = digits(from(text, has_sign ? 1 : 0), most, &n);

    if (reason != NULL)
        return refuse(why, function, text, reason);
    *out = negative ? (int64_t)(0 - n) : (int64_t)n;
    return 1;
}

int sbx_parse_bool(sbx_text text, int *out, sbx_buf *why)
{
    static const char *const words[] = {"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (sbx_text_is(text, words[i])) {
            *out = i < 6;
            return 1;
        }
    }
    return refuse(why, "ParseBool", text, "invalid syntax");
}
