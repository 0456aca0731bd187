/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The tool's FlatBuffers and Arrow messages, against a reading of their own. */
#include "test.h"

#include "arrow/message.h"

/* ---- a reader, by the rules of FlatBuffers ---- */

static uint64_t number_at(const cli_flat *f, size_t at, size_t size)
{
    uint64_t number = 0;

    CHECK(at % size == 0 && at + size <= f->len, "%zu bytes at %zu of %zu", size, at, f->len);
    for (size_t i = size; i > 0 && at + i <= f->len; i--)
        number = number << 8 | (unsigned char)f->data[at + i - 1];
    return number;
}

static size_t followed(const cli_flat *f, size_t from)
{
    size_t to = from + (size_t)number_at(f, from, 4);

    CHECK(to > from && to < f->len, "%zu points to %zu of %zu", from, to, f->len);
    return to;
}

/* Where a field of a table stands; 0: it has none. */
static size_t field_at(const cli_flat *f, size_t table, unsigned field)
{
    size_t vtable = table - (size_t)number_at(f, table, 4), bytes = (size_t)number_at(f, vtable, 2), at;

    CHECK(bytes >= 4 && vtable + bytes <= f->len, "a vtable of %zu bytes at %zu", bytes, vtable);
    if (4 + 2 * field + 2 > bytes)
        return 0;
    at = (size_t)number_at(f, vtable + 4 + 2 * field, 2);
    CHECK(at == 0 || (at >= 4 && at < number_at(f, vtable + 2, 2)), "field %u at %zu", field, at);
    return at == 0 ? 0 : table + at;
}

static int64_t number_of(const cli_flat *f, size_t table, unsigned field, size_t size)
{
    uint64_t number = number_at(f, field_at(f, table, field), size);

    return size < 8 && number >> (8 * size - 1) != 0 ? (int64_t)(number - ((uint64_t)1 << 8 * size)) : (int64_t)number;
}

static size_t target_of(const cli_flat *f, size_t table, unsigned field)
{
    return followed(f, field_at(f, table, field));
}

static int is_text(const cli_flat *f, size_t at, const char *text)
{
    size_t len = (size_t)number_at(f, at, 4);

    return len == strlen(text) && at + 4 + len < f->len && memcmp(f->data + at + 4, text, len + 1) == 0;
}

/* ---- FlatBuffers ---- */

static void tables(void)
{
    cli_flat_field fields[] = {{.size = 1, .value = -1}, {.size = 0}, {.size = 8, .value = INT64_MIN}, {.size = 2, .value = 513}, {.size = 4, .value = -2}, {.size = 1, .value = 7}};
    cli_flat f = {.data = NULL};
    size_t table;

    for (int round = 0; round < 2; round++) { /* the memory of the first is used again */
        cli_flat_begin(&f);
        cli_flat_table(&f, CLI_FLAT_ROOT, fields, COUNT_OF(fields));
        table = followed(&f, CLI_FLAT_ROOT);
        CHECK_INT(number_of(&f, table, 0, 1), -1);
        CHECK_INT(field_at(&f, table, 1), 0);
        CHECK_INT(number_of(&f, table, 2, 8), INT64_MIN);
        CHECK_INT(number_of(&f, table, 3, 2), 513);
        CHECK_INT(number_of(&f, table, 4, 4), -2);
        CHECK_INT(number_of(&f, table, 5, 1), 7);
        CHECK_INT(field_at(&f, table, 6), 0);
        CHECK_INT(fields[5].at, field_at(&f, table, 5));
        CHECK_INT(f.failed, 0);
    }
    cli_flat_begin(&f);
    cli_flat_table(&f, CLI_FLAT_ROOT, NULL, 0);
    CHECK_INT(field_at(&f, followed(&f, CLI_FLAT_ROOT), 0), 0);
    cli_flat_clear(&f);
}

