/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Schemaless writing: finds the database, has the body read, merges what the lines say about their tables, writes the rows. Knows
 * no protocol; tables are made in lines_schema.c.
 */
#include "lines.h"

#include "../sql/execute.h"
#include "../insert/literal.h"

#include <string.h>

enum { TEXT_OF_ERROR = 511 };

/* ---- errors ---- */

int sbx_lines_fail(sbx_lines_work *work, int code, const char *message, sbx_text rest)
{
    size_t len = strlen(message) + 1;

    if (rest.len > TEXT_OF_ERROR - len)
        rest.len = TEXT_OF_ERROR - len;
    return sbx_fail(work->request, code, "%s:%.*s", message, (int)rest.len, rest.p);
}

int sbx_lines_fail_static(sbx_lines_work *work, int code)
{
    static const struct {
        int code;
        const char *text;
    } texts[] = {
        {0x0115, "Invalid message"},
        {0x0127, "Invalid timestamp format"},
        {0x0203, "Invalid value in client"},
        {0x020A, "Table name too long"},
        {0x021F, "Invalid column length"},
        {0x0221, "Invalid JSON format"},
        {0x0222, "Invalid JSON data type"},
        {0x0224, "Value out of range"},
        {0x061D, "Table already exists in other stables"},
        {0x070F, "invalid input"},
        {0x266A, "Invalid varbinary value"},
        {0x2803, "Invalid function para value"},
        {0x263C, "Duplicated column names"},
        {0x263D, "Tags length exceeds max length"},
        {0x263E, "Row length exceeds max length"},
        {0x2640, "Too many columns"},
        {0x2642, "Invalid varbinary/binary/nchar column/tag length"},
        {0x2643, "Invalid number of tag columns"},
        {0x3002, "Invalid data format"},
    };
    size_t i = 0;

    while (i + 1 < sizeof texts / sizeof texts[0] && texts[i].code != code)
        i++;
    return sbx_fail(work->request, code, "%s", texts[i].text);
}

/* ---- times ---- */

int64_t sbx_lines_now(const sbx_lines_work *work)
{
    return work->request->now_ns / sbx_time_scale(work->database->digits, 9);
}

int64_t sbx_lines_time(const sbx_lines_work *work, int64_t count, int digits)
{
    int to = work->database->digits;
    int64_t scale;

    if (digits >= to)
        return count / sbx_time_scale(to, digits);
    scale = sbx_time_scale(digits, to);
    if (count > INT64_MAX / scale)
        return INT64_MAX;
    return count < INT64_MIN / scale ? INT64_MIN : count * scale;
}

int sbx_lines_integer(sbx_text text, int64_t *out)
{
    size_t i = text.len != 0 && (text.p[0] == '-' || text.p[0] == '+') ? 1 : 0;
    int negative = i == 1 && text.p[0] == '-';
    int64_t value = 0;

    if (i == text.len)
        return 0;
    for (; i < text.len; i++) {
        int digit = text.p[i] - '0';

        if (digit < 0 || digit > 9)
            return 0;
        if (value > (INT64_MAX - digit) / 10)
            value = INT64_MAX;
        else
            value = 10 * value + digit;
    }
    *out = negative ? -value : value;
    return 1;
}

int sbx_lines_opentsdb_time(const sbx_lines_work *work, sbx_text text, int64_t *out)
{
    int64_t count;

    if (sbx_text_is(text, "0")) {
        *out = sbx_lines_now(work);
        return 1;
    }
    if ((text.len != 10 && text.len != 13) || !sbx_lines_integer(text, &count) || count < 0)
        return 0;
    *out = sbx_lines_time(work, count, text.len == 10 ? 0 : 3);
    return 1;
}

/* ---- what the readers find ---- */

sbx_line_child *sbx_lines_child(sbx_lines_work *work, sbx_text identity)
{
    return sbx_map_find(&work->identities, 0, identity);
}

static sbx_text dots_replaced(sbx_arena *arena, sbx_text name)
{
    char *p = sbx_alloc(arena, name.len + 1);

    for (size_t i = 0; i < name.len; i++)
        p[i] = name.p[i] == '.' ? '_' : name.p[i];
    return (sbx_text){p, name.len};
}

static sbx_line_super *super_of(sbx_lines_work *work, sbx_text measure, sbx_text name)
{
    sbx_arena *arena = work->request->arena;
    sbx_line_super *super = sbx_map_find(&work->measures, 0, measure);

    if (super != NULL)
        return super;
    super = sbx_alloc(arena, sizeof *super);
    super->measure = measure;
    super->name = dots_replaced(arena, name);
    sbx_map_put(arena, &work->measures, 0, measure, super);
    work->supers = sbx_alloc_one_more(arena, work->supers, work->super_count, sizeof *work->supers);
    work->supers[work->super_count++] = super;
    return super;
}

