/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Which statements may run twice, form by form; and that no damage to a text makes it safer than it was. */
#include "test.h"

typedef struct kind_case {
    const char *sql;
    int kind;
} kind_case;

static void check(const kind_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int kind = tdrest_sql_kind(cases[i].sql, TDREST_CSTR);

        CHECK(kind == cases[i].kind, "%s: kind %d, expected %d", cases[i].sql, kind, cases[i].kind);
    }
}

#define READ TDREST_SQL_READ
#define AGAIN TDREST_SQL_IDEMPOTENT
#define UNSAFE TDREST_SQL_UNSAFE

static void reading(void)
{
    static const kind_case cases[] = {
        {"select 1", READ},
        {"SELECT * FROM t WHERE ts > NOW - 1h", READ},
        {"  -- a comment; with a `;` and it's quote\n select 1 ; -- more", READ},
        {"select /*+ para_tables_sort() */ * from t", READ},
        {"/* insert */ select 'insert into t values (now)'", READ},
        {"(select 1) union all (select 2)", READ},
        {"((select 1))", READ},
        {"show databases", READ},
        {"Describe t", READ},
        {"desc t", READ},
        {"explain select * from t", READ},
        {"explain analyze verbose true select * from t", READ},
        {"explain ratio 0.5 (select 1)", READ},
        {"explain insert into t select * from u", UNSAFE},
        {"explain analyze insert into t select * from u", UNSAFE},
        {"(show databases)", UNSAFE},
        {"(delete from t)", UNSAFE},
        {"with x as (select 1) select * from x", UNSAFE},
        {"`select` 1", UNSAFE},
        {"'select' 1", UNSAFE},
        {"selected", UNSAFE},
        {"explain", UNSAFE},
    };

    check(cases, COUNT_OF(cases));
}

