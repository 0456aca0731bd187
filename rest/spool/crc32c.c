/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* CRC-32C, by the processor's instruction where there is one, else by tables. Knows nothing of what is summed. */
#include "spool/crc32c.h"

#include "base/bytes8.h"

#include <string.h>

enum { STRIPE = 512 };

/* What becomes of a sum, by what becomes of each of its bits. */
static uint32_t move(const uint32_t *bits, uint32_t sum)
{
    uint32_t moved = 0;

    for (; sum != 0; sum >>= 1, bits++)
        moved ^= sum & 1 ? *bits : 0;
    return moved;
}

/* Sums are linear: that of each bit alone tells all. Behind one zero byte; then behind twice as many, until it is a stripe, or two. */
static void init_behind(tdri_crc32c_table *table, int which)
{
    uint32_t bits[32], twice[32];

    for (int byte = 0; byte < 4; byte++)
        table->behind[which][byte][0] = 0;
    for (int bit = 0; bit < 32; bit++)
        bits[bit] = UINT32_C(1) << bit >> 8 ^ table->of[0][UINT32_C(1) << bit & 0xff];
    for (int len = 1; len < STRIPE << which; len *= 2) {
        for (int bit = 0; bit < 32; bit++)
            twice[bit] = move(bits, bits[bit]);
        memcpy(bits, twice, sizeof bits);
    }
    for (int bit = 0; bit < 32; bit++) {
        uint32_t *of = table->behind[which][bit / 8], first = UINT32_C(1) << bit % 8;

        for (uint32_t rest = 0; rest < first; rest++)
            of[first + rest] = of[rest] ^ bits[bit];
    }
}

void tdri_crc32c_init(tdri_crc32c_table *table)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;

        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
        table->of[0][i] = crc;
    }
    for (uint32_t i = 0; i < 256; i++)
        for (int step = 1; step < 8; step++)
            table->of[step][i] = table->of[step - 1][i] >> 8 ^ table->of[0][table->of[step - 1][i] & 0xff];
    init_behind(table, 0);
    init_behind(table, 1);
}

uint32_t tdri_crc32c_plain(const tdri_crc32c_table *table, uint32_t crc, const void *bytes, size_t len)
{
    const char *p = (const char *)bytes;
    const uint32_t(*of)[256] = table->of;

    crc = ~crc;
    for (; len >= 8; p += 8, len -= 8) {
        const uint64_t eight = tdri_bytes8_load(p) ^ crc;

        crc = of[7][eight & 0xff] ^ of[6][eight >> 8 & 0xff] ^ of[5][eight >> 16 & 0xff] ^ of[4][eight >> 24 & 0xff] ^
              of[3][eight >> 32 & 0xff] ^ of[2][eight >> 40 & 0xff] ^ of[1][eight >> 48 & 0xff] ^ of[0][eight >> 56];
    }
    for (; len > 0; p++, len--)
        crc = crc >> 8 ^ of[0][(crc ^ (unsigned char)*p) & 0xff];
    return ~crc;
}

#if defined(__x86_64__) && defined(__GNUC__)

static uint64_t move_behind(const tdri_crc32c_table *table, int which, uint64_t sum)
{
    const uint32_t(*behind)[256] = table->behind[which];

    return behind[0][sum & 0xff] ^ behind[1][sum >> 8 & 0xff] ^ behind[2][sum >> 16 & 0xff] ^ behind[3][sum >> 24 & 0xff];
}

/* Three stripes at a time: the instruction takes three cycles, and one can begin in each. */
__attribute__((target("sse4.2"))) static uint32_t by_instruction(const tdri_crc32c_table *table, uint32_t crc, const char *p, size_t len)
{
    uint64_t sum = ~crc;

    for (; len >= 3 * STRIPE; p += 3 * STRIPE, len -= 3 * STRIPE) {
        uint64_t second = 0, third = 0;

        for (int i = 0; i < STRIPE; i += 8) {
            sum = __builtin_ia32_crc32di(sum, tdri_bytes8_load(p + i));
            second = __builtin_ia32_crc32di(second, tdri_bytes8_load(p + STRIPE + i));
            third = __builtin_ia32_crc32di(third, tdri_bytes8_load(p + 2 * STRIPE + i));
        }
        sum = move_behind(table, 1, sum) ^ move_behind(table, 0, second) ^ third;
    }
    for (; len >= 8; p += 8, len -= 8)
        sum = __builtin_ia32_crc32di(sum, tdri_bytes8_load(p));
    for (; len > 0; p++, len--)
        sum = __builtin_ia32_crc32qi((uint32_t)sum, (unsigned char)*p);
    return ~(uint32_t)sum;
}

uint32_t tdri_crc32c(const tdri_crc32c_table *table, uint32_t crc, const void *bytes, size_t len)
{
    if (__builtin_cpu_supports("sse4.2"))
        return by_instruction(table, crc, (const char *)bytes, len);
    return tdri_crc32c_plain(table, crc, bytes, len);
}

#else

uint32_t tdri_crc32c(const tdri_crc32c_table *table, uint32_t crc, const void *bytes, size_t len)
{
    return tdri_crc32c_plain(table, crc, bytes, len);
}

#endif
