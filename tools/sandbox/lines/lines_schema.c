/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Makes the tables that lines speak of: super tables, new columns and tags, longer texts, child tables. Knows no protocol and writes
 * no rows.
 */
#include "lines.h"

#include "../insert/literal.h"

#include <string.h>

enum { EXACT_FROM = 1024, DEFAULT_TAG_CHARS = 1 };

/* Texts get room for more: the next power of two above their length in bytes, up to 1023. */
static int room_for(sbx_type_id type, size_t len)
{
    size_t most = type == SBX_NCHAR ? SBX_LINES_MAX_NCHAR : SBX_LINES_MAX_TEXT;
    size_t room = 1;

    if (len >= EXACT_FROM)
        room = len;
    while (room <= len && len < EXACT_FROM)
        room *= 2;
    return (int)(room < most ? room : most);
}

static sbx_type type_for(const sbx_value *value)
{
    if (!sbx_type_has_length(value->type))
        return sbx_type_fixed(value->type, 0);
    return (sbx_type){.id = value->type, .length = room_for(value->type, value->as.s.len)};
}

/* A list of fields that grows, then is laid behind another. */
typedef struct fields {
    sbx_field *items;
    size_t count;
} fields;

static void add_field(sbx_arena *arena, fields *list, sbx_text name, sbx_type type)
{
    list->items = sbx_alloc_one_more(arena, list->items, list->count, sizeof *list->items);
    list->items[list->count++] = (sbx_field){name, type};
}

static sbx_field *find_field(const fields *list, size_t count, sbx_text name)
{
    for (size_t i = 0; i < count; i++)
        if (sbx_text_equal(list->items[i].name, name))
            return &list->items[i];
    return NULL;
}

static int mismatch(sbx_lines_work *work, const sbx_field *field, const sbx_pair *pair)
{
    sbx_arena *arena = work->request->arena;
    sbx_type type = type_for(&pair->value);
    sbx_text of_table = sbx_type_name(arena, &field->type), of_line = sbx_type_name(arena, &type);
    sbx_text message = sbx_format(arena,
                                  "SML:0x%llx, smlGenerateSchemaAction point type and db type mismatch, db type:%.*s, point type:%.*s, key",
                                  (unsigned long long)work->id, (int)of_table.len, of_table.p, (int)of_line.len, of_line.p);

    return sbx_lines_fail(work, 0x3002, message.p, pair->shown);
}

/* Brings the pairs into the list, in front of which `known` fields are there already. *changed: something is new. */
static int fit(sbx_lines_work *work, fields *list, sbx_pairs pairs, int *changed)
{
    size_t known = list->count, i;

    for (i = 0; i < pairs.count; i++) {
        const sbx_pair *pair = &pairs.items[i];
        sbx_field *field = find_field(list, known, pair->key);

        if (field == NULL) {
            add_field(work->request->arena, list, pair->key, type_for(&pair->value));
            *changed = 1;
        } else if (field->type.id != pair->value.type) {
            return mismatch(work, field, pair);
        } else if (sbx_type_has_length(field->type.id) && (size_t)field->type.length < pair->value.as.s.len) {
            field->type.length = room_for(field->type.id, pair->value.as.s.len);
            *changed = 1;
        }
    }
    return 0;
}

/* A key of the one list that the other has. */
static int check_apart(sbx_lines_work *work, const fields *columns, const fields *tags)
{
    for (size_t i = 0; i < tags->count; i++)
        if (find_field(columns, columns->count, tags->items[i].name) != NULL)
            return sbx_lines_fail_static(work, 0x263C);
    return 0;
}

static int64_t bytes_of(const fields *list)
{
    int64_t sum = 0;

    for (size_t i = 0; i < list->count; i++)
        sum += sbx_type_stored_bytes(&list->items[i].type);
    return sum;
}

/* Without the details that DDL tells. */
static int check_limits(sbx_lines_work *work, const fields *columns, const fields *tags)
{
    if (bytes_of(tags) > SBX_MAX_TAG_BYTES)
        return sbx_lines_fail_static(work, 0x263D);
    if (bytes_of(columns) > SBX_MAX_ROW_BYTES)
        return sbx_lines_fail_static(work, 0x263E);
    if (columns->count + tags->count > SBX_MAX_COLUMNS)
        return sbx_lines_fail_static(work, 0x2640);
    return tags->count > SBX_MAX_TAGS ? sbx_lines_fail_static(work, 0x2643) : 0;
}

static int set_fields(sbx_lines_work *work, sbx_table *table, const fields *columns, const fields *tags)
{
    sbx_arena *arena = work->request->arena;

    if (check_limits(work, columns, tags) != 0)
        return work->request->err.code;
    table->fields = sbx_alloc_array(arena, columns->count + tags->count, sizeof *table->fields);
    memcpy(table->fields, columns->items, columns->count * sizeof *table->fields);
    memcpy(table->fields + columns->count, tags->items, tags->count * sizeof *table->fields);
    table->column_count = columns->count;
    table->tag_count = tags->count;
    return 0;
}

