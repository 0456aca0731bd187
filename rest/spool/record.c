/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Writing and reading the bytes of a spool's files. Does no I/O. */
#include "spool/record.h"

#include "base/bytes8.h"

#include <string.h>

/* Neither byte of it is zero, nor is it UTF-8: it stands in no text. */
static const char file_magic[] = "tdrspool";
static const char record_magic[] = "\xf1tdR";

enum { MAGIC = 4, AT_LENGTH = 4, AT_NUMBER = 8, AT_CONTENT_CRC = 16, AT_HEAD_CRC = 20 };

/* Fields of a record's content, in their order. Numbers are eight bytes. */
enum field { FIELD_PROTOCOL = 1, FIELD_PRECISION, FIELD_TTL, FIELD_ROWS, FIELD_CODE, FIELD_DATABASE, FIELD_TIMEZONE, FIELD_TABLE_NAME_KEY, FIELD_REASON, FIELD_BODY };
enum { FIELD_HEAD = 5, NUMBER = 8, FIRST_TEXT = FIELD_DATABASE };

/* ---- numbers, the lowest byte first ---- */

static void put(char *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (char)(unsigned char)(value >> 8 * i & 0xff);
}

static uint32_t get32(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;

    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* ---- the header of a file ---- */

static uint32_t masked(const tdri_crc32c_table *table, const void *bytes, size_t len)
{
    return tdri_crc32c_mask(tdri_crc32c(table, 0, bytes, len));
}

void tdri_spool_write_head(char *head, const tdri_crc32c_table *table, uint32_t segment)
{
    memset(head, 0, TDRI_SPOOL_FILE_HEAD);
    memcpy(head, file_magic, 8);
    put(head + 8, TDRI_SPOOL_VERSION, 4);
    put(head + 12, segment, 4);
    put(head + 20, masked(table, head, 20), 4);
}

static int is_zero(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != 0)
            return 0;
    return 1;
}

enum tdri_spool_head tdri_spool_read_head(const tdri_crc32c_table *table, uint32_t segment, const void *bytes, size_t len)
{
    const char *head = (const char *)bytes;

    if (len < TDRI_SPOOL_FILE_HEAD)
        return len <= 8 && memcmp(head, file_magic, len) != 0 && !is_zero(head, len) ? TDRI_SPOOL_HEAD_DAMAGED : TDRI_SPOOL_HEAD_SHORT;
    if (is_zero(head, len))
        return TDRI_SPOOL_HEAD_SHORT;
    if (memcmp(head, file_magic, 8) != 0 || get32(head + 20) != masked(table, head, 20))
        return TDRI_SPOOL_HEAD_DAMAGED;
    if (get32(head + 8) > TDRI_SPOOL_VERSION)
        return TDRI_SPOOL_HEAD_NEWER;
    return get32(head + 8) == TDRI_SPOOL_VERSION && get32(head + 12) == segment ? TDRI_SPOOL_HEAD_GOOD : TDRI_SPOOL_HEAD_DAMAGED;
}

/* ---- a record ---- */

/* The segment's number is summed too: what an older file left in a block of the disk is no record of this one. */
static uint32_t head_crc(const tdri_crc32c_table *table, uint32_t segment, const char *head)
{
    char number[4];

    put(number, segment, 4);
    return tdri_crc32c_mask(tdri_crc32c(table, tdri_crc32c(table, 0, number, sizeof number), head, AT_HEAD_CRC));
}

void tdri_spool_move_record(const tdri_crc32c_table *table, uint32_t segment, char *bytes)
{
    put(bytes + AT_HEAD_CRC, head_crc(table, segment, bytes), 4);
}

size_t tdri_spool_record_length(const char *bytes)
{
    return TDRI_SPOOL_RECORD_HEAD + get32(bytes + AT_LENGTH);
}

static size_t number_size(int64_t value)
{
    return value == 0 ? 0 : FIELD_HEAD + NUMBER;
}

static size_t text_size(const tdri_spool_text *text)
{
    return text->len == 0 ? 0 : FIELD_HEAD + text->len;
}