static void strings_and_vectors(void)
{
    static const char *const texts[] = {"", "a", "abc", "abcd", "\xe6\xb1\x89"};
    cli_flat f = {.data = NULL};
    size_t vector, at;

    cli_flat_begin(&f);
    vector = cli_flat_vector(&f, CLI_FLAT_ROOT, COUNT_OF(texts), 4, 4);
    CHECK_INT(vector, followed(&f, CLI_FLAT_ROOT) + 4);
    CHECK_INT(number_at(&f, vector - 4, 4), COUNT_OF(texts));
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        cli_flat_string(&f, vector + 4 * i, texts[i], strlen(texts[i]));
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        CHECK(is_text(&f, followed(&f, vector + 4 * i), texts[i]), "text %zu", i);
    for (size_t odd = 0; odd < 9; odd++) {
        cli_flat_begin(&f);
        vector = cli_flat_vector(&f, CLI_FLAT_ROOT, 2, 4, 4);
        cli_flat_string(&f, vector, "abcdefghi", odd);
        at = cli_flat_vector(&f, vector + 4, 3, 16, 8);
        CHECK(at % 8 == 0 && number_at(&f, at - 4, 4) == 3 && f.len == at + 48, "structs at %zu of %zu", at, f.len);
        for (size_t i = at; i < f.len; i++)
            CHECK(f.data[i] == 0, "byte %zu", i);
    }
    cli_flat_clear(&f);
}

/* Of a buffer that is too large for its numbers nothing is used, and the next one is as good as any. */
static void too_large(void)
{
    cli_flat_field field = {.size = 4};
    cli_flat f = {.data = NULL};

    cli_flat_begin(&f);
    (void)cli_flat_vector(&f, CLI_FLAT_ROOT, (size_t)1 << 30, 4, 4);
    CHECK_INT(f.failed, 1);
    cli_flat_string(&f, CLI_FLAT_ROOT, "x", 1);
    cli_flat_table(&f, CLI_FLAT_ROOT, &field, 1);
    cli_flat_set(&f, 100, 1, 8);
    CHECK_INT(f.failed, 1);
    CHECK(f.len < 100, "%zu bytes", f.len);
    cli_flat_begin(&f);
    CHECK_INT(f.failed, 0);
    (void)cli_flat_vector(&f, CLI_FLAT_ROOT, INT32_MAX - 2, 1, 4);
    CHECK_INT(f.failed, 1);
    cli_flat_clear(&f);
}

static void growing(void)
{
    enum { TEXTS = 20000 };
    cli_flat f = {.data = NULL};
    size_t vector;

    cli_flat_begin(&f);
    vector = cli_flat_vector(&f, CLI_FLAT_ROOT, TEXTS, 4, 4);
    for (size_t i = 0; i < TEXTS; i++)
        cli_flat_string(&f, vector + 4 * i, "0123456789", i % 11);
    for (size_t i = 0; i < TEXTS; i++)
        CHECK_INT(number_at(&f, followed(&f, vector + 4 * i), 4), i % 11);
    cli_flat_clear(&f);
}

/* ---- schemas ---- */

/* The message's header; checks what stands around it. */
static size_t header_of(const cli_flat *f, int type, int64_t body)
{
    size_t message = followed(f, CLI_FLAT_ROOT);

    CHECK_INT(number_of(f, message, 0, 2), 4); /* version 5 */
    CHECK_INT(number_of(f, message, 1, 1), type);
    CHECK_INT(number_of(f, message, 3, 8), body);
    return target_of(f, message, 2);
}

/* The type of a format: its number, its fields in turn with their sizes; -1: none. */
typedef struct row {
    const char *format;
    int type;
    int sizes[3], values[3];
    const char *zone;
} row;

static const row rows[] = {
    {"b", 6, {0}, {0}, NULL}, {"u", 5, {0}, {0}, NULL}, {"z", 4, {0}, {0}, NULL},
    {"c", 2, {4, 1}, {8, 1}, NULL}, {"C", 2, {4, 1}, {8, 0}, NULL}, {"s", 2, {4, 1}, {16, 1}, NULL}, {"S", 2, {4, 1}, {16, 0}, NULL},
    {"i", 2, {4, 1}, {32, 1}, NULL}, {"I", 2, {4, 1}, {32, 0}, NULL}, {"l", 2, {4, 1}, {64, 1}, NULL}, {"L", 2, {4, 1}, {64, 0}, NULL},
    {"f", 3, {2}, {1}, NULL}, {"g", 3, {2}, {2}, NULL},
    {"d:20,4", 7, {4, 4, 4}, {20, 4, 128}, NULL}, {"d:38,0", 7, {4, 4, 4}, {38, 0, 128}, NULL},
    {"tss:UTC", 10, {2}, {0}, "UTC"}, {"tsm:UTC", 10, {2}, {1}, "UTC"}, {"tsu:Asia/Shanghai", 10, {2}, {2}, "Asia/Shanghai"}, {"tsn:", 10, {2}, {3}, NULL},
};

