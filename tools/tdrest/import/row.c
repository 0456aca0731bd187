/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A record becomes a row. Knows nothing of what becomes of it. */
#include "import/row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *set_table(cli_loader *l, const cli_field *field)
{
    tdrest_stmt *stmt = cli_sender_stmt(l->sender);
    int generation = cli_sender_generation(l->sender);

    l->column = cli_target_table_column(&l->target);
    l->type = "name of a table";
    l->field = field;
    if (l->generation == generation && field->len == l->table_len && memcmp(l->table, field->text, field->len) == 0)
        return NULL;
    l->generation = -1; /* tags are due */
    if (field->len >= sizeof l->table || tdrest_stmt_set_table(stmt, field->text, field->len) < 0)
        return "expected 1 to 192 bytes, and neither a dot nor a backslash";
    memcpy(l->table, field->text, field->len);
    l->table_len = field->len;
    l->table_hash = cli_hash(field->text, field->len, 7);
    return NULL;
}

static const char *bind(cli_loader *l, size_t slot, const cli_field *field, uint64_t *key)
{
    const cli_slot *s = &l->target.slots[slot];
    tdrest_stmt *stmt = cli_sender_stmt(l->sender);
    const char *fault;

    l->column = s->column->name;
    l->type = s->column->type;
    fault = field != NULL ? cli_bind(&l->binder, stmt, s, field) : cli_bind_null(&l->binder, stmt, s);
    l->field = field != NULL && !l->binder.was_null ? field : NULL;
    if (fault != NULL)
        return fault;
    if (slot == l->target.tag_count || s->column->is_key) /* the time is the first column */
        *key = cli_hash((const char *)&l->binder.value, sizeof l->binder.value, *key);
    l->has_null |= l->binder.was_null;
    return NULL;
}

/* The time of a row is looked at once: a number of the wrong unit makes a row of 1970, or is refused. */
static const char *look_at_time(cli_loader *l, const cli_field *field)
{
    cli_load *load = l->load;
    int64_t at = l->binder.value, seconds = at;
    int i;
    char shown[48];

    for (i = load->times.precision; i > 0; i--)
        seconds /= 10;
    if (load->first > load->last && !load->trusted && load->times.unit == load->times.precision && load->times.format == NULL && load->how->time_unit == 0 &&
        field != NULL && memchr(field->text, '-', field->len) == NULL && (seconds < 315532800 || seconds >= 7258118400)) {
        cli_times_show(at, load->times.precision, shown);
        cli_usage("%s:%lld: %.*s would be %s; --time-unit tells the unit of such numbers", l->outcome->file, (long long)l->records.record.line, (int)field->len,
                  field->text, shown);
        l->outcome->stop = 1;
        l->outcome->status = CLI_USAGE;
        return "its time is not plausible";
    }
    if (load->first > load->last)
        load->first = load->last = at;
    load->first = at < load->first ? at : load->first;
    load->last = at > load->last ? at : load->last;
    return NULL;
}

/* Values of the slots from `from` on, of a record whose fields stand in the order of the header. */
static const char *bind_fields(cli_loader *l, const int *slots, int tags, uint64_t *key)
{
    const cli_record *record = &l->records.record;
    const char *fault = NULL;
    size_t i, time = l->target.tag_count;

    for (i = 0; fault == NULL && i < record->count; i++) {
        int slot = slots[i];

        if (slot < 0 || ((size_t)slot < time) != tags)
            continue;
        fault = bind(l, (size_t)slot, &record->fields[i], key);
        if (fault == NULL && (size_t)slot == time)
            fault = look_at_time(l, &record->fields[i]);
    }
    return fault;
}

static const char *wrong_count(const cli_loader *l, char text[CLI_ROW_FAULT])
{
    size_t has = l->records.record.count, wants = l->target.field_count;

    snprintf(text, CLI_ROW_FAULT, "%zu field%s, %zu expected%s", has, has == 1 ? "" : "s", wants,
             has == wants + 1 && l->records.record.fields[has - 1].len == 0 ? ": a separator stands at the end of the line" : "");
    return text;
}

