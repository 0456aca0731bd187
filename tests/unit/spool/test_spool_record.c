/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The bytes of a spool's files: checksums, files of every version, damage. */
#include "test.h"

#include "base/mem.h"
#include "memory.h"
#include "spool/spool.h"

static tdri_crc32c_table table;

/* ---- CRC-32C ---- */

/* Values from RFC 3720, appendix B.4, and the usual check value. */
static void known_sums(void)
{
    char zeros[32] = {0}, ones[32], rising[32];

    memset(ones, 0xff, sizeof ones);
    for (int i = 0; i < 32; i++)
        rising[i] = (char)i;
    tdri_crc32c_init(&table);
    CHECK_INT(tdri_crc32c(&table, 0, "123456789", 9), 0xe3069283);
    CHECK_INT(tdri_crc32c(&table, 0, zeros, 32), 0x8a9136aa);
    CHECK_INT(tdri_crc32c(&table, 0, ones, 32), 0x62a8ab43);
    CHECK_INT(tdri_crc32c(&table, 0, rising, 32), 0x46dd794e);
    CHECK_INT(tdri_crc32c_plain(&table, 0, rising, 32), 0x46dd794e);
    CHECK(tdri_crc32c_mask(tdri_crc32c(&table, 0, "", 0)) != 0, "nothing has the checksum 0");
}

static void both_ways_and_in_parts(void)
{
    static char bytes[8000];
    uint64_t seed = 1;

    tdri_crc32c_init(&table);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(tdri_random_next(&seed) & 0xff);
    for (size_t from = 0; from < 9; from++)
        for (size_t len = 0; len + from < sizeof bytes; len += 61) {
            const uint32_t whole = tdri_crc32c(&table, 0, bytes + from, len);

            CHECK(tdri_crc32c_plain(&table, 0, bytes + from, len) == whole, "%zu bytes from %zu", len, from);
            CHECK(tdri_crc32c(&table, tdri_crc32c(&table, 0, bytes + from, len / 3), bytes + from + len / 3, len - len / 3) == whole, "%zu in two", len);
        }
}

/* ---- golden files ---- */

static size_t read_file(const char *path, char *bytes, size_t cap)
{
    FILE *file = fopen(path, "rb");
    size_t len = 0;

    CHECK(file != NULL, "%s", path);
    if (file != NULL) {
        len = fread(bytes, 1, cap, file);
        fclose(file);
    }
    return len;
}

#define TEXT(text) {text, sizeof(text) - 1}

static const tdri_spool_record golden[] = {
    {.number = UINT64_C(3) << 32 | 1, .rows = 2, .database = TEXT("power"), .timezone = TEXT("Asia/Shanghai"),
     .body = TEXT("INSERT INTO d1001 VALUES (1700000000000, 10.3) (1700000001000, 10.4)")},
    {.number = UINT64_C(3) << 32 | 2, .protocol = TDREST_PROTOCOL_LINE, .precision = TDREST_MS, .ttl_days = 30, .rows = 1, .database = TEXT("power"),
     .timezone = TEXT("UTC"), .table_name_key = TEXT("location"), .body = TEXT("meters,location=SF current=11.8 1700000000000")},
};

static int same_text(tdri_spool_text a, tdri_spool_text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.text, b.text, a.len) == 0);
}

static int same(const tdri_spool_record *a, const tdri_spool_record *b)
{
    return a->number == b->number && a->protocol == b->protocol && a->precision == b->precision && a->ttl_days == b->ttl_days && a->rows == b->rows &&
           a->code == b->code && same_text(a->database, b->database) && same_text(a->timezone, b->timezone) &&
           same_text(a->table_name_key, b->table_name_key) && same_text(a->body, b->body) && same_text(a->reason, b->reason);
}