static void check_field(const cli_flat *f, size_t field, const row *r)
{
    size_t type = target_of(f, field, 3);

    CHECK(is_text(f, target_of(f, field, 0), "a name"), "%s: the name", r->format);
    CHECK_INT(number_of(f, field, 1, 1), 1);
    CHECK_INT(number_of(f, field, 2, 1), r->type);
    for (unsigned i = 0; i < 3; i++)
        if (r->sizes[i] != 0)
            CHECK_INT(number_of(f, type, i, (size_t)r->sizes[i]), r->values[i]);
    if (r->zone != NULL)
        CHECK(is_text(f, target_of(f, type, 1), r->zone), "%s: the zone", r->format);
    else if (r->type == 10)
        CHECK_INT(field_at(f, type, 1), 0);
    CHECK_INT(field_at(f, field, 4), 0); /* no dictionary */
    CHECK_INT(number_at(f, target_of(f, field, 5), 4), 0);
    CHECK_INT(field_at(f, field, 6), 0); /* no metadata */
}

static void schemas(void)
{
    struct ArrowSchema field[COUNT_OF(rows)], *fields[COUNT_OF(rows)];
    struct ArrowSchema schema = {.format = "+s", .n_children = COUNT_OF(rows), .children = fields};
    cli_flat f = {.data = NULL};
    size_t header, vector;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        field[i] = (struct ArrowSchema){.format = rows[i].format, .name = "a name", .flags = ARROW_FLAG_NULLABLE};
        fields[i] = &field[i];
    }
    for (int big = 0; big < 2; big++) {
        CHECK_INT(cli_message_schema(&f, &schema, big), 1);
        header = header_of(&f, 1, 0);
        CHECK_INT(number_of(&f, header, 0, 2), big);
        vector = target_of(&f, header, 1);
        CHECK_INT(number_at(&f, vector, 4), COUNT_OF(rows));
        for (size_t i = 0; i < COUNT_OF(rows); i++)
            check_field(&f, followed(&f, vector + 4 + 4 * i), &rows[i]);
    }
    cli_flat_clear(&f);
}

static void unknown_types(void)
{
    static const char *const formats[] = {"", "n", "bb", "e", "w:4", "+l", "vu", "U", "d", "t", "tdD", "ttm", "tsx:", "ts:", "tsm", "uu"};
    struct ArrowSchema field = {.name = ""}, *fields[] = {&field};
    struct ArrowSchema schema = {.format = "+s", .n_children = 1, .children = fields};
    cli_flat f = {.data = NULL};

    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        field.format = formats[i];
        CHECK(cli_message_schema(&f, &schema, 0) == 0, "'%s' is known", formats[i]);
    }
    cli_flat_clear(&f);
}

