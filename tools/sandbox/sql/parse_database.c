/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* CREATE and ALTER DATABASE: precision and keep are kept, the server's other options are checked for their form, and mean nothing here. */
#include "parse_state.h"

#include <string.h>

enum { KEEP_VALUES = 3, MINUTES_PER_HOUR = 60, MINUTES_PER_DAY = 1440, DEFAULT_VGROUPS = 2 };

/* What may stand behind an option. */
enum value_form { INTEGER = 1, DURATION = 2, STRING = 4, SIGN = 8 };

typedef struct db_option {
    const char *word;
    int forms;
    int64_t min, max; /* of INTEGER without SIGN */
} db_option;

static const db_option options[] = {
    {"buffer", INTEGER, 3, 16384},
    {"cachemodel", STRING, 0, 0},
    {"cachesize", INTEGER, 1, 65536},
    {"comp", INTEGER, 0, 2},
    {"duration", INTEGER | DURATION, 1, 3650},
    {"encrypt_algorithm", STRING, 0, 0},
    {"keep_time_offset", INTEGER | DURATION, 0, 23},
    {"maxrows", INTEGER, 200, 10000},
    {"minrows", INTEGER, 10, 1000},
    {"pages", INTEGER, 64, INT32_MAX},
    {"pagesize", INTEGER, 1, 16384},
    {"replica", INTEGER, 1, 3},
    {"replicas", INTEGER, 1, 3},
    {"s3_chunkpages", INTEGER, 131072, 1048576},
    {"s3_compact", INTEGER, 0, 1},
    {"s3_keeplocal", INTEGER | DURATION, 1, 365000},
    {"schemaless", INTEGER, 0, 1},
    {"single_stable", INTEGER, 0, 1},
    {"stt_trigger", INTEGER, 1, 16},
    {"table_prefix", INTEGER | SIGN, 0, 0},
    {"table_suffix", INTEGER | SIGN, 0, 0},
    {"tsdb_pagesize", INTEGER, 1, 16384},
    {"wal_fsync_period", INTEGER, 0, 180000},
    {"wal_level", INTEGER, 1, 2},
    {"wal_retention_period", INTEGER | SIGN, 0, 0},
    {"wal_retention_size", INTEGER | SIGN, 0, 0},
    {"wal_roll_period", INTEGER, 0, INT32_MAX},
    {"wal_segment_size", INTEGER, 0, INT32_MAX},
};

static int bounded(sbx_parser *p, const db_option *option, int64_t *out)
{
    int64_t value;

    if (!sbx_p_integer(p, &value))
        return 0;
    *out = value;
    if ((option->forms & SIGN) != 0 || (value >= option->min && value <= option->max))
        return 1;
    if (strncmp(option->word, "replica", 7) == 0) /* said in other words */
        sbx_fail(p->request, 0x2619, "Invalid option replications: %lld, valid range: [%lld, %lld]", (long long)value, (long long)option->min, (long long)option->max);
    sbx_fail(p->request, 0x2619, "Invalid option %s: %lld valid range: [%lld, %lld]", option->word, (long long)value, (long long)option->min,
             (long long)option->max);
    return 0;
}

static int ignored(sbx_parser *p, const db_option *option)
{
    sbx_duration duration;
    sbx_text text;

    if ((option->forms & STRING) != 0)
        return sbx_p_string(p, &text);
    if ((option->forms & DURATION) != 0 && p->token.kind == SBX_T_DURATION)
        return sbx_p_duration(p, &duration);
    if ((option->forms & SIGN) != 0)
        sbx_p_take(p, "-");
    return bounded(p, option, &(int64_t){0});
}

static int precision(sbx_parser *p, sbx_statement *statement)
{
    sbx_text text;

    if (!sbx_p_string(p, &text))
        return 0;
    statement->digits = sbx_text_is(text, "ms") ? 3 : sbx_text_is(text, "us") ? 6 : sbx_text_is(text, "ns") ? 9 : 0;
    if (statement->digits == 0)
        sbx_fail(p->request, 0x2619, "Invalid option precision: %.*s", (int)text.len, text.p);
    return statement->digits != 0;
}

static int64_t minutes(int64_t count, int64_t each)
{
    return count > INT64_MAX / each ? INT64_MAX : count * each;
}

/* Days, or a number with one of the units m h d. */
static int keep_value(sbx_parser *p, int with_unit, int64_t *out)
{
    sbx_duration duration = {0, 'd'};

    if (with_unit ? p->token.kind != SBX_T_DURATION || !sbx_p_duration(p, &duration) : !sbx_p_integer(p, &duration.count))
        return sbx_p_fail(p);
    switch (duration.unit) {
    case 'm':
        *out = duration.count;
        return 1;
    case 'h':
        *out = minutes(duration.count, MINUTES_PER_HOUR);
        return 1;
    case 'd':
        *out = minutes(duration.count, MINUTES_PER_DAY);
        return 1;
    default:
        sbx_fail(p->request, 0x2619, "Invalid option keep unit: %c, only m, h, d allowed", duration.unit);
        return 0;
    }
}

/* One value for each of three tiers of storage; what is older than the last is gone. */
static int keep(sbx_parser *p, sbx_statement *statement)
{
    int with_unit = p->token.kind == SBX_T_DURATION;
    int count = 0;

    do {
        if (!keep_value(p, with_unit, &statement->keep_min))
            return 0;
        count++;
    } while (sbx_p_take(p, ","));
    if (count > KEEP_VALUES)
        sbx_fail(p->request, 0x2619, "Invalid number of keep options");
    return count <= KEEP_VALUES;
}

static int vgroups(sbx_parser *p, sbx_statement *statement)
{
    static const db_option option = {"vgroups", INTEGER, 1, 1024};
    int64_t value;

    if (!bounded(p, &option, &value))
        return 0;
    statement->vgroups = (int)value;
    return 1;
}

static int one_option(sbx_parser *p, sbx_statement *statement)
{
    if (sbx_p_take(p, "keep"))
        return keep(p, statement);
    statement->other_options = 1;
    if (sbx_p_take(p, "precision"))
        return precision(p, statement);
    if (sbx_p_take(p, "vgroups"))
        return vgroups(p, statement);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (sbx_p_take(p, options[i].word))
            return ignored(p, &options[i]);
    return sbx_p_fail(p);
}

static int all_options(sbx_parser *p, sbx_statement *statement)
{
    while (!sbx_p_is_end(p))
        if (!one_option(p, statement))
            return 0;
    return 1;
}

int sbx_p_create_database(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_CREATE_DATABASE;
    statement->digits = 3;
    statement->vgroups = DEFAULT_VGROUPS;
    return sbx_p_if_not_exists(p, &statement->exists) && sbx_p_name(p, SBX_MAX_DATABASE_NAME, &statement->name.database) &&
           all_options(p, statement);
}

int sbx_p_alter_database(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_ALTER_DATABASE;
    if (!sbx_p_name(p, SBX_MAX_DATABASE_NAME, &statement->name.database))
        return 0;
    statement->value_offset = p->token.offset;
    return sbx_p_is_end(p) ? sbx_p_fail(p) : all_options(p, statement);
}