static int make_super(sbx_lines_work *work, const sbx_line_super *super)
{
    sbx_arena *arena = work->request->arena;
    sbx_table *table = sbx_alloc(arena, sizeof *table);
    fields columns = {0}, tags = {0};
    int changed;

    table->kind = SBX_SUPER_TABLE;
    table->database = work->database;
    table->name = super->name;
    add_field(arena, &columns, SBX_TEXT("_ts"), sbx_type_fixed(SBX_TIMESTAMP, work->database->digits));
    if (fit(work, &tags, super->tags, &changed) != 0 || fit(work, &columns, super->columns, &changed) != 0)
        return work->request->err.code;
    if (tags.count == 0)
        add_field(arena, &tags, SBX_TEXT("_tag_null"), (sbx_type){.id = SBX_NCHAR, .length = DEFAULT_TAG_CHARS});
    if (set_fields(work, table, &columns, &tags) != 0)
        return work->request->err.code;
    return sbx_store_add_table(work->request, table);
}

static int widen_super(sbx_lines_work *work, sbx_table *table, const sbx_line_super *super)
{
    sbx_arena *arena = work->request->arena;
    fields columns = {0}, tags = {0};
    int changed = 0;

    for (size_t i = 0; i < table->column_count + table->tag_count; i++)
        add_field(arena, i < table->column_count ? &columns : &tags, table->fields[i].name, table->fields[i].type);
    if (fit(work, &tags, super->tags, &changed) != 0 || fit(work, &columns, super->columns, &changed) != 0)
        return work->request->err.code;
    if (check_apart(work, &columns, &tags) != 0)
        return work->request->err.code;
    if (!sbx_text_is(table->fields[0].name, "_ts"))
        return sbx_lines_fail_static(work, 0x3002);
    if (!changed)
        return 0;
    if (columns.count + tags.count > SBX_MAX_COLUMNS || tags.count > SBX_MAX_TAGS)
        return sbx_lines_fail_static(work, 0x0115);
    if (set_fields(work, table, &columns, &tags) != 0)
        return work->request->err.code;
    return sbx_store_set_fields(work->request, table);
}

static int prepare_super(sbx_lines_work *work, const sbx_line_super *super)
{
    sbx_table *table;

    if (sbx_store_table(work->request, work->database, super->name, &table) != 0)
        return work->request->err.code;
    if (table == NULL)
        return make_super(work, super);
    if (table->kind != SBX_SUPER_TABLE)
        return sbx_lines_fail_static(work, 0x3002);
    return widen_super(work, table, super);
}

/* ---- child tables ---- */

static int check_tag(sbx_lines_work *work, const sbx_field *field, const sbx_value *value)
{
    size_t chars;

    if (field == NULL || field->type.id != value->type)
        return sbx_lines_fail_static(work, 0x3002);
    if (value->type == SBX_NCHAR && !sbx_nchar_check(value->as.s, &chars))
        return sbx_syntax_error(work->request, value->as.s, 0, "Invalid or incomplete multibyte or wide character");
    return 0;
}

static int make_child(sbx_lines_work *work, sbx_line_child *child, const sbx_table *super)
{
    sbx_table *table = sbx_table_child(work->request, super, child->name);
    fields tags = {super->fields + super->column_count, super->tag_count};

    table->ttl = work->options->ttl;
    for (size_t i = 0; i < child->tags.count; i++) {
        const sbx_pair *pair = &child->tags.items[i];
        const sbx_field *field = find_field(&tags, tags.count, pair->key);

        if (check_tag(work, field, &pair->value) != 0)
            return work->request->err.code;
        table->tags[field - tags.items] = pair->value;
    }
    child->table = table;
    return sbx_store_add_table(work->request, table);
}

/* A child that is there keeps its tags. */
static int prepare_child(sbx_lines_work *work, sbx_line_child *child)
{
    sbx_table *table, *super;

    if (sbx_store_table(work->request, work->database, child->super->name, &super) != 0)
        return work->request->err.code;
    if (sbx_store_table(work->request, work->database, child->name, &table) != 0)
        return work->request->err.code;
    if (table == NULL)
        return make_child(work, child, super);
    if (table->kind != SBX_CHILD_TABLE || table->super_id != super->id)
        return sbx_lines_fail_static(work, 0x061D);
    child->table = table;
    return 0;
}

int sbx_lines_prepare(sbx_lines_work *work)
{
    for (size_t i = 0; i < work->super_count; i++)
        if (prepare_super(work, work->supers[i]) != 0)
            return work->request->err.code;
    for (size_t i = 0; i < work->child_count; i++)
        if (prepare_child(work, work->children[i]) != 0)
            return work->request->err.code;
    return 0;
}
