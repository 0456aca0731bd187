/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* CRC-32C (Castagnoli) of bytes. Knows nothing of what they mean. */
#ifndef TDRI_CRC32C_H
#define TDRI_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* For eight bytes at a time; made when a spool is opened, because the library has no writable globals. */
typedef struct tdri_crc32c_table {
    uint32_t of[8][256];
    uint32_t behind[2][4][256]; /* what a sum becomes behind 512, and behind 1024, zeros: by its bytes */
} tdri_crc32c_table;

void tdri_crc32c_init(tdri_crc32c_table *table);

/* The CRC of these bytes behind those whose CRC is `crc`; 0: they are the first. */
uint32_t tdri_crc32c(const tdri_crc32c_table *table, uint32_t crc, const void *bytes, size_t len);

/* The same by the table alone, where the processor has an instruction for it. */
uint32_t tdri_crc32c_plain(const tdri_crc32c_table *table, uint32_t crc, const void *bytes, size_t len);

/* What is stored: rotated and moved, so that zeros do not have the CRC 0 and a CRC over bytes that hold one stays good. */
static inline uint32_t tdri_crc32c_mask(uint32_t crc)
{
    return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

#endif
