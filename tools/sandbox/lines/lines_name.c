/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The name that a child table gets from its measurement and tags: "t_" and their MD5 (RFC 1321). Knows nothing else. */
#include "lines.h"

#include <string.h>
#include <strings.h>

/* floor(2^32 * |sin(i + 1)|) */
static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1,
    0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453,
    0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942,
    0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05,
    0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d,
    0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

static const unsigned shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static uint32_t mixed(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
    switch (round) {
    case 0: return (b & c) | (~b & d);
    case 1: return (d & b) | (~d & c);
    case 2: return b ^ c ^ d;
    default: return c ^ (b | ~d);
    }
}

static void add_block(uint32_t state[4], const unsigned char block[64])
{
    static const unsigned step[4] = {1, 5, 3, 7}, start[4] = {0, 1, 5, 0};
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];

    for (unsigned i = 0; i < 64; i++) {
        unsigned round = i / 16, at = 4 * ((step[round] * i + start[round]) % 16), shift = shifts[round][i % 4];
        uint32_t word = block[at] | (uint32_t)block[at + 1] << 8 | (uint32_t)block[at + 2] << 16 | (uint32_t)block[at + 3] << 24;
        uint32_t sum = a + mixed(round, b, c, d) + sines[i] + word;

        a = d;
        d = c;
        c = b;
        b += sum << shift | sum >> (32 - shift);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

static void digest(sbx_text text, unsigned char out[16])
{
    uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    unsigned char last[128] = {0};
    size_t i, whole = text.len / 64 * 64, rest = text.len - whole, last_len = rest < 56 ? 64 : 128;

    for (i = 0; i < whole; i += 64)
        add_block(state, (const unsigned char *)text.p + i);
    if (rest != 0)
        memcpy(last, text.p + whole, rest);
    last[rest] = 0x80;
    for (i = 0; i < 8; i++)
        last[last_len - 8 + i] = (unsigned char)((uint64_t)text.len * 8 >> 8 * i);
    for (i = 0; i < last_len; i += 64)
        add_block(state, last + i);
    for (i = 0; i < 16; i++)
        out[i] = (unsigned char)(state[i / 4] >> 8 * (i % 4));
}

/* Without regard to case; of two that are alike so far the shorter is first. */
static int before(const sbx_pair *a, const sbx_pair *b)
{
    size_t len = a->key.len < b->key.len ? a->key.len : b->key.len;
    int order = strncasecmp(a->key.p, b->key.p, len);

    return order != 0 ? order < 0 : a->key.len < b->key.len;
}

static void put_value(sbx_buf *buf, const sbx_value *value)
{
    /* What is no text goes in as the bytes of the machine's own number. */
    switch (value->type) {
    case SBX_BOOL:
    case SBX_TINYINT:
        sbx_buf_char(buf, (char)value->as.i);
        break;
    case SBX_SMALLINT:
        sbx_buf_put(buf, &(int16_t){(int16_t)value->as.i}, 2);
        break;
    case SBX_INT:
        sbx_buf_put(buf, &(int32_t){(int32_t)value->as.i}, 4);
        break;
    case SBX_BIGINT:
        sbx_buf_put(buf, &value->as.i, 8);
        break;
    case SBX_FLOAT:
        sbx_buf_put(buf, &(float){(float)value->as.d}, 4);
        break;
    case SBX_DOUBLE:
        sbx_buf_put(buf, &value->as.d, 8);
        break;
    default:
        sbx_buf_put(buf, value->as.s.p, value->as.s.len);
    }
}

sbx_text sbx_line_child_name(sbx_arena *arena, sbx_text measure, sbx_pairs tags)
{
    const sbx_pair **sorted = sbx_alloc_array(arena, tags.count, sizeof *sorted);
    sbx_buf buf = {0}, name = {0};
    unsigned char hash[16];
    sbx_text out;

    for (size_t i = 0; i < tags.count; i++) {
        size_t at = i;

        for (; at > 0 && before(&tags.items[i], sorted[at - 1]); at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = &tags.items[i];
    }
    sbx_buf_put(&buf, measure.p, measure.len);
    for (size_t i = 0; i < tags.count; i++) {
        sbx_buf_char(&buf, ',');
        sbx_buf_put(&buf, sorted[i]->key.p, sorted[i]->key.len);
        sbx_buf_char(&buf, '=');
        put_value(&buf, &sorted[i]->value);
    }
    digest((sbx_text){buf.p, buf.len}, hash);
    sbx_buf_text(&name, "t_");
    for (size_t i = 0; i < 16; i++)
        sbx_buf_format(&name, "%02x", hash[i]);
    out = sbx_copy(arena, name.p, name.len);
    sbx_buf_clear(&name);
    sbx_buf_clear(&buf);
    return out;
}
