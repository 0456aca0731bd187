/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A statement with placeholders, scanned once: first where they stand, then, for INSERT, the outline of its clauses, then which of
 * them are the same parameter. Knows tokens and INSERT's outline; no values.
 */
#include "sql/template.h"

#include "base/text.h"

#include <string.h>

void tdri_template_init(tdri_template *tpl, const tdrest_allocator *mem)
{
    memset(tpl, 0, sizeof *tpl);
    tdri_buf_init(&tpl->text, mem, SIZE_MAX);
}

void tdri_template_clear(tdri_template *tpl)
{
    const tdrest_allocator *mem = tpl->text.mem;

    tdri_mem_free(mem, tpl->placeholders);
    tdri_mem_free(mem, tpl->params);
    tdri_buf_clear(&tpl->text);
    tdri_template_init(tpl, mem);
}

/* One reading. */
typedef struct reading {
    tdri_template *tpl;
    const char *sql; /* as given, for the offsets of errors */
    size_t len;
    tdrest_error *err;
    tdri_sql_walk walk; /* along tpl->text */
    tdri_sql_token token;
    size_t placeholder;        /* the first one at or behind token */
} reading;

/* The byte of sql that became the one at `at` of the text, which is a token's first: both have the same tokens. */
static size_t original(const reading *r, size_t at)
{
    tdri_sql_walk from = {r->sql, r->len, 0, 0}, to = {r->tpl->text.data, r->tpl->text.len, 0, 0};
    tdri_sql_token given, sent;

    do {
        given = tdri_sql_walk_token(&from);
        sent = tdri_sql_walk_token(&to);
    } while (sent.offset < at && sent.kind != TDRI_SQL_END && given.kind != TDRI_SQL_END);
    return given.offset;
}

static int refuse(reading *r, size_t at, const char *message)
{
    return tdri_err_set_at(r->err, TDREST_EUSAGE, (int64_t)original(r, at), "%s", message);
}

static int token_is(const reading *r, const char *word)
{
    return r->token.kind == TDRI_SQL_WORD && tdri_text_is(r->tpl->text.data + r->token.offset, r->token.len, word);
}

static int token_is_char(const reading *r, char c)
{
    return r->token.kind == TDRI_SQL_OTHER && r->tpl->text.data[r->token.offset] == c;
}

/* ---- where placeholders stand ---- */

