/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * information_schema: its tables with their columns in the server's order, and what SQLite selects for each from the store's tables. What belongs
 * to a server of another kind (buffers, pages, files) is NULL, for there is nothing of it here.
 */
#include "../base/bounds.h"
#include "ddl.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define EACH_KEEP "replace('#,#,#', '#', iif(keep_min % 1440 = 0, (keep_min / 1440) || 'd', keep_min || 'm'))"
#define KIND(t) "CASE " t ".kind WHEN 1 THEN 'NORMAL_TABLE' WHEN 2 THEN 'SUPER_TABLE' ELSE 'CHILD_TABLE' END"
#define FIELDS_OF(t, tags) "(SELECT count(*) FROM field WHERE field.tbl = iif(" t ".kind = 4, " t ".super, " t ".id) AND is_tag = " tags ")"

typedef struct column {
    const char *name;
    sbx_type_id id;
    int length;      /* of VARCHAR */
    const char *sql; /* NULL: nothing is known */
} column;

static const column databases[] = {
    {"name", SBX_VARCHAR, SBX_MAX_DATABASE_NAME, "name"},
    {"create_time", SBX_TIMESTAMP, 0, "created_ms"},
    {"vgroups", SBX_INT, 0, "vgroups"},
    {"ntables", SBX_BIGINT, 0, "tables"},
    {"replica", SBX_TINYINT, 0, "iif(id > 0, 1, NULL)"},
    {"strict", SBX_VARCHAR, 4, NULL},
    {"duration", SBX_VARCHAR, 10, "iif(id > 0, '10d', NULL)"},
    {"keep", SBX_VARCHAR, 32, EACH_KEEP},
    {"buffer", SBX_INT, 0, NULL},
    {"pagesize", SBX_INT, 0, NULL},
    {"pages", SBX_INT, 0, NULL},
    {"minrows", SBX_INT, 0, NULL},
    {"maxrows", SBX_INT, 0, NULL},
    {"comp", SBX_TINYINT, 0, NULL},
    {"precision", SBX_VARCHAR, 2, "CASE digits WHEN 3 THEN 'ms' WHEN 6 THEN 'us' WHEN 9 THEN 'ns' END"},
    {"status", SBX_VARCHAR, 10, "'ready'"},
    {"retentions", SBX_VARCHAR, 60, NULL},
    {"single_stable", SBX_BOOL, 0, NULL},
    {"cachemodel", SBX_VARCHAR, 11, NULL},
    {"cachesize", SBX_INT, 0, NULL},
    {"wal_level", SBX_TINYINT, 0, NULL},
    {"wal_fsync_period", SBX_INT, 0, NULL},
    {"wal_retention_period", SBX_INT, 0, NULL},
    {"wal_retention_size", SBX_BIGINT, 0, NULL},
    {"stt_trigger", SBX_SMALLINT, 0, NULL},
    {"table_prefix", SBX_SMALLINT, 0, NULL},
    {"table_suffix", SBX_SMALLINT, 0, NULL},
    {"tsdb_pagesize", SBX_INT, 0, NULL},
    {"keep_time_offset", SBX_INT, 0, NULL},
    {"s3_chunkpages", SBX_INT, 0, NULL},
    {"s3_keeplocal", SBX_VARCHAR, 10, NULL},
    {"s3_compact", SBX_TINYINT, 0, NULL},
    {"with_arbitrator", SBX_TINYINT, 0, NULL},
    {"encrypt_algorithm", SBX_VARCHAR, 16, NULL},
    {"compact_interval", SBX_VARCHAR, 12, NULL},
    {"compact_time_range", SBX_VARCHAR, 24, NULL},
    {"compact_time_offset", SBX_VARCHAR, 4, NULL},
};

static const char databases_from[] =
    "(SELECT -2 AS id, 'information_schema' AS name, NULL AS digits, NULL AS keep_min, NULL AS vgroups, NULL AS created_ms, 38 AS tables"
    " UNION ALL SELECT -1, 'performance_schema', NULL, NULL, NULL, NULL, 5"
    " UNION ALL SELECT id, name, digits, keep_min, vgroups, created_ms, (SELECT count(*) FROM tbl WHERE tbl.db = db.id AND kind <> 2) FROM db) ORDER BY id";