/* The tag that names the table gives the name, and is no tag then. */
static void name_child(sbx_lines_work *work, sbx_line_child *child)
{
    sbx_arena *arena = work->request->arena;
    sbx_text key = work->options->table_name_key;
    sbx_pairs *tags = &child->tags;
    size_t i = 0;

    while (key.len != 0 && i < tags->count && !sbx_text_equal(tags->items[i].key, key))
        i++;
    if (key.len != 0 && i < tags->count && (tags->items[i].value.type == SBX_NCHAR || tags->items[i].value.type == SBX_VARCHAR)) {
        sbx_text value = tags->items[i].value.as.s;

        if (value.len > SBX_MAX_TABLE_NAME)
            value.len = SBX_MAX_TABLE_NAME;
        child->name = dots_replaced(arena, value);
        tags->count--;
        memmove(tags->items + i, tags->items + i + 1, (tags->count - i) * sizeof *tags->items);
    }
    if (child->name.len == 0)
        child->name = sbx_line_child_name(arena, dots_replaced(arena, child->super->measure), *tags);
}

sbx_line_child *sbx_lines_add_child(sbx_lines_work *work, sbx_text identity, sbx_text measure, sbx_text name, sbx_pairs tags)
{
    sbx_arena *arena = work->request->arena;
    sbx_line_child *child = sbx_alloc(arena, sizeof *child);

    child->super = super_of(work, measure, name);
    child->tags = tags;
    name_child(work, child);
    sbx_map_put(arena, &work->identities, 0, identity, child);
    work->children = sbx_alloc_one_more(arena, work->children, work->child_count, sizeof *work->children);
    work->children[work->child_count++] = child;
    return child;
}

void sbx_lines_add_pair(sbx_lines_work *work, sbx_pairs *pairs, const sbx_pair *pair)
{
    pairs->items = sbx_alloc_one_more(work->request->arena, pairs->items, pairs->count, sizeof *pairs->items);
    pairs->items[pairs->count++] = *pair;
}

void sbx_lines_add_point(sbx_lines_work *work, sbx_line_child *child, sbx_pairs fields, int64_t time)
{
    work->points = sbx_alloc_one_more(work->request->arena, work->points, work->point_count, sizeof *work->points);
    work->points[work->point_count++] = (sbx_line_point){child, fields, time};
}

/* ---- what the lines say about their tables ---- */

/* guess is tried first: lines mostly have their keys in the same order. */
static sbx_pair *find_pair(const sbx_pairs *pairs, sbx_text key, size_t guess)
{
    if (guess < pairs->count && sbx_text_equal(pairs->items[guess].key, key))
        return &pairs->items[guess];
    for (size_t i = 0; i < pairs->count; i++)
        if (sbx_text_equal(pairs->items[i].key, key))
            return &pairs->items[i];
    return NULL;
}

static void keep_longer(sbx_value *known, const sbx_value *value)
{
    if (sbx_type_has_length(known->type) && sbx_type_has_length(value->type) && value->as.s.len > known->as.s.len)
        known->as.s = value->as.s;
}

/* A key may stand once in a line, and not as column and tag. */
static int check_keys(sbx_lines_work *work, sbx_pairs pairs)
{
    size_t i, j;

    for (i = 0; i < pairs.count; i++) {
        int twice = sbx_text_is(pairs.items[i].key, "_ts");

        for (j = 0; j < i && !twice; j++)
            twice = sbx_text_equal(pairs.items[i].key, pairs.items[j].key);
        if (twice)
            return sbx_lines_fail_static(work, 0x263C);
    }
    return 0;
}

/* The type of a column is that of the first line; of tags, it is looked at only when the child table is made. */
static int merge(sbx_lines_work *work, sbx_pairs *known, const sbx_pairs *others, sbx_pairs pairs, int are_columns)
{
    for (size_t i = 0; i < pairs.count; i++) {
        const sbx_pair *pair = &pairs.items[i];
        sbx_pair *old = find_pair(known, pair->key, i);

        if (old == NULL && find_pair(others, pair->key, 0) != NULL)
            return sbx_lines_fail_static(work, 0x263C);
        if (old == NULL)
            sbx_lines_add_pair(work, known, pair);
        else if (are_columns && old->value.type != pair->value.type)
            return sbx_lines_fail(work, 0x3004, "the type is not the same like before", pair->shown);
        else
            keep_longer(&old->value, &pair->value);
    }
    return 0;
}

