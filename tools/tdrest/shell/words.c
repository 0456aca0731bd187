/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Words of TDengine's SQL: tables, and nothing else. */
#include "shell/words.h"

#include <string.h>
#include <strings.h>

static const char *const first_words[] = {"alter", "balance", "compact", "create", "delete", "desc", "describe", "drop", "explain", "flush", "grant",
                                          "insert", "kill", "revoke", "select", "show", "trim", "use"};

static const char *const other_words[] = {
    "add", "all", "analyze", "and", "as", "asc", "between", "bigint", "binary", "bool", "by", "case", "cast", "child", "cluster", "column", "columns", "comment",
    "connections", "count_window", "database", "databases", "decimal", "distinct", "dnodes", "double", "duration", "else", "end", "event_window", "exists",
    "fill", "float", "for", "from", "full", "functions", "geometry", "group", "having", "if", "in", "index", "indexes", "int", "integer", "interval", "into",
    "is", "join", "json", "keep", "key", "like", "limit", "linear", "match", "modify", "nchar", "next", "nmatch", "none", "normal", "not", "now", "null", "offset",
    "on", "or", "order", "partition", "pass", "precision", "prev", "primary", "privileges", "queries", "query", "range", "rename", "replica", "session", "set",
    "slimit", "sliding", "smallint", "soffset", "stable", "stables", "state_window", "streams", "system", "table", "tables", "tag", "tags", "tbname", "then",
    "timestamp", "tinyint", "to", "today", "topic", "topics", "transactions", "ttl", "union", "unsigned", "user", "users", "using", "value", "values",
    "varbinary", "varchar", "variables", "vgroups", "view", "views", "when", "where", "window_close", "with",
};

static const char *const functions[] = {
    "abs", "acos", "apercentile", "ascii", "asin", "atan", "avg", "bottom", "cast", "ceil", "char_length", "client_version", "concat", "concat_ws", "cos", "count",
    "csum", "current_user", "database", "derivative", "diff", "elapsed", "exp", "first", "floor", "histogram", "hyperloglog", "interp", "irate", "last",
    "last_row", "leastsquares", "length", "ln", "log", "lower", "ltrim", "mavg", "max", "min", "mod", "mode", "now", "percentile", "pi", "pow", "rand", "replace",
    "round", "rtrim", "sample", "server_status", "server_version", "sign", "sin", "spread", "sqrt", "statecount", "stateduration", "stddev", "substring", "sum",
    "tail", "tan", "timediff", "timetruncate", "timezone", "to_char", "to_iso8601", "to_json", "to_timestamp", "to_unixtimestamp", "today", "top", "trim", "twa",
    "unique", "upper", "variance", "_qend", "_qstart", "_rowts", "_wduration", "_wend", "_wstart",
};

static const cli_word_help helps[] = {
    {"select", "SELECT columns | expressions | tags FROM table [JOIN table ON condition] [WHERE condition]\n"
               "    [PARTITION BY tbname | tag] [INTERVAL(1m) [SLIDING(30s)] [FILL(NULL | PREV | LINEAR)]]\n"
               "    [GROUP BY column] [HAVING condition] [ORDER BY column [DESC]] [LIMIT n [OFFSET m]];"},
    {"insert", "INSERT INTO table [(column, ...)] VALUES (value, ...) (...) [table VALUES (...) ...];\n"
               "INSERT INTO child USING super_table TAGS (value, ...) VALUES (value, ...);"},
    {"delete", "DELETE FROM table [WHERE ts < 'time'];"},
    {"create database", "CREATE DATABASE [IF NOT EXISTS] name [PRECISION 'ms' | 'us' | 'ns'] [KEEP days] [VGROUPS n];"},
    {"create stable", "CREATE STABLE [IF NOT EXISTS] name (ts TIMESTAMP, column type, ...) TAGS (tag type, ...);"},
    {"create table", "CREATE TABLE [IF NOT EXISTS] name (ts TIMESTAMP, column type [PRIMARY KEY], ...);\n"
                     "CREATE TABLE [IF NOT EXISTS] child USING super_table TAGS (value, ...);"},
    {"create user", "CREATE USER name PASS 'password';"},
    {"alter table", "ALTER TABLE table ADD COLUMN name type | DROP COLUMN name | MODIFY COLUMN name type;\n"
                    "ALTER TABLE super_table ADD TAG name type | DROP TAG name | RENAME TAG old new;\n"
                    "ALTER TABLE child SET TAG name = value;"},
    {"alter database", "ALTER DATABASE name KEEP days;"},
    {"drop", "DROP DATABASE | STABLE | TABLE [IF EXISTS] name;   DROP USER name;"},
    {"show", "SHOW DATABASES | STABLES | TABLES [LIKE 'pattern'] | USERS | QUERIES | VGROUPS | DNODES;\n"
             "SHOW CREATE DATABASE | STABLE | TABLE name;   SHOW TAGS FROM child;"},
    {"describe", "DESCRIBE table;"},
    {"explain", "EXPLAIN [ANALYZE] [VERBOSE TRUE] SELECT ...;"},
    {"use", "USE database;"},
    {"grant", "GRANT READ | WRITE | ALL ON database.* TO user;   REVOKE ... FROM user;"},
    {"kill", "KILL QUERY 'kill_id';   SHOW QUERIES has the kill_id"},
};

#define AT(table, index) ((index) < sizeof(table) / sizeof *(table) ? (table)[index] : NULL)

const char *cli_word_first(size_t index)
{
    return AT(first_words, index);
}

const char *cli_word_other(size_t index)
{
    return AT(other_words, index);
}

const char *cli_word_function(size_t index)
{
    return AT(functions, index);
}

const cli_word_help *cli_word_help_at(size_t index)
{
    return index < sizeof helps / sizeof helps[0] ? &helps[index] : NULL;
}

static int is_in(const char *(*at)(size_t), const char *name, size_t len)
{
    const char *word;
    size_t i;

    for (i = 0; (word = at(i)) != NULL; i++)
        if (strlen(word) == len && strncasecmp(word, name, len) == 0)
            return 1;
    return 0;
}

int cli_word_needs_quotes(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (!((name[i] >= 'a' && name[i] <= 'z') || name[i] == '_' || (i > 0 && name[i] >= '0' && name[i] <= '9')))
            return 1;
    return len == 0 || is_in(cli_word_first, name, len) || is_in(cli_word_other, name, len);
}
