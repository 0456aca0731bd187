/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Names of a file matched with the columns of a table. Nothing is guessed: a name that fits nothing is told before the first row is sent. */
#include "import/target.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Of a name in front of what brackets may hold. */
static int type_of(const char *text)
{
    size_t len = strcspn(text, "(");
    int type;

    if (len == 6 && memcmp(text, "BINARY", len) == 0)
        return TDREST_TYPE_VARCHAR;
    for (type = TDREST_TYPE_BOOL; type <= TDREST_TYPE_GEOMETRY; type++) {
        const char *name = tdrest_type_name(type);

        if (strlen(name) == len && memcmp(text, name, len) == 0)
            return type;
    }
    return TDREST_TYPE_UNKNOWN;
}

void cli_target_close(cli_target *t)
{
    cli_columns_clear(&t->columns);
    free(t->slots);
    free(t->fields);
    cli_text_clear(&t->sql);
}

/* A name may be written as SQL has it: capitals mean nothing, unless a column is spelled just so. */
static int same(const char *name, size_t len, const char *column, int exact)
{
    return strlen(column) == len && (exact ? memcmp(name, column, len) == 0 : strncasecmp(name, column, len) == 0);
}

/* The column of a name, or -1. */
static int find_column(const cli_columns *columns, const char *name, size_t len)
{
    size_t i;
    int exact;

    for (exact = 1; exact >= 0; exact--)
        for (i = 0; i < columns->count; i++)
            if (same(name, len, columns->items[i].name, exact))
                return (int)i;
    return -1;
}

int cli_target_open(cli_target *t, cli_catalog *catalog, const cli_import_args *how)
{
    const char *name = cli_catalog_table(how->table != NULL ? how->table : how->using);
    cli_names stables = {.items = NULL};
    int is_super, status;

    *t = (cli_target){.how = how, .catalog = catalog};
    if (strlen(name) >= sizeof t->table)
        return cli_usage("table '%.200s': expected a name of 1 to 192 bytes, without backslash", name);
    memcpy(t->table, name, strlen(name) + 1);
    status = cli_catalog_describe(catalog, name, &t->columns);
    if (status == CLI_OK)
        status = cli_catalog_list(catalog, "SHOW STABLES", &stables);
    is_super = cli_names_has(&stables, name);
    cli_names_clear(&stables);
    if (status != CLI_OK)
        return status;
    if (t->columns.count == 0)
        return cli_usage("table %s has no columns", name);
    if (is_super && how->using == NULL)
        return cli_usage("%s is a super table: --using writes to its child tables", name);
    if (!is_super && how->using != NULL)
        return cli_usage("%s is not a super table: use --table to write to a table", name);
    if (how->using == NULL) { /* of a child table the tags are not written with its rows */
        for (; t->columns.count > 0 && t->columns.items[t->columns.count - 1].is_tag; t->columns.count--) {
            free(t->columns.items[t->columns.count - 1].name);
            free(t->columns.items[t->columns.count - 1].type);
        }
        t->columns.tags = 0;
    }
    t->slots = calloc(t->columns.count + 1, sizeof *t->slots);
    return t->slots == NULL ? cli_report_no_memory() : CLI_OK;
}

/* ---- the statement ---- */

static void put_names(cli_target *t, size_t from, size_t to)
{
    size_t i;

    for (i = from; i < to; i++) {
        cli_text_add(&t->sql, i == from ? " (" : ", ");
        cli_text_ident(&t->sql, t->slots[i].column->name);
    }
    cli_text_char(&t->sql, ')');
}

static void put_marks(cli_target *t, const char *word, size_t count)
{
    cli_text_add(&t->sql, word);
    for (; count > 0; count--)
        cli_text_add(&t->sql, count > 1 ? "?, " : "?)");
}