static void metadata(void)
{
    static const char *const texts[] = {"tdrest.type", "JSON", "empty", "", "", "key"};
    struct ArrowSchema field = {.format = "u", .name = "a name"}, *fields[] = {&field};
    struct ArrowSchema schema = {.format = "+s", .n_children = 1, .children = fields};
    char bytes[128];
    size_t len = 1, pair, vector; /* at an odd place */
    int32_t number = 3;
    cli_flat f = {.data = NULL};

    memcpy(bytes + len, &number, 4);
    len += 4;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        number = (int32_t)strlen(texts[i]);
        memcpy(bytes + len, &number, 4);
        memcpy(bytes + len + 4, texts[i], strlen(texts[i]));
        len += 4 + strlen(texts[i]);
    }
    field.metadata = bytes + 1;
    CHECK_INT(cli_message_schema(&f, &schema, 0), 1);
    vector = followed(&f, target_of(&f, header_of(&f, 1, 0), 1) + 4);
    CHECK_INT(number_of(&f, vector, 1, 1), 0); /* not nullable */
    vector = target_of(&f, vector, 6);
    CHECK_INT(number_at(&f, vector, 4), 3);
    for (size_t i = 0; i < 3; i++) {
        pair = followed(&f, vector + 4 + 4 * i);
        CHECK(is_text(&f, target_of(&f, pair, 0), texts[2 * i]), "key %zu", i);
        CHECK(is_text(&f, target_of(&f, pair, 1), texts[2 * i + 1]), "value %zu", i);
    }
    cli_flat_clear(&f);
}

/* ---- batches ---- */

static void batches(void)
{
    enum { ROWS = 9 };
    static const int32_t offsets[ROWS + 1] = {0, 1, 1, 1, 1, 1, 1, 1, 1, 70};
    static const char room[256] = {0};
    static const void *const flags[] = {room, room}, *const no_nulls[] = {NULL, room}, *const texts[] = {room, offsets, room};
    struct ArrowSchema field[] = {{.format = "b"}, {.format = "l"}, {.format = "d:38,0"}, {.format = "u"}}, *fields[] = {&field[0], &field[1], &field[2], &field[3]};
    struct ArrowSchema schema = {.format = "+s", .n_children = 4, .children = fields};
    struct ArrowArray column[] = {{.length = ROWS, .null_count = 2, .n_buffers = 2, .buffers = (const void **)flags},
                                  {.length = ROWS, .null_count = 0, .n_buffers = 2, .buffers = (const void **)no_nulls},
                                  {.length = ROWS, .null_count = 0, .n_buffers = 2, .buffers = (const void **)flags},
                                  {.length = ROWS, .null_count = ROWS, .n_buffers = 3, .buffers = (const void **)texts}},
                      *columns[] = {&column[0], &column[1], &column[2], &column[3]};
    struct ArrowArray batch = {.length = ROWS, .n_children = 4, .children = columns};
    /* offset and length of each buffer */
    static const int64_t expected[][2] = {{0, 2}, {64, 2}, {128, 0}, {128, 72}, {256, 0}, {256, 144}, {448, 2}, {512, 40}, {576, 70}};
    cli_flat f = {.data = NULL};
    size_t header, vector;

    cli_message_batch(&f, &schema, &batch);
    header = header_of(&f, 3, 704);
    CHECK_INT(number_of(&f, header, 0, 8), ROWS);
    vector = target_of(&f, header, 1);
    CHECK_INT(number_at(&f, vector, 4), 4);
    for (size_t i = 0; i < 4; i++) {
        CHECK_INT(number_at(&f, vector + 4 + 16 * i, 8), ROWS);
        CHECK_INT(number_at(&f, vector + 12 + 16 * i, 8), column[i].null_count);
    }
    vector = target_of(&f, header, 2);
    CHECK_INT(number_at(&f, vector, 4), COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        CHECK_INT(number_at(&f, vector + 4 + 16 * i, 8), expected[i][0]);
        CHECK_INT(number_at(&f, vector + 12 + 16 * i, 8), expected[i][1]);
    }
    cli_flat_clear(&f);
}

static void padding(void)
{
    static const int64_t table[][2] = {{0, 0}, {1, 64}, {63, 64}, {64, 64}, {65, 128}, {INT64_C(1) << 40, INT64_C(1) << 40}};

    for (size_t i = 0; i < COUNT_OF(table); i++)
        CHECK_INT(cli_message_padded(table[i][0]), table[i][1]);
}

CU_TestInfo tdrt_ipc[] = {
    {"tables", tables},
    {"strings and vectors", strings_and_vectors},
    {"too large", too_large},
    {"growing", growing},
    {"schemas", schemas},
    {"unknown types", unknown_types},
    {"metadata", metadata},
    {"batches", batches},
    {"padding", padding},
    CU_TEST_INFO_NULL,
};