/* Words with a name behind them. */
static int is_before_name(const reading *r)
{
    static const char *const words[] = {"into", "from", "join", "using", "table", "stable", "database", "use", "describe", "desc"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (token_is(r, words[i]))
            return 1;
    return token_is_char(r, '.');
}

static void add_placeholder(reading *r, size_t end, int in_name)
{
    tdri_template *tpl = r->tpl;
    tdri_placeholder *placeholder = &tpl->placeholders[tpl->placeholder_count++];
    const char *text = tpl->text.data;
    char before = r->token.offset == 0 ? ' ' : text[r->token.offset - 1], behind = end == tpl->text.len ? ' ' : text[end];

    memset(placeholder, 0, sizeof *placeholder);
    placeholder->at = r->token.offset;
    placeholder->end = end;
    placeholder->role = TDREST_PARAM_EXPRESSION;
    placeholder->item = -1;
    placeholder->in_name = in_name || behind == '.';
    placeholder->blank_before = !tdri_sql_is_space(before) && before != '(' && before != ',' && !in_name;
    placeholder->blank_behind = !tdri_sql_is_space(behind) && behind != ')' && behind != ',' && behind != '(';
}

/* Bytes that may begin a placeholder. */
static size_t count_marks(const tdri_buf *text)
{
    size_t count = 0;

    for (size_t i = 0; i < text->len; i++)
        count += text->data[i] == '?' || text->data[i] == ':';
    return count;
}

/* How far the tokens up to the one at hand, a placeholder or not, came along `IN ( ? )`; at its end the placeholder is marked. */
enum list_step { NO_LIST, LIST_IN, LIST_OPEN, LIST_PLACEHOLDER };

static enum list_step follow_list(reading *r, enum list_step step, int is_placeholder)
{
    if (step == LIST_PLACEHOLDER && token_is_char(r, ')'))
        r->tpl->placeholders[r->tpl->placeholder_count - 1].is_list = 1;
    if (is_placeholder)
        return step == LIST_OPEN ? LIST_PLACEHOLDER : NO_LIST;
    if (step == LIST_IN && token_is_char(r, '('))
        return LIST_OPEN;
    return token_is(r, "in") ? LIST_IN : NO_LIST;
}

static int find_placeholders(reading *r)
{
    tdri_template *tpl = r->tpl;
    size_t most = count_marks(&tpl->text), end;
    enum list_step step = NO_LIST;
    int in_name = 0;

    if (most > TDRI_PLACEHOLDERS_MAX)
        most = TDRI_PLACEHOLDERS_MAX;
    tpl->placeholders = (tdri_placeholder *)tdri_mem_zeroed(tpl->text.mem, most + 1, sizeof *tpl->placeholders);
    if (tpl->placeholders == NULL)
        return tdri_err_set(r->err, TDREST_ENOMEM, NULL);
    r->walk = (tdri_sql_walk){tpl->text.data, tpl->text.len, 0, 0};
    for (;;) {
        r->token = tdri_sql_walk_token(&r->walk);
        if (r->token.kind == TDRI_SQL_END)
            return TDREST_OK;
        end = tdri_sql_placeholder_end(tpl->text.data, tpl->text.len, r->token);
        if (end == TDRI_SQL_BAD_PLACEHOLDER)
            return refuse(r, r->token.offset, "a placeholder is `?` or `:name` and must stand alone");
        if (end != 0 && tpl->placeholder_count == TDRI_PLACEHOLDERS_MAX)
            return refuse(r, r->token.offset, "more than 32766 placeholders");
        if (end != 0) {
            add_placeholder(r, end, in_name);
            r->walk.pos = end;
        }
        in_name = end == 0 && is_before_name(r);
        step = follow_list(r, step, end != 0);
        tpl->selects = tpl->selects || token_is(r, "select");
    }
}

/* ---- the outline of INSERT ---- */

/* The next token; a placeholder, which is then the one at r->placeholder, is one token. */
static void next(reading *r)
{
    if (r->placeholder < r->tpl->placeholder_count && r->tpl->placeholders[r->placeholder].at == r->token.offset && r->token.len > 0)
        r->walk.pos = r->tpl->placeholders[r->placeholder++].end;
    r->token = tdri_sql_walk_token(&r->walk);
}

static int at_placeholder(const reading *r)
{
    return r->placeholder < r->tpl->placeholder_count && r->tpl->placeholders[r->placeholder].at == r->token.offset && r->token.kind != TDRI_SQL_END;
}

static int take_char(reading *r, char c)
{
    if (!token_is_char(r, c))
        return 0;
    next(r);
    return 1;
}

static int take_word(reading *r, const char *word)
{
    if (!token_is(r, word))
        return 0;
    next(r);
    return 1;
}

/* One part of a name; with `may_be_placeholder` also the table's placeholder, of which no span is left. */
static int take_part(reading *r, int may_be_placeholder, tdri_span *out)
{
    out->at = r->token.offset;
    out->len = 0;
    if (at_placeholder(r)) {
        r->tpl->placeholders[r->placeholder].role = may_be_placeholder ? 0 : TDREST_PARAM_EXPRESSION;
        next(r);
        return may_be_placeholder;
    }
    if (r->token.kind != TDRI_SQL_WORD && r->token.kind != TDRI_SQL_NAME)
        return 0;
    out->len = r->token.len;
    next(r);
    return 1;
}

/* [database.]table; the part behind the last dot may be a placeholder. */
static int take_table(reading *r, int may_be_placeholder)
{
    tdri_template *tpl = r->tpl;

    tpl->database.len = 0;
    if (!take_part(r, may_be_placeholder, &tpl->target))
        return 0;
    if (!take_char(r, '.'))
        return 1;
    tpl->database = tpl->target;
    return tpl->database.len > 0 && take_part(r, may_be_placeholder, &tpl->target);
}

/* Names between brackets, the opening one taken. */
static int take_names(reading *r, tdri_span *out)
{
    tdri_span name;

    out->at = r->token.offset;
    do {
        if (!take_part(r, 0, &name))
            return 0;
    } while (take_char(r, ','));
    out->len = name.at + name.len - out->at;
    return take_char(r, ')');
}

/* One item of a list, its comma or the list's closing bracket left. A placeholder is the item only when nothing stands beside it. */
static int take_item(reading *r, int role, size_t item)
{
    size_t first = r->placeholder, tokens = 0;
    int depth = 0;

    for (; depth > 0 || !(token_is_char(r, ',') || token_is_char(r, ')')); next(r)) {
        if (r->token.kind == TDRI_SQL_END)
            return 0;
        if (at_placeholder(r))
            r->tpl->placeholders[r->placeholder].role = role;
        depth += token_is_char(r, '(') - token_is_char(r, ')');
        tokens++;
    }
    if (tokens == 1 && r->placeholder > first)
        r->tpl->placeholders[first].item = (int)item;
    return tokens > 0;
}

/* Values between brackets, the opening one included. */
static int take_list(reading *r, int role, size_t *count)
{
    *count = 0;
    if (!take_char(r, '('))
        return 0;
    do {
        if (!take_item(r, role, *count))
            return 0;
        ++*count;
    } while (take_char(r, ','));
    return take_char(r, ')');
}

/* USING supertable [(names)] TAGS (values), the first word taken. */
static int take_using(reading *r)
{
    tdri_template *tpl = r->tpl;

    if (!take_table(r, 0) || (take_char(r, '(') && !take_names(r, &tpl->tags)))
        return 0;
    return take_word(r, "tags") && take_list(r, TDREST_PARAM_TAG, &tpl->tag_count);
}

/* TTL n, COMMENT 'text'. */
static void take_table_options(reading *r)
{
    while (!at_placeholder(r) && (token_is(r, "ttl") || token_is(r, "comment"))) {
        next(r);
        if (!at_placeholder(r) && (r->token.kind == TDRI_SQL_WORD || r->token.kind == TDRI_SQL_STRING))
            next(r);
    }
}

/* INSERT INTO table [(columns)] [USING ...] [(columns)] VALUES (row), and nothing behind it. */
static int take_insert(reading *r)
{
    tdri_template *tpl = r->tpl;

    if ((!take_word(r, "insert") && !take_word(r, "import")) || !take_word(r, "into"))
        return 0;
    tpl->clause_at = r->token.offset;
    if (!take_table(r, 1) || (take_char(r, '(') && !take_names(r, &tpl->columns)))
        return 0;
    if (take_word(r, "using")) {
        if (!take_using(r))
            return 0;
        take_table_options(r);
        if (tpl->columns.len == 0 && take_char(r, '(') && !take_names(r, &tpl->columns))
            return 0;
    }
    if (!take_word(r, "values"))
        return 0;
    tpl->row_at = r->token.offset;
    return take_list(r, TDREST_PARAM_VALUE, &tpl->value_count) && r->token.kind == TDRI_SQL_END;
}

/* A statement of another shape: its placeholders are values that stand anywhere. */
static void be_plain(tdri_template *tpl)
{
    for (size_t i = 0; i < tpl->placeholder_count; i++) {
        tpl->placeholders[i].role = TDREST_PARAM_EXPRESSION;
        tpl->placeholders[i].item = -1;
    }
    tpl->database.len = tpl->target.len = tpl->columns.len = tpl->tags.len = 0;
    tpl->tag_count = tpl->value_count = 0;
    tpl->clause_at = tpl->row_at = 0;
}

static size_t count_names(const tdri_template *tpl, tdri_span list)
{
    tdri_span name;
    size_t pos = 0, count = 0;

    while (tdri_template_name(tpl, list, &pos, &name))
        count++;
    return count;
}

/* Items of the row that only certain values may fill: without names of columns the first one, which is its time; else a table's name. */
static void mark_places(tdri_template *tpl)
{
    tdri_span name = {0, 0};
    size_t pos = 0;
    int named = 0; /* how many items have had their name; `name` is the last one's */

    for (size_t i = 0; i < tpl->placeholder_count; i++) {
        tdri_placeholder *placeholder = &tpl->placeholders[i];

        if (placeholder->role != TDREST_PARAM_VALUE || placeholder->item < 0)
            continue;
        placeholder->is_key = tpl->columns.len == 0 && placeholder->item == 0;
        while (named <= placeholder->item && tdri_template_name(tpl, tpl->columns, &pos, &name))
            named++;
        placeholder->is_table = tdri_template_is_tbname(tpl, name);
    }
}

/* Whether the text of an INSERT of rows tells a time by NOW. In front of the row a name in backquotes is only a name. */
static int says_now(const tdri_template *tpl)
{
    tdri_sql_walk walk = {tpl->text.data, tpl->text.len, 0, 0};
    tdri_sql_token token;

    do {
        token = tdri_sql_walk_token(&walk);
        if (tdri_sql_is_moving(tpl->text.data, token) && (token.kind != TDRI_SQL_NAME || token.offset >= tpl->row_at))
            return 1;
    } while (token.kind != TDRI_SQL_END);
    return 0;
}

static int read_outline(reading *r)
{
    tdri_template *tpl = r->tpl;

    r->walk.pos = r->placeholder = 0;
    r->token = tdri_sql_walk_token(&r->walk);
    tpl->is_rows = take_insert(r);
    if (!tpl->is_rows) {
        be_plain(tpl);
        return TDREST_OK;
    }
    if (tpl->columns.len > 0 && count_names(tpl, tpl->columns) != tpl->value_count)
        return refuse(r, tpl->row_at, "as many values in the row as named columns");
    if (tpl->tags.len > 0 && count_names(tpl, tpl->tags) != tpl->tag_count)
        return refuse(r, tpl->tags.at, "as many values in TAGS as named tags");
    mark_places(tpl);
    tpl->says_now = says_now(tpl);
    return TDREST_OK;
}

/* ---- parameters ---- */

/* Parameters by name: a power of two of slots, at least twice as many as there can be; each a parameter plus 1, 0 when it is free. */
typedef struct index_of_names {
    uint32_t *slots;
    size_t mask;
} index_of_names;

static int make_index(reading *r, index_of_names *names)
{
    size_t count = 16;

    while (count < 2 * r->tpl->placeholder_count)
        count *= 2;
    names->mask = count - 1;
    names->slots = (uint32_t *)tdri_mem_zeroed(r->tpl->text.mem, count, sizeof *names->slots);
    return names->slots != NULL;
}

/* The slot of a `:name`, or the free one where it belongs. */
static uint32_t *find_name(const tdri_template *tpl, const index_of_names *names, const char *name, size_t len)
{
    for (size_t i = (size_t)tdri_text_hash(name, len) & names->mask;; i = (i + 1) & names->mask) {
        const tdri_template_param *param = &tpl->params[names->slots[i] - (names->slots[i] != 0)];

        if (names->slots[i] == 0 || (param->name_len == len && memcmp(tpl->text.data + param->name_at, name, len) == 0))
            return &names->slots[i];
    }
}

static int add_param(reading *r, tdri_placeholder *placeholder, const index_of_names *names)
{
    tdri_template *tpl = r->tpl;
    size_t len = placeholder->end - placeholder->at - 1;
    uint32_t fresh = 0, *slot = len == 0 ? &fresh : find_name(tpl, names, tpl->text.data + placeholder->at + 1, len);

    if (*slot == 0) {
        tpl->params[tpl->param_count++] = (tdri_template_param){placeholder->at + 1, len, placeholder->role};
        *slot = (uint32_t)tpl->param_count;
    }
    placeholder->param = (int)*slot - 1;
    return tpl->params[placeholder->param].role == placeholder->role ? TDREST_OK : refuse(r, placeholder->at, "it is used for both a tag and a value of the row: use two parameters");
}

static int number_placeholder(reading *r, tdri_placeholder *placeholder, const index_of_names *names)
{
    placeholder->param = -1;
    if (placeholder->role == 0)
        return TDREST_OK;
    if (placeholder->in_name)
        return refuse(r, placeholder->at, "expected a name here, not a value: a placeholder can only name the table of an INSERT with one row of VALUES");
    return add_param(r, placeholder, names);
}

static int number_params(reading *r)
{
    tdri_template *tpl = r->tpl;
    index_of_names names;
    int rc = TDREST_OK;

    tpl->params = (tdri_template_param *)tdri_mem_zeroed(tpl->text.mem, tpl->placeholder_count + 1, sizeof *tpl->params);
    if (tpl->params == NULL || !make_index(r, &names))
        return tdri_err_set(r->err, TDREST_ENOMEM, NULL);
    for (size_t i = 0; rc == TDREST_OK && i < tpl->placeholder_count; i++)
        rc = number_placeholder(r, &tpl->placeholders[i], &names);
    tdri_mem_free(tpl->text.mem, names.slots);
    return rc;
}

int tdri_template_read(tdri_template *tpl, const char *sql, size_t len, size_t max_bytes, tdrest_error *err)
{
    reading r;
    int rc;

    memset(&r, 0, sizeof r);
    r.tpl = tpl;
    r.sql = sql;
    r.len = len;
    r.err = err;
    rc = tdri_sql_prepare(sql, len, max_bytes, &tpl->text, &tpl->verb, err);
    if (rc == TDREST_OK)
        rc = find_placeholders(&r);
    if (rc == TDREST_OK)
        rc = read_outline(&r);
    if (rc == TDREST_OK)
        rc = number_params(&r);
    if (rc != TDREST_OK)
        tdri_template_clear(tpl);
    return rc;
}