static void inserting(void)
{
    static const kind_case cases[] = {
        {"insert into t values ('2024-01-01T00:00:00Z', 1)", AGAIN},
        {"INSERT INTO t VALUES (1704067200000, 1);", AGAIN},
        {"insert into d using st (g) tags (1) (ts, v) values (1704067200000, 1) e using st tags (2) values (1704067200000, 2)", AGAIN},
        {"import into t values (1704067200000, 1)", AGAIN},
        {"insert into t values (1704067200000, 'nowhere')", AGAIN},
        {"insert into t values (1704067200000, 'it is now')", AGAIN},
        {"insert into t values (1704067200000, 'now_')", AGAIN},
        {"insert into t values (1704067200000, 'todays')", AGAIN},
        {"insert into t values (1704067200000, 'no')", AGAIN},
        {"insert into t values (1704067200000, '')", AGAIN},
        {"insert into t values (1704067200000, 'a; drop table t')", AGAIN},
        {"insert into t values (1704067200000, 'a\\' now')", AGAIN},
        {"insert into t values (1704067200000, '?')", AGAIN},
        {"insert into t (ts, v) values(1704067200000,-1)(1704067200001,+1),(1704067200002,null);", AGAIN},
        {"insert into st (tbname, ts, v) values ('A', 1704067200000, 1)", AGAIN},
        {"insert into t values ('2024-01-01T00:00:00Z' + 1d, 1)", AGAIN},
        {"insert into t values (1704067200000, 'a'':ts', `x:y`)", AGAIN},
        {"/* now */ insert into t -- it's now\n values (1704067200000, '--now')", AGAIN},
        {"INSERT INTO t(ts,v)VALUES(0x18CC251F400,1)", AGAIN},
        {"insert into t values (1704067200000, '\\now')", AGAIN}, /* a line feed and ow */
        {"insert into t values (now, 1)", UNSAFE},
        {"insert into t values (NOW(), 1)", UNSAFE},
        {"insert into t values (Now+1s, 1)", UNSAFE},
        {"insert into t values (today, 1)", UNSAFE},
        {"insert into t values (TODAY() - 1d, 1)", UNSAFE},
        {"insert into t values ('now', 1)", UNSAFE},
        {"insert into t values (\"NOW\", 1)", UNSAFE},
        {"insert into t values (' now', 1)", UNSAFE},
        {"insert into t values ('now()', 1)", UNSAFE},
        {"insert into t values ('now+1h', 1)", UNSAFE},
        {"insert into t values ('Today', 1)", UNSAFE},
        {"insert into t values ('n\\ow', 1)", UNSAFE},
        {"insert into t values ('\\tnow', 1)", UNSAFE},
        {"insert into t values (1704067200000, 'now is the time')", UNSAFE}, /* VARCHAR: just text; but that is not seen */
        {"insert into t (v, ts) values (1, now)", UNSAFE},
        {"insert into t values (1704067200000, 1) (now, 2)", UNSAFE},
        {"insert into d using st tags (now) values (1704067200000, 1)", UNSAFE},
        {"insert into t values (1704067200000, 1) /* ; */ u values (now, 1)", UNSAFE},
        {"insert into t file 'x.csv'", UNSAFE},
        {"insert into t values (1704067200000, 1) u file 'x.csv'", UNSAFE},
        {"insert into t values (?, 1)", UNSAFE},
        {"insert into ? values (1704067200000, 1)", UNSAFE},
        {"insert into t values (:ts, 1)", UNSAFE},
        {"insert into t values (1704067200000, :v)", UNSAFE},
        {"insert into `now` (`today`, `v`) values (1704067200000, 1)", UNSAFE}, /* names; but a function in backquotes is called */
        {"insert into t values (`now`(), 1)", UNSAFE},
        {"insert into t values (`TODAY`(), 1)", UNSAFE},
        {"insert into t values (1704067200000,1)(now,2)", UNSAFE},
        {"insert into t values (1704067200000,1)u values(NOW+1h,2)", UNSAFE},
        {"insert into t values (1704067200000, 1);;", UNSAFE},
        {"insert into t values (1704067200000, 1); insert into t values (1704067200001, 1)", UNSAFE},
        {"insert into t values (1704067200000, 'a' /* ' */, now, 'b')", UNSAFE},
        {"insert into t values (1704067200000, `a\\`, now)", UNSAFE},
        {"insert into t values (1704067200000, \"it''s\", now)", UNSAFE},
        {"insert into t values ('\\\\', now, '')", UNSAFE},
        {"insert into t values (\t\"\\n\\r now\" , 1)", UNSAFE},
        {"insert into t values ('to\\day', 1)", UNSAFE},
        {"insert into t using st tags ('now') values (1704067200000, 1)", UNSAFE},
        {"insert t values (1704067200000, 1)", UNSAFE},
        {"insert into t", UNSAFE},
        {"insert", UNSAFE},
    };

    check(cases, COUNT_OF(cases));
}

/* A second run of these may find rows that the first one wrote. */
static void copying(void)
{
    static const kind_case cases[] = {
        {"insert into t select * from u", AGAIN},
        {"INSERT INTO d.`t` SELECT * FROM `e`.u ;", AGAIN},
        {"import into t select /*+ para_tables_sort() */ * from st -- all", AGAIN},
        {"insert into t select ts + 1s, v from t", UNSAFE},
        {"insert into d1 select ts + 1s, v from st", UNSAFE}, /* whose child d1 may be */
        {"insert into t select ts, b, a from t", UNSAFE},
        {"insert into t (ts, b, a) select * from t", UNSAFE},
        {"insert into t (ts, v) select _wstart, avg(v) from u interval(1m)", UNSAFE},
        {"insert into t select last(ts) + 1s, last(v) from t", UNSAFE},
        {"insert into t select *, 1 from u", UNSAFE},
        {"insert into t select * from u, t", UNSAFE},
        {"insert into t select * from u limit 1", UNSAFE},
        {"insert into t select * from u where f(v) > 1", UNSAFE},
        {"insert into t select * from (select ts + 1s, v from t)", UNSAFE},
        {"insert into t (select * from u)", UNSAFE},
        {"insert into t select now, v from u", UNSAFE},
        {"insert into t select ts, v from u where ts > now - 1h", UNSAFE},
        {"insert into t select ts, rand() from u", UNSAFE},
        {"insert into t select ts, `rand`() from u", UNSAFE},
        {"insert into t select", UNSAFE},
        {"insert into t select * from", UNSAFE},
        {"insert into t. select * from u", UNSAFE},
        {"insert into select * from u", UNSAFE},
        {"insert into t values (1704067200000, 1) u select * from t", UNSAFE},
        {"insert into t select * from u; select 1", UNSAFE},
    };

    check(cases, COUNT_OF(cases));
}