static const char *bind_record(cli_loader *l, uint64_t *key, char room[CLI_ROW_FAULT])
{
    const cli_target *t = &l->target;
    const char *fault = NULL;

    l->column = NULL;
    if (l->records.record.count != t->field_count)
        return wrong_count(l, room);
    if (t->table_field < t->field_count)
        fault = set_table(l, &l->records.record.fields[t->table_field]);
    if (fault == NULL && l->generation != cli_sender_generation(l->sender) && t->tag_count > 0)
        fault = bind_fields(l, l->target.fields, 1, key);
    l->has_null = 0;
    *key = l->table_hash;
    if (fault == NULL)
        fault = bind_fields(l, l->target.fields, 0, key);
    return fault;
}

/* ---- the same, of JSON ---- */

static const char *bad_key(const char *what, const cli_field *field, char room[CLI_ROW_FAULT])
{
    snprintf(room, CLI_ROW_FAULT, "%s: '%.*s'", what, field->key_len > 60 ? 60 : (int)field->key_len, field->key);
    return room;
}

static const char *no_table(const cli_loader *l, char room[CLI_ROW_FAULT])
{
    snprintf(room, CLI_ROW_FAULT, "no key names the child table: expected '%.60s'", cli_target_table_column(&l->target));
    return room;
}

/* The slots of a record's keys, each of which may come once. */
static const char *find_slots(cli_loader *l, const cli_field **table, char room[CLI_ROW_FAULT])
{
    const cli_record *record = &l->records.record;
    size_t i;

    *table = NULL;
    memset(l->filled, 0, l->target.slot_count);
    if (record->count > l->hint_count) {
        int *hints = realloc(l->hints, record->count * sizeof *hints);

        if (hints == NULL)
            return "out of memory";
        for (l->hints = hints; l->hint_count < record->count; l->hint_count++)
            hints[l->hint_count] = CLI_FIELD_UNKNOWN;
    }
    for (i = 0; i < record->count; i++) {
        const cli_field *f = &record->fields[i];
        int slot = l->hints[i] = cli_target_find(&l->target, f->key, f->key_len, l->hints[i]);

        if (slot == CLI_FIELD_UNKNOWN)
            return bad_key("a key that the table has no column for", f, room);
        if (slot == CLI_FIELD_TABLE ? *table != NULL : l->filled[slot])
            return bad_key("a key that occurs twice", f, room);
        if (slot == CLI_FIELD_TABLE)
            *table = f;
        else
            l->filled[slot] = 1;
    }
    return NULL;
}

static const char *bind_keys(cli_loader *l, int tags, uint64_t *key)
{
    const char *fault = NULL;
    size_t i, time = l->target.tag_count, from = tags ? 0 : time, to = tags ? time : l->target.slot_count;

    for (i = from; fault == NULL && i < to; i++)
        if (!l->filled[i])
            fault = bind(l, i, NULL, key);
    return fault == NULL ? bind_fields(l, l->hints, tags, key) : fault;
}

static const char *bind_object(cli_loader *l, uint64_t *key, char room[CLI_ROW_FAULT])
{
    const cli_field *table;
    const char *fault;

    l->column = NULL;
    fault = find_slots(l, &table, room);
    if (fault == NULL && l->load->how->using != NULL)
        fault = table == NULL ? no_table(l, room) : set_table(l, table);
    if (fault == NULL && l->generation != cli_sender_generation(l->sender) && l->target.tag_count > 0)
        fault = bind_keys(l, 1, key);
    l->has_null = 0;
    *key = l->table_hash;
    if (fault == NULL)
        fault = bind_keys(l, 0, key);
    return fault;
}

/* ---- both ---- */

void cli_row_discard(cli_loader *l)
{
    size_t i;

    l->generation = -1;
    if (l->load->how->using != NULL)
        (void)!set_table(l, &(cli_field){.text = "t", .len = 1});
    for (i = 0; i < l->target.slot_count; i++)
        cli_bind_filler(cli_sender_stmt(l->sender), &l->target.slots[i], l->load->times.precision);
    cli_sender_discard(l->sender);
    l->generation = -1;
}

const char *cli_row_bind(cli_loader *l, uint64_t *key, char room[CLI_ROW_FAULT])
{
    return l->load->kind == CLI_RECORDS_JSONL ? bind_object(l, key, room) : bind_record(l, key, room);
}