static void put_golden(tdri_buf *buf, uint32_t segment)
{
    char head[TDRI_SPOOL_FILE_HEAD];

    tdri_crc32c_init(&table);
    tdri_spool_write_head(head, &table, segment);
    tdri_buf_init(buf, &tdrt_memory, SIZE_MAX);
    tdri_buf_add(buf, head, sizeof head);
    for (size_t i = 0; i < COUNT_OF(golden); i++) {
        const size_t from = buf->len;

        tdri_spool_put_record(buf, &table, segment, &golden[i]);
        CHECK_INT(buf->len - from, tdri_spool_record_size(&golden[i]));
        CHECK_INT(buf->len - from, tdri_spool_record_length(buf->data + from));
    }
    CHECK_INT(tdri_buf_code(buf), TDREST_OK);
}

/* The file was made by another program after docs/SPOOL.md: it is the same on every machine. */
static void golden_bytes(void)
{
    char bytes[1024];
    const size_t len = read_file("tests/data/spool/1/segment.0000000003", bytes, sizeof bytes);
    tdri_spool_piece piece = {.from = TDRI_SPOOL_FILE_HEAD};
    tdri_buf buf;

    put_golden(&buf, 3);
    CHECK(buf.len == len && memcmp(buf.data, bytes, len) == 0, "%zu bytes, written %zu", len, buf.len);
    CHECK_INT(tdri_spool_read_head(&table, 3, bytes, len), TDRI_SPOOL_HEAD_GOOD);
    for (size_t i = 0; i < COUNT_OF(golden); i++) {
        tdri_spool_scan(&table, 3, bytes, len, piece.from + piece.len, &piece);
        CHECK(piece.kind == TDRI_SPOOL_RECORD && same(&piece.record, &golden[i]), "record %zu", i);
    }
    tdri_spool_scan(&table, 3, bytes, len, piece.from + piece.len, &piece);
    CHECK_INT(piece.kind, TDRI_SPOOL_END);
    tdri_buf_clear(&buf);
}

typedef struct seen {
    int count;
    char text[16][160];
} seen;

static int note(void *context, const tdri_spool_item *item)
{
    seen *s = (seen *)context;
    const tdri_spool_record *r = &item->piece.record;

    if (s->count < (int)COUNT_OF(s->text))
        snprintf(s->text[s->count++], sizeof s->text[0], "%s %s%d %d..%.*s %.*s", item->file, item->newer ? "newer " : "", (int)item->piece.kind, (int)item->piece.len,
                 item->piece.kind == TDRI_SPOOL_RECORD ? (int)r->reason.len : 0, r->reason.text == NULL ? "" : r->reason.text,
                 item->piece.kind == TDRI_SPOOL_RECORD ? 12 : 0, r->body.text == NULL ? "" : r->body.text);
    return 0;
}

static void walk_golden(void)
{
    tdrest_error err;
    seen s = {0};

    tdri_err_reset(&err);
    CHECK_INT(tdri_spool_walk("tests/data/spool/1", NULL, &tdrt_memory, note, &s, &err), 0);
    CHECK_INT(s.count, 5);
    CHECK_TEXT(s.text[0], "damaged.0000000001 2 57.. ");
    CHECK_TEXT(s.text[1], "damaged.0000000001 0 57.. INSERT INTO ");
    CHECK_TEXT(s.text[2], "rejected.00000000008589934599 0 157..Value too long for column/tag: loc INSERT INTO ");
    CHECK_TEXT(s.text[3], "segment.0000000003 0 138.. INSERT INTO ");
    s.count = 0;
    CHECK_INT(tdri_spool_walk("tests/data/spool/newer", NULL, &tdrt_memory, note, &s, &err), 0);
    CHECK(s.count == 1 && strncmp(s.text[0], "segment.0000000004 newer", 24) == 0, "%s", s.text[0]);
    CHECK_INT(tdri_spool_walk("tests/data/spool/nowhere", NULL, &tdrt_memory, note, &s, &err), TDREST_ESPOOL);
}

/* ---- damage ---- */