static int check_numbers(sbx_lines_work *work, const sbx_line_point *point)
{
    size_t tags = point->child->tags.count;

    if (tags > SBX_MAX_TAGS)
        return sbx_fail(work->request, 0x2643, "too many tags than %d", SBX_MAX_TAGS);
    if (point->fields.count + 1 + tags > SBX_MAX_COLUMNS)
        return sbx_fail(work->request, 0x2640, "too many columns than %d", SBX_MAX_COLUMNS);
    return 0;
}

static int merge_all(sbx_lines_work *work)
{
    for (size_t i = 0; i < work->point_count; i++) {
        const sbx_line_point *point = &work->points[i];
        sbx_line_child *child = point->child;
        sbx_line_super *super = child->super;

        if (check_numbers(work, point) != 0 || check_keys(work, point->fields) != 0)
            break;
        if (merge(work, &super->columns, &super->tags, point->fields, 1) != 0)
            break;
        if (child->merged)
            continue;
        child->merged = 1;
        if (check_keys(work, child->tags) != 0 || merge(work, &super->tags, &super->columns, child->tags, 0) != 0)
            break;
    }
    return work->request->err.code;
}

/* ---- rows ---- */

static size_t column_of(const sbx_table *table, sbx_text key, size_t guess)
{
    size_t i;

    if (guess < table->column_count && sbx_text_equal(table->fields[guess].name, key))
        return guess;
    for (i = 1; i + 1 < table->column_count && !sbx_text_equal(table->fields[i].name, key); i++)
        ;
    return i;
}

static int check_text(sbx_lines_work *work, const sbx_value *value)
{
    size_t chars;

    if (value->type != SBX_NCHAR || sbx_nchar_check(value->as.s, &chars))
        return 0;
    return sbx_fail(work->request, 0x0200, "Invalid or incomplete multibyte or wide character");
}

static int add_row(sbx_lines_work *work, sbx_batch *batch, const sbx_line_point *point)
{
    const sbx_table *table = point->child->table;
    sbx_arena *arena = work->request->arena;
    sbx_value *values = sbx_alloc_array(arena, table->column_count, sizeof *values);
    unsigned char *present = sbx_alloc(arena, table->column_count);

    values[0].type = SBX_TIMESTAMP;
    values[0].digits = work->database->digits;
    values[0].as.i = point->time;
    present[0] = 1;
    for (size_t i = 0; i < point->fields.count; i++) {
        const sbx_pair *field = &point->fields.items[i];
        size_t column = column_of(table, field->key, i + 1);

        if (check_text(work, &field->value) != 0)
            return work->request->err.code;
        values[column] = field->value;
        present[column] = 1;
    }
    sbx_batch_add(batch, table, values, present);
    return 0;
}

static int write_rows(sbx_lines_work *work)
{
    sbx_batch *batch = sbx_batch_new(work->request);
    int64_t affected;

    for (size_t i = 0; i < work->point_count; i++)
        if (add_row(work, batch, &work->points[i]) != 0)
            return work->request->err.code;
    return sbx_batch_write(batch, &affected);
}

/* ---- the request ---- */

static int run(sbx_lines_work *work, enum sbx_lines_protocol protocol, sbx_text body)
{
    /* The server's library counts its schemaless requests, and one error text says the number. */
    static uint64_t requests;
    sbx_request *request = work->request;
    sbx_database *database;
    int code;

    if (sbx_use(request, request->database) != 0 || sbx_find_database(request, request->database, 0, NULL, &database) != 0)
        return request->err.code;
    work->database = database;
    work->id = ++requests;
    if (protocol == SBX_LINE)
        code = sbx_read_influx(work, body);
    else if (protocol == SBX_TELNET)
        code = sbx_read_telnet(work, body);
    else
        code = sbx_read_opentsdb_json(work, body);
    if (code != 0 || merge_all(work) != 0 || sbx_lines_prepare(work) != 0)
        return request->err.code;
    /* The tables stay, whatever becomes of the rows. */
    return sbx_store_commit(request) != 0 || sbx_store_begin(request) != 0 ? request->err.code : write_rows(work);
}

/* OpenTSDB's bodies may be empty; telnet's may be of blank lines. */
static int nothing_to_do(enum sbx_lines_protocol protocol, sbx_text body)
{
    if (protocol == SBX_TELNET)
        body = sbx_strip(body);
    return protocol != SBX_LINE && body.len == 0;
}

int sbx_lines(sbx_request *request, enum sbx_lines_protocol protocol, sbx_text body, const sbx_lines_options *options)
{
    sbx_lines_work work = {.request = request, .options = options};

    if (nothing_to_do(protocol, body))
        return 0;
    if (sbx_store_begin(request) == 0 && run(&work, protocol, body) == 0)
        sbx_store_commit(request);
    if (request->err.code != 0)
        sbx_store_rollback(request);
    return request->err.code;
}