static void deleting(void)
{
    static const kind_case cases[] = {
        {"delete from t", AGAIN},
        {"DELETE FROM t WHERE ts < '2024-01-01T00:00:00Z'", AGAIN},
        {"delete from t where ts < now - 7d", UNSAFE}, /* later it takes more */
        {"delete from t where ts < 'today'", UNSAFE},
        {"delete from t where ts < ?", UNSAFE},
        {"delete from t where ts < :ts", UNSAFE},
        {"delete from t where ts < `now`()", UNSAFE},
        {"delete from t where ts < now() /* - 1d */", UNSAFE},
        {"delete from t; delete from u", UNSAFE},
        {"delete t", UNSAFE},
    };

    check(cases, COUNT_OF(cases));
}

static void defining(void)
{
    static const kind_case cases[] = {
        {"create database if not exists d precision 'ns'", AGAIN},
        {"CREATE TABLE IF NOT EXISTS t (ts timestamp, v int)", AGAIN},
        {"create stable if not exists st (ts timestamp, v int) tags (g int)", AGAIN},
        {"create table if not exists d using st tags (1)", AGAIN},
        {"create table if not exists d using st tags (1) if not exists e using st tags (2)", AGAIN},
        {"create table if not exists d using st tags (1) e using st tags (2)", UNSAFE},
        {"create table if not exists d using st tags (now)", UNSAFE},
        {"create table if not exists using st (tbname) tags (g) file 'x.csv'", UNSAFE},
        {"create table if not exists d using st tags (?)", UNSAFE},
        {"create topic if not exists x as select * from t", AGAIN},
        {"create stream if not exists s into t as select _wstart, avg(v) from u interval(1m)", AGAIN},
        {"create function if not exists f as 'f.so' outputtype int", AGAIN},
        {"create aggregate function if not exists f as 'f.so' outputtype int", AGAIN},
        {"create table `if` (ts timestamp)", UNSAFE},
        {"create table t (ts timestamp)", UNSAFE},
        {"create table t (ts timestamp) if not exists", UNSAFE},
        {"create table if exists t (ts timestamp)", UNSAFE},
        {"create table if not t", UNSAFE},
        {"create aggregate if not exists f", UNSAFE},
        {"create or replace function f as 'f.so'", UNSAFE},
        {"create table if not exists t (ts timestamp) comment 'if not exists'", AGAIN},
        {"create table if not exists d using st tags (1) `if` not exists e using st tags (2)", UNSAFE},
        {"create table if not exists d using st tags ('if not exists') e using st tags (2)", UNSAFE},
        {"create stream if not exists s into t as select * from u where ts > `now`()", UNSAFE},
        {"create table /* if not exists */ t (ts timestamp)", UNSAFE},
        {"create table -- if not exists\n t (ts timestamp)", UNSAFE},
        {"create index if not exists i on t (v)", UNSAFE},
        {"create view if not exists v as select 1", UNSAFE},
        {"create user if not exists u pass 'x'", UNSAFE},
        {"create user u pass 'x'", UNSAFE},
        {"create token t from user u", UNSAFE},
        {"create token if not exists t from user u", UNSAFE},
        {"drop table if exists t", AGAIN},
        {"DROP DATABASE IF EXISTS d;", AGAIN},
        {"drop table if exists a, if exists b", AGAIN},
        {"drop table if exists a, b", UNSAFE},
        {"drop table a, if exists b", UNSAFE},
        {"drop table t", UNSAFE},
        {"drop table if not exists t", UNSAFE},
        {"drop table if exists ?", UNSAFE},
        {"drop table if exists :name", UNSAFE},
        {"drop table if exists `a, if exists b`", AGAIN},
        {"drop table if exists a, `if` exists b", UNSAFE},
        {"drop table if exists a; drop table b", UNSAFE},
        {"drop table /* if exists */ t", UNSAFE},
        {"drop consumer group if exists g on t", UNSAFE},
        {"drop token if exists t", UNSAFE},
        {"drop user u", UNSAFE},
        {"drop dnode if exists 1", UNSAFE},
    };

    check(cases, COUNT_OF(cases));
}