/* Tags that the file does not have are NULL for child tables that are not there yet. */
static void put_tags(cli_target *t)
{
    size_t i;

    cli_text_add(&t->sql, "? USING ");
    cli_catalog_put_table(t->catalog, &t->sql, t->table);
    if (t->tag_count > 0) {
        put_names(t, 0, t->tag_count);
        put_marks(t, " TAGS (", t->tag_count);
        return;
    }
    for (i = 0; i < t->columns.count && !t->columns.items[i].is_tag; i++)
        ;
    cli_text_add(&t->sql, " (");
    cli_text_ident(&t->sql, i < t->columns.count ? t->columns.items[i].name : "");
    cli_text_add(&t->sql, ") TAGS (NULL)");
}

static int make_statement(cli_target *t)
{
    cli_text_reset(&t->sql);
    cli_text_add(&t->sql, "INSERT INTO ");
    if (t->how->using != NULL) {
        cli_text_add(&t->sql, t->catalog->quoted);
        cli_text_char(&t->sql, '.');
        put_tags(t);
    } else {
        cli_catalog_put_table(t->catalog, &t->sql, t->table);
    }
    put_names(t, t->tag_count, t->slot_count);
    put_marks(t, " VALUES (", t->slot_count - t->tag_count);
    return t->sql.failed != 0 ? cli_report_no_memory() : CLI_OK;
}

/* ---- matching ---- */

const char *cli_target_table_column(const cli_target *t)
{
    return t->how->table_column != NULL ? t->how->table_column : "tbname";
}

/* Is the name in a list separated by commas? */
static int is_listed(const char *list, const char *name)
{
    size_t len;

    for (; list != NULL && *list != '\0'; list += len + (list[len] == ',')) {
        len = strcspn(list, ",");
        if (strlen(name) == len && strncasecmp(list, name, len) == 0)
            return 1;
    }
    return 0;
}

static void add_slot(cli_target *t, const cli_column *column)
{
    t->slots[t->slot_count] = (cli_slot){.column = column, .type = type_of(column->type), .parameter = (int)t->slot_count};
    t->tag_count += (size_t)column->is_tag;
    t->slot_count++;
}

/* Slots of all columns that are wanted, tags first. */
static void add_slots(cli_target *t, const char *wanted)
{
    size_t i;
    int tags;

    t->slot_count = t->tag_count = 0;
    for (tags = 1; tags >= 0; tags--)
        for (i = 0; i < t->columns.count; i++)
            if (t->columns.items[i].is_tag == tags && wanted[i])
                add_slot(t, &t->columns.items[i]);
}

static void list(cli_text *text, const cli_target *t, const cli_record *header)
{
    size_t i;

    for (i = 0; i < (header != NULL ? header->count : t->columns.count); i++) {
        cli_text_add(text, i == 0 ? "" : ", ");
        if (header != NULL)
            cli_text_put(text, header->fields[i].text, header->fields[i].len);
        else
            cli_text_add(text, t->columns.items[i].name);
    }
}

/* What is wrong with a header, with both lists of names. */
static int refuse(const cli_target *t, const char *file, const cli_record *header, const char *what, const char *name, size_t len)
{
    cli_text has = {.data = NULL}, wants = {.data = NULL};

    list(&has, t, header);
    list(&wants, t, NULL);
    cli_usage("%s:%lld: %s '%.*s'; the file has: %.300s; table %s has: %.300s", file, (long long)header->line, what, (int)len, name, has.data, t->table, wants.data);
    cli_text_clear(&has);
    cli_text_clear(&wants);
    return CLI_USAGE;
}

/* One name of nothing that fits: is it a line with another separator? */
static int refuse_separator(const char *file, const cli_record *header)
{
    static const char separators[] = ";\t|,";
    size_t i;

    for (i = 0; header->count == 1 && separators[i] != '\0'; i++)
        if (memchr(header->bytes, separators[i], header->len) != NULL)
            return separators[i] == '\t' ? cli_usage("%s:%lld: the header has tabs: -F tsv, or --delimiter '\\t'", file, (long long)header->line)
                                         : cli_usage("%s:%lld: the header has '%c': --delimiter '%c'", file, (long long)header->line, separators[i], separators[i]);
    return CLI_OK;
}