size_t tdri_spool_record_size(const tdri_spool_record *record)
{
    return TDRI_SPOOL_RECORD_HEAD + number_size(record->protocol) + number_size(record->precision) + number_size(record->ttl_days) +
           number_size(record->rows) + number_size(record->code) + text_size(&record->database) + text_size(&record->timezone) +
           text_size(&record->table_name_key) + text_size(&record->reason) + text_size(&record->body);
}

static void add_number(tdri_buf *buf, enum field field, int64_t value)
{
    char bytes[FIELD_HEAD + NUMBER];

    if (value == 0)
        return;
    bytes[0] = (char)field;
    put(bytes + 1, NUMBER, 4);
    put(bytes + FIELD_HEAD, (uint64_t)value, NUMBER);
    tdri_buf_add(buf, bytes, sizeof bytes);
}

static void add_text_head(tdri_buf *buf, enum field field, size_t len)
{
    char bytes[FIELD_HEAD];

    if (len == 0)
        return;
    bytes[0] = (char)field;
    put(bytes + 1, len, 4);
    tdri_buf_add(buf, bytes, sizeof bytes);
}

static void add_text(tdri_buf *buf, enum field field, const tdri_spool_text *text)
{
    add_text_head(buf, field, text->len);
    tdri_buf_add(buf, text->text, text->len);
}

static void add_fields(tdri_buf *buf, const tdri_spool_record *record)
{
    add_number(buf, FIELD_PROTOCOL, record->protocol);
    add_number(buf, FIELD_PRECISION, record->precision);
    add_number(buf, FIELD_TTL, record->ttl_days);
    add_number(buf, FIELD_ROWS, record->rows);
    add_number(buf, FIELD_CODE, record->code);
    add_text(buf, FIELD_DATABASE, &record->database);
    add_text(buf, FIELD_TIMEZONE, &record->timezone);
    add_text(buf, FIELD_TABLE_NAME_KEY, &record->table_name_key);
    add_text(buf, FIELD_REASON, &record->reason);
    add_text_head(buf, FIELD_BODY, record->body.len);
}

/* Of what is between the header and the body, and the body. */
static uint32_t content_crc(const tdri_crc32c_table *table, const char *fields, size_t len, const tdri_spool_text *body)
{
    return tdri_crc32c_mask(tdri_crc32c(table, tdri_crc32c(table, 0, fields, len), body->text, body->len));
}

void tdri_spool_put_front(tdri_buf *buf, const tdri_crc32c_table *table, uint32_t segment, const tdri_spool_record *record)
{
    const size_t from = buf->len, size = tdri_spool_record_size(record);
    char *head;

    if (size - TDRI_SPOOL_RECORD_HEAD > TDRI_SPOOL_CONTENT_MAX) {
        buf->failed = TDREST_ERANGE;
        return;
    }
    tdri_buf_add(buf, "                        ", TDRI_SPOOL_RECORD_HEAD);
    add_fields(buf, record);
    if (tdri_buf_code(buf) != TDREST_OK)
        return;
    head = buf->data + from;
    memcpy(head, record_magic, MAGIC);
    put(head + AT_LENGTH, size - TDRI_SPOOL_RECORD_HEAD, 4);
    put(head + AT_NUMBER, record->number, 8);
    put(head + AT_CONTENT_CRC, content_crc(table, head + TDRI_SPOOL_RECORD_HEAD, buf->len - from - TDRI_SPOOL_RECORD_HEAD, &record->body), 4);
    tdri_spool_move_record(table, segment, head);
}

void tdri_spool_put_record(tdri_buf *buf, const tdri_crc32c_table *table, uint32_t segment, const tdri_spool_record *record)
{
    tdri_spool_put_front(buf, table, segment, record);
    tdri_buf_add(buf, record->body.text, record->body.len);
}

/* ---- reading ---- */

static int is_head(const tdri_crc32c_table *table, uint32_t segment, const char *at)
{
    return memcmp(at, record_magic, MAGIC) == 0 && get32(at + AT_LENGTH) >= 1 && get32(at + AT_LENGTH) <= TDRI_SPOOL_CONTENT_MAX &&
           tdri_bytes8_load(at + AT_NUMBER) != 0 && get32(at + AT_HEAD_CRC) == head_crc(table, segment, at);
}