static void everything_else(void)
{
    static const kind_case cases[] = {
        {"", UNSAFE},
        {" \n", UNSAFE},
        {";", UNSAFE},
        {"-- select 1", UNSAFE},
        {"use d", UNSAFE},
        {"alter table t add column c int", UNSAFE},
        {"alter table if exists t add column c int", UNSAFE},
        {"alter user u pass 'x'", UNSAFE},
        {"trim database d", UNSAFE},
        {"flush database d", UNSAFE},
        {"redistribute vgroup 2 dnode 1", UNSAFE},
        {"restore dnode 1", UNSAFE},
        {"pause stream if exists s", UNSAFE},
        {"reset query cache", UNSAFE},
        {"revoke all on d from u", UNSAFE},
        {"explain analyze verbose true delete from t", UNSAFE},
        {"explain analyze create table t (ts timestamp)", UNSAFE},
        {"((insert into t values (1704067200000, 1)))", UNSAFE},
        {"\xef\xbb\xbfselect 1", UNSAFE},
        {"kill query '1:2'", UNSAFE},
        {"compact database d", UNSAFE},
        {"balance vgroup", UNSAFE},
        {"grant all on d to u", UNSAFE},
        {"merge into t", UNSAFE},
        {"select 1; select 2", UNSAFE},
        {"select 1;;", UNSAFE},
        {"; select 1", UNSAFE},
        {"select 1; -- nothing more\n /* at all */", READ},
        {"select 1 -- ; insert into t values (now)", READ},
        {"select 'abc", UNSAFE},
        {"select `abc", UNSAFE},
        {"select 1 /* abc", UNSAFE},
        {"select 1; 'abc", UNSAFE},
        {"meters,location=SF current=11.8 1700000000000", UNSAFE},
    };

    check(cases, COUNT_OF(cases));
    CHECK_INT(tdrest_sql_kind(NULL, 0), UNSAFE);
    CHECK_INT(tdrest_sql_kind("select 1\0", 9), UNSAFE);
    CHECK_INT(tdrest_sql_kind("select 1; drop table t", 8), READ);
    CHECK_INT(tdrest_sql_kind("insert into t values (1, 1) (now, 1)", 27), AGAIN);
}

/* `now`, put anywhere into a safe text, either is not seen as a token of its own or makes it unsafe. */
static void now_anywhere(void)
{
    static const char sql[] = "insert into d using st (g) tags (7) (ts, v) values (1704067200000, 1)";
    char text[2 * sizeof sql + 8];
    int safe = 0;

    for (size_t i = 0; i < sizeof sql; i++) {
        snprintf(text, sizeof text, "%.*s now %s", (int)i, sql, sql + i);
        safe += tdrest_sql_kind(text, TDREST_CSTR) != UNSAFE;
    }
    CHECK_INT(safe, 0);
}

CU_TestInfo tdrt_kind[] = {
    {"reading", reading},
    {"inserting", inserting},
    {"copying", copying},
    {"deleting", deleting},
    {"defining", defining},
    {"everything else", everything_else},
    {"now anywhere", now_anywhere},
    CU_TEST_INFO_NULL,
};