/* How many of the records are read, and whether anything else was told. */
static size_t count_records(const char *bytes, size_t len, uint32_t segment, int *damage)
{
    tdri_spool_piece piece = {.from = TDRI_SPOOL_FILE_HEAD};
    size_t count = 0;

    *damage = tdri_spool_read_head(&table, segment, bytes, len) != TDRI_SPOOL_HEAD_GOOD;
    if (len < TDRI_SPOOL_FILE_HEAD)
        return 0;
    do {
        tdri_spool_scan(&table, segment, bytes, len, piece.from + piece.len, &piece);
        for (size_t i = 0; piece.kind == TDRI_SPOOL_RECORD && i < COUNT_OF(golden); i++)
            count += same(&piece.record, &golden[i]) ? 1 : 0;
        *damage += piece.kind == TDRI_SPOOL_DAMAGE || piece.kind == TDRI_SPOOL_TORN;
    } while (piece.kind != TDRI_SPOOL_END);
    return count;
}

/* Each costs at most the record it is in, and is told. */
static void every_bit(void)
{
    int damage;
    tdri_buf buf;

    put_golden(&buf, 3);
    for (size_t bit = 0; bit < buf.len * 8; bit++) {
        const size_t expected = COUNT_OF(golden) - (bit / 8 >= TDRI_SPOOL_FILE_HEAD ? 1 : 0);
        size_t count;

        buf.data[bit / 8] = (char)(buf.data[bit / 8] ^ 1 << bit % 8);
        count = count_records(buf.data, buf.len, 3, &damage);
        CHECK(count == expected && damage == 1, "bit %zu: %zu records, %d told", bit, count, damage);
        buf.data[bit / 8] = (char)(buf.data[bit / 8] ^ 1 << bit % 8);
    }
    tdri_buf_clear(&buf);
}

static void every_length(void)
{
    const size_t first = TDRI_SPOOL_FILE_HEAD + tdri_spool_record_size(&golden[0]);
    int damage;
    tdri_buf buf;

    put_golden(&buf, 3);
    for (size_t len = 0; len <= buf.len; len++) {
        const size_t expected = (len >= first ? 1u : 0u) + (len == buf.len ? 1u : 0u);
        char *exact = (char *)malloc(len + (len == 0)); /* so that reading beyond shows */

        memcpy(exact, buf.data, len);
        CHECK(count_records(exact, len, 3, &damage) == expected, "%zu bytes", len);
        CHECK(damage == (len < TDRI_SPOOL_FILE_HEAD || (len > TDRI_SPOOL_FILE_HEAD && len != first && len != buf.len)), "%zu bytes: %d told", len, damage);
        free(exact);
    }
    tdri_buf_clear(&buf);
}

static void zero_pages(void)
{
    static char zeros[3 * 4096];
    tdri_spool_piece piece;
    int damage;
    tdri_buf buf;
    size_t first;

    put_golden(&buf, 3);
    first = TDRI_SPOOL_FILE_HEAD + tdri_spool_record_size(&golden[0]);
    CHECK_INT(tdri_spool_read_head(&table, 3, zeros, sizeof zeros), TDRI_SPOOL_HEAD_SHORT);
    CHECK_INT(count_records(zeros, sizeof zeros, 3, &damage), 0);
    /* At the end they are torn, in the middle damage, and what is behind them is found. */
    tdri_buf_add(&buf, zeros, sizeof zeros);
    CHECK(count_records(buf.data, buf.len, 3, &damage) == 2 && damage == 1, "%d told", damage);
    tdri_spool_scan(&table, 3, buf.data, buf.len, buf.len - sizeof zeros, &piece);
    CHECK_INT(piece.kind, TDRI_SPOOL_TORN);
    memmove(buf.data + first + sizeof zeros, buf.data + first, buf.len - sizeof zeros - first);
    memset(buf.data + first, 0, sizeof zeros);
    CHECK(count_records(buf.data, buf.len, 3, &damage) == 2 && damage == 1, "%d told", damage);
    tdri_spool_scan(&table, 3, buf.data, buf.len, first, &piece);
    CHECK(piece.kind == TDRI_SPOOL_DAMAGE && piece.len == sizeof zeros, "%zu bytes", piece.len);
    tdri_buf_clear(&buf);
}