/* Where the next header of a record is; len when there is none. */
static size_t find_head(const tdri_crc32c_table *table, uint32_t segment, const char *bytes, size_t len, size_t from)
{
    while (from < len && len - from >= TDRI_SPOOL_RECORD_HEAD) {
        const char *at = (const char *)memchr(bytes + from, (unsigned char)record_magic[0], len - from - TDRI_SPOOL_RECORD_HEAD + 1);

        if (at == NULL)
            break;
        if (is_head(table, segment, at))
            return (size_t)(at - bytes);
        from = (size_t)(at - bytes) + 1;
    }
    return len;
}

static int take_number(tdri_spool_record *record, int field, const char *bytes, size_t len)
{
    const int64_t value = len == NUMBER ? (int64_t)tdri_bytes8_load(bytes) : -1;

    if (len != NUMBER)
        return 0;
    switch (field) {
    case FIELD_PROTOCOL: record->protocol = (int)value; return value > 0 && value <= TDREST_PROTOCOL_JSON;
    case FIELD_PRECISION: record->precision = (int)value; return value != 0 && value >= INT32_MIN && value <= INT32_MAX;
    case FIELD_TTL: record->ttl_days = value; return value > 0;
    case FIELD_ROWS: record->rows = value; return value > 0;
    case FIELD_CODE: record->code = value; return value != 0;
    default: return 0;
    }
}

static int take_text(tdri_spool_record *record, int field, const char *bytes, size_t len)
{
    const tdri_spool_text text = {bytes, len};

    switch (field) {
    case FIELD_DATABASE: record->database = text; return 1;
    case FIELD_TIMEZONE: record->timezone = text; return 1;
    case FIELD_TABLE_NAME_KEY: record->table_name_key = text; return 1;
    case FIELD_REASON: record->reason = text; return 1;
    case FIELD_BODY: record->body = text; return 1;
    default: return 0;
    }
}

/* Fields rise, none is empty or says its default, the body is there and fills the rest. */
static int take_fields(tdri_spool_record *record, const char *bytes, size_t len)
{
    int last = 0;

    *record = (tdri_spool_record){.number = 0};
    while (len > FIELD_HEAD) {
        const int field = (unsigned char)bytes[0];
        const size_t size = get32(bytes + 1);

        if (field <= last || size == 0 || size > len - FIELD_HEAD)
            return 0;
        if (!(field < FIRST_TEXT ? take_number : take_text)(record, field, bytes + FIELD_HEAD, size))
            return 0;
        last = field;
        bytes += FIELD_HEAD + size;
        len -= FIELD_HEAD + size;
    }
    return len == 0 && last == FIELD_BODY;
}

static int read_record(const tdri_crc32c_table *table, const char *head, tdri_spool_record *record)
{
    const size_t len = get32(head + AT_LENGTH);

    if (get32(head + AT_CONTENT_CRC) != masked(table, head + TDRI_SPOOL_RECORD_HEAD, len) || !take_fields(record, head + TDRI_SPOOL_RECORD_HEAD, len))
        return 0;
    record->number = tdri_bytes8_load(head + AT_NUMBER);
    return 1;
}

void tdri_spool_scan(const tdri_crc32c_table *table, uint32_t segment, const char *bytes, size_t len, size_t from, tdri_spool_piece *out)
{
    const size_t rest = len - from;
    const char *at = bytes + from;
    size_t next;

    out->from = from;
    out->len = rest;
    out->kind = rest == 0 ? TDRI_SPOOL_END : TDRI_SPOOL_TORN;
    if (rest < TDRI_SPOOL_RECORD_HEAD)
        return;
    if (is_head(table, segment, at)) {
        /* Its length is to be believed; a content beyond the end is torn. */
        if (get32(at + AT_LENGTH) > rest - TDRI_SPOOL_RECORD_HEAD)
            return;
        out->len = TDRI_SPOOL_RECORD_HEAD + get32(at + AT_LENGTH);
        out->kind = read_record(table, at, &out->record) ? TDRI_SPOOL_RECORD : TDRI_SPOOL_DAMAGE;
        return;
    }
    next = find_head(table, segment, bytes, len, from + 1);
    out->len = next - from;
    out->kind = next == len && is_zero(at, rest) ? TDRI_SPOOL_TORN : TDRI_SPOOL_DAMAGE;
}
