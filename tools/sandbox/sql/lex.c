/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Text to tokens by the server's rules, for both of its parsers, and the pass that folds case before. Knows no grammar: whether a word is
 * a keyword, and whether a comment is in its place, are the parsers' questions.
 */
#include "lex.h"

#include <string.h>

static int is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static int is_hex(int c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Of names. Bytes of UTF-8 are not among them: words with such bytes serve as aliases only. */
static int is_name_byte(int c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int is_quote(int c)
{
    return c == '\'' || c == '"' || c == '`';
}

static int is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* The byte at a place, 0 behind the end: a NUL ends the text as its end does. */
static int at(sbx_text sql, size_t pos)
{
    return pos < sql.len ? (unsigned char)sql.p[pos] : 0;
}

sbx_text sbx_lower(sbx_arena *arena, sbx_text sql)
{
    const char *nul = sql.len == 0 ? NULL : (const char *)memchr(sql.p, '\0', sql.len);
    size_t len = nul == NULL ? sql.len : (size_t)(nul - sql.p);
    char *p = sbx_alloc(arena, len + 1);
    char quote = 0;

    for (size_t i = 0; i < len; i++) {
        char c = sql.p[i];

        p[i] = c;
        if (quote != 0 && c == '\\' && i + 1 < len) {
            i++;
            p[i] = sql.p[i];
        } else if (quote != 0)
            quote = c == quote ? (char)0 : quote;
        else if (is_quote(c))
            quote = c;
        else if (c >= 'A' && c <= 'Z')
            p[i] = (char)(c - 'A' + 'a');
    }
    return (sbx_text){p, len};
}

/* ---- tokens: each gives the end of the one that begins at pos, and its kind ---- */

static size_t digits_end(sbx_text sql, size_t pos)
{
    while (is_digit(at(sql, pos)))
        pos++;
    return pos;
}

/* Behind e10, e+10, e-10; pos where there is no such thing. */
static size_t exponent_end(sbx_text sql, size_t pos)
{
    size_t sign = at(sql, pos + 1) == '+' || at(sql, pos + 1) == '-';

    if ((at(sql, pos) != 'e' && at(sql, pos) != 'E') || !is_digit(at(sql, pos + 1 + sign)))
        return pos;
    return digits_end(sql, pos + 1 + sign);
}

/* 0x and 0b need at least one digit. */
static size_t based_end(sbx_text sql, size_t pos, sbx_token_kind *kind)
{
    int hex = at(sql, pos + 1) == 'x';
    size_t end = pos + 2;

    while (hex ? is_hex(at(sql, end)) : at(sql, end) == '0' || at(sql, end) == '1')
        end++;
    *kind = end == pos + 2 ? SBX_T_BAD : hex ? SBX_T_HEX : SBX_T_BINARY;
    return end;
}

/* 1, 1., 1.5, 1e5; 1.2.3.4 is an address, which no statement here knows; 1.2.3 is nothing. */
static size_t decimal_end(sbx_text sql, size_t pos, sbx_token_kind *kind)
{
    size_t end = digits_end(sql, pos);
    int parts = 1;

    *kind = SBX_T_INTEGER;
    while (at(sql, end) == '.' && is_digit(at(sql, end + 1))) {
        end = digits_end(sql, end + 1);
        parts++;
    }
    if (parts > 2) {
        *kind = parts == 4 ? SBX_T_SYMBOL : SBX_T_BAD;
        return end;
    }
    if (parts == 1 && at(sql, end) == '.') {
        end++;
        parts++;
    }
    if (parts == 2 || exponent_end(sql, end) != end)
        *kind = SBX_T_FLOAT;
    return exponent_end(sql, end);
}

static size_t number_end(sbx_text sql, size_t pos, sbx_token_kind *kind)
{
    size_t end = digits_end(sql, pos);
    int unit = at(sql, end);

    if (at(sql, pos) == '0' && (at(sql, pos + 1) == 'x' || at(sql, pos + 1) == 'b'))
        return based_end(sql, pos, kind);
    if (unit != 0 && strchr("buasmhdwnyBUASMHDWNY", unit) != NULL && !is_name_byte(at(sql, end + 1))) {
        *kind = SBX_T_DURATION;
        return end + 1;
    }
    return decimal_end(sql, pos, kind);
}

/* A backslash takes the next byte along but in backquotes; a doubled quote is one inside. */
static size_t quoted_end(sbx_text sql, size_t pos, sbx_token_kind *kind)
{
    int quote = at(sql, pos);
    size_t end = pos + 1;

    *kind = quote == '`' ? SBX_T_NAME : SBX_T_STRING;
    for (; at(sql, end) != 0; end++) {
        if (at(sql, end) == '\\' && quote != '`' && at(sql, end + 1) != 0)
            end++;
        else if (at(sql, end) == quote && at(sql, end + 1) != quote)
            return end + 1;
        else if (at(sql, end) == quote)
            end++;
    }
    *kind = SBX_T_BAD;
    return end;
}

static size_t word_end(sbx_text sql, size_t pos, sbx_token_kind *kind)
{
    *kind = SBX_T_WORD;
    while (is_name_byte(at(sql, pos)) || at(sql, pos) >= 0x80)
        pos++;
    return pos;
}

static size_t line_comment_end(sbx_text sql, size_t pos)
{
    while (at(sql, pos) != 0 && at(sql, pos) != '\n')
        pos++;
    return pos;
}

/* Behind the star and slash, of which neither is that of the beginning; without them to the end. */
static size_t block_comment_end(sbx_text sql, size_t pos)
{
    for (pos += 3; at(sql, pos) != 0; pos++)
        if (at(sql, pos) == '/' && at(sql, pos - 1) == '*')
            return pos + 1;
    return pos;
}

static size_t symbol_end(sbx_text sql, size_t pos, sbx_token_kind *kind)
{
    static const char pairs[][3] = {"->", "%%", "==", "<=", "<>", "<<", ">=", ">>", "!=", "||"};

    *kind = SBX_T_SYMBOL;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (at(sql, pos) == pairs[i][0] && at(sql, pos + 1) == pairs[i][1])
            return pos + 2;
    if (strchr("(),.;+-*/%=<>&|~?:", at(sql, pos)) == NULL)
        *kind = SBX_T_BAD;
    return pos + 1;
}

static size_t token_end(sbx_text sql, size_t pos, sbx_token_kind *kind)
{
    int c = at(sql, pos), next = at(sql, pos + 1);

    if (c == 0) {
        *kind = SBX_T_END;
        return pos;
    }
    if (c == '-' && next == '-') {
        *kind = SBX_T_COMMENT;
        return line_comment_end(sql, pos);
    }
    if (c == '/' && next == '*' && at(sql, pos + 2) != 0) {
        *kind = SBX_T_COMMENT;
        return block_comment_end(sql, pos);
    }
    if (c == '.' && is_digit(next)) {
        *kind = SBX_T_FLOAT;
        return exponent_end(sql, digits_end(sql, pos + 1));
    }
    if (is_digit(c))
        return number_end(sql, pos, kind);
    if (is_quote(c))
        return quoted_end(sql, pos, kind);
    return is_name_byte(c) || c >= 0x80 ? word_end(sql, pos, kind) : symbol_end(sql, pos, kind);
}

sbx_token sbx_lex_raw(sbx_text sql, size_t *pos)
{
    sbx_token token;
    size_t end;

    while (is_space(at(sql, *pos)))
        ++*pos;
    end = token_end(sql, *pos, &token.kind);
    if (end > sql.len || token.kind == SBX_T_BAD)
        end = sql.len;
    token.offset = *pos;
    token.raw = (sbx_text){sql.p + *pos, end - *pos};
    *pos = end;
    return token;
}

sbx_token sbx_lex(sbx_text sql, size_t *pos)
{
    sbx_token token;

    do
        token = sbx_lex_raw(sql, pos);
    while (token.kind == SBX_T_COMMENT);
    return token;
}

/* ---- what stands in a token ---- */

/* Of the byte behind a backslash: what the two stand for; 0: both stay. */
static char escaped(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case '%':
    case '_':
    case 'x':
        return 0;
    default:
        return c;
    }
}

sbx_text sbx_token_text(sbx_arena *arena, const sbx_token *token)
{
    size_t len = 0, last = token->raw.len - 1; /* the closing quote */
    const char *raw = token->raw.p;
    char *p;

    if (token->kind != SBX_T_STRING && token->kind != SBX_T_NAME)
        return token->raw;
    p = sbx_alloc(arena, token->raw.len);
    for (size_t i = 1; i < last; i++) {
        if (raw[i] == raw[0])
            i++; /* the second of two */
        else if (raw[i] == '\\' && token->kind == SBX_T_STRING && escaped(raw[i + 1]) != 0) {
            p[len++] = escaped(raw[++i]);
            continue;
        } else if (raw[i] == '\\' && token->kind == SBX_T_STRING)
            p[len++] = raw[i++];
        p[len++] = raw[i];
    }
    return (sbx_text){p, len};
}

int sbx_token_is(const sbx_token *token, const char *word_or_symbol)
{
    return (token->kind == SBX_T_WORD || token->kind == SBX_T_SYMBOL) && sbx_text_is(token->raw, word_or_symbol);
}

/* ---- the words that the server's grammar keeps for itself ---- */

/* Sorted, for the search. */
static const char *const words[] = {
    "_c0", "_fhigh", "_flow", "_frowts", "_irowts", "_irowts_origin", "_isfilled", "_qduration", "_qend", "_qstart", "_rowts", "_tags",
    "_wduration", "_wend", "_wstart", "account", "accounts", "add", "aggregate", "alive", "all", "alter", "analyze", "and", "anode", "anodes",
    "anomaly_window", "anti", "apps", "arbgroups", "as", "asc", "asof", "assign", "auto", "balance", "batch_scan", "between", "bigint",
    "binary", "blob", "bnode", "bnodes", "bool", "both", "buffer", "bufsize", "bwlimit", "by", "cache", "cachemodel", "cachesize", "case",
    "cast", "child", "client_version", "cluster", "cols", "column", "comment", "comp", "compact", "compact_interval", "compact_time_offset",
    "compact_time_range", "compacts", "composite", "connection", "connections", "conns", "consumer", "consumers", "contains", "count",
    "count_window", "create", "createdb", "current_user", "database", "databases", "dbs", "decimal", "delete", "delete_mark", "desc",
    "describe", "disk_info", "distinct", "distributed", "dnode", "dnodes", "double", "drop", "duration", "else", "enable", "encrypt_algorithm",
    "encrypt_key", "encryptions", "end", "event_window", "every", "exists", "explain", "false", "file", "fill", "fill_history", "first",
    "float", "flush", "for", "force", "force_window_close", "from", "full", "function", "functions", "geometry", "grant", "grants", "group",
    "hash_join", "having", "host", "if", "ignore", "import", "in", "index", "indexes", "inner", "insert", "int", "integer", "interval", "into",
    "is", "is_import", "jlimit", "join", "json", "keep", "keep_time_offset", "key", "kill", "language", "last", "last_row", "leader", "leading",
    "left", "licences", "like", "limit", "linear", "local", "logs", "machines", "match", "max_delay", "maxrows", "mediumblob", "merge", "meta",
    "minrows", "minus", "mnode", "mnodes", "modify", "modules", "nchar", "next", "nmatch", "no_batch_scan", "none", "normal", "not", "now",
    "null", "null_f", "nulls", "offset", "on", "only", "or", "order", "outer", "outputtype", "pages", "pagesize", "para_tables_sort",
    "partition", "partition_first", "pass", "pi", "port", "position", "pps", "precision", "prev", "primary", "privileges", "qnode", "qnodes",
    "qtime", "queries", "query", "rand", "range", "ratio", "read", "redistribute", "regexp", "rename", "replace", "replica", "replicas",
    "reset", "restore", "retentions", "revoke", "right", "rollup", "s3_chunkpages", "s3_compact", "s3_keeplocal", "s3migrate", "schemaless",
    "scores", "select", "semi", "server_status", "server_version", "session", "set", "show", "single_stable", "skip_tsma", "sliding", "slimit",
    "sma", "smalldata_ts_sort", "smallint", "snode", "snodes", "soffset", "sort_for_group", "split", "stable", "stables", "start", "state",
    "state_window", "storage", "stream", "streams", "strict", "stt_trigger", "subscribe", "subscriptions", "substr", "substring", "subtable",
    "sysinfo", "system", "table", "table_prefix", "table_suffix", "tables", "tag", "tags", "tbname", "then", "timestamp", "timezone", "tinyint",
    "to", "today", "topic", "topics", "trailing", "transaction", "transactions", "trim", "true", "tsdb_pagesize", "tseries", "tsma", "tsmas",
    "ttl", "union", "unsafe", "unsigned", "untreated", "update", "use", "user", "users", "using", "value", "value_f", "values", "varbinary",
    "varchar", "variables", "verbose", "vgroup", "vgroups", "view", "views", "virtual", "vnode", "vnodes", "vtable", "vtables",
    "wal_fsync_period", "wal_level", "wal_retention_period", "wal_retention_size", "wal_roll_period", "wal_segment_size", "watermark", "when",
    "where", "window", "window_close", "window_offset", "with", "write",
};

int sbx_is_reserved(sbx_text word)
{
    size_t low = 0, high = sizeof words / sizeof words[0];

    while (low < high) {
        size_t middle = low + (high - low) / 2, len = strlen(words[middle]);
        int order = memcmp(word.p, words[middle], word.len < len ? word.len : len);

        if (order == 0 && word.len == len)
            return 1;
        if (order < 0 || (order == 0 && word.len < len))
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}