/* What a block of the disk held before is no record here. */
static void other_segment(void)
{
    int damage;
    tdri_buf buf;

    put_golden(&buf, 4);
    CHECK(count_records(buf.data, buf.len, 3, &damage) == 0 && damage == 2, "%d told", damage);
    for (size_t at = TDRI_SPOOL_FILE_HEAD; at < buf.len; at += tdri_spool_record_length(buf.data + at))
        tdri_spool_move_record(&table, 3, buf.data + at);
    CHECK(count_records(buf.data, buf.len, 3, &damage) == 2 && damage == 1, "%d told", damage);
    tdri_buf_clear(&buf);
}

static void too_long(void)
{
    char text = 'x';
    const tdri_spool_record record = {.body = {&text, (size_t)TDRI_SPOOL_CONTENT_MAX + 1}};
    tdri_buf buf;

    tdri_crc32c_init(&table);
    tdri_buf_init(&buf, &tdrt_memory, SIZE_MAX);
    tdri_spool_put_record(&buf, &table, 1, &record);
    CHECK_INT(tdri_buf_code(&buf), TDREST_ERANGE);
    tdri_buf_clear(&buf);
}

static void names(void)
{
    static const struct {
        const char *text;
        int good;
        int kind;
        uint64_t number;
    } rows[] = {
        {"segment.0000000001", 1, TDRI_SPOOL_FILE_SEGMENT, 1}, {"segment.4294967295", 1, TDRI_SPOOL_FILE_SEGMENT, UINT32_MAX},
        {"segment.4294967296", 0, 0, 0}, {"segment.0000000000", 0, 0, 0}, {"segment.000000001", 0, 0, 0}, {"segment.00000000001", 0, 0, 0},
        {"segment.000000000x", 0, 0, 0}, {"segment.0000000001~", 0, 0, 0}, {"damaged.0000000007", 1, TDRI_SPOOL_FILE_DAMAGED, 7},
        {"rejected.00000000008589934599", 1, TDRI_SPOOL_FILE_REJECTED, UINT64_C(8589934599)}, {"rejected.00000000000000000007", 0, 0, 0},
        {"rejected.18446744073709551616", 0, 0, 0}, {"rejected.18446744073709551615", 1, TDRI_SPOOL_FILE_REJECTED, UINT64_MAX}, {"lock", 0, 0, 0},
        {".", 0, 0, 0}, {"", 0, 0, 0}, {"segment.", 0, 0, 0}, {"SEGMENT.0000000001", 0, 0, 0},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        tdri_spool_name name = {0};
        char text[TDRI_SPOOL_NAME];

        CHECK(tdri_spool_name_read(rows[i].text, &name) == rows[i].good, "%s", rows[i].text);
        if (!rows[i].good)
            continue;
        CHECK((int)name.kind == rows[i].kind && name.number == rows[i].number, "%s", rows[i].text);
        tdri_spool_name_put(text, name);
        CHECK_TEXT(text, rows[i].text);
    }
}

CU_TestInfo tdrt_spool_record[] = {
    {"CRC-32C: known sums", known_sums},
    {"CRC-32C: by instruction, by table, in parts", both_ways_and_in_parts},
    {"golden files: the same bytes on every machine", golden_bytes},
    {"golden files: a walk", walk_golden},
    {"each bit flipped", every_bit},
    {"cut at each byte", every_length},
    {"pages of zeros", zero_pages},
    {"records of another segment", other_segment},
    {"too long", too_long},
    {"names", names},
    CU_TEST_INFO_NULL,
};