static int match_field(cli_target *t, const char *file, const cli_record *header, size_t i, char *wanted)
{
    const cli_field *f = &header->fields[i];
    const char *child = cli_target_table_column(t);
    int column = find_column(&t->columns, f->text, f->len);

    if (t->how->using != NULL && same(f->text, f->len, child, 0)) {
        if (t->table_field < header->count)
            return refuse(t, file, header, "twice in the header:", f->text, f->len);
        t->table_field = i;
        t->fields[i] = CLI_FIELD_TABLE;
        return CLI_OK;
    }
    if (column < 0 && refuse_separator(file, header) != CLI_OK)
        return CLI_USAGE;
    if (column < 0)
        return refuse(t, file, header, "no column for", f->text, f->len);
    if (wanted[column])
        return refuse(t, file, header, "twice in the header:", f->text, f->len);
    if (t->columns.items[column].is_tag && t->how->tags != NULL && !is_listed(t->how->tags, t->columns.items[column].name))
        return refuse(t, file, header, "a tag that --tags does not list:", f->text, f->len);
    wanted[column] = 1;
    t->fields[i] = column; /* made a slot once all are known */
    return CLI_OK;
}

static int slot_of(const cli_target *t, const cli_column *column)
{
    size_t i;

    for (i = 0; i < t->slot_count && t->slots[i].column != column; i++)
        ;
    return (int)i;
}

static int match_header(cli_target *t, const char *file, const cli_record *header, char *wanted)
{
    int status = CLI_OK;
    size_t i;

    free(t->fields);
    t->field_count = t->table_field = header->count;
    t->fields = calloc(header->count, sizeof *t->fields);
    if (t->fields == NULL)
        return cli_report_no_memory();
    for (i = 0; status == CLI_OK && i < header->count; i++)
        status = match_field(t, file, header, i, wanted);
    if (status != CLI_OK)
        return status;
    for (i = 0; i < t->columns.count; i++)
        if (!wanted[i] && (i == 0 || t->columns.items[i].is_key))
            return refuse(t, file, header, "the header lacks", t->columns.items[i].name, strlen(t->columns.items[i].name));
    if (t->how->using != NULL && t->table_field == header->count)
        return refuse(t, file, header, "no column for the name of the child table (--table-column names another):", cli_target_table_column(t), strlen(cli_target_table_column(t)));
    add_slots(t, wanted);
    for (i = 0; i < header->count; i++)
        if (t->fields[i] >= 0)
            t->fields[i] = slot_of(t, &t->columns.items[t->fields[i]]);
    return CLI_OK;
}

int cli_target_match(cli_target *t, const char *file, const cli_record *header)
{
    char *wanted = calloc(t->columns.count, 1);
    size_t i;
    int status = CLI_OK;

    if (wanted == NULL)
        return cli_report_no_memory();
    if (header != NULL) {
        status = match_header(t, file, header, wanted);
    } else {
        for (i = 0; i < t->columns.count; i++)
            wanted[i] = (char)(!t->columns.items[i].is_tag || t->how->tags == NULL || is_listed(t->how->tags, t->columns.items[i].name));
        add_slots(t, wanted);
    }
    free(wanted);
    return status == CLI_OK ? make_statement(t) : status;
}

int cli_target_find(const cli_target *t, const char *name, size_t len, int hint)
{
    size_t i;
    int exact;

    if (hint >= 0 && (size_t)hint < t->slot_count && same(name, len, t->slots[hint].column->name, 1))
        return hint;
    if (t->how->using != NULL && same(name, len, cli_target_table_column(t), 0))
        return CLI_FIELD_TABLE;
    for (exact = 1; exact >= 0; exact--)
        for (i = 0; i < t->slot_count; i++)
            if (same(name, len, t->slots[i].column->name, exact))
                return (int)i;
    return CLI_FIELD_UNKNOWN;
}