static const column stables[] = {
    {"stable_name", SBX_VARCHAR, SBX_MAX_TABLE_NAME, "t.name"},
    {"db_name", SBX_VARCHAR, SBX_MAX_DATABASE_NAME, "db.name"},
    {"create_time", SBX_TIMESTAMP, 0, "t.created_ms"},
    {"columns", SBX_INT, 0, FIELDS_OF("t", "0")},
    {"tags", SBX_INT, 0, FIELDS_OF("t", "1")},
    {"last_update", SBX_TIMESTAMP, 0, "t.created_ms"},
    {"table_comment", SBX_VARCHAR, SBX_MAX_COMMENT, "nullif(t.comment, '')"},
    {"watermark", SBX_VARCHAR, 64, "'5000a,5000a'"},
    {"max_delay", SBX_VARCHAR, 64, "'-1a,-1a'"},
    {"rollup", SBX_VARCHAR, 128, "''"},
    {"uid", SBX_BIGINT, 0, "t.id"},
    {"isvirtual", SBX_BOOL, 0, "0"},
    {"keep", SBX_BIGINT, 0, "-1"},
};

static const char stables_from[] = "tbl t JOIN db ON db.id = t.db WHERE t.kind = 2 ORDER BY t.id";

static const column tables[] = {
    {"table_name", SBX_VARCHAR, SBX_MAX_TABLE_NAME, "name"},
    {"db_name", SBX_VARCHAR, SBX_MAX_DATABASE_NAME, "db"},
    {"create_time", SBX_TIMESTAMP, 0, "created_ms"},
    {"columns", SBX_INT, 0, "columns"},
    {"stable_name", SBX_VARCHAR, SBX_MAX_TABLE_NAME, "super"},
    {"uid", SBX_BIGINT, 0, "id"},
    {"vgroup_id", SBX_INT, 0, "iif(id IS NULL, NULL, 1)"},
    {"ttl", SBX_INT, 0, "ttl"},
    {"table_comment", SBX_VARCHAR, SBX_MAX_COMMENT, "nullif(comment, '')"},
    {"type", SBX_VARCHAR, 21, "type"},
};

/* What a server has there, whether the sandbox can select from it or not. */
static const char tables_from[] =
    "(SELECT column1 AS name, 'information_schema' AS db, NULL AS created_ms, NULL AS columns, NULL AS super, NULL AS id, NULL AS ttl, NULL AS comment,"
    " 'SYSTEM_TABLE' AS type FROM (VALUES ('ins_dnodes'), ('ins_mnodes'), ('ins_qnodes'), ('ins_snodes'), ('ins_cluster'), ('ins_databases'),"
    " ('ins_functions'), ('ins_indexes'), ('ins_stables'), ('ins_tables'), ('ins_tags'), ('ins_columns'), ('ins_users'), ('ins_grants'), ('ins_vgroups'),"
    " ('ins_configs'), ('ins_dnode_variables'), ('ins_topics'), ('ins_subscriptions'), ('ins_streams'), ('ins_stream_tasks'), ('ins_vnodes'),"
    " ('ins_user_privileges'), ('ins_views'), ('ins_compacts'), ('ins_compact_details'), ('ins_grants_full'), ('ins_grants_logs'), ('ins_machines'),"
    " ('ins_arbgroups'), ('ins_encryptions'), ('ins_tsmas'), ('ins_anodes'), ('ins_anodes_full'), ('ins_disk_usage'), ('ins_filesets'), ('ins_transaction_details'))"
    " UNION ALL SELECT t.name, db.name, t.created_ms, " FIELDS_OF("t", "0") ", s.name, t.id, t.ttl, t.comment, " KIND("t")
    " FROM tbl t JOIN db ON db.id = t.db LEFT JOIN tbl s ON s.id = t.super WHERE t.kind <> 2 ORDER BY 6)";

static const column columns[] = {
    {"table_name", SBX_VARCHAR, SBX_MAX_TABLE_NAME, "t.name"},
    {"db_name", SBX_VARCHAR, SBX_MAX_DATABASE_NAME, "db.name"},
    {"table_type", SBX_VARCHAR, 21, KIND("t")},
    {"col_name", SBX_VARCHAR, SBX_MAX_COLUMN_NAME, "f.name"},
    {"col_type", SBX_VARCHAR, 32, "full_type(f.type, f.length, f.precision, f.scale)"},
    {"col_length", SBX_INT, 0, "f.length"},
    {"col_precision", SBX_INT, 0, NULL},
    {"col_scale", SBX_INT, 0, NULL},
    {"col_nullable", SBX_INT, 0, NULL},
    {"col_source", SBX_VARCHAR, 258, NULL},
};

static const char columns_from[] =
    "tbl t JOIN db ON db.id = t.db JOIN field f ON f.tbl = iif(t.kind = 4, t.super, t.id) WHERE f.is_tag = 0 ORDER BY t.id, f.position";

static const column tags[] = {
    {"table_name", SBX_VARCHAR, SBX_MAX_TABLE_NAME, "t.name"},
    {"db_name", SBX_VARCHAR, SBX_MAX_DATABASE_NAME, "db.name"},
    {"stable_name", SBX_VARCHAR, SBX_MAX_TABLE_NAME, "s.name"},
    {"tag_name", SBX_VARCHAR, SBX_MAX_COLUMN_NAME, "f.name"},
    {"tag_type", SBX_VARCHAR, 32, "full_type(f.type, f.length, f.precision, f.scale)"},
    {"tag_value", SBX_VARCHAR, 16384, "tag_text(t.tags, f.position - " FIELDS_OF("t", "0") ")"},
};

static const char tags_from[] = "tbl t JOIN db ON db.id = t.db JOIN tbl s ON s.id = t.super JOIN field f ON f.tbl = t.super AND f.is_tag = 1 WHERE t.kind = 4"
                                " ORDER BY t.id, f.position";

static const column users[] = {
    {"name", SBX_VARCHAR, 24, "name"},
    {"super", SBX_TINYINT, 0, "id = 1"},
    {"enable", SBX_TINYINT, 0, "enabled"},
    {"sysinfo", SBX_TINYINT, 0, "1"},
    {"createdb", SBX_TINYINT, 0, "id = 1"},
    {"create_time", SBX_TIMESTAMP, 0, "created_ms"},
    {"allowed_host", SBX_VARCHAR, 49152, "'127.0.0.1'"},
};

static const char users_from[] = "user ORDER BY id";

static const struct {
    const char *name;
    const column *columns;
    size_t count;
    const char *from;
} all[] = {
    {"ins_databases", databases, COUNT(databases), databases_from}, {"ins_stables", stables, COUNT(stables), stables_from},
    {"ins_tables", tables, COUNT(tables), tables_from},             {"ins_columns", columns, COUNT(columns), columns_from},
    {"ins_tags", tags, COUNT(tags), tags_from},                     {"ins_users", users, COUNT(users), users_from},
};

int sbx_system_table(sbx_arena *arena, sbx_text name, sbx_fields *fields, sbx_text *sql)
{
    sbx_buf out = {0};
    size_t at = 0;

    while (at < COUNT(all) && !sbx_text_is(name, all[at].name))
        at++;
    if (at == COUNT(all))
        return 0;
    *fields = (sbx_fields){sbx_alloc_array(arena, all[at].count, sizeof(sbx_field)), all[at].count};
    for (size_t i = 0; i < fields->count; i++) {
        const column *c = &all[at].columns[i];

        fields->list[i] = (sbx_field){{c->name, strlen(c->name)}, sbx_type_fixed(c->id, 3)};
        if (c->id == SBX_VARCHAR)
            fields->list[i].type.length = c->length;
        sbx_buf_format(&out, "%s%s AS c%zu", i == 0 ? "SELECT " : ", ", c->sql == NULL ? "NULL" : c->sql, i);
    }
    sbx_buf_format(&out, " FROM %s", all[at].from);
    *sql = sbx_copy(arena, out.p, out.len);
    sbx_buf_clear(&out);
    return 1;
}
